"""Writes the same order lines in six formats, and a small made-up table in the formats that the tests read.

The six: CSV, gzip CSV, semicolon CSV with decimal comma and day-first dates in Windows-1252, NDJSON, Parquet with typed
columns, and XLSX with typed cells. Ids that are digits alone are numbers in the workbook, as a person's export has them.
"""

import argparse
import gzip
import json
import random
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow
import pyarrow.parquet
import xlsxwriter

TEXTS = ["InvoiceNo", "StockCode", "Description", "CustomerID", "Country"]
HEADER = ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"]


def real_lines(path: Path) -> list[tuple]:
    """The lines of Online Retail: texts as they stand there, an integer, a moment, and a price as text."""
    return duckdb.sql(f"""
        select InvoiceNo, StockCode, Description, Quantity, InvoiceDate, UnitPrice, CustomerID, Country
        from read_csv('{path}', header = true, auto_detect = false, delim = ',', quote = '"', escape = '"', columns = {{
            InvoiceNo: 'VARCHAR', StockCode: 'VARCHAR', Description: 'VARCHAR', Quantity: 'INTEGER',
            InvoiceDate: 'TIMESTAMP', UnitPrice: 'VARCHAR', CustomerID: 'VARCHAR', Country: 'VARCHAR'}})
    """).fetchall()


def made_up_lines(count: int) -> list[tuple]:
    """Lines with what formats stumble over: leading zeros, quotes, line ends, accents, guests, midnights, seconds."""
    draw = random.Random(7)
    products = ["00417", "85123A", "Ñ-1", 'say "no"', "semi;colon", "com,ma", "two\nlines", "€uro", "1e5", "TRUE"]
    start = datetime(2024, 1, 1)
    lines = []
    for number in range(count):
        product = draw.choice(products)
        quantity = draw.choice([1, 2, 3, 12, 144, -1])
        moment = start + timedelta(days=draw.randrange(300), seconds=draw.choice([0, 30_360, 43_200, 86_399]))
        price = draw.choice(["2.55", "0.1", "10", "1234.567", "0", "0.001", "79.99", "0.3"])
        customer = draw.choice(["", "17850", "00017", "c-7", "12346", "O'Neill & Söhne"])
        lines.append((f"5{number // 3:05}", product, f"line {number}", quantity, moment, price, customer or None, "España"))
    return lines


def cell_text(value) -> str:
    return "" if value is None else str(value)


def delimited(lines, delimiter: str, decimal: str, moment_format: str):
    """Records with a quote wherever one may be needed."""
    def quoted(text: str) -> str:
        return '"' + text.replace('"', '""') + '"' if any(mark in text for mark in (delimiter, '"', "\n", "\r")) else text

    yield delimiter.join(HEADER) + "\r\n"
    for invoice, product, description, quantity, moment, price, customer, country in lines:
        cells = [
            invoice, product, description, quantity, moment.strftime(moment_format), price.replace(".", decimal), customer, country,
        ]
        yield delimiter.join(quoted(cell_text(cell)) for cell in cells) + "\r\n"


def write_csv(lines, path: Path) -> None:
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.writelines(delimited(lines, ",", ".", "%Y-%m-%d %H:%M:%S"))


def pack(path: Path) -> None:
    """A gzip file beside the plain one."""
    with open(path, "rb") as plain, open(f"{path}.gz", "wb") as file:
        with gzip.GzipFile("", "wb", compresslevel=6, fileobj=file, mtime=0) as packed:
            shutil.copyfileobj(plain, packed)


def write_semicolons(lines, path: Path) -> None:
    with open(path, "w", encoding="cp1252", newline="") as file:
        file.writelines(delimited(lines, ";", ",", "%d/%m/%Y %H:%M:%S"))


def write_ndjson(lines, path: Path) -> None:
    with open(path, "w", encoding="utf-8") as file:
        for line in lines:
            record = dict(zip(HEADER, line, strict=True))
            record["InvoiceDate"] = record["InvoiceDate"].isoformat(sep=" ")
            # The price goes in as the number that it is written as.
            price = record["UnitPrice"]
            record["UnitPrice"] = 0
            text = json.dumps(record, ensure_ascii=False)
            file.write(text.replace('"UnitPrice": 0', f'"UnitPrice": {price}') + "\n")


def write_parquet(lines, path: Path) -> None:
    """Prices are floating-point numbers, as most exports have them."""
    columns = dict(zip(HEADER, zip(*lines, strict=True), strict=True))
    table = pyarrow.table({
        name: pyarrow.array(values, {
            "Quantity": pyarrow.int32(), "InvoiceDate": pyarrow.timestamp("us"), "UnitPrice": pyarrow.float64(),
            "StockCode": pyarrow.string(),
        }.get(name, pyarrow.string()))
        for name, values in (columns | {"UnitPrice": [float(price) for price in columns["UnitPrice"]]}).items()
    })
    table = table.set_column(1, "StockCode", table["StockCode"].dictionary_encode())
    pyarrow.parquet.write_table(table, path, row_group_size=200_000)


def typed(text: str | None):
    """A number where Excel would have made one of it and loses nothing."""
    if text is not None and text.isdigit() and len(text) < 16 and str(int(text)) == text:
        return int(text)
    return text


def new_workbook(path: Path, **options) -> xlsxwriter.Workbook:
    """One whose bytes do not depend on the day it is made."""
    book = xlsxwriter.Workbook(path, options)
    book.set_properties({"created": datetime(2024, 1, 1)})
    return book


