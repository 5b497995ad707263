//! Opens a workbook, whichever of the four kinds it is, and goes through the cells of one sheet.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};

use calamine::{Data, DataRef, DataType, Error, Ods, Range, Reader, SheetType, SheetVisible, Xls, Xlsb, Xlsx};

use crate::sheet_ref::SheetRef;

type Source = BufReader<File>;

/// Workbooks of before 2007, and encrypted ones, are files of this kind.
const COMPOUND_FILE_MAGIC: [u8; 4] = [0xD0, 0xCF, 0x11, 0xE0];
/// What an OpenDocument file has near its start, uncompressed.
const OPEN_DOCUMENT_MARK: &[u8] = b"mimetypeapplication/vnd.oasis.opendocument";

/// One sheet of a workbook.
pub(super) enum Sheet {
    /// Read from the file cell by cell.
    Xlsx(Box<Xlsx<Source>>, String),
    /// Likewise.
    Xlsb(Box<Xlsb<Source>>, String),
    /// In memory: the older and the open format are not read in parts.
    Whole(Range<Data>),
}

/// Why there is no sheet.
pub(super) enum SheetError {
    /// The workbook has other ones.
    NoSuchSheet { sheets: String },
    /// The workbook cannot be read.
    Workbook(Error),
}

impl<E: Into<Error>> From<E> for SheetError {
    fn from(error: E) -> Self {
        Self::Workbook(error.into())
    }
}

/// Takes the cells of a sheet in their order: row and column from 0, and false for no more.
pub(super) trait CellSink {
    fn take<D: DataType>(&mut self, row: u32, column: u32, cell: &D) -> bool;
}

impl Sheet {
    pub(super) fn open(file: &File, wanted: &SheetRef) -> Result<Self, SheetError> {
        let again = || -> io::Result<Source> {
            let mut file = file.try_clone()?;
            file.seek(SeekFrom::Start(0))?;
            Ok(BufReader::new(file))
        };
        let mut start = Vec::new();
        again()?.take(128).read_to_end(&mut start)?;
        if start.starts_with(&COMPOUND_FILE_MAGIC) {
            return match Xls::new(again()?) {
                Ok(workbook) => Self::whole(workbook, wanted),
                // The newer kind says so where the reason is a password.
                Err(error) => match Xlsx::new(again()?) {
                    Err(password @ calamine::XlsxError::Password) => Err(password.into()),
                    _ => Err(error.into()),
                },
            };
        }
        if start
            .windows(OPEN_DOCUMENT_MARK.len())
            .any(|bytes| bytes == OPEN_DOCUMENT_MARK)
        {
            return Self::whole(Ods::new(again()?)?, wanted);
        }
        if let Ok(workbook) = Xlsb::new(again()?) {
            let name = sheet_name(workbook.sheets_metadata(), wanted)?;
            return Ok(Self::Xlsb(Box::new(workbook), name));
        }
        let workbook = Xlsx::new(again()?)?;
        let name = sheet_name(workbook.sheets_metadata(), wanted)?;
        Ok(Self::Xlsx(Box::new(workbook), name))
    }

    fn whole<R>(mut workbook: R, wanted: &SheetRef) -> Result<Self, SheetError>
    where
        R: Reader<Source>,
        Error: From<R::Error>,
    {
        let name = sheet_name(workbook.sheets_metadata(), wanted)?;
        let range = workbook.worksheet_range(&name).map_err(Error::from)?;
        Ok(Self::Whole(range))
    }

    /// Goes through the cells until the sink has enough.
    pub(super) fn each_cell(&mut self, sink: &mut impl CellSink) -> Result<(), Error> {
        match self {
            Self::Xlsx(workbook, name) => {
                let mut cells = workbook.worksheet_cells_reader(name)?;
                while let Some(cell) = cells.next_cell()? {
                    let (row, column) = cell.get_position();
                    if !sink.take::<DataRef<'_>>(row, column, cell.get_value()) {
                        break;
                    }
                }
            }
            Self::Xlsb(workbook, name) => {
                let mut cells = workbook.worksheet_cells_reader(name)?;
                while let Some(cell) = cells.next_cell()? {
                    let (row, column) = cell.get_position();
                    if !sink.take::<DataRef<'_>>(row, column, cell.get_value()) {
                        break;
                    }
                }
            }
            Self::Whole(range) => {
                let (first_row, first_column) = range.start().unwrap_or_default();
                for (row, column, cell) in range.used_cells() {
                    let (row, column) = (first_row + row as u32, first_column + column as u32);
                    if !sink.take::<Data>(row, column, cell) {
                        break;
                    }
                }
            }
        }
        Ok(())
    }
}

/// The sheet by its name, or by its number among those that are not hidden.
fn sheet_name(sheets: &[calamine::Sheet], wanted: &SheetRef) -> Result<String, SheetError> {
    let mut tables = sheets.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let found = match wanted {
        SheetRef::Name(name) => tables.find(|sheet| sheet.name == *name),
        SheetRef::Position(position) => tables
            .filter(|sheet| sheet.visible == SheetVisible::Visible)
            .nth(position.get() - 1),
    };
    found.map(|sheet| sheet.name.clone()).ok_or_else(|| {
        let shown = |sheet: &calamine::Sheet| match (sheet.typ, sheet.visible) {
            (SheetType::WorkSheet, SheetVisible::Visible) => format!("{:?}", sheet.name),
            (SheetType::WorkSheet, _) => format!("{:?} (hidden)", sheet.name),
            _ => format!("{:?} (no table)", sheet.name),
        };
        let sheets: Vec<String> = sheets.iter().map(shown).collect();
        SheetError::NoSuchSheet {
            sheets: sheets.join(", "),
        }
    })
}
