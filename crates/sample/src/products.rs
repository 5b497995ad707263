//! `products.csv`: what there is to buy, and what it costs from which day on.

use jiff::ToSpan;

use crate::SampleValidParams;
use crate::catalogue::{Listing, MISSING, PRODUCTS};
use crate::stream::{Purpose, below, chance, stream};
use crate::table_text::{Cents, TableText, TenThousandths};

/// Chance that the cost of a product rises after a year.
const RISE_SHARE: f64 = 0.15;
const DAYS_PER_YEAR: u32 = 365;
/// No cost rises later than this many days before the end.
const LAST_RISE_DAYS: u32 = 60;

/// One row a product, and one more each time its cost rises. A few products are missing.
pub(crate) fn products_table(params: &SampleValidParams) -> TableText {
    let mut table = TableText::default();
    let years = (params.params().days.saturating_sub(LAST_RISE_DAYS))
        .div_ceil(DAYS_PER_YEAR)
        .max(1);
    for product in (0..PRODUCTS).filter(|product| !MISSING.contains(product)) {
        let listing = Listing::of(product);
        let mut rng = stream(params.params().seed, Purpose::Products, u64::from(product));
        // In hundredths of a cent: half to nine tenths of the lowest price.
        let mut cost = listing.lowest_price_cents * i64::from(50 + below(&mut rng, 41));
        let mut list_price_cents = listing.list_price_cents;
        for year in 0..years {
            let rises = chance(&mut rng, RISE_SHARE);
            let percent = i64::from(102 + below(&mut rng, 9));
            if year > 0 && rises {
                cost = cost * percent / 100;
                list_price_cents = list_price_cents * percent / 100;
            }
            if year == 0 || rises {
                let day = i64::from(year * DAYS_PER_YEAR).days();
                let valid_from = params.params().first_day.saturating_add(day);
                table.row(&[
                    &listing.id,
                    &listing.name,
                    &listing.category,
                    &listing.subcategory,
                    &listing.brand,
                    &TenThousandths(cost),
                    &Cents(list_price_cents),
                    &valid_from,
                ]);
            }
        }
    }
    table
}
