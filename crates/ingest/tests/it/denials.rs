//! What defective rows of consents and suppressions deny: whom they name, else everybody.

use std::collections::{BTreeMap, BTreeSet};

use cartera_ingest::ColumnParams;
use cartera_table::contracts::{SourceCases, SourceConsents, SourceSuppressions};
use cartera_table::{Contract, Disposition, SourceDenial};
use proptest::prelude::*;

use crate::support::{Reading, Sources, named};

fn consents(text: &[u8]) -> Reading<SourceConsents> {
    let columns = [
        ("customer_key", named("who")),
        ("channel", named("by")),
        ("purpose", named("what")),
        ("status", named("said")),
        ("since", named("since")),
    ];
    let file = [b"who,by,what,said,since\n", text].concat();
    Sources::new().with("consents", columns, &[file]).read()
}

fn suppressions(text: &[u8]) -> Reading<SourceSuppressions> {
    let columns = [
        ("customer_key", named("who")),
        ("email", named("mail")),
        ("phone", named("phone")),
        ("channel", named("by")),
        ("reason", named("why")),
        ("since", named("since")),
    ];
    let file = [b"who,mail,phone,by,why,since\n", text].concat();
    Sources::new().with("suppressions", columns, &[file]).read()
}

/// Row, key, e-mail, phone and channel of each denial, nothing as `-`.
fn shown<T: Contract>(reading: &Reading<T>) -> Vec<String> {
    let denials = reading.denials.iter();
    denials
        .map(|denial| {
            let cells = [&denial.customer_key, &denial.email, &denial.phone, &denial.channel];
            let cells = cells.map(|cell| cell.as_deref().unwrap_or("-").to_owned());
            format!("{} {}", denial.row, cells.join(" "))
        })
        .collect()
}

#[test]
fn a_defective_consent_denies_its_key_else_its_channel() {
    let reading = consents(
        b"ann,email,marketing,granted,2024-01-01\n\
          ann,email,marketing,maybe,2024-01-01\n\
          ann,email,marketing,withdrawn,2024-13-01\n\
          ann,sms,mar\xFFketing,withdrawn,2024-01-01\n\
          bob,,marketing,withdrawn,2024-01-01\n\
          bob,e\xFFmail,marketing,withdrawn,2024-01-01\n\
          bob,\xC2\xA0,marketing,withdrawn,2024-01-01\n\
          ,email,marketing,withdrawn,2024-01-01\n\
          \xC2\xA0,email,marketing,withdrawn,2024-01-01\n\
          b\0b,email,marketing,withdrawn,2024-01-01\n\
          b\xFFb,,marketing,withdrawn,2024-01-01\n\
          bob,email,marketing,withdrawn\n\
          bob,email,marketing,withdrawn,2024-01-01,\n\
          bob,\"email\"s,marketing,withdrawn,2024-01-01\n\
          bob,\"email,marketing,withdrawn,2024-01-01\n\
          cid,email,marketing,granted,2099-01-01\n",
    );
    assert_eq!(
        shown(&reading),
        [
            "3 ann - - email",
            "4 ann - - email",
            "5 ann - - sms",
            "6 bob - - -",
            "7 bob - - -",
            "8 bob - - -",
            "9 - - - email",
            "10 - - - email",
            "11 - - - email",
            "12 - - - -",
            // Where cells cannot be told apart, the first one may be no key.
            "13 - - - -",
            "14 - - - -",
            "15 - - - -",
            "16 - - - -",
        ]
    );
    assert_eq!(
        reading.column("customer_key"),
        ["ann", "cid"],
        "the future is no defect"
    );
    assert_eq!(reading.defects.len(), 14);
}

