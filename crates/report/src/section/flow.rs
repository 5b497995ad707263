//! Customers between the run before and this one, as bands from where they were to where they are.

use super::Context;
use super::tips::of_row;
use crate::answer::Answer;
use crate::charts::{About, Sankey, SankeyLink, SankeyNode, Svg};

/// Colours that a chart has.
const COLOURS: usize = 8;

/// The columns of an answer that say whence and whither.
#[derive(Clone, Copy)]
pub(super) struct Ends<'a> {
    pub(super) from: &'static str,
    pub(super) to: &'static str,
    /// The order of what stands in them, where there is one: then a name means the same on both sides. Else the largest
    /// now stands first, and each end before stands and is coloured like the one where most of its customers are now.
    pub(super) order: &'a [&'a str],
}

/// One end: where customers were, or where they are, by its slug; none for those who were or are not there.
struct End {
    slug: Option<String>,
    /// The end now that it is taken for; its own slug where it is taken for none.
    likeness: Option<String>,
    label: String,
    customers: f64,
}

/// Draws the answer, which counts `customers` and their `net_sales` from each end to each other.
pub(super) fn flow(context: Context<'_>, answer: &Answer, ends: Ends<'_>, title: &str) -> Svg {
    let words = context.words;
    let mut befores = side(context, answer, ends.from, "flow-new");
    let mut afters = side(context, answer, ends.to, "flow-gone");
    let (from, to) = (answer.slugs(ends.from), answer.slugs(ends.to));
    let customers = answer.numbers("customers");
    if ends.order.is_empty() {
        for end in &mut befores {
            if let Some(most) = whither(&end.slug, &from, &to, &customers) {
                end.likeness = Some(most);
            }
        }
        let by_size: Vec<String> = afters.iter().filter_map(|end| end.slug.clone()).collect();
        let order: Vec<&str> = by_size.iter().map(String::as_str).collect();
        arrange(&mut befores, &order);
    } else {
        arrange(&mut befores, ends.order);
        arrange(&mut afters, ends.order);
    }
    // One colour for what is the same on both sides.
    let mut likenesses: Vec<&Option<String>> = Vec::new();
    for end in afters.iter().chain(&befores) {
        if !likenesses.contains(&&end.likeness) {
            likenesses.push(&end.likeness);
        }
    }
    let colour = |end: &End| likenesses.iter().position(|one| **one == end.likeness).unwrap_or(0) % COLOURS;
    let node = |end: &End, column: usize| {
        let count = words.count(end.customers as i64);
        SankeyNode {
            label: format!("{} · {count}", end.label),
            column,
            colour: colour(end),
            tip: format!("{}\n{}: {count}", end.label, words.label("column", "customers")),
        }
    };
    let left = befores.iter().map(|end| node(end, 0));
    let right = afters.iter().map(|end| node(end, 1));
    let links = (0..answer.rows()).filter_map(|row| {
        let start = befores.iter().position(|end| end.slug == from[row])?;
        let end = afters.iter().position(|end| end.slug == to[row])?;
        let heading = format!("{} → {}", befores[start].label, afters[end].label);
        Some(SankeyLink {
            from: start,
            to: befores.len() + end,
            value: customers[row]?,
            tip: of_row(words, answer, row, &heading, &["customers", "net_sales"]),
        })
    });
    Sankey {
        about: About::titled(title),
        column_titles: vec![words.say("flow-before"), words.say("flow-now")],
        nodes: left.chain(right).collect(),
        links: links.collect(),
    }
    .draw()
}

/// The ends on one side, the largest first; who is nowhere stands last.
fn side(context: Context<'_>, answer: &Answer, column: &'static str, nowhere: &str) -> Vec<End> {
    let labels = answer.texts(column, context.words);
    let mut found: Vec<End> = Vec::new();
    for (row, slug) in answer.slugs(column).into_iter().enumerate() {
        let customers = answer.number("customers", row).unwrap_or(0.0);
        match found.iter_mut().find(|end| end.slug == slug) {
            Some(end) => end.customers += customers,
            None => found.push(End {
                label: if slug.is_some() {
                    labels[row].clone()
                } else {
                    context.words.say(nowhere)
                },
                likeness: slug.clone(),
                slug,
                customers,
            }),
        }
    }
    found.sort_by(|one, other| {
        let by_size = other.customers.total_cmp(&one.customers);
        let nowhere_last = one.slug.is_none().cmp(&other.slug.is_none());
        nowhere_last.then(by_size).then_with(|| one.slug.cmp(&other.slug))
    });
    found
}

/// Where most customers of an end before are now, the first by name among equals; none where none of them is anywhere,
/// nor of those who were nowhere before.
fn whither(
    before: &Option<String>,
    from: &[Option<String>],
    to: &[Option<String>],
    customers: &[Option<f64>],
) -> Option<String> {
    before.as_ref()?;
    let ways = (0..from.len()).filter(|&row| from[row] == *before && to[row].is_some());
    let most = ways.max_by(|&one, &other| {
        let count = |row: usize| customers[row].unwrap_or(0.0);
        count(one)
            .total_cmp(&count(other))
            .then_with(|| to[other].cmp(&to[one]))
    });
    to[most?].clone()
}

/// Puts ends in an order; those that it does not know follow as they stood, and who is nowhere stands last.
fn arrange(ends: &mut [End], order: &[&str]) {
    ends.sort_by_key(|end| match (&end.slug, &end.likeness) {
        (Some(_), Some(name)) => order.iter().position(|known| known == name).unwrap_or(order.len()),
        _ => usize::MAX,
    });
}

#[cfg(test)]
mod tests {
    use super::whither;

    #[test]
    fn a_cluster_is_taken_for_the_one_where_most_of_its_customers_are_now() {
        let slug = |name: &str| (!name.is_empty()).then(|| name.to_owned());
        let from = ["loyal", "loyal", "loyal", "even", "even", "left", ""].map(slug);
        let to = ["stars", "vip", "", "vip", "stars", "", "vip"].map(slug);
        let customers = [3.0, 40.0, 90.0, 5.0, 5.0, 7.0, 8.0].map(Some);
        let taken_for = |name: &str| whither(&slug(name), &from, &to, &customers);
        assert_eq!(taken_for("loyal"), slug("vip"), "who is nowhere now does not count");
        assert_eq!(taken_for("even"), slug("stars"), "the first by name");
        assert_eq!(taken_for("left"), None);
        assert_eq!(taken_for(""), None, "new customers were nowhere");
    }
}
