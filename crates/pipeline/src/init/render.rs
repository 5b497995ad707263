//! The pipeline file: every key with what speaks for it.

use std::path::Path;

use cartera_ingest::survey::{
    ColumnSurvey, Confidence, DateStyle, FileSurvey, Finding, Format, Layout, NegativeMark, Separator, TextEncoding,
};
use cartera_table::SourceTable;

use super::columns::{not_mapped, render_column};
use super::kinds::line_kinds;
use super::mapping::ColumnDraft;
use super::settings;
use super::source::{Drafts, SourceDraft};
use super::text::{Toml, count, list, quoted};

/// What is written beside the files.
pub(super) struct Settings<'s> {
    /// Name of the pipeline.
    pub(super) name: &'s str,
    /// Its warehouse.
    pub(super) warehouse: &'s str,
    /// Folder of the pipeline file, which paths are relative to.
    pub(super) folder: &'s Path,
}

/// Words for nothing that may also be a value of a text.
const DOUBTFUL_NULLS: [&str; 8] = ["-", "--", "?", ".", "na", "nd", "none", "nil"];

pub(super) fn render(drafts: &Drafts, settings: &Settings<'_>) -> Toml {
    let mut toml = Toml::default();
    toml.comment("Written by `cartera init` after a look at the files. Above each key stands what speaks for it.");
    toml.comment("TODO: a question that nobody but you can answer; the pipeline is refused until it is answered.");
    toml.comment("unsure: a guess, and how sure it is; look at each of them once.");
    pipeline(&mut toml, drafts, settings);
    for source in &drafts.sources {
        render_source(&mut toml, source, settings.folder);
    }
    if !drafts
        .sources
        .iter()
        .any(|source| source.mapping.table == SourceTable::OrderLines)
    {
        toml.section("", "pipeline");
        toml.question(
            "source",
            "no file looks like order lines, which a pipeline needs: add a source with table = \"order_lines\"",
        );
    }
    line_kinds(&mut toml, drafts);
    if !drafts.left_out.is_empty() {
        toml.section("# Files that feed nothing:", "files");
        for (file, why) in &drafts.left_out {
            toml.comment(&format!("{}: {why}", file.path.display()));
        }
    }
    toml
}

fn pipeline(toml: &mut Toml, drafts: &Drafts, settings: &Settings<'_>) {
    let files = drafts.files();
    toml.section("[pipeline]", "[pipeline]");
    toml.key("name", &quoted(settings.name));
    toml.key("warehouse", &quoted(settings.warehouse));
    toml.comment("the last business day in the data");
    toml.key("as_of", "\"latest\"");
    let zone = settings::time_zone(&files);
    toml.finding("time_zone", &quoted(&zone.value), &zone);
    let currency = settings::currency(&files);
    toml.finding("currency", &quoted(&currency.value), &currency);
}

fn render_source(toml: &mut Toml, source: &SourceDraft, folder: &Path) {
    toml.section("[[source]]", &format!("[source {}]", source.name));
    for file in &source.files {
        toml.comment(&what_was_seen(file));
    }
    toml.key("name", &quoted(&source.name));
    let mapping = &source.mapping;
    toml.reasoned("table", &quoted(mapping.table.name()), mapping.confidence, &mapping.why);
    let paths: Vec<String> = source.files.iter().map(|file| path_from(folder, &file.path)).collect();
    match paths.as_slice() {
        [path] => toml.key("path", &quoted(path)),
        paths => toml.key("paths", &list(paths)),
    }
    let mut styles: Vec<(&ColumnDraft, DateStyle)> = mapping
        .columns
        .iter()
        .filter(|column| {
            use cartera_table::ColumnType::{Date, Timestamp};
            matches!(column.target.column_type, Date | Timestamp)
        })
        .filter_map(|column| {
            // Where a question offers one column of dates, its answer needs a pattern too.
            let possible = column.possible_places().into_iter();
            let dates: Vec<usize> = possible
                .filter(|&place| column.place().is_some() || source.columns()[place].column_type.is_date())
                .collect();
            match dates.as_slice() {
                [place] => Some((column, source.date_style(*place))),
                _ => None,
            }
        })
        .collect();
    // Moments with a type of their own need no pattern.
    let is_typed = |style: &DateStyle| {
        matches!(source.files[0].format, Format::Typed(_))
            && style
                .formats
                .value
                .iter()
                .all(|format| format.starts_with("%Y-%m-%dT%H:%M:%S"))
    };
    styles.retain(|(_, style)| !is_typed(style));
    let shared = styles
        .iter()
        .find(|(_, style)| style.readings.is_empty())
        .map(|(_, style)| style.formats.value.clone());
    toml.section("[source.format]", &format!("[source {}]", source.name));
    render_format(toml, source);
    if let Some(formats) = &shared {
        shared_dates(toml, &styles, formats);
    }
    toml.section("[source.columns]", &format!("[source {}]", source.name));
    for column in &mapping.columns {
        let style = styles
            .iter()
            .find(|(dated, _)| dated.target.name == column.target.name)
            .map(|(_, style)| style);
        render_column(toml, source, column, style, shared.as_deref());
    }
    for remark in &mapping.remarks {
        toml.remark(remark);
    }
    not_mapped(toml, source);
}

