"""RFM and Pareto classes of the order lines of `cartera sample`, by DuckDB in one SQL statement."""

import argparse

import duckdb

QUERY = """
copy (
with lines as (
    select
        customer_id,
        order_id,
        ordered_at,
        quantity * unit_price as amount,
        product_id <> 'SHIP' and quantity > 0 and unit_price > 0 as is_sale,
        product_id <> 'SHIP' and quantity < 0 as is_return
    from read_csv($input, header = true, auto_detect = false, delim = ',', quote = '"', columns = {
        order_id: 'VARCHAR', line_number: 'INTEGER', customer_id: 'VARCHAR', ordered_at: 'TIMESTAMP',
        product_id: 'VARCHAR', product_name: 'VARCHAR', quantity: 'SMALLINT', unit_price: 'DECIMAL(10,4)',
        channel: 'VARCHAR', country: 'VARCHAR', currency: 'VARCHAR', discount: 'DECIMAL(10,2)'})
    where customer_id <> '' and ordered_at < $as_of::date + interval 1 day
),
-- Two groupings take less time than one with a distinct count.
orders as (
    select
        customer_id,
        min(ordered_at) filter (is_sale) as ordered_at,
        sum(amount) filter (is_sale) as gross_sales,
        sum(amount) filter (is_sale or is_return) as net_sales
    from lines
    group by customer_id, order_id
),
customers as (
    select
        customer_id,
        count(ordered_at) as order_count,
        coalesce(sum(gross_sales), 0)::decimal(38, 4) as gross_sales,
        coalesce(sum(net_sales), 0)::decimal(38, 4) as net_sales,
        min(ordered_at)::date as first_order_date,
        max(ordered_at)::date as last_order_date,
        ($as_of::date - last_order_date)::integer as days_since_last_order
    from orders
    group by customer_id
),
ranked as (
    select
        *,
        order_count > 0 as has_order,
        count(*) over (partition by has_order) as n,
        rank() over (partition by has_order order by days_since_last_order) - 1 as recency_rank,
        rank() over (partition by has_order order by order_count) - 1 as frequency_rank,
        rank() over (partition by has_order order by net_sales) - 1 as monetary_rank
    from customers
),
scored as (
    select
        *,
        case when has_order then (5 - 5 * recency_rank // n)::integer end as recency_score,
        case when has_order then (1 + 5 * frequency_rank // n)::integer end as frequency_score,
        case when has_order then (1 + 5 * monetary_rank // n)::integer end as monetary_score
    from ranked
),
concentration as (
    select net_sales, sum(net_sales) over (order by net_sales desc rows unbounded preceding) as held, sum(net_sales) over () as total
    from customers
    where net_sales > 0
),
limits as (
    select max(net_sales) filter (held * 100 >= total * 80) as limit_a, max(net_sales) filter (held * 100 >= total * 95) as limit_b
    from concentration
)
select
    customer_id,
    order_count,
    first_order_date,
    last_order_date,
    days_since_last_order,
    gross_sales,
    net_sales,
    -- A quotient of decimals is a double in DuckDB: good to 15 digits.
    round_even(gross_sales / nullif(order_count, 0), 4)::decimal(38, 4) as average_order_value,
    recency_score,
    frequency_score,
    monetary_score,
    case when has_order then concat(recency_score, frequency_score, monetary_score) end as rfm_score,
    case when net_sales >= limit_a then 'A' when net_sales >= limit_b then 'B' else 'C' end as pareto_class
from scored
cross join limits
order by customer_id
) to '{output}' (format parquet, compression zstd)
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--input", required=True, help="CSV of order lines")
    parser.add_argument("--as-of", required=True, help="last business day that counts, YYYY-MM-DD")
    parser.add_argument("--output", required=True, help="Parquet file to write")
    arguments = parser.parse_args()
    query = QUERY.replace("{output}", arguments.output.replace("'", "''"))
    duckdb.execute(query, {"input": arguments.input, "as_of": arguments.as_of})


if __name__ == "__main__":
    main()
