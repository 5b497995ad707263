//! Everything but the orders that the files say of one person.

use crate::SampleFile;
use crate::basket::Basket;
use crate::campaign::CONTACT_DAYS;
use crate::channel::{Channel, Key};
use crate::details::Details;
use crate::header::OrderHeader;
use crate::history::{DAYS_PER_WEEK, Life, OPEN_SECONDS, OPENING_SECOND, SECONDS_PER_DAY, place_customer_orders};
use crate::plant::TablePlan;
use crate::row::COUNTRIES;
use crate::service::write_service;
use crate::stream::{Purpose, below, chance, pick, stream};
use crate::suppressions::write_suppressions;
use crate::table_text::{Cents, TableText};
use crate::truth::{TruthTotals, write_truth};
use crate::variant::{Variant, second_record};
use crate::whole::Scene;

/// Share of the people who cost something before they bought.
const ACQUIRED_SHARE: f64 = 0.6;

/// What came of one campaign.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct CampaignCount {
    pub(crate) treated_customers: u64,
    pub(crate) control_customers: u64,
    /// Orders in the days of the effect.
    pub(crate) treated_orders: u64,
    pub(crate) control_orders: u64,
    /// Orders that the contacts bring on average, given how long each person stayed.
    pub(crate) expected_extra_orders: f64,
}

impl CampaignCount {
    fn add(&mut self, more: &Self) {
        self.treated_customers += more.treated_customers;
        self.control_customers += more.control_customers;
        self.treated_orders += more.treated_orders;
        self.control_orders += more.control_orders;
        self.expected_extra_orders += more.expected_extra_orders;
    }
}

/// The rows of some people, one text a file.
#[derive(Debug, Default)]
pub(crate) struct PersonTables {
    pub(crate) customers: TableText,
    pub(crate) interactions: TableText,
    pub(crate) cases: TableText,
    pub(crate) costs: TableText,
    pub(crate) consents: TableText,
    pub(crate) suppressions: TableText,
    pub(crate) truth_customers: TableText,
    pub(crate) truth_identity: TableText,
    pub(crate) truth_assignments: TableText,
    pub(crate) campaigns: Vec<CampaignCount>,
    pub(crate) totals: TruthTotals,
}

impl PersonTables {
    /// Each text with its file.
    pub(crate) fn tables(&mut self) -> [(SampleFile, &mut TableText); 9] {
        [
            (SampleFile::Customers, &mut self.customers),
            (SampleFile::Interactions, &mut self.interactions),
            (SampleFile::Cases, &mut self.cases),
            (SampleFile::Costs, &mut self.costs),
            (SampleFile::Consents, &mut self.consents),
            (SampleFile::Suppressions, &mut self.suppressions),
            (SampleFile::TruthCustomers, &mut self.truth_customers),
            (SampleFile::TruthIdentity, &mut self.truth_identity),
            (SampleFile::TruthAssignments, &mut self.truth_assignments),
        ]
    }

    /// Adds what the people of another part did; their rows are elsewhere already.
    pub(crate) fn add_counts(&mut self, part: &Self) {
        self.totals.append(&part.totals);
        self.campaigns.resize_with(part.campaigns.len(), CampaignCount::default);
        for (sum, more) in self.campaigns.iter_mut().zip(&part.campaigns) {
            sum.add(more);
        }
    }
}

/// Writes all rows of one person. `orders` and `basket` are scratch room.
pub(crate) fn write_person(
    scene: &Scene<'_>,
    plan: &TablePlan,
    number: u32,
    (orders, basket): (&mut Vec<OrderHeader>, &mut Basket),
    out: &mut PersonTables,
) {
    orders.clear();
    let life = place_customer_orders(scene.params, number, orders);
    write_customers(scene, number, &life, orders, out);
    write_consents(scene, number, &life, out);
    let first_day = joined_day(orders, life.traits.channels.first);
    write_suppressions(scene, number, &life, first_day, out);
    write_acquisition(scene, number, orders, out);
    write_contacts(scene, number, &life, out);
    count_campaigns(scene, &life, orders, out);
    write_service(scene, number, &life, orders, out);
    write_truth(scene, number, &life, (orders, basket), out);
    for (file, table) in out.tables() {
        plan.plant(scene.params, file, number, table);
    }
}

/// The first day on which a person bought in a channel; that of the first order of all where never.
fn joined_day(orders: &[OrderHeader], channel: Channel) -> u32 {
    let own = orders.iter().find(|order| order.channel() == channel);
    own.or(orders.first())
        .map_or(0, |order| order.second() / SECONDS_PER_DAY)
}

