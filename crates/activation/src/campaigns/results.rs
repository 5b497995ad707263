//! From the clean tables to `campaign_results`.

use std::collections::{BTreeSet, HashMap};

use cartera_table::contracts::{CampaignResults, CostEntries, Interactions, SourceCampaigns};
use cartera_table::frame::{dates, decimal, int64, optional_decimal_column, sum_column, text};
use cartera_table::{ColumnType, Table, TableError, ratio_half_even};
use polars::prelude::{Column, DataFrame};

use super::answer::InteractionWords;
use super::calendar::month_name;
use super::params::CampaignValidParams;
use super::summary::CampaignsSummary;
use super::tally::{Counts, FirstOrder, NO_CAMPAIGN, NO_MONTH, Tally, Touch};

/// What the results of campaigns are made of.
#[derive(Clone, Copy)]
pub struct CampaignSources<'s> {
    /// The customers in the order of their ids: `customer_id`, `first_order_date`, and `first_order_sales`, the sales
    /// of that day in ten-thousandths.
    pub customers: &'s DataFrame,
    /// Contacts up to the day of the run; none where no source tells of them.
    pub interactions: Option<&'s Table<Interactions>>,
    /// All costs that the income statement counts beside those of goods; none where no source states any.
    pub entries: Option<&'s Table<CostEntries>>,
    /// What campaigns are called; none where no source tells.
    pub campaigns: Option<&'s Table<SourceCampaigns>>,
    /// Whether an outcome of an outbound contact is an answer.
    pub is_response: &'s dyn Fn(&str) -> bool,
}

/// What campaigns came to.
#[derive(Debug, Clone)]
pub struct Campaigns {
    /// By month.
    pub table: Table<CampaignResults>,
    /// Over all months.
    pub summary: CampaignsSummary,
}

/// The results of all campaigns.
///
/// # Errors
/// When a column is not there or the engine fails.
pub fn campaign_results(sources: CampaignSources<'_>, params: &CampaignValidParams) -> Result<Campaigns, TableError> {
    let names = Names::new(sources)?;
    let mut tally = Tally::new(params.attribution_days);
    if let Some(interactions) = sources.interactions {
        add_touches(&mut tally, interactions.frame(), &names, sources)?;
    }
    if let Some(entries) = sources.entries {
        add_costs(&mut tally, entries.frame(), &names)?;
    }
    let rows = tally.finish();
    let told = told_names(sources.campaigns)?;
    let knows_costs = sources.entries.is_some();
    Ok(Campaigns {
        table: Table::new(frame(&rows, &names, &told, knows_costs)?)?,
        summary: CampaignsSummary::of(&rows, |code| names.of(code), &told, knows_costs),
    })
}

/// Campaigns as numbers, in the order of their ids.
struct Names<'s> {
    ids: Vec<&'s str>,
    codes: HashMap<&'s str, u32>,
}

impl<'s> Names<'s> {
    fn new(sources: CampaignSources<'s>) -> Result<Self, TableError> {
        let frames = [
            sources.interactions.map(Table::frame),
            sources.entries.map(Table::frame),
        ];
        let mut ids = BTreeSet::new();
        for frame in frames.into_iter().flatten() {
            let mut last = None;
            for id in text(frame, "campaign_id")?.iter().flatten() {
                // Rows of a campaign often follow each other.
                if last != Some(id) {
                    ids.insert(id);
                    last = Some(id);
                }
            }
        }
        let ids: Vec<&str> = ids.into_iter().collect();
        let codes = ids.iter().copied().zip(1_u32..).collect();
        Ok(Self { ids, codes })
    }

    fn code(&self, id: Option<&str>) -> u32 {
        id.and_then(|id| self.codes.get(id).copied()).unwrap_or(NO_CAMPAIGN)
    }

    fn of(&self, code: u32) -> Option<&'s str> {
        let place = (code as usize).checked_sub(1)?;
        self.ids.get(place).copied()
    }
}

/// Goes through contacts, which are in the order of customers, beside the customers.
fn add_touches(
    tally: &mut Tally,
    frame: &DataFrame,
    names: &Names<'_>,
    sources: CampaignSources<'_>,
) -> Result<(), TableError> {
    let mut customers = FirstOrders::new(sources.customers)?;
    let (days, campaigns) = (dates(frame, "occurred_on")?, text(frame, "campaign_id")?);
    let words = text(frame, "kind")?.iter().zip(text(frame, "outcome")?.iter());
    let words = text(frame, "direction")?.iter().zip(words);
    let facts = days.iter().zip(campaigns.iter()).zip(words);
    let mut customer = None;
    for (id, ((day, campaign), (direction, (kind, outcome)))) in text(frame, "customer_id")?.iter().zip(facts) {
        let (Some(id), Some(day)) = (id, day) else { continue };
        if customer != Some(id) {
            tally.begin(customers.of(id));
            customer = Some(id);
        }
        let words = InteractionWords {
            kind,
            direction,
            outcome,
            campaign_id: campaign,
        };
        tally.touch(Touch {
            campaign: names.code(campaign),
            day,
            is_contact: words.is_contact(),
            is_response: words.is_answer(sources.is_response),
        });
    }
    Ok(())
}

/// A customer with the day and the sales of the first order.
type Customer<'s> = (Option<&'s str>, (Option<i32>, Option<i64>));

