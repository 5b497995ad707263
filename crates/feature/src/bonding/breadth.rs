//! How many products, categories and channels a customer ever bought from, and from which most.

mod main_value;

use std::collections::HashMap;

use cartera_table::contracts::Products;
use cartera_table::frame::{dates, text};
use cartera_table::{Table, TableError};
use foldhash::fast::FixedState;
use polars::prelude::{Column, DataFrame};

use crate::error::FeatureError;
use main_value::{main_values, ranks};

/// The category of each product.
#[derive(Debug, Default)]
pub struct Categories {
    /// Sorted by product.
    of_products: Vec<(String, u32)>,
    names: Vec<String>,
}

impl Categories {
    /// By the latest row of each product up to a day.
    ///
    /// # Errors
    /// When a column is not there.
    pub fn new(products: &Table<Products>, last_epoch_day: i32) -> Result<Self, TableError> {
        let frame = products.frame();
        let facts = dates(frame, "valid_from")?.iter().zip(text(frame, "category")?.iter());
        let mut latest: Vec<(&str, Option<&str>)> = Vec::new();
        // Rows come by product and day, those without a day first.
        for (product, (day, category)) in text(frame, "product_id")?.iter().zip(facts) {
            let Some(product) = product.filter(|_| day.is_none_or(|day| day <= last_epoch_day)) else {
                continue;
            };
            match latest.last_mut() {
                Some((known, of_known)) if *known == product => *of_known = category,
                _ => latest.push((product, category)),
            }
        }
        let mut names: Vec<String> = latest.iter().filter_map(|(_, name)| name.map(str::to_owned)).collect();
        names.sort_unstable();
        names.dedup();
        let of_products = latest.into_iter().filter_map(|(product, category)| {
            let category = category?;
            let place = names.binary_search_by(|name| name.as_str().cmp(category)).ok()?;
            Some((product.to_owned(), u32::try_from(place).ok()?))
        });
        let of_products = of_products.collect();
        Ok(Self { of_products, names })
    }

    fn of(&self, product: &str) -> Option<u32> {
        let place = self
            .of_products
            .binary_search_by(|(known, _)| known.as_str().cmp(product))
            .ok()?;
        Some(self.of_products[place].1)
    }

    /// The category of a product.
    pub(crate) fn name_of(&self, product: &str) -> Option<&str> {
        Some(&self.names[self.of(product)? as usize])
    }

    /// Writes all that counts depend on, for a hash.
    pub fn write(&self, write: &mut dyn FnMut(&[u8])) {
        for (product, category) in &self.of_products {
            for text in [product, &self.names[*category as usize]] {
                write(&(text.len() as u64).to_le_bytes());
                write(text.as_bytes());
            }
        }
    }
}

/// What is counted.
#[derive(Debug, Clone, Copy, Default)]
pub struct Breadth<'b> {
    /// Whether products are.
    pub products: bool,
    /// Whether channels are.
    pub channels: bool,
    /// The categories, where they are.
    pub categories: Option<&'b Categories>,
}

