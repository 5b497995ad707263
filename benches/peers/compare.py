"""Compare customer tables of the peers with each other, or with a published customer_features.parquet."""

import argparse
import sys

import duckdb

COLUMNS = {
    "order_count": "bigint",
    "first_order_date": "date",
    "last_order_date": "date",
    "days_since_last_order": "integer",
    "gross_sales": "decimal(38,4)",
    "net_sales": "decimal(38,4)",
    "average_order_value": "decimal(38,4)",
    "recency_score": "integer",
    "frequency_score": "integer",
    "monetary_score": "integer",
    "rfm_score": "varchar",
    "pareto_class": "varchar",
}


def read(path: str) -> str:
    """SQL for a customer table: one file of a peer, or the two tables of a run's folder."""
    if path.endswith(".parquet"):
        return f"'{path}'"
    return f"(from '{path}/customer_features.parquet' join '{path}/customer_segments.parquet' using (customer_id))"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("first", help="Parquet file of a peer, or the folder of a run")
    parser.add_argument("others", nargs="+", help="what to compare it with")
    arguments = parser.parse_args()
    mismatches = 0
    for other in arguments.others:
        counts = ", ".join(
            f"count(*) filter (a.{name}::{kind} is distinct from b.{name}::{kind}) as {name}" for name, kind in COLUMNS.items()
        )
        result = duckdb.sql(
            f"select count(*) as customers, count(*) filter (a.customer_id is null or b.customer_id is null) as only_in_one, {counts} "
            f"from {read(arguments.first)} a full join {read(other)} b using (customer_id)"
        )
        row = dict(zip(result.columns, result.fetchall()[0]))
        print(f"{arguments.first} and {other}: {row.pop('customers')} customers")
        for name, count in row.items():
            mismatches += count
            if count:
                print(f"  {name}: {count} differ")
    sys.exit(1 if mismatches else 0)


if __name__ == "__main__":
    main()