fn what_was_seen(file: &FileSurvey) -> String {
    let name = file
        .path
        .file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let packed = match file.compression.name() {
        "plain" => String::new(),
        packed => format!(", packed with {packed}"),
    };
    let part = match (file.is_whole, packed.is_empty()) {
        (true, _) => "all",
        _ if matches!(file.format, Format::Typed(_)) => "the first ones",
        (false, true) => "in the head, the tail and some places between them",
        (false, false) => "in the first 64 MiB",
    };
    format!(
        "{name}: {} records seen ({part}){packed}, {} columns",
        count(file.records),
        file.columns.len()
    )
}

fn render_format(toml: &mut Toml, source: &SourceDraft) {
    let file = &source.files[0];
    match &file.format {
        Format::Delimited(layout) => {
            toml.key("type", "\"csv\"");
            encoding(toml, &file.encoding);
            delimited(toml, file, layout);
        }
        Format::Typed(file_type) => toml.key("type", &quoted(file_type.slug())),
        Format::Json { .. } | Format::Unread(_) | Format::Empty => {
            toml.key("type", "\"json\"");
            encoding(toml, &file.encoding);
        }
    }
    if let Some((odd, first)) = &file.odd_records {
        toml.remark(&format!(
            "{} records do not have {} cells and will be set aside, first {first}",
            count(*odd),
            file.columns.len()
        ));
    }
    if let Some(total) = &file.total_record {
        toml.remark(&format!(
            "the last record seems to be a total ({total}): take it out of the file if it is"
        ));
    }
    numbers(toml, source);
    null_values(toml, source);
}

fn encoding(toml: &mut Toml, found: &Finding<TextEncoding>) {
    match (found.value, found.confidence) {
        (TextEncoding::Utf8, Confidence::Sure) => toml.comment(&format!("encoding: UTF-8 ({})", found.evidence)),
        (value, _) => toml.finding("encoding", &quoted(value.name()), found),
    }
}

fn delimited(toml: &mut Toml, file: &FileSurvey, layout: &Layout) {
    let separator = layout.separator.value;
    toml.finding("delimiter", &quoted(&separator.name()), &layout.separator);
    match layout.quote.value {
        Some(b'"') => toml.comment(&format!("quote: {}", layout.quote.evidence)),
        Some(mark) => toml.finding("quote", &quoted(&char::from(mark).to_string()), &layout.quote),
        None => toml.finding("quote", "\"\"", &layout.quote),
    }
    if let Some(place) = file.line_end_in_cell {
        toml.reasoned(
            "multiline",
            "true",
            Confidence::Sure,
            &format!("a quoted cell goes on in the next line, from {place}"),
        );
    }
    if let Some(comment) = &layout.comment {
        toml.finding("comment", &quoted(&char::from(comment.value).to_string()), comment);
    }
    if layout.skip_lines.value > 0 {
        toml.finding("skip_lines", &layout.skip_lines.value.to_string(), &layout.skip_lines);
    }
    toml.finding("header", &layout.header.value.to_string(), &layout.header);
    debug_assert!(separator != Separator::Blanks || layout.quote.value.is_none());
}

fn numbers(toml: &mut Toml, source: &SourceDraft) {
    let places = source.number_places();
    if places.is_empty() {
        return;
    }
    let style = source.number_style();
    match style.decimal_separator.confidence {
        Confidence::Open => {
            toml.question(
                "decimal_separator",
                &format!("{}. Write \".\" or \",\"", style.decimal_separator.evidence),
            );
            toml.key("decimal_separator", "\"TODO\"");
        }
        _ if style.decimal_separator.value == '.' => toml.comment(&format!(
            "decimal_separator: a point ({})",
            style.decimal_separator.evidence
        )),
        _ => toml.finding("decimal_separator", "\",\"", &style.decimal_separator),
    }
    if let Some(thousands) = &style.thousands_separator {
        toml.finding("thousands_separator", &quoted(&thousands.value.to_string()), thousands);
    }
    let columns: Vec<&ColumnSurvey> = source
        .files
        .iter()
        .flat_map(|file| places.iter().map(|&place| &file.columns[place]))
        .collect();
    marks(toml, &columns);
}

