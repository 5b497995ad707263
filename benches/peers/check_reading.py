"""Runs the examples of docs/reading.md as they stand there, and checks the history of a warehouse against its newest run.

Those of a library that is not installed are named as SKIPPED. The folder that it runs in has to hold warehouse/retail, as
`cartera run pipelines/retail.toml` publishes it.

    python3 benches/peers/check_reading.py
"""

import importlib.util
import re
import sys
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs/reading.md"
LIBRARIES = {"duckdb": ["duckdb"], "pandas": ["pandas", "pyarrow"], "polars": ["polars"]}
# Examples that need more than a Python environment.
NOT_RUN = {"spark"}


def examples(page: str):
    """Language, library and text of each example that names its library."""
    for found in re.finditer(r"^```(\w+) (\w+)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL):
        yield found.groups()


def run(language: str, text: str) -> None:
    if language == "python":
        exec(compile(text, str(PAGE), "exec"), {"__name__": "__main__"})
        return
    import duckdb

    rows = duckdb.sql(text).fetchall()
    assert rows, f"no rows from\n{text}"
    print(f"{len(rows)} rows, the first: {rows[0]}")


def main() -> int:
    if not Path("warehouse/retail/current").exists():
        print("warehouse/retail is not there: cartera run pipelines/retail.toml", file=sys.stderr)
        return 2
    done = 0
    for language, library, text in examples(PAGE.read_text()):
        if library in NOT_RUN:
            continue
        missing = [name for name in LIBRARIES[library] if importlib.util.find_spec(name) is None]
        title = f"{library}: {text.strip().splitlines()[0]}"
        if missing:
            print(f"SKIPPED: {title}, because {', '.join(missing)} is not installed")
            continue
        print(f"== {title}")
        run(language, text)
        done += 1
    print(f"{done} examples ran")
    return 0


if __name__ == "__main__":
    sys.exit(main())
