"""Checks rhythm, lifetime value and VIN of a published run, customer by customer, in another way than cartera does.

    python benches/peers/check_lifetime.py --data cdnow --input CDNOW_sample.txt --run warehouse/cdnow/current
    python benches/peers/check_lifetime.py --data online-retail --input online_retail.csv.gz --run warehouse/online-retail/current

Purchase days come from the raw file by pandas; rhythm from them. Probability of being alive and expected purchases are
those of lifetimes (PyPI) at the parameters of clv_model; spend, discounting and VIN are computed here. Prints the
largest difference of each column, ten customers with their figures and purchases, and exits with 1 if a column differs.
"""

import argparse
import sys
import warnings

import numpy as np
import pandas as pd
from lifetimes import BetaGeoFitter, GammaGammaFitter, ModifiedBetaGeoFitter, ParetoNBDFitter

warnings.filterwarnings("ignore")

MONTH_WEEKS = 365.25 / 12 / 7
FITTERS = {"bg_nbd": BetaGeoFitter, "mbg_nbd": ModifiedBetaGeoFitter, "pareto_nbd": ParetoNBDFitter}


def purchases(data, path):
    """One row a customer and day with a line that counts: its sales."""
    if data == "cdnow":
        lines = pd.read_csv(path, sep=r"\s+", header=None, names=["whole", "id", "day", "cds", "amount"], dtype={"whole": str})
        lines["customer_id"] = lines["whole"]
        lines["day"] = pd.to_datetime(lines["day"], format="%Y%m%d")
    else:
        lines = pd.read_csv(path, encoding="utf-8-sig", dtype={"CustomerID": str, "InvoiceNo": str, "StockCode": str})
        lines = lines[lines["CustomerID"].notna() & (lines["Quantity"] > 0) & (lines["UnitPrice"] > 0)]
        lines = lines[~lines["InvoiceNo"].str.startswith("C")]
        lines["customer_id"] = lines["CustomerID"].str.replace(r"\.0$", "", regex=True)
        lines["day"] = pd.to_datetime(lines["InvoiceDate"], format=online_retail_dates(lines)).dt.normalize()
        lines["amount"] = (lines["Quantity"] * lines["UnitPrice"]).round(4)
    return lines.groupby(["customer_id", "day"], as_index=False)["amount"].sum().sort_values(["customer_id", "day"])


def online_retail_dates(lines):
    return "%m/%d/%Y %H:%M" if "/" in lines["InvoiceDate"].iloc[0] else "mixed"


def expected_columns(days, as_of):
    grouped = days.groupby("customer_id")
    gaps = grouped["day"].diff().dt.days
    frame = pd.DataFrame({
        "first": grouped["day"].min(),
        "last": grouped["day"].max(),
        "n": grouped.size(),
        "order_gap_mean_days": gaps.groupby(days["customer_id"]).mean(),
        "order_gap_deviation_days": gaps.groupby(days["customer_id"]).std(),
    })
    since = (as_of - frame["last"]).dt.days
    frame["days_overdue"] = (since - frame["order_gap_mean_days"]).where(frame["n"] >= 3)
    for name, start, end in [("recent", 90, 0), ("previous", 180, 90)]:
        within = days[(days["day"] > as_of - pd.Timedelta(days=start)) & (days["day"] <= as_of - pd.Timedelta(days=end))]
        frame[f"{name}_order_day_count"] = within.groupby("customer_id").size().reindex(frame.index).fillna(0)
        frame[f"{name}_sales"] = within.groupby("customer_id")["amount"].sum().reindex(frame.index).fillna(0)
    frame["x"] = frame["n"] - 1
    frame["t_x"] = (frame["last"] - frame["first"]).dt.days / 7
    frame["T"] = (as_of - frame["first"]).dt.days / 7
    repeats = days[days["day"] > days["customer_id"].map(frame["first"])]
    repeats = repeats[repeats["amount"] > 0]
    frame["value_count"] = repeats.groupby("customer_id").size().reindex(frame.index).fillna(0)
    frame["value_mean"] = repeats.groupby("customer_id")["amount"].mean().reindex(frame.index).fillna(0)
    return frame


def parameters(models, name):
    rows = models[(models["sample"] == "all") & (models["model"] == name)]
    return dict(zip(rows["parameter"], rows["value"]))


