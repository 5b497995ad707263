//! The keys of `[source.columns]`.

use cartera_ingest::survey::{ColumnSurvey, Confidence, DateStyle};
use cartera_table::SourceTable;

use super::lines::ids_with_decimals;
use super::mapping::{ColumnDraft, Feed};
use super::source::SourceDraft;
use super::text::{Toml, count, list, quoted};

/// The key of a column of the table, with what speaks for it; `shared` are the patterns of all dates of the file.
pub(super) fn render_column(
    toml: &mut Toml,
    source: &SourceDraft,
    column: &ColumnDraft,
    style: Option<&DateStyle>,
    shared: Option<&[String]>,
) {
    let key = column.target.name;
    let (place, values) = match &column.feed {
        Feed::Column { place, values } => (*place, values),
        Feed::Constant(value) => {
            let value = format!("{{ value = {} }}", quoted(value));
            return toml.reasoned(key, &value, column.confidence, &column.why);
        }
        Feed::Ask { candidates } => return ask(toml, source, column, candidates),
    };
    let (mut confidence, mut why) = reason(source, column, place);
    let mut parts = vec![format!("column = {}", reference(source, place))];
    let is_asked = style.is_some_and(|style| !style.readings.is_empty());
    match style {
        Some(style) if is_asked => parts.push(asked_format(toml, column, style)),
        Some(style) if shared != Some(style.formats.value.as_slice()) => {
            confidence = confidence.min(style.formats.confidence);
            if !column.target.personal {
                why = format!("{why}; {}", style.formats.evidence);
            }
            parts.push(match style.formats.value.as_slice() {
                [format] => format!("format = {}", quoted(format)),
                formats => format!("formats = {}", list(formats)),
            });
        }
        _ => {}
    }
    if !values.is_empty() {
        let pairs = values
            .iter()
            .map(|(theirs, ours)| format!("{} = {}", quoted(theirs), quoted(ours)));
        parts.push(format!("values = {{ {} }}", pairs.collect::<Vec<_>>().join(", ")));
    }
    let value = match parts.as_slice() {
        [_] => reference(source, place),
        parts => format!("{{ {} }}", parts.join(", ")),
    };
    if is_asked {
        // The question stands above; until it is answered, nothing is sure about the column.
        toml.comment(&why);
        toml.key(key, &value);
    } else {
        toml.reasoned(key, &value, confidence, &why);
    }
}

/// Asks for the pattern of a date column, with a value that the check refuses, showing what to do.
fn asked_format(toml: &mut Toml, column: &ColumnDraft, style: &DateStyle) -> String {
    let choices = style
        .readings
        .iter()
        .map(|reading| format!("{} ({})", reading.format, reading.words));
    let choices = choices.collect::<Vec<_>>().join(" or ");
    let example = match column.target.personal {
        true => "all its dates are ambiguous",
        false => style.formats.evidence.as_str(),
    };
    let question = format!("{example}. Write the one that is right: {choices}");
    toml.question(&format!("{}.format", column.target.name), &question);
    format!("format = {}", quoted(&format!("TODO: {choices}")))
}

/// How sure a column is, and why.
fn reason(source: &SourceDraft, column: &ColumnDraft, place: usize) -> (Confidence, String) {
    let key = column.target.name;
    let survey = &source.columns()[place];
    let mut why = format!("{}: {}", column.why, facts(survey, column.target.personal));
    if key == "customer_key" && survey.empty > 0 && source.mapping.table == SourceTable::OrderLines {
        why.push_str(&format!("; {} empty cells are guests", count(survey.empty)));
    }
    let is_id = key.ends_with("_key") || key.ends_with("_id");
    match ids_with_decimals(survey).filter(|_| is_id) {
        None => (column.confidence, why),
        Some(_) => {
            why.push_str("; ids are text, and these are written with .0 at the end, as other files may not do");
            (column.confidence.min(Confidence::Unsure(60)), why)
        }
    }
}

/// A required column that a person has to choose: the pipeline is refused until one is taken in.
fn ask(toml: &mut Toml, source: &SourceDraft, column: &ColumnDraft, candidates: &[usize]) {
    let key = column.target.name;
    let meaning = column.target.description.trim_end_matches('.');
    if column.target.allowed_values.is_empty() {
        toml.question(key, &format!("which column is it ({meaning})? {}", column.why));
    } else {
        toml.question(
            key,
            &format!(
                "what is it in every row ({meaning})? One of {}",
                column.target.allowed_values.join(", ")
            ),
        );
        toml.comment(&format!(
            "{key} = {{ value = {} }}",
            quoted(column.target.allowed_values[0])
        ));
    }
    for &place in candidates {
        toml.comment(&format!(
            "{key} = {}   <- {}: {}",
            reference(source, place),
            source.columns()[place].label(),
            facts(&source.columns()[place], column.target.personal)
        ));
    }
}

/// A column of the file as the pipeline names it: by its name, or by its position where the name does not do.
fn reference(source: &SourceDraft, place: usize) -> String {
    let columns = source.columns();
    match &columns[place].name {
        Some(name)
            if columns
                .iter()
                .filter(|column| column.name.as_ref() == Some(name))
                .count()
                == 1 =>
        {
            quoted(name)
        }
        _ => columns[place].position.to_string(),
    }
}

/// What a column holds, in a few words; values only where they cannot tell who a person is.
fn facts(column: &ColumnSurvey, is_personal: bool) -> String {
    let least = if column.distinct_is_least { "at least " } else { "" };
    let mut facts = column.column_type.name().to_owned();
    match column.distinct {
        0 => {}
        1 => facts.push_str(", one value"),
        distinct => facts.push_str(&format!(", {least}{} values", count(distinct))),
    }
    if is_personal {
        facts.push_str(if column.leading_zero.is_some() {
            ", with leading zeros"
        } else {
            ""
        });
        return facts;
    }
    if let Some((lowest, highest)) = column.numbers.range.filter(|_| column.column_type.is_number()) {
        facts.push_str(&format!(" from {lowest} to {highest}"));
    } else if let Some(example) = column.examples.first() {
        facts.push_str(&format!(" such as {example}"));
    }
    if let Some(zero) = &column.leading_zero {
        facts.push_str(&format!(", with leading zeros ({zero})"));
    }
    facts
}

/// The columns of the file that feed nothing.
pub(super) fn not_mapped(toml: &mut Toml, source: &SourceDraft) {
    let taken: Vec<usize> = source.mapping.columns.iter().filter_map(ColumnDraft::place).collect();
    let is_personal = source.mapping.table == SourceTable::Customers;
    let left: Vec<String> = source
        .columns()
        .iter()
        .enumerate()
        .filter(|(place, _)| !taken.contains(place))
        .map(|(_, column)| format!("{} ({})", column.label(), facts(column, is_personal)))
        .collect();
    if !left.is_empty() {
        toml.comment(&format!("not mapped: {}", left.join("; ")));
    }
}
