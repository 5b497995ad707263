//! A number as the shortest text that reads back as the same number.
//!
//! A model is known by the hash of its text, so that what is written and read again has to be the same to the last
//! bit; readers of JSON need not take numbers for more than nearly what they are.

use serde::{Deserialize, Deserializer, Serializer};

/// For `serialize_with`.
pub(super) fn serialize<S: Serializer>(number: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(number)
}

/// For `deserialize_with`.
pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
}

fn parse(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(number),
        _ => Err(format!("`{text}` is no finite number")),
    }
}

/// The same for lists.
pub(super) mod list {
    use serde::{Deserialize, Deserializer, Serializer};

    pub(in crate::k_means) fn serialize<S: Serializer>(numbers: &[f64], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(numbers.iter().map(ToString::to_string))
    }

    pub(in crate::k_means) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<f64>, D::Error> {
        let texts = Vec::<String>::deserialize(deserializer)?;
        let numbers = texts.iter().map(|text| super::parse(text));
        numbers.collect::<Result<_, _>>().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_no_number_is_refused() {
        for text in ["", "NaN", "inf", "1,5"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_number_comes_back_to_the_last_bit(bits in any::<u64>()) {
            let number = f64::from_bits(bits);
            if number.is_finite() {
                prop_assert_eq!(parse(&number.to_string()).expect("finite").to_bits(), bits);
            }
        }
    }
}
