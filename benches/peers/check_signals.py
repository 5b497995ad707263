"""Looks for the customers of built-in signals in the published features and labels, by SQL that knows nothing of cartera.

    python benches/peers/check_signals.py RUN [RUN_BEFORE]

RUN is a folder such as warehouse/online-retail/runs/as_of=2011-12-09/run=1, published with the built-in rules as they are;
RUN_BEFORE the run that it builds on, for the rules that look at changes and for since.
"""

import sys

import duckdb

run = sys.argv[1]
before = sys.argv[2] if len(sys.argv) > 2 else None
sql = duckdb.connect()
for name in ("customer_features", "customer_segments", "signals"):
    sql.execute(f"create view {name} as from '{run}/{name}.parquet'")
    if before:
        sql.execute(f"create view {name}_before as from '{before}/{name}.parquet'")
sql.execute(
    """create view base as select f.*, g.pareto_class, g.value_tier, m.* from customer_features f
    join customer_segments g using (customer_id), (select median(average_order_value::double) as aov,
    median(order_gap_mean_days) as gap, median(net_sales::double) as sales from customer_features) m"""
)
OPEN = "(consented_channels is null or consented_channels <> '')"
RULES = {
    "overdue": "days_overdue > 7 and days_overdue > 1.5 * order_gap_deviation_days and order_day_count >= 4 "
    "and days_since_last_order <= 180",
    "sales_drop": "sales_trend <= -0.5 and previous_sales::double >= 2 * aov and previous_order_day_count >= 2 "
    "and recent_order_day_count >= 1",
    "growing": "sales_trend >= 1 and recent_sales::double >= 3 * aov and previous_sales::double >= aov "
    "and recent_order_day_count >= 3",
    "second_order_missing": "days_since_last_order > gap and days_since_last_order <= 2 * gap and order_day_count <= 1 "
    "and coalesce(p_alive >= 0.3, true)",
    "dormant_high_value": "days_since_last_order > 90 and days_since_last_order <= 180 and pareto_class = 'A' "
    f"and {OPEN} and coalesce(days_since_last_contact > 30, true)",
    "win_back": "days_since_last_order > 180 and days_since_last_order <= 730 and order_day_count >= 4 "
    f"and net_sales::double >= 2 * sales and {OPEN}",
}
failed = False


def compare(signal, customers):
    global failed
    rows, apart = sql.execute(
        f"""select count(*), count(*) filter (x.customer_id is null or y.customer_id is null) from ({customers}) x
        full join (select customer_id from signals where signal = '{signal}') y using (customer_id)"""
    ).fetchone()
    failed |= apart > 0
    print(f"{signal:22} {rows:8} customers, {apart} of them on one side alone")


for signal, condition in RULES.items():
    compare(signal, f"select customer_id from base where {condition}")
for signal, label, measure in (
    ("near_pareto_class", "pareto_class", "net_sales"),
    ("near_value_tier", "value_tier", "vin"),
):
    if sql.execute(f"select count({measure}) from base").fetchone()[0] == 0:
        continue
    compare(
        signal,
        f"""with least as (select {label} as label, lead(min({measure}::double)) over (order by min({measure}::double)) as next
        from base group by 1) select customer_id from base join least on label = {label}
        where {measure} > 0 and {measure}::double < next and 1 - {measure}::double / next <= 0.05
        and lifecycle_stage in ('new', 'developing', 'loyal', 'recovered')""",
    )
if before:
    now, then = ("b.returned_amount::double / b.gross_sales::double", "h.returned_amount::double / h.gross_sales::double")
    compare(
        "returns_rising",
        f"""select b.customer_id from base b left join customer_features_before h using (customer_id)
        where b.gross_sales > 0 and ({now} >= 0.3 or (h.gross_sales > 0 and {now} - {then} >= 0.05))
        and b.returned_amount::double >= b.aov and b.returned_line_count >= 2 and b.days_since_last_order <= 180""",
    )
    kept, moved = sql.execute(
        """select count(*), count(*) filter (x.since <> y.since)
        from signals x join signals_before y using (customer_id, signal)"""
    ).fetchone()
    failed |= moved > 0
    print(f"since: {kept} signals of the run before hold on, {moved} of them with another first day")
sys.exit(1 if failed else 0)
