//! How a person is reached, in the one form in which two sources or an ad platform can be held against each other.
//!
//! Sources write the same address and the same number in many ways. Suppressions are matched, and audiences uploaded,
//! by the forms that are made here. What cannot be read for sure is nothing: a wrong number would reach, or spare, the
//! wrong person. What platforms want stands in `google` and `meta`, each with the version of its rules.

mod country;
mod digest;
mod email;
pub(crate) mod google;
pub(crate) mod meta;
mod name;
mod phone;
mod states;

pub use country::country_code;
pub(crate) use digest::sha256_hex;
pub use email::email_key;
pub use phone::phone_e164;
