//! Names for what a base of customers can ask of a model that no finite parameter gives.

use std::fmt;

/// A limit of a model that fits better than every finite parameter: the data hold no trace of what the limit leaves
/// out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Limit {
    /// All customers buy at the same rate: `r` and `alpha` grow without end at one `r / alpha`.
    CommonPurchaseRate,
    /// No customer drops out: the model is the NBD of the purchases alone.
    NoDropout,
    /// All customers drop out with the same probability or at the same rate: `a` and `b`, or `s` and `beta`, grow
    /// without end at one ratio.
    CommonDropout,
    /// Some customers drop out at their first chance, the others never: `a` and `b`, or `s` and `beta`, fall to 0.
    PolarizedDropout,
    /// Every customer drops out at the first chance.
    ImmediateDropout,
    /// All customers have the same mean value of a purchase: `q` and `gamma` grow without end.
    CommonMeanValue,
    /// The purchases of a customer all have the same value: `p` grows without end.
    ConstantValue,
}

impl Limit {
    /// The name in tables and reports.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::CommonPurchaseRate => "common_purchase_rate",
            Self::NoDropout => "no_dropout",
            Self::CommonDropout => "common_dropout",
            Self::PolarizedDropout => "polarized_dropout",
            Self::ImmediateDropout => "immediate_dropout",
            Self::CommonMeanValue => "common_mean_value",
            Self::ConstantValue => "constant_value",
        }
    }

    /// The parameters that have no value of their own in the limit.
    pub(crate) fn leaves_out(self) -> &'static [&'static str] {
        match self {
            Self::CommonPurchaseRate => &["r", "alpha"],
            Self::NoDropout | Self::CommonDropout | Self::PolarizedDropout | Self::ImmediateDropout => {
                &["a", "b", "s", "beta"]
            }
            Self::CommonMeanValue => &["q", "gamma"],
            Self::ConstantValue => &["p", "gamma"],
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.slug())
    }
}
