//! The files of target lists: whom to contact, who came since the run before, and who is to be taken off.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::io::{self, Write};
use std::ops::Range;

use cartera_activation::files::{
    FileFormat, FileParams, FileValidParams, FilesError, ListForFiles, ListPart, WrittenFile, members, write_file,
};
use cartera_table::frame::text;
use cartera_table::{AsOf, TableError};
use polars::prelude::{BooleanChunked, ChunkCompareEq, DataFrame, StringChunked};

use super::removed::{RemovedPeople, RunsBefore};
use super::targets::Targets;
use crate::config::TargetsConfig;
use crate::error::PipelineError;
use crate::store::{Staging, StoreError};

/// A list with what its files are made of.
#[derive(Clone, Copy)]
pub(super) struct ListFiles<'l> {
    pub(super) name: &'l str,
    pub(super) targets: &'l Targets,
    pub(super) as_of: AsOf,
    /// The published run that it is made from; none for a run's own files.
    pub(super) run: Option<&'l str>,
}

impl ListFiles<'_> {
    /// The customers of a part, in the list's order, with what the base knows of them.
    pub(super) fn members(&self, part: ListPart, params: &FileValidParams) -> Result<DataFrame, PipelineError> {
        let people = match part {
            ListPart::Whole => contacts(self.targets, self.name)?,
            ListPart::Added => {
                let contacts = contacts(self.targets, self.name)?;
                let added = changed(self.targets, self.name, "added")?;
                let is_added = is_in(text(&contacts, ID)?, text(&added, ID)?);
                contacts.filter(&is_added).map_err(TableError::from)?
            }
            ListPart::Removed => removed(self.targets, self.name)?,
        };
        Ok(members(&people, &self.targets.base, params).map_err(Box::new)?)
    }

    /// As the writer takes it.
    pub(super) fn part<'m>(&'m self, part: ListPart, members: &'m DataFrame) -> ListForFiles<'m> {
        ListForFiles {
            name: self.name,
            part,
            as_of: self.as_of,
            run: self.run,
            members,
            lists: self.targets.lists.frame(),
            reasons: self.targets.reasons.frame(),
        }
    }
}

/// Writes all files of a run's lists; says what people should know of them.
pub(super) fn write_list_files(
    staging: &mut Staging<'_>,
    targets: &Targets,
    config: &TargetsConfig,
    as_of: AsOf,
    before: &RunsBefore<'_>,
) -> Result<Vec<String>, PipelineError> {
    let ids_alone = ids_alone(config)?;
    let mut params_of = BTreeMap::new();
    for name in names(targets)? {
        // No longer declared: whom to take off, in the files that the list had.
        let params = config.files.get(&name).cloned();
        let params = params.or_else(|| before.params_of(&name, config));
        params_of.insert(name, params.unwrap_or_else(|| ids_alone.clone()));
    }
    let people = RemovedPeople::read(before, targets, config, &params_of)?;
    let mut notes = people.notes.clone();
    for (name, params) in &params_of {
        let files = ListFiles {
            name,
            targets,
            as_of,
            run: None,
        };
        if config.files.contains_key(name) {
            for part in [ListPart::Whole, ListPart::Added] {
                let members = files.members(part, params)?;
                let list = files.part(part, &members);
                let formats = formats_of(&list, params, &mut notes);
                notes.extend(publish_files(staging, &list, params, &formats)?);
            }
        }
        let mut params = params;
        let known = people.members(name, params)?;
        let mut members = match known {
            Some(members) => members,
            // The run that had them cannot tell. Tonight's customers are told as they are now.
            None if config.files.contains_key(name) => files.members(ListPart::Removed, params)?,
            None => {
                params = &ids_alone;
                files.members(ListPart::Removed, params)?
            }
        };
        let mut formats = formats_of(&files.part(ListPart::Removed, &members), params, &mut notes);
        if formats.is_empty() {
            // Whatever files a list has, somebody may have used them.
            params = &ids_alone;
            formats = vec![FileFormat::Csv];
            members = files.members(ListPart::Removed, params)?;
        }
        let list = files.part(ListPart::Removed, &members);
        notes.extend(publish_files(staging, &list, params, &formats)?);
    }
    Ok(notes)
}

/// Files that hold nothing but customers' ids.
fn ids_alone(config: &TargetsConfig) -> Result<FileValidParams, PipelineError> {
    let params = FileParams {
        columns: vec![ID.to_owned()],
        ..FileParams::default()
    };
    Ok(params.check(&config.known).map_err(Box::new)?)
}

