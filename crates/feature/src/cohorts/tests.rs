//! The months of customers against what their definitions say, looked up day by day.

use std::collections::BTreeSet;

use cartera_table::AsOf;
use proptest::prelude::*;

use super::activity::{ActivityRules, CustomerDay, MonthlyActivity};
use super::amounts::Amounts;
use super::calendar::{Calendar, month_of, month_text};
use super::rows::{CohortRow, KpiRow, cohort_rows, kpi_rows};

/// 2020-01-15.
const FIRST_DAY: i32 = 18_276;
const LAPSED_DAYS: i32 = 40;
const LOST_DAYS: i32 = 75;

fn rules(last_day: i32) -> ActivityRules {
    ActivityRules {
        first_day: FIRST_DAY,
        last_day,
        lapsed_days: LAPSED_DAYS,
        lost_days: LOST_DAYS,
        calendar: Calendar::new(FIRST_DAY, last_day),
    }
}

fn text_of(day: i32) -> String {
    AsOf::from_epoch_days(day).expect("a day").month()
}

fn day(day: i32, is_purchase: bool, amount: i128) -> CustomerDay {
    CustomerDay {
        day,
        is_purchase,
        amounts: Amounts {
            order_count: i64::from(is_purchase),
            gross_sales: if is_purchase { amount } else { 0 },
            net_sales: if is_purchase { amount } else { -amount },
            costed_sales: amount / 2,
            cost_of_goods: amount / 3,
            costed_line_count: i64::from(amount % 3 == 0),
        },
    }
}

fn counted(customers: &[Vec<CustomerDay>], rules: &ActivityRules) -> MonthlyActivity {
    let mut activity = MonthlyActivity::default();
    for customer in customers {
        activity.add(customer, rules).expect("small sums");
    }
    activity
}

/// One customer, looked at as the contract puts it.
struct Slow<'d> {
    days: &'d [CustomerDay],
    purchases: BTreeSet<i32>,
}

impl<'d> Slow<'d> {
    fn new(days: &'d [CustomerDay]) -> Self {
        let purchases = days.iter().filter(|day| day.is_purchase && day.day >= FIRST_DAY);
        Self {
            days,
            purchases: purchases.map(|day| day.day).collect(),
        }
    }

    fn cohort(&self) -> Option<String> {
        self.purchases.first().map(|day| text_of(*day))
    }

    fn bought_in(&self, month: &str) -> bool {
        self.purchases.iter().any(|day| text_of(*day) == month)
    }

    fn bought_in_months(&self, from: i32, to: i32) -> bool {
        (from..=to).any(|month| self.bought_in(&month_text(month)))
    }

    fn is_lost_on(&self, day: i32) -> bool {
        let last = self.purchases.range(..=day).next_back();
        last.is_some_and(|last| day - last > LOST_DAYS)
    }

    fn is_there_on(&self, day: i32) -> bool {
        self.purchases.range(..=day).next().is_some() && !self.is_lost_on(day)
    }

    fn times(&self, month: &str, last_day: i32, happens: impl Fn(i32) -> bool) -> i64 {
        let days = (FIRST_DAY..=last_day).filter(|day| text_of(*day) == month);
        days.filter(|day| happens(*day)).count() as i64
    }

    fn is_recovered_in(&self, month: &str) -> bool {
        let is_late = |day: &&i32| {
            let before = self.purchases.range(..**day).next_back();
            before.is_some_and(|before| **day - before > LAPSED_DAYS)
        };
        self.purchases.iter().filter(is_late).any(|day| text_of(*day) == month)
    }

    fn amounts(&self, takes: impl Fn(&str) -> bool) -> Amounts {
        let mut sum = Amounts::default();
        for day in self.days.iter().filter(|day| takes(&text_of(day.day))) {
            sum.add(&day.amounts).expect("small");
        }
        sum
    }
}

fn sum(slow: &[Slow<'_>], takes: impl Fn(&Slow<'_>) -> Amounts) -> Amounts {
    let mut sum = Amounts::default();
    for customer in slow {
        sum.add(&takes(customer)).expect("small");
    }
    sum
}

fn count(slow: &[Slow<'_>], takes: impl Fn(&Slow<'_>) -> bool) -> i64 {
    slow.iter().filter(|customer| takes(customer)).count() as i64
}

