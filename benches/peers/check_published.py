"""What the two checks of published runs share: expected tables by DuckDB, computed in another way than cartera does.

A check makes the table `source_lines` (customer_id or null, order_id, order_date, kind, amount, counts_as_order,
in_net_sales), one row a line of the raw file. All else is done here: expected customer tables, the comparison of each
value of each customer, the ledger, and opening each published file by DuckDB, pyarrow and pandas.
"""

import argparse
from pathlib import Path

import duckdb
import pandas
import pyarrow.parquet

EXPECTED = """
create table lines as from source_lines where customer_id is not null and order_date <= $as_of::date;

create table orders as
select
    customer_id,
    order_id,
    min(order_date) filter (counts_as_order) as order_date,
    count(*) as line_count,
    coalesce(sum(amount) filter (counts_as_order and in_net_sales), 0) as gross_sales,
    coalesce(sum(-amount) filter (kind in ('return', 'cancellation')), 0) as returned_amount,
    count(*) filter (kind in ('return', 'cancellation')) as returned_line_count,
    coalesce(sum(amount) filter (in_net_sales), 0) as net_sales
from lines
group by all;

create table customers as
select
    customer_id,
    sum(line_count)::bigint as line_count,
    count(order_date) as order_count,
    count(distinct order_date) as order_day_count,
    min(order_date) as first_order_date,
    max(order_date) as last_order_date,
    ($as_of::date - max(order_date))::integer as days_since_last_order,
    sum(gross_sales)::decimal(38, 4) as gross_sales,
    sum(returned_amount)::decimal(38, 4) as returned_amount,
    sum(returned_line_count)::bigint as returned_line_count,
    sum(net_sales)::decimal(38, 4) as net_sales
from orders
group by customer_id;

-- Scores: 1 + floor(5 (r - 1) / n), r the smallest rank among customers with orders. The rank is counted, not sorted.
create table scores as
select
    c.customer_id,
    (5 - 5 * (select count(*) from customers o where o.days_since_last_order < c.days_since_last_order) // n)::integer as recency_score,
    (1 + 5 * (select count(*) from customers o where o.order_count > 0 and o.order_count < c.order_count) // n)::integer as frequency_score,
    (1 + 5 * (select count(*) from customers o where o.order_count > 0 and o.net_sales < c.net_sales) // n)::integer as monetary_score
from customers c, (select count(*) as n from customers where order_count > 0)
where c.order_count > 0;

create table expected_features as
with averages as (
    -- In ten-thousandths, with whole numbers, so that halves go to the even neighbour exactly.
    select customer_id, order_count, scaled // order_count as whole, scaled % order_count as rest
    from (select *, (gross_sales * 10000)::hugeint as scaled from customers where order_count > 0)
)
select
    c.*,
    ((whole + (2 * rest > a.order_count or (2 * rest = a.order_count and whole % 2 = 1))::integer)::decimal(34, 0)
        * 0.0001::decimal(4, 4))::decimal(38, 4) as average_order_value,
    recency_score,
    frequency_score,
    monetary_score,
    recency_score::varchar || frequency_score::varchar || monetary_score::varchar as rfm_score
from customers c
left join averages a using (customer_id)
left join scores using (customer_id);

-- A and B by what is held by all customers with a larger value: equal values then share the better class.
create table expected_segments as
with segment_map(recency_score, segments) as (
    values
        (5, ['new_customers', 'potential_loyalists', 'potential_loyalists', 'champions', 'champions']),
        (4, ['promising', 'potential_loyalists', 'loyal_customers', 'loyal_customers', 'champions']),
        (3, ['about_to_sleep', 'need_attention', 'need_attention', 'loyal_customers', 'loyal_customers']),
        (2, ['hibernating', 'hibernating', 'at_risk', 'at_risk', 'cannot_lose']),
        (1, ['lost', 'lost', 'at_risk', 'cannot_lose', 'cannot_lose'])
),
holders as (
    select
        customer_id,
        net_sales,
        sum(greatest(net_sales, 0)) over () as total,
        coalesce(sum(greatest(net_sales, 0)) over (
            order by net_sales desc range between unbounded preceding and current row exclude group), 0) as held_before
    from customers
)
select
    customer_id,
    coalesce(segments[(frequency_score + monetary_score + 1) // 2], 'no_orders') as rfm_segment,
    case
        when net_sales <= 0 then 'C'
        when held_before * 100 < total * 80 then 'A'
        when held_before * 100 < total * 95 then 'B'
        else 'C'
    end as pareto_class
from holders
left join scores using (customer_id)
left join segment_map using (recency_score);

-- Where each line belongs. Lines after as_of are beyond the scope of customers and guests alike.
create table expected_ledger as
select
    case when order_date > $as_of::date then 'future' when customer_id is null then 'guest' else 'customer' end as party,
    kind as line_kind,
    count(*) as rows,
    sum(amount)::decimal(38, 4) as amount
from source_lines
group by all;
"""

# Types that every reader opens as plain text, numbers, dates and decimals.
PLAIN_TYPES = {"string", "int32", "int64", "double", "date32[day]", "decimal128(38, 4)", "decimal128(18, 6)", "bool"}


