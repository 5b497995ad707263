//! Maximum likelihood fits, with a diagnosis where the data ask for a limit of the model.
//!
//! A fit searches from several starts, on a thinned base first where there are many distinct histories, goes on by
//! Newton's steps over all of them, and certifies what it found. Where no point inside the parameters is a maximum, the
//! limiting models are fitted and the best is reported by name. The same data give the same bytes for any number of
//! threads.

mod beta_geometric;
mod day_grid;
mod gamma_gamma;
#[cfg(test)]
mod gradient_tests;
mod limit;
mod linear;
mod newton;
mod no_fit;
mod objective;
mod outcome;
mod pareto_nbd;
mod purchase_spaces;
mod rows;
mod search;
mod solve;
mod space;
mod spend_space;
mod surface;

pub use limit::Limit;
pub use no_fit::{LEAST_CUSTOMERS, LEAST_REPEAT_CUSTOMERS, NoFit};
pub use outcome::{Fit, Outcome, Parameter};

use crate::history::Histories;
use crate::model::{PurchaseModel, PurchaseModelKind};
use crate::params::{BgNbd, GammaGamma, MbgNbd, ParetoNbd};
use beta_geometric::BetaGeometric;
use gamma_gamma::Spend;
use objective::Objective;
use outcome::fit_of;
use pareto_nbd::ParetoGamma;
use purchase_spaces::{AfterPurchase, AtAnyTime};
use rows::Rows;
use solve::{Bases, Solution, solve, solve_limits};
use space::Space;
use spend_space::SpendSpace;

/// A model of purchases over a base, ready to be solved.
struct Purchases<O, S> {
    bases: Bases<O>,
    space: S,
    distinct_count: usize,
}

impl<O: Objective<4>, S: Space<4>> Purchases<O, S> {
    fn new(
        histories: &Histories,
        space: impl FnOnce(&Rows) -> S,
        objective: impl Fn(Rows) -> O,
    ) -> Result<Self, NoFit> {
        let rows = Rows::new(histories)?;
        let (customer_count, distinct_count) = (rows.customer_count, rows.rows.len());
        let space = space(&rows);
        let thinned = rows.thinned().map(&objective);
        Ok(Self {
            bases: Bases {
                all: objective(rows),
                thinned,
                customer_count,
            },
            space,
            distinct_count,
        })
    }

    fn fit_of<P>(&self, solution: &Solution<4>, params: impl FnOnce([f64; 4]) -> P) -> Fit<P> {
        fit_of(
            solution,
            &self.space,
            self.bases.customer_count,
            self.distinct_count,
            params,
        )
    }

    fn fit<P>(&self, params: impl FnOnce([f64; 4]) -> P) -> Result<Fit<P>, NoFit> {
        let solution = solve(&self.bases, &self.space).ok_or(NoFit::NoFinitePoint)?;
        Ok(self.fit_of(&solution, params))
    }

    fn fit_limits<P>(&self, params: impl Fn([f64; 4]) -> P) -> Vec<Fit<P>> {
        solve_limits(&self.bases, &self.space)
            .iter()
            .map(|solution| self.fit_of(solution, &params))
            .collect()
    }
}

fn beta_geometric(
    histories: &Histories,
    chances_before_repeats: usize,
) -> Result<Purchases<BetaGeometric, AfterPurchase>, NoFit> {
    Purchases::new(histories, AfterPurchase::of, |rows| {
        BetaGeometric::new(rows, chances_before_repeats)
    })
}

fn pareto_gamma(histories: &Histories) -> Result<Purchases<ParetoGamma, AtAnyTime>, NoFit> {
    Purchases::new(histories, AtAnyTime::of, ParetoGamma::new)
}

fn bg_nbd([r, alpha, a, b]: [f64; 4]) -> BgNbd {
    BgNbd { r, alpha, a, b }
}

fn mbg_nbd([r, alpha, a, b]: [f64; 4]) -> MbgNbd {
    MbgNbd { r, alpha, a, b }
}

fn pareto_nbd([r, alpha, s, beta]: [f64; 4]) -> ParetoNbd {
    ParetoNbd { r, alpha, s, beta }
}

/// Fits the BG/NBD.
///
/// # Formula
/// The maximum over `r, alpha, a, b` of the sum of [`BgNbd::log_likelihood`] over the customers.
///
/// # Units
/// `alpha` in weeks; `r`, `a` and `b` are pure numbers.
///
/// # Errors
/// When the data allow no fit; the reason is a finding about the data.
///
/// # Source
/// Fader, Hardie and Lee 2005, "Counting Your Customers" the Easy Way, equation 6.
///
/// ```
/// use cartera_clv::{Histories, History, fit_bg_nbd};
/// let history = |repeat_count, recency_days| History { repeat_count, recency_days, age_days: 200 };
/// let mut histories = vec![history(0, 0); 60];
/// histories.extend([history(1, 20), history(2, 150), history(9, 190), history(3, 60), history(1, 180)]);
/// let fit = fit_bg_nbd(&Histories::new(histories))?;
/// assert!(fit.log_likelihood.is_finite());
/// # Ok::<(), cartera_clv::NoFit>(())
/// ```
pub fn fit_bg_nbd(histories: &Histories) -> Result<Fit<BgNbd>, NoFit> {
    beta_geometric(histories, 0)?.fit(bg_nbd)
}

