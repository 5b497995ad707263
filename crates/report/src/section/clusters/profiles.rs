//! What sets each cluster apart: its means, coloured by how far they lie from those of all.

use cartera_table::Contract;
use cartera_table::Unit;
use cartera_table::contracts::CustomerFeatures;

use crate::answer::{ColumnSpec, Kind, ten_thousandths};
use crate::error::ReportError;
use crate::figure::{Figure, HeatCell, HeatMap, HeatRow, Picture, Question, heat_of};
use crate::section::Context;
use crate::section::drawing::distinct;
use crate::words::{Argument, UNKNOWN, Words};

const PROFILES: Question = Question {
    id: "cluster_profiles",
    tables: &["cluster_features"],
    sql: "select cluster, feature, mean, base_mean, difference
from cluster_features
where difference is not null
order by cluster_id, feature",
    columns: &[
        ColumnSpec::new("cluster", Kind::Label("cluster")),
        ColumnSpec::new("feature", Kind::Label("feature")),
        ColumnSpec::new("mean", Kind::Number(3)),
        ColumnSpec::new("base_mean", Kind::Number(3)),
        ColumnSpec::new("difference", Kind::Number(2)),
    ],
};

/// A difference of so many standard deviations has the full colour.
const FULL_COLOUR: f64 = 1.5;

/// The map, a row a feature and a column a cluster; none without clusters.
pub(super) fn figure(context: Context<'_>) -> Result<Option<Figure>, ReportError> {
    let words = context.words;
    let answer = context.ask(&PROFILES)?;
    let (slugs, clusters) = (answer.slugs("feature"), answer.texts("cluster", words));
    let (means, bases) = (answer.numbers("mean"), answer.numbers("base_mean"));
    let differences = answer.numbers("difference");
    let strongest = (0..answer.rows()).max_by(|&one, &other| {
        let size = |row: usize| differences[row].unwrap_or(0.0).abs();
        size(one).total_cmp(&size(other))
    });
    let Some(strongest) = strongest else {
        return Ok(None);
    };
    let features = distinct(slugs.iter().flatten());
    let columns = distinct(clusters.iter());
    let cell = |feature: &String, cluster: &String| {
        let is_it = |row: &usize| slugs[*row].as_ref() == Some(feature) && clusters[*row] == *cluster;
        let Some(row) = (0..answer.rows()).find(is_it) else {
            return HeatCell::default();
        };
        let difference = differences[row].unwrap_or(0.0);
        let line = |column: &str, value: String| format!("\n{}: {value}", words.label("column", column));
        HeatCell {
            text: written(words, feature, means[row]),
            tip: [
                format!("{cluster}\n{}", words.label("feature", feature)),
                line("mean", written(words, feature, means[row])),
                line("base_mean", written(words, feature, bases[row])),
                line("difference", words.change_number(difference, 1)),
            ]
            .concat(),
            heat: heat_of(difference, FULL_COLOUR),
        }
    };
    let rows = features.iter().map(|feature| HeatRow {
        label: words.label("feature", feature),
        cells: columns.iter().map(|cluster| cell(feature, cluster)).collect(),
    });
    let map = HeatMap {
        row_title: words.label("column", "feature"),
        column_title: words.label("column", "cluster"),
        rows: rows.collect(),
        columns: columns.clone(),
        is_diverging: true,
        legend: words.say("heat-legend-clusters"),
    };
    let feature = slugs[strongest].clone().unwrap_or_default();
    let found = [
        ("cluster", Argument::Text(clusters[strongest].clone())),
        (
            "feature",
            Argument::Text(within_sentence(&words.label("feature", &feature))),
        ),
        ("mean", Argument::Text(written(words, &feature, means[strongest]))),
        ("base", Argument::Text(written(words, &feature, bases[strongest]))),
    ];
    let title = context.title(&PROFILES, &found);
    Ok(Some(
        Figure::new(&PROFILES, &answer, words, title, Picture::Heat(map)).wide(),
    ))
}

/// A mean in the unit of its feature. Changes and rates are written as shares; so are the features that are made for
/// clusters alone, which are all shares.
fn written(words: &Words, feature: &str, mean: Option<f64>) -> String {
    let Some(mean) = mean else {
        return UNKNOWN.to_owned();
    };
    let is_rate = ["_rate", "_trend", "_over_year"]
        .iter()
        .any(|end| feature.ends_with(end));
    match CustomerFeatures::INFO.column(feature).map(|column| column.unit) {
        Some(Unit::Money) if mean.abs() >= 100.0 => words.money_whole(ten_thousandths(mean)),
        Some(Unit::Money) => words.money(ten_thousandths(mean)),
        Some(Unit::Share) | None => words.percent(mean, 1),
        Some(_) if is_rate => words.percent(mean, 1),
        Some(_) if mean.abs() >= 100.0 => words.number(mean, 0),
        Some(_) => words.number(mean, 1),
    }
}

/// A label within a sentence: its first letter small, but for abbreviations such as VIN.
fn within_sentence(label: &str) -> String {
    let mut letters = label.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => first.to_lowercase().chain(letters).collect(),
        _ => label.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{within_sentence, written};
    use crate::words::{Locale, Words};

    #[test]
    fn means_are_written_in_the_unit_of_their_feature() {
        let words = Words::new(Locale::En, "EUR").expect("words");
        let written = |feature, mean| written(&words, feature, Some(mean));
        assert_eq!(written("average_order_value", 51.746), "€51.75");
        assert_eq!(written("net_sales", 1234.5), "€1,234");
        assert_eq!(written("gross_margin_rate", 0.4847), "48.5%");
        assert_eq!(written("discount_share", 0.017), "1.7%");
        assert_eq!(written("sales_trend", -0.274), "-27.4%");
        assert_eq!(written("order_count", 8.86), "8.9");
        assert_eq!(written("tenure_days", 556.7), "557");
    }

    #[test]
    fn labels_in_sentences_begin_small_but_for_abbreviations() {
        assert_eq!(within_sentence("Gross margin rate"), "gross margin rate");
        assert_eq!(within_sentence("Épocas"), "épocas");
        assert_eq!(within_sentence("VIN realized"), "VIN realized");
    }
}
