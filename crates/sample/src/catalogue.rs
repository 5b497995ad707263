//! The products on sale: ten price bands of a hundred products each.
//!
//! A product is chosen by the price that the order asks for, so its prices stay within its band, as
//! they do in a shop with offers.

/// Number of bands; band `n` starts at `2^(n - 1)` currency units, band 0 at nothing.
const BANDS: u32 = 10;
const PRODUCTS_PER_BAND: u32 = 100;

const STYLES: [&str; 20] = [
    "Blue",
    "Small Oak",
    "Ivory",
    "Large Oval",
    "Vintage",
    "Olive Green",
    "Striped",
    "Classic",
    "Copper",
    "Round Steel",
    "Folding",
    "Rustic",
    "White",
    "Spotted",
    "Garden",
    "Red Enamel",
    "Linen",
    "Nordic",
    "Glazed",
    "Slim Line",
];

/// Five things a band, cheapest band first. Some need quotes in a CSV file, as real names do.
const THINGS: [[&str; 5]; BANDS as usize] = [
    ["Gift Tag", "Paper Straw", "Wax Crayon", "Greeting Card", "Ribbon"],
    [
        "Tea Light Holder",
        "Pencil Case",
        "Napkins, Set of 20",
        "Egg Cup",
        "Cookie Cutter",
    ],
    [
        "Breakfast Mug",
        "Tea Towel",
        "Candle Jar",
        "Photo Frame 6\"",
        "Lunch Box",
    ],
    ["Café Press", "Bread Bin", "Bottle Lamp", "Cake Stand", "Wall Hook Rail"],
    [
        "Cushion Cover",
        "Serving Tray",
        "Umbrella",
        "Kitchen Scale",
        "Storage Basket",
    ],
    [
        "Wool Blanket",
        "Table Lamp",
        "Picnic Hamper",
        "Knives, Set of 5",
        "Mirror 24\"",
    ],
    [
        "Side Table",
        "Coat Stand",
        "Cast Iron Pot",
        "Floor Lamp",
        "Bath Cabinet",
    ],
    ["Bookcase", "Coffee Table", "Garden Bench", "Writing Desk", "Armchair"],
    ["Dining Table", "Wardrobe", "Corner Sofa", "Sideboard", "Bed Frame"],
    [
        "Kitchen Island",
        "Garden Pavilion",
        "Leather Sofa",
        "Oak Staircase",
        "Piano",
    ],
];

/// Products that are sold and yet not in `products.csv`, by place: somebody forgot to list them.
pub(crate) const MISSING: [u16; 6] = [103, 217, 305, 350, 412, 531];

/// The brand of each style, in turn.
const BRANDS: [&str; 8] = [
    "Casa Roble",
    "Nordlys",
    "Atelier 9",
    "Verdemar",
    "Kesteven",
    "Luzía",
    "Holm & Co",
    "Básico",
];

/// The category of each band's five things.
const CATEGORIES: [[&str; 5]; BANDS as usize] = [
    ["paper", "paper", "paper", "paper", "paper"],
    ["decoration", "paper", "table", "kitchen", "kitchen"],
    ["table", "kitchen", "decoration", "decoration", "kitchen"],
    ["kitchen", "kitchen", "lighting", "table", "decoration"],
    ["textiles", "table", "outdoor", "kitchen", "decoration"],
    ["textiles", "lighting", "outdoor", "kitchen", "decoration"],
    ["furniture", "furniture", "kitchen", "lighting", "furniture"],
    ["furniture", "furniture", "outdoor", "furniture", "furniture"],
    ["furniture", "furniture", "furniture", "furniture", "furniture"],
    ["kitchen", "outdoor", "furniture", "furniture", "furniture"],
];

/// Number of products.
pub(crate) const PRODUCTS: u16 = SHIPPING;

