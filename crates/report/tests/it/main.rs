//! The page over tables of any content: nothing, and whatever the contracts allow.

mod tables;
mod titles;

use cartera_report::{Locale, Night, Tables, report};
use jiff::civil::date;
use tables::Made;

fn night(locale: Locale) -> Night {
    Night {
        pipeline: "shop <&> co".to_owned(),
        as_of: date(2025, 12, 31),
        before: Some(date(2025, 11, 30)),
        currency: "EUR".to_owned(),
        horizon_months: 36,
        locale,
        version: "0.1.0".to_owned(),
        warnings: vec!["a <b> warning".to_owned()],
    }
}

fn page(tables: &Made, before: Option<&Made>, locale: Locale) -> String {
    let before = before.map(|before| before as &dyn Tables);
    let report = report(tables, before, &night(locale)).expect("a page");
    assert!(report.problems.is_empty(), "{:?}", report.problems);
    report.page
}

/// Keys of the catalogue that stand in the page as they are have no words in that language.
fn keys_without_words(page: &str) -> Vec<&str> {
    page.split(['>', '<', '"'])
        .filter(|text| {
            let is_of_figure = ["-title", "-unit", "-definition"]
                .iter()
                .any(|part| text.contains(part));
            let is_key = ["section-", "page-", "tile-", "axis-", "heat-"]
                .iter()
                .any(|prefix| text.starts_with(prefix));
            is_key || (text.starts_with("figure-") && is_of_figure)
        })
        // The names of places on the page look like keys.
        .filter(|text| !page.contains(&format!("id=\"{text}\"")))
        .collect()
}

#[test]
fn empty_tables_make_a_whole_page_in_every_language() {
    let tables = Made::empty();
    for locale in Locale::ALL {
        let page = page(&tables, None, locale);
        assert!(page.starts_with("<!doctype html>") && page.trim_end().ends_with("</html>"));
        assert!(page.contains(&format!("<html lang=\"{}\">", locale.code())));
        assert_eq!(keys_without_words(&page), Vec::<&str>::new(), "{}", locale.code());
    }
}

#[test]
fn tables_of_any_content_make_a_whole_page() {
    let (tables, before) = (Made::filled(7), Made::filled(5));
    for locale in Locale::ALL {
        let page = page(&tables, Some(&before), locale);
        assert_eq!(keys_without_words(&page), Vec::<&str>::new(), "{}", locale.code());
        let is_no_number = |word: &&str| ["NaN", "inf"].contains(word);
        let found = page.split(|letter: char| !letter.is_alphanumeric()).find(is_no_number);
        assert_eq!(found, None, "no chart has places that are no numbers");
    }
}

#[test]
fn equal_tables_make_equal_pages() {
    let tables = Made::filled(6);
    assert_eq!(
        page(&tables, None, Locale::En),
        page(&Made::filled(6), None, Locale::En)
    );
}

#[test]
fn nothing_of_the_tables_is_taken_for_markup() {
    let page = page(&Made::filled(3), None, Locale::En);
    assert!(page.contains("shop &lt;&amp;&gt; co") && page.contains("a &lt;b&gt; warning"));
    assert!(!page.contains("<script>alert"), "values of tables are escaped");
    assert!(page.contains("&lt;script&gt;alert"), "and are shown");
}

#[test]
fn a_page_asks_for_nothing_from_elsewhere() {
    let page = page(&Made::filled(4), None, Locale::Es);
    for reference in ["http://", "https://", "src=", "@import", "url("] {
        let found = page.matches(reference).count();
        let of_svg = page.matches("http://www.w3.org/2000/svg").count();
        assert_eq!(
            found - if reference == "http://" { of_svg } else { 0 },
            0,
            "{reference}"
        );
    }
}
