"""Asks DuckDB every question of a report again, and holds the answers against the table views of the page.

    python check_report.py RUN_FOLDER [PAGE]

RUN_FOLDER is a published run; PAGE is its report.html unless another one is named. Every figure carries its query
and, in each cell, the value as it was answered. Nothing of cartera computes the numbers here.
"""

import decimal
import glob
import math
import os
import sys
from html.parser import HTMLParser

import duckdb


class Figures(HTMLParser):
    """The figures of a page: query, columns and raw cells of each."""

    def __init__(self):
        super().__init__()
        self.figures, self.figure, self.in_query = [], None, False

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "figure":
            self.figure = {"id": attributes["id"], "sql": "", "columns": [], "rows": []}
            self.figures.append(self.figure)
        elif tag == "code" and attributes.get("class") == "sql":
            self.in_query = True
        elif tag == "th" and "data-column" in attributes:
            self.figure["columns"].append(attributes["data-column"])
        elif tag == "tr" and self.figure:
            self.figure["rows"].append([])
        elif tag == "td" and "data-value" in attributes:
            self.figure["rows"][-1].append(attributes["data-value"] or "")

    def handle_endtag(self, tag):
        if tag == "code":
            self.in_query = False
        elif tag == "figure":
            self.figure["rows"] = [row for row in self.figure["rows"] if row]
            self.figure = None

    def handle_data(self, data):
        if self.in_query:
            self.figure["sql"] += data


def equal(shown, answered):
    """Whether a cell holds the answer: numbers up to the rounding of a sum of floats, all else exactly."""
    if answered is None:
        return shown == ""
    if isinstance(answered, bool):
        return shown == str(answered).lower()
    if isinstance(answered, (int, decimal.Decimal)):
        return shown != "" and decimal.Decimal(shown) == answered
    if isinstance(answered, float):
        return shown != "" and math.isclose(float(shown), answered, rel_tol=1e-9, abs_tol=1e-9)
    return shown == str(answered)


def main():
    folder = sys.argv[1]
    page = sys.argv[2] if len(sys.argv) > 2 else os.path.join(folder, "report.html")
    with open(page, encoding="utf-8") as file:
        figures = Figures()
        figures.feed(file.read())
    connection = duckdb.connect()
    for path in glob.glob(os.path.join(folder, "*.parquet")):
        name = os.path.basename(path).removesuffix(".parquet")
        connection.execute(f"create view {name} as select * from read_parquet('{path}')")
    cells = differ = 0
    for figure in figures.figures:
        cursor = connection.execute(figure["sql"])
        columns = [column[0] for column in cursor.description]
        rows = cursor.fetchall()
        if columns != figure["columns"] or len(rows) != len(figure["rows"]):
            print(f"{figure['id']}: {len(rows)} rows of {columns}, the page has {len(figure['rows'])} of {figure['columns']}")
            differ += 1
            continue
        for at, (row, shown) in enumerate(zip(rows, figure["rows"])):
            for column, value, text in zip(columns, row, shown):
                cells += 1
                if not equal(text, value):
                    print(f"{figure['id']}, row {at + 1}, {column}: DuckDB says {value!r}, the page {text!r}")
                    differ += 1
    print(f"{len(figures.figures)} figures, {cells} cells, {differ} differ")
    sys.exit(1 if differ or not figures.figures else 0)


if __name__ == "__main__":
    main()
