"""Runs pipelines/online-retail.toml on the same lines in six formats, and compares all published tables.

The first run, of the CSV, is the measure. Business columns must be identical to the last row; in the quarantine the
file and the row may differ, since rows of a sheet or of a Parquet file are numbered otherwise than lines.
"""

import argparse
import subprocess
import sys
import time
from pathlib import Path

import duckdb

PIPELINE = Path(__file__).parents[2] / "pipelines" / "online-retail.toml"
# name: (file, [source.format])
FORMATS = {
    "csv": ("lines.csv", 'type = "csv"\ndate_format = "%Y-%m-%d %H:%M:%S"'),
    "csv_gzip": ("lines.csv.gz", 'type = "csv"\ndate_format = "%Y-%m-%d %H:%M:%S"'),
    "semicolons": (
        "semicolons.csv",
        'type = "csv"\ndelimiter = ";"\nencoding = "windows-1252"\ndecimal_separator = ","\ndate_format = "%d/%m/%Y %H:%M:%S"',
    ),
    "ndjson": ("lines.ndjson", 'type = "json"\ndate_format = "%Y-%m-%d %H:%M:%S"'),
    "parquet": ("lines.parquet", 'type = "parquet"'),
    "xlsx": ("lines.xlsx", 'type = "excel"\nsheet = "Online Retail"'),
}
PLACE_COLUMNS = {"quarantine": ("file", "row")}


def write_pipeline(name: str, files: Path, out: Path) -> Path:
    """The shipped pipeline with another file, another format, and a warehouse of its own."""
    file, layout = FORMATS[name]
    lines = []
    in_format = False
    for line in PIPELINE.read_text().splitlines():
        if line.startswith("["):
            in_format = line == "[source.format]"
            if in_format:
                lines += [line, *layout.splitlines(), ""]
                continue
        if in_format:
            continue
        if line.startswith("path ="):
            line = f'path = "{files.resolve() / file}"'
        if line.startswith("warehouse ="):
            line = f'warehouse = "{name}"'
        lines.append(line)
    pipeline = out / f"{name}.toml"
    pipeline.write_text("\n".join(lines) + "\n")
    return pipeline


def run(cartera: str, pipeline: Path) -> tuple[float, int]:
    """Seconds, and the peak of the memory in KiB."""
    timed = ["/usr/bin/time", "-f", "%M", cartera, "run", str(pipeline), "--as-of", "2011-12-09"]
    start = time.perf_counter()
    done = subprocess.run(timed, capture_output=True, text=True)
    seconds = time.perf_counter() - start
    if done.returncode not in (0, 1):
        sys.exit(f"{pipeline.name} failed:\n{done.stdout}{done.stderr}")
    return seconds, int(done.stderr.strip().splitlines()[-1])


def differing_rows(first: Path, other: Path) -> int:
    """Rows that are in one table and not in the other, each as often as it is there."""
    columns = duckdb.sql(f"describe from '{first}'").fetchall()
    place = PLACE_COLUMNS.get(first.stem, ())
    names = ", ".join(f'"{name}"' for name, *_ in columns if name not in place)
    one, two = (f"select {names} from '{path}'" for path in (first, other))
    return duckdb.sql(f"select count(*) from (({one} except all {two}) union all ({two} except all {one}))").fetchall()[0][0]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=Path, required=True, help="folder that make_formats.py wrote")
    parser.add_argument("--out", type=Path, required=True, help="empty folder for pipelines and warehouses")
    parser.add_argument("--cartera", default="cartera", help="the binary")
    parser.add_argument("--only", nargs="*", choices=[name for name in FORMATS if name != "csv"], help="these beside the CSV")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    names = ["csv", *(arguments.only or [name for name in FORMATS if name != "csv"])]
    mismatches = 0
    measure: Path | None = None
    for name in names:
        seconds, kibibytes = run(arguments.cartera, write_pipeline(name, arguments.files, arguments.out))
        [folder] = (arguments.out / name / "runs" / "as_of=2011-12-09").glob("run=*")
        tables = sorted(folder.glob("*.parquet"))
        measure = measure or folder
        differences = {table.stem: differing_rows(measure / table.name, table) for table in tables}
        missing = {table.name for table in measure.glob("*.parquet")} ^ {table.name for table in tables}
        mismatches += sum(differences.values()) + len(missing)
        print(f"{name}: {seconds:.2f} s, {kibibytes / 1024:.0f} MiB, {len(tables)} tables, {sum(differences.values())} rows differ")
        for table, count in differences.items():
            if count:
                print(f"  {table}: {count} rows differ")
        for table in sorted(missing):
            print(f"  {table} is missing on one side")
    return 1 if mismatches else 0


if __name__ == "__main__":
    sys.exit(main())
