//! The export itself: one transaction from the first row to the swap.

use std::io::Write;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use cartera_table::TableDescription;
use postgres::{CopyInWriter, Transaction};

use crate::address::Address;
use crate::encode::{EncodedRows, encode};
use crate::error::ExportError;
use crate::existing::{existing, grantees, has_run_table, is_run_table, tables_of_other_runs};
use crate::plan::{Plan, Rights, plan};
use crate::report::{ExportObserver, ExportReport, ExportedTable, Replaced};
use crate::source::{ExportSource, Frames, RunStamp};
use crate::sql::{self, RUN_TABLE, identifier, key_name, new_name, qualified};
use crate::wire::{HEADER, TRAILER};

/// Encoded pieces that wait for the network.
const WAITING_PIECES: usize = 4;

/// How long the swap waits in all for queries that read the old tables. New queries wait behind it.
const SWAP_PATIENCE: &str = "set local lock_timeout = '5min'; set local statement_timeout = '5min'";

/// Where and how to export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportOptions {
    /// The schema; it is made where it is missing.
    pub schema: String,
    /// Whether what hangs on a table may be dropped where the table's new columns do not fit it.
    pub drop_dependents: bool,
}

/// Loads the tables in one transaction.
///
/// # Errors
/// When the database cannot be reached or refuses a step, or a table cannot be read: then nothing has changed there.
pub fn export(
    address: &Address,
    options: &ExportOptions,
    stamp: &RunStamp,
    sources: Vec<ExportSource<'_>>,
    observer: &dyn ExportObserver,
) -> Result<ExportReport, ExportError> {
    let mut client = address.connect()?;
    let begin = client.transaction();
    let transaction = begin.map_err(ExportError::database(address, "begin a transaction"))?;
    let mut load = Load {
        address,
        schema: &options.schema,
        transaction,
        server_version: 0,
    };
    load.prepare()?;
    let mut plans = Vec::with_capacity(sources.len());
    for source in &sources {
        plans.push(load.plan(&source.table, options.drop_dependents)?);
    }
    let mut tables = Vec::with_capacity(sources.len());
    for (source, plan) in sources.into_iter().zip(plans) {
        let table = source.table.clone();
        let loaded = load.fill(source, observer)?;
        tables.push((table, plan, loaded));
    }
    load.lock(
        tables
            .iter()
            .filter(|(_, plan, _)| !matches!(plan, Plan::Create))
            .map(|(table, ..)| table),
    )?;
    let mut exported = Vec::with_capacity(tables.len());
    for (table, plan, loaded) in tables {
        let replaced = load.take_place(&table, plan)?;
        load.record(&table.name, loaded.rows, stamp)?;
        exported.push(ExportedTable { replaced, ..loaded });
    }
    load.commit(exported, stamp)
}

struct Load<'a> {
    address: &'a Address,
    schema: &'a str,
    transaction: Transaction<'a>,
    server_version: i32,
}

