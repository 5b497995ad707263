//! What is told of a customer as parts of a page.

use cartera_table::{Date, Money};

use super::page::{Bar, Block, BlockTable, Cell, Fact, first_day};
use super::view::{ClusterFeature, CustomerView, Detail, Event, ListDecision, PersonStatus};
use crate::words::{Argument, UNKNOWN, Words};

/// The parts that have something to say, in their order.
pub(super) fn blocks(view: &CustomerView, words: &Words) -> Vec<Block> {
    let told = Told { view, words };
    let all = [
        told.who(),
        told.value(),
        told.cluster(),
        told.rhythm(),
        told.next(),
        told.signals(),
        told.lists(),
        told.cases(),
        told.contacts(),
        told.permissions(),
        told.unknown(),
    ];
    let says = |block: &Block| {
        let has_rows = block.table.as_ref().is_some_and(|table| !table.rows.is_empty());
        has_rows || !block.tiles.is_empty() || !block.facts.is_empty() || block.note.is_some()
    };
    all.into_iter().filter(says).collect()
}

struct Told<'v> {
    view: &'v CustomerView,
    words: &'v Words,
}

impl Told<'_> {
    fn block(&self, id: &'static str) -> Block {
        Block {
            id,
            title: self.words.say(&format!("customer-{id}")),
            ..Block::default()
        }
    }

    fn fact(&self, name: &str, text: Option<String>) -> Option<Fact> {
        Some(Fact {
            label: self.words.say(&format!("customer-fact-{name}")),
            text: text.filter(|text| !text.is_empty())?,
            note: None,
        })
    }

    fn money(&self, name: &str, amount: Option<Money>) -> Option<Fact> {
        self.fact(name, amount.map(|amount| self.words.money(amount.0)))
    }

    fn who(&self) -> Block {
        let view = self.view;
        let detail = |detail: &Detail| Fact {
            label: self.words.label("column", detail.name),
            text: self.said(detail),
            note: None,
        };
        let keys: Vec<String> = view
            .keys
            .iter()
            .map(|key| format!("{}:{}", key.key_space, key.source_key))
            .collect();
        let stage = view.lifecycle.as_ref().map(|stage| {
            let name = self.words.label("lifecycle_stage", &stage.lifecycle_stage);
            format!("{name}{}", self.since(stage.lifecycle_since))
        });
        let owner = view.owner.as_ref().map(|owner| {
            let reason = self.words.label("reason", &owner.reason);
            owner
                .owner_id
                .as_ref()
                .map_or(reason.clone(), |id| format!("{id} ({reason})"))
        });
        let facts = [
            self.fact("stage", stage),
            self.fact("owner", owner),
            self.fact("keys", Some(keys.join(", "))),
        ];
        let details = view.person.details.iter().chain(&view.traits).map(detail);
        Block {
            note: (view.person.status == PersonStatus::Hidden).then(|| self.words.say("customer-hidden")),
            facts: details.chain(facts.into_iter().flatten()).collect(),
            ..self.block("who")
        }
    }

    /// Days and categories in the page's language, all else as it stands.
    fn said(&self, detail: &Detail) -> String {
        let kind = match detail.name {
            "customer_type" => "customer_type",
            "main_channel" | "acquisition_channel" => "channel",
            _ => {
                let day = detail.value.parse::<Date>();
                return day.map_or_else(|_| detail.value.clone(), |day| self.words.date(day));
            }
        };
        self.words.label(kind, &detail.value)
    }

    fn value(&self) -> Block {
        let (value, words) = (&self.view.value, self.words);
        let interval = value.clv_horizon_low.zip(value.clv_horizon_high).map(|(low, high)| {
            let level = words.percent(value.clv_interval.unwrap_or_default(), 0);
            let (low, high) = (words.money(low.0), words.money(high.0));
            let said: [(&str, Argument); 3] = [("level", level.into()), ("low", low.into()), ("high", high.into())];
            words.say_with("customer-interval", &said)
        });
        let horizon = self.money("clv_horizon", value.clv_horizon).map(|fact| Fact {
            note: interval,
            label: format!("{} ({})", fact.label, value.horizon_months.unwrap_or_default()),
            ..fact
        });
        let tiles = [
            self.money("net_sales", value.net_sales),
            self.fact("order_count", value.order_count.map(|count| words.count(count))),
            self.money("net_profit", value.net_profit),
            self.money("clv_12m", value.clv_12m),
            self.money("vin", value.vin),
            self.fact("p_alive", value.p_alive.map(|share| words.percent(share, 0))),
        ];
        let label = |kind: &str, slug: &Option<String>| slug.as_ref().map(|slug| words.label(kind, slug));
        let score = value
            .rfm_score
            .as_ref()
            .map_or_else(String::new, |score| format!(" ({score})"));
        let facts = [
            self.fact(
                "rfm",
                label("rfm_segment", &value.rfm_segment).map(|name| name + &score),
            ),
            self.fact("pareto", label("pareto_class", &value.pareto_class)),
            self.fact("tier", label("value_tier", &value.value_tier)),
            self.fact("bonding", value.bonding.map(|bonding| words.number(bonding, 0))),
            self.money("average_order_value", value.average_order_value),
            self.money("returned_amount", value.returned_amount),
            self.money("gross_margin", value.gross_margin),
            self.money("cost_to_serve", value.cost_to_serve),
            self.money("acquisition_cost", value.acquisition_cost),
            horizon,
            self.fact(
                "expected_orders_12m",
                value.expected_orders_12m.map(|orders| words.number(orders, 1)),
            ),
            self.money("vin_realized", value.vin_realized),
            self.money("vin_expected", value.vin_expected),
        ];
        Block {
            tiles: tiles.into_iter().flatten().collect(),
            facts: facts.into_iter().flatten().collect(),
            ..self.block("value")
        }
    }

    fn cluster(&self) -> Block {
        let words = self.words;
        let Some(cluster) = &self.view.cluster else {
            return Block::default();
        };
        let named = |name: &str, distance: Option<f64>| {
            let distance = distance.map_or_else(|| UNKNOWN.to_owned(), |distance| words.number(distance, 2));
            let said = [
                ("name", words.label("cluster", name).into()),
                ("distance", distance.into()),
            ];
            words.say_with("customer-distance", &said)
        };
        let next = cluster.next.as_ref();
        let facts = [
            self.fact("cluster", Some(named(&cluster.cluster, cluster.distance))),
            self.fact(
                "next_cluster",
                next.map(|next| named(&next.cluster, Some(next.distance))),
            ),
        ];
        let row = |feature: &ClusterFeature| {
            let number = |value: Option<f64>| {
                numbers(value.map_or_else(|| UNKNOWN.to_owned(), |value| words.number(value, digits(value))))
            };
            vec![
                plain(words.label("column", &feature.feature)),
                number(feature.value),
                number(Some(feature.center)),
                number(feature.next_center),
                number(feature.pull),
            ]
        };
        Block {
            facts: facts.into_iter().flatten().collect(),
            table: self.table(
                &["feature", "value+", "center+", "next_center+", "pull+"],
                cluster.features.iter().map(row),
            ),
            ..self.block("cluster")
        }
    }

    fn rhythm(&self) -> Block {
        let (rhythm, words) = (&self.view.rhythm, self.words);
        let days = |days: f64| words.number(days, 0);
        let facts = [
            self.fact("first_order_date", rhythm.first_order_date.map(|day| words.date(day))),
            self.fact("last_order_date", rhythm.last_order_date.map(|day| words.date(day))),
            self.fact("order_gap_mean_days", rhythm.order_gap_mean_days.map(days)),
            self.fact(
                "days_since_last_order",
                rhythm.days_since_last_order.map(|days| words.count(days)),
            ),
            self.fact("due_on", rhythm.due_on.map(|day| words.date(day))),
            self.fact("days_overdue", rhythm.days_overdue.map(days)),
        ];
        let most = rhythm
            .months
            .iter()
            .filter_map(|month| month.orders)
            .max()
            .unwrap_or(0)
            .max(1);
        let bar = |month: &super::view::MonthOfOrders| {
            let name = first_day(&month.month).map_or_else(|| month.month.clone(), |day| words.month_short(day));
            let orders = month
                .orders
                .map_or_else(|| UNKNOWN.to_owned(), |orders| words.count(orders.into()));
            Bar {
                tip: format!("{name}: {orders}"),
                height: month.orders.map(|orders| orders * 100 / most),
            }
        };
        let order = |event: &Event| {
            vec![
                plain(self.day(event)),
                plain(event.reference.clone().unwrap_or_default()),
                numbers(event.amount.map_or_else(String::new, |amount| words.money(amount.0))),
                numbers(event.line_count.map_or_else(String::new, |count| words.count(count))),
                plain(self.label("event", Some(&event.event))),
                plain(self.label("status", event.status.as_ref())),
            ]
        };
        Block {
            facts: facts.into_iter().flatten().collect(),
            months: rhythm.months.iter().map(bar).collect(),
            table: self.table(
                &["day", "order", "amount+", "lines+", "event", "status"],
                self.view.orders.iter().map(order),
            ),
            ..self.block("rhythm")
        }
    }

    fn next(&self) -> Block {
        let words = self.words;
        let Some(next) = &self.view.next_contact else {
            return Block::default();
        };
        let channel = next.channel.as_ref().map(|channel| words.label("channel", channel));
        let facts = [
            self.fact(
                "action",
                next.action.as_ref().map(|action| words.label("action", action)),
            ),
            self.fact("reason", Some(words.label("reason", &next.reason))),
            self.fact("channel", channel),
            self.fact(
                "purpose",
                next.purpose.as_ref().map(|purpose| words.label("purpose", purpose)),
            ),
            self.fact("earliest_on", next.earliest_on.map(|day| words.date(day))),
            self.money("plan_value", next.value),
            self.fact("last_contact_on", next.last_contact_on.map(|day| words.date(day))),
        ];
        Block {
            facts: facts.into_iter().flatten().collect(),
            ..self.block("next")
        }
    }

    fn signals(&self) -> Block {
        let words = self.words;
        let rows = self.view.signals.iter().map(|signal| {
            vec![
                plain(words.label("signal", &signal.signal)),
                plain(signal.since.map_or_else(String::new, |day| words.date(day))),
                plain(words.label("suggested_action", &signal.suggested_action)),
                numbers(
                    signal
                        .value_at_stake
                        .map_or_else(String::new, |amount| words.money(amount.0)),
                ),
                plain(signal.evidence.clone()),
            ]
        });
        Block {
            table: self.table(&["signal", "since", "do", "at_stake+", "evidence"], rows),
            ..self.block("signals")
        }
    }

    fn lists(&self) -> Block {
        let words = self.words;
        let row = |list: &ListDecision| {
            let reason = self.label("reason", list.reason.as_ref());
            let detail = list
                .detail
                .as_ref()
                .map_or_else(String::new, |detail| format!(" ({detail})"));
            vec![
                plain(words.label("list", &list.list)),
                plain(words.label("decision", &list.decision)),
                plain(reason + &detail),
                plain(list.listed_since.map_or_else(String::new, |day| words.date(day))),
            ]
        };
        Block {
            table: self.table(
                &["list", "decision", "reason", "since"],
                self.view.lists.iter().map(row),
            ),
            ..self.block("lists")
        }
    }

    fn cases(&self) -> Block {
        let (relations, words) = (&self.view.relations, self.words);
        let facts = [
            self.fact(
                "open_case_count",
                relations.open_case_count.map(|count| words.count(count)),
            ),
            self.fact(
                "case_count_12m",
                relations.case_count_12m.map(|count| words.count(count)),
            ),
            self.fact(
                "satisfaction_mean",
                relations.satisfaction_mean.map(|mean| words.number(mean, 1)),
            ),
            self.fact(
                "nps_class",
                relations
                    .nps_class
                    .as_ref()
                    .map(|class| words.label("nps_class", class)),
            ),
        ];
        let rows = self.view.cases.iter().map(|event| {
            vec![
                plain(self.day(event)),
                plain(self.label("event", Some(&event.event))),
                plain(self.label("kind", event.subject.as_ref())),
                plain(event.reference.clone().unwrap_or_default()),
                plain(self.label("severity", event.severity.as_ref())),
                numbers(
                    event
                        .score
                        .map_or_else(String::new, |score| words.number(score, digits(score))),
                ),
                plain(self.label("status", event.status.as_ref())),
            ]
        });
        Block {
            facts: facts.into_iter().flatten().collect(),
            table: self.table(
                &["day", "event", "case_kind", "reference", "severity", "score+", "status"],
                rows,
            ),
            ..self.block("cases")
        }
    }

    fn contacts(&self) -> Block {
        let (relations, words) = (&self.view.relations, self.words);
        let preferred = relations
            .preferred_channel
            .as_ref()
            .map(|channel| words.label("channel", channel));
        let facts = [
            self.fact(
                "contact_count_90d",
                relations.contact_count_90d.map(|count| words.count(count)),
            ),
            self.fact(
                "response_rate",
                relations.response_rate.map(|rate| words.percent(rate, 0)),
            ),
            self.fact("preferred_channel", preferred),
            self.fact("preferred_hour", relations.preferred_hour.map(|hour| words.count(hour))),
        ];
        let rows = self.view.contacts.iter().map(|event| {
            vec![
                plain(self.day(event)),
                plain(self.label("event", Some(&event.event))),
                plain(self.label("direction", event.direction.as_ref())),
                plain(self.label("channel", event.channel.as_ref())),
                plain(event.reference.clone().unwrap_or_default()),
                plain(event.status.clone().unwrap_or_default()),
            ]
        });
        Block {
            facts: facts.into_iter().flatten().collect(),
            table: self.table(&["day", "event", "direction", "channel", "campaign", "outcome"], rows),
            ..self.block("contacts")
        }
    }

    /// What the customer allows, and what somebody closed.
    fn permissions(&self) -> Block {
        let every = |kind: &str, slug: &Option<String>| {
            slug.as_ref()
                .map_or_else(|| self.words.say("customer-every"), |slug| self.words.label(kind, slug))
        };
        let rows = self.view.consents.iter().chain(&self.view.suppressions).map(|event| {
            vec![
                plain(every("channel", &event.channel)),
                plain(every("purpose", &event.purpose)),
                plain(self.label("event", Some(&event.event))),
                plain(self.label("reason", event.status.as_ref())),
                plain(event.occurred_on.map_or_else(String::new, |day| self.words.date(day))),
            ]
        });
        Block {
            table: self.table(&["channel", "purpose", "event", "reason", "since"], rows),
            ..self.block("permissions")
        }
    }

    fn unknown(&self) -> Block {
        let facts = self.view.unknown.iter().map(|unknown| {
            let slug = unknown.what.replace(' ', "_");
            let (what, source) = (format!("customer-unknown-{slug}"), format!("customer-source-{slug}"));
            let said = |key: &str, plain: &str| match self.words.knows(key) {
                true => self.words.say(key),
                false => plain.to_owned(),
            };
            Fact {
                label: said(&what, unknown.what),
                text: said(&source, unknown.source),
                note: None,
            }
        });
        Block {
            facts: facts.collect(),
            ..self.block("unknown")
        }
    }

    /// Names that end in + are of numbers.
    fn table(&self, names: &[&str], rows: impl Iterator<Item = Vec<Cell>>) -> Option<BlockTable> {
        let heading = |name: &&str| Cell {
            text: self
                .words
                .say(&format!("customer-column-{}", name.trim_end_matches('+'))),
            is_number: name.ends_with('+'),
        };
        let rows: Vec<Vec<Cell>> = rows.collect();
        (!rows.is_empty()).then(|| BlockTable {
            headings: names.iter().map(heading).collect(),
            rows,
        })
    }

    fn label(&self, kind: &str, slug: Option<&String>) -> String {
        slug.map_or_else(String::new, |slug| self.words.label(kind, slug))
    }

    fn since(&self, day: Option<Date>) -> String {
        day.map_or_else(String::new, |day| {
            let said = [("day", Argument::Text(self.words.date(day)))];
            format!(" {}", self.words.say_with("customer-since", &said))
        })
    }

    fn day(&self, event: &Event) -> String {
        let day = event
            .occurred_on
            .map_or_else(|| UNKNOWN.to_owned(), |day| self.words.date(day));
        let hour = event
            .occurred_hour
            .map_or_else(String::new, |hour| format!(" {hour:02} h"));
        day + &hour
    }
}

/// As many digits as say something.
fn digits(value: f64) -> u8 {
    match value.abs() {
        size if size >= 100.0 => 0,
        size if size >= 10.0 => 1,
        _ => 2,
    }
}

fn plain(text: String) -> Cell {
    Cell { text, is_number: false }
}

fn numbers(text: String) -> Cell {
    Cell { text, is_number: true }
}
