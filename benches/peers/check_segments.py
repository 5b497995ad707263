"""Recomputes what a published run says of its segments from `customer_features` alone, by SQL of its own, and compares.

    python benches/peers/check_segments.py --run warehouse/retail/current [--prior warehouse/retail/runs/..]

RFM segments and matrix, Pareto (classes, Gini, top 20 %, within regions and categories, curve), value tiers, profiles
(counts, totals, means, medians, index, effect size and rank), mix and overlap, by the default parameters; with --prior
migrations and moves too. Counts, money, classes and ranks must be equal, other numbers to 1e-9.
"""

import argparse
import sys
from pathlib import Path

import duckdb
import pyarrow.parquet

# Counts, money and texts are compared as they are; these relative to their size.
TOLERANCE = 1e-9
MEASURES = {"net_sales": "pareto_class", "net_profit": "pareto_class_profit", "vin": "pareto_class_vin"}
TIERS = [("platinum", 1), ("gold", 5), ("silver", 20)]
NO_CATEGORIES = {"customer_id", "rfm_score", "lifecycle_stage", "consented_channels", "clv_margin_source", "clv_status"}
NOT_ADDITIVE = {"average_order_value", "product_count", "category_count", "channel_count"}

RFM = """
create table expected_rfm as
select customer_id, recency_score, frequency_score, coalesce((case recency_score
    when 5 then ['new_customers', 'potential_loyalists', 'potential_loyalists', 'champions', 'champions']
    when 4 then ['promising', 'potential_loyalists', 'loyal_customers', 'loyal_customers', 'champions']
    when 3 then ['about_to_sleep', 'need_attention', 'need_attention', 'loyal_customers', 'loyal_customers']
    when 2 then ['hibernating', 'hibernating', 'at_risk', 'at_risk', 'cannot_lose']
    when 1 then ['lost', 'lost', 'at_risk', 'cannot_lose', 'cannot_lose']
    end)[(frequency_score + monetary_score + 1) // 2], 'no_orders') as label
from features"""

MATRIX = """
with grid as (from range(1, 6) r(recency_score), range(1, 6) f(frequency_score)),
cells as (
    select recency_score, frequency_score, count(*) as customers, sum(net_sales) as net_sales,
        sum(gross_margin) as gross_margin, sum(net_profit) as net_profit, sum(clv_horizon) as clv_horizon, sum(vin) as vin,
        median(net_sales::double) as median_net_sales
    from features where recency_score is not null group by all
),
votes as (
    select *, row_number() over (partition by recency_score, frequency_score order by votes desc, label) as place
    from (select recency_score, frequency_score, label, count(*) as votes from expected_rfm
        where recency_score is not null group by all)
)
select recency_score::integer as recency_score, frequency_score::integer as frequency_score,
    coalesce(customers, 0) as customers,
    coalesce(customers, 0) / (select sum(customers) from cells) as customer_share,
    coalesce(net_sales, 0) as net_sales, gross_margin, net_profit, clv_horizon, vin, median_net_sales, label as main_segment
from grid left join cells using (recency_score, frequency_score)
left join (from votes where place = 1) using (recency_score, frequency_score)"""

# What all customers with a larger value hold decides: equal values then share the better class.
CLASSES = """
select customer_id, {group} as value, greatest(coalesce({measure}, 0), 0) as held,
    count(*) over of_group as customers,
    sum(held) over of_group as total,
    coalesce(sum(held) over (partition by {group} order by held desc range between unbounded preceding and current row
        exclude group), 0) as held_before,
    row_number() over (partition by {group} order by held desc, customer_id) as place,
    case when held = 0 then 'C' when held_before * 100 < total * 80 then 'A'
        when held_before * 100 < total * 95 then 'B' else 'C' end as class
from features window of_group as (partition by {group})"""

