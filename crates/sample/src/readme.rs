//! `README.md` of a sample: what is in the folder, what is planted, and what a run must find.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::campaign::EFFECT_DAYS;
use crate::catalogue::MISSING;
use crate::plant::UNUSED_CHANNEL;
use crate::table_text::{Cents, TenThousandths};
use crate::{Currency, LineKind, LineTotals, Party, SampleContents, SampleFile, SampleParams, SampleValidParams, Went};

/// The whole text.
pub(crate) fn readme(params: &SampleValidParams, contents: &SampleContents) -> String {
    let mut text = String::from(
        "# Sample data\n\nA made-up retailer with shop, web and call centre, and the truth about it. Written, this text too, by\n\n",
    );
    let _ = writeln!(text, "```sh\n{}\n```\n", command(params.params()));
    push_files(&mut text, contents);
    push_truth(&mut text, params, contents);
    push_totals(&mut text, contents);
    push_defects(&mut text, contents);
    text
}

/// The command that writes the same files. What has no option of its own is not in it.
fn command(params: &SampleParams) -> String {
    let mut command = format!(
        "cartera sample --out FOLDER --customers {} --seed {} --defects {}",
        params.customers, params.seed, params.defects_per_kind
    );
    let defaults = SampleParams::new(params.customers, params.seed);
    if params.second_key_share != defaults.second_key_share {
        let _ = write!(command, " --second-key-share {}", params.second_key_share);
    }
    if let Some(days) = params.split_last_days {
        let _ = write!(command, " --split-last-days {days}");
    }
    command
}

/// What one row of each file is.
fn one_row(file: SampleFile) -> &'static str {
    match file {
        SampleFile::OrderLines => {
            "a line of an order, in time order; `customer_id` is the key of that channel's system"
        }
        SampleFile::OrderLinesNew => "the same, of the last days",
        SampleFile::Customers => "a key: who that is, according to that channel's system",
        SampleFile::Products => "a product and what it costs from a day on; several rows where the cost rose",
        SampleFile::Campaigns => "a campaign; `cost` is what its invoices in `costs.csv` add up to, contacts aside",
        SampleFile::Interactions => "a contact by a campaign, or a call to the call centre; both with what they cost",
        SampleFile::Cases => "a complaint, an incident or the answer to a survey (0 to 10)",
        SampleFile::Costs => {
            "a cost entry: invoices of campaigns, carriage by month and channel, claims, new customers"
        }
        SampleFile::Consents => "a consent given or withdrawn, under either key",
        SampleFile::Rates => "a working day and currency: euros for one unit",
        SampleFile::Owners => {
            "an account manager, a store or the call centre: where, for how many customers, until when"
        }
        SampleFile::Suppressions => {
            "somebody who must not be contacted: a customer by key, e-mail or telephone, or a stranger of a public list"
        }
        SampleFile::TruthCustomers => "a person: keys, rates, dropout, and all orders added up in euros",
        SampleFile::TruthIdentity => "a key: whose it is, how its record differs, how many orders it has",
        SampleFile::TruthCampaigns => "a campaign: what it truly does, and what came of it",
        SampleFile::TruthAssignments => {
            "a person selected by a campaign: contacted (`treated`) or left alone (`control`)"
        }
        SampleFile::TruthParameters => "a parameter of the processes",
        SampleFile::TruthDefects => "a planted defect",
        SampleFile::Readme => "",
    }
}

fn push_files(text: &mut String, contents: &SampleContents) {
    text.push_str("| file | rows | one row is |\n|---|---:|---|\n");
    for (&file, totals) in &contents.files {
        let _ = writeln!(
            text,
            "| `{}` | {} | {} |",
            file.name(),
            grouped(totals.rows),
            one_row(file)
        );
    }
    text.push_str(
        "\nRows are counted without the header and with planted rows. No pipeline reads the `truth_` files.\n\n",
    );
}

fn push_truth(text: &mut String, params: &SampleValidParams, contents: &SampleContents) {
    let truth = &contents.truth;
    let of = params.params();
    let _ = writeln!(
        text,
        "## What is true\n\n\
         - {} people have {} keys: {} have a second one, in another channel, where `customers.csv` spells them differently\n  \
         (`truth_identity.csv`). Some neighbours share a home; some customers are companies.\n\
         - Orders come from a BG/NBD process (Fader, Hardie & Lee 2005), order values from a Gamma-Gamma process (Fader & Hardie\n  \
         2013), in euros by the price list; prices abroad are those of a fixed list in pounds or dollars. Shops take euros only.\n\
         - {} of {} customers' orders are complained about. A complaint ends everything with probability {}, before and beside the\n  \
         customer's own dropout; {} of the {} people who left did so because of one. Incidents change nothing.\n\
         - {} campaigns. A contact multiplies the purchase rate by 1 + `true_lift` for {EFFECT_DAYS} days from the first day of the campaign;\n  \
         one campaign in four does nothing. Of the people selected (at random, among those who consent) {} % are left alone.\n\
         - Unit prices are what was paid; `discount` is what a coupon had taken off the line before.\n\
         - {} products are sold and not in `products.csv`; `SHIP` is no product either.\n",
        grouped(truth.people),
        grouped(truth.keys),
        grouped(truth.keys - truth.people),
        grouped(truth.complaints),
        grouped(truth.orders),
        of.complaint_dropout,
        grouped(truth.ended_by_complaint),
        grouped(truth.people - truth.alive_at_end),
        params.campaigns.len(),
        of.control_share * 100.0,
        MISSING.len(),
    );
}