impl Breadth<'_> {
    /// Adds the counts and the main values to the customers of a partition, whose rows of `customer_id`, `product_id` and `channel` the
    /// frames hold, the same row any number of times.
    ///
    /// # Errors
    /// When a column is not there.
    pub fn add_to(&self, customers: &mut DataFrame, frames: &[DataFrame]) -> Result<(), FeatureError> {
        let columns = {
            let mut places = Codes::default();
            for id in text(customers, "customer_id")?.iter() {
                places.code(id);
            }
            let bought = self.bought(&places, frames)?;
            self.columns(&bought, customers.height())
        };
        for column in columns {
            customers.with_column(column)?;
        }
        Ok(())
    }

    fn columns(&self, bought: &Bought<'_>, height: usize) -> Vec<Column> {
        let counts = |name: &str, pairs: &Pairs<'_>| Column::new(name.into(), pairs.counts(height));
        let mut columns = Vec::new();
        if self.products {
            if let Some(categories) = self.categories {
                let of_products = bought.products.with(|product| categories.of(product));
                let mains = main_values(of_products.clone(), height);
                let names = mains
                    .iter()
                    .map(|main| Some(categories.names[(*main)? as usize].as_str()));
                columns.push(Column::new(
                    "main_category".into(),
                    names.collect::<Vec<Option<&str>>>(),
                ));
                columns.push(counts("category_count", &Pairs::distinct(of_products, Vec::new())));
            }
            columns.push(counts("product_count", &bought.products));
        }
        if self.channels {
            columns.push(counts("channel_count", &bought.channels));
        }
        if self.products && self.channels {
            let texts = &bought.channels.values;
            let (ranks, names) = ranks(texts);
            let of_goods = bought
                .goods
                .iter()
                .map(|&(place, channel, _)| (place, ranks[channel as usize]));
            let mains = main_values(of_goods.collect(), height);
            let names = mains.iter().map(|main| Some(names[(*main)? as usize]));
            columns.push(Column::new("main_channel".into(), names.collect::<Vec<Option<&str>>>()));
        }
        columns
    }

    /// Which customer bought which products, through which channels, and which through which.
    fn bought<'f>(&self, places: &Codes<'_>, frames: &'f [DataFrame]) -> Result<Bought<'f>, TableError> {
        let (mut products, mut channels) = (Codes::default(), Codes::default());
        let (mut of_products, mut of_channels, mut goods) = (Vec::new(), Vec::new(), Vec::new());
        let rows = frames.iter().map(DataFrame::height).sum();
        of_products.reserve(if self.products { rows } else { 0 });
        of_channels.reserve(if self.channels { rows } else { 0 });
        for frame in frames {
            let mut last = None;
            let ids = text(frame, "customer_id")?.iter();
            let values = text(frame, "product_id")?.iter().zip(text(frame, "channel")?.iter());
            for (id, (product, channel)) in ids.zip(values) {
                // Lines of an order stand together.
                let place = match last {
                    Some((known, place)) if known == id => place,
                    _ => id.and_then(|id| places.of_texts.get(id).copied()),
                };
                last = Some((id, place));
                let Some(place) = place else { continue };
                let product = products.code(product.filter(|_| self.products));
                let channel = channels.code(channel.filter(|_| self.channels));
                of_products.extend(product.map(|product| (place, product)));
                of_channels.extend(channel.map(|channel| (place, channel)));
                goods.extend(channel.zip(product).map(|(channel, product)| (place, channel, product)));
            }
        }
        goods.sort_unstable();
        goods.dedup();
        Ok(Bought {
            products: Pairs::distinct(of_products, products.texts),
            channels: Pairs::distinct(of_channels, channels.texts),
            goods,
        })
    }
}

/// What the customers of a partition bought.
struct Bought<'f> {
    products: Pairs<'f>,
    channels: Pairs<'f>,
    /// Customer, channel and product, each once.
    goods: Vec<(u32, u32, u32)>,
}

/// Numbers for texts, in the order of their first appearance.
#[derive(Default)]
struct Codes<'t> {
    of_texts: HashMap<&'t str, u32, FixedState>,
    texts: Vec<&'t str>,
}

impl<'t> Codes<'t> {
    fn code(&mut self, text: Option<&'t str>) -> Option<u32> {
        let text = text?;
        if let Some(&code) = self.of_texts.get(text) {
            return Some(code);
        }
        let code = u32::try_from(self.texts.len()).ok()?;
        self.of_texts.insert(text, code);
        self.texts.push(text);
        Some(code)
    }
}

/// Which customer has which value, each once.
struct Pairs<'f> {
    pairs: Vec<(u32, u32)>,
    values: Vec<&'f str>,
}

impl<'f> Pairs<'f> {
    fn distinct(mut pairs: Vec<(u32, u32)>, values: Vec<&'f str>) -> Self {
        pairs.sort_unstable();
        pairs.dedup();
        Self { pairs, values }
    }

    /// With other values in place of these, as often as they come; those that have none are left out.
    fn with(&self, of_value: impl Fn(&str) -> Option<u32>) -> Vec<(u32, u32)> {
        let codes: Vec<Option<u32>> = self.values.iter().map(|value| of_value(value)).collect();
        let pairs = self.pairs.iter();
        let pairs = pairs.filter_map(|&(place, value)| Some((place, codes[value as usize]?)));
        pairs.collect()
    }

    fn counts(&self, height: usize) -> Vec<i64> {
        let mut counts = vec![0; height];
        for &(place, _) in &self.pairs {
            counts[place as usize] += 1;
        }
        counts
    }
}

#[cfg(test)]
mod tests;
