//! `owners.csv`: account managers, stores and a call centre, who can look after so many customers.

use crate::SampleValidParams;
use crate::names::REGIONS;
use crate::row::COUNTRIES;
use crate::stream::{Purpose, below, pick, stream};
use crate::table_text::TableText;

/// Customers for each account manager, who has room for about as many as still buy of them.
const CUSTOMERS_PER_MANAGER: u64 = 60;
/// Countries, from the last one, that no manager looks after; the call centre does.
const COUNTRIES_WITHOUT_MANAGER: usize = 2;

/// One row an owner.
pub(crate) fn owners_table(params: &SampleValidParams) -> TableText {
    let mut owners = Owners {
        params,
        table: TableText::default(),
    };
    let customers = params.params().customers;
    let all: u64 = COUNTRIES.iter().map(|country| u64::from(country.weight)).sum();
    let with_manager = COUNTRIES.len() - COUNTRIES_WITHOUT_MANAGER;
    for (place, country) in COUNTRIES[..with_manager].iter().enumerate() {
        let managers = (customers * u64::from(country.weight) / all).div_ceil(CUSTOMERS_PER_MANAGER);
        for _ in 0..managers.max(1) {
            owners.manager(place, country.code, "", "");
        }
    }
    // One has left, and one looks after the best customers of all countries.
    let middle = params.day(params.params().days / 2).to_string();
    owners.manager(0, COUNTRIES[0].code, "", &middle);
    owners.manager(0, "", "champions", "");
    let store = customers.div_ceil(12);
    owners.place("S", "Tienda Mayor", "store", "ES;PT", store);
    owners.place("T", "Call Centre", "call_centre", "", customers.div_ceil(10));
    owners.table
}

struct Owners<'o> {
    params: &'o SampleValidParams,
    table: TableText,
}

impl Owners<'_> {
    /// A person with a name of the country at that place.
    fn manager(&mut self, place: usize, territories: &str, rfm_segments: &str, active_until: &str) {
        let number = self.table.rows + 1;
        let mut rng = stream(self.params.params().seed, Purpose::Owners, number);
        let region = &REGIONS[place];
        let name = format!("{} {}", pick(&mut rng, &region.given), pick(&mut rng, &region.family));
        let capacity_customers = 30 + below(&mut rng, 31);
        // Many customers make more work than one unit.
        let capacity_workload = 10 * (5 + below(&mut rng, 5));
        self.table.row(&[
            &format_args!("M{number:04}"),
            &name,
            &"account_manager",
            &territories,
            &rfm_segments,
            &capacity_customers,
            &capacity_workload,
            &self.params.params().first_day,
            &active_until,
        ]);
    }

    /// An owner who is no person, and has any amount of work done.
    fn place(&mut self, letter: &str, name: &str, kind: &str, territories: &str, capacity_customers: u64) {
        let number = self.table.rows + 1;
        self.table.row(&[
            &format_args!("{letter}{number:04}"),
            &name,
            &kind,
            &territories,
            &"",
            &capacity_customers,
            &"",
            &self.params.params().first_day,
            &"",
        ]);
    }
}
