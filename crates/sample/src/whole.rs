//! All files of a sample, one after the other, in bounded memory.

use std::collections::BTreeMap;
use std::io;

use jiff::ToSpan;

use crate::basket::Basket;
use crate::campaign::EFFECT_DAYS;
use crate::costs::general_costs;
use crate::header::{History, block_count, customers_in_block};
use crate::lines::LinesWriter;
use crate::ordered::produce_in_order;
use crate::owners::owners_table;
use crate::parameters::parameters_table;
use crate::person::{CampaignCount, PersonTables, write_person};
use crate::plant::{Planted, TablePlan, Went, plant_at_end};
use crate::products::products_table;
use crate::readme::readme;
use crate::row::Texts;
use crate::table_text::{Cents, TableText};
use crate::truth::TruthTotals;
use crate::{SampleError, SampleFile, SampleTotals, SampleValidParams};

/// What everything is drawn from.
pub(crate) struct Scene<'a> {
    pub(crate) params: &'a SampleValidParams,
    pub(crate) texts: &'a Texts,
    pub(crate) history: &'a History,
}

/// Rows and bytes of one file, the header aside and included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FileTotals {
    /// Rows, planted ones included, the header aside.
    pub rows: u64,
    /// Bytes, the header included.
    pub bytes: u64,
}

/// What a sample holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SampleContents {
    /// The order lines of one file or two.
    pub lines: SampleTotals,
    /// What is true of the people.
    pub truth: TruthTotals,
    /// What each file holds.
    pub files: BTreeMap<SampleFile, FileTotals>,
    /// What is wrong on purpose, by file and line.
    pub planted: Vec<Planted>,
}

/// Where the bytes of a sample go: one call for each piece of a file, in the order of the file.
pub type WritePiece<'a> = &'a mut dyn FnMut(SampleFile, &[u8]) -> io::Result<()>;

/// Writes all files of the sample and says what they hold.
///
/// The order lines come first, then the other files; pieces are half a megabyte at most, and no file
/// is held whole but the small ones that are not about people.
///
/// # Errors
///
/// [`SampleError::Write`] when `write` refuses the bytes, and [`SampleError::TooFewOrders`] when the
/// first half of the order lines has no room for the defects.
pub fn write_sample(params: &SampleValidParams, write: WritePiece<'_>) -> Result<SampleContents, SampleError> {
    let texts = Texts::new(params)?;
    let history = History::draw(params);
    let scene = Scene {
        params,
        texts: &texts,
        history: &history,
    };
    let mut sheets = Sheets {
        write,
        contents: SampleContents::default(),
    };
    write_lines(&scene, &mut sheets)?;
    for (file, mut table) in [
        (SampleFile::Products, products_table(params)),
        (SampleFile::Campaigns, campaigns_table(params)),
        (SampleFile::Rates, params.rates.table()),
        (SampleFile::Owners, owners_table(params)),
    ] {
        plant_at_end(params, file, &mut table);
        sheets.push(file, &mut table)?;
    }
    sheets.push(SampleFile::Costs, &mut general_costs(&scene))?;
    let people = write_people(&scene, &mut sheets)?;
    sheets.contents.truth = people.totals;
    sheets.push(
        SampleFile::TruthCampaigns,
        &mut campaign_truth(params, &people.campaigns),
    )?;
    sheets.push(SampleFile::TruthParameters, &mut parameters_table(params))?;
    sheets
        .contents
        .planted
        .sort_by_key(|planted| (planted.file, planted.line));
    let mut defects = defects_table(&sheets.contents.planted);
    sheets.push(SampleFile::TruthDefects, &mut defects)?;
    let text = readme(params, &sheets.contents);
    (sheets.write)(SampleFile::Readme, text.as_bytes())?;
    Ok(sheets.contents)
}

/// The files on their way out, counted.
struct Sheets<'w> {
    write: WritePiece<'w>,
    contents: SampleContents,
}

