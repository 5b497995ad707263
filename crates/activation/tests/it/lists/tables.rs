//! The world as tables, and the decisions as plain rows.

use std::collections::BTreeSet;

use cartera_activation::{
    Base, BaseParts, Candidates, ContactRulesParams, ControlParams, CustomerKeys, DecideSources, KnownColumns,
    PermissionSources, Permissions, TargetParams, check_targets, decide,
};
use cartera_table::contracts::{Cases, Consents, IdentityLinks, Interactions, Suppressions};
use cartera_table::frame::{date_column, null_column, timestamp_column};
use cartera_table::{AsOf, Contract, Denial, Origin, Table};
use polars::prelude::*;

use super::world::{Closed, HOUR, Random, World};

/// A row of `target_decisions`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Row {
    pub(crate) list: String,
    pub(crate) customer: String,
    pub(crate) decision: String,
    pub(crate) reason: String,
    pub(crate) rank: Option<i64>,
}

/// What a night gives.
pub(crate) struct Night {
    pub(crate) rows: Vec<Row>,
    pub(crate) lists: DataFrame,
    pub(crate) decisions: DataFrame,
    pub(crate) reasons: DataFrame,
    pub(crate) changes: DataFrame,
    pub(crate) holdouts: DataFrame,
}

/// The columns, in an order of their own, as a checked table; what is not given is null.
fn table<T: Contract>(height: usize, mut given: Vec<Column>, random: &mut Random) -> Table<T> {
    for column in T::INFO.columns {
        if !given.iter().any(|one| one.name() == column.name) {
            given.push(match column.name {
                "source_index" | "file_index" => Column::new(column.name.into(), vec![0i32; height]),
                "row" => Column::new("row".into(), (0..height as i64).collect::<Vec<_>>()),
                "currency" => Column::new("currency".into(), vec!["EUR"; height]),
                name => null_column(name, column.column_type, height),
            });
        }
    }
    let frame = DataFrame::new(height, given).expect("one height");
    // Where a row stands in its file decides nothing.
    let mut order: Vec<(usize, u32)> = (0..height as u32).map(|row| (random.below(1 << 30), row)).collect();
    order.sort_unstable();
    let order = IdxCa::from_vec("row".into(), order.into_iter().map(|(_, row)| row).collect());
    Table::sorted(frame.take(&order).expect("rows")).expect("a table")
}

fn days(name: &str, days: impl Iterator<Item = Option<i32>>) -> Column {
    date_column(name, Int32Chunked::from_iter_options(name.into(), days))
}

fn texts<S: Into<String>>(name: &str, texts: impl Iterator<Item = Option<S>>) -> Column {
    let texts: Vec<Option<String>> = texts.map(|text| text.map(Into::into)).collect();
    Column::new(name.into(), texts)
}

impl World {
    pub(crate) fn as_of(&self) -> AsOf {
        AsOf::from_epoch_days(self.as_of).expect("a day")
    }

    fn customers(&self) -> DataFrame {
        let mut people: Vec<_> = self.people.iter().collect();
        people.sort_by(|one, other| one.id.cmp(&other.id));
        let people = || people.iter();
        let columns = vec![
            texts("customer_id", people().map(|person| Some(person.id.clone()))),
            texts("email", people().map(|person| person.email.map(|email| email.email()))),
            texts("phone", people().map(|person| person.phone.map(|phone| phone.phone()))),
            days("birth_date", people().map(|person| person.birth)),
            texts("street", people().map(|person| person.street.then_some("Calle 1"))),
            texts("city", people().map(|person| person.city.then_some("Faro"))),
            texts(
                "household_key",
                people().map(|person| person.household.map(|household| format!("h{household}"))),
            ),
        ];
        DataFrame::new(self.people.len(), columns).expect("one height")
    }

    fn base(&self, known: &KnownColumns) -> Base {
        let mut people: Vec<_> = self.people.iter().collect();
        people.sort_by(|one, other| one.id.cmp(&other.id));
        let columns = vec![
            texts("customer_id", people.iter().map(|person| Some(person.id.clone()))),
            Column::new(
                "order_count".into(),
                people.iter().map(|person| person.order_count).collect::<Vec<_>>(),
            ),
            Column::new(
                "p_alive".into(),
                people.iter().map(|person| person.p_alive).collect::<Vec<_>>(),
            ),
        ];
        let features = DataFrame::new(people.len(), columns).expect("one height");
        let none = DataFrame::empty();
        let parts = BaseParts {
            features: &features,
            segments: &none,
            customers: &none,
            signals: &none,
        };
        let columns: BTreeSet<String> = ["order_count", "p_alive"].map(str::to_owned).into();
        Base::new(parts, &columns, known, self.as_of()).expect("a base")
    }