/// What `products.csv` says of a product beside its prices.
pub(crate) struct Listing {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) category: &'static str,
    pub(crate) subcategory: &'static str,
    pub(crate) brand: &'static str,
    /// What it is sold for at least, but for a few of the cheapest.
    pub(crate) lowest_price_cents: i64,
    pub(crate) list_price_cents: i64,
}

impl Listing {
    pub(crate) fn of(product: u16) -> Self {
        let index = u32::from(product);
        let (band, thing) = ((index / PRODUCTS_PER_BAND) as usize, (index % 5) as usize);
        let style = (index % PRODUCTS_PER_BAND / 5) as usize;
        Self {
            id: format!("P{:04}", index + 1),
            name: format!("{} {}", STYLES[style], THINGS[band][thing]),
            category: CATEGORIES[band][thing],
            subcategory: THINGS[band][thing],
            brand: BRANDS[style % BRANDS.len()],
            lowest_price_cents: if band == 0 { 20 } else { 50 << band },
            list_price_cents: (50 << band) * 9 / 5,
        }
    }
}

/// The product of a shipping line: its place after the last real product.
pub(crate) const SHIPPING: u16 = (BANDS * PRODUCTS_PER_BAND) as u16;

/// The texts of a product as they stand in the file.
#[derive(Debug)]
pub(crate) struct Product {
    pub(crate) id: String,
    /// Quoted where CSV asks for it.
    pub(crate) name: String,
    /// Whether `products.csv` has it. Shipping is no product.
    pub(crate) is_listed: bool,
}

/// Every product, then [`SHIPPING`].
pub(crate) fn products() -> Vec<Product> {
    let mut products: Vec<Product> = (0..PRODUCTS)
        .map(|product| {
            let listing = Listing::of(product);
            Product {
                name: csv_field(&listing.name),
                id: listing.id,
                is_listed: !MISSING.contains(&product),
            }
        })
        .collect();
    products.push(Product {
        id: "SHIP".to_owned(),
        name: "Shipping".to_owned(),
        is_listed: false,
    });
    products
}

/// The product for a unit price. `draw` in `[0, 1)` picks within the band; a low draw, and so a
/// popular product, is as likely as a high one, but stands for fewer products.
pub(crate) fn product_for_price(unit_price_cents: u32, draw: f64) -> u16 {
    let band = (unit_price_cents / 100)
        .checked_ilog2()
        .map_or(0, |power| (power + 1).min(BANDS - 1));
    let rank = (draw * draw * f64::from(PRODUCTS_PER_BAND)) as u32;
    (band * PRODUCTS_PER_BAND + rank.min(PRODUCTS_PER_BAND - 1)) as u16
}

fn csv_field(text: &str) -> String {
    if text.contains([',', '"']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn names_and_ids_are_distinct_and_quoted() {
        let products = products();
        assert_eq!(products.len(), usize::from(SHIPPING) + 1);
        assert_eq!(
            products.iter().map(|product| &product.id).collect::<HashSet<_>>().len(),
            1001
        );
        assert_eq!(
            products
                .iter()
                .map(|product| &product.name)
                .collect::<HashSet<_>>()
                .len(),
            1001
        );
        assert!(
            products
                .iter()
                .any(|product| product.name == "\"Blue Photo Frame 6\"\"\"")
        );
        assert!(
            products
                .iter()
                .any(|product| product.name == "\"Ivory Napkins, Set of 20\"")
        );
    }

    #[test]
    fn a_product_keeps_to_its_band() {
        for (price_cents, band) in [
            (0, 0),
            (99, 0),
            (100, 1),
            (199, 1),
            (200, 2),
            (25_599, 8),
            (25_600, 9),
            (u32::MAX, 9),
        ] {
            for draw in [0.0, 0.5, 0.999_999] {
                assert_eq!(
                    u32::from(product_for_price(price_cents, draw)) / PRODUCTS_PER_BAND,
                    band
                );
            }
        }
    }
}