def predictor(kind, params):
    fitter = FITTERS[kind]()
    fitter.params_ = pd.Series(params)

    def expected(frame, weeks):
        return np.asarray(fitter.conditional_expected_number_of_purchases_up_to_time(weeks, frame["x"], frame["t_x"], frame["T"]))

    def alive(frame):
        return np.asarray(fitter.conditional_probability_alive(frame["x"], frame["t_x"], frame["T"]))

    return expected, alive


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", choices=["cdnow", "online-retail"], required=True)
    parser.add_argument("--input", required=True)
    parser.add_argument("--run", required=True)
    parser.add_argument("--discount-rate", type=float, default=0.10)
    options = parser.parse_args()
    published = pd.read_parquet(f"{options.run}/customer_features.parquet").set_index("customer_id")
    models = pd.read_parquet(f"{options.run}/clv_model.parquet")
    as_of = pd.to_datetime(published["last_order_date"]).max() + pd.to_timedelta(published["days_since_last_order"].min(), unit="D")
    days = purchases(options.data, options.input)
    frame = expected_columns(days, as_of)
    if not (days["day"].min() <= as_of - pd.Timedelta(days=179)):
        frame["previous_sales"] = np.nan
    kind = models[(models["sample"] == "all") & models["is_chosen"] & (models["model"] != "gamma_gamma")]["model"].iloc[0]
    expected, alive = predictor(kind, parameters(models, kind))
    spend = parameters(models, "gamma_gamma")
    p, q, gamma = spend["p"], spend["q"], spend["gamma"]
    frame["p_alive"] = alive(frame)
    frame["expected_orders_12m"] = expected(frame, 12 * MONTH_WEEKS)
    frame["expected_orders_horizon"] = expected(frame, 36 * MONTH_WEEKS)
    frame["expected_order_value"] = p * (gamma + frame["value_count"] * frame["value_mean"]) / (p * frame["value_count"] + q - 1)
    frame["expected_sales_12m"] = frame["expected_orders_12m"] * frame["expected_order_value"]
    until = [np.zeros(len(frame))] + [expected(frame, month * MONTH_WEEKS) for month in range(1, 37)]
    months = [(until[m] - until[m - 1]) / (1 + options.discount_rate) ** (m / 12) for m in range(1, 37)]
    names = [name for name in frame.columns if name in published.columns]
    rate = published["expected_margin_rate"].reindex(frame.index).astype(float)
    if rate.notna().any():
        frame["clv_12m"] = sum(months[:12]) * frame["expected_order_value"] * rate
        frame["clv_horizon"] = sum(months) * frame["expected_order_value"] * rate
        names += ["clv_12m", "clv_horizon"]
    failed = False
    print(f"{len(frame)} customers, model {kind}, as of {as_of.date()}")
    for name in names:
        found = published[name].reindex(frame.index).astype(float)
        both_null = found.isna() & frame[name].isna()
        difference = (found - frame[name]).abs() / (1 + frame[name].abs())
        worst = difference.where(~both_null, 0).fillna(np.inf).max()
        is_far = worst > 1e-4
        failed |= is_far
        print(f"{name:28} largest difference {worst:.2e}{' DIFFERS' if is_far else ''}")
    scored = published[published["vin"].notna()]
    off = scored[scored["vin_realized"] + scored["vin_expected"] != scored["vin"]]
    print(f"vin = vin_realized + vin_expected in {len(scored) - len(off)} of {len(scored)} customers")
    failed |= len(off) > 0
    show = ["x", "t_x", "T", "value_count", "value_mean", "p_alive", "expected_orders_12m", "expected_order_value"] + [
        name for name in ["clv_12m", "clv_horizon"] if name in frame.columns
    ]
    # Customers of few purchases, so that a person can follow.
    few = frame[(frame["n"] <= 4) & (frame["n"] >= 1 + (np.arange(len(frame)) % 4))]
    ten = few.iloc[np.linspace(0, len(few) - 1, 10).astype(int)][show]
    print(ten.join(published[["vin_realized", "vin_expected", "vin"]]).to_string(float_format=lambda value: f"{value:.4f}"))
    for customer in ten.index:
        bought = days[days["customer_id"] == customer]
        print(customer, "; ".join(f"{day.date()} {amount:.2f}" for day, amount in zip(bought["day"], bought["amount"])))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