#[test]
fn a_channel_that_is_the_same_in_every_row_is_that_of_a_broken_one() {
    let columns = [
        ("customer_key", named("who")),
        ("channel", ColumnParams::constant("sms")),
        ("purpose", ColumnParams::constant("marketing")),
        ("status", named("said")),
        ("since", named("since")),
    ];
    let file = "who,said,since\nann,granted,2024-01-01,\nbob,granted,tomorrow\n";
    let reading = Sources::new()
        .with("consents", columns, &[file])
        .read::<SourceConsents>();
    assert_eq!(shown(&reading), ["2 - - - sms", "3 bob - - sms"]);
}

#[test]
fn repeats_deny_nothing_and_other_tables_neither() {
    let row = "ann,email,marketing,withdrawn,2024-01-01\n".repeat(3);
    let reading = consents(row.as_bytes());
    assert_eq!(reading.count(Disposition::Merged, Some("repeated_row")).0, 2);
    assert_eq!(reading.denials, []);
    let columns = [
        ("customer_key", named("who")),
        ("opened_at", named("at")),
        ("kind", ColumnParams::constant("complaint")),
    ];
    let reading = Sources::new()
        .with("cases", columns, &["who,at\nann,never\nbob\n"])
        .read::<SourceCases>();
    assert_eq!((reading.defects.len(), reading.denials.len()), (2, 0));
}

#[test]
fn suppressions_are_read_by_key_by_mail_and_by_phone() {
    let reading = suppressions(
        b"ann,,,,,\n\
          ,Bob@Example.org,,email,complaint,2024-01-01\n\
          ,,+34 600 111 222,,deceased,2099-01-01\n\
          ann,,,,,\n",
    );
    assert_eq!(reading.column("customer_key"), ["-", "-", "ann"]);
    assert_eq!(reading.column("email"), ["-", "Bob@Example.org", "-"]);
    assert_eq!(reading.column("phone"), ["+34 600 111 222", "-", "-"]);
    assert_eq!(reading.column("reason"), ["deceased", "complaint", "do_not_contact"]);
    assert_eq!(reading.count(Disposition::Merged, Some("repeated_row")).0, 1);
    assert_eq!(reading.denials, []);
}

#[test]
fn without_a_column_of_reasons_all_are_do_not_contact() {
    let reading = Sources::new()
        .with(
            "suppressions",
            [("email", named("mail"))],
            &["mail\nann@example.org\n\nbob@example.org\n"],
        )
        .read::<SourceSuppressions>();
    assert_eq!(reading.column("reason"), ["do_not_contact", "do_not_contact"]);
    assert_eq!(reading.column("channel"), ["-", "-"]);
}

#[test]
fn a_defective_suppression_denies_all_that_it_tells_and_stops_what_it_does_not() {
    let reading = suppressions(
        b"ann,,,email,grudge,\n\
          ann,ann@example.org,,email,staff,2024-02-30\n\
          ann,n/a,,email,staff,\n\
          ,ann@example.org,,email,staff,2024-02-30\n\
          ,ann@example.org,3.4E+10,email,staff,\n\
          a\0n,ann@example.org,600111222,sms,staff,\n\
          ,,,fax,staff,\n\
          ,n/a,,fax,staff,\n\
          ,,,,staff,\n\
          ann,,,email,staff\n",
    );
    assert_eq!(
        shown(&reading),
        [
            "2 ann - - email",
            "3 ann ann@example.org - email",
            "4 ann - - email",
            "5 - ann@example.org - email",
            // The telephone may be somebody else's, whom nobody can tell.
            "6 - - - email",
            "6 - ann@example.org - email",
            "7 - - - sms",
            "7 - ann@example.org 600111222 sms",
            "8 - - - fax",
            "9 - - - fax",
            "10 - - - -",
            "11 - - - -",
        ]
    );
    let reasons: Vec<(&str, &str)> = reading.reasons().into_iter().map(|found| (found.1, found.3)).collect();
    assert_eq!(
        reasons,
        [
            ("reason", "not_allowed_value"),
            ("since", "no_such_day"),
            ("email", "not_an_email"),
            ("since", "no_such_day"),
            ("phone", "not_a_phone"),
            ("customer_key", "control_character"),
            ("customer_key", "names_nobody"),
            ("email", "not_an_email"),
            ("customer_key", "names_nobody"),
            ("-", "wrong_field_count"),
        ]
    );
    assert_eq!(reading.table.height(), 0);
}

