"""RFM and Pareto classes of the order lines of `cartera sample`, by pandas as most people write it."""

import argparse

import pandas as pd


def read_lines(path: str, as_of: pd.Timestamp) -> pd.DataFrame:
    """Lines of known customers up to as_of."""
    lines = pd.read_csv(
        path,
        usecols=["order_id", "customer_id", "ordered_at", "product_id", "quantity", "unit_price"],
        dtype={"order_id": "str", "customer_id": "str", "product_id": "str", "quantity": "int32", "unit_price": "float64"},
        parse_dates=["ordered_at"],
    )
    lines["order_date"] = lines["ordered_at"].dt.normalize()
    return lines[lines["customer_id"].notna() & (lines["order_date"] <= as_of)]


def aggregate(lines: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """One row a customer; money is rounded, so that equal sums are equal floats."""
    amount = lines["quantity"] * lines["unit_price"]
    is_goods = lines["product_id"] != "SHIP"
    is_sale = is_goods & (lines["quantity"] > 0) & (lines["unit_price"] > 0)
    is_return = is_goods & (lines["quantity"] < 0)
    lines = lines.assign(
        order_id=lines["order_id"].where(is_sale),
        order_date=lines["order_date"].where(is_sale),
        gross_sales=amount.where(is_sale, 0.0),
        net_sales=amount.where(is_sale | is_return, 0.0),
    )
    customers = lines.groupby("customer_id").agg(
        order_count=("order_id", "nunique"),
        first_order_date=("order_date", "min"),
        last_order_date=("order_date", "max"),
        gross_sales=("gross_sales", "sum"),
        net_sales=("net_sales", "sum"),
    )
    customers = customers.round({"gross_sales": 4, "net_sales": 4})
    customers["days_since_last_order"] = (as_of - customers["last_order_date"]).dt.days.astype("Int32")
    orders = customers["order_count"]
    customers["average_order_value"] = (customers["gross_sales"] / orders.where(orders > 0)).round(4)
    return customers


def fifth(values: pd.Series) -> pd.Series:
    """0 to 4: the fifth that a value falls in among customers with orders."""
    return (5 * (values.rank(method="min").astype("int64") - 1) // len(values)).astype("Int32")


def add_scores(customers: pd.DataFrame) -> None:
    buyers = customers[customers["order_count"] > 0]
    customers["recency_score"] = 5 - fifth(buyers["days_since_last_order"])
    customers["frequency_score"] = 1 + fifth(buyers["order_count"])
    customers["monetary_score"] = 1 + fifth(buyers["net_sales"])
    scores = customers[["recency_score", "frequency_score", "monetary_score"]].astype("string")
    customers["rfm_score"] = scores["recency_score"] + scores["frequency_score"] + scores["monetary_score"]


def add_pareto_class(customers: pd.DataFrame) -> None:
    net_sales = customers["net_sales"]
    best_first = net_sales[net_sales > 0].sort_values(ascending=False)
    held, total = best_first.cumsum(), best_first.sum()
    customers["pareto_class"] = "C"
    customers.loc[net_sales >= best_first[held >= 0.95 * total].max(), "pareto_class"] = "B"
    customers.loc[net_sales >= best_first[held >= 0.80 * total].max(), "pareto_class"] = "A"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--input", required=True, help="CSV of order lines")
    parser.add_argument("--as-of", required=True, type=pd.Timestamp, help="last business day that counts, YYYY-MM-DD")
    parser.add_argument("--output", required=True, help="Parquet file to write")
    arguments = parser.parse_args()
    customers = aggregate(read_lines(arguments.input, arguments.as_of), arguments.as_of)
    add_scores(customers)
    add_pareto_class(customers)
    customers["first_order_date"] = customers["first_order_date"].dt.date
    customers["last_order_date"] = customers["last_order_date"].dt.date
    customers.reset_index().to_parquet(arguments.output, compression="zstd")


if __name__ == "__main__":
    main()
