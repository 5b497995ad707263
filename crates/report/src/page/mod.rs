//! The page around the sections: one document with its style and its script inside.

use std::collections::BTreeMap;

use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior, Value, context};
use serde::Serialize;

use crate::error::ReportError;
use crate::night::Night;
use crate::section::Section;
use crate::words::{Argument, Words};

/// What the frame of every page says.
#[derive(Debug, Serialize)]
pub(crate) struct Page {
    pub(crate) language: &'static str,
    pub(crate) version: String,
    pub(crate) title: String,
    pub(crate) subtitle: String,
    pub(crate) footer: String,
}

/// Words of the frame, by the names that templates call them.
const FRAME_WORDS: [&str; 9] = [
    "skip",
    "theme",
    "contents",
    "warnings",
    "warnings_language",
    "about",
    "about_and_table",
    "from",
    "ask_again",
];

/// The templates, the style and the script, all within the binary.
pub(crate) fn environment() -> Result<Environment<'static>, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.add_template("page.html", include_str!("page.html"))?;
    environment.add_template("figure.html", include_str!("figure.html"))?;
    environment.add_template("report.html", include_str!("report.html"))?;
    Ok(environment)
}

pub(crate) fn frame_words(words: &Words, warnings: usize) -> BTreeMap<&'static str, String> {
    let count = [("count", Argument::Count(warnings as u64))];
    FRAME_WORDS
        .into_iter()
        .map(|name| {
            (
                name,
                words.say_with(&format!("page-{}", name.replace('_', "-")), &count),
            )
        })
        .collect()
}

/// The report as a document.
pub(crate) fn report_page(sections: &[Section], night: &Night, words: &Words) -> Result<String, ReportError> {
    let as_of = Argument::Text(words.date(night.as_of));
    let pipeline = Argument::Text(night.pipeline.clone());
    let version = Argument::Text(night.version.clone());
    let subtitle = match night.before {
        Some(before) => words.say_with(
            "page-subtitle-compared",
            &[("as_of", as_of), ("before", Argument::Text(words.date(before)))],
        ),
        None => words.say_with("page-subtitle", &[("as_of", as_of)]),
    };
    let page = Page {
        language: words.locale().code(),
        version: night.version.clone(),
        title: words.say_with("page-title", &[("pipeline", pipeline)]),
        subtitle,
        footer: words.say_with("page-footer", &[("version", version)]),
    };
    let environment = environment()?;
    let template = environment.get_template("report.html")?;
    Ok(template.render(context! {
        page => Value::from(Serde(&page)),
        sections => Value::from(Serde(sections)),
        warnings => Value::from(Serde(&night.warnings)),
        t => Value::from(Serde(frame_words(words, night.warnings.len()))),
        css => Value::from_safe_string(include_str!("page.css").to_owned()),
        script => Value::from_safe_string(include_str!("page.js").to_owned()),
    })?)
}
