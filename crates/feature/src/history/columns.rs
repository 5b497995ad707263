//! Histories as columns: those that are published, and those that only models read.

use cartera_clv::History;
use cartera_table::ColumnType;
use cartera_table::frame::{float64, int32, int64, optional_decimal_column};
use polars::prelude::{Column, DataFrame, Float64Chunked, Int32Chunked, Int64Chunked};

use super::customer::{Holdout, Observed};
use super::rhythm::{Rhythm, change};
use crate::error::FeatureError;

/// Days between the last two purchases; not published.
const LAST_GAP_DAYS: &str = "last_gap_days";

/// Sales of the first purchase day, before returns; not published.
const FIRST_ORDER_SALES: &str = "first_order_sales";

/// Names of one set of model columns; none of them is published.
struct Names {
    repeat_count: &'static str,
    recency_days: &'static str,
    age_days: &'static str,
    value_count: &'static str,
    value_mean: &'static str,
}

const NOW: Names = Names {
    repeat_count: "history_repeat_count",
    recency_days: "history_recency_days",
    age_days: "history_age_days",
    value_count: "history_value_count",
    value_mean: "history_value_mean",
};

const AT_CUT: Names = Names {
    repeat_count: "calibration_repeat_count",
    recency_days: "calibration_recency_days",
    age_days: "calibration_age_days",
    value_count: "calibration_value_count",
    value_mean: "calibration_value_mean",
};

const HOLDOUT_COUNTS: [&str; 2] = ["holdout_purchases", "before_holdout_purchases"];
const HOLDOUT_SALES: [&str; 2] = ["holdout_sales", "before_holdout_sales"];

#[derive(Default)]
struct ObservedColumns {
    counts: [Vec<Option<i32>>; 4],
    value_mean: Vec<Option<f64>>,
}

impl ObservedColumns {
    fn push(&mut self, observed: Option<Observed>) {
        let whole = |of: fn(&Observed) -> u32| observed.as_ref().map(|o| i32::try_from(of(o)).unwrap_or(i32::MAX));
        self.counts[0].push(whole(|o| o.history.repeat_count));
        self.counts[1].push(whole(|o| o.history.recency_days));
        self.counts[2].push(whole(|o| o.history.age_days));
        self.counts[3].push(whole(|o| o.value_count));
        self.value_mean.push(observed.map(|observed| observed.value_mean));
    }

    fn into_columns(self, names: &Names) -> Vec<Column> {
        let count_names = [
            names.repeat_count,
            names.recency_days,
            names.age_days,
            names.value_count,
        ];
        let counts = self.counts.into_iter().zip(count_names);
        let mut columns: Vec<Column> = counts.map(|(values, name)| Column::new(name.into(), values)).collect();
        columns.push(Column::new(names.value_mean.into(), self.value_mean));
        columns
    }
}

/// The columns of a partition while its customers are looked at.
#[derive(Default)]
pub(super) struct HistoryColumns {
    now: ObservedColumns,
    at_cut: ObservedColumns,
    holdout_counts: [Vec<Option<i32>>; 2],
    holdout_sales: [Vec<Option<i64>>; 2],
    first_order_sales: Vec<Option<i64>>,
    rhythms: Vec<Option<Rhythm>>,
}

impl HistoryColumns {
    pub(super) fn with_capacity(customers: usize) -> Self {
        Self {
            rhythms: Vec::with_capacity(customers),
            ..Self::default()
        }
    }

    pub(super) fn push(
        &mut self,
        now: Option<Observed>,
        at_cut: Option<Observed>,
        holdout: Option<Holdout>,
        rhythm: Option<&Rhythm>,
        first_order_sales: Option<i64>,
    ) {
        self.first_order_sales.push(first_order_sales);
        self.now.push(now);
        self.at_cut.push(at_cut);
        let count = |of: fn(&Holdout) -> u32| holdout.as_ref().map(|h| i32::try_from(of(h)).unwrap_or(i32::MAX));
        self.holdout_counts[0].push(count(|holdout| holdout.purchases));
        self.holdout_counts[1].push(count(|holdout| holdout.purchases_before));
        self.holdout_sales[0].push(holdout.map(|holdout| holdout.sales));
        self.holdout_sales[1].push(holdout.map(|holdout| holdout.sales_before));
        self.rhythms.push(rhythm.copied());
    }

    pub(super) fn into_columns(self) -> Result<Vec<Column>, FeatureError> {
        let mut columns = self.now.into_columns(&NOW);
        columns.extend(self.at_cut.into_columns(&AT_CUT));
        for (name, values) in HOLDOUT_COUNTS.into_iter().zip(self.holdout_counts) {
            columns.push(Column::new(name.into(), values));
        }
        for (name, values) in HOLDOUT_SALES.into_iter().zip(self.holdout_sales) {
            columns.push(Column::new(name.into(), values));
        }
        columns.push(Column::new(FIRST_ORDER_SALES.into(), self.first_order_sales));
        columns.extend(rhythm_columns(&self.rhythms));
        Ok(columns)
    }
}

