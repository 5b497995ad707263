//! The messages of a language, from its file.

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use icu_decimal::DecimalFormatter;
use icu_decimal::input::Decimal;

use super::error::WordsError;
use super::locale::Locale;

/// What a message is filled with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Argument {
    /// Text that is formatted already.
    Text(String),
    /// A number that the message may choose singular or plural by; it is written with separators.
    Count(u64),
}

impl From<String> for Argument {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Argument {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<u64> for Argument {
    fn from(count: u64) -> Self {
        Self::Count(count)
    }
}

/// The messages of a language.
pub(super) struct Catalogue {
    bundle: FluentBundle<FluentResource>,
}

impl Catalogue {
    pub(super) fn new(locale: Locale) -> Result<Self, WordsError> {
        let damaged = |detail: String| WordsError::Catalogue {
            locale: locale.code(),
            detail,
        };
        let mut bundle = FluentBundle::new_concurrent(vec![locale.of_plurals()]);
        // Marks around what is filled in serve pages that mix directions of writing; they would stand in titles here.
        bundle.set_use_isolating(false);
        bundle.set_formatter(Some(match locale {
            Locale::En => |value, _| written(value, Locale::En),
            Locale::Es => |value, _| written(value, Locale::Es),
        }));
        for source in sources(locale) {
            let resource =
                FluentResource::try_new(source.to_owned()).map_err(|(_, errors)| damaged(format!("{errors:?}")))?;
            bundle
                .add_resource(resource)
                .map_err(|errors| damaged(format!("{errors:?}")))?;
        }
        Ok(Self { bundle })
    }

    /// A message; none where it is not there. An argument that is not given stands as its name.
    pub(super) fn message(&self, key: &str, arguments: &[(&str, Argument)]) -> Option<String> {
        let pattern = self.bundle.get_message(key)?.value()?;
        let text = self
            .bundle
            .format_pattern(pattern, Some(&filled(arguments)), &mut Vec::new());
        Some(text.into_owned())
    }

    /// The value of a list: of message `lifecycle_stage` the attribute `at_risk`.
    pub(super) fn entry(&self, list: &str, slug: &str) -> Option<String> {
        let pattern = self.bundle.get_message(list)?.get_attribute(slug)?.value();
        let text = self.bundle.format_pattern(pattern, None, &mut Vec::new());
        Some(text.into_owned())
    }
}

/// The files of a language: what the frame says, what sections and figures say, the labels of values, those of
/// columns, and what the page of one customer says.
pub(super) fn sources(locale: Locale) -> [&'static str; 6] {
    match locale {
        Locale::En => [
            include_str!("en.ftl"),
            include_str!("en_report.ftl"),
            include_str!("en_customers.ftl"),
            include_str!("en_labels.ftl"),
            include_str!("en_columns.ftl"),
            include_str!("en_customer_page.ftl"),
        ],
        Locale::Es => [
            include_str!("es.ftl"),
            include_str!("es_report.ftl"),
            include_str!("es_customers.ftl"),
            include_str!("es_labels.ftl"),
            include_str!("es_columns.ftl"),
            include_str!("es_customer_page.ftl"),
        ],
    }
}

fn filled<'a>(arguments: &'a [(&'a str, Argument)]) -> FluentArgs<'a> {
    let values = arguments.iter().map(|(name, argument)| {
        let value = match argument {
            Argument::Text(text) => FluentValue::from(text.as_str()),
            Argument::Count(count) => FluentValue::from(*count),
        };
        (*name, value)
    });
    values.collect()
}

/// Numbers are written as the language does; all else is text already.
fn written(value: &FluentValue, locale: Locale) -> Option<String> {
    let FluentValue::Number(number) = value else {
        return None;
    };
    let formatter = DecimalFormatter::try_new(locale.of_formats().into(), Default::default()).ok()?;
    let decimal: Decimal = number.as_string().parse().ok()?;
    Some(formatter.format(&decimal).to_string())
}
