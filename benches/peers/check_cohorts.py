"""Checks the tables cohorts and kpis of a run of pipelines/online-retail.toml against the raw UCI file, by pandas.

    python benches/peers/check_cohorts.py --input online_retail.csv.gz --run warehouse/online-retail/current

Money is counted in whole ten-thousandths. Who is lost is looked up in a table of customers by days, not reckoned from
gaps. Compares every value of every row and exits with 1 if one differs. A pipeline with other limits of lifecycle
stages is checked with --lapsed-days and --lost-days.
"""

import argparse
import sys
from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np
import pandas as pd


def read_lines(path, as_of):
    lines = pd.read_csv(path, dtype={"CustomerID": str, "InvoiceNo": str, "StockCode": str, "UnitPrice": str})
    lines = lines[lines["CustomerID"].notna()].copy()
    lines["customer_id"] = lines["CustomerID"]
    lines["day"] = pd.to_datetime(lines["InvoiceDate"]).dt.normalize()
    lines = lines[lines["day"] <= as_of]
    # Prices have at most three decimals.
    price = lines["UnitPrice"].map(lambda text: int(Decimal(text).scaleb(4)))
    lines["amount"] = lines["Quantity"] * price
    invoice = lines["InvoiceNo"]
    goods = ~invoice.str.startswith("C") & ~invoice.str.startswith("A")
    lines["is_sale"] = goods & (lines["Quantity"] > 0) & (price > 0)
    lines["in_net_sales"] = lines["is_sale"] | invoice.str.startswith("C") | (goods & (lines["Quantity"] < 0))
    lines["month"] = lines["day"].dt.to_period("M")
    return lines


def money(ten_thousandths):
    return None if ten_thousandths is None else Decimal(int(ten_thousandths)).scaleb(-4)


def per(ten_thousandths, count):
    if count == 0:
        return None
    return (Decimal(int(ten_thousandths)) / Decimal(int(count))).quantize(Decimal(1), ROUND_HALF_EVEN).scaleb(-4)


def share(part, whole):
    return None if whole == 0 else int(part) / int(whole)


class Base:
    """The lines of customers, and what follows from them."""

    def __init__(self, lines, as_of, lapsed_days, lost_days):
        self.lines, self.as_of, self.lapsed_days, self.lost_days = lines, as_of, lapsed_days, lost_days
        sales = lines[lines["is_sale"]]
        self.bought = sales[["customer_id", "day", "month"]].drop_duplicates().sort_values(["customer_id", "day"])
        self.cohort = self.bought.groupby("customer_id")["month"].min()
        self.active = self.bought.groupby("month")["customer_id"].agg(set)
        self.orders = sales.groupby(["customer_id", "InvoiceNo"])["month"].min().reset_index()
        self.months = pd.period_range(lines["month"].min(), as_of.to_period("M"), freq="M")
        self.never = sorted(set(lines["customer_id"]) - set(self.cohort.index))

    def is_complete(self, month):
        return bool(month.end_time.normalize() <= self.as_of)

    def active_in(self, month):
        return self.active.get(month, set())

    def net_sales(self):
        net = self.lines[self.lines["in_net_sales"]]
        return net.groupby(["customer_id", "month"])["amount"].sum().reset_index()


def expected_cohorts(base):
    net = base.net_sales()
    net["cohort"] = net["customer_id"].map(base.cohort)
    orders = base.orders.assign(cohort=base.orders["customer_id"].map(base.cohort))
    sizes = base.cohort.value_counts()
    active = base.bought.drop_duplicates(["customer_id", "month"])
    active = active.assign(cohort=active["customer_id"].map(base.cohort)).groupby(["cohort", "month"]).size()
    lines = base.lines.assign(cohort=base.lines["customer_id"].map(base.cohort))
    early = lines[lines["month"] < lines["cohort"]].groupby("cohort")["month"].unique()
    rows = []
    if base.never:
        total = net[net["cohort"].isna()]["amount"].sum()
        rows.append((None, None, len(base.never), 0, None, 0, money(total), None, money(total), None, per(total, len(base.never)), None, None))
    for cohort in sorted(sizes.index):
        size, cumulative = int(sizes[cohort]), 0
        months = sorted(early.get(cohort, [])) + list(pd.period_range(cohort, base.months[-1], freq="M"))
        of_cohort = net[net["cohort"] == cohort].groupby("month")["amount"].sum()
        order_counts = orders[orders["cohort"] == cohort].groupby("month").size()
        for month in months:
            amount, count = int(of_cohort.get(month, 0)), int(active.get((cohort, month), 0))
            cumulative += amount
            since = month.ordinal - cohort.ordinal
            rows.append((str(cohort), since, size, count, share(count, size) if since >= 0 else None, int(order_counts.get(month, 0)),
                         money(amount), None, money(cumulative), None, per(cumulative, size), None, base.is_complete(month)))
    return rows