PARETO = """
with ranked as ({classes}),
steps as (select *, sum(held) over (partition by value order by place) as so_far from ranked)
select '{measure}' as measure, '{within}' as within, value, count(*) as customers,
    count(*) filter (held > 0) as positive_customers,
    sum(held) as total,
    ceil(count(*) / 5)::bigint as top_20_percent_customers,
    case when sum(held) = 0 then 0 else
        sum(held) filter (place <= (customers + 4) // 5)::double / sum(held)::double end as top_20_percent_share,
    1 + 1 / count(*) filter (held > 0) - 2 * (sum(place::hugeint * (held * 10000)::hugeint) filter (held > 0))::double
        / nullif(count(*) filter (held > 0) * (sum(held) * 10000)::double, 0) as gini,
    0.8::double as class_a_limit, 0.95::double as class_b_limit,
    case when sum(held) = 0 then 0 else 1 + count(*) filter (so_far * 100 < total * 80) end as customers_to_class_a,
    case when sum(held) = 0 then 0 else 1 + count(*) filter (so_far * 100 < total * 95) end as customers_to_class_b,
    count(*) filter (class = 'A') as class_a_customers, coalesce(sum(held) filter (class = 'A'), 0) as class_a_value,
    count(*) filter (class = 'B') as class_b_customers, coalesce(sum(held) filter (class = 'B'), 0) as class_b_value,
    count(*) filter (class = 'C') as class_c_customers, coalesce(sum(held) filter (class = 'C'), 0) as class_c_value
from steps group by value"""

CURVE = """
with ranked as ({classes}), points as (
    select place, sum(held) over (order by place) as cumulative_value, total, customers from ranked)
select '{measure}' as measure, p.customer_rank, p.customer_rank / (select count(*) from features) as customer_share,
    coalesce(points.cumulative_value, 0) as cumulative_value,
    coalesce(points.cumulative_value::double / nullif(total::double, 0), 0) as value_share
from (from pareto_curve where measure = '{measure}') p left join points on place = customer_rank"""

# The rank of the first customer of equals, among those with a positive value, against the places of the tier.
TIER = """
create table expected_tiers as
with positive as (select customer_id, rank() over (order by {measure} desc) as place, count(*) over () as n
    from features where {measure} > 0)
select customer_id, case when place is null then 'no_value' {cases} else 'bronze' end as label
from features left join positive using (customer_id)"""

PROFILE = """
with joined as (select segment, {feature} as x, x::double as d from features join members using (customer_id)),
base as (select count(d) as n, avg(d) as m, median(d) as median, sum(x) as total, var_pop(d) * count(d) as squares from joined),
own as (select segment, count(*) as customers, count(d) as n, avg(d) as m, median(d) as median, sum(x) as total,
    var_pop(d) * count(d) as squares from joined group by segment),
sized as (
    select o.*, b.n as base_n, b.m as base_m, b.median as base_median, b.total as base_total, b.squares as base_squares,
        -- Squares of the others from their own mean, without a look at the formula of the program.
        (select sum(power(d - (b.m * b.n - o.m * o.n) / nullif(b.n - o.n, 0), 2)) from joined j where j.segment <> o.segment) as others,
        (select avg(d) from joined j where j.segment <> o.segment) as others_m
    from own o, base b)
select '{segmentation}' as segmentation, segment, '{feature}' as feature, customers as customer_count,
    customers / sum(customers) over () as customer_share, n as value_count,
    {total} as total, {share} as total_share,
    m as mean, median, base_m as base_mean, base_median,
    case when base_m > 0 then 100 * m / base_m end as index_to_base,
    case when n < base_n and n > 0 and base_n > 2 and squares + others > 1e-9 * base_squares
        then (m - others_m) / sqrt((squares + others) / (base_n - 2)) end as effect_size
from sized"""