fn rhythm_columns(rhythms: &[Option<Rhythm>]) -> Vec<Column> {
    let real = |name: &str, of: &dyn Fn(&Rhythm) -> Option<f64>| {
        let values: Vec<Option<f64>> = rhythms.iter().map(|rhythm| of(rhythm.as_ref()?)).collect();
        Column::new(name.into(), values)
    };
    let count = |name: &str, of: &dyn Fn(&Rhythm) -> Option<u32>| {
        let values: Vec<Option<i64>> = rhythms
            .iter()
            .map(|rhythm| of(rhythm.as_ref()?).map(i64::from))
            .collect();
        Column::new(name.into(), values)
    };
    let money = |name: &str, of: &dyn Fn(&Rhythm) -> Option<i64>| {
        let values = rhythms.iter().map(|rhythm| of(rhythm.as_ref()?).map(i128::from));
        optional_decimal_column(name, values, ColumnType::SUM)
    };
    let last_gap: Vec<Option<i32>> = rhythms.iter().map(|rhythm| rhythm.as_ref()?.last_gap_days).collect();
    vec![
        real("order_gap_mean_days", &|rhythm| rhythm.gap_mean_days),
        real("order_gap_deviation_days", &|rhythm| rhythm.gap_deviation_days),
        real("days_overdue", &|rhythm| rhythm.days_overdue),
        count("recent_order_day_count", &|rhythm| Some(rhythm.recent.0)),
        count("previous_order_day_count", &|rhythm| Some(rhythm.previous?.0)),
        money("recent_sales", &|rhythm| Some(rhythm.recent.1)),
        money("previous_sales", &|rhythm| Some(rhythm.previous?.1)),
        real("sales_trend", &|rhythm| change(rhythm.previous?.1, rhythm.recent.1)),
        money("sales_last_365d", &|rhythm| rhythm.last_year),
        money("sales_365d_before", &|rhythm| rhythm.year_before),
        real("sales_year_over_year", &|rhythm| {
            change(rhythm.year_before?, rhythm.last_year?)
        }),
        Column::new(LAST_GAP_DAYS.into(), last_gap),
    ]
}

/// One set of histories, read back: one entry a customer of the base.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Histories<'f> {
    counts: [&'f Int32Chunked; 4],
    value_mean: &'f Float64Chunked,
}

impl<'f> Histories<'f> {
    /// As of the day of the run.
    pub(crate) fn now(frame: &'f DataFrame) -> Result<Self, FeatureError> {
        Self::read(frame, &NOW)
    }

    /// As of the cut.
    pub(crate) fn at_cut(frame: &'f DataFrame) -> Result<Self, FeatureError> {
        Self::read(frame, &AT_CUT)
    }

    fn read(frame: &'f DataFrame, names: &Names) -> Result<Self, FeatureError> {
        Ok(Self {
            counts: [
                int32(frame, names.repeat_count)?,
                int32(frame, names.recency_days)?,
                int32(frame, names.age_days)?,
                int32(frame, names.value_count)?,
            ],
            value_mean: float64(frame, names.value_mean)?,
        })
    }

    /// History, number of values and their mean of each customer; none of those without a purchase then.
    pub(crate) fn iter(self) -> impl Iterator<Item = Option<(History, u32, f64)>> {
        let [repeats, recencies, ages, values] = self.counts.map(|column| column.iter());
        let counts = repeats.zip(recencies).zip(ages.zip(values));
        counts
            .zip(self.value_mean.iter())
            .map(|(((x, t_x), (age, values)), mean)| {
                let whole = |value: Option<i32>| value.and_then(|value| u32::try_from(value).ok());
                let history = History {
                    repeat_count: whole(x)?,
                    recency_days: whole(t_x)?,
                    age_days: whole(age)?,
                };
                Some((history, whole(values)?, mean?))
            })
    }
}

/// What came after the cut, one entry a customer of the base.
pub(crate) fn holdouts(frame: &DataFrame) -> Result<Vec<Option<Holdout>>, FeatureError> {
    let [purchases, before] = [int32(frame, HOLDOUT_COUNTS[0])?, int32(frame, HOLDOUT_COUNTS[1])?];
    let sales: [&Int64Chunked; 2] = [int64(frame, HOLDOUT_SALES[0])?, int64(frame, HOLDOUT_SALES[1])?];
    let counts = purchases.iter().zip(before.iter());
    let sales = sales[0].iter().zip(sales[1].iter());
    Ok(counts
        .zip(sales)
        .map(|((purchases, purchases_before), (sales, sales_before))| {
            Some(Holdout {
                purchases: u32::try_from(purchases?).ok()?,
                sales: sales?,
                purchases_before: u32::try_from(purchases_before?).ok()?,
                sales_before: sales_before?,
            })
        })
        .collect())
}