/// Fits the MBG/NBD.
///
/// # Formula
/// The maximum over `r, alpha, a, b` of the sum of [`MbgNbd::log_likelihood`] over the customers.
///
/// # Units
/// `alpha` in weeks; `r`, `a` and `b` are pure numbers.
///
/// # Errors
/// When the data allow no fit; the reason is a finding about the data.
///
/// # Source
/// Batislam, Denizel and Filiztekin 2007, equation 2.
pub fn fit_mbg_nbd(histories: &Histories) -> Result<Fit<MbgNbd>, NoFit> {
    beta_geometric(histories, 1)?.fit(mbg_nbd)
}

/// Fits the Pareto/NBD.
///
/// # Formula
/// The maximum over `r, alpha, s, beta` of the sum of [`ParetoNbd::log_likelihood`] over the customers.
///
/// # Units
/// `alpha` and `beta` in weeks; `r` and `s` are pure numbers.
///
/// # Errors
/// When the data allow no fit; the reason is a finding about the data.
///
/// # Source
/// Schmittlein, Morrison and Colombo 1987, appendix.
pub fn fit_pareto_nbd(histories: &Histories) -> Result<Fit<ParetoNbd>, NoFit> {
    pareto_gamma(histories)?.fit(pareto_nbd)
}

/// Fits the Gamma-Gamma model to the repeat buyers: the number of their purchases with a positive value, and the mean
/// of these values.
///
/// # Formula
/// The maximum over `p, q, gamma` of the sum of [`GammaGamma::log_likelihood`] over the customers. At `q <= 1` the
/// mean value has no finite mean over the customers: see [`GammaGamma::has_infinite_mean`].
///
/// # Units
/// `gamma` in the unit of the values; `p` and `q` are pure numbers.
///
/// # Errors
/// When the data allow no fit; the reason is a finding about the data.
///
/// # Source
/// Fader and Hardie 2013, The Gamma-Gamma Model of Monetary Value, equation 1a.
pub fn fit_gamma_gamma(values: &[(u32, f64)]) -> Result<Fit<GammaGamma>, NoFit> {
    let (bases, space, distinct_count) = spend(values)?;
    let solution = solve(&bases, &space).ok_or(NoFit::NoFinitePoint)?;
    Ok(fit_of(
        &solution,
        &space,
        bases.customer_count,
        distinct_count,
        gamma_gamma,
    ))
}

/// Fits every limiting model of the Gamma-Gamma model, whether or not the data ask for it: what a full model has to
/// be better than.
///
/// # Errors
/// When the data allow no fit; the reason is a finding about the data.
pub fn fit_gamma_gamma_limits(values: &[(u32, f64)]) -> Result<Vec<Fit<GammaGamma>>, NoFit> {
    let (bases, space, distinct_count) = spend(values)?;
    let fit = |solution: &Solution<3>| fit_of(solution, &space, bases.customer_count, distinct_count, gamma_gamma);
    Ok(solve_limits(&bases, &space).iter().map(fit).collect())
}

fn spend(values: &[(u32, f64)]) -> Result<(Bases<Spend>, SpendSpace, usize), NoFit> {
    let spend = Spend::new(values)?;
    let space = SpendSpace::of(&spend);
    let (customer_count, distinct_count) = (spend.customer_count, spend.distinct_count());
    Ok((
        Bases {
            thinned: spend.thinned(),
            all: spend,
            customer_count,
        },
        space,
        distinct_count,
    ))
}

fn gamma_gamma([p, q, gamma]: [f64; 3]) -> GammaGamma {
    GammaGamma { p, q, gamma }
}

/// Fits every limiting model of a model of purchases.
pub(crate) fn fit_purchase_limits(
    kind: PurchaseModelKind,
    histories: &Histories,
) -> Result<Vec<Fit<PurchaseModel>>, NoFit> {
    Ok(match kind {
        PurchaseModelKind::BgNbd => {
            beta_geometric(histories, 0)?.fit_limits(|values| PurchaseModel::BgNbd(bg_nbd(values)))
        }
        PurchaseModelKind::MbgNbd => {
            beta_geometric(histories, 1)?.fit_limits(|values| PurchaseModel::MbgNbd(mbg_nbd(values)))
        }
        PurchaseModelKind::ParetoNbd => {
            pareto_gamma(histories)?.fit_limits(|values| PurchaseModel::ParetoNbd(pareto_nbd(values)))
        }
    })
}
