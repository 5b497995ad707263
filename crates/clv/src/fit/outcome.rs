//! What a fit says about itself.

use std::fmt;

use crate::fit::limit::Limit;
use crate::fit::linear::dot;
use crate::fit::solve::Solution;
use crate::fit::space::Space;

/// What a fit ended in.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// A maximum inside the parameters: the gradient vanishes and the second derivatives are negative definite.
    Optimum,
    /// No maximum inside: the likelihood rises towards these limits, and the limiting model has a maximum in what is
    /// left of the parameters.
    Limit(Vec<Limit>),
    /// The best point found could not be shown to be a maximum, of the model or of any limit.
    Uncertain,
}

impl Outcome {
    /// The name in tables and reports: `optimum`, the limits joined by `+`, or `uncertain`.
    #[must_use]
    pub fn slug(&self) -> String {
        match self {
            Self::Optimum => "optimum".to_owned(),
            Self::Limit(limits) => limits.iter().map(|limit| limit.slug()).collect::<Vec<_>>().join("+"),
            Self::Uncertain => "uncertain".to_owned(),
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.slug())
    }
}

/// A number of a fitted model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// Its value.
    pub value: f64,
    /// Its standard error on the same scale; none where the data do not determine it.
    pub standard_error: Option<f64>,
}

/// A model fitted by maximum likelihood.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit<P> {
    /// The parameters. In a limit, endless ones are 1e10 and vanishing ones 1e-10 or less: predictions may use them.
    pub params: P,
    /// What the fit ended in.
    pub outcome: Outcome,
    /// The parameters by name with standard errors: the square roots of the diagonal of the inverse of the negative
    /// second derivatives at the maximum, brought to the parameters' own scale.
    pub parameters: Vec<Parameter>,
    /// In a limit, what the limiting model has instead of the parameters that it leaves out.
    pub limiting_parameters: Vec<Parameter>,
    /// The log-likelihood at `params`, times in weeks, without combinatorial constants.
    pub log_likelihood: f64,
    /// Customers in all.
    pub customer_count: u64,
    /// Distinct rows that stand for them.
    pub distinct_count: usize,
    /// How often the log-likelihood was computed, over all or over thinned rows.
    pub evaluations: u64,
    /// The length of the gradient by the free coordinates of the search at the end.
    pub gradient_norm: f64,
    /// Searches of the whole model.
    pub starts: usize,
}

impl<P> Fit<P> {
    /// The same fit with its parameters in another type.
    pub fn map<Q>(self, into: impl FnOnce(P) -> Q) -> Fit<Q> {
        Fit {
            params: into(self.params),
            outcome: self.outcome,
            parameters: self.parameters,
            limiting_parameters: self.limiting_parameters,
            log_likelihood: self.log_likelihood,
            customer_count: self.customer_count,
            distinct_count: self.distinct_count,
            evaluations: self.evaluations,
            gradient_norm: self.gradient_norm,
            starts: self.starts,
        }
    }
}

/// The fit that a solution stands for, its parameters made by `params`.
pub(crate) fn fit_of<S: Space<D>, P, const D: usize>(
    solution: &Solution<D>,
    space: &S,
    customer_count: u64,
    distinct_count: usize,
    params: impl FnOnce([f64; D]) -> P,
) -> Fit<P> {
    let Solution {
        face,
        point,
        covariance,
        starts,
        evaluations,
    } = solution;
    let values = space.logs(&point.coordinates).map(f64::exp);
    let jacobian = space.jacobian(&point.coordinates);
    let standard_error = |derivatives: &[f64; D]| {
        let covariance = covariance.as_ref()?;
        let transformed = covariance.map(|row| dot(&row, derivatives));
        let variance = dot(&transformed, derivatives);
        (variance.is_finite() && variance > 0.0).then(|| variance.sqrt())
    };
    let is_left_out = |name| face.limits.iter().any(|limit| limit.leaves_out().contains(&name));
    let parameters = space.names().into_iter().enumerate().map(|(place, name)| Parameter {
        name,
        value: values[place],
        standard_error: if is_left_out(name) {
            None
        } else {
            standard_error(&jacobian[place]).map(|of_log| of_log * values[place])
        },
    });
    let effective = space
        .effective(&point.coordinates, &face.limits)
        .into_iter()
        .map(|effective| Parameter {
            name: effective.name,
            value: effective.value,
            standard_error: standard_error(&effective.derivatives),
        });
    let free = (0..D).filter(|place| face.is_free(*place));
    Fit {
        parameters: parameters.collect(),
        limiting_parameters: effective.collect(),
        params: params(values),
        outcome: match covariance {
            None => Outcome::Uncertain,
            Some(_) if face.limits.is_empty() => Outcome::Optimum,
            Some(_) => Outcome::Limit(face.limits.clone()),
        },
        log_likelihood: point.value,
        customer_count,
        distinct_count,
        evaluations: *evaluations,
        gradient_norm: free.map(|place| point.gradient[place].powi(2)).sum::<f64>().sqrt(),
        starts: *starts,
    }
}
