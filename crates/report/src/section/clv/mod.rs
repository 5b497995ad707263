//! What customers will bring: how it is spread, how well it was foreseen, and who will come back at all.

mod alive;
mod backtest;
mod distribution;

use super::{Context, Section};
use crate::error::ReportError;

pub(super) fn section(context: Context<'_>) -> Result<Section, ReportError> {
    let mut figures = distribution::figures(context)?;
    figures.extend(alive::figure(context)?);
    figures.extend(backtest::figures(context)?);
    Ok(context.section("clv", figures))
}