    fn consents_table(&self, random: &mut Random) -> Option<Table<Consents>> {
        // As `normalize` does: grants up to the day, withdrawals whatever their date.
        let counts = |granted: bool, since: i64| !granted || since < i64::from(self.as_of + 1) * 24 * HOUR;
        let rows: Vec<_> = self.consents.as_ref()?.iter().collect();
        let rows: Vec<_> = rows
            .into_iter()
            .filter(|row| counts(row.is_granted, row.since))
            .collect();
        let columns = vec![
            texts("customer_id", rows.iter().map(|row| Some(self.owner(&row.key)))),
            texts("channel", rows.iter().map(|row| Some(row.channel))),
            texts("purpose", rows.iter().map(|row| Some(row.purpose))),
            texts(
                "status",
                rows.iter()
                    .map(|row| Some(if row.is_granted { "granted" } else { "withdrawn" })),
            ),
            timestamp_column("since", rows.iter().map(|row| row.since).collect()),
        ];
        Some(table(rows.len(), columns, random))
    }

    fn suppressions_table(&self, random: &mut Random) -> Table<Suppressions> {
        let rows = || self.suppressions.iter();
        let columns = vec![
            texts(
                "customer_id",
                rows().map(|row| row.who.key.as_ref().map(|key| self.owner(key))),
            ),
            texts("email", rows().map(|row| row.who.email.map(|email| email.email()))),
            texts("phone", rows().map(|row| row.who.phone.map(|phone| phone.phone()))),
            texts("channel", rows().map(|row| row.channel)),
            texts("purpose", rows().map(|row| row.purpose)),
            texts("reason", rows().map(|row| Some(row.reason))),
        ];
        table(self.suppressions.len(), columns, random)
    }

    fn denials(&self) -> Vec<Denial> {
        let denial = |(row, closed): (usize, &Closed)| Denial {
            origin: Origin {
                source_index: 0,
                file_index: 0,
            },
            row: row as u64,
            customer_id: closed.who.key.as_ref().map(|key| self.owner(key).to_owned()),
            email: closed.who.email.map(|email| email.email()),
            phone: closed.who.phone.map(|phone| phone.phone()),
            channel: closed.channel.map(str::to_owned),
        };
        self.denials.iter().enumerate().map(denial).collect()
    }

    fn interactions(&self, random: &mut Random) -> Table<Interactions> {
        let rows = || self.contacts.iter();
        let columns = vec![
            texts("customer_id", rows().map(|row| Some(self.owner(&row.key)))),
            days("occurred_on", rows().map(|row| Some(row.day))),
            texts("channel", rows().map(|row| row.channel)),
            texts("direction", rows().map(|row| row.direction)),
            texts("kind", rows().map(|row| Some(row.kind))),
        ];
        table(self.contacts.len(), columns, random)
    }

    /// As the nights before left it.
    fn held_out(&self) -> DataFrame {
        let rows = || self.held_out.iter();
        let columns = vec![
            texts("list", rows().map(|row| Some(row.list.clone()))),
            texts("customer_id", rows().map(|row| Some(row.customer.clone()))),
            texts("channel", rows().map(|row| Some(row.channel.clone()))),
            days("held_out_on", rows().map(|row| Some(row.day))),
        ];
        DataFrame::new(self.held_out.len(), columns).expect("one height")
    }

    fn cases_table(&self, random: &mut Random) -> Table<Cases> {
        let rows = || self.cases.iter();
        let open: Vec<Option<bool>> = rows().map(|row| row.is_open).collect();
        let columns = vec![
            texts("customer_id", rows().map(|row| Some(self.owner(&row.key)))),
            timestamp_column("opened_at", rows().map(|row| i64::from(row.day) * 24 * HOUR).collect()),
            days("opened_on", rows().map(|row| Some(row.day))),
            texts("kind", rows().map(|row| Some(row.kind))),
            Column::new("is_open".into(), open),
        ];
        table(self.cases.len(), columns, random)
    }

    fn links(&self, random: &mut Random) -> Table<IdentityLinks> {
        let links = || {
            let people = self.people.iter();
            people.flat_map(|person| person.keys.iter().map(|key| (person.id.as_str(), key.as_str())))
        };
        let height = links().count();
        let columns = vec![
            texts("key_space", links().map(|_| Some("main"))),
            texts("source_key", links().map(|(_, key)| Some(key))),
            texts("customer_id", links().map(|(id, _)| Some(id))),
            texts("rule", links().map(|_| Some("same_key"))),
            Column::new("score".into(), vec![1.0f64; height]),
        ];
        table(height, columns, random)
    }