def lost_by_day(base):
    """A table of customers by days: whether they are lost, and whether they have ever bought."""
    days = pd.date_range(base.lines["day"].min(), base.as_of)
    numbers = np.arange(len(days))
    bought = pd.crosstab(base.bought["customer_id"], base.bought["day"]).reindex(columns=days, fill_value=0).to_numpy() > 0
    last = np.maximum.accumulate(np.where(bought, numbers, -1), axis=1)
    known = last >= 0
    lost = known & (numbers - last > base.lost_days)
    return days, bought, known, lost


def expected_kpis(base, features):
    days, bought, known, lost = lost_by_day(base)
    was_lost = np.hstack([np.zeros((len(lost), 1), bool), lost[:, :-1]])
    months = days.to_period("M")
    begins = lost & ~was_lost
    comes_back = bought & was_lost
    pauses = base.bought.assign(gap=base.bought.groupby("customer_id")["day"].diff().dt.days)
    recovered = pauses[pauses["gap"] > base.lapsed_days].groupby("month")["customer_id"].nunique()
    sales = base.lines[base.lines["is_sale"]].groupby("month")["amount"].sum()
    net = base.net_sales().groupby("month")["amount"].sum()
    orders = base.orders.groupby("month").size()
    features = features.assign(cohort=features["customer_id"].map(base.cohort))
    rows, at_start = [], 0
    for place, month in enumerate(base.months):
        in_month = np.asarray(months == month)
        active, before = base.active_in(month), base.active_in(month - 1)
        new = {customer for customer in active if base.cohort[customer] == month}
        last_day = np.flatnonzero(in_month)[-1]
        at_end = int((known & ~lost)[:, last_day].sum())
        year = set().union(*[base.active_in(month - back) for back in range(12)])
        year_before = set().union(*[base.active_in(month - back) for back in range(12, 24)])
        came = features[features["cohort"] == month]

        def total(column):
            values = list(came[column])
            if any(value is None or pd.isna(value) for value in values) or features[column].isna().all():
                return None
            return sum(values, Decimal(0))

        gross, order_count = int(sales.get(month, 0)), int(orders.get(month, 0))
        rows.append((
            str(month), at_start, len(new), int(comes_back[:, in_month].sum()), int(begins[:, in_month].sum()), at_end,
            len(active), len(active - new), int(recovered.get(month, 0)), share(len(active - new), len(active)),
            share(len(active & before), len(before)), share(len(year & year_before), len(year_before)) if place >= 23 else None,
            share(begins[:, in_month].sum(), at_start), order_count, money(gross), per(gross, order_count),
            money(net.get(month, 0)), per(net.get(month, 0), len(active)), None, total("acquisition_cost"), total("clv_horizon"),
            total("vin"), None, None, base.is_complete(month)))
        at_start = at_end
    return rows


def is_same(one, other):
    is_null = [value is None or (not isinstance(value, Decimal) and pd.isna(value)) for value in (one, other)]
    return all(is_null) or (not any(is_null) and one == other)


def compare(name, published, expected):
    differences = 0
    if len(published) != len(expected):
        print(f"{name}: {len(published)} rows, expected {len(expected)}")
        return 1
    for row, wanted in zip(published.itertuples(index=False), expected):
        for column, found, value in zip(published.columns, row, wanted, strict=True):
            if not is_same(found, value):
                differences += 1
                print(f"{name} {row[0]} {row[1]}, {column}: {found}, expected {value}")
    print(f"{name}: {len(expected)} rows x {len(published.columns)} columns, {differences} values differ")
    return differences


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--input", required=True)
    parser.add_argument("--run", required=True)
    parser.add_argument("--as-of", default="2011-12-09")
    parser.add_argument("--lapsed-days", type=int, default=180)
    parser.add_argument("--lost-days", type=int, default=365)
    options = parser.parse_args()
    as_of = pd.Timestamp(options.as_of)
    base = Base(read_lines(options.input, as_of), as_of, options.lapsed_days, options.lost_days)
    features = pd.read_parquet(f"{options.run}/customer_features.parquet")
    differences = compare("cohorts", pd.read_parquet(f"{options.run}/cohorts.parquet"), expected_cohorts(base))
    differences += compare("kpis", pd.read_parquet(f"{options.run}/kpis.parquet"), expected_kpis(base, features))
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
