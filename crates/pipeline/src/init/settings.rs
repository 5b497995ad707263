//! The currency and the time zone, which no file tells for sure.

use cartera_ingest::survey::{Confidence, FileSurvey, Finding};

use super::words::words;

/// Names of a country, its currency and the zone of most of its people.
const COUNTRIES: &[(&[&str], &str, &str)] = &[
    (
        &["united kingdom", "uk", "gb", "great britain", "reino unido"],
        "GBP",
        "Europe/London",
    ),
    (&["spain", "españa", "espana", "es", "esp"], "EUR", "Europe/Madrid"),
    (&["france", "francia", "fr"], "EUR", "Europe/Paris"),
    (&["germany", "deutschland", "alemania", "de"], "EUR", "Europe/Berlin"),
    (&["italy", "italia", "it"], "EUR", "Europe/Rome"),
    (&["portugal", "pt"], "EUR", "Europe/Lisbon"),
    (&["ireland", "irlanda", "ie", "eire"], "EUR", "Europe/Dublin"),
    (&["netherlands", "nl", "países bajos"], "EUR", "Europe/Amsterdam"),
    (
        &["united states", "usa", "us", "estados unidos"],
        "USD",
        "America/New_York",
    ),
    (&["mexico", "méxico", "mx"], "MXN", "America/Mexico_City"),
    (&["colombia", "co"], "COP", "America/Bogota"),
    (&["argentina", "ar"], "ARS", "America/Argentina/Buenos_Aires"),
    (&["chile", "cl"], "CLP", "America/Santiago"),
    (&["peru", "perú", "pe"], "PEN", "America/Lima"),
];

/// Currency signs that belong to one currency, or most often to one.
const SIGNS: [(&str, &str, u8); 7] = [
    ("€", "EUR", 95),
    ("£", "GBP", 90),
    ("US$", "USD", 95),
    ("R$", "BRL", 95),
    ("¥", "JPY", 60),
    ("$", "USD", 50),
    ("S/", "PEN", 90),
];

/// The currency of the amounts.
pub(super) fn currency(files: &[&FileSurvey]) -> Finding<String> {
    for column in files.iter().flat_map(|file| &file.columns) {
        let is_currency = column
            .name
            .as_deref()
            .is_some_and(|name| words(name).iter().any(|word| word == "currency"));
        let codes = column.categories.as_deref().unwrap_or_default();
        let is_code = |code: &str| code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase());
        if is_currency && let Some((code, count)) = codes.first().filter(|(code, _)| is_code(code)) {
            let evidence = format!("the most frequent one of {}, in {count} records", column.label());
            return match codes.len() {
                1 => Finding::sure(code.clone(), evidence),
                _ => Finding::unsure(
                    code.clone(),
                    70,
                    format!("{evidence}; the others need a source of table rates"),
                ),
            };
        }
    }
    let signs = files
        .iter()
        .flat_map(|file| &file.columns)
        .flat_map(|column| &column.numbers.currency_signs);
    // Of several signs the most frequent one; the others are then read as that currency, so it is said.
    if let Some((sign, seen)) = signs.clone().max_by_key(|(_, seen)| seen.count) {
        let known = SIGNS.iter().find(|(known, _, _)| known == sign);
        let (code, percent) = known.map_or((*sign, 95), |(_, code, percent)| (*code, *percent));
        let others: Vec<String> = signs
            .filter(|(other, _)| other != sign)
            .map(|(_, seen)| seen.first.to_string())
            .collect();
        if others.is_empty() {
            return Finding::unsure(code.to_owned(), percent, seen.first.to_string());
        }
        let evidence = format!(
            "{}; but there is also {}, and all are read as one currency",
            seen.first,
            others.join(", ")
        );
        return Finding::unsure(code.to_owned(), 30, evidence);
    }
    match country(files) {
        Some((code, _, evidence)) => Finding::unsure(code.to_owned(), 60, evidence),
        None => Finding::unsure(
            "EUR".to_owned(),
            20,
            "no file says so: write the ISO 4217 code of the amounts",
        ),
    }
}

/// The zone of the business day.
pub(super) fn time_zone(files: &[&FileSurvey]) -> Finding<String> {
    let has_times = files
        .iter()
        .flat_map(|file| &file.columns)
        .any(|column| column.column_type.is_date() && column.dates.has_time());
    if let Some((_, zone, evidence)) = country(files) {
        return Finding::unsure(zone.to_owned(), 60, evidence);
    }
    if has_times {
        let evidence = "no file says so: write the IANA zone of the company, such as \"Europe/Madrid\"";
        return Finding::unsure("UTC".to_owned(), 20, evidence);
    }
    Finding {
        value: "UTC".to_owned(),
        confidence: Confidence::Unsure(80),
        evidence: "no file says so; as the days have no time of day, it only decides when today begins".to_owned(),
    }
}

/// The country of most records of some file.
fn country(files: &[&FileSurvey]) -> Option<(&'static str, &'static str, String)> {
    files.iter().flat_map(|file| &file.columns).find_map(|column| {
        words(column.name.as_deref()?)
            .iter()
            .any(|word| word == "country")
            .then_some(())?;
        let (name, count) = column.categories.as_deref()?.first()?;
        let plain = name.to_lowercase();
        let (_, currency, zone) = COUNTRIES.iter().find(|(names, _, _)| names.contains(&plain.as_str()))?;
        (count * 2 > column.filled()).then_some(())?;
        let share = count * 100 / column.filled();
        Some((*currency, *zone, format!("{share} % of {} is {name}", column.label())))
    })
}