/// First orders, found by ids that ascend.
struct FirstOrders<'s> {
    ids: Box<dyn Iterator<Item = Customer<'s>> + 's>,
    next: Option<(&'s str, Option<FirstOrder>)>,
}

impl<'s> FirstOrders<'s> {
    fn new(customers: &'s DataFrame) -> Result<Self, TableError> {
        if customers.height() == 0 {
            return Ok(Self {
                ids: Box::new(std::iter::empty()),
                next: None,
            });
        }
        let days = dates(customers, "first_order_date")?.iter();
        let orders = days.zip(int64(customers, "first_order_sales")?.iter());
        let mut found = Self {
            ids: Box::new(text(customers, "customer_id")?.iter().zip(orders)),
            next: None,
        };
        found.step();
        Ok(found)
    }

    fn step(&mut self) {
        self.next = self.ids.next().and_then(|(id, (day, sales))| {
            let order = day.map(|day| FirstOrder {
                day,
                sales: sales.unwrap_or_default().into(),
            });
            Some((id?, order))
        });
    }

    /// None of who has no order, or is no customer of the run.
    fn of(&mut self, id: &str) -> Option<FirstOrder> {
        while self.next.is_some_and(|(next, _)| next < id) {
            self.step();
        }
        self.next.filter(|(next, _)| *next == id)?.1
    }
}

fn add_costs(tally: &mut Tally, frame: &DataFrame, names: &Names<'_>) -> Result<(), TableError> {
    let facts = dates(frame, "incurred_on")?
        .iter()
        .zip(decimal(frame, "amount")?.iter());
    let facts = text(frame, "campaign_id")?.iter().zip(facts);
    for (kind, (campaign, (day, amount))) in text(frame, "kind")?.iter().zip(facts) {
        let amount = amount.unwrap_or_default();
        let code = names.code(campaign);
        match kind {
            Some("contact") => tally.cost(code, day).contact_cost += amount,
            Some("campaign") => tally.cost(code, day).campaign_cost += amount,
            // What names no campaign is no cost of campaigns.
            _ if code != NO_CAMPAIGN => tally.cost(code, day).further_cost += amount,
            _ => {}
        }
    }
    Ok(())
}

/// What the campaign files call their campaigns.
fn told_names(campaigns: Option<&Table<SourceCampaigns>>) -> Result<HashMap<&str, &str>, TableError> {
    let Some(campaigns) = campaigns else {
        return Ok(HashMap::new());
    };
    let frame = campaigns.frame();
    let names = text(frame, "campaign_id")?.iter().zip(text(frame, "name")?.iter());
    Ok(names.filter_map(|(id, name)| Some((id?, name?))).collect())
}

/// A row of counts with its campaign and month.
pub(super) type Row = ((u32, i32), Counts);

fn frame(
    rows: &[Row],
    names: &Names<'_>,
    told: &HashMap<&str, &str>,
    knows_costs: bool,
) -> Result<DataFrame, TableError> {
    let ids: Vec<Option<&str>> = rows.iter().map(|((code, _), _)| names.of(*code)).collect();
    let called: Vec<Option<&str>> = ids.iter().map(|id| told.get((*id)?).copied()).collect();
    let months = rows
        .iter()
        .map(|((_, month), _)| (*month != NO_MONTH).then(|| month_name(*month)));
    let count = |name: &str, of: fn(&Counts) -> i64| {
        let values: Vec<i64> = rows.iter().map(|(_, counts)| of(counts)).collect();
        Column::new(name.into(), values)
    };
    let money = |name: &str, of: &dyn Fn(&Counts) -> Option<i128>| {
        let values = rows.iter().map(|(_, counts)| of(counts).filter(|_| knows_costs));
        optional_decimal_column(name, values, ColumnType::SUM)
    };
    let cost_per =
        |name: &str, of: fn(&Counts) -> i64| money(name, &|counts| ratio_half_even(counts.cost(), of(counts).into()));
    let rates: Vec<Option<f64>> = rows.iter().map(|(_, counts)| response_rate(counts)).collect();
    let columns = vec![
        Column::new("campaign_id".into(), ids),
        Column::new("month".into(), months.collect::<Vec<_>>()),
        Column::new("campaign_name".into(), called),
        count("contact_count", |counts| counts.contacts),
        count("contacted_customers", |counts| counts.contacted_customers),
        count("response_count", |counts| counts.responses),
        count("responding_customers", |counts| counts.responding_customers),
        Column::new("response_rate".into(), rates),
        money("contact_cost", &|counts| Some(counts.contact_cost)),
        money("campaign_cost", &|counts| Some(counts.campaign_cost)),
        money("further_cost", &|counts| Some(counts.further_cost)),
        money("cost", &|counts| Some(counts.cost())),
        count("customers_won", |counts| counts.customers_won),
        sum_column(
            "first_order_sales",
            rows.iter().map(|(_, counts)| counts.first_order_sales).collect(),
        ),
        cost_per("cost_per_contact", |counts| counts.contacts),
        cost_per("cost_per_response", |counts| counts.responses),
        cost_per("acquisition_cost_per_customer_won", |counts| counts.customers_won),
    ];
    Ok(DataFrame::new(rows.len(), columns)?)
}

/// Answers per contact; none without a contact.
#[expect(clippy::cast_precision_loss, reason = "a rate for people")]
pub(super) fn response_rate(counts: &Counts) -> Option<f64> {
    (counts.contacts > 0).then(|| counts.responses as f64 / counts.contacts as f64)
}