impl Sheets<'_> {
    /// Writes the next rows of a file, after its header if they are the first.
    fn push(&mut self, file: SampleFile, table: &mut TableText) -> Result<(), SampleError> {
        let totals = self.contents.files.entry(file).or_default();
        if totals.bytes == 0 {
            (self.write)(file, file.header().as_bytes())?;
            totals.bytes = file.header().len() as u64;
        }
        (self.write)(file, &table.text)?;
        self.contents
            .planted
            .extend(table.planted.drain(..).map(|planted| Planted {
                file,
                line: totals.rows + planted.row + 1,
                defect: planted.of.slug,
                went: planted.of.went,
                reason: planted.of.reason,
            }));
        totals.rows += table.rows;
        totals.bytes += table.text.len() as u64;
        Ok(())
    }
}

fn write_lines(scene: &Scene<'_>, sheets: &mut Sheets<'_>) -> Result<(), SampleError> {
    let days = scene.params.window_days();
    let mut writer = LinesWriter::new(scene)?;
    let parts = match scene.params.params().split_last_days {
        None => vec![(SampleFile::OrderLines, days)],
        Some(last) => {
            let cut = days.end.saturating_sub(last).max(days.start);
            vec![
                (SampleFile::OrderLines, days.start..cut),
                (SampleFile::OrderLinesNew, cut..days.end),
            ]
        }
    };
    for (file, days) in parts {
        let totals = writer.write(file, days, &mut |bytes| (sheets.write)(file, bytes))?;
        sheets.contents.files.insert(file, totals);
    }
    sheets.contents.lines = writer.finish();
    let planted = sheets.contents.lines.planted.iter().map(|defect| Planted {
        file: defect.file,
        line: defect.row + 1,
        defect: defect.kind.slug(),
        went: if defect.kind.spoils_the_line() {
            Went::Quarantined
        } else {
            Went::Kept
        },
        reason: defect.kind.reason().unwrap_or_default(),
    });
    sheets.contents.planted.extend(planted);
    Ok(())
}

fn write_people(scene: &Scene<'_>, sheets: &mut Sheets<'_>) -> Result<PersonTables, SampleError> {
    let plan = TablePlan::draw(scene.params);
    let draw_block = |block: usize| {
        let mut out = PersonTables::default();
        let mut orders = Vec::new();
        let mut basket = Basket::new();
        for number in customers_in_block(scene.params, block) {
            write_person(scene, &plan, number as u32, (&mut orders, &mut basket), &mut out);
        }
        out
    };
    let mut sums = PersonTables::default();
    produce_in_order(block_count(scene.params), draw_block, |mut part| {
        for (file, table) in part.tables() {
            sheets.push(file, table)?;
        }
        sums.add_counts(&part);
        Ok::<(), SampleError>(())
    })?;
    Ok(sums)
}

fn campaigns_table(params: &SampleValidParams) -> TableText {
    let mut table = TableText::default();
    for campaign in &params.campaigns {
        table.row(&[
            &campaign.id,
            &campaign.name,
            &campaign.channel.name(),
            &params.day(campaign.first_day),
            &params.day(campaign.last_contact_day()),
            &Cents(campaign.fixed_cents),
        ]);
    }
    table
}

fn campaign_truth(params: &SampleValidParams, counts: &[CampaignCount]) -> TableText {
    let mut table = TableText::default();
    for (campaign, count) in params.campaigns.iter().zip(counts) {
        table.row(&[
            &campaign.id,
            &params.day(campaign.first_day),
            &params.day(campaign.first_day + EFFECT_DAYS - 1),
            &format_args!("{:.4}", campaign.lift),
            &count.treated_customers,
            &count.control_customers,
            &count.treated_orders,
            &count.control_orders,
            &format_args!("{:.2}", count.expected_extra_orders),
        ]);
    }
    table
}

fn defects_table(planted: &[Planted]) -> TableText {
    let mut table = TableText::default();
    for planted in planted {
        table.row(&[
            &planted.file.name(),
            &planted.line,
            &planted.defect,
            &planted.went.slug(),
            &planted.reason,
        ]);
    }
    table
}

impl SampleValidParams {
    /// A day of the history as a date.
    pub(crate) fn day(&self, day: u32) -> jiff::civil::Date {
        self.params().first_day.saturating_add(i64::from(day).days())
    }
}
