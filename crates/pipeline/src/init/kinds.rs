//! Rules for kinds of lines: those that the order ids tell, and what else stands out.

use super::content::LineEvidence;
use super::source::Drafts;
use super::text::{Toml, count, list, quoted};

use cartera_ingest::survey::Confidence;

/// Kinds of lines that the order ids tell, and what else stands out.
pub(super) fn line_kinds(toml: &mut Toml, drafts: &Drafts) {
    let evidence = drafts
        .sources
        .iter()
        .filter(|source| source.mapping.place("order_id").is_some())
        .filter_map(|source| source.evidence.as_ref());
    let mut known: Vec<&str> = Vec::new();
    for evidence in evidence {
        // Where all ids start with letters, these are no mark.
        let plain = evidence
            .prefixes
            .iter()
            .max_by_key(|(letters, prefix)| (prefix.rows, letters.is_empty()))
            .map(|(letters, _)| letters.as_str());
        for (letters, prefix) in &evidence.prefixes {
            if letters.is_empty() || Some(letters.as_str()) == plain || known.contains(&letters.as_str()) {
                continue;
            }
            known.push(letters);
            if prefix.rows >= 3 && prefix.negative * 20 >= prefix.rows * 19 {
                cancellation(toml, letters, prefix.rows, prefix.negative, evidence);
            } else {
                toml.section("# Orders whose ids look different.", "[order_lines.kind]");
                toml.remark(&format!(
                    "{} records have order ids that start with {letters:?}, such as {}, unlike most: {} of them are below zero. If they are no sales, give them a kind",
                    count(prefix.rows),
                    prefix.example,
                    count(prefix.negative)
                ));
                toml.comment("[[order_lines.kind]]");
                toml.comment("kind = \"adjustment\"");
                toml.comment(&format!("order_id_prefix = {}", quoted(letters)));
            }
        }
        services(toml, evidence);
    }
    free_lines(toml, drafts);
}

/// Lines of zero price make no order unless the pipeline says so.
fn free_lines(toml: &mut Toml, drafts: &Drafts) {
    let free: u64 = drafts
        .sources
        .iter()
        .filter_map(|source| source.evidence.as_ref())
        .map(|found| found.free)
        .sum();
    if free > 0 {
        toml.section("# Lines of zero price.", "[order_lines]");
        toml.remark(&format!(
            "{} records have a price or an amount of zero; as it is they make no order. If they do, write this above all [[order_lines.kind]]",
            count(free)
        ));
        toml.comment("[order_lines]");
        toml.comment("free_counts_as_order = true");
    }
}

fn cancellation(toml: &mut Toml, letters: &str, rows: u64, negative: u64, evidence: &LineEvidence) {
    let kind = if letters.starts_with(['C', 'c']) {
        "cancellation"
    } else {
        "return"
    };
    toml.section("[[order_lines.kind]]", "[order_lines.kind]");
    let why = format!(
        "{} records have order ids that start with {letters:?}, and {} of them are below zero; {} records below zero have no letters in front and are returns",
        count(rows),
        count(negative),
        count(evidence.negative_without_prefix)
    );
    toml.reasoned("kind", &quoted(kind), Confidence::Unsure(85), &why);
    toml.key("order_id_prefix", &quoted(letters));
}

fn services(toml: &mut Toml, evidence: &LineEvidence) {
    if evidence.services.is_empty() {
        return;
    }
    let rows: Vec<String> = evidence
        .services
        .iter()
        .map(|(product, rows)| format!("{product} ({} records)", count(*rows)))
        .collect();
    let ids: Vec<String> = evidence.services.keys().cloned().collect();
    toml.section(
        "# Products that may be no goods; as it is they count as sales.",
        "[order_lines.kind]",
    );
    toml.remark(&format!(
        "{} sound like carriage or fees: take the rule in to keep them out of net sales",
        rows.join(", ")
    ));
    toml.comment("[[order_lines.kind]]");
    toml.comment("kind = \"shipping\"");
    toml.comment(&format!("product_ids = {}", list(&ids)));
}
