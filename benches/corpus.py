#!/usr/bin/env python3
"""Makes up a history of N events and writes it for asof and for the tools it is measured against.

    python3 benches/corpus.py N OUT [--files] [--rich]
    python3 benches/corpus.py --check

What is written to the folder OUT:

    yaml/events.yaml     asof: all events in one stream of documents
    jsonl/events.jsonl   asof: the same, one event a line
    files/YEAR/*.yaml    asof: the same, one file an event (only with --files)
    events.ledger        ledger and hledger: an amount is what was added to the value before it, so that the
                         balance of an account is the value that was set last
    facts.csv            SQL: event, date, seq, path, value; one row a change
    expected.json        the right answers, by which `versus.py` judges every tool

The history: 5,000 entities with 8 attributes each. An event has a day between 1900-01-01 and 2025-12-31, every day
as likely as another, and sets three paths to whole numbers; which entity is drawn by Zipf's law, so that a few paths
change all the time and most hardly ever. Events stand in the order of their days. With --rich an event also has a
summary, actors, a tag and a source with its words, as one written by hand has: some 600 bytes instead of 135.

The same N gives the same bytes. --check makes a small history and holds its formats and its answers against
each other and against the numbers at the end of this file.
"""
import argparse
import csv
import itertools
import json
import random
import re
import tempfile
from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

SEED = 20240607
ENTITIES, ATTRIBUTES, CHANGES = 5000, 8, 3
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2025, 12, 31)
# The questions: the state at BEFORE, what differs from AFTER's, and the events of a year.
BEFORE, AFTER, YEAR = "1980-01-01", "1990-01-01", "1985"

KINDS = ("battle accord landing embargo synod drought strike regency mutiny survey exile pardon amnesty plague "
         "feast").split()
PLACES = "Amberfold Birchwater Copperhaven Dimhold Edgemoor Fallowmere Gorsedal Hollowend Ivorybay Jettwick".split()
WORDS = ("both courts sent envoys toward the river town where they quarrelled for three days about tolls and grazing "
         "rights until a clerk had put down what was settled by charter").split()


@dataclass
class Event:
    """One made-up event; the last three parts are empty unless the history is a rich one."""
    number: int
    day: str
    title: str
    changes: dict[str, int]
    summary: str = ""
    actors: list[str] = field(default_factory=list)
    quote: str = ""

    @property
    def name(self):
        return f"ev-{self.number:07d}"

    @property
    def source(self):
        return {"title": f"{self.title}, reported", "publisher": "The Gazette", "date": self.day,
                "url": f"https://example.org/{self.day}/{self.name}", "quote": self.quote}


def history(count, rich):
    """Draws the events in the order of their days. The order of the draws is part of what makes two runs equal."""
    rng = random.Random(SEED)
    weights = list(itertools.accumulate(1 / rank for rank in range(1, ENTITIES + 1)))
    by_rank = list(range(ENTITIES))
    rng.shuffle(by_rank)
    days = (LAST_DAY - FIRST_DAY).days + 1
    for number, offset in enumerate(sorted(rng.randrange(days) for _ in range(count))):
        day = (FIRST_DAY + timedelta(offset)).isoformat()
        title = f"The {rng.choice(KINDS)} of {rng.choice(PLACES)} no. {rng.randrange(1, 400)}"
        changes = {}
        while len(changes) < CHANGES:
            entity = by_rank[bisect_left(weights, rng.random() * weights[-1])]
            value = rng.randrange(1, 1_000_000)
            changes[f"e{entity:04d}.a{rng.randrange(ATTRIBUTES)}"] = value
        event = Event(number, day, title, changes)
        if rich:
            event.summary = " ".join(rng.choice(WORDS) for _ in range(28)).capitalize() + "."
            event.actors = sorted({path.split(".")[0] for path in changes})
            event.quote = " ".join(rng.choice(WORDS) for _ in range(14))
        yield event


def as_yaml(event):
    lines = [f"id: {event.name}", f"date: {event.day}", f"title: {event.title}"]
    if event.summary:
        lines += ["summary: >-", f"  {event.summary}", f"actors: [{', '.join(event.actors)}]", "tags: [synthetic]"]
        source = [f"{key}: {value}" for key, value in event.source.items()]
        lines += ["sources:", f"  - {source[0]}"] + [f"    {line}" for line in source[1:]]
    lines += ["set:"] + [f"  {path}: {value}" for path, value in event.changes.items()]
    return "\n".join(lines) + "\n"


def as_json(event):
    shape = {"id": event.name, "date": event.day, "title": event.title}
    if event.summary:
        shape |= {"summary": event.summary, "actors": event.actors, "tags": ["synthetic"], "sources": [event.source]}
    return json.dumps(shape | {"set": event.changes}, separators=(",", ":")) + "\n"


def as_posting(event, state):
    """A transaction that takes every account from the value in `state` to the one that is set."""
    steps = {path: value - state.get(path, 0) for path, value in event.changes.items()}
    lines = [f"{event.day} ({event.name}) {event.title}"]
    lines += [f"    {path.replace('.', ':')}  {step} U" for path, step in steps.items()]
    return "\n".join(lines + [f"    Equity  {-sum(steps.values())} U", "", ""])


