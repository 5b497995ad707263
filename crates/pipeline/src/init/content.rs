//! What the values of order lines say about the columns, beside their names.

use std::collections::{BTreeMap, HashMap};

use cartera_ingest::IngestError;
use cartera_ingest::survey::{ColumnSurvey, ColumnType, FileSurvey, Place, approximate_value, visit_records};

/// Orders and products that are remembered.
const MOST_KEYS: usize = 200_000;
/// Different prefixes of order ids that are counted.
const MOST_PREFIXES: usize = 20;
/// Fewer rows than this prove nothing about an average.
const LEAST_ROWS: u64 = 20;

/// Which column has which role; positions in [`FileSurvey::columns`].
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Roles {
    pub(super) customer: Option<usize>,
    pub(super) order: Option<usize>,
    pub(super) product: Option<usize>,
    pub(super) quantity: Option<usize>,
    /// Unit price or amount, as the names say.
    pub(super) unit_price: Option<usize>,
    pub(super) amount: Option<usize>,
}

/// Rows whose order id starts with the same letters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Prefix {
    pub(super) rows: u64,
    pub(super) negative: u64,
    pub(super) example: String,
}

/// How two columns of numbers behave together.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Behaviour {
    /// Products seen with two quantities at one price each unit.
    like_unit_price: u64,
    /// Products whose value grew as the quantity did.
    like_amount: u64,
    /// Sums and counts of the value at quantity 1 and 2.
    at_one: (f64, u64),
    at_two: (f64, u64),
}

/// What a column of money beside a quantity is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Nature {
    UnitPrice(String),
    Amount(String),
    Unknown,
}

impl Behaviour {
    pub(super) fn nature(&self) -> Nature {
        let votes = self.like_unit_price + self.like_amount;
        if votes >= 10 && self.like_unit_price * 10 >= votes * 8 {
            let share = self.like_unit_price * 100 / votes;
            return Nature::UnitPrice(format!(
                "{share} % of products cost the same a unit at another quantity"
            ));
        }
        if votes >= 10 && self.like_amount * 10 >= votes * 8 {
            let share = self.like_amount * 100 / votes;
            return Nature::Amount(format!("for {share} % of products it grows as the quantity does"));
        }
        let ((one, ones), (two, twos)) = (self.at_one, self.at_two);
        if ones < LEAST_ROWS || twos < LEAST_ROWS || one <= 0.0 {
            return Nature::Unknown;
        }
        let (one, two) = (one / ones as f64, two / twos as f64);
        let evidence = format!("it averages {one:.2} at quantity 1 and {two:.2} at quantity 2");
        match two / one {
            ratio if ratio > 1.6 => Nature::Amount(evidence),
            ratio if ratio < 1.2 => Nature::UnitPrice(evidence),
            _ => Nature::Unknown,
        }
    }
}

/// What was seen of order lines.
#[derive(Debug, Clone, Default)]
pub(super) struct LineEvidence {
    pub(super) rows: u64,
    /// Rows with quantity, unit price and amount, those where the product is the amount, and the
    /// first where it is not.
    pub(super) products: (u64, u64),
    pub(super) first_other_product: Option<String>,
    /// The money column beside the quantity.
    pub(super) behaviour: Behaviour,
    /// Orders of several lines, and those of them whose lines all have the same amount.
    pub(super) orders: (u64, u64),
    /// Order ids by their first letters; `""` for those that start with a digit.
    pub(super) prefixes: BTreeMap<String, Prefix>,
    /// Rows with a quantity, price or amount below zero.
    pub(super) negative: u64,
    /// Of them, rows whose order id has no letters in front.
    pub(super) negative_without_prefix: u64,
    /// Rows of zero price or amount.
    pub(super) free: u64,
    /// Rows without a customer.
    pub(super) guests: u64,
    /// Products that seem to be no goods, and their rows.
    pub(super) services: BTreeMap<String, u64>,
}

/// What one order has had so far.
struct Order {
    amount: f64,
    lines: u64,
    is_constant: bool,
}

