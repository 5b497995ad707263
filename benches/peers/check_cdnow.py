"""Checks a published run of pipelines/cdnow.toml against an independent DuckDB query over the raw CDNOW sample."""

import sys
from decimal import Decimal

from check_published import Check

# Fields: master id, sample id, YYYYMMDD, CDs, dollars. Without an order id, an order is a customer-day, and a line of
# zero dollars makes one too.
SOURCE_LINES = """
select
    fields[1] as customer_id,
    fields[3] as order_id,
    strptime(fields[3], '%Y%m%d')::date as order_date,
    fields[5]::decimal(18, 4) as amount,
    case when amount = 0 then 'free' else 'sale' end as kind,
    true as counts_as_order,
    kind = 'sale' as in_net_sales
from (
    select string_split_regex(trim(line), '\\s+') as fields
    from read_csv($input, header = false, auto_detect = false, delim = '\t', quote = '', escape = '', columns = {line: 'VARCHAR'})
)
"""


def main() -> int:
    check = Check(__doc__, default_as_of="1998-06-30")
    check.load(SOURCE_LINES)
    print("the raw file")
    line_totals = "select count(*), sum(amount)::decimal(38, 2) from source_lines"
    check.expect("lines and amount", check.rows(line_totals)[0], (6_919, Decimal("244091.94")))
    check_concentration(check, "expected_features", "expected_segments")
    check.compare_run()
    if check.arguments.run is not None:
        print("concentration as published")
        check_concentration(check, "customer_features", "customer_segments")
    return check.exit_code()


def check_concentration(check: Check, features: str, segments: str) -> None:
    if not check.is_default_as_of:
        return
    customers = check.rows(f"select count(*), sum(order_count)::bigint, sum(net_sales)::decimal(38, 2) from {features}")[0]
    check.expect("customers, orders, net sales", customers, (2_357, 6_696, Decimal("244091.94")))
    ranked = f"select net_sales, row_number() over (order by net_sales desc, customer_id) as place from {features}"
    top = check.rows(f"select round(100 * sum(net_sales) filter (place <= 472) / sum(net_sales), 3) from ({ranked})")[0][0]
    check.expect("share of the top 472, %", top, 67.455)
    in_class_a = check.rows(f"select count(*) from {segments} where pareto_class = 'A'")[0][0]
    check.expect("customers who reach 80 %", in_class_a, 777)


if __name__ == "__main__":
    sys.exit(main())
