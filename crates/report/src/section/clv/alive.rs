//! Who is still a customer: by how long ago and how often they bought.

use crate::answer::{Answer, ColumnSpec, Kind};
use crate::error::ReportError;
use crate::figure::{Figure, HeatCell, HeatMap, HeatRow, Picture, Question, heat_of};
use crate::section::Context;
use crate::section::tips::of_row;
use crate::words::Argument;

const ALIVE: Question = Question {
    id: "p_alive",
    tables: &["customer_features"],
    sql: "select recency_from, frequency_from, count(*) as customers,
       cast(sum(cast(p_alive as decimal(38, 6))) as double) / count(*) as p_alive
from (
    select p_alive,
        case when days_since_last_order <= 30 then 0 when days_since_last_order <= 90 then 31
             when days_since_last_order <= 180 then 91 when days_since_last_order <= 365 then 181
             when days_since_last_order <= 730 then 366 else 731 end as recency_from,
        case when order_day_count <= 1 then 1 when order_day_count <= 2 then 2 when order_day_count <= 3 then 3
             when order_day_count <= 5 then 4 when order_day_count <= 10 then 6
             when order_day_count <= 20 then 11 else 21 end as frequency_from
    from customer_features
    where p_alive is not null
) as classed
group by recency_from, frequency_from
order by recency_from, frequency_from",
    columns: &[
        ColumnSpec::new("recency_from", Kind::Count),
        ColumnSpec::new("frequency_from", Kind::Count),
        ColumnSpec::new("customers", Kind::Count),
        ColumnSpec::new("p_alive", Kind::Share),
    ],
};

/// Where classes begin; each ends where the next begins, the last not at all.
const RECENCY: [u16; 6] = [0, 31, 91, 181, 366, 731];
const FREQUENCY: [u16; 7] = [1, 2, 3, 4, 6, 11, 21];

/// The map; none where no model tells who is still a customer.
pub(super) fn figure(context: Context<'_>) -> Result<Option<Figure>, ReportError> {
    let words = context.words;
    let answer = context.ask(&ALIVE)?;
    if answer.is_empty() {
        return Ok(None);
    }
    let (customers, alive) = (answer.numbers("customers"), answer.numbers("p_alive"));
    let map = HeatMap {
        row_title: words.label("column", "recency_class"),
        column_title: words.label("column", "frequency_class"),
        columns: class_names(&FREQUENCY),
        rows: rows(context, &answer),
        is_diverging: false,
        legend: words.say("heat-legend-alive"),
    };
    let all: f64 = customers.iter().flatten().sum();
    let expected: f64 = customers
        .iter()
        .zip(&alive)
        .filter_map(|(count, share)| Some((*count)? * (*share)?))
        .sum();
    let found = [
        ("customers", Argument::Text(words.count(all as i64))),
        ("alive", Argument::Count(expected.round() as u64)),
        ("share", Argument::Text(words.percent(expected / all.max(1.0), 0))),
    ];
    let title = context.title(&ALIVE, &found);
    Ok(Some(Figure::new(&ALIVE, &answer, words, title, Picture::Heat(map))))
}

/// A row for each class of recency that has customers.
fn rows(context: Context<'_>, answer: &Answer) -> Vec<HeatRow> {
    let words = context.words;
    let (recency, frequency) = (answer.numbers("recency_from"), answer.numbers("frequency_from"));
    let (alive, shown) = (answer.numbers("p_alive"), answer.texts("p_alive", words));
    let names = (class_names(&RECENCY), class_names(&FREQUENCY));
    let cell = |down: usize, across: usize| {
        let place = (Some(f64::from(RECENCY[down])), Some(f64::from(FREQUENCY[across])));
        let Some(row) = (0..answer.rows()).find(|&row| (recency[row], frequency[row]) == place) else {
            return HeatCell::default();
        };
        let line = |column: &str, value: &str| format!("{}: {value}", words.label("column", column));
        let heading = format!(
            "{}\n{}",
            line("recency_class", &names.0[down]),
            line("frequency_class", &names.1[across])
        );
        let tip = of_row(words, answer, row, &heading, &["customers"]);
        HeatCell {
            text: words.percent(alive[row].unwrap_or(0.0), 0),
            tip: format!("{tip}\n{}", line("p_alive", &shown[row])),
            heat: heat_of(alive[row].unwrap_or(0.0), 1.0),
        }
    };
    let has_any = |down: &usize| recency.contains(&Some(f64::from(RECENCY[*down])));
    let downs = (0..RECENCY.len()).filter(has_any).map(|down| HeatRow {
        label: names.0[down].clone(),
        cells: (0..FREQUENCY.len()).map(|across| cell(down, across)).collect(),
    });
    downs.collect()
}

/// `0-30`, `31-90` and so on, the last with a plus.
fn class_names(from: &[u16]) -> Vec<String> {
    let name = |place: usize| match from.get(place + 1) {
        None => format!("{}+", from[place]),
        Some(next) if *next == from[place] + 1 => from[place].to_string(),
        // A word joiner, so that the dash does not end a line.
        Some(next) => format!("{}–\u{2060}{}", from[place], next - 1),
    };
    (0..from.len()).map(name).collect()
}
