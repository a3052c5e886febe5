#!/usr/bin/env python3
"""Holds replay.py against asof: the same facts, row by row, and the same answers, path by path.

    python distributed/test.py ASOF [EVENTS]

ASOF is the program. The chronicles are the one that ships, `corners.yaml`, and one of benches/corpus.py with so many
events (100,000 if left out), whole and in two parts. Spark runs as a cluster of two workers on this machine.
"""
import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
import pyspark  # noqa: E402

os.environ.setdefault("SPARK_HOME", str(Path(pyspark.__file__).parent))
from pyspark.sql import SparkSession  # noqa: E402

import replay  # noqa: E402

HERE = Path(__file__).resolve().parent
ASOF = Path(sys.argv[1]).resolve()
EVENTS = sys.argv[2] if len(sys.argv) > 2 else "100000"
OPEN = datetime(9999, 12, 31, 23, 59, 59, 999999)
checked = {"rows": 0, "values": 0, "differences": 0}


def asof(chronicle, *words):
    return subprocess.run([ASOF, "-C", chronicle, *words], check=True, capture_output=True, text=True).stdout


def same(what, expected, found):
    if expected == found:
        return
    keys = sorted(key for key in {*expected, *found} if expected.get(key) != found.get(key))
    for key in keys[:5]:
        print(f"{what}: {key}\n  asof:  {expected.get(key)}\n  spark: {found.get(key)}")
    sys.exit(f"{what}: {len(keys)} differ")


def courses(rows):
    """Of every path and voice its stretches; neighbours that say the same by the same event are one."""
    courses = {}
    for path, voice, valid_from, valid_to, *holds in sorted(rows, key=lambda row: (row[0], row[1] or "", row[2])):
        course = courses.setdefault(f"{path} {voice or ''}", [])
        if course and course[-1][1] == valid_from and course[-1][2:] == holds:
            course[-1][1] = valid_to
        else:
            course.append([valid_from, valid_to, *holds])
    return courses


def same_facts(what, read, table, known_by):
    """The whole table: of the plain viewpoint and of every voice, at all dates."""
    by = OPEN if known_by is None else known_by.replace(tzinfo=None)
    # Moments as texts: Python has trouble with the first day of all.
    columns = ["path", "voice", "string(valid_from)", "string(valid_to)", "value", "type", "standing", "event"]
    written = read["facts"].where(f"certain and known_from <= timestamp'{by}'"
                                  f" and (known_to is null or timestamp'{by}' < known_to)")
    expected, found = (courses(map(tuple, rows.selectExpr(*columns).collect())) for rows in (written, table))
    same(f"{what}: facts known by {known_by}", expected, found)
    checked["rows"] += sum(map(len, found.values()))


def told(value, sort):
    """A value of the table as JSON has it."""
    if sort in ("set", "estimate"):
        return json.loads(value, parse_int=float)
    return value if sort == "text" or value is None else value == "true" if sort == "truth" else float(value)


def same_state(what, chronicle, read, table, date, zone, known, voice):
    words = [word for option, said in (("--known-by", known), ("--according-to", voice)) if said for word in (option, said)]
    answer = json.loads(asof(chronicle, "replay", date, "-l", "-O", "json", *words), parse_int=float)
    expected = {fact["path"]: (fact["value"], fact["standing"]) for fact in answer["facts"] if fact["standing"] != "none"}
    state = replay.replay(table, replay.moment(date, zone), voice, read["voices"])
    found = {path: (told(value, sort), standing) for path, value, sort, standing, _ in map(tuple, state.collect())}
    same(f"{what}: replay {date} {' '.join(words)}", expected, found)
    checked["values"] += len(found)
    return state


def same_difference(what, chronicle, states, dates):
    answer = json.loads(asof(chronicle, "diff", *dates, "-O", "json"), parse_int=float)
    expected = {one["path"]: (one["kind"], one["before_standing"], one["after_standing"]) for one in answer["changes"]
                if (one["before"], one["before_standing"]) != (one["after"], one["after_standing"])}
    rows = replay.diff(*states).collect()
    found = {row["path"]: (row["kind"], row["before_standing"], row["after_standing"]) for row in rows}
    same(f"{what}: diff {' '.join(dates)}", expected, found)
    checked["differences"] += len(found)


def hold(spark, chronicle, scratch, zone, known, dates, voices=()):
    """All of one chronicle."""
    began, tables = time.time(), scratch / f"{Path(chronicle).name}.tables"
    asof(chronicle, "export", "parquet", str(tables))
    read = replay.tables(spark, [str(tables)]) | {"facts": spark.read.parquet(f"{tables}/facts")}
    replay.refuse(read)
    for by in known:
        table = replay.facts(read, by and replay.moment(by, zone)).persist()
        same_facts(chronicle, read, table, by and replay.moment(by, zone))
        states = [same_state(chronicle, chronicle, read, table, date, zone, by, None) for date in dates]
        for voice in voices:
            same_state(chronicle, chronicle, read, table, dates[len(voice) % len(dates)], zone, by, voice)
        if by is None:
            same_difference(chronicle, chronicle, (states[0], states[-1]), (dates[0], dates[-1]))
        table.unpersist()
    print(f"{chronicle}: {time.time() - began:.0f} s", flush=True)
    return read