def as_rows(event):
    return "".join(f"{event.name},{event.day},{event.number},{path},{value}\n" for path, value in event.changes.items())


class Answers:
    """Watches the events go by and knows the right answers at the end."""

    def __init__(self):
        self.state, self.at, self.events, self.in_year = {}, {}, 0, 0

    def take(self, event):
        for moment in (BEFORE, AFTER):
            if moment not in self.at and event.day > moment:
                self.at[moment] = dict(self.state)
        self.state |= event.changes
        self.events += 1
        self.in_year += event.day.startswith(YEAR)

    def expected(self):
        before, after = (self.at.get(moment, self.state) for moment in (BEFORE, AFTER))
        changed = [path for path, value in after.items() if before.get(path) != value]
        some_path = next(iter(after), None)
        return {"events": self.events,
                "state": {"paths": len(after), "sum": sum(after.values())},
                "diff": {"paths": len(changed), "sum_after": sum(after[path] for path in changed)},
                "list_1985": self.in_year,
                "value": {"path": some_path, "value": after.get(some_path)}}


def write(count, out, files=False, rich=False):
    """Writes a history in every format, and returns the right answers."""
    for folder in ("yaml", "jsonl"):
        (out / folder).mkdir(parents=True, exist_ok=True)
    answers = Answers()
    with (open(out / "yaml/events.yaml", "w") as yaml, open(out / "jsonl/events.jsonl", "w") as jsonl,
          open(out / "events.ledger", "w") as ledger, open(out / "facts.csv", "w") as facts):
        facts.write("event,date,seq,path,value\n")
        for event in history(count, rich):
            text = as_yaml(event)
            yaml.write("---\n" + text)
            jsonl.write(as_json(event))
            ledger.write(as_posting(event, answers.state))
            facts.write(as_rows(event))
            if files:
                folder = out / "files" / event.day[:4]
                folder.mkdir(parents=True, exist_ok=True)
                (folder / f"{event.day}-{event.name}.yaml").write_text(text)
            answers.take(event)
    expected = answers.expected()
    (out / "expected.json").write_text(json.dumps(expected) + "\n")
    return expected


def check(rich):
    """Holds what is written against what was drawn, format by format; an AssertionError says which one is wrong."""
    drawn = list(history(1000, rich))
    changes = [(event.name, event.day, path, value) for event in drawn for path, value in event.changes.items()]
    final = {path: value for _, _, path, value in changes}
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        expected = write(1000, out, files=True, rich=rich)
        known = CHECKED["rich" if rich else "plain"]
        assert {key: expected[key] for key in known} == known, f"answers: {expected}"

        stream = (out / "yaml/events.yaml").read_text()
        documents = stream.split("---\n")[1:]
        in_yaml = []
        for document in documents:
            name, day = re.search(r"^id: (.*)\ndate: (.*)$", document, re.M).groups()
            found = re.findall(r"^  (e\d+\.a\d): (\d+)$", document, re.M)
            in_yaml += [(name, day, path, int(value)) for path, value in found]
        assert in_yaml == changes, "the YAML stream"
        files = sorted((out / "files").rglob("*.yaml"))
        assert sorted(file.read_text() for file in files) == sorted(documents), "the files"

        lines = [json.loads(line) for line in (out / "jsonl/events.jsonl").read_text().splitlines()]
        in_json = [(line["id"], line["date"], path, value) for line in lines for path, value in line["set"].items()]
        assert in_json == changes, "JSONL"
        with open(out / "facts.csv") as facts:
            in_csv = [(row["event"], row["date"], row["path"], int(row["value"])) for row in csv.DictReader(facts)]
        assert in_csv == changes, "the CSV"

        balances = {}
        for account, amount in re.findall(r"^    (\S+)  (-?\d+) U$", (out / "events.ledger").read_text(), re.M):
            balances[account] = balances.get(account, 0) + int(amount)
        assert balances.pop("Equity") == -sum(final.values()), "the journal's balance"
        assert balances == {path.replace(".", ":"): value for path, value in final.items()}, "the journal"


CHECKED = {
    "plain": {"events": 1000, "state": {"paths": 1309, "sum": 653508646},
              "diff": {"paths": 163, "sum_after": 84655468}, "list_1985": 2},
    "rich": {"events": 1000, "state": {"paths": 1296, "sum": 639530295},
             "diff": {"paths": 157, "sum_after": 76268392}, "list_1985": 2},
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", metavar="N", type=int, nargs="?", help="how many events")
    parser.add_argument("out", metavar="OUT", type=Path, nargs="?", help="the folder to write to")
    parser.add_argument("--files", action="store_true", help="also one file an event")
    parser.add_argument("--rich", action="store_true", help="events as long as those written by hand")
    parser.add_argument("--check", action="store_true", help="write nothing, check this script")
    arguments = parser.parse_args()
    if arguments.check:
        for rich in (False, True):
            check(rich)
        print("the formats agree with each other and with the numbers on record")
    elif arguments.out is None:
        parser.error("N and OUT are needed")
    else:
        print(json.dumps(write(arguments.count, arguments.out, arguments.files, arguments.rich)))


if __name__ == "__main__":
    main()
