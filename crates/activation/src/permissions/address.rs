//! What lists hold against customers, for whoever only tells of it: suppressions by the customers whose address they
//! name, and withdrawals that close more than the words that they use.

use cartera_table::contracts::Suppressions;
use cartera_table::frame::text;
use cartera_table::{Table, TableError};
use polars::prelude::{DataFrame, IdxCa, IdxSize, IntoColumn, IntoSeries, NewChunkedArray, StringChunked};

use super::params::ContactRulesValidParams;
use super::people::{Named, People};
use super::rows::Ids;
use super::ways::{Effect, Ways};

/// The rows of suppressions that mean customers by an e-mail address or a telephone number, once for each customer other
/// than the one that the row itself names; `customer_id` is that customer. `customers` are rows of that table:
/// `customer_id`, ascending, and whichever of `email`, `phone` and `country` there are.
///
/// # Errors
/// When a frame lacks a column.
pub fn suppressed_by_address(
    suppressions: &Table<Suppressions>,
    customers: &DataFrame,
    rules: &ContactRulesValidParams,
) -> Result<DataFrame, TableError> {
    let frame = suppressions.frame();
    let has_address = frame.column("email")?.is_not_null() | frame.column("phone")?.is_not_null();
    if !has_address.any() {
        return Ok(frame.clear());
    }
    let mut known: Vec<&str> = text(customers, "customer_id")?.iter().flatten().collect();
    known.sort_unstable();
    known.dedup();
    let ids = Ids::new(&StringChunked::from_slice("customer_id".into(), &known));
    let own: Vec<Option<&str>> = text(frame, "customer_id")?.iter().collect();
    let addresses = text(frame, "email")?.iter().zip(text(frame, "phone")?.iter());
    let named: Vec<Named<'_>> = addresses
        .map(|(email, phone)| Named {
            customer_id: None,
            email,
            phone,
        })
        .collect();
    let people = People::new(customers, &ids)?;
    let found = people.named(&named, &ids, rules.default_country.as_deref());
    let (mut rows, mut meant) = (Vec::<IdxSize>::new(), Vec::new());
    for (place, customer) in found {
        let customer = ids.get(customer as usize);
        if own[place as usize] != Some(customer) {
            rows.push(place);
            meant.push(customer);
        }
    }
    let mut told = frame.take(&IdxCa::from_vec("row".into(), rows))?;
    let meant = StringChunked::from_slice("customer_id".into(), &meant);
    told.with_column(meant.into_series().into_column())?;
    Ok(told)
}

/// Whether a withdrawal of consent closes what a grant opened, each by its channel and purpose as sources write them.
#[must_use]
pub fn closes(withdrawn: &(String, String), granted: &(String, String)) -> bool {
    let ways = Ways::new(std::slice::from_ref(granted));
    let channel = ways.channel_of(&withdrawn.0, Effect::Closes);
    let purpose = ways.purpose_of(&withdrawn.1, Effect::Closes);
    ways.covered(channel, purpose).next().is_some()
}

#[cfg(test)]
mod tests {
    use polars::prelude::df;

    use super::*;
    use crate::permissions::ContactRulesParams;

    #[test]
    fn rows_are_told_of_everybody_whose_address_they_name() {
        let mut frame = df!(
            "customer_id" => [None, None, Some("b")],
            "email" => [Some("ANN@example.org"), None, Some("b@example.org")],
            "phone" => [None, Some("0034 600 123 456"), None],
            "channel" => [None, Some("phone"), None::<&str>],
            "purpose" => [None::<&str>; 3],
            "reason" => ["staff", "do_not_contact", "complaint"],
            "source_index" => [0; 3],
            "file_index" => [0; 3],
            "row" => [2_i64, 3, 4],
        )
        .expect("a frame");
        let since = polars::prelude::Int32Chunked::from_vec("since".into(), vec![19_000; 3]);
        frame
            .with_column(cartera_table::frame::date_column("since", since))
            .expect("one height");
        let suppressions = Table::<Suppressions>::sorted(frame).expect("suppressions");
        let customers = df!(
            "customer_id" => ["a", "a", "b", "c"],
            "email" => [Some("Ann@Example.org"), None, Some("b@example.org"), None],
            "phone" => [None, Some("+34 600 12 34 56"), None, Some("600123456")],
            "country" => [None, None, None, Some("ES")],
        )
        .expect("a frame");
        let rules = ContactRulesParams::default().check().expect("valid");
        let told = suppressed_by_address(&suppressions, &customers, &rules).expect("told");
        let reasons = text(&told, "reason").expect("reasons");
        let rows = text(&told, "customer_id").expect("ids");
        let rows = rows.iter().zip(reasons.iter());
        let mut rows: Vec<_> = rows
            .map(|(id, reason)| (id.unwrap_or(""), reason.unwrap_or("")))
            .collect();
        rows.sort_unstable();
        assert_eq!(rows, [("a", "do_not_contact"), ("a", "staff"), ("c", "do_not_contact")]);
        assert_eq!(told.schema(), suppressions.frame().schema());
    }

    #[test]
    fn a_withdrawal_closes_what_it_may_mean() {
        let way = |channel: &str| (channel.to_owned(), "marketing".to_owned());
        assert!(closes(&way("all"), &way("email")) && closes(&way("E-Mail"), &way("email")));
        assert!(
            closes(&way("carrier pigeon"), &way("email")),
            "nobody knows what it means"
        );
        assert!(!closes(&way("sms"), &way("email")));
    }
}