def refused(spark, scratch):
    """What is not answered is refused by name, and not answered wrongly."""
    cases = {
        "`a.dead` is an estimate": "{date: 2022, title: A, set: {a.dead: {low: 1}}}\n---\n"
                                   "{date: 2023, title: B, increase: {a.dead: 1}}\n",
        "`fine`": "{date: 2022, title: A, set: {a.sum: 1}}\n---\n"
                  "{date: 2023, id: fine, title: B, increase: {a.sum: 0.00000000004}}\n",
    }
    for number, (says, events) in enumerate(cases.items()):
        chronicle, tables = scratch / f"refused-{number}", str(scratch / f"refused-{number}.tables")
        chronicle.mkdir()
        (chronicle / "a.yaml").write_text(events)
        asof(chronicle, "export", "parquet", tables)
        try:
            replay.refuse(replay.tables(spark, [tables]))
        except replay.Refused as why:
            assert says in str(why), why
        else:
            sys.exit(f"not refused: {events}")


def across_parts(spark, scratch):
    """A correction in another part than what it corrects: loading that part alone finds nothing of that name, says so, and
    writes it down all the same."""
    events = ["{id: old, date: 2022-01-01, title: A, set: {a.b: 1}}\n---\n{id: wrong, date: 2022-02-01, title: B, set: {a.b: 2}}",
              "{id: right, date: 2022-02-01, known: 2022-03-01, replaces: [wrong], title: C, set: {a.b: 3}}"]
    parts = []
    for part, text in enumerate(events):
        folder = scratch / f"across-{part}"
        folder.mkdir()
        (folder / "a.yaml").write_text(text)
        parts.append(str(scratch / f"across-{part}.tables"))
        asof(folder, "--keep-going", "export", "parquet", parts[-1])
    read = replay.tables(spark, parts)
    for known_by, value in ((None, "3"), ("2022-02", "2")):
        table = replay.facts(read, known_by and replay.moment(known_by, "UTC"))
        found = replay.replay(table, replay.moment("2022-04", "UTC")).collect()
        same("across parts", {"a.b": value}, {row["path"]: row["value"] for row in found})


def in_parts(spark, chronicle, scratch, whole):
    """A chronicle in two parts has the facts of the whole."""
    lines = (chronicle / "events.jsonl").read_text().splitlines(keepends=True)
    parts = []
    for part, some in enumerate((lines[:len(lines) // 2], lines[len(lines) // 2:])):
        folder = scratch / f"part-{part}"
        folder.mkdir()
        (folder / "events.jsonl").write_text("".join(some))
        parts.append(str(scratch / f"part-{part}.tables"))
        asof(folder, "export", "parquet", parts[-1])
    read = replay.tables(spark, parts)
    replay.refuse(read)
    same_facts("in two parts", whole, replay.facts(read), None)


def main():
    began = time.time()
    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)
        builder = SparkSession.builder.master("local-cluster[2,1,1024]").appName("asof")
        settings = {"driver.bindAddress": "127.0.0.1", "driver.host": "127.0.0.1", "ui.enabled": "false", "ui.showConsoleProgress": "false",
                    "sql.session.timeZone": "UTC", "sql.shuffle.partitions": "2", "sql.adaptive.enabled": "false",
                    "local.dir": str(scratch), "sql.warehouse.dir": str(scratch / "warehouse")}
        for name, value in settings.items():
            builder = builder.config(f"spark.{name}", value)
        spark = builder.getOrCreate()
        spark.sparkContext.setLogLevel("ERROR")
        try:
            corners = scratch / "corners"
            corners.mkdir()
            (corners / "events.yaml").write_bytes((HERE / "corners.yaml").read_bytes())
            (corners / "voices.yaml").write_text("east: {}\nwest: {}\neast-press: {part_of: east}\n")
            refused(spark, scratch)
            across_parts(spark, scratch)
            hold(spark, corners, scratch, "UTC", [None, "2022-05", "2022-07-31"],
                 ["2022-03-05", "2022-04-07", "2022-05-15", "2022-07-17", "2022-08-05", "2023"],
                 ["east", "west", "east-press"])
            hold(spark, HERE.parent / "events", scratch, "Europe/Kyiv", [None, "2022-03-31"],
                 ["2022-03-20", "2022-04-05", "2025-05-09", "2025-05-15"], ["russia", "kremlin", "ukraine"])
            subprocess.run([sys.executable, HERE.parent / "benches/corpus.py", EVENTS, scratch / "corpus"], check=True,
                           stdout=subprocess.DEVNULL)
            corpus = scratch / "corpus/jsonl"
            whole = hold(spark, corpus, scratch, "UTC", [None, "1980-01-01"], ["1980-01-01", "1990-01-01"])
            in_parts(spark, corpus, scratch, whole)
        finally:
            spark.stop()
    print(f"Spark says what asof says: {checked['rows']} rows of facts, {checked['values']} values at dates, "
          f"{checked['differences']} differences, in {time.time() - began:.0f} s")


if __name__ == "__main__":
    main()