/// Ways to spoil a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Damage {
    Day,
    Status,
    PurposeBytes,
    NoPurpose,
    NoChannel,
    ChannelBytes,
    NoKey,
    KeyBytes,
    KeyNul,
    FieldLost,
    FieldMore,
    Quote,
}

const DAMAGES: [Damage; 12] = [
    Damage::Day,
    Damage::Status,
    Damage::PurposeBytes,
    Damage::NoPurpose,
    Damage::NoChannel,
    Damage::ChannelBytes,
    Damage::NoKey,
    Damage::KeyBytes,
    Damage::KeyNul,
    Damage::FieldLost,
    Damage::FieldMore,
    Damage::Quote,
];

impl Damage {
    fn spoils_record(self) -> bool {
        matches!(self, Self::FieldLost | Self::FieldMore | Self::Quote)
    }

    fn spoils_key(self) -> bool {
        matches!(self, Self::NoKey | Self::KeyBytes | Self::KeyNul)
    }

    fn spoils_channel(self) -> bool {
        matches!(self, Self::NoChannel | Self::ChannelBytes)
    }

    fn change(self, fields: &mut Vec<Vec<u8>>) {
        match self {
            Self::Day => fields[4] = b"2024-02-31".to_vec(),
            Self::Status => fields[3] = b"perhaps".to_vec(),
            Self::PurposeBytes => fields[2].push(0xFF),
            Self::NoPurpose => fields[2].clear(),
            Self::NoChannel => fields[1].clear(),
            Self::ChannelBytes => fields[1].insert(0, 0xFE),
            Self::NoKey => fields[0].clear(),
            Self::KeyBytes => fields[0].push(0xC3),
            Self::KeyNul => fields[0].push(0),
            Self::FieldLost => drop(fields.pop()),
            Self::FieldMore => fields.push(Vec::new()),
            Self::Quote => fields[3].insert(0, b'"'),
        }
    }
}

const CHANNELS: [&str; 3] = ["email", "sms", "post"];

/// A row's text, and what it has to deny: nothing where it is sound, else a key or nobody's, and a channel.
type Made = (Vec<u8>, Option<(Option<String>, Option<String>)>);