fn write_customers(scene: &Scene<'_>, number: u32, life: &Life, orders: &[OrderHeader], out: &mut PersonTables) {
    let traits = &life.traits;
    let original = Details::draw(scene.params, number, traits.country);
    let second = traits
        .channels
        .second
        .map(|_| second_record(scene.params, number, traits.country, &original));
    let records = [(Variant::Original, original)].into_iter().chain(second);
    for (channel, (variant, record)) in traits.channels.all().zip(records) {
        let key = Key {
            channel,
            person: number,
        };
        let kind = if record.is_company { "company" } else { "person" };
        out.customers.row(&[
            &key,
            &kind,
            &record.name(),
            &record.given_name,
            &record.family_name,
            &record.email,
            &record.phone,
            &record.birth_date,
            &record.address.street,
            &record.address.city,
            &record.address.postcode,
            &COUNTRIES[usize::from(traits.country)].code,
            &scene.texts.day_text(joined_day(orders, channel)),
            &record.household_id,
            &record.company_name,
            &record.tax_id,
        ]);
        let own_orders = orders
            .iter()
            .filter(|order| order.channel() == channel && !order.is_return());
        out.truth_identity
            .row(&[&key, &person_id(number), &variant.slug(), &own_orders.count()]);
    }
}

/// The id of a person in the truth; no system knows it.
pub(crate) fn person_id(number: u32) -> String {
    format!("C{number:07}")
}

fn first_key(number: u32, life: &Life) -> Key {
    Key {
        channel: life.traits.channels.first,
        person: number,
    }
}

fn write_consents(scene: &Scene<'_>, number: u32, life: &Life, out: &mut PersonTables) {
    let first = first_key(number, life);
    let second = life.traits.channels.second.map(|channel| Key { channel, ..first });
    for consent in &life.marketing.consents {
        let Some(granted) = consent.granted else { continue };
        let mut row = |key: Key, status: &str, day: u32| {
            let since = scene.texts.day_text(day);
            out.consents
                .row(&[&key, &consent.channel.name(), &"marketing", &status, &since]);
        };
        row(first, "granted", granted);
        if let Some(withdrawn) = consent.withdrawn {
            let key = second.filter(|_| consent.withdrawn_under_second_key).unwrap_or(first);
            row(key, "withdrawn", withdrawn);
        }
    }
}

fn write_acquisition(scene: &Scene<'_>, number: u32, orders: &[OrderHeader], out: &mut PersonTables) {
    let mut rng = stream(scene.params.params().seed, Purpose::Acquisition, u64::from(number));
    let is_acquired = chance(&mut rng, ACQUIRED_SHARE);
    let cents = 200 + i64::from(below(&mut rng, 2_000));
    let Some(first) = orders.first().filter(|_| is_acquired) else {
        return;
    };
    let key = Key {
        channel: first.channel(),
        person: number,
    };
    out.costs.row(&[
        &format_args!("A{number:07}"),
        &"acquisition",
        &scene.texts.day_text(first.second() / SECONDS_PER_DAY),
        &Cents(cents),
        &"EUR",
        &key,
        &"",
        &"",
    ]);
}

fn write_contacts(scene: &Scene<'_>, number: u32, life: &Life, out: &mut PersonTables) {
    let mut rng = stream(scene.params.params().seed, Purpose::Contacts, u64::from(number));
    let key = first_key(number, life);
    for assignment in &life.marketing.assignments {
        let campaign = &scene.params.campaigns[assignment.campaign];
        let day = campaign.first_day + below(&mut rng, CONTACT_DAYS);
        let second = day * SECONDS_PER_DAY + OPENING_SECOND + below(&mut rng, OPEN_SECONDS);
        let outcome = pick(&mut rng, campaign.channel.outcomes());
        let arm = if assignment.is_treated { "treated" } else { "control" };
        out.truth_assignments
            .row(&[&campaign.id, &person_id(number), &key, &arm]);
        if assignment.is_treated {
            out.interactions.row(&[
                &key,
                &campaign.id,
                &scene.texts.moment_text(second),
                &campaign.channel.name(),
                &"outbound",
                &"contact",
                outcome,
                &Cents(campaign.channel.contact_cents()),
            ]);
        }
    }
}

fn count_campaigns(scene: &Scene<'_>, life: &Life, orders: &[OrderHeader], out: &mut PersonTables) {
    out.campaigns
        .resize_with(scene.params.campaigns.len(), CampaignCount::default);
    for assignment in &life.marketing.assignments {
        let campaign = &scene.params.campaigns[assignment.campaign];
        let days = campaign.effect_days();
        let in_effect = orders
            .iter()
            .filter(|order| !order.is_return() && days.contains(&(order.second() / SECONDS_PER_DAY)));
        let count = &mut out.campaigns[assignment.campaign];
        if !assignment.is_treated {
            count.control_customers += 1;
            count.control_orders += in_effect.count() as u64;
            continue;
        }
        count.treated_customers += 1;
        count.treated_orders += in_effect.count() as u64;
        let from = (f64::from(days.start) / DAYS_PER_WEEK).max(life.traits.joined_week);
        let until = (f64::from(days.end) / DAYS_PER_WEEK).min(life.active_until_week);
        count.expected_extra_orders += life.traits.purchases_per_week * campaign.lift * (until - from).max(0.0);
    }
}
