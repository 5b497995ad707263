//! The currencies that exist, so that `GPB` is found where it stands and not in a total.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Active codes of ISO 4217 for money that people pay with (no metals, no test codes), in order. Each takes
/// four characters, which the search relies on.
const CODES: &str = "\
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD \
CAD CDF CHF CLF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS \
GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW \
KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD \
NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD \
SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED \
VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG";

/// A code of ISO 4217.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    /// The currency of a code as it is written, in capitals; none where there is no such currency.
    ///
    /// ```
    /// use cartera_table::Currency;
    /// assert_eq!(Currency::parse("EUR").map(|euro| euro.to_string()), Some("EUR".to_owned()));
    /// assert_eq!(Currency::parse("EURO"), None);
    /// ```
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        let wanted: [u8; 3] = code.as_bytes().try_into().ok()?;
        let codes = CODES.as_bytes();
        let at = |place: usize| &codes[place * 4..place * 4 + 3];
        let (mut low, mut high) = (0, codes.len().div_ceil(4));
        while low < high {
            let middle = low.midpoint(high);
            match at(middle).cmp(&wanted[..]) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Some(Self(wanted)),
            }
        }
        None
    }

    /// The code as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Only capitals pass `parse`.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The number that batches of lines carry: a key of 32 bits groups faster than a text.
    #[must_use]
    pub fn code(self) -> i32 {
        let [first, second, third] = self.0.map(i32::from);
        first << 16 | second << 8 | third
    }

    /// The currency of a number.
    #[must_use]
    pub fn from_code(code: i32) -> Option<Self> {
        let [0, letters @ ..] = code.to_be_bytes() else {
            return None;
        };
        std::str::from_utf8(&letters).ok().and_then(Self::parse)
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        Self::parse(&code).ok_or_else(|| de::Error::custom(format!("{code:?} is no currency of ISO 4217")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_three_capitals_in_order() {
        let codes: Vec<&str> = CODES.split(' ').collect();
        assert!(codes.is_sorted_by(|one, next| one < next));
        let plain = |code: &&str| code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase());
        assert!(codes.iter().all(plain));
    }

    #[test]
    fn every_code_is_found_and_comes_back_from_its_number() {
        for code in CODES.split(' ') {
            let currency = Currency::parse(code).expect("a known code");
            assert_eq!(currency.as_str(), code);
            assert_eq!(Currency::from_code(currency.code()), Some(currency));
        }
        assert_eq!(Currency::from_code(0), None);
        assert_eq!(Currency::from_code(-1), None);
    }

    #[test]
    fn typing_errors_are_no_currencies() {
        for text in ["GPB", "gbp", "", " ", "GBP USD", "£", "AAA", "ZZZ", "   "] {
            assert_eq!(Currency::parse(text), None, "{text}");
        }
    }
}