fn check_kpi(row: &KpiRow, first_month: i32, slow: &[Slow<'_>], last_day: i32) -> Result<(), TestCaseError> {
    let month = month_text(row.month);
    let before = month_text(row.month - 1);
    let last_of_month = (FIRST_DAY..=last_day)
        .rfind(|day| text_of(*day) == month)
        .expect("in it");
    let last_before = (FIRST_DAY - 40..last_of_month)
        .rfind(|day| text_of(*day) == before)
        .expect("before");
    prop_assert_eq!(row.at_start, count(slow, |customer| customer.is_there_on(last_before)));
    prop_assert_eq!(
        row.at_end(),
        count(slow, |customer| customer.is_there_on(last_of_month))
    );
    prop_assert_eq!(
        row.new,
        count(slow, |customer| customer.cohort().as_ref() == Some(&month))
    );
    prop_assert_eq!(row.active, count(slow, |customer| customer.bought_in(&month)));
    prop_assert_eq!(row.active_before, count(slow, |customer| customer.bought_in(&before)));
    let both = |customer: &Slow<'_>| customer.bought_in(&month) && customer.bought_in(&before);
    prop_assert_eq!(row.events.retained, count(slow, both));
    prop_assert_eq!(
        row.events.recovered,
        count(slow, |customer| customer.is_recovered_in(&month))
    );
    let lost = |customer: &Slow<'_>| {
        let is_news = |day: i32| customer.is_lost_on(day) && !customer.is_lost_on(day - 1);
        customer.times(&month, last_day, is_news)
    };
    prop_assert_eq!(row.events.lost, slow.iter().map(lost).sum::<i64>());
    let regained = |customer: &Slow<'_>| {
        let is_news = |day: i32| customer.purchases.contains(&day) && customer.is_lost_on(day - 1);
        customer.times(&month, last_day, is_news)
    };
    prop_assert_eq!(row.events.regained, slow.iter().map(regained).sum::<i64>());
    let year_before = |customer: &Slow<'_>| customer.bought_in_months(row.month - 23, row.month - 12);
    let both_years =
        |customer: &Slow<'_>| year_before(customer) && customer.bought_in_months(row.month - 11, row.month);
    prop_assert_eq!(row.events.of_year_before, count(slow, year_before));
    prop_assert_eq!(row.events.of_both_years, count(slow, both_years));
    prop_assert_eq!(row.knows_years, row.month >= first_month + 23);
    prop_assert_eq!(
        row.amounts,
        sum(slow, |customer| customer.amounts(|of_day| of_day == month))
    );
    Ok(())
}

