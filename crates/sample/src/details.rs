//! Who a person is on paper: name, address, mail, and the household around.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use rand_chacha::ChaCha8Rng;

use crate::SampleValidParams;
use crate::history::draw_country;
use crate::names::{MAIL_DOMAINS, REGIONS, Region, TRADES, plain_letters};
use crate::stream::{Purpose, below, chance, pick, stream};

/// Share of the records in which somebody left out the phone number, and as many the birth date.
const LEFT_OUT_SHARE: f64 = 0.05;

/// What two neighbours in the numbering share, if they share a home.
pub(crate) struct Home {
    /// From 1; two people each.
    pub(crate) number: u32,
    /// Whether its people live together.
    pub(crate) is_shared: bool,
    /// Place in `COUNTRIES`, for people who live together.
    pub(crate) country: u8,
    rng: ChaCha8Rng,
}

impl Home {
    pub(crate) fn of(params: &SampleValidParams, person: u32) -> Self {
        let number = person.div_ceil(2);
        let mut rng = stream(params.params().seed, Purpose::Household, u64::from(number));
        Self {
            number,
            is_shared: chance(&mut rng, params.params().household_share),
            country: draw_country(&mut rng),
            rng,
        }
    }
}

/// What a system records of a person, as texts; empty where it has nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Details {
    pub(crate) is_company: bool,
    pub(crate) given_name: String,
    pub(crate) family_name: String,
    pub(crate) email: String,
    pub(crate) phone: String,
    pub(crate) birth_date: String,
    pub(crate) address: Address,
    pub(crate) household_id: String,
    pub(crate) company_name: String,
    pub(crate) tax_id: String,
}

/// Where somebody lives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Address {
    pub(crate) street: String,
    pub(crate) city: String,
    pub(crate) postcode: String,
}

impl Address {
    pub(crate) fn draw(rng: &mut ChaCha8Rng, region: &Region) -> Self {
        let (city, prefix) = pick(rng, &region.cities);
        let bound = 10_u32.pow(region.postcode_digits as u32);
        Self {
            street: format!("{} {}", pick(rng, &region.streets), 1 + below(rng, 180)),
            city: (*city).to_owned(),
            postcode: format!("{prefix}{:0width$}", below(rng, bound), width = region.postcode_digits),
        }
    }
}

impl Details {
    pub(crate) fn draw(params: &SampleValidParams, person: u32, country: u8) -> Self {
        let region = &REGIONS[usize::from(country)];
        let mut home = Home::of(params, person);
        let mut own = stream(params.params().seed, Purpose::Details, u64::from(person));
        let is_company = chance(&mut own, params.params().company_share) && !home.is_shared;
        let given_name = (*pick(&mut own, &region.given)).to_owned();
        // Those who live together share the family name and the address, and nothing else.
        let shared = if home.is_shared { &mut home.rng } else { &mut own };
        let mut family_name = (*pick(shared, &region.family)).to_owned();
        if region.has_two_family_names {
            family_name = format!("{family_name} {}", pick(shared, &region.family));
        }
        let address = Address::draw(shared, region);
        let household_id = if home.is_shared {
            format!("H{:07}", home.number)
        } else {
            String::new()
        };
        let mut details = Self {
            is_company,
            email: draw_email(&mut own, &given_name, &family_name),
            phone: draw_phone(&mut own, region),
            birth_date: draw_birth_date(&mut own).to_string(),
            given_name,
            family_name,
            address,
            household_id,
            ..Self::default()
        };
        details.leave_out(&mut own);
        if is_company {
            details.found_company(&mut own, region);
        }
        details
    }

    /// The name in one field.
    pub(crate) fn name(&self) -> String {
        if self.is_company {
            self.company_name.clone()
        } else {
            format!("{} {}", self.given_name, self.family_name)
        }
    }

    fn leave_out(&mut self, rng: &mut ChaCha8Rng) {
        let (no_phone, no_birth_date) = (chance(rng, LEFT_OUT_SHARE), chance(rng, LEFT_OUT_SHARE));
        if no_phone {
            self.phone.clear();
        }
        if no_birth_date {
            self.birth_date.clear();
        }
    }

    /// A company has the person as its contact.
    fn found_company(&mut self, rng: &mut ChaCha8Rng, region: &Region) {
        let trade = pick(rng, &TRADES);
        self.company_name = format!("{} {trade} {}", self.family_name, region.company);
        self.tax_id = format!("{}{:08}", region.code, below(rng, 100_000_000));
        self.birth_date.clear();
    }
}

pub(crate) fn draw_email(rng: &mut ChaCha8Rng, given: &str, family: &str) -> String {
    let first_family = family.split(' ').next_back().unwrap_or(family);
    let (given, family) = (plain_letters(given), plain_letters(first_family));
    let number = below(rng, 10_000_000);
    format!("{given}.{family}{number}@{}", pick(rng, &MAIL_DOMAINS))
}

pub(crate) fn draw_phone(rng: &mut ChaCha8Rng, region: &Region) -> String {
    let (code, first) = region.calling;
    format!("{code} {first}{:08}", below(rng, 100_000_000))
}

fn draw_birth_date(rng: &mut ChaCha8Rng) -> Date {
    // 1940 to 2004.
    date(1940, 1, 1).saturating_add(i64::from(below(rng, 23_741)).days())
}
