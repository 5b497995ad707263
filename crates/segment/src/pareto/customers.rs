//! Customers in Pareto classes, by each measure.

use cartera_table::{Money, frame};
use polars::prelude::DataFrame;
use rayon::prelude::*;

use super::{CurvePoint, ParetoClass, ParetoRanking, ParetoRow, ParetoValidParams, curve, within};
use crate::categories::Category;
use crate::columns;
use crate::error::SegmentError;
use crate::labels::Labels;
use crate::summary::{ParetoClassSummary, ParetoSummary};

/// The measures that have classes of their own, beside the first one.
const CLASSES_BY: [(&str, &str); 2] = [("net_profit", "pareto_class_profit"), ("vin", "pareto_class_vin")];

/// What customers are worth by each measure.
pub(crate) struct Pareto {
    /// `pareto_class` first.
    pub(crate) labels: Vec<Labels>,
    /// The first measure first.
    pub(crate) measures: Vec<MeasuredPareto>,
}

/// What there is to say by one measure.
pub(crate) struct MeasuredPareto {
    pub(crate) measure: &'static str,
    /// The whole base first, then the values of each column that it is cut by.
    pub(crate) rows: Vec<ParetoRow>,
    pub(crate) curve: Vec<CurvePoint>,
}

impl Pareto {
    /// Ranks the customers and cuts them into classes. The first measure makes classes even where nothing of it is
    /// known: then all are in class C.
    pub(crate) fn of(customers: &DataFrame, params: &ParetoValidParams) -> Result<Self, SegmentError> {
        let categories: Vec<Category> = params
            .within
            .par_iter()
            .filter_map(|&column| Category::read(customers, column).transpose())
            .collect::<Result<_, _>>()?;
        let mut pareto = Self {
            labels: Vec::new(),
            measures: Vec::new(),
        };
        // One after the other: each holds the whole base.
        for (place, &measure) in params.measures.iter().enumerate() {
            let is_unknown = frame::decimal(customers, measure)?.null_count() == customers.height();
            if place == 0 || !is_unknown {
                pareto.add(customers, measure, &categories, params)?;
            }
        }
        Ok(pareto)
    }

    fn add(
        &mut self,
        customers: &DataFrame,
        measure: &'static str,
        categories: &[Category],
        params: &ParetoValidParams,
    ) -> Result<(), SegmentError> {
        let overflow = || SegmentError::Overflow { column: measure.into() };
        let values = columns::read_money(customers, measure)?;
        let ranking = ParetoRanking::new(&values).ok_or_else(overflow)?;
        let mut rows = vec![ParetoRow::new("all", None, &ranking.concentration, params)];
        for category in categories {
            rows.extend(within(&ranking, &values, category, params).ok_or_else(overflow)?);
        }
        let classes = || ranking.classes(params.class_a_share, params.class_b_share);
        if self.measures.is_empty() {
            self.labels.push(labels("pareto_class", classes()));
        }
        if let Some((_, segmentation)) = CLASSES_BY.iter().find(|(by, _)| *by == measure) {
            self.labels.push(labels(segmentation, classes()));
        }
        self.measures.push(MeasuredPareto {
            measure,
            rows,
            curve: curve(&ranking.concentration),
        });
        Ok(())
    }

    /// The same in figures, the first measure first.
    pub(crate) fn summaries(&self, params: &ParetoValidParams) -> Vec<ParetoSummary> {
        self.measures.iter().map(|measured| measured.summary(params)).collect()
    }
}

impl MeasuredPareto {
    fn summary(&self, params: &ParetoValidParams) -> ParetoSummary {
        // The whole base stands first.
        let base = &self.rows[0];
        let total = base.total;
        let classes = ParetoClass::ALL.map(|class| {
            let value = base.class_values[usize::from(class.code())];
            ParetoClassSummary {
                class: class.name().to_owned(),
                customer_count: base.class_customers[usize::from(class.code())],
                value: Money(value),
                value_share: if total == 0 { 0.0 } else { value as f64 / total as f64 },
            }
        });
        let mut notes = Vec::new();
        if total == 0 {
            notes.push(format!(
                "no customer has a positive {}: all are in class C and every share is 0",
                self.measure
            ));
        }
        ParetoSummary {
            measure: self.measure.to_owned(),
            customer_count: base.customer_count,
            total: Money(total),
            top_20_percent_customer_count: base.top_20_percent_count,
            top_20_percent_share: base.top_20_percent_share,
            gini: base.gini,
            class_a_share: params.class_a_share.as_f64(),
            customers_to_class_a_share: base.customers_to_reach[0],
            class_b_share: params.class_b_share.as_f64(),
            customers_to_class_b_share: base.customers_to_reach[1],
            classes: classes.to_vec(),
            notes,
        }
    }
}

fn labels(segmentation: &'static str, codes: Vec<u16>) -> Labels {
    Labels {
        segmentation,
        names: ParetoClass::ALL.map(|class| class.name().to_owned()).to_vec(),
        codes,
    }
}
