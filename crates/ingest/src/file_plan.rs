//! The mapped columns of a source, found in one file.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use cartera_raw::{Block, Column as RawColumn, ColumnKind, ColumnSpec, DateFormats, DecimalFormat, ParsedBlock, Plan};
use cartera_table::{ColumnDef, ColumnType, Currency, DuplicatePolicy, Filling, SourceTable};

use crate::column_ref::ColumnRef;
use crate::columns::Feed;
use crate::constant::Constant;
use crate::error::IngestError;
use crate::file_type::FileType;
use crate::source_params::SourceValidParams;

/// A column of the table that is read from the file. The order is that of the plan's columns.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    /// The column of the table.
    pub(crate) definition: &'static ColumnDef,
    /// What the source's values mean; none where they stay as they are.
    pub(crate) values: Option<Arc<HashMap<String, String>>>,
    /// Whether a row without it is a defect.
    pub(crate) is_required: bool,
    /// Whether its times are instants.
    pub(crate) has_offset: bool,
}

impl Target {
    pub(crate) fn name(&self) -> &'static str {
        self.definition.name
    }
}

/// How to read one file.
pub(crate) struct FilePlan {
    pub(crate) path: PathBuf,
    pub(crate) plan: Plan,
    /// What each column of the plan is.
    pub(crate) targets: Vec<Target>,
    /// The columns that have the same value in every row.
    pub(crate) constants: Vec<(&'static ColumnDef, Constant)>,
    /// The currency of rows that name none.
    pub(crate) currency: Currency,
    /// For files whose records name their own fields.
    paths: Option<Paths>,
}

/// The fields of a file of JSON objects: which of them there are is known when all objects are read.
#[derive(Debug, Default)]
struct Paths {
    /// The path of each column.
    columns: Vec<String>,
    /// Which of them any object has.
    found: Vec<AtomicBool>,
    /// Those of a block in which one was not found.
    listed: OnceLock<Vec<String>>,
}

impl FilePlan {
    /// Finds the mapped columns by their names in the header, or by their positions.
    pub(crate) fn new(
        path: &Path,
        source: &SourceValidParams,
        header: Option<&[String]>,
        field_count: usize,
    ) -> Result<Self, IngestError> {
        let raw = |cause| IngestError::Raw {
            path: path.to_owned(),
            cause,
        };
        let (mut targets, mut constants, mut columns) = (Vec::new(), Vec::new(), Vec::new());
        let mut paths = (source.format.file_type == FileType::Json).then(Paths::default);
        for mapped in source.columns.iter() {
            let definition = mapped.definition;
            let file = match &mapped.feed {
                Feed::File(file) => file,
                Feed::Constant(constant) => {
                    constants.push((definition, constant.clone()));
                    continue;
                }
            };
            let (column, date_formats, values) = (&file.column, file.date_formats.as_ref(), &file.values);
            let target = Target {
                definition,
                values: values.clone(),
                is_required: is_required(definition, source),
                has_offset: mapped.has_offset(),
            };
            let field = match &mut paths {
                None => field(path, definition.name, column, header, field_count)?,
                Some(paths) => paths.add(column),
            };
            columns.push(ColumnSpec {
                name: definition.name.to_owned(),
                field,
                kind: kind(definition, source, date_formats, values.is_some()),
                required: target.is_required,
                null_values: source.format.null_values.clone(),
            });
            targets.push(target);
        }
        let plan = match &paths {
            None => source.format.plan(columns, field_count),
            Some(paths) => Plan::for_json(source.format.json(), columns, &paths.columns),
        };
        Ok(Self {
            path: path.to_owned(),
            plan: plan.map_err(raw)?,
            targets,
            constants,
            currency: source.currency,
            paths,
        })
    }

    /// Reads a block, and notes which fields there are where records name them.
    pub(crate) fn parse(&self, block: &Block) -> ParsedBlock {
        let parsed = self.plan.parse(block);
        if let Some(paths) = &self.paths {
            let places = self.plan.columns().iter().zip(&parsed.fields_found);
            for (spec, &is_found) in places {
                if is_found {
                    paths.found[spec.field].store(true, Ordering::Relaxed);
                } else if spec.required && block.records > 0 {
                    paths.listed.get_or_init(|| block.json_paths());
                }
            }
        }
        parsed
    }

