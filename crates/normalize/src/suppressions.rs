//! Who must not be contacted: the clean table of suppressions, and what defective rows deny.
//!
//! Nothing is cut at the day of the run here: a suppression counts whatever its date.

use cartera_table::contracts::{SourceSuppressions, Suppressions};
use cartera_table::frame::text;
use cartera_table::{Denial, SourceDenial, Table, TableError};
use polars::prelude::{IntoColumn, IntoSeries, StringChunkedBuilder};

use crate::identity::Identity;
use crate::relations::with_customers;

/// All suppressions. Channels and purposes are in small letters; one that is blank is none, and so stands for all.
///
/// # Errors
/// When the engine fails.
pub fn suppressions(
    source: &Table<SourceSuppressions>,
    identity: &Identity,
) -> Result<Table<Suppressions>, TableError> {
    let mut clean = with_customers(source.frame(), identity)?;
    for name in ["channel", "purpose"] {
        let mut words = StringChunkedBuilder::new(name.into(), clean.height());
        for word in text(&clean, name)?.iter() {
            words.append_option(word.and_then(small_letters));
        }
        clean.with_column(words.finish().into_series().into_column())?;
    }
    Table::sorted(clean)
}

/// The same of what defective rows deny, in the same order.
#[must_use]
pub fn denials(of_sources: Vec<SourceDenial>, identity: &Identity) -> Vec<Denial> {
    let denial = |of_source: SourceDenial| {
        let key_space = identity.key_space(of_source.origin.source_index);
        let customer_id = |key: String| identity.customer_id(key_space, &key).into_owned();
        Denial {
            origin: of_source.origin,
            row: of_source.row,
            customer_id: of_source.customer_key.map(customer_id),
            email: of_source.email,
            phone: of_source.phone,
            channel: of_source.channel.as_deref().and_then(small_letters),
        }
    };
    of_sources.into_iter().map(denial).collect()
}

/// A word as channels and purposes are compared; none where it is blank.
fn small_letters(word: &str) -> Option<String> {
    let word = word.trim().to_lowercase();
    (!word.is_empty()).then_some(word)
}

#[cfg(test)]
mod tests {
    use cartera_table::Origin;
    use polars::prelude::df;

    use super::*;
    use crate::identity::KeySpaces;
    use crate::relations::tests::{days, shown, source};

    #[test]
    fn suppressions_have_customers_and_small_letters_and_no_last_day() {
        let mut frame = df!(
            "customer_key" => [Some("ann"), None, Some("bob")],
            "email" => [None, Some("Ann@Example.org"), None],
            "channel" => [Some(" E-Mail"), None, Some("\u{a0}")],
            "purpose" => [None, Some("Marketing"), None],
            "reason" => ["deceased", "do_not_contact", "staff"],
        )
        .expect("a frame");
        frame
            .with_column(days("since", vec![Some("2024-01-01"), None, Some("2099-01-01")]))
            .expect("one height");
        let identity = Identity::one_to_one(KeySpaces::new(&["main", "web"]));
        let clean = suppressions(&source::<SourceSuppressions>(frame, vec![0; 3]), &identity).expect("clean");
        assert_eq!(
            shown(clean.frame(), &["customer_id", "email", "channel", "purpose", "reason"]),
            [
                "- Ann@Example.org - marketing do_not_contact",
                "main:ann - e-mail - deceased",
                "main:bob - - - staff",
            ]
        );
    }

    #[test]
    fn denials_have_the_customer_of_their_source() {
        let of_source = |source_index, key: Option<&str>, channel: Option<&str>| SourceDenial {
            origin: Origin {
                source_index,
                file_index: 0,
            },
            row: 7,
            customer_key: key.map(str::to_owned),
            email: None,
            phone: None,
            channel: channel.map(str::to_owned),
        };
        let identity = Identity::one_to_one(KeySpaces::new(&["main", "web"]));
        let found = denials(
            vec![of_source(1, Some("7"), Some(" Email ")), of_source(0, None, Some(" "))],
            &identity,
        );
        assert_eq!(found[0].customer_id.as_deref(), Some("web:7"));
        assert_eq!(found[0].channel.as_deref(), Some("email"));
        assert!(!found[0].stops_channel());
        assert_eq!(found[1].channel, None, "a blank channel is every channel");
        assert!(found[1].stops_channel());
    }
}