MIX = """
with joined as (select segment, {dimension} as value from features join members using (customer_id)),
top as (select value from joined where value is not null and value <> 'other' group by value order by count(*) desc, value limit 10),
told as (select segment, case when value is null then null when value in (from top) then value else 'other' end as value from joined),
base as (select value, count(*) / sum(count(*)) over () as base_share from told group by value)
select '{segmentation}' as segmentation, segment, '{dimension}' as dimension, t.value, count(*) as customers,
    count(*) / sum(count(*)) over (partition by segment) as customer_share, any_value(base_share) as base_share,
    100 * customer_share / any_value(base_share) as index_to_base
from told t join base b on t.value is not distinct from b.value group by segment, t.value"""

OVERLAP = """
with pairs as (
    select s.{a}::varchar as a, s.{b}::varchar as b, net_sales, vin
    from segments_of_customers s join features using (customer_id))
select '{a}' as segmentation_a, a as segment_a, '{b}' as segmentation_b, b as segment_b,
    count(*) as customers, count(*) / sum(count(*)) over (partition by a) as share_of_a,
    count(*) / sum(count(*)) over (partition by b) as share_of_b,
    100 * share_of_a / (sum(count(*)) over (partition by b) / sum(count(*)) over ()) as index_to_base,
    sum(net_sales) as net_sales, sum(vin) as vin
from pairs group by a, b"""

MIGRATIONS = """
select '{column}' as segmentation, p.{column}::varchar as from_segment, s.{column}::varchar as to_segment,
    count(*) as customers, coalesce(sum(net_sales), 0) as net_sales, sum(vin) as vin
from prior p full join segments_of_customers s using (customer_id) left join features using (customer_id) group by all"""

MOVES = """
select '{column}' as segmentation, customer_id, p.{column}::varchar as from_segment, s.{column}::varchar as to_segment,
    {direction} as direction, net_sales, vin
from prior p join segments_of_customers s using (customer_id) join features using (customer_id)
where p.{column} is distinct from s.{column}"""


