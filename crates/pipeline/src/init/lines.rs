//! Order lines: what their values confirm or contradict of what the names say.

use cartera_ingest::IngestError;
use cartera_ingest::survey::{ColumnSurvey, Confidence, FileSurvey, number_style};
use cartera_table::{ColumnDef, SourceTable};

use super::content::{LineEvidence, NamelessRoles, Nature, Roles, line_evidence, nameless_roles};
use super::mapping::{ColumnDraft, Feed, TableDraft};
use super::words::words;

/// Orders of several lines that must repeat one amount before it is taken for the order's total.
const LEAST_REPEATS: u64 = 5;

/// Looks at the values of a file that has named columns.
pub(super) fn confirm(draft: &mut TableDraft, survey: &FileSurvey) -> Result<LineEvidence, IngestError> {
    let roles = Roles {
        customer: draft.place("customer_key"),
        order: draft.place("order_id"),
        product: draft.place("product_id"),
        quantity: draft.place("quantity"),
        unit_price: draft.place("unit_price"),
        amount: draft.place("amount"),
    };
    let evidence = line_evidence(survey, roles, decimal_separator(survey, roles))?;
    let has_factors = roles.quantity.is_some() && roles.unit_price.is_some();
    match (roles.amount, has_factors) {
        (Some(_), true) => confirm_product(draft, &evidence),
        (Some(amount), false) => confirm_money(draft, survey, "amount", amount, &evidence),
        (None, true) => {
            if let Some(price) = roles.unit_price {
                confirm_money(draft, survey, "unit_price", price, &evidence);
            }
        }
        (None, false) => ask_for_money(draft, survey),
    }
    doubt_discount(draft, survey);
    let (several, repeated) = evidence.orders;
    let is_total = several >= LEAST_REPEATS && repeated * 20 >= several * 19;
    if let Some(amount) = roles.amount
        && is_total
        && !is_product(&evidence)
    {
        let why = format!(
            "{repeated} of {several} orders with several lines have the same number on each of them: if it is the order's total, it would count once a line"
        );
        ask(draft, "amount", vec![amount], why);
    }
    Ok(evidence)
}

/// Discounts may stand in several columns, and only one of them is mapped.
fn doubt_discount(draft: &mut TableDraft, survey: &FileSurvey) {
    let Some(mut column) = draft.column("discount_amount").cloned() else {
        return;
    };
    let is_other = |place: &usize| Some(*place) != column.place();
    let is_discount = |place: &usize| {
        let column = &survey.columns[*place];
        column.column_type.is_number()
            && words(column.name.as_deref().unwrap_or(""))
                .iter()
                .any(|word| word == "discount")
    };
    let others: Vec<String> = (0..survey.columns.len())
        .filter(is_other)
        .filter(is_discount)
        .map(|place| survey.columns[place].label())
        .collect();
    if !others.is_empty() {
        column.confidence = Confidence::Unsure(50);
        column.why = format!(
            "by its name, but {} are discounts too, and only one can be mapped",
            others.join(", ")
        );
        draft.set(column);
    }
}

fn decimal_separator(survey: &FileSurvey, roles: Roles) -> char {
    let places = [roles.quantity, roles.unit_price, roles.amount];
    let columns = places.into_iter().flatten().map(|place| &survey.columns[place].numbers);
    number_style(columns.collect::<Vec<_>>().into_iter())
        .decimal_separator
        .value
}

fn is_product(evidence: &LineEvidence) -> bool {
    let (rows, equal) = evidence.products;
    rows > 0 && equal * 100 >= rows * 98
}

fn confirm_product(draft: &mut TableDraft, evidence: &LineEvidence) {
    let (rows, equal) = evidence.products;
    let why = format!("quantity x unit price is the amount in {equal} of {rows} records");
    for target in ["quantity", "unit_price", "amount"] {
        let Some(mut column) = draft.column(target).cloned() else {
            continue;
        };
        if is_product(evidence) {
            column.confidence = Confidence::Sure;
            column.why.clone_from(&why);
        } else if target == "amount" {
            let first = evidence.first_other_product.as_deref().unwrap_or_default();
            column.confidence = Confidence::Unsure(60);
            column.why = format!("{why}, so it may hold something else, or discounts or taxes: {first}");
        }
        draft.set(column);
    }
}

/// A column of money beside a quantity, or alone.
fn confirm_money(draft: &mut TableDraft, survey: &FileSurvey, target: &str, place: usize, evidence: &LineEvidence) {
    let Some(mut column) = draft.column(target).cloned() else {
        return;
    };
    let name = survey.columns[place].label();
    match (target, evidence.behaviour.nature()) {
        ("unit_price", Nature::UnitPrice(why)) | ("amount", Nature::Amount(why)) => {
            if survey.columns[place].misfits.is_none() {
                column.confidence = Confidence::Sure;
            }
            column.why = format!("{}, and {why}", column.why);
            draft.set(column);
        }
        ("unit_price", Nature::Amount(why)) => {
            ask(
                draft,
                target,
                vec![place],
                format!("{name} is called a price, but {why}, as the amount of a line does: map it to one of the two"),
            );
        }
        ("amount", Nature::UnitPrice(why)) if draft.place("quantity").is_some() => {
            ask(
                draft,
                target,
                vec![place],
                format!("{name} is called an amount, but {why}, as the price of a unit does: map it to one of the two"),
            );
        }
        ("unit_price", _) if column.confidence != Confidence::Sure => {
            column.confidence = Confidence::Unsure(65);
            column.why = format!("{}; it could be the price of the whole line", column.why);
            draft.set(column);
        }
        _ => {}
    }
}

