//! How numbers are written in a source's files: the number keys of `[source.format]`, checked.

use cartera_raw::{DecimalFormat, NegativeStyles};

use crate::format_params::FormatParams;
use crate::source_params::SourceParamsError;

/// The format of all numbers of a source; its scale is the default one, a column sets its own.
pub(crate) fn decimal_format(params: &FormatParams) -> Result<DecimalFormat, SourceParamsError> {
    let decimal_separator = decimal_separator(&params.decimal_separator)?;
    let format = DecimalFormat {
        decimal_separator,
        thousands_separator: thousands_separator(params.thousands_separator.as_deref(), decimal_separator)?,
        negatives: negatives(&params.negatives)?,
        currency_signs: params.currency_signs.clone(),
        percent: params.percent,
        ..DecimalFormat::default()
    };
    // The other parts have been looked at, each with a message of its own.
    format.check().map_err(|problem| {
        let expected =
            format!("texts such as \"€\" or \"EUR\" that cannot be taken for a part of the number: {problem}");
        SourceParamsError::value("format.currency_signs", &params.currency_signs, expected)
    })?;
    Ok(format)
}

fn decimal_separator(text: &str) -> Result<u8, SourceParamsError> {
    match text.as_bytes() {
        [byte @ (b'.' | b',')] => Ok(*byte),
        _ => Err(SourceParamsError::value("format.decimal_separator", text, "`.` or `,`")),
    }
}

fn thousands_separator(text: Option<&str>, decimal: u8) -> Result<Option<u8>, SourceParamsError> {
    let Some(text) = text else { return Ok(None) };
    let byte = match text {
        "," | "." | "_" => text.as_bytes()[0],
        // The typographic kinds are read wherever the plain ones are.
        "'" | "\u{2019}" => b'\'',
        " " | "\u{A0}" | "\u{202F}" => b' ',
        _ => {
            return Err(SourceParamsError::value(
                "format.thousands_separator",
                text,
                "`,`, `.`, `'`, `_` or a blank; leave the key out for none",
            ));
        }
    };
    if byte == decimal {
        return Err(SourceParamsError::Conflict {
            key: "format.thousands_separator".to_owned(),
            other: "format.decimal_separator",
            reason: "the two must differ".to_owned(),
        });
    }
    Ok(Some(byte))
}

fn negatives(words: &[String]) -> Result<NegativeStyles, SourceParamsError> {
    const EXPECTED: &str = "one or more of `minus` (-12.50), `trailing_minus` (12.50-) and `parentheses` ((12.50))";
    let mut styles = NegativeStyles::NONE;
    for word in words {
        match word.as_str() {
            "minus" => styles.minus = true,
            "trailing_minus" => styles.trailing_minus = true,
            "parentheses" => styles.parentheses = true,
            other => return Err(SourceParamsError::value("format.negatives", other, EXPECTED)),
        }
    }
    if styles == NegativeStyles::NONE {
        return Err(SourceParamsError::value("format.negatives", words, EXPECTED));
    }
    Ok(styles)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format_params::refused;

    #[test]
    fn numbers_are_plain_by_default() {
        assert_eq!(decimal_format(&FormatParams::default()), Ok(DecimalFormat::default()));
    }

    #[test]
    fn every_key_has_its_effect() {
        let params = FormatParams {
            decimal_separator: ",".to_owned(),
            thousands_separator: Some("\u{202F}".to_owned()),
            negatives: vec!["parentheses".to_owned(), "trailing_minus".to_owned()],
            currency_signs: vec!["€".to_owned()],
            percent: true,
            ..FormatParams::default()
        };
        let expected = DecimalFormat {
            decimal_separator: b',',
            thousands_separator: Some(b' '),
            negatives: NegativeStyles {
                minus: false,
                trailing_minus: true,
                parentheses: true,
            },
            currency_signs: vec!["€".to_owned()],
            percent: true,
            ..DecimalFormat::default()
        };
        assert_eq!(decimal_format(&params), Ok(expected));
    }

    #[test]
    fn refuses_other_decimal_separators() {
        for text in ["", ";", ".."] {
            refused(
                |f| f.decimal_separator = text.to_owned(),
                "format.decimal_separator",
                "`.` or `,`",
            );
        }
    }

    #[test]
    fn refuses_other_thousands_separators() {
        for text in ["", "-", ",,"] {
            refused(
                |f| f.thousands_separator = Some(text.to_owned()),
                "format.thousands_separator",
                "leave the key out",
            );
        }
    }

    #[test]
    fn refuses_equal_separators() {
        refused(
            |f| f.thousands_separator = Some(".".to_owned()),
            "format.thousands_separator",
            "differ",
        );
    }

    #[test]
    fn refuses_other_negatives() {
        for words in [vec![], vec!["minus".to_owned(), "brackets".to_owned()]] {
            refused(|f| f.negatives = words, "format.negatives", "parentheses");
        }
    }

    #[test]
    fn refuses_currency_signs_that_could_be_numbers() {
        for sign in ["", "5", "A-", ".", " EUR"] {
            refused(
                |f| f.currency_signs = vec![sign.to_owned()],
                "format.currency_signs",
                "cannot be taken",
            );
        }
    }
}
