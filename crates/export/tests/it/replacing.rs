//! Old tables are whole until the new ones are, and what hangs on them stays.

use cartera_export::{Dependent, ExportError, Replaced};
use cartera_table::{ColumnType, TableDescription};
use cartera_testkit::PostgresServer;
use polars::prelude::Column;
use postgres::Client;

use crate::server::{address, reader, wait_until};
use crate::world::{column, frames, load, rows, source, table};

fn sum(client: &mut Client, table: &str) -> String {
    let query = format!("select coalesce(sum(net_sales), 0)::text from {table}");
    client.query_one(&query, &[]).expect("read").get(0)
}

fn tables(client: &mut Client) -> Vec<String> {
    let query = "select tablename::text from pg_tables where schemaname = 'cartera' order by 1";
    client
        .query(query, &[])
        .expect("read")
        .iter()
        .map(|row| row.get(0))
        .collect()
}

#[test]
fn a_second_export_takes_the_place_of_the_first_with_its_grants() {
    let Some(server) = PostgresServer::start() else { return };
    let target = address(&server, "");
    let sources = || {
        vec![
            source(table("sales"), frames(vec![rows(3, 10_000)])),
            source(table("gone"), frames(vec![])),
        ]
    };
    load(&target, 1, sources(), false).expect("loaded");
    let mut client = reader(&server);
    client
        .batch_execute(
            "create role bi; create role \"Odd Name\"; grant select on cartera.sales to bi with grant option;
             grant select, update on cartera.sales to \"Odd Name\"; grant select on cartera.sales to public",
        )
        .expect("granted");
    let rights = "select relacl::text from pg_class where oid = 'cartera.sales'::regclass";
    let before: String = client.query_one(rights, &[]).expect("read").get(0);

    let report = load(
        &target,
        2,
        vec![source(table("sales"), frames(vec![rows(4, 10_000)]))],
        false,
    )
    .expect("loaded");
    assert_eq!(report.tables[0].replaced, Replaced::Swapped);
    assert_eq!(report.of_other_runs, ["gone"]);
    assert_eq!(sum(&mut client, "cartera.sales"), "6.0000");
    let after: String = client.query_one(rights, &[]).expect("read").get(0);
    let sorted = |text: &str| {
        let mut rights: Vec<String> = text.trim_matches(['{', '}']).split(',').map(str::to_owned).collect();
        rights.sort();
        rights
    };
    assert_eq!(sorted(&after), sorted(&before));
    assert_eq!(tables(&mut client), ["_run", "gone", "sales"]);
    // What the schema gives of itself is not given back on a table where it was revoked.
    client
        .batch_execute(
            "alter default privileges in schema cartera grant select on tables to bi, public;
             revoke all on cartera.sales from bi, public; drop table cartera.gone",
        )
        .expect("revoked");
    let before: String = client.query_one(rights, &[]).expect("read").get(0);
    let report = load(&target, 3, vec![source(table("sales"), frames(vec![]))], false).expect("loaded");
    assert_eq!(report.of_other_runs, [""; 0], "gone is gone");
    let after: String = client.query_one(rights, &[]).expect("read").get(0);
    assert_eq!(sorted(&after), sorted(&before));
    assert!(!after.contains("bi="), "{after}");
    // Once more: names of keys are free again.
    load(&target, 4, sources(), false).expect("loaded");
}

#[test]
fn a_reader_sees_the_old_tables_until_the_new_ones_are_whole() {
    let Some(server) = PostgresServer::start() else { return };
    let target = address(&server, "");
    load(
        &target,
        1,
        vec![source(table("sales"), frames(vec![rows(3, 10_000)]))],
        false,
    )
    .expect("loaded");
    let mut client = reader(&server);
    let mut watcher = reader(&server);
    // The rows of the second export come only after somebody has read the old ones meanwhile.
    let watched = std::iter::once_with(move || {
        wait_until("the load shows", || {
            let query = "select count(*) from pg_stat_activity where query ilike 'copy %_new_sales%'";
            watcher.query_one(query, &[]).expect("read").get::<_, i64>(0) > 0
        });
        assert_eq!(sum(&mut watcher, "cartera.sales"), "3.0000");
        Ok(rows(4, 10_000))
    });
    load(&target, 2, vec![source(table("sales"), Box::new(watched))], false).expect("loaded");
    assert_eq!(sum(&mut client, "cartera.sales"), "6.0000");
}

