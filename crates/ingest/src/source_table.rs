//! A source table, read whole.

use std::sync::{Mutex, PoisonError};

use cartera_table::frame::schema;
use cartera_table::{
    Contract, Count, CurrencyCounts, Disposition, ErasedKeys, FlowError, Ledger, Origin, Progress, Quarantine,
    SourceDenials, SourceTable, Table,
};
use jiff::tz::TimeZone;
use polars::prelude::DataFrame;

use crate::erase::erase;
use crate::error::IngestError;
use crate::failures::SetAside;
use crate::files::content_hash;
use crate::intake::Intake;
use crate::merge::{count, merge};
use crate::quality::{BlockQuality, QualityBook, QualitySpec};
use crate::reader::{FileBlock, FilePart, LineSource, OpenSegment, ReadParams, ReadTask, SegmentSink, read_segments};
use crate::rows::RowRules;

/// How to read a source table.
#[derive(Debug, Clone, Copy)]
pub struct SourceTableParams<'p> {
    /// Threads and blocks.
    pub read: ReadParams,
    /// The pipeline's time zone, whose wall clock times are brought to.
    pub time_zone: &'p TimeZone,
    /// The keys that the table must not hold.
    pub erased: &'p ErasedKeys,
}

/// What a source table comes to.
#[derive(Debug, Clone)]
pub struct SourceRows<T: Contract> {
    /// Its rows.
    pub table: Table<T>,
    /// Those of erased keys, all under the key [`ERASED_VALUE`](cartera_table::ERASED_VALUE), where their money counts
    /// for the company; none where there are none.
    pub erased: Option<Table<T>>,
}

/// Where the reader leaves what does not go on.
#[derive(Clone, Copy)]
pub struct ReadSinks<'r> {
    /// What was read.
    pub intake: &'r Intake,
    /// Rows that were set aside.
    pub quarantine: &'r Quarantine,
    /// What those of consents and suppressions deny.
    pub denials: &'r SourceDenials,
    /// Their counts.
    pub ledger: &'r Ledger,
    /// What the cells are like.
    pub quality: &'r QualityBook,
    /// What is to be measured of each source, by its place in the pipeline.
    pub specs: &'r [QualitySpec],
    /// Told of the work done.
    pub progress: &'r dyn Progress,
}

impl ReadSinks<'_> {
    /// Takes what a block leaves, beside its sound rows.
    fn take(&self, origin: Origin, read: Count, by_currency: &CurrencyCounts, aside: SetAside) {
        self.intake.add_rows(origin, read, by_currency);
        self.ledger.extend(aside.counts);
        self.quarantine.extend(aside.defects);
    }
}

/// Reads the sources of one table, those of other tables being passed over. It is held in memory: order
/// lines, which may not fit, are read by [`read_segments`].
///
/// Every row goes to one place: into the table, merged into another row of its key, to the quarantine, or out of scope
/// because its person was erased. The ledger gets the counts of all of them, each taken where the rows are.
///
/// # Errors
/// When a file cannot be read, or a mapped column is not in it.
pub fn source_table<T: Contract>(
    sources: &[LineSource],
    params: SourceTableParams<'_>,
    sinks: ReadSinks<'_>,
) -> Result<SourceRows<T>, FlowError> {
    let sources: Vec<LineSource> = sources
        .iter()
        .filter(|source| source.params.table.name() == T::INFO.name)
        .cloned()
        .collect();
    let tasks: Vec<ReadTask<'_>> = sources
        .iter()
        .flat_map(|source| {
            (0..source.files.len()).map(move |file_index| ReadTask {
                source,
                file_index,
                part: FilePart::Whole,
            })
        })
        .collect();
    let gatherer = Gatherer {
        sources: &sources,
        time_zone: params.time_zone,
        erased: params.erased,
        sinks,
        read: Mutex::default(),
    };
    read_segments(&tasks, params.read, sinks.progress, &gatherer)?;
    let mut read = gatherer.read.into_inner().unwrap_or_else(PoisonError::into_inner);
    read.sort_by_key(|(origin, first_line, _)| (*origin, *first_line));
    let mut frame = DataFrame::empty_with_schema(&schema(&T::INFO));
    for (_, _, rows) in read {
        frame.vstack_mut_owned(rows)?;
    }
    frame.rechunk_mut();
    let Some(table) = SourceTable::from_name(T::INFO.name) else {
        return Ok(SourceRows {
            table: Table::sorted(frame)?,
            erased: None,
        });
    };
    let merged = merge(table, frame, &sources, sinks.ledger)?;
    let (rows, erased) = erase(table, merged, &sources, params.erased, sinks.ledger)?;
    let rows = Table::sorted(rows)?;
    count(table, rows.frame(), Disposition::Kept, None, sinks.ledger)?;
    Ok(SourceRows {
        table: rows,
        erased: erased.map(Table::sorted).transpose()?,
    })
}

/// Keeps the rows of all blocks.
struct Gatherer<'g> {
    sources: &'g [LineSource],
    time_zone: &'g TimeZone,
    erased: &'g ErasedKeys,
    sinks: ReadSinks<'g>,
    read: Mutex<Vec<(Origin, u64, DataFrame)>>,
}

impl SegmentSink<()> for Gatherer<'_> {
    fn block(&self, _: &OpenSegment<()>, block: FileBlock) -> Result<(), FlowError> {
        let FileBlock { origin, plan, block } = block;
        let Some(source) = self
            .sources
            .iter()
            .find(|source| source.source_index == origin.source_index)
        else {
            return Ok(());
        };
        let rules = RowRules {
            source: &source.params,
            time_zone: self.time_zone,
            erased: self.erased.of_key_space(&source.params.key_space),
        };
        let parsed = plan.parse(&block);
        let rows = rules.read(&parsed, block.records, &plan, origin)?;
        if let Some(spec) = self.sinks.specs.get(origin.source_index) {
            let known = self.sinks.quality.known(origin.source_index, spec);
            let measured = BlockQuality::of(spec, &known, &plan.plan, &parsed, block.records, None);
            self.sinks.quality.add(origin, measured);
        }
        self.sinks.take(origin, rows.read, &rows.by_currency, rows.aside);
        self.sinks.denials.extend(rows.denials);
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        read.push((origin, block.first_line, rows.frame));
        Ok(())
    }

    fn end(&self, segment: OpenSegment<()>) -> Result<(), FlowError> {
        let (origin, stretch) = (segment.origin, segment.stretch());
        let source = self
            .sources
            .iter()
            .find(|source| source.source_index == origin.source_index);
        if let Some(file) = source.and_then(|source| source.files.get(origin.file_index)) {
            let hash = content_hash(&file.path, stretch.start, stretch.bytes).map_err(|cause| IngestError::Io {
                path: file.path.clone(),
                cause,
            })?;
            self.sinks.intake.close_file(origin, stretch.bytes, hash);
        }
        Ok(())
    }
}