fn push_totals(text: &mut String, contents: &SampleContents) {
    let lines = &contents.lines;
    text.push_str(
        "## What a run must find\n\nLines without a planted defect; repeated lines count twice. Amounts are quantity x unit price, in euros by the\n\
         rate of the day, rounded half-even to four decimals on each line.\n\n\
         | party | kind | currency | lines | amount | EUR |\n|---|---|---|---:|---:|---:|\n",
    );
    for party in Party::ALL {
        for kind in LineKind::ALL {
            for currency in Currency::ALL {
                let cell = lines.cell(party, kind, currency);
                if cell.lines > 0 {
                    let names = format!("{} | {} | {}", party_name(party), kind_name(kind), currency.code());
                    push_cell(text, &names, &Cents(cell.amount_cents).to_string(), cell);
                }
            }
        }
    }
    push_cell(text, "all | | ", "", lines.sound());
    let net = lines.sum(|party, kind, _| party == Party::Customer && matches!(kind, LineKind::Sale | LineKind::Return));
    let _ = writeln!(
        text,
        "\n- {} lines, {} of them planted defects that spoil the line\n\
         - {} customer keys, {} orders of customers, {} of guests, {} returns\n\
         - net sales of customers (sales and returns): {} EUR\n\
         - {} sound lines whose product is not in `products.csv`, shipping aside\n",
        grouped(lines.lines),
        grouped(lines.lines - lines.sound().lines),
        grouped(lines.customers),
        grouped(lines.orders - lines.guest_orders),
        grouped(lines.guest_orders),
        grouped(lines.returns),
        TenThousandths(net.converted),
        grouped(lines.lines_without_product),
    );
}

fn push_cell(text: &mut String, names: &str, amount: &str, cell: LineTotals) {
    let euros = TenThousandths(cell.converted);
    let _ = writeln!(text, "| {names} | {} | {amount} | {euros} |", grouped(cell.lines));
}

fn push_defects(text: &mut String, contents: &SampleContents) {
    text.push_str("## Planted defects\n\n");
    if contents.planted.is_empty() {
        text.push_str("None.\n");
        return;
    }
    text.push_str(
        "In `order_lines.csv` a defect spoils a line; in the other files it is one more row. Lines are counted from the header, which is\n\
         line 1; each single one is in `truth_defects.csv`.\n\n\
         | file | defect | rows | first line | a run must | reason |\n|---|---|---:|---:|---|---|\n",
    );
    let unused_channel = String::from_utf8_lossy(UNUSED_CHANNEL);
    let mut kinds: BTreeMap<(SampleFile, &str), (u64, u64, Went, &str)> = BTreeMap::new();
    for planted in &contents.planted {
        let first = (0, planted.line, planted.went, planted.reason);
        kinds.entry((planted.file, planted.defect)).or_insert(first).0 += 1;
    }
    for ((file, defect), (rows, line, went, reason)) in kinds {
        let must = match went {
            Went::Quarantined => "set it aside",
            Went::Merged => "merge it",
            Went::Kept => "keep it",
        };
        let (file, rows, line) = (file.name(), grouped(rows), grouped(line));
        let _ = writeln!(text, "| `{file}` | {defect} | {rows} | {line} | {must} | {reason} |");
    }
    let _ = writeln!(
        text,
        "\nA planted row of `consents.csv` or `suppressions.csv` with a readable key or e-mail denies whoever has it. One without\n\
         stops all lists of its channel; that is always `{unused_channel}`, which no list of `pipelines/retail.toml` uses."
    );
}

fn party_name(party: Party) -> &'static str {
    match party {
        Party::Customer => "customer",
        Party::Guest => "guest",
    }
}

fn kind_name(kind: LineKind) -> &'static str {
    match kind {
        LineKind::Sale => "sale",
        LineKind::Free => "free",
        LineKind::Return => "return",
        LineKind::Shipping => "shipping",
    }
}

/// A count with a comma between thousands.
fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_grouped() {
        for (count, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (12_345_678, "12,345,678")] {
            assert_eq!(grouped(count), text);
        }
    }

    #[test]
    fn the_command_names_what_is_not_default() {
        let mut params = SampleParams::new(5, 7);
        assert_eq!(
            command(&params),
            "cartera sample --out FOLDER --customers 5 --seed 7 --defects 0"
        );
        params.second_key_share = 0.5;
        params.split_last_days = Some(3);
        assert!(command(&params).ends_with(" --second-key-share 0.5 --split-last-days 3"));
    }
}
