//! Formats against what CLDR writes, and the catalogues against each other.

use std::collections::{BTreeMap, BTreeSet};

use cartera_table::contracts::PUBLISHED;
use jiff::civil::date;

use super::catalogue::{Catalogue, sources};
use super::labels::knows;
use super::*;

fn words(locale: Locale) -> Words {
    Words::new(locale, "EUR").expect("words")
}

fn both() -> (Words, Words) {
    (words(Locale::En), words(Locale::Es))
}

#[test]
fn money_is_written_as_the_language_does() {
    let (english, spanish) = both();
    assert_eq!(english.money(12_345_600), "€1,234.56");
    assert_eq!(english.money(-123_456_700), "-€12,345.67");
    // Four digits are not grouped in Spanish.
    assert_eq!(spanish.money(12_345_600), "1234,56\u{a0}€");
    assert_eq!(spanish.money(123_456_700), "12.345,67\u{a0}€");
    assert_eq!(spanish.money(-123_456_700), "-12.345,67\u{a0}€");
    assert_eq!(english.money_whole(123_456_700), "€12,346");
    assert_eq!(spanish.money_whole(123_456_700), "12.346\u{a0}€");
    assert_eq!(
        english.money(i128::MIN),
        "-€17,014,118,346,046,923,173,168,730,371,588,410.57"
    );
}

#[test]
fn money_is_rounded_half_even_to_the_smallest_unit_and_zero_has_no_sign() {
    let english = words(Locale::En);
    assert_eq!(
        [50, 150, 250, -150, -50].map(|amount| english.money(amount)),
        ["€0.00", "€0.02", "€0.02", "-€0.02", "€0.00"]
    );
    assert_eq!(
        [5_000, 15_000, -4_999].map(|amount| english.money_whole(amount)),
        ["€0", "€2", "€0"]
    );
}

#[test]
fn currencies_have_their_own_symbols_places_and_digits() {
    let written = |locale, code| Words::new(locale, code).expect("words").money(12_345_678);
    assert_eq!(written(Locale::En, "GBP"), "£1,234.57");
    assert_eq!(written(Locale::Es, "GBP"), "1234,57\u{a0}£");
    assert_eq!(written(Locale::En, "JPY"), "¥1,235");
    assert_eq!(written(Locale::En, "KWD"), "KWD\u{a0}1,234.568");
    // Its narrow symbol is made of letters, which read worse than the code.
    assert_eq!(written(Locale::En, "CHF"), "CHF\u{a0}1,234.57");
    assert!(Words::new(Locale::En, "EURO").is_err());
}

#[test]
fn numbers_are_written_as_the_language_does() {
    let (english, spanish) = both();
    assert_eq!(
        [1_234, 1_234_567].map(|count| english.count(count)),
        ["1,234", "1,234,567"]
    );
    assert_eq!(
        [1_234, 1_234_567].map(|count| spanish.count(count)),
        ["1234", "1.234.567"]
    );
    assert_eq!(spanish.number(12_345.675, 1), "12.345,7");
    assert_eq!(english.number(-0.001, 2), "0.00");
    assert_eq!(
        [f64::NAN, f64::INFINITY].map(|number| english.number(number, 1)),
        [UNKNOWN; 2]
    );
    assert_eq!(
        [1.25, 0.0, -1.25].map(|number| english.change_number(number, 2)),
        ["+1.25", "0.00", "-1.25"]
    );
}

#[test]
fn percentages_are_of_fractions() {
    let (english, spanish) = both();
    assert_eq!(english.percent(0.1256, 1), "12.6%");
    assert_eq!(spanish.percent(0.1256, 1), "12,6\u{a0}%");
    assert_eq!(
        [0.125, 0.0, -0.125].map(|share| english.change_percent(share)),
        ["+12.5%", "0.0%", "-12.5%"]
    );
    assert_eq!(spanish.change_percent(0.125), "+12,5\u{a0}%");
    assert_eq!(english.percent(f64::NAN, 1), UNKNOWN);
}

#[test]
fn axes_have_short_numbers_that_still_tell_their_ticks_apart() {
    let (english, spanish) = both();
    let numbers = [0.0, 0.25, 999.0, 1_250.0, 999_999.0, 1_250_000.0, -2.5e9];
    assert_eq!(
        numbers.map(|number| english.compact(number)),
        ["0", "0.25", "999", "1.25K", "1M", "1.25M", "-2.5B"]
    );
    assert_eq!(
        numbers.map(|number| spanish.compact(number)),
        [
            "0",
            "0,25",
            "999",
            "1,25\u{a0}mil",
            "1\u{a0}M",
            "1,25\u{a0}M",
            "-2500\u{a0}M"
        ]
    );
    assert_eq!(english.money_compact(-1_250_000.0), "-€1.25M");
    assert_eq!(spanish.money_compact(1_250_000.0), "1,25\u{a0}M\u{a0}€");
    assert_eq!(english.money_compact(f64::NAN), UNKNOWN);
}

