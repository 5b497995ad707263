//! Blocks of the rows of a sheet.
//!
//! The XML of a sheet is read cell by cell and never held as a whole. The library lends its reader
//! from the workbook, so the two live together on a thread of their own, which hands on blocks.

mod cell_text;
mod rows;
mod workbook;

use std::fs::File;

use cartera_raw::{Block, BlockBuilder, ColumnSpec};
use crossbeam_channel::{Receiver, Sender};

use self::rows::{RowParams, Rows};
use self::workbook::{Sheet, SheetError};
use super::row::Row;
use super::witness::Witness;
use super::{BlockSource, Fields, unless_it_panics};
use crate::error::IngestError;
use crate::format_params::FormatValidParams;

/// Blocks that wait for the parser.
const WAITING_BLOCKS: usize = 2;

/// Reads one sheet of a workbook.
pub(super) struct ExcelBlocks {
    witness: Witness,
    fields: Option<Fields>,
    state: State,
    reading: ReadingParams,
}

/// How the rows become blocks.
#[derive(Debug, Clone)]
struct ReadingParams {
    rows: RowParams,
    header: bool,
    max_record_bytes: usize,
    block_bytes: usize,
}

enum State {
    /// The fields are known.
    Opened(Box<Sheet>),
    Reading(Receiver<Result<Block, calamine::Error>>),
    Ended,
}

impl ExcelBlocks {
    /// Opens the workbook, and looks at the first row of its sheet.
    pub(super) fn open(
        witness: Witness,
        file: &File,
        format: &FormatValidParams,
        block_bytes: usize,
    ) -> Result<Self, IngestError> {
        let mut rows = RowParams {
            skipped_rows: format.dialect.skip_lines,
            width: None,
            decimal_separator: format.decimal_format.decimal_separator,
            null_values: format.null_values.clone(),
        };
        let opened = unless_it_panics(damaged, || {
            let mut sheet = Sheet::open(file, &format.sheet)?;
            let first = first_row(&mut sheet, rows.clone())?;
            Ok((sheet, first))
        });
        let (sheet, first) = opened.map_err(|error| match error {
            SheetError::NoSuchSheet { sheets } => IngestError::NoSheet {
                path: witness.path().to_owned(),
                sheet: format.sheet.to_string(),
                sheets,
            },
            SheetError::Workbook(cause) => IngestError::Workbook {
                path: witness.path().to_owned(),
                cause,
            },
        })?;
        rows.width = first.as_ref().map(Vec::len);
        let header = format.dialect.header;
        let fields = match first {
            Some(texts) if header => Some(Fields::Named(texts)),
            first => first.map(|texts| Fields::Counted(texts.len())),
        };
        Ok(Self {
            witness,
            fields,
            state: State::Opened(Box::new(sheet)),
            reading: ReadingParams {
                rows,
                header,
                max_record_bytes: format.dialect.max_record_bytes,
                block_bytes,
            },
        })
    }
}

impl BlockSource for ExcelBlocks {
    fn fields(&mut self) -> Result<Option<Fields>, IngestError> {
        Ok(self.fields.clone())
    }

    fn select(&mut self, _columns: &[ColumnSpec]) -> Result<(), IngestError> {
        Ok(())
    }

    fn next_block(&mut self) -> Result<Option<Block>, IngestError> {
        if let State::Opened(_) = self.state
            && let State::Opened(sheet) = std::mem::replace(&mut self.state, State::Ended)
        {
            let (sender, receiver) = crossbeam_channel::bounded(WAITING_BLOCKS);
            let params = self.reading.clone();
            std::thread::spawn(move || read_sheet(*sheet, params, &sender));
            self.state = State::Reading(receiver);
        }
        let State::Reading(receiver) = &self.state else {
            return Ok(None);
        };
        match receiver.recv() {
            Ok(Ok(block)) => Ok(Some(block)),
            Ok(Err(cause)) => {
                self.state = State::Ended;
                Err(IngestError::Workbook {
                    path: self.witness.path().to_owned(),
                    cause,
                })
            }
            // The thread has ended, and has handed on all.
            Err(_) => self.witness.check().map(|()| None),
        }
    }
}

/// Hands on blocks until there are no more, or nobody takes them.
fn read_sheet(mut sheet: Sheet, params: ReadingParams, sender: &Sender<Result<Block, calamine::Error>>) {
    let width = params.rows.width.unwrap_or_default();
    let mut builder = BlockBuilder::new(width, params.max_record_bytes, params.block_bytes);
    let mut is_header = params.header;
    let read = unless_it_panics(damaged, || {
        let mut rows = Rows::new(params.rows, |number, row: &Row| {
            if std::mem::take(&mut is_header) {
                return true;
            }
            match builder.append(number, row.cells(width)) {
                Some(block) => sender.send(Ok(block)).is_ok(),
                None => true,
            }
        });
        sheet.each_cell(&mut rows)?;
        rows.finish();
        Ok::<(), calamine::Error>(())
    });
    // Sending fails where nobody listens any more, and then there is nothing left to do.
    if let Some(block) = builder.finish() {
        let _ = sender.send(Ok(block));
    }
    if let Err(error) = read {
        let _ = sender.send(Err(error));
    }
}

/// The texts of the first row with a value.
fn first_row(sheet: &mut Sheet, params: RowParams) -> Result<Option<Vec<String>>, calamine::Error> {
    let mut first = None;
    let mut rows = Rows::new(params, |_, row: &Row| {
        first = Some(row.texts());
        false
    });
    sheet.each_cell(&mut rows)?;
    rows.finish();
    Ok(first)
}

fn damaged<E: From<calamine::Error>>() -> E {
    E::from(calamine::Error::Msg("the workbook is damaged, and the reader gave up"))
}