fn check_cohort(row: &CohortRow, slow: &[Slow<'_>]) -> Result<(), TestCaseError> {
    let cohort = row.cohort.map(month_text);
    let of_cohort = |customer: &Slow<'_>| customer.cohort() == cohort;
    prop_assert_eq!(row.customers, count(slow, of_cohort));
    let in_cohort = |takes: &dyn Fn(&str) -> bool| {
        sum(slow, |customer| match of_cohort(customer) {
            true => customer.amounts(takes),
            false => Amounts::default(),
        })
    };
    let Some(month) = row.month.map(month_text) else {
        prop_assert_eq!((row.active, row.cohort), (0, None));
        prop_assert_eq!(row.amounts, in_cohort(&|_| true));
        return Ok(());
    };
    prop_assert_eq!(
        row.active,
        count(slow, |customer| of_cohort(customer) && customer.bought_in(&month))
    );
    prop_assert_eq!(row.amounts, in_cohort(&|of_day| of_day == month));
    prop_assert_eq!(row.cumulative, in_cohort(&|of_day| of_day <= month.as_str()));
    Ok(())
}

fn customers() -> impl Strategy<Value = Vec<Vec<CustomerDay>>> {
    // A day that begins before the history does, another that may come at any time, and none twice.
    let days = proptest::collection::btree_map(-70_i32..1100, (proptest::bool::weighted(0.8), 0_i128..1_000), 0..14);
    let customer = days.prop_map(|days| {
        let days = days.into_iter();
        days.map(|(place, (is_purchase, amount))| day(FIRST_DAY + place, is_purchase, amount))
            .collect()
    });
    proptest::collection::vec(customer, 0..12)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn months_are_what_their_definitions_say(customers in customers(), length in 1_i32..1100, cut in 0_usize..12) {
        let last_day = FIRST_DAY + length;
        let customers: Vec<Vec<CustomerDay>> = customers
            .into_iter()
            .map(|days| days.into_iter().filter(|day| day.day <= last_day).collect())
            .collect();
        let rules = rules(last_day);
        // Two partitions are as good as one.
        let (some, others) = customers.split_at(cut.min(customers.len()));
        let mut activity = counted(others, &rules);
        activity.merge(counted(some, &rules)).expect("small sums");

        let slow: Vec<Slow<'_>> = customers.iter().map(|days| Slow::new(days)).collect();
        prop_assert_eq!(activity.never_bought, count(&slow, |customer| customer.purchases.is_empty()));
        let (first_month, last_month) = (month_of(FIRST_DAY), month_of(last_day));
        let kpis = kpi_rows(&activity, first_month, last_month).expect("small sums");
        let is_in = |day: &&CustomerDay| month_of(day.day) >= first_month;
        let first = customers.iter().flatten().filter(is_in).map(|day| month_of(day.day)).min();
        prop_assert_eq!(kpis.first().map(|row| row.month), first);
        prop_assert_eq!(kpis.last().map(|row| row.month), first.map(|_| last_month));
        for row in &kpis {
            check_kpi(row, first.expect("rows"), &slow, last_day)?;
        }
        let cohorts = cohort_rows(&activity, last_month).expect("small sums");
        let keys: Vec<_> = cohorts.iter().map(|row| (row.cohort, row.month)).collect();
        prop_assert!(keys.is_sorted_by(|one, other| one < other));
        for row in &cohorts {
            check_cohort(row, &slow)?;
        }
        // Nothing is left out: neither a customer nor a cent nor a month.
        let mut total = Amounts::default();
        cohorts.iter().for_each(|row| total.add(&row.amounts).expect("small"));
        prop_assert_eq!(total, sum(&slow, |customer| customer.amounts(|_| true)));
        for (cohort, month) in slow.iter().filter_map(Slow::cohort).flat_map(|cohort| {
            (first_month..=last_month).map(month_text).filter(|month| *month >= cohort).map(|month| (cohort.clone(), month)).collect::<Vec<_>>()
        }) {
            let is_there = |row: &CohortRow| row.cohort.map(month_text).as_ref() == Some(&cohort) && row.month.map(month_text).as_ref() == Some(&month);
            prop_assert!(cohorts.iter().any(is_there));
        }
    }
}

#[test]
fn a_small_base_by_hand() {
    // Ann buys on 15 and 20 January and on 1 April, long after; a return of Bob's comes before he buys in February.
    let customers = [
        vec![
            day(FIRST_DAY, true, 600),
            day(FIRST_DAY + 5, true, 300),
            day(FIRST_DAY + 77, true, 90),
        ],
        vec![day(FIRST_DAY + 1, false, 30), day(FIRST_DAY + 20, true, 60)],
        vec![day(FIRST_DAY + 2, false, 12)],
    ];
    let last_day = FIRST_DAY + 100;
    let activity = counted(&customers, &rules(last_day));
    assert_eq!(activity.never_bought, 1);
    let rows = cohort_rows(&activity, month_of(last_day)).expect("small sums");
    let text = |month: Option<i32>| month.map_or("-".to_owned(), month_text);
    let shown: Vec<String> = rows
        .iter()
        .map(|row| {
            let sales = (row.amounts.net_sales, row.cumulative.net_sales);
            format!(
                "{} {} {}/{} {sales:?}",
                text(row.cohort),
                text(row.month),
                row.active,
                row.customers
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            "- - 0/1 (-12, -12)",
            "2020-01 2020-01 1/1 (900, 900)",
            "2020-01 2020-02 0/1 (0, 900)",
            "2020-01 2020-03 0/1 (0, 900)",
            "2020-01 2020-04 1/1 (90, 990)",
            "2020-02 2020-01 0/1 (-30, -30)",
            "2020-02 2020-02 1/1 (60, 30)",
            "2020-02 2020-03 0/1 (0, 30)",
            "2020-02 2020-04 0/1 (0, 30)",
        ]
    );
    let kpis = kpi_rows(&activity, month_of(FIRST_DAY), month_of(last_day)).expect("small sums");
    let april = kpis.last().expect("rows");
    // 72 days are a pause of more than 40, and of fewer than 75; Bob is lost on the 76th day after 4 February.
    assert_eq!(
        (april.events.recovered, april.events.regained, april.events.lost),
        (1, 0, 1)
    );
    assert_eq!((april.at_start, april.at_end()), (2, 1));
}