#[test]
fn a_load_that_breaks_off_leaves_the_old_tables_whole() {
    let Some(server) = PostgresServer::start() else { return };
    let target = address(&server, "");
    let both = |count| {
        let pieces = |name| source(table(name), frames(vec![rows(count, 10_000)]));
        vec![pieces("one"), pieces("two")]
    };
    load(&target, 1, both(3), false).expect("loaded");

    // A table that cannot be read, after another one was loaded.
    let mut sources = both(4);
    sources[1].frames = Box::new([Ok(rows(2, 1)), Err("the disk is gone".into())].into_iter());
    let error = load(&target, 2, sources, false).expect_err("unreadable");
    assert_eq!(error.to_string(), "the table two cannot be read");

    // A connection that is cut in the middle of the rows.
    let mut killer = reader(&server);
    let cut = std::iter::once_with(move || {
        let cut = "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'cartera export'";
        assert_eq!(killer.query(cut, &[]).expect("cut").len(), 1);
        Ok(rows(200_000, 1))
    });
    let mut sources = both(4);
    sources[1].frames = Box::new(cut);
    let error = load(&target, 2, sources, false).expect_err("cut");
    let said = error.to_string();
    assert!(said.contains("did not load the table two"), "{said}");
    assert!(
        error
            .hint()
            .is_some_and(|hint| hint.contains("the old tables are whole"))
    );

    let mut client = reader(&server);
    for table in ["cartera.one", "cartera.two"] {
        assert_eq!(sum(&mut client, table), "3.0000");
    }
    assert_eq!(tables(&mut client), ["_run", "one", "two"]);
    let runs = client
        .query("select distinct run from cartera._run", &[])
        .expect("read");
    assert_eq!(runs.iter().map(|row| row.get::<_, i32>(0)).collect::<Vec<_>>(), [1]);
    load(&target, 2, both(4), false).expect("loaded");
    assert_eq!(sum(&mut client, "cartera.two"), "6.0000");
}

#[test]
fn views_and_indexes_of_users_stay() {
    let Some(server) = PostgresServer::start() else { return };
    let target = address(&server, "");
    let load_rows = |run, count, table: TableDescription, drop_dependents| {
        let mut frame = rows(count, 10_000);
        if table.columns.iter().any(|column| column.name == "orders") {
            frame
                .with_column(Column::new("orders".into(), vec![2_i64; count]))
                .expect("added");
        }
        load(&target, run, vec![source(table, frames(vec![frame]))], drop_dependents)
    };
    load_rows(1, 3, table("sales"), false).expect("loaded");
    let mut client = reader(&server);
    client
        .batch_execute(
            "create view best as select customer_id, net_sales from cartera.sales where net_sales > 0;
             create view better as select * from best; create index by_sales on cartera.sales (net_sales)",
        )
        .expect("created");
    let dependents = vec![
        Dependent {
            kind: "index".to_owned(),
            name: "by_sales".to_owned(),
        },
        Dependent {
            kind: "view".to_owned(),
            name: "best".to_owned(),
        },
    ];

    let report = load_rows(2, 4, table("sales"), false).expect("loaded");
    assert_eq!(report.tables[0].replaced, Replaced::Refilled(dependents.clone()));
    assert_eq!(sum(&mut client, "better"), "6.0000");
    assert_eq!(tables(&mut client), ["_run", "sales"]);

    // A further column is added to the table in its place; one that held no nulls may hold them, and the other way round.
    let mut wider = table("sales");
    wider.columns.push(column("orders", ColumnType::Int64, false));
    wider.columns[2].nullable = false;
    let report = load_rows(3, 5, wider.clone(), false).expect("loaded");
    assert_eq!(report.tables[0].replaced, Replaced::Refilled(dependents.clone()));
    assert_eq!(sum(&mut client, "better"), "10.0000");
    let orders = client
        .query_one("select sum(orders)::bigint from cartera.sales", &[])
        .expect("read");
    assert_eq!(orders.get::<_, i64>(0), 10);

    // Without a column that views may read, nothing is touched until that is asked for.
    let error = load_rows(4, 2, table("sales"), false).expect_err("a column is gone");
    assert_eq!(
        error.to_string(),
        "cartera.sales cannot be filled again (orders is gone), and on it hangs index by_sales, view best"
    );
    assert_eq!(sum(&mut client, "better"), "10.0000");
    let report = load_rows(4, 2, table("sales"), true).expect("loaded");
    assert_eq!(report.tables[0].replaced, Replaced::DroppedWith(dependents));
    assert_eq!(sum(&mut client, "cartera.sales"), "1.0000");
    assert!(client.query("select from better", &[]).is_err());
}

#[test]
fn what_somebody_else_made_is_not_touched() {
    let Some(server) = PostgresServer::start() else { return };
    let target = address(&server, "");
    let mut client = reader(&server);
    client
        .batch_execute("create schema cartera; create table cartera.sales (net_sales numeric); insert into cartera.sales values (5)")
        .expect("created");
    let sources = || vec![source(table("sales"), frames(vec![rows(3, 10_000)]))];
    let error = load(&target, 1, sources(), false).expect_err("a table of somebody else's");
    assert_eq!(
        error.to_string(),
        "cartera.sales is there already and was not made by cartera export: it is a table"
    );
    assert_eq!(sum(&mut client, "cartera.sales"), "5");
    client
        .batch_execute("drop table cartera.sales; create view cartera._run as select 1 as one")
        .expect("replaced");
    let error = load(&target, 1, sources(), false).expect_err("a view of somebody else's");
    assert!(matches!(error, ExportError::Foreign { .. }), "{error:?}");
    assert_eq!(tables(&mut client), [""; 0]);
}