impl Load<'_> {
    /// Makes sure of the schema, of being alone in it, and of the table that tells of exports.
    fn prepare(&mut self) -> Result<(), ExportError> {
        let failed = |step: &str| ExportError::database(self.address, step);
        let version = self
            .transaction
            .query_one("select current_setting('server_version_num')::int", &[])
            .map_err(failed("tell its version"))?;
        self.server_version = version.get(0);
        let lock = format!("cartera export {}", self.schema);
        let is_alone = self
            .transaction
            .query_one("select pg_try_advisory_xact_lock(hashtextextended($1, 0))", &[&lock])
            .map_err(failed("lock the schema"))?;
        if !is_alone.get::<_, bool>(0) {
            return Err(ExportError::Busy {
                schema: self.schema.to_owned(),
            });
        }
        // Not `create schema if not exists`: that asks for the right to make one even where it is there.
        let is_there = self
            .transaction
            .query_one(
                "select exists (select from pg_namespace where nspname = $1)",
                &[&self.schema],
            )
            .map_err(failed("look for the schema"))?;
        if !is_there.get::<_, bool>(0) {
            self.run(
                "create the schema",
                &format!("create schema {}", identifier(self.schema)),
            )?;
        }
        if !has_run_table(&mut self.transaction, self.schema).map_err(failed("look for its tables"))? {
            self.run("create the table _run", &sql::create_run_table(self.schema))?;
        } else if !is_run_table(&mut self.transaction, self.schema).map_err(failed("look for its tables"))? {
            return Err(ExportError::Foreign {
                table: format!("{}.{RUN_TABLE}", self.schema),
                kind: "relation with other columns".to_owned(),
            });
        }
        Ok(())
    }

    fn plan(&mut self, table: &TableDescription, may_drop_dependents: bool) -> Result<Plan, ExportError> {
        let found = existing(&mut self.transaction, self.schema, &table.name).map_err(ExportError::database(
            self.address,
            &format!("look for the table {}", table.name),
        ))?;
        plan(self.schema, table, found, may_drop_dependents)
    }

    /// Fills a new table beside the old one.
    fn fill(&mut self, source: ExportSource<'_>, observer: &dyn ExportObserver) -> Result<ExportedTable, ExportError> {
        let ExportSource { table, rows, frames } = source;
        let name = new_name(&table.name);
        self.run(
            &format!("create the table {}", table.name),
            &sql::create(self.schema, &name, &table),
        )?;
        observer.table_started(&table.name, rows);
        let step = format!("load the table {}", table.name);
        let mut writer = self
            .transaction
            .copy_in(&sql::copy(self.schema, &name, &table))
            .map_err(ExportError::database(self.address, &step))?;
        let sent = send(&mut writer, &table, frames, observer)?;
        // A write fails without the reason where the server has given up: it tells that at the end.
        let stored = writer.finish().map_err(ExportError::database(self.address, &step))?;
        if stored != sent.rows || sent.has_failed {
            return Err(ExportError::RowCount {
                table: table.name,
                sent: sent.rows,
                stored,
            });
        }
        if let Some(key) = sql::key(self.schema, &name, &key_name(&name), &table, self.server_version) {
            self.run(&format!("index the table {}", table.name), &key)?;
        }
        self.run(
            &format!("describe the table {}", table.name),
            &sql::comments(self.schema, &name, &table),
        )?;
        // So that the first queries are planned as well as later ones.
        let analyze = format!("analyze {}", qualified(self.schema, &name));
        self.run(&format!("analyze the table {}", table.name), &analyze)?;
        observer.table_finished(&table.name, sent.rows, sent.bytes);
        Ok(ExportedTable {
            name: table.name,
            rows: sent.rows,
            bytes: sent.bytes,
            replaced: Replaced::Nothing,
            texts_with_nul: sent.texts_with_nul,
        })
    }

    /// Locks the old tables by one statement, so that one time limit holds for all of them: those that are locked
    /// already stay so while the others are waited for.
    fn lock<'t>(&mut self, tables: impl Iterator<Item = &'t TableDescription>) -> Result<(), ExportError> {
        let places: Vec<String> = tables.map(|table| qualified(self.schema, &table.name)).collect();
        if places.is_empty() {
            return Ok(());
        }
        let step = "wait for the queries that read the old tables";
        let failed = |error| ExportError::database(self.address, step)(error);
        let limit = self
            .transaction
            .query_one("select current_setting('statement_timeout')", &[])
            .map_err(failed)?;
        let limit: String = limit.get(0);
        self.run(step, SWAP_PATIENCE)?;
        self.run(
            step,
            &format!("lock table {} in access exclusive mode", places.join(", ")),
        )?;
        self.run(step, &format!("set local statement_timeout = {}", sql::literal(&limit)))
    }

    /// Lets the new table take the place of the old one.
    fn take_place(&mut self, table: &TableDescription, plan: Plan) -> Result<Replaced, ExportError> {
        let step = format!("put the new table {} in its place", table.name);
        let place = qualified(self.schema, &table.name);
        let new = qualified(self.schema, &new_name(&table.name));
        match plan {
            Plan::Create => {
                self.rename(table, &step)?;
                Ok(Replaced::Nothing)
            }
            Plan::Swap { rights } => {
                self.run(&step, &format!("drop table {place}"))?;
                self.rename(table, &step)?;
                self.hand_over(&place, &rights, &step)?;
                Ok(Replaced::Swapped)
            }
            Plan::Refill {
                alterations,
                dependents,
            } => {
                let step = format!("fill the table {} again", table.name);
                self.run(&step, &format!("truncate {place}"))?;
                for alteration in &alterations {
                    self.run(&step, alteration)?;
                }
                let columns = sql::column_list(table);
                self.run(
                    &step,
                    &format!("insert into {place} ({columns}) select {columns} from {new}"),
                )?;
                self.run(&step, &format!("drop table {new}"))?;
                self.run(&step, &sql::comments(self.schema, &table.name, table))?;
                Ok(Replaced::Refilled(dependents))
            }
            Plan::DropWith { rights, dependents } => {
                self.run(&step, &format!("drop table {place} cascade"))?;
                self.rename(table, &step)?;
                self.hand_over(&place, &rights, &step)?;
                Ok(Replaced::DroppedWith(dependents))
            }
        }
    }

    /// Gives a new table the owner and the rights of the old one, and no others: default privileges of the schema may
    /// have given back on it what was revoked on the old one.
    fn hand_over(&mut self, place: &str, rights: &Rights, step: &str) -> Result<(), ExportError> {
        let found = grantees(&mut self.transaction, place).map_err(ExportError::database(self.address, step))?;
        if !found.is_empty() {
            self.run(step, &format!("revoke all on {place} from {}", found.join(", ")))?;
        }
        if let Some(owner) = &rights.owner {
            self.run(step, &format!("alter table {place} owner to {}", identifier(owner)))?;
        }
        for grant in &rights.grants {
            self.run(step, grant)?;
        }
        Ok(())
    }

    fn rename(&mut self, table: &TableDescription, step: &str) -> Result<(), ExportError> {
        let new = new_name(&table.name);
        let place = qualified(self.schema, &new);
        self.run(
            step,
            &format!("alter table {place} rename to {}", identifier(&table.name)),
        )?;
        if table.grain.is_empty() {
            return Ok(());
        }
        let key = qualified(self.schema, &key_name(&new));
        let name = identifier(&key_name(&table.name));
        self.run(step, &format!("alter index {key} rename to {name}"))
    }

    fn record(&mut self, table: &str, rows: u64, stamp: &RunStamp) -> Result<(), ExportError> {
        let whole = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
        let run = whole(stamp.run);
        let schema_version = stamp.schema_version.map(whole);
        let rows = i64::try_from(rows).unwrap_or(i64::MAX);
        let as_of = stamp.as_of.to_string();
        self.transaction
            .execute(
                &sql::record_run(self.schema),
                &[
                    &table,
                    &as_of,
                    &run,
                    &stamp.pipeline,
                    &stamp.fingerprint,
                    &schema_version,
                    &rows,
                ],
            )
            .map_err(ExportError::database(self.address, "record the run"))?;
        Ok(())
    }

    fn commit(mut self, tables: Vec<ExportedTable>, stamp: &RunStamp) -> Result<ExportReport, ExportError> {
        let of_other_runs = tables_of_other_runs(&mut self.transaction, self.schema, &stamp.fingerprint)
            .map_err(ExportError::database(self.address, "tell the runs of its tables"))?;
        let committed = self.transaction.commit();
        committed.map_err(ExportError::database(self.address, "commit the export"))?;
        Ok(ExportReport { tables, of_other_runs })
    }

    fn run(&mut self, step: &str, statement: &str) -> Result<(), ExportError> {
        let done = self.transaction.batch_execute(statement);
        done.map_err(ExportError::database(self.address, step))
    }
}

