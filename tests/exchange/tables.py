#!/usr/bin/env python3
"""Runs the SQL that README.md and docs/exchange.md show, on what asof exports, and holds the output to what stands there.

    python tests/exchange/tables.py ASOF

A block of `sql` is asked of DuckDB in a folder that has the Parquet tables `talks`, and `day` of an answer, one of `sql sqlite`
of the database `talks.sqlite`; the block of `csv` after it is the last answer. ASOF_REWRITE=1 writes what comes out. Polars reads the
tables, too, and must find the same state as DuckDB.
"""
import csv
import io
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
from datetime import datetime, timezone
from pathlib import Path

import duckdb
import polars

ROOT = Path(__file__).resolve().parents[2]
ASOF = Path(sys.argv[1]).resolve()
SHOWN = re.compile(r"```sql( sqlite)?\n(.*?)```\n```csv\n(.*?)```", re.S)


def answer(is_sqlite, text):
    if is_sqlite:
        with sqlite3.connect("talks.sqlite") as database:
            for statement in filter(str.strip, text.split(";")):
                found = database.execute(statement)
    else:
        found = duckdb.connect().execute(text)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(column[0] for column in found.description)
    writer.writerows(found.fetchall())
    return out.getvalue()


def main():
    faults, count = 0, 0
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for words in (["parquet", "talks"], ["sqlite", "talks.sqlite"], ["parquet", "day", "replay", "2025-05-14"]):
            subprocess.run([ASOF, "-C", ROOT / "events", "export", *words], check=True)
        for page in (ROOT / "README.md", ROOT / "docs/exchange.md"):
            before = page.read_text()

            def run(shown):
                nonlocal faults, count
                is_sqlite, text, expected = shown.groups()
                found, count = answer(is_sqlite, text), count + 1
                if found != expected and "ASOF_REWRITE" not in os.environ:
                    faults += 1
                    print(f"{page.name}: {text}\nshown:\n{expected}\nfound:\n{found}")
                return shown[0] if found == expected else f"```sql{is_sqlite or ''}\n{text}```\n```csv\n{found}```"

            after = SHOWN.sub(run, before)
            if after != before and "ASOF_REWRITE" in os.environ:
                page.write_text(after)
        date = datetime(2025, 5, 14, 21, tzinfo=timezone.utc)
        facts = polars.read_parquet("talks/facts/*/*.parquet")
        column = polars.col
        state = facts.filter(
            column("certain") & column("voice").is_null() & column("known_to").is_null() & (column("valid_from") <= date)
            & (column("valid_to").is_null() | (column("valid_to") > date))).select("path", "value").sort("path").rows()
        same = duckdb.sql("select path, value from 'talks/facts/*/*.parquet' where certain and voice is null and known_to is null "
                          "and valid_from <= timestamptz '2025-05-14 21:00Z' and (valid_to is null "
                          "or valid_to > timestamptz '2025-05-14 21:00Z') order by path").fetchall()
        if state != same or len(state) < 50:
            sys.exit(f"Polars finds {len(state)} values, DuckDB {len(same)}")
    if faults or count < 4:
        sys.exit(f"{faults} of {count} answers are not as shown")
    print(f"{count} answers are as shown; Polars and DuckDB find the same {len(state)} values")


if __name__ == "__main__":
    main()