/// Goes through the lines once.
pub(super) fn line_evidence(survey: &FileSurvey, roles: Roles, decimal: char) -> Result<LineEvidence, IngestError> {
    let mut found = LineEvidence::default();
    let mut orders: HashMap<String, Order> = HashMap::new();
    let mut products: HashMap<String, (f64, f64)> = HashMap::new();
    visit_records(survey, &mut |place, cells| {
        found.rows += 1;
        let cell = |column: Option<usize>| column.and_then(|column| cells.get(column)).map_or("", String::as_str);
        let number = |column| approximate_value(cell(column), decimal);
        let (quantity, price, amount) = (number(roles.quantity), number(roles.unit_price), number(roles.amount));
        found.guests += u64::from(roles.customer.is_some() && cell(roles.customer).is_empty());
        found.free += u64::from(price.or(amount) == Some(0.0));
        found.compare(place, quantity, price, amount);
        let is_negative = [quantity, price, amount].into_iter().flatten().any(|value| value < 0.0);
        found.negative += u64::from(is_negative);
        found.count_prefix(cell(roles.order), is_negative);
        found.count_service(cell(roles.product));
        if let (Some(quantity), Some(value)) = (quantity, price.or(amount)) {
            found.behaviour.add(quantity, value, cell(roles.product), &mut products);
        }
        if let Some(amount) = amount {
            count_order(&mut orders, cell(roles.order), amount);
        }
    })?;
    let several = orders.values().filter(|order| order.lines > 1);
    found.orders = several.fold((0, 0), |(all, constant), order| {
        (all + 1, constant + u64::from(order.is_constant))
    });
    Ok(found)
}

fn count_order(orders: &mut HashMap<String, Order>, id: &str, amount: f64) {
    if id.is_empty() {
        return;
    }
    if let Some(order) = orders.get_mut(id) {
        order.lines += 1;
        order.is_constant &= order.amount == amount;
    } else if orders.len() < MOST_KEYS {
        let order = Order {
            amount,
            lines: 1,
            is_constant: true,
        };
        orders.insert(id.to_owned(), order);
    }
}

impl LineEvidence {
    fn compare(&mut self, place: Place, quantity: Option<f64>, price: Option<f64>, amount: Option<f64>) {
        let (Some(quantity), Some(price), Some(amount)) = (quantity, price, amount) else {
            return;
        };
        self.products.0 += 1;
        if (quantity * price - amount).abs() < 0.011 + amount.abs() * 1e-6 {
            self.products.1 += 1;
        } else if self.first_other_product.is_none() {
            self.first_other_product = Some(format!("{quantity} x {price} is not {amount} in {place}"));
        }
    }

    fn count_prefix(&mut self, id: &str, is_negative: bool) {
        let letters: String = id
            .chars()
            .take_while(|character| character.is_ascii_alphabetic())
            .collect();
        let has_digits = id[letters.len()..].starts_with(|character: char| character.is_ascii_digit());
        if id.is_empty() || !has_digits {
            return;
        }
        self.negative_without_prefix += u64::from(is_negative && letters.is_empty());
        if !self.prefixes.contains_key(&letters) && self.prefixes.len() == MOST_PREFIXES {
            return;
        }
        let prefix = self.prefixes.entry(letters).or_default();
        prefix.rows += 1;
        prefix.negative += u64::from(is_negative);
        if prefix.example.is_empty() {
            id.clone_into(&mut prefix.example);
        }
    }

    fn count_service(&mut self, product: &str) {
        const SERVICES: [&str; 14] = [
            "ship",
            "shipping",
            "post",
            "postage",
            "freight",
            "carriage",
            "delivery",
            "dotcom postage",
            "envio",
            "portes",
            "fee",
            "fees",
            "amazonfee",
            "bank charges",
        ];
        let word = product.to_lowercase();
        if SERVICES.contains(&word.as_str()) {
            *self.services.entry(product.to_owned()).or_default() += 1;
        }
    }
}

impl Behaviour {
    fn add(&mut self, quantity: f64, value: f64, product: &str, products: &mut HashMap<String, (f64, f64)>) {
        if quantity <= 0.0 || value <= 0.0 {
            return;
        }
        if quantity == 1.0 {
            self.at_one = (self.at_one.0 + value, self.at_one.1 + 1);
        } else if quantity == 2.0 {
            self.at_two = (self.at_two.0 + value, self.at_two.1 + 1);
        }
        if product.is_empty() {
            return;
        }
        match products.get(product) {
            Some(&(first_quantity, first_value)) if first_quantity != quantity => {
                let (grown, more) = (value / first_value, quantity / first_quantity);
                self.like_unit_price += u64::from((grown - 1.0).abs() < 0.02);
                self.like_amount += u64::from((grown / more - 1.0).abs() < 0.02);
            }
            Some(_) => {}
            None if products.len() < MOST_KEYS => {
                products.insert(product.to_owned(), (quantity, value));
            }
            None => {}
        }
    }
}

