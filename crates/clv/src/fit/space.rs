//! The coordinates in which a model is fitted: every limit of it is one coordinate at one end.

use crate::fit::limit::Limit;

/// A square matrix.
pub(crate) type Matrix<const D: usize> = [[f64; D]; D];

/// Where a shape counts as endless: 1e10. Likelihoods there differ from the limit's by about 1e-10 of a customer.
pub(crate) const ENDLESS: f64 = 23.025_850_929_940_457;

/// A limiting model: coordinates that are held at an end, and what that means.
#[derive(Debug, Clone)]
pub(crate) struct Face<const D: usize> {
    pub(crate) held: [Option<f64>; D],
    pub(crate) limits: Vec<Limit>,
}

impl<const D: usize> Face<D> {
    /// The model itself.
    pub(crate) fn interior() -> Self {
        Self {
            held: [None; D],
            limits: Vec::new(),
        }
    }

    /// The coordinates with the held ones in their place.
    pub(crate) fn apply(&self, mut coordinates: [f64; D]) -> [f64; D] {
        for (coordinate, held) in coordinates.iter_mut().zip(self.held) {
            *coordinate = held.unwrap_or(*coordinate);
        }
        coordinates
    }

    pub(crate) fn is_free(&self, coordinate: usize) -> bool {
        self.held[coordinate].is_none()
    }
}

/// A number that still has a meaning in a limiting model.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Effective<const D: usize> {
    pub(crate) name: &'static str,
    pub(crate) value: f64,
    /// Its derivatives by the coordinates.
    pub(crate) derivatives: [f64; D],
}

/// The coordinates of a model.
pub(crate) trait Space<const D: usize> {
    /// The logarithms of the parameters.
    fn logs(&self, coordinates: &[f64; D]) -> [f64; D];
    /// Their derivatives: a row a parameter, a column a coordinate.
    fn jacobian(&self, coordinates: &[f64; D]) -> Matrix<D>;
    /// The ends of the coordinates.
    fn bounds(&self) -> [(f64, f64); D];
    /// Where searches begin.
    fn starts(&self) -> Vec<[f64; D]>;
    /// The limiting models, those with fewer limits first.
    fn faces(&self) -> Vec<Face<D>>;
    /// What the parameters are called, and on which coordinates each depends where one is held.
    fn names(&self) -> [&'static str; D];
    /// The numbers that keep a meaning in limits.
    fn effective(&self, coordinates: &[f64; D], limits: &[Limit]) -> Vec<Effective<D>>;
}

/// Limits of the purchases combined with limits of the dropout: each alone, then two at once.
pub(crate) fn faces_of_two_sides(
    purchase: &[(Limit, usize, f64)],
    dropout: &[(Limit, [Option<f64>; 4])],
) -> Vec<Face<4>> {
    let of_purchase = purchase.iter().map(|&(limit, coordinate, held)| {
        let mut face = Face::interior();
        face.held[coordinate] = Some(held);
        face.limits.push(limit);
        face
    });
    let of_purchase: Vec<Face<4>> = of_purchase.collect();
    let of_dropout = dropout.iter().map(|&(limit, held)| Face {
        held,
        limits: vec![limit],
    });
    let of_dropout: Vec<Face<4>> = of_dropout.collect();
    let mut both = Vec::new();
    for one in &of_purchase {
        for other in &of_dropout {
            let mut face = other.clone();
            for (held, of_one) in face.held.iter_mut().zip(one.held) {
                *held = held.or(of_one);
            }
            face.limits.splice(0..0, one.limits.iter().copied());
            both.push(face);
        }
    }
    of_purchase.into_iter().chain(of_dropout).chain(both).collect()
}

/// `1 / (1 + e^-u)`.
pub(crate) fn logistic(u: f64) -> f64 {
    if u >= 0.0 {
        (1.0 + (-u).exp()).recip()
    } else {
        u.exp() / (1.0 + u.exp())
    }
}

/// `ln(1 + e^u)`.
pub(crate) fn softplus(u: f64) -> f64 {
    u.max(0.0) + (-u.abs()).exp().ln_1p()
}