/// What was sent of a table.
#[derive(Debug, Default)]
struct Sent {
    rows: u64,
    bytes: u64,
    texts_with_nul: u64,
    /// Whether the connection took no more.
    has_failed: bool,
}

/// Sends all rows, encoding the next ones on another thread meanwhile.
fn send(
    writer: &mut CopyInWriter<'_>,
    table: &TableDescription,
    frames: Frames<'_>,
    observer: &dyn ExportObserver,
) -> Result<Sent, ExportError> {
    std::thread::scope(|scope| {
        let (sender, receiver) = sync_channel(WAITING_PIECES);
        let encoder = scope.spawn(move || encode_all(table, frames, &sender));
        let sent = write_all(writer, receiver, observer);
        match encoder.join() {
            Ok(Ok(())) => Ok(sent),
            Ok(Err(error)) => Err(error),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

fn encode_all(
    table: &TableDescription,
    frames: Frames<'_>,
    sender: &SyncSender<EncodedRows>,
) -> Result<(), ExportError> {
    let mut first_row = 0;
    let mut is_wanted = true;
    for frame in frames {
        let frame = frame.map_err(|source| ExportError::Source {
            table: table.name.clone(),
            source,
        })?;
        let rows = frame.height() as u64;
        encode(table, frame, first_row, &mut |encoded| {
            is_wanted = sender.send(encoded).is_ok();
            is_wanted
        })?;
        if !is_wanted {
            break;
        }
        first_row += rows;
    }
    Ok(())
}

fn write_all(writer: &mut CopyInWriter<'_>, pieces: Receiver<EncodedRows>, observer: &dyn ExportObserver) -> Sent {
    let mut sent = Sent {
        has_failed: writer.write_all(HEADER).is_err(),
        ..Sent::default()
    };
    for piece in pieces {
        if sent.has_failed || writer.write_all(&piece.bytes).is_err() {
            sent.has_failed = true;
            break;
        }
        let bytes = piece.bytes.len() as u64;
        sent.rows += piece.rows;
        sent.bytes += bytes;
        sent.texts_with_nul += piece.texts_with_nul;
        observer.advanced(piece.rows, bytes);
    }
    sent.has_failed |= writer.write_all(&TRAILER).is_err();
    sent
}