fn marks(toml: &mut Toml, columns: &[&ColumnSurvey]) {
    let mut negatives: Vec<(NegativeMark, String)> = Vec::new();
    let mut signs: Vec<(&str, String)> = Vec::new();
    for numbers in columns.iter().map(|column| &column.numbers) {
        for (mark, seen) in &numbers.negatives {
            if !negatives.iter().any(|(known, _)| known == mark) {
                negatives.push((*mark, seen.first.to_string()));
            }
        }
        for (sign, seen) in &numbers.currency_signs {
            if !signs.iter().any(|(known, _)| known == sign) {
                signs.push((sign, seen.first.to_string()));
            }
        }
    }
    negatives.sort();
    if negatives.iter().any(|(mark, _)| *mark != NegativeMark::Minus) {
        let names: Vec<String> = negatives.iter().map(|(mark, _)| mark.name().to_owned()).collect();
        let seen: Vec<&str> = negatives.iter().map(|(_, seen)| seen.as_str()).collect();
        toml.reasoned("negatives", &list(&names), Confidence::Sure, &seen.join("; "));
    }
    if !signs.is_empty() {
        let names: Vec<String> = signs.iter().map(|(sign, _)| (*sign).to_owned()).collect();
        let seen: Vec<&str> = signs.iter().map(|(_, seen)| seen.as_str()).collect();
        toml.reasoned("currency_signs", &list(&names), Confidence::Sure, &seen.join("; "));
    }
    if let Some(seen) = columns.iter().find_map(|column| column.numbers.percent.as_ref()) {
        let why = format!("{}: read as hundredths", seen.first);
        toml.reasoned("percent", "true", Confidence::Unsure(80), &why);
    }
}

fn null_values(toml: &mut Toml, source: &SourceDraft) {
    let (mut words, mut seen, mut doubtful) = (Vec::new(), Vec::new(), Vec::new());
    for place in source.mapping.columns.iter().filter_map(ColumnDraft::place) {
        for column in source.files.iter().map(|file| &file.columns[place]) {
            for (word, times) in &column.null_words {
                if words.contains(word) {
                    continue;
                }
                words.push(word.clone());
                seen.push(format!("{word:?} {} times in {}", count(*times), column.label()));
                let is_text = !column.column_type.is_number() && !column.column_type.is_date();
                if is_text && DOUBTFUL_NULLS.contains(&word.to_lowercase().as_str()) {
                    doubtful.push(word.clone());
                }
            }
        }
    }
    if words.is_empty() {
        return;
    }
    let (confidence, also) = match doubtful.as_slice() {
        [] => (Confidence::Sure, String::new()),
        doubtful => (
            Confidence::Unsure(70),
            format!("; {} could be a value too", doubtful.join(", ")),
        ),
    };
    toml.reasoned(
        "null_values",
        &list(&words),
        confidence,
        &format!("{}{also}", seen.join(", ")),
    );
}

/// The patterns that the file's date columns share.
fn shared_dates(toml: &mut Toml, styles: &[(&ColumnDraft, DateStyle)], formats: &[String]) {
    let of_them: Vec<&(&ColumnDraft, DateStyle)> = styles
        .iter()
        .filter(|(_, style)| style.formats.value == formats && style.readings.is_empty())
        .collect();
    let confidence = of_them
        .iter()
        .map(|(_, style)| style.formats.confidence)
        .min()
        .unwrap_or(Confidence::Sure);
    let why: Vec<String> = of_them
        .iter()
        .map(|(column, style)| {
            if column.target.personal {
                return format!("{}: as its values are written, which are personal", column.target.name);
            }
            let days = style
                .range
                .as_ref()
                .map_or_else(String::new, |[first, last]| format!("; from {first} to {last}"));
            format!("{}: {}{days}", column.target.name, style.formats.evidence)
        })
        .collect();
    match formats {
        [format] => toml.reasoned("date_format", &quoted(format), confidence, &why.join(". ")),
        formats => toml.reasoned("date_formats", &list(formats), confidence, &why.join(". ")),
    }
}

/// A path as the pipeline file writes it: relative where the file lies in its folder.
fn path_from(folder: &Path, path: &Path) -> String {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    path.strip_prefix(folder)
        .unwrap_or(&path)
        .to_string_lossy()
        .into_owned()
}