fn made(number: usize, channel: usize, damages: &BTreeSet<Damage>) -> Made {
    let key = format!("k{number:04}");
    let channel = CHANNELS[channel];
    let mut fields: Vec<Vec<u8>> = [&*key, channel, "marketing", "withdrawn", "2024-01-01"]
        .map(|field| field.as_bytes().to_vec())
        .to_vec();
    let any = |spoils: fn(Damage) -> bool| damages.iter().any(|damage| spoils(*damage));
    for damage in damages {
        damage.change(&mut fields);
    }
    let is_broken = any(Damage::spoils_record);
    let denial = (!damages.is_empty()).then(|| {
        let key = (!is_broken && !any(Damage::spoils_key)).then_some(key);
        let channel = (!is_broken && !any(Damage::spoils_channel)).then(|| channel.to_owned());
        (key, channel)
    });
    ([fields.join(&b','), b"\n".to_vec()].concat(), denial)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Every damaged row denies its key where that is whole, and stops its channel where it is not.
    #[test]
    fn damage_never_frees_anybody(
        rows in prop::collection::vec(
            (0..CHANNELS.len(), prop::collection::btree_set(prop::sample::select(&DAMAGES[..]), 0..3)),
            1..40,
        ),
    ) {
        let rows = rows.into_iter().enumerate();
        let made: Vec<Made> = rows.map(|(number, (channel, damages))| made(number, channel, &damages)).collect();
        // Losing a field and gaining one may leave as many as there were: then it is the last one that is empty.
        let text: Vec<u8> = made.iter().flat_map(|(text, _)| text.clone()).collect();
        let reading = consents(&text);
        let found: BTreeMap<u64, &SourceDenial> = reading.denials.iter().map(|denial| (denial.row, denial)).collect();
        prop_assert_eq!(found.len(), reading.denials.len(), "one denial a row");
        let kept = reading.column("row");
        for (line, (text, expected)) in (2..).zip(&made) {
            let denial = found.get(&line).map(|denial| (denial.customer_key.clone(), denial.channel.clone()));
            let is_as_long = text.iter().filter(|byte| **byte == b',').count() == 4 && !text.contains(&b'"');
            match expected {
                Some((None, None)) if is_as_long && denial.as_ref().is_some_and(|denial| denial.0.is_some()) => {}
                expected => prop_assert_eq!(&denial, expected, "{}", text.escape_ascii()),
            }
            prop_assert_eq!(kept.contains(&line.to_string()), expected.is_none());
        }
    }

    /// Whatever bytes are changed: a row is kept, or it denies; and one whose key and commas are left denies its key.
    #[test]
    fn no_row_is_lost(
        changes in prop::collection::vec((0_usize..25, 0_usize..38, any::<u8>()), 0..12),
    ) {
        let original: Vec<Vec<u8>> = (0..25).map(|number| made(number, number % 3, &BTreeSet::new()).0).collect();
        let mut rows = original.clone();
        for (row, place, byte) in changes {
            let place = place % (rows[row].len() - 1);
            rows[row][place] = if matches!(byte, b'\n' | b'\r') { b'?' } else { byte };
        }
        let reading = consents(&rows.concat());
        let kept: BTreeSet<String> = reading.column("row").into_iter().collect();
        let broken: BTreeSet<u64> = reading
            .reasons()
            .into_iter()
            .filter(|reason| reason.1 == "-")
            .map(|reason| reason.0)
            .collect();
        for (line, (row, original)) in (2_u64..).zip(rows.iter().zip(&original)) {
            let denials: Vec<&SourceDenial> = reading.denials.iter().filter(|denial| denial.row == line).collect();
            prop_assert_eq!(kept.contains(&line.to_string()), denials.is_empty(), "{}", row.escape_ascii());
            for denial in denials {
                let has_key = row[..6] == original[..6] && !broken.contains(&line);
                let key = String::from_utf8_lossy(&original[..5]).into_owned();
                if has_key {
                    prop_assert_eq!(denial.customer_key.as_ref(), Some(&key));
                }
                if broken.contains(&line) {
                    prop_assert_eq!(&denial.customer_key, &None);
                    prop_assert_eq!(&denial.channel, &None);
                }
            }
        }
    }
}

#[test]
fn what_can_match_nobody_is_a_defect_and_what_is_plain_is_taken() {
    let reading = suppressions(
        b",mailto:c03@x.org,,email,staff,\n\
          ,c04@x.org.,,email,staff,\n\
          ,'c16@x.org',,email,staff,\n\
          ,,34600111217.0,sms,staff,\n\
          ,c05@gmail,,email,staff,\n\
          ,c06@x.org; c07@x.org,,email,staff,\n\
          ,,600111205 / 600111206,sms,staff,\n\
          ,,3.46E10,sms,staff,\n",
    );
    assert_eq!(reading.table.height(), 4);
    assert_eq!(
        shown(&reading),
        ["6 - - - email", "7 - - - email", "8 - - - sms", "9 - - - sms"]
    );
}

#[test]
#[should_panic(expected = "is empty: a file of suppressions has its header at the least")]
fn a_file_without_a_header_is_no_file_of_nobody() {
    let sources = Sources::new().with("suppressions", [("email", named("mail"))], &[""]);
    sources.read::<SourceSuppressions>();
}