def write_xlsx(lines, path: Path, sheet: str = "Online Retail") -> None:
    book = new_workbook(path, constant_memory=True, default_date_format="dd/mm/yyyy hh:mm:ss")
    page = book.add_worksheet(sheet)
    page.write_row(0, 0, HEADER)
    for row, (invoice, product, description, quantity, moment, price, customer, country) in enumerate(lines, 1):
        for column, text in enumerate((invoice, product, description)):
            write_cell(page, row, column, typed(text))
        page.write_number(row, 3, quantity)
        page.write_datetime(row, 4, moment)
        page.write_number(row, 5, float(price))
        write_cell(page, row, 6, typed(customer))
        page.write_string(row, 7, country)
    book.close()


def write_cell(page, row: int, column: int, value) -> None:
    if isinstance(value, int):
        page.write_number(row, column, value)
    elif value is not None:
        page.write_string(row, column, value)


def write_xls(lines, path: Path) -> None:
    import xlwt

    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet("Lines")
    moments = xlwt.easyxf(num_format_str="dd/mm/yyyy hh:mm:ss")
    for column, title in enumerate(HEADER):
        page.write(0, column, title)
    for row, line in enumerate(lines, 1):
        for column, value in enumerate(line):
            if isinstance(value, datetime):
                page.write(row, column, value, moments)
            elif value is not None:
                page.write(row, column, float(value) if column == 5 else typed(value) if isinstance(value, str) else value)
    book.save(path)


def write_ods(lines, path: Path) -> None:
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import Table, TableCell, TableRow
    from odf.text import P

    def cell(value, column: int):
        if value is None:
            return TableCell()
        if isinstance(value, datetime):
            return TableCell(valuetype="date", datevalue=value.isoformat())
        value = float(value) if column == 5 else typed(value) if isinstance(value, str) else value
        if isinstance(value, (int, float)):
            return TableCell(valuetype="float", value=repr(value))
        made = TableCell(valuetype="string")
        for part in value.split("\n"):
            made.addElement(P(text=part))
        return made

    book = OpenDocumentSpreadsheet()
    table = Table(name="Lines")
    for line in [tuple(HEADER), *lines]:
        row = TableRow()
        for column, value in enumerate(line):
            row.addElement(cell(value, column if line != tuple(HEADER) else 0))
        table.addElement(row)
    book.spreadsheet.addElement(table)
    book.save(path)


def write_odd_cells(path: Path) -> None:
    """A workbook with what a sheet can hold besides texts, numbers and moments, and with sheets of all kinds."""
    book = new_workbook(path, default_date_format="dd/mm/yyyy")
    hidden = book.add_worksheet("Lookup")
    hidden.write_row(0, 0, ["hidden"])
    page = book.add_worksheet("Cells")
    page.activate()
    hidden.hide()
    page.write(0, 0, "Report of May")
    page.write_row(2, 1, ["id", "value", "day", "flag"])
    page.write(2, 6, "unit")
    rows = [
        (4, ["00123", 0.1 + 0.2, datetime(2024, 2, 29), True]),
        (5, [12345, -1234.5, datetime(2024, 2, 29, 23, 59, 59), False]),
        (7, [" padded ", 1e21, None, None]),
    ]
    for row, cells in rows:
        for column, value in enumerate(cells, 1):
            if value is not None:
                page.write(row, column, value)
        page.write(row, 6, "EUR")
    for column, value in [(1, "#N/A"), (2, "#DIV/0!")]:
        page.write_formula(8, column, "=1/0", None, value)
    page.write_formula(9, 1, '="a"&"b"', None, "ab")
    page.write_formula(9, 2, "=1+1.5", None, 2.5)
    page.write(10, 9, "beside the table")
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": "=Cells!$C$5:$C$6"})
    book.add_chartsheet("Chart").set_chart(chart)
    book.add_worksheet("Año 2024").write_row(0, 0, ["id"])
    book.add_worksheet("Empty")
    book.close()


def write_other_epoch(path: Path) -> None:
    """A workbook that counts days from 1904, as those of older Macs do."""
    book = new_workbook(path, date_1904=True, default_date_format="yyyy-mm-dd")
    page = book.add_worksheet()
    page.write(0, 0, "day")
    page.write(1, 0, datetime(2024, 2, 29, 8, 26))
    book.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--input", type=Path, help="online_retail.csv.gz; without it the made-up lines of the tests are written")
    parser.add_argument("--out", type=Path, required=True, help="folder for the files")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    if arguments.input is None:
        lines = made_up_lines(300)
        write_csv(lines, arguments.out / "lines.csv")
        pack(arguments.out / "lines.csv")
        write_xlsx(lines, arguments.out / "lines.xlsx", "Lines")
        write_xls(lines, arguments.out / "lines.xls")
        write_ods(lines, arguments.out / "lines.ods")
        write_odd_cells(arguments.out / "cells.xlsx")
        write_other_epoch(arguments.out / "epoch_1904.xlsx")
        return
    lines = real_lines(arguments.input)
    write_csv(lines, arguments.out / "lines.csv")
    pack(arguments.out / "lines.csv")
    write_semicolons(lines, arguments.out / "semicolons.csv")
    write_ndjson(lines, arguments.out / "lines.ndjson")
    write_parquet(lines, arguments.out / "lines.parquet")
    write_xlsx(lines, arguments.out / "lines.xlsx")


if __name__ == "__main__":
    main()
