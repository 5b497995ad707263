//! What the sources of a pipeline let profit be told by, and what lines have to carry for it.

use cartera_feature::Tellable;
use cartera_table::{Dimension, SourceTable};

use super::inputs::SourceConfig;
use super::validate::PipelineConfig;

/// What the sources can tell.
pub(super) fn tellable(sources: &[SourceConfig]) -> Tellable {
    let is_told = |dimension: &Dimension| match dimension {
        Dimension::Month => true,
        Dimension::Category => {
            maps(sources, SourceTable::OrderLines, "product_id") && maps(sources, SourceTable::Products, "category")
        }
        Dimension::Region => {
            let of_customers = |column| maps(sources, SourceTable::Customers, column);
            maps(sources, SourceTable::OrderLines, "region") || of_customers("region") || of_customers("country")
        }
        other => {
            let column = other.line_column();
            column.is_some_and(|column| maps(sources, SourceTable::OrderLines, column))
        }
    };
    let has = |table| sources.iter().any(|source| source.params.table == table);
    Tellable {
        dimensions: Dimension::ALL.into_iter().filter(is_told).collect(),
        interactions: has(SourceTable::Interactions),
        cases: has(SourceTable::Cases),
    }
}

/// Whether any source of a table maps a column.
fn maps(sources: &[SourceConfig], table: SourceTable, column: &str) -> bool {
    let mut of_table = sources.iter().filter(|source| source.params.table == table);
    of_table.any(|source| source.params.columns.maps(column))
}

impl PipelineConfig {
    /// The dimensions that lines are merged by while they are read.
    #[must_use]
    pub fn line_dimensions(&self) -> Vec<Dimension> {
        let asked = self.profitability.dimensions();
        let is_cut = |dimension: &Dimension| {
            // Categories follow from products.
            let is_asked =
                asked.contains(dimension) || (*dimension == Dimension::Product && asked.contains(&Dimension::Category));
            let column = dimension.line_column();
            is_asked && column.is_some_and(|column| maps(&self.sources, SourceTable::OrderLines, column))
        };
        Dimension::ALL.into_iter().filter(is_cut).collect()
    }

    /// Whether regions are those of the customers, as no line has one.
    #[must_use]
    pub fn regions_are_of_customers(&self) -> bool {
        !maps(&self.sources, SourceTable::OrderLines, "region")
    }

    /// Whether costs are stated by channels of sales, so that what customers bought in each is asked for.
    #[must_use]
    pub fn has_costs_by_channel(&self) -> bool {
        maps(&self.sources, SourceTable::Costs, "channel") && maps(&self.sources, SourceTable::OrderLines, "channel")
    }

    /// Whether any source states costs beside those of goods.
    #[must_use]
    pub fn has_further_costs(&self) -> bool {
        maps(&self.sources, SourceTable::Costs, "amount")
            || maps(&self.sources, SourceTable::Interactions, "cost")
            || maps(&self.sources, SourceTable::Campaigns, "cost")
    }

    /// Whether any source of lines states discounts.
    #[must_use]
    pub fn has_discounts(&self) -> bool {
        maps(&self.sources, SourceTable::OrderLines, "discount_amount")
    }

    /// The columns that lines keep for all this.
    #[must_use]
    pub fn carried_columns(&self) -> Vec<&'static str> {
        let mut columns: Vec<&'static str> = self
            .line_dimensions()
            .iter()
            .filter_map(|cut| cut.line_column())
            .collect();
        if self.has_costs_by_channel() && !columns.contains(&"channel") {
            columns.push("channel");
        }
        columns
    }
}
