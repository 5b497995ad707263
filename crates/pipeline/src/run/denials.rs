//! What a run says of defective rows of consents and suppressions.

use std::collections::{BTreeMap, BTreeSet};

use cartera_table::Denial;

/// How many rows deny whom they name, and how many stop the lists of which channels; none where there is no such row.
pub(super) fn denial_warning(denials: &[Denial]) -> Option<String> {
    let (stopping, naming): (Vec<&Denial>, Vec<&Denial>) = denials.iter().partition(|denial| denial.stops_channel());
    let place = |denial: &&Denial| (denial.origin, denial.row);
    let rows: BTreeSet<_> = denials.iter().map(|denial| (denial.origin, denial.row)).collect();
    let naming: BTreeSet<_> = naming.iter().map(place).collect();
    let mut channels: BTreeMap<&str, u64> = BTreeMap::new();
    for denial in stopping {
        *channels
            .entry(denial.channel.as_deref().unwrap_or("every channel"))
            .or_default() += 1;
    }
    let mut did = Vec::new();
    if !naming.is_empty() {
        did.push(format!("{} deny whom they name", naming.len()));
    }
    if !channels.is_empty() {
        let channels: Vec<String> = channels
            .iter()
            .map(|(channel, rows)| format!("{channel} ({rows})"))
            .collect();
        did.push(format!(
            "some do not tell whom they are about and stop all lists of {}",
            channels.join(", ")
        ));
    }
    (!rows.is_empty()).then(|| {
        format!(
            "{} defective rows of consents and suppressions: {}; see the table quarantine",
            rows.len(),
            did.join("; ")
        )
    })
}

#[cfg(test)]
mod tests {
    use cartera_table::Origin;

    use super::*;

    fn denial(row: u64, customer: Option<&str>, channel: Option<&str>) -> Denial {
        Denial {
            origin: Origin {
                source_index: 0,
                file_index: 0,
            },
            row,
            customer_id: customer.map(str::to_owned),
            email: None,
            phone: None,
            channel: channel.map(str::to_owned),
        }
    }

    #[test]
    fn rows_are_counted_once_and_channels_are_named() {
        assert_eq!(denial_warning(&[]), None);
        let denials = [
            denial(2, Some("ann"), Some("email")),
            denial(3, None, Some("fax")),
            denial(4, None, None),
            denial(5, Some("bob"), None),
            denial(5, None, Some("fax")),
        ];
        assert_eq!(
            denial_warning(&denials).as_deref(),
            Some(
                "4 defective rows of consents and suppressions: 2 deny whom they name; some do not tell whom they are \
                 about and stop all lists of every channel (1), fax (2); see the table quarantine"
            )
        );
    }
}
