//! What the money of lines is reckoned with: the rates and the costs that the source tables hold.

use cartera_normalize::{MoneyRules, Rates, UnitCosts};
use cartera_table::SourceTable;

use super::inputs::Work;
use super::tables::SourceTables;
use crate::error::PipelineError;

/// The rules of a run. A catalogue without unit costs is none to ask for them.
pub(super) fn money_rules(work: &Work<'_>, tables: &SourceTables) -> Result<MoneyRules, PipelineError> {
    let (config, inputs) = (work.config, work.inputs);
    let has_costs = inputs
        .sources
        .iter()
        .any(|source| source.params.table == SourceTable::Products && source.params.columns.maps("unit_cost"));
    let products = tables.products.as_ref().filter(|_| has_costs);
    Ok(MoneyRules {
        rates: Rates::new(config.currency, config.rates, tables.rates.as_ref())?,
        unit_costs: products.map(UnitCosts::new).transpose()?,
        costs: config.costs,
    })
}

/// Whether any line can have a cost.
pub(super) fn has_costs(work: &Work<'_>, money: &MoneyRules) -> bool {
    let inputs = work.inputs;
    let mut rules = inputs
        .lines
        .iter()
        .filter_map(|source| inputs.rules.get(source.source_index));
    rules.any(|source| money.has_costs(source))
}

/// Hash of the rates and costs that lines of a source on some days are reckoned with; of all where the days are
/// not known.
pub(super) fn money_hash(work: &Work<'_>, money: &MoneyRules, source_index: usize, days: Option<(i32, i32)>) -> String {
    let mut hasher = blake3::Hasher::new();
    if let Some(source) = work.inputs.rules.get(source_index) {
        money.write_for(source, days, &mut |bytes| {
            hasher.update(bytes);
        });
    }
    hasher.finalize().to_hex().to_string()
}
