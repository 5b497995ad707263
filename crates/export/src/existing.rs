//! What stands in the schema already, and what of its user's hangs on it.

use std::fmt;

use postgres::{Error, Transaction};

use crate::sql::{MARK, RUN_TABLE, identifier, key_name, qualified};

/// Something of a user's that a table cannot be dropped from under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependent {
    /// What it is: `view`, `index`, `trigger`.
    pub kind: String,
    /// Its name, with its schema where it has one of its own.
    pub name: String,
}

impl fmt::Display for Dependent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.kind, self.name)
    }
}

/// A table as it stands in the database.
#[derive(Debug)]
pub(crate) struct Existing {
    /// What kind of relation it is, in words.
    pub(crate) kind: &'static str,
    /// Whether an export made it.
    pub(crate) is_ours: bool,
    /// In their order.
    pub(crate) columns: Vec<ExistingColumn>,
    /// The columns of its key.
    pub(crate) key: Vec<String>,
    pub(crate) dependents: Vec<Dependent>,
    /// Its owner, where that is somebody else than who exports.
    pub(crate) owner: Option<String>,
    pub(crate) grants: Vec<Grant>,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ExistingColumn {
    pub(crate) name: String,
    pub(crate) type_name: String,
    pub(crate) nullable: bool,
    /// Whether an export made it: those have comments.
    pub(crate) is_ours: bool,
}

/// A right that somebody was given on a table.
#[derive(Debug)]
pub(crate) struct Grant {
    privilege: String,
    /// In quotes, or `public`.
    grantee: String,
    may_grant: bool,
}

impl Grant {
    /// The statement that gives it on another table.
    pub(crate) fn statement(&self, place: &str) -> String {
        let option = if self.may_grant { " with grant option" } else { "" };
        format!("grant {} on {place} to {}{option}", self.privilege, self.grantee)
    }
}

pub(crate) const TABLE: &str = "table";

/// The kind of dependent for which a table cannot be emptied.
pub(crate) const FOREIGN_KEY: &str = "foreign key";

/// A relation of the schema; none where the name is free.
pub(crate) fn existing(transaction: &mut Transaction<'_>, schema: &str, name: &str) -> Result<Option<Existing>, Error> {
    let found = transaction.query_opt(
        "select c.oid, c.relkind::text, nullif(pg_get_userbyid(c.relowner), current_user)::text
         from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and c.relname = $2",
        &[&schema, &name],
    )?;
    let Some(row) = found else { return Ok(None) };
    let (oid, kind): (u32, String) = (row.get(0), row.get(1));
    Ok(Some(Existing {
        kind: match kind.as_str() {
            "r" => TABLE,
            "p" => "partitioned table",
            "v" => "view",
            "m" => "materialized view",
            "f" => "foreign table",
            _ => "relation of another kind",
        },
        is_ours: is_ours(transaction, schema, name, oid)?,
        columns: columns(transaction, oid)?,
        key: key(transaction, oid, name)?,
        dependents: dependents(transaction, oid, name)?,
        owner: row.get(2),
        grants: grants(transaction, oid)?,
    }))
}

/// Whether the table that tells of exports is there.
pub(crate) fn has_run_table(transaction: &mut Transaction<'_>, schema: &str) -> Result<bool, Error> {
    let place = qualified(schema, RUN_TABLE);
    Ok(transaction
        .query_one("select to_regclass($1) is not null", &[&place])?
        .get(0))
}

/// Whether it is the one that exports make, and nothing of somebody else's.
pub(crate) fn is_run_table(transaction: &mut Transaction<'_>, schema: &str) -> Result<bool, Error> {
    let found = transaction.query_one(
        "select count(*) = 3 from pg_attribute a join pg_class c on c.oid = a.attrelid
         join pg_namespace n on n.oid = c.relnamespace
         where n.nspname = $1 and c.relname = $2 and c.relkind = 'r'
            and a.attname in ('table_name', 'fingerprint', 'exported_at')",
        &[&schema, &RUN_TABLE],
    )?;
    Ok(found.get(0))
}

/// A name that stands in `_run` may be taken by another table since then; that one lacks the mark. The number of the
/// table would tell as well, but not after the database was dumped and restored.
fn is_ours(transaction: &mut Transaction<'_>, schema: &str, name: &str, oid: u32) -> Result<bool, Error> {
    if !has_run_table(transaction, schema)? {
        return Ok(false);
    }
    let place = qualified(schema, RUN_TABLE);
    let known = transaction.query_one(
        &format!(
            "select exists (select from {place} where table_name = $1)
             and coalesce(right(obj_description($2, 'pg_class'), length($3)) = $3, false)"
        ),
        &[&name, &oid, &MARK],
    )?;
    Ok(known.get(0))
}

fn columns(transaction: &mut Transaction<'_>, oid: u32) -> Result<Vec<ExistingColumn>, Error> {
    let rows = transaction.query(
        "select attname::text, format_type(atttypid, atttypmod), not attnotnull,
            col_description(attrelid, attnum) is not null from pg_attribute
         where attrelid = $1 and attnum > 0 and not attisdropped order by attnum",
        &[&oid],
    )?;
    let column = |row: &postgres::Row| ExistingColumn {
        name: row.get(0),
        type_name: row.get(1),
        nullable: row.get(2),
        is_ours: row.get(3),
    };
    Ok(rows.iter().map(column).collect())
}

fn key(transaction: &mut Transaction<'_>, oid: u32, name: &str) -> Result<Vec<String>, Error> {
    let rows = transaction.query(
        "select a.attname::text from pg_index i
         join pg_class c on c.oid = i.indexrelid
         join pg_attribute a on a.attrelid = c.oid
         join pg_attribute t on t.attrelid = i.indrelid and t.attnum = i.indkey[a.attnum - 1]
         where i.indrelid = $1 and c.relname = $2 order by a.attnum",
        &[&oid, &key_name(name)],
    )?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// What the server would drop with the table, or would not let it be dropped for, other than what exports make.
fn dependents(transaction: &mut Transaction<'_>, oid: u32, name: &str) -> Result<Vec<Dependent>, Error> {
    let rows = transaction.query(
        "select case v.relkind when 'm' then 'materialized view' else 'view' end, v.oid::regclass::text
            from pg_depend d join pg_rewrite r on r.oid = d.objid and d.classid = 'pg_rewrite'::regclass
            join pg_class v on v.oid = r.ev_class
            where d.refclassid = 'pg_class'::regclass and d.refobjid = $1 and v.oid <> $1
         union select 'function', p.oid::regprocedure::text
            from pg_depend d join pg_proc p on p.oid = d.objid and d.classid = 'pg_proc'::regclass
            where d.refclassid = 'pg_class'::regclass and d.refobjid = $1
         union select 'foreign key', conrelid::regclass::text || '.' || conname
            from pg_constraint where confrelid = $1 and conrelid <> $1 and contype = 'f'
         union select 'constraint', conname::text
            from pg_constraint where conrelid = $1 and conname <> $2 and contype not in ('n', 't')
         union select 'index', c.relname::text
            from pg_index i join pg_class c on c.oid = i.indexrelid where i.indrelid = $1 and c.relname <> $2
         union select 'trigger', tgname::text from pg_trigger where tgrelid = $1 and not tgisinternal
         union select 'policy', polname::text from pg_policy where polrelid = $1
         union select 'rule', rulename::text from pg_rewrite where ev_class = $1
         union select 'row security', relname::text from pg_class where oid = $1 and relrowsecurity
         union select 'statistics', stxname::text from pg_statistic_ext where stxrelid = $1
         union select 'publication', p.pubname::text
            from pg_publication_rel r join pg_publication p on p.oid = r.prpubid where r.prrelid = $1
         union select 'right on column', attname::text from pg_attribute where attrelid = $1 and attacl is not null
         union select 'column', attname::text from pg_attribute where attrelid = $1 and attnum > 0
            and not attisdropped and col_description(attrelid, attnum) is null
         order by 1, 2",
        &[&oid, &key_name(name)],
    )?;
    let dependent = |row: &postgres::Row| Dependent {
        kind: row.get(0),
        name: row.get(1),
    };
    Ok(rows.iter().map(dependent).collect())
}

fn grants(transaction: &mut Transaction<'_>, oid: u32) -> Result<Vec<Grant>, Error> {
    let rows = transaction.query(
        "select a.privilege_type, r.rolname::text, a.is_grantable
         from pg_class c, aclexplode(c.relacl) a left join pg_roles r on r.oid = a.grantee
         where c.oid = $1 and a.grantee <> c.relowner order by 1, 2",
        &[&oid],
    )?;
    let grant = |row: &postgres::Row| Grant {
        privilege: row.get(0),
        grantee: grantee(row.get(1)),
        may_grant: row.get(2),
    };
    Ok(rows.iter().map(grant).collect())
}

/// Who else than its owner has rights on a table, as names for statements.
pub(crate) fn grantees(transaction: &mut Transaction<'_>, place: &str) -> Result<Vec<String>, Error> {
    let rows = transaction.query(
        "select distinct r.rolname::text from pg_class c, aclexplode(c.relacl) a left join pg_roles r on r.oid = a.grantee
         where c.oid = to_regclass($1) and a.grantee <> c.relowner order by 1",
        &[&place],
    )?;
    Ok(rows.iter().map(|row| grantee(row.get(0))).collect())
}

/// A role in quotes; everybody where it is none.
fn grantee(role: Option<String>) -> String {
    role.map_or_else(|| "public".to_owned(), |role| identifier(&role))
}

/// Tables of the schema that earlier exports left and that are of another run than the newest export's.
pub(crate) fn tables_of_other_runs(
    transaction: &mut Transaction<'_>,
    schema: &str,
    fingerprint: &str,
) -> Result<Vec<String>, Error> {
    let place = qualified(schema, RUN_TABLE);
    let rows = transaction.query(
        &format!(
            "select table_name from {place}
             where fingerprint <> $1 and to_regclass(format('%I.%I', $2::text, table_name)) is not null order by 1"
        ),
        &[&fingerprint, &schema],
    )?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}