    fn rules(&self) -> ContactRulesParams {
        let caps: Vec<String> = self
            .caps
            .iter()
            .map(|cap| {
                let channel = cap
                    .channel
                    .map_or_else(String::new, |channel| format!("channel = \"{channel}\", "));
                format!("{{ {channel}days = {}, contacts = {} }}", cap.days, cap.contacts)
            })
            .collect();
        let country = self
            .default_country
            .map_or_else(String::new, |country| format!("default_country = \"{country}\""));
        toml::from_str(&format!(
            "caps = [{}]\nquiet_days_after_case = {}\none_per_household = {}\nrequired_details = {}\n{country}",
            caps.join(", "),
            self.quiet_days,
            self.one_per_household,
            self.required_details
        ))
        .expect("rules")
    }

    fn targets(&self) -> Vec<TargetParams> {
        let target = |list: &super::world::List| {
            let mut text = format!(
                "name = \"{}\"\nchannel = \"{}\"\npurpose = \"{}\"\nwhere = \"order_count >= {}\"\norder_by = [\"order_count desc\"]\nexclusive = {}\n",
                list.name, list.channel, list.purpose, list.at_least, list.exclusive
            );
            let mut add = |key: &str, value: Option<String>| {
                if let Some(value) = value {
                    text.push_str(&format!("{key} = {value}\n"));
                }
            };
            let money = |hundredths: i64| format!("{}.{:02}", hundredths / 100, hundredths % 100);
            add("limit", list.limit.map(|limit| limit.to_string()));
            add("cost_per_contact", list.cost.map(money));
            add("budget", list.budget.map(money));
            add("expected_value", list.has_value.then(|| "\"p_alive * 10\"".to_owned()));
            add("priority", list.priority.map(|priority| priority.to_string()));
            add("one_per_household", list.one_per_household.map(|one| one.to_string()));
            add("control_share", list.control_share.map(|share| format!("{share:?}")));
            add("minimum_age", list.minimum_age.map(|age| age.to_string()));
            toml::from_str(&text).expect("a target")
        };
        self.lists.iter().map(target).collect()
    }

    /// Decides the night; `shuffle` puts the rows of all files in another order.
    pub(crate) fn decide(&self, before: Option<&DataFrame>, shuffle: u64) -> Night {
        let random = &mut Random(shuffle);
        let known = KnownColumns::new(&[], &[]);
        let base = self.base(&known);
        let customers = self.customers();
        let rules = self.rules().check().expect("rules");
        let params = ControlParams {
            salt: Some("salt".to_owned()),
            share: self.share,
            global_share: self.global_share,
        };
        let control = params.check("shop").expect("shares");
        let targets = check_targets(&self.targets(), &known, &rules, &control).expect("lists");
        let ways: Vec<_> = targets
            .iter()
            .map(|target| (target.channel(), target.purpose()))
            .collect();
        let (consents, suppressions) = (self.consents_table(random), self.suppressions_table(random));
        let (interactions, cases) = (self.interactions(random), self.cases_table(random));
        let held_out = self.held_out();
        let sources = PermissionSources {
            base: base.frame(),
            as_of: self.as_of(),
            customers: &customers,
            customers_now: None,
            consents: consents.as_ref(),
            suppressions: Some(&suppressions),
            denials: &self.denials(),
            accepted_bad_rows: self.accepted,
            interactions: Some(&interactions).filter(|_| self.knows_contacts),
            held_out: Some(&held_out),
            cases: Some(&cases),
        };
        let permissions = Permissions::new(sources, &ways, &rules).expect("permissions");
        let ids = base.frame().column("customer_id").expect("ids").str().expect("text");
        let keys = CustomerKeys::new(&self.links(random), ids).expect("keys");
        let lists = targets
            .iter()
            .map(|target| Candidates::of(target, &base).expect("candidates"));
        let sources = DecideSources {
            permissions: &permissions,
            keys: &keys,
            control: &control,
            before,
            held_out: Some(&held_out),
        };
        let decided = decide(sources, lists.collect()).expect("decided");
        let decisions = decided.decisions.into_frame();
        Night {
            rows: rows(&decisions),
            lists: decided.lists.into_frame(),
            decisions,
            reasons: decided.reasons.into_frame(),
            changes: decided.changes.into_frame(),
            holdouts: decided.holdouts.into_frame(),
        }
    }
}

/// The text of a column; empty for null.
pub(crate) fn column(frame: &DataFrame, name: &str) -> Vec<String> {
    let texts = frame.column(name).expect("there").str().expect("text");
    texts.iter().map(|text| text.unwrap_or_default().to_owned()).collect()
}

fn rows(frame: &DataFrame) -> Vec<Row> {
    let [lists, customers, decisions, reasons] =
        ["list", "customer_id", "decision", "reason"].map(|name| column(frame, name).into_iter());
    let ranks = frame.column("rank").expect("there").i64().expect("numbers").iter();
    let rows = lists.zip(customers).zip(decisions.zip(reasons)).zip(ranks);
    rows.map(|(((list, customer), (decision, reason)), rank)| Row {
        list,
        customer,
        decision,
        reason,
        rank,
    })
    .collect()
}