/// Roles of columns that have no names.
#[derive(Debug, Clone, Default)]
pub(super) struct NamelessRoles {
    /// Columns that may be the customer; equal ones (one to one) stand in the second list.
    pub(super) customers: Vec<usize>,
    pub(super) same_as_customer: Vec<usize>,
    /// Columns whose values have one customer and one day each.
    pub(super) orders: Vec<usize>,
    pub(super) dates: Vec<usize>,
    pub(super) quantities: Vec<usize>,
    pub(super) money: Vec<usize>,
}

/// What the columns of a file without a header may be.
pub(super) fn nameless_roles(survey: &FileSurvey) -> Result<NamelessRoles, IngestError> {
    let of = |wanted: &dyn Fn(&ColumnSurvey) -> bool| -> Vec<usize> {
        let columns = survey.columns.iter().enumerate();
        columns
            .filter(|(_, column)| wanted(column))
            .map(|(place, _)| place)
            .collect()
    };
    let mut roles = NamelessRoles {
        dates: of(&|column| column.column_type.is_date()),
        money: of(&|column| column.column_type == ColumnType::Decimal),
        quantities: of(&|column| column.column_type == ColumnType::Integer && is_small(column)),
        ..NamelessRoles::default()
    };
    let keys = of(&|column| {
        let is_key = match column.column_type {
            ColumnType::Digits | ColumnType::Text => true,
            ColumnType::Integer => !is_small(column),
            _ => false,
        };
        is_key && column.distinct > 1 && !column.is_unique()
    });
    let Some(&date) = roles.dates.first() else {
        roles.customers = keys;
        return Ok(roles);
    };
    let facts = key_facts(survey, &keys, date)?;
    for (place, &key) in keys.iter().enumerate() {
        if facts.several_days[place] == 0 {
            roles.orders.push(key);
            continue;
        }
        let earlier = keys[..place]
            .iter()
            .zip(&facts.is_same[place])
            .find(|(known, same)| **same && roles.customers.contains(known));
        match earlier {
            Some(_) => roles.same_as_customer.push(key),
            None => roles.customers.push(key),
        }
    }
    Ok(roles)
}

fn is_small(column: &ColumnSurvey) -> bool {
    column
        .numbers
        .range
        .is_some_and(|(lowest, highest)| lowest > -10_000.0 && highest < 10_000.0)
        && column.distinct < 200
}

/// What is known of columns that may be keys.
struct KeyFacts {
    /// Of each key, how many values have several days.
    several_days: Vec<u64>,
    /// Of each key, whether it is one to one with each earlier one.
    is_same: Vec<Vec<bool>>,
}

fn key_facts(survey: &FileSurvey, keys: &[usize], date: usize) -> Result<KeyFacts, IngestError> {
    let mut days: Vec<HashMap<String, (String, bool)>> = vec![HashMap::new(); keys.len()];
    let mut partners: BTreeMap<(usize, usize), HashMap<String, String>> = BTreeMap::new();
    let mut facts = KeyFacts {
        several_days: vec![0; keys.len()],
        is_same: (0..keys.len()).map(|place| vec![true; place]).collect(),
    };
    visit_records(survey, &mut |_, cells| {
        for (place, &key) in keys.iter().enumerate() {
            let (value, day) = (&cells[key], &cells[date]);
            if let Some((first, several)) = days[place].get_mut(value) {
                if first != day && !*several {
                    *several = true;
                    facts.several_days[place] += 1;
                }
            } else if days[place].len() < MOST_KEYS {
                days[place].insert(value.clone(), (day.clone(), false));
            }
            for earlier in 0..place {
                if !facts.is_same[place][earlier] {
                    continue;
                }
                let other = &cells[keys[earlier]];
                for (pair, one, two) in [((place, earlier), value, other), ((earlier, place), other, value)] {
                    let known = partners
                        .entry(pair)
                        .or_default()
                        .entry(one.clone())
                        .or_insert_with(|| two.clone());
                    facts.is_same[place][earlier] &= known == two;
                }
            }
        }
    })?;
    Ok(facts)
}