class Check:
    """Counts what is wrong, so that the script can exit with it."""

    def __init__(self, run: Path, prior: Path | None):
        self.connection = duckdb.connect()
        self.failures = 0
        self.compared = 0
        for table in ("rfm_matrix", "pareto", "pareto_curve", "segment_profiles", "segment_mix", "segment_overlap",
                      "segments", "segment_migrations", "segment_moves"):
            self.connection.execute(f"create view {table} as from read_parquet('{run / table}.parquet', hive_partitioning = false)")
        self.connection.execute(f"create table features as from read_parquet('{run / 'customer_features'}.parquet', hive_partitioning = false)")
        self.connection.execute(
            f"create table segments_of_customers as from read_parquet('{run / 'customer_segments'}.parquet', hive_partitioning = false)")
        self.prior = prior
        if prior:
            self.connection.execute(f"create table prior as from read_parquet('{prior / 'customer_segments'}.parquet', hive_partitioning = false)")
        # Units stand in the descriptions of the columns.
        texts = pyarrow.parquet.read_metadata(run / "customer_features.parquet").metadata
        units = {key.decode().removeprefix("cartera.column."): text.decode() for key, text in texts.items()}
        self.summed = {name for name, text in units.items() if name not in NOT_ADDITIVE
                       and text.endswith(("Unit: pipeline currency.", "Unit: count."))}
        self.types = {row[0]: row[1] for row in self.rows("describe features")}

    def rows(self, query: str) -> list[tuple]:
        return self.connection.execute(query).fetchall()

    def is_known(self, column: str) -> bool:
        return self.rows(f"select count({column}) from features")[0][0] > 0

    def compare(self, name: str, published: str, expected: str, keys: list[str]) -> None:
        """Two relations, row by row: equal keys, equal counts, money and texts, near real numbers."""
        self.connection.execute(f"create or replace temp table expected as {expected}")
        join = " and ".join(f"p.{key} is not distinct from e.{key}" for key in keys)
        lonely = self.rows(f"select count(*) from ({published}) p full join expected e on {join} "
                           f"where p.{keys[0]} is null or e.{keys[0]} is null")[0][0]
        different = {}
        types = {row[0]: row[1] for row in self.rows(f"describe {published}")}
        for column, *_ in self.rows("describe expected"):
            if column in keys:
                continue
            both = f"p.{column}, e.{column}"
            if types[column] == "DOUBLE":
                near = f"abs(p.{column} - e.{column}) <= {TOLERANCE} * greatest(1, abs(e.{column}))"
                wrong = f"(p.{column} is null) <> (e.{column} is null) or not {near}"
            else:
                wrong = f"p.{column} is distinct from e.{column}"
            rows = self.rows(f"select {', '.join('p.' + key for key in keys)}, {both} from ({published}) p "
                             f"join expected e on {join} where {wrong} limit 3")
            if rows:
                different[column] = rows
        height = self.rows("select count(*) from expected")[0][0]
        self.compared += height
        is_right = lonely == 0 and not different
        self.failures += not is_right
        if not is_right:
            print(f"  WRONG {name}: {height} rows expected, {lonely} in one only")
            for column, rows in different.items():
                print(f"        {column}: {rows}")

    def done(self, name: str) -> None:
        print(f"  {name}: {self.compared} rows compared, {self.failures} comparisons failed so far")
        self.compared = 0

    def rfm(self) -> None:
        self.connection.execute(RFM)
        self.labels("rfm_segment", "select customer_id, label from expected_rfm")
        self.compare("rfm_matrix", "from rfm_matrix", MATRIX, ["recency_score", "frequency_score"])
        self.done("RFM segments and matrix")

    def labels(self, column: str, expected: str) -> None:
        published = f"select customer_id, {column} as label from segments_of_customers"
        self.compare(column, published, expected, ["customer_id"])

    def pareto(self) -> None:
        told = [measure for measure in MEASURES if measure == "net_sales" or self.is_known(measure)]
        within = [column for column in ("region", "country", "main_category") if self.is_known(column)]
        expected = []
        for measure in told:
            whole = CLASSES.format(measure=measure, group="null::varchar")
            self.labels(MEASURES[measure], f"select customer_id, class as label from ({whole})")
            self.compare("pareto_curve", f"from pareto_curve where measure = '{measure}'",
                         CURVE.format(measure=measure, classes=whole), ["measure", "customer_rank"])
            for group in [None, *within]:
                classes = whole if group is None else CLASSES.format(measure=measure, group=group)
                expected.append(PARETO.format(measure=measure, within=group or "all", classes=classes))
        self.compare("pareto", "from pareto", " union all ".join(f"({query})" for query in expected),
                     ["measure", "within", "value"])
        self.done(f"Pareto by {', '.join(told)} within all, {', '.join(within)}")

    def tiers(self) -> None:
        measure = next(column for column in ("vin", "net_profit", "net_sales") if self.is_known(column))
        cases = " ".join(f"when place <= ceil(n * {percent} / 100) then '{name}'" for name, percent in TIERS)
        self.connection.execute(TIER.format(measure=measure, cases=cases))
        self.labels("value_tier", "from expected_tiers")
        self.done(f"value tiers by {measure}")

    def segmentations(self) -> list[str]:
        columns = [row[0] for row in self.rows("describe segments_of_customers")][1:]
        published = {row[0] for row in self.rows("select distinct segmentation from segments")}
        return [column for column in columns if column in published]

    def profiles(self) -> None:
        numeric = [name for name, kind in self.types.items() if kind.startswith("DECIMAL") or kind in ("INTEGER", "BIGINT", "DOUBLE")]
        for segmentation in self.segmentations():
            self.connection.execute(f"create or replace temp table members as select customer_id, {segmentation}::varchar as segment "
                                    f"from segments_of_customers where {segmentation} is not null")
            of_features = f"from segment_profiles where segmentation = '{segmentation}'"
            for feature in numeric:
                is_summed = feature in self.summed and self.types[feature] != "DOUBLE"
                query = PROFILE.format(
                    segmentation=segmentation,
                    feature=feature,
                    total="total::decimal(38, 4)" if is_summed else "null::decimal(38, 4)",
                    share="total::double / nullif(base_total, 0)::double" if is_summed else "null::double")
                columns = "segmentation, segment, feature, customer_count, customer_share, value_count, total, total_share, mean, median, base_mean, base_median, index_to_base, effect_size"
                self.compare(f"{segmentation} in {feature}", f"select {columns} {of_features} and feature = '{feature}'",
                             query, ["segmentation", "segment", "feature"])
        wrong = self.rows("""
            select count(*) from (select differentiator_rank as published, case when known is not null then row_number() over (
                partition by segmentation, segment order by abs(known) desc nulls last, feature) end as expected
                from (select *, case when 2 * value_count >= customer_count then effect_size end as known from segment_profiles))
            where published is distinct from expected""")[0][0]
        self.failures += wrong > 0
        print(f"  ranks of differentiators that differ: {wrong}")
        self.done("profiles")

    def mixes(self) -> None:
        known = [name for name, kind in self.types.items()
                 if kind == "VARCHAR" and name not in NO_CATEGORIES and self.is_known(name)]
        for segmentation in self.segmentations():
            self.connection.execute(f"create or replace temp table members as select customer_id, {segmentation}::varchar as segment "
                                    f"from segments_of_customers where {segmentation} is not null")
            for dimension in known:
                self.compare(f"{segmentation} by {dimension}",
                             f"from segment_mix where segmentation = '{segmentation}' and dimension = '{dimension}'",
                             MIX.format(segmentation=segmentation, dimension=dimension),
                             ["segmentation", "segment", "dimension", "value"])
        others = self.rows(f"select count(*) from segment_mix where dimension not in ({', '.join(repr(name) for name in known) or repr('')})")
        self.failures += others[0][0] > 0
        self.done(f"mix by {', '.join(known) or 'nothing'}")

    def overlaps(self) -> None:
        columns = self.segmentations()
        pairs = [(a, b) for place, a in enumerate(columns) for b in columns[place + 1:]]
        expected = " union all ".join("(" + OVERLAP.format(a=a, b=b) + ")" for a, b in pairs)
        self.compare("segment_overlap", "from segment_overlap", expected,
                     ["segmentation_a", "segmentation_b", "segment_a", "segment_b"])
        self.done(f"overlap of {len(pairs)} pairs")

    def migrations(self) -> None:
        if not self.prior:
            return
        for column in self.segmentations():
            has_order = column.startswith("pareto_class") or column == "value_tier"
            order = "list_position(['platinum', 'gold', 'silver', 'bronze', 'no_value', 'A', 'B', 'C'], {}.{})"
            direction = "case when {} < {} then 'up' when {} > {} then 'down' else 'other' end".format(
                *[order.format(side, column) for side in "spsp"]) if has_order else "'other'"
            self.compare(f"migrations of {column}", f"from segment_migrations where segmentation = '{column}'",
                         MIGRATIONS.format(column=column), ["segmentation", "from_segment", "to_segment"])
            self.compare(f"moves of {column}", f"from segment_moves where segmentation = '{column}'",
                         MOVES.format(column=column, direction=direction), ["segmentation", "customer_id"])
        self.done("migrations and moves")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", type=Path, required=True, help="folder of a published run")
    parser.add_argument("--prior", type=Path, help="folder of the run that it was compared with")
    arguments = parser.parse_args()
    check = Check(arguments.run, arguments.prior)
    print(f"{arguments.run}: {check.rows('select count(*) from features')[0][0]} customers")
    check.rfm()
    check.pareto()
    check.tiers()
    check.profiles()
    check.mixes()
    check.overlaps()
    check.migrations()
    print("all equal" if check.failures == 0 else f"{check.failures} comparisons failed")
    return 1 if check.failures else 0


if __name__ == "__main__":
    sys.exit(main())