#[test]
fn a_table_of_a_user_in_the_place_of_an_exported_one_is_not_touched() {
    let Some(server) = PostgresServer::start() else { return };
    let target = address(&server, "");
    let load_rows = |run, drop_dependents| {
        load(
            &target,
            run,
            vec![source(table("sales"), frames(vec![rows(3, 10_000)]))],
            drop_dependents,
        )
    };
    load_rows(1, false).expect("loaded");
    let mut client = reader(&server);
    client
        .batch_execute(
            "alter table cartera.sales rename to kept; create table cartera.sales as select net_sales from cartera.kept;
             comment on table cartera.sales is 'Mine.'",
        )
        .expect("replaced");
    for drop_dependents in [false, true] {
        let error = load_rows(2, drop_dependents).expect_err("a table of somebody else's");
        assert!(matches!(error, ExportError::Foreign { .. }), "{error:?}");
    }
    assert_eq!(sum(&mut client, "cartera.sales"), "3.0000");

    // A column of somebody else's on a table of ours.
    client
        .batch_execute(
            "drop table cartera.sales; alter table cartera.kept rename to sales;
             alter table cartera.sales add column note text default 'mine'",
        )
        .expect("added");
    let error = load_rows(2, false).expect_err("a column of somebody else's");
    assert_eq!(
        error.to_string(),
        "cartera.sales cannot be filled again (note is no column of cartera's), and on it hangs column note"
    );
    let notes = client
        .query_one("select count(note) from cartera.sales", &[])
        .expect("read");
    assert_eq!(notes.get::<_, i64>(0), 3);
    load_rows(2, true).expect("loaded");
    assert!(client.query("select note from cartera.sales", &[]).is_err());
}

#[test]
fn foreign_keys_are_told_before_anything_is_loaded() {
    let Some(server) = PostgresServer::start() else { return };
    let target = address(&server, "");
    load(
        &target,
        1,
        vec![source(table("sales"), frames(vec![rows(3, 10_000)]))],
        false,
    )
    .expect("loaded");
    let mut client = reader(&server);
    client
        .batch_execute("create role bi; grant select on cartera.sales to bi; create table calls (customer_id text references cartera.sales)")
        .expect("created");
    let unread = std::iter::once_with(|| panic!("no rows are read"));
    let error = load(&target, 2, vec![source(table("sales"), Box::new(unread))], false).expect_err("a foreign key");
    assert_eq!(
        error.to_string(),
        "cartera.sales cannot be filled again (calls.calls_customer_id_fkey refers to its rows), \
         and on it hangs foreign key calls.calls_customer_id_fkey"
    );
    let report = load(
        &target,
        2,
        vec![source(table("sales"), frames(vec![rows(4, 10_000)]))],
        true,
    )
    .expect("loaded");
    assert!(
        matches!(report.tables[0].replaced, Replaced::DroppedWith(_)),
        "{report:?}"
    );
    assert_eq!(sum(&mut client, "cartera.sales"), "6.0000");
    let keeps = "select has_table_privilege('bi', 'cartera.sales', 'select')";
    assert!(client.query_one(keeps, &[]).expect("read").get::<_, bool>(0));
    client
        .batch_execute("insert into calls values ('nobody')")
        .expect("no key is left");
}

#[test]
fn two_exports_do_not_meet_in_one_schema() {
    let Some(server) = PostgresServer::start() else { return };
    let target = address(&server, "");
    let second = address(&server, "");
    let meanwhile = std::iter::once_with(move || {
        let error = load(&second, 2, vec![source(table("sales"), frames(vec![]))], false).expect_err("busy");
        assert!(matches!(error, ExportError::Busy { .. }), "{error:?}");
        Ok(rows(3, 10_000))
    });
    load(&target, 1, vec![source(table("sales"), Box::new(meanwhile))], false).expect("loaded");
    assert_eq!(sum(&mut reader(&server), "cartera.sales"), "3.0000");
}

#[test]
fn servers_that_cannot_be_reached_are_named_without_password() {
    let Some(server) = PostgresServer::start() else { return };
    let text = |user: &str, database: &str| {
        let url = server.url().replace("postgres@", &format!("{user}:hunter2@"));
        url.replace("/crm", &format!("/{database}"))
    };
    for (text, reason, hint) in [
        (
            text("postgres", "crm?sslmode=require"),
            "does not support TLS",
            "switch TLS on",
        ),
        (
            text("nobody", "crm"),
            "role \"nobody\" does not exist",
            "check the user",
        ),
        (text("postgres", "none"), "database \"none\" does not exist", "createdb"),
        (
            "postgres://ann:hunter2@127.0.0.1:1/crm".to_owned(),
            "refused",
            "check host and port",
        ),
    ] {
        let target = cartera_export::Address::parse(&text, &|_| None).expect("an address");
        let error = load(&target, 1, vec![], false).expect_err("no connection");
        let said = format!("{error} / {:?} / {error:?}", error.hint());
        assert!(said.contains(reason) && said.contains(hint), "{said}");
        assert!(!said.contains("hunter2"), "{said}");
    }
}