#[test]
fn days_and_months_are_written_as_the_language_does() {
    let (english, spanish) = both();
    let day = date(2026, 11, 22);
    assert_eq!(english.date(day), "Nov 22, 2026");
    assert_eq!(spanish.date(day), "22 nov 2026");
    assert_eq!(
        [english.month(day), english.month_short(day)],
        ["November 2026", "Nov 2026"]
    );
    assert_eq!(
        [spanish.month(day), spanish.month_short(day)],
        ["noviembre de 2026", "nov 2026"]
    );
}

#[test]
fn messages_choose_singular_and_plural_and_write_counts() {
    let (english, spanish) = both();
    let say = |words: &Words, count: u64| words.say_with("customers-of", &[("count", count.into())]);
    assert_eq!(
        [1, 12_345].map(|count| say(&english, count)),
        ["one customer", "12,345 customers"]
    );
    assert_eq!(
        [1, 12_345].map(|count| say(&spanish, count)),
        ["un cliente", "12.345 clientes"]
    );
    assert_eq!(english.say("nothing-like-that"), "nothing-like-that");
    assert!(english.knows("customers-of") && !english.knows("nothing-like-that"));
}

#[test]
fn labels_are_looked_up_put_together_or_spelled_out() {
    let (english, spanish) = both();
    assert_eq!(english.label("lifecycle_stage", "at_risk"), "At risk");
    assert_eq!(spanish.label("previous_stage", "at_risk"), "En riesgo");
    assert_eq!(
        english.label("cluster", "frequent_recent_long_standing_2"),
        "Frequent, recent, long-standing 2"
    );
    assert_eq!(
        spanish.label("cluster", "big_baskets_long_unseen"),
        "Cestas grandes, sin compras recientes"
    );
    assert_eq!(spanish.label("cluster", "frequent_purple"), "Frequent purple");
    assert_eq!(english.label("value_tier", "key_account"), "Key account");
    assert_eq!(
        english.label("value", "Kitchen scale_2 by Holm & Co"),
        "Kitchen scale_2 by Holm & Co"
    );
    assert_eq!(spanish.label("value_tier", "unknown"), "Desconocido");
    assert_eq!(
        spanish.label("feature", "days_since_last_order"),
        "Días desde el último pedido"
    );
}

/// The messages and list entries of a language, each with the arguments that it names.
fn entries(locale: Locale) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let (mut message, mut entry) = (String::new(), String::new());
    for line in sources(locale).into_iter().flat_map(str::lines) {
        if line.starts_with('#') || line.is_empty() {
            continue;
        }
        let name = line.split_once(" =").map(|(name, _)| name.trim());
        match name {
            Some(name) if !line.starts_with(' ') => {
                message = name.to_owned();
                entry.clone_from(&message);
                assert!(
                    found.insert(entry.clone(), BTreeSet::new()).is_none(),
                    "{entry} stands twice"
                );
            }
            Some(name) if name.starts_with('.') => {
                entry = format!("{message}{name}");
                assert!(
                    found.insert(entry.clone(), BTreeSet::new()).is_none(),
                    "{entry} stands twice"
                );
            }
            _ => {}
        }
        let arguments = line.split('$').skip(1).map(|rest| {
            let end = rest.find(|character: char| !character.is_alphanumeric() && character != '_' && character != '-');
            rest[..end.unwrap_or(rest.len())].to_owned()
        });
        found.entry(entry.clone()).or_default().extend(arguments);
    }
    found
}

#[test]
fn both_languages_say_the_same_things_with_the_same_arguments() {
    let (english, spanish) = (entries(Locale::En), entries(Locale::Es));
    let missing: Vec<&String> = english.keys().filter(|key| !spanish.contains_key(*key)).collect();
    let left_over: Vec<&String> = spanish.keys().filter(|key| !english.contains_key(*key)).collect();
    assert!(
        missing.is_empty() && left_over.is_empty(),
        "not in Spanish: {missing:?}; not in English: {left_over:?}"
    );
    for (key, arguments) in &english {
        assert_eq!(arguments, &spanish[key], "the arguments of {key}");
    }
    assert!(english.len() > 600, "{}", english.len());
}

#[test]
fn locales_are_told_by_their_codes() {
    assert_eq!("es".parse(), Ok(Locale::Es));
    let error = "fr".parse::<Locale>().expect_err("not there").to_string();
    assert_eq!(error, "no locale is called \"fr\"; there are \"en\" and \"es\"");
    assert_eq!(Locale::default().to_string(), "en");
}

#[test]
fn every_category_and_column_of_the_published_tables_has_words() {
    let mut missing = Vec::new();
    for locale in Locale::ALL {
        let catalogue = Catalogue::new(locale).expect("a catalogue");
        for contract in PUBLISHED {
            for column in contract.columns {
                let values = column.allowed_values.iter().map(|value| (column.name, *value));
                let wanted = values.chain([("column", column.name)]);
                let unknown = wanted.filter(|(kind, slug)| !knows(&catalogue, kind, slug));
                missing.extend(unknown.map(|(kind, slug)| format!("{locale}: {kind} {slug} of {}", contract.name)));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}