fn ask_for_money(draft: &mut TableDraft, survey: &FileSurvey) {
    let taken: Vec<usize> = draft.columns.iter().filter_map(ColumnDraft::place).collect();
    let numbers = numbers(survey).filter(|place| !taken.contains(place)).take(4).collect();
    ask(
        draft,
        "amount",
        numbers,
        "no column is called an amount, and no two are called quantity and unit price".to_owned(),
    );
}

fn numbers(survey: &FileSurvey) -> impl Iterator<Item = usize> {
    let columns = survey.columns.iter().enumerate();
    columns
        .filter(|(_, column)| column.column_type.is_number())
        .map(|(place, _)| place)
}

fn definition(target: &str) -> Option<&'static ColumnDef> {
    SourceTable::OrderLines.contract().column(target)
}

/// Leaves a column to a person.
fn ask(draft: &mut TableDraft, target: &str, candidates: Vec<usize>, why: String) {
    if let Some(target) = definition(target) {
        draft.set(ColumnDraft {
            target,
            feed: Feed::Ask { candidates },
            confidence: Confidence::Open,
            why,
        });
    }
}

fn take(draft: &mut TableDraft, target: &str, place: usize, percent: u8, why: String) {
    if let Some(target) = definition(target) {
        draft.set(ColumnDraft {
            target,
            feed: Feed::Column {
                place,
                values: Vec::new(),
            },
            confidence: Confidence::Unsure(percent),
            why,
        });
    }
}

/// Order lines of a file without a header: only the values speak.
pub(super) fn by_content(draft: &mut TableDraft, survey: &FileSurvey) -> Result<LineEvidence, IngestError> {
    let roles = nameless_roles(survey)?;
    draft.columns.clear();
    draft.confidence = Confidence::Unsure(60);
    draft.why = "without a header only the values speak, of days, keys and numbers".to_owned();
    one_of(
        draft,
        "ordered_at",
        &roles.dates,
        85,
        "the only column of dates",
        "several columns hold dates",
    );
    choose_customer(draft, survey, &roles);
    if let [order] = roles.orders.as_slice() {
        let why = "each of its values has one day only, and comes back".to_owned();
        take(draft, "order_id", *order, 65, why);
    }
    let guess = Roles {
        customer: draft.place("customer_key"),
        order: draft.place("order_id"),
        product: None,
        quantity: roles.quantities.first().copied(),
        unit_price: None,
        amount: roles.money.first().copied(),
    };
    let evidence = line_evidence(survey, guess, decimal_separator(survey, guess))?;
    let candidates: Vec<usize> = numbers(survey).take(4).collect();
    match (roles.money.as_slice(), roles.quantities.as_slice()) {
        ([money], []) => take(
            draft,
            "amount",
            *money,
            60,
            "the only column of numbers with decimals".to_owned(),
        ),
        ([money], [quantity]) => match evidence.behaviour.nature() {
            Nature::Amount(why) => {
                let why = format!(
                    "with column {} as the quantity, {why}: an amount, not the price of a unit",
                    quantity + 1
                );
                take(draft, "amount", *money, 75, why);
                take(
                    draft,
                    "quantity",
                    *quantity,
                    75,
                    "the only other column of numbers, small and whole".to_owned(),
                );
            }
            Nature::UnitPrice(why) => {
                let why = format!(
                    "with column {} as the quantity, {why}: the price of a unit",
                    quantity + 1
                );
                take(draft, "unit_price", *money, 75, why);
                take(
                    draft,
                    "quantity",
                    *quantity,
                    75,
                    "the only other column of numbers, small and whole".to_owned(),
                );
            }
            Nature::Unknown => ask(
                draft,
                "amount",
                candidates,
                "the values do not tell an amount from the price of a unit".to_owned(),
            ),
        },
        _ => ask(
            draft,
            "amount",
            candidates,
            "the values do not tell which number is the amount".to_owned(),
        ),
    }
    Ok(evidence)
}

fn choose_customer(draft: &mut TableDraft, survey: &FileSurvey, roles: &NamelessRoles) {
    let label = |place: &usize| survey.columns[*place].label();
    let same: Vec<String> = roles.same_as_customer.iter().map(label).collect();
    let also = if same.is_empty() {
        String::new()
    } else {
        format!(
            "; {} names the same customers one to one, so it makes no difference",
            same.join(", ")
        )
    };
    let why = format!("the only key whose values come back on several days{also}");
    one_of(
        draft,
        "customer_key",
        &roles.customers,
        70,
        &why,
        "several columns hold keys that come back on several days",
    );
}

fn one_of(draft: &mut TableDraft, target: &str, places: &[usize], percent: u8, why: &str, several: &str) {
    match places {
        [place] => take(draft, target, *place, percent, why.to_owned()),
        [] => ask(draft, target, Vec::new(), "no column looks like it".to_owned()),
        places => ask(draft, target, places.to_vec(), several.to_owned()),
    }
}

/// Whether a column of ids was written as numbers with a decimal, as `17850.0`.
pub(super) fn ids_with_decimals(column: &ColumnSurvey) -> Option<&str> {
    let is_such = |text: &&String| {
        text.strip_suffix(".0")
            .is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
    };
    column.examples.iter().find(is_such).map(String::as_str)
}