/// The kinds of files of a part of a list.
fn formats_of(list: &ListForFiles<'_>, params: &FileValidParams, notes: &mut Vec<String>) -> Vec<FileFormat> {
    let mut formats = params.formats().to_vec();
    if list.part != ListPart::Whole {
        // A workbook is for people, who look at the whole list.
        formats.retain(|format| *format != FileFormat::Xlsx);
    } else if !formats.iter().all(|&format| list.fits(format)) {
        formats.retain(|&format| list.fits(format));
        if !formats.contains(&FileFormat::Csv) {
            formats.push(FileFormat::Csv);
        }
        notes.push(format!(
            "{} is not written: the list has {} customers, more than a sheet has rows; they are in {}",
            list.file_name(FileFormat::Xlsx),
            list.members.height(),
            list.file_name(FileFormat::Csv)
        ));
    }
    formats
}

fn publish_files(
    staging: &mut Staging<'_>,
    list: &ListForFiles<'_>,
    params: &FileValidParams,
    formats: &[FileFormat],
) -> Result<Vec<String>, PipelineError> {
    let mut notes = Vec::new();
    for &format in formats {
        notes.extend(publish_file(staging, list, params, format)?);
    }
    Ok(notes)
}

fn publish_file(
    staging: &mut Staging<'_>,
    list: &ListForFiles<'_>,
    params: &FileValidParams,
    format: FileFormat,
) -> Result<Vec<String>, PipelineError> {
    let file_name = list.file_name(format);
    let written = through(
        |out| staging.write_list(&file_name, out),
        |out| write_file(list, params, format, out),
    )?;
    if let Some(about) = &written.about {
        staging.write_list(&list.about_file_name(format), &mut |out| {
            out.write_all(about.as_bytes())
        })?;
    }
    let notes = written.warnings.into_iter();
    Ok(notes.map(|note| format!("{file_name}: {note}")).collect())
}

/// Writes a list into what `open` opens, and keeps both kinds of errors apart.
pub(super) fn through(
    open: impl FnOnce(crate::store::ListWriter<'_>) -> Result<(), StoreError>,
    write: impl Fn(&mut dyn Write) -> Result<WrittenFile, FilesError>,
) -> Result<WrittenFile, PipelineError> {
    let mut written = None;
    let opened = open(&mut |out| match write(out) {
        Ok(file) => {
            written = Some(Ok(file));
            Ok(())
        }
        Err(error) => {
            written = Some(Err(error));
            Err(io::Error::other("the list cannot be made"))
        }
    });
    match (written, opened) {
        (Some(Err(error)), _) => Err(Box::new(error).into()),
        (_, Err(error)) => Err(error.into()),
        (Some(Ok(file)), Ok(())) => Ok(file),
        (None, Ok(())) => {
            Err(StoreError::io("write", std::path::Path::new("a list"))(io::Error::other("nothing was written")).into())
        }
    }
}

const ID: &str = "customer_id";
const LIST: &str = "list";

/// All lists that have files: those of tonight, and those that customers are removed from.
fn names(targets: &Targets) -> Result<BTreeSet<String>, TableError> {
    let mut names = BTreeSet::new();
    for frame in [targets.lists.frame(), targets.changes.frame()] {
        let mut row = 0;
        while row < frame.height() {
            let name = text(frame, LIST)?.get(row).unwrap_or_default();
            names.insert(name.to_owned());
            row = rows_of(frame, name)?.end.max(row + 1);
        }
    }
    Ok(names)
}

/// Whom the list contacts, by customer.
fn contacts(targets: &Targets, list: &str) -> Result<DataFrame, TableError> {
    let contacts = having(targets.decisions.frame(), list, "decision", "contact")?;
    Ok(contacts.select([ID, "rank", "expected_value", "listed_since"])?)
}

/// Who is removed from a list.
pub(super) fn removed(targets: &Targets, list: &str) -> Result<DataFrame, TableError> {
    changed(targets, list, "removed")
}

fn changed(targets: &Targets, list: &str, change: &str) -> Result<DataFrame, TableError> {
    Ok(having(targets.changes.frame(), list, "change", change)?.select([ID])?)
}

/// The rows of a list that have a value.
pub(super) fn having(frame: &DataFrame, list: &str, column: &str, value: &str) -> Result<DataFrame, TableError> {
    let rows = rows_of(frame, list)?;
    let of_list = frame.slice(rows.start as i64, rows.len());
    let has_value = text(&of_list, column)?.equal(value);
    Ok(of_list.filter(&has_value)?)
}

/// Where the rows of a list stand: tables come by list.
fn rows_of(frame: &DataFrame, list: &str) -> Result<Range<usize>, TableError> {
    let lists = text(frame, LIST)?;
    let first = |is_before: &dyn Fn(&str) -> bool| {
        let (mut low, mut high) = (0, lists.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if lists.get(middle).is_some_and(is_before) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    };
    Ok(first(&|name| name < list)..first(&|name| name <= list))
}

fn is_in(customers: &StringChunked, some: &StringChunked) -> BooleanChunked {
    let some: HashSet<&str> = some.iter().flatten().collect();
    customers
        .iter()
        .map(|customer| Some(customer.is_some_and(|customer| some.contains(customer))))
        .collect()
}