    /// Refuses a file none of whose records has a field that all of them must have. To be asked when all
    /// blocks have been read.
    ///
    /// # Errors
    /// The first such field, in the order of the table's columns.
    pub(crate) fn check_found(&self) -> Result<(), IngestError> {
        let Some(paths) = &self.paths else { return Ok(()) };
        // Without a list there was no block that lacked a required field.
        let Some(listed) = paths.listed.get() else {
            return Ok(());
        };
        let is_missing = |spec: &&ColumnSpec| spec.required && !paths.found[spec.field].load(Ordering::Relaxed);
        let columns = self.plan.columns();
        match columns.iter().zip(&self.targets).find(|(spec, _)| is_missing(spec)) {
            None => Ok(()),
            Some((spec, target)) => Err(IngestError::NoField {
                path: self.path.clone(),
                field: paths.columns[spec.field].clone(),
                target: target.name(),
                fields: listed.join(", "),
            }),
        }
    }

    /// The target of a column of the table and its cells; none where the file does not have it.
    pub(crate) fn cells<'p>(&'p self, parsed: &'p ParsedBlock, name: &str) -> Option<(&'p Target, &'p RawColumn)> {
        let place = self.targets.iter().position(|target| target.name() == name)?;
        Some((&self.targets[place], &parsed.columns[place]))
    }

    /// The value of a column in every row; none where it has no such value.
    pub(crate) fn constant(&self, name: &str) -> Option<&Constant> {
        let mut constants = self.constants.iter();
        constants.find_map(|(definition, constant)| (definition.name == name).then_some(constant))
    }
}

impl Paths {
    /// Adds a field; gives its place.
    fn add(&mut self, column: &ColumnRef) -> usize {
        self.columns.push(match column {
            ColumnRef::Name(name) => name.clone(),
            // Refused where the columns are checked.
            ColumnRef::Position(position) => position.to_string(),
        });
        self.found.push(AtomicBool::new(false));
        self.columns.len() - 1
    }
}

/// How the cells of a column are read. Values that are translated are texts until then.
fn kind(
    definition: &ColumnDef,
    source: &SourceValidParams,
    date_formats: Option<&DateFormats>,
    is_translated: bool,
) -> ColumnKind {
    let decimal = |scale| {
        ColumnKind::Decimal(DecimalFormat {
            scale,
            ..source.format.decimal_format.clone()
        })
    };
    match (definition.column_type, date_formats) {
        (ColumnType::Timestamp, Some(format)) if format.has_time() => ColumnKind::Timestamp(format.clone()),
        (ColumnType::Date | ColumnType::Timestamp, Some(format)) => ColumnKind::Date(format.clone()),
        (ColumnType::Decimal { scale, .. }, _) => decimal(scale),
        (ColumnType::Int32 | ColumnType::Int64, _) if !is_translated => decimal(0),
        _ => ColumnKind::Text,
    }
}

/// A row without a value that its table needs is a defect. A line without its order is one where orders are
/// mapped; one without a customer is a guest's.
fn is_required(definition: &ColumnDef, source: &SourceValidParams) -> bool {
    match (source.table, definition.name) {
        (SourceTable::OrderLines, "order_id" | "amount") => true,
        (SourceTable::OrderLines, "quantity" | "unit_price") => !source.columns.maps("amount"),
        // The policy finds a line by it: lines without one would all be each other's repeats.
        (SourceTable::OrderLines, "line_number") => source.duplicates == DuplicatePolicy::LatestByKey,
        _ => !definition.nullable && definition.filling == Filling::Mapped,
    }
}

fn field(
    path: &Path,
    target: &'static str,
    column: &ColumnRef,
    header: Option<&[String]>,
    field_count: usize,
) -> Result<usize, IngestError> {
    match column {
        ColumnRef::Position(position) if position.get() <= field_count => Ok(position.get() - 1),
        ColumnRef::Position(position) => Err(IngestError::NoPosition {
            path: path.to_owned(),
            position: position.get(),
            target,
            fields: field_count,
        }),
        ColumnRef::Name(name) => {
            let header = header.unwrap_or_default();
            let mut places = header
                .iter()
                .enumerate()
                .filter(|(_, title)| title.trim() == name)
                .map(|(place, _)| place);
            match (places.next(), places.next()) {
                (Some(place), None) => Ok(place),
                (Some(_), Some(_)) => Err(IngestError::ColumnTwice {
                    path: path.to_owned(),
                    column: name.clone(),
                    target,
                }),
                (None, _) => Err(IngestError::NoColumn {
                    path: path.to_owned(),
                    column: name.clone(),
                    target,
                    header: header.join(", "),
                }),
            }
        }
    }
}