class Check:
    """Counts what is wrong, so that the script can exit with it."""

    def __init__(self, description: str, default_as_of: str):
        parser = argparse.ArgumentParser(description=description)
        parser.add_argument("--input", required=True, help="the raw file")
        parser.add_argument("--run", type=Path, help="folder of a published run; without it only the raw file is checked")
        parser.add_argument("--as-of", default=default_as_of, help=f"last day that counts, default {default_as_of}")
        self.arguments = parser.parse_args()
        self.is_default_as_of = self.arguments.as_of == default_as_of
        self.connection = duckdb.connect()
        self.failures = 0

    def rows(self, query: str) -> list[tuple]:
        return self.connection.execute(query).fetchall()

    def expect(self, name: str, actual, expected) -> None:
        is_right = actual == expected
        self.failures += not is_right
        print(f"  {'ok   ' if is_right else 'WRONG'} {name}: {actual}" + ("" if is_right else f", expected {expected}"))

    def load(self, source_lines: str) -> None:
        """Reads the raw file by the query `source_lines`, with $input as its path, and computes what is expected."""
        self.connection.execute(f"create table source_lines as {source_lines}", {"input": self.arguments.input})
        as_of = self.arguments.as_of
        for statement in EXPECTED.split(";\n"):
            if statement.strip():
                self.connection.execute(statement, {"as_of": as_of} if "$as_of" in statement else None)
        totals = "count(*), sum(order_count)::bigint, sum(net_sales), sum(gross_sales), count(*) filter (order_count = 0)"
        print(f"expected as of {as_of}: customers, orders, net sales, gross sales, without an order")
        print(" ", *self.rows(f"select {totals} from expected_features")[0])

    def compare_run(self) -> None:
        """Compares the published tables with the expected ones."""
        run = self.arguments.run
        if run is None:
            return
        for name in ("customer_features", "customer_segments", "pareto_curve", "ledger"):
            self.connection.execute(f"create view {name} as from read_parquet('{run / name}.parquet')")
        self.compare_table("customer_features", "expected_features")
        self.compare_table("customer_segments", "expected_segments")
        self.compare_curve()
        self.compare_ledger()
        self.open_files(run)

    def compare_table(self, published: str, expected: str) -> None:
        print(published)
        customers = f"select count(*), count(distinct customer_id) from {published}"
        self.expect("rows and distinct customers", *self.rows(customers), self.rows(customers.replace(published, expected))[0])
        only_in_one = f"from (from {published} select customer_id) p full join {expected} e using (customer_id)"
        self.expect("customers in one table only", self.rows(
            f"select count(*) {only_in_one} where p.customer_id is null or e.customer_id is null")[0][0], 0)
        published_types = {row[0]: row[1] for row in self.rows(f"describe {published}")}
        for column, kind, *_ in self.rows(f"describe {expected}"):
            if published_types.get(column) != kind:
                self.expect(f"type of {column}", published_types.get(column), kind)
                continue
            pairs = f"from {published} p join {expected} e using (customer_id) where p.{column} is distinct from e.{column}"
            different = self.rows(f"select customer_id, p.{column}, e.{column} {pairs} order by customer_id")
            self.expect(f"{column} ({kind}), values that differ", len(different), 0)
            for customer, actual, wanted in different[:3]:
                print(f"        customer {customer}: {actual}, expected {wanted}")

    def compare_curve(self) -> None:
        """Each point of the published curve against the sum of the best customers up to it."""
        print("pareto_curve")
        self.connection.execute("""
            create table expected_curve as
            select row_number() over best as customer_rank, sum(greatest(net_sales, 0)) over best as cumulative_value
            from customers
            window best as (order by net_sales desc, customer_id rows unbounded preceding)""")
        points, different = self.rows("""
            select count(*), count(*) filter (
                p.cumulative_value is distinct from case when customer_rank = 0 then 0 else e.cumulative_value end)
            from pareto_curve p left join expected_curve e using (customer_rank) where measure = 'net_sales'""")[0]
        self.expect(f"points of {points} that differ", different, 0)
        self.expect("has points, at most 1,001", 1 < points <= 1001, True)

    def compare_ledger(self) -> None:
        print("ledger")
        cells = self.connection.sql("""
            select step, party, line_kind, disposition, reason, sum(rows)::bigint as rows, sum(amount) as amount
            from ledger group by all order by all""")
        print("\n".join("    " + "  ".join(str(value) for value in row) for row in cells.fetchall()))
        total = "select sum(rows)::bigint, sum(amount) from"
        self.expect("rows and amount of all cells", self.rows(f"{total} ledger")[0], self.rows(f"{total} expected_ledger")[0])
        kept = "line_kind, sum(rows)::bigint, sum(amount)::decimal(38, 4)"
        self.expect(
            "kept lines of customers by kind",
            self.rows(f"select {kept} from ledger where disposition = 'kept' and party = 'customer' group by line_kind order by line_kind"),
            self.rows(f"select {kept} from expected_ledger where party = 'customer' group by line_kind order by line_kind"),
        )
        if self.is_default_as_of:
            guests = "select coalesce(sum(rows), 0)::bigint, coalesce(sum(amount), 0)::decimal(38, 4) from {} where party = 'guest'"
            self.expect("guests", self.rows(guests.format("ledger"))[0], self.rows(guests.format("expected_ledger"))[0])

    def open_files(self, run: Path) -> None:
        """Each published file by DuckDB, pyarrow and pandas."""
        for path in sorted(run.glob("*.parquet")):
            schema = pyarrow.parquet.read_schema(path)
            frame = pandas.read_parquet(path)
            in_duckdb = {row[0]: row[1] for row in self.rows(f"describe from read_parquet('{path}')")}
            print(path.name)
            self.expect("rows in DuckDB and pandas", self.rows(f"select count(*) from read_parquet('{path}')")[0][0], len(frame))
            self.expect("types that are not plain", sorted({str(field.type) for field in schema} - PLAIN_TYPES), [])
            for field in schema:
                print(f"    {field.name}: {in_duckdb[field.name]} | {field.type} | {frame[field.name].dtype}")

    def exit_code(self) -> int:
        print("all equal" if self.failures == 0 else f"{self.failures} checks failed")
        return 1 if self.failures else 0
