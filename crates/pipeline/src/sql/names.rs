//! The tables that a query names, before anything is opened.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use sqlparser::ast::{ObjectName, Query, Statement, TableFactor, Visit, Visitor};
use sqlparser::dialect::GenericDialect;
use sqlparser::parser::{Parser, ParserError, ParserOptions};

use super::error::SqlError;

/// The tables of a query, in the order of their names.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct TableNames {
    tables: BTreeSet<String>,
    /// What the query itself names, which is no table of the run.
    own: BTreeSet<String>,
    /// Whether it reads what is no table of the run, such as `read_csv('rates.csv')`.
    reads_others: bool,
}

impl TableNames {
    /// Reads a query.
    ///
    /// # Errors
    /// When it is not one statement of SQL that reads.
    pub(super) fn of(query: &str) -> Result<Self, SqlError> {
        let mut statements = parse(query)?;
        let statement = match (statements.pop(), statements.is_empty()) {
            (Some(statement), true) => statement,
            (None, _) => return Err(SqlError::Empty),
            (Some(_), false) => return Err(SqlError::Several),
        };
        let reads = match &statement {
            Statement::Query(_) => true,
            Statement::Explain { statement, .. } => matches!(**statement, Statement::Query(_)),
            _ => false,
        };
        if !reads {
            let text = statement.to_string();
            let verb = text.split_whitespace().next().unwrap_or_default().to_lowercase();
            let asks = verb == "show" || matches!(statement, Statement::ExplainTable { .. });
            return Err(if asks {
                SqlError::Describes { verb }
            } else {
                SqlError::Writes { verb }
            });
        }
        let mut names = Self::default();
        // Nothing breaks the visit off.
        let _ = statement.visit(&mut names);
        Ok(names)
    }

    /// The tables that are not the query's own.
    pub(super) fn tables(&self) -> impl Iterator<Item = &str> {
        self.tables.difference(&self.own).map(String::as_str)
    }

    /// Whether the query gives that name to a part of its own.
    pub(super) fn is_own(&self, name: &str) -> bool {
        self.own.contains(name)
    }

    /// Whether it reads files that it names itself.
    pub(super) fn reads_others(&self) -> bool {
        self.reads_others
    }
}

/// As polars parses.
fn parse(query: &str) -> Result<Vec<Statement>, SqlError> {
    let syntax = |error: ParserError| SqlError::Syntax {
        message: match error {
            ParserError::TokenizerError(message) | ParserError::ParserError(message) => message,
            other @ ParserError::RecursionLimitExceeded => other.to_string(),
        },
    };
    let options = ParserOptions {
        trailing_commas: true,
        ..ParserOptions::default()
    };
    let parser = Parser::new(&GenericDialect).with_options(options);
    parser
        .try_with_sql(query)
        .and_then(|mut parser| parser.parse_statements())
        .map_err(syntax)
}

impl Visitor for TableNames {
    type Break = ();

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
        if let Some(with) = &query.with {
            self.own
                .extend(with.cte_tables.iter().map(|table| table.alias.name.value.clone()));
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_table_factor(&mut self, factor: &TableFactor) -> ControlFlow<()> {
        match factor {
            TableFactor::Table { name, args: None, .. } => self.tables.extend(first_part(name)),
            // With arguments it is a function such as read_csv('rates.csv').
            TableFactor::Table { args: Some(_), .. }
            | TableFactor::Function { .. }
            | TableFactor::TableFunction { .. } => self.reads_others = true,
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

/// The part of a name that polars looks at.
fn first_part(name: &ObjectName) -> Option<String> {
    Some(name.0.first()?.as_ident()?.value.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tables(query: &str) -> Vec<String> {
        let names = TableNames::of(query).expect("a query");
        names.tables().map(str::to_owned).collect()
    }

    #[test]
    fn tables_are_found_wherever_they_stand() {
        let query = "with best as (select * from customer_features where vin > 0)
            select * from best join customer_segments using (customer_id)
            where customer_id in (select customer_id from \"signals\")
            union all select * from (select 1 from kpis) as months";
        assert_eq!(
            tables(query),
            ["customer_features", "customer_segments", "kpis", "signals"]
        );
        assert_eq!(tables("select 1"), [""; 0]);
        assert_eq!(tables("select * from read_csv('rates.csv')"), [""; 0]);
        assert_eq!(tables("explain select * from kpis;"), ["kpis"]);
        // The name of a derived table may be that of a table inside it.
        assert_eq!(tables("select kpis.* from (select * from kpis) as kpis"), ["kpis"]);
    }

    #[test]
    fn files_that_a_query_names_are_noticed() {
        let reads_others = |query: &str| TableNames::of(query).expect("a query").reads_others();
        assert!(reads_others(
            "select * from kpis join read_csv('rates.csv') as rates using (month)"
        ));
        assert!(reads_others(
            "with a as (select * from read_parquet('customers.parquet')) select * from a"
        ));
        assert!(!reads_others("select coalesce(net_sales, 0) from kpis"));
    }

    #[test]
    fn only_one_statement_that_reads_is_taken() {
        for (query, message) in [
            ("", "the query is empty"),
            (" ; ", "the query is empty"),
            ("select 1; select 2", "one query at a time"),
            ("drop table kpis", "drop"),
            ("delete from kpis", "delete"),
            ("show tables", "show is no query"),
            ("describe kpis", "describe is no query"),
            ("selec 1", "line: 1, Column: 1"),
            ("select sum(net_sales from kpis", "Line: 1"),
        ] {
            let error = TableNames::of(query).expect_err(query).to_string();
            assert!(
                error.to_lowercase().contains(&message.to_lowercase()),
                "{query}: {error}"
            );
        }
    }
}
