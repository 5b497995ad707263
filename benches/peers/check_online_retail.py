"""Checks a published run of pipelines/online-retail.toml against an independent DuckDB query over the raw UCI file."""

import sys
from decimal import Decimal

from check_published import Check

SOURCE_LINES = """
select
    CustomerID as customer_id,
    InvoiceNo as order_id,
    InvoiceDate::date as order_date,
    case
        when starts_with(InvoiceNo, 'C') then 'cancellation'
        when starts_with(InvoiceNo, 'A') then 'adjustment'
        when Quantity < 0 then 'return'
        when UnitPrice = 0 then 'free'
        else 'sale'
    end as kind,
    -- Unit prices have at most 3 decimals, so scale 4 loses nothing.
    (Quantity * UnitPrice)::decimal(18, 4) as amount,
    kind = 'sale' as counts_as_order,
    kind in ('sale', 'return', 'cancellation') as in_net_sales
from read_csv($input, header = true, auto_detect = false, delim = ',', quote = '"', escape = '"', columns = {
    InvoiceNo: 'VARCHAR', StockCode: 'VARCHAR', Description: 'VARCHAR', Quantity: 'INTEGER',
    InvoiceDate: 'TIMESTAMP', UnitPrice: 'DECIMAL(8,3)', CustomerID: 'VARCHAR', Country: 'VARCHAR'})
"""


def main() -> int:
    check = Check(__doc__, default_as_of="2011-12-09")
    check.load(SOURCE_LINES)
    print("the raw file")
    line_totals = "select count(*), sum(amount)::decimal(38, 3) from source_lines"
    check.expect("lines and amount", check.rows(line_totals)[0], (541_909, Decimal("9747747.934")))
    if check.is_default_as_of:
        by_party = check.rows("select party, sum(rows)::bigint from expected_ledger group by party order by party")
        check.expect("lines by party", by_party, [("customer", 406_829), ("guest", 135_080)])
        of_customers = check.rows("select line_kind, rows, amount::decimal(38, 3) from expected_ledger where party = 'customer' order by line_kind")
        check.expect("lines of customers", of_customers, [
            ("cancellation", 8_905, Decimal("-611342.090")),
            ("free", 40, Decimal("0.000")),
            ("sale", 397_884, Decimal("8911407.904")),
        ])
        customers = "select count(*), count(*) filter (order_count > 0), sum(order_count)::bigint from expected_features"
        check.expect("customers, those with an order, orders", check.rows(customers)[0], (4_372, 4_338, 18_532))
    check.compare_run()
    return check.exit_code()


if __name__ == "__main__":
    sys.exit(main())
