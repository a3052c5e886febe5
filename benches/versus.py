#!/usr/bin/env python3
"""Measures asof against its peers on a history of `corpus.py`: processor time and memory of whole processes.

    python3 benches/versus.py OUT ASOF [--rounds 5] [--only WORD,WORD] [--grow OUT10] [--markdown FILE]

OUT is a folder that `corpus.py` wrote, ASOF the program. Peers take part if they are installed: ledger, hledger and
sqlite3 as Debian packages, duckdb as a Python package of the interpreter that runs this. Questions:

    state   every path's value at the end of a day
    diff    the paths whose values differ between the ends of two days
    list    the events of one year
    value   one path's value at the end of a day
    stat    asking the file system for size and time of every file, which is the least that a program must do
            that wants to know whether any has changed (if OUT has files/)

Every answer of every round is held against expected.json; a tool that answers wrongly is named and not timed. What
counts is user and system time together, so a program gains nothing by using two cores, and a neighbour on the same
machine takes little away. All tools run once in every round, in turn, and ratios are taken within a round: what slows
the machine for a while slows both sides. `cold` is asof with --no-cache, `warm` is asof as it comes, `edited` the same
after one of many files was written. --grow takes
a second history, ten times as long, and prints what that costs. --only keeps the measurements whose names contain one
of the words. --markdown writes the tables to a file as well.
"""
import argparse
import json
import math
import os
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

QUESTIONS = ("state", "diff", "list", "value")
# hledger takes a minute for what takes others a second; beyond so many events it would hold up everything.
MOST_FOR_HLEDGER = 100_000


class Corpus:
    """A folder that `corpus.py` wrote, with the right answers; each judge takes an answer that was read."""

    def __init__(self, folder):
        self.folder = Path(folder).absolute()
        self.want = json.loads((self.folder / "expected.json").read_text())
        self.path = self.want["value"]["path"]

    def state(self, pairs):
        return {"paths": len(pairs), "sum": sum(pairs.values())} == self.want["state"]

    def diff(self, pairs):
        return {"paths": len(pairs), "sum_after": sum(pairs.values())} == self.want["diff"]

    def diff_in_steps(self, pairs):
        """Of a ledger, which says by how much an account has changed and not to what."""
        return len(pairs) == self.want["diff"]["paths"] and 0 not in pairs.values()

    def list(self, events):
        names, days = {name for name, _ in events}, [day for _, day in events]
        return len(names) == self.want["list_1985"] == len(days) and all(day.startswith("1985") for day in days)

    def value(self, pairs):
        return pairs == {self.path: self.want["value"]["value"]}

    def stat(self, lines):
        return len(lines) == self.want["events"]


# How each tool's answer is read: bytes in; pairs of path and value, or of event and day, out.

def state_of_asof(text):
    return json.loads(text)["state"]


def changes_of_asof(text):
    return {change["path"]: change["after"] for change in json.loads(text)["changes"]}


def events_of_asof(text):
    return [(event["id"], event["date"]) for event in json.loads(text)["events"]]


def words_of_rows(text):
    return [line.split("|") for line in text.decode().splitlines()]


def pairs_of_rows(text):
    return {path: int(value) for path, value in words_of_rows(text)}


def pairs_of_balance(text):
    """Lines like `  -12 U  e0001:a2`."""
    words = (line.split() for line in text.decode().splitlines())
    return {account.replace(":", "."): int(amount) for amount, _, account in words}


def then(read, judge):
    return lambda text: judge(read(text))


class Measurement:
    """A command that is run in every round, and what it cost."""

    def __init__(self, tool, question, command, right):
        self.tool, self.question, self.right = tool, question, right
        self.command = [str(word) for word in command]
        self.seconds, self.peak = [], 0.0

    @property
    def name(self):
        return f"{self.tool} {self.question}".strip()


def spawn(command, answer, complaint):
    """Runs a command to its end; returns its exit status, its CPU seconds and its peak memory in MB."""
    actions = [(os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
               (os.POSIX_SPAWN_DUP2, answer.fileno(), 1), (os.POSIX_SPAWN_DUP2, complaint.fileno(), 2)]
    process = os.posix_spawnp(command[0], command, os.environ, file_actions=actions)
    _, status, usage = os.wait4(process, 0)
    return os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def is_right(measurement, answer):
    """Judges an answer in a child of its own: a process that is started inherits the peak of the one that starts it,
    so this one must stay small."""
    child = os.fork()
    if child == 0:
        verdict = False
        try:
            answer.seek(0)
            verdict = measurement.right(answer.read())
        finally:
            os._exit(0 if verdict else 1)
    return os.waitpid(child, 0)[1] == 0


def take(measurement, counts):
    """Runs a measurement once; returns what is wrong with it, if anything."""
    with tempfile.TemporaryFile() as answer, tempfile.TemporaryFile() as complaint:
        code, cpu, peak = spawn(measurement.command, answer, complaint)
        if code != 0 or not is_right(measurement, answer):
            complaint.seek(0)
            said = complaint.read()[-200:].decode(errors="replace").strip()
            return f"exit {code}, {os.fstat(answer.fileno()).st_size} bytes; {said or 'no complaint'}"
    if counts:
        measurement.seconds.append(cpu)
        measurement.peak = max(measurement.peak, peak)
    return None


def output_of(command):
    """What a command prints, or None if it cannot be run."""
    with tempfile.TemporaryFile() as answer, tempfile.TemporaryFile() as complaint:
        try:
            code, _, _ = spawn(command, answer, complaint)
        except FileNotFoundError:
            return None
        answer.seek(0)
        return answer.read().decode().strip() if code == 0 else None


def asof_on(asof, corpus, form, cold):
    """asof's measurements on one form of a corpus: yaml, jsonl or files."""
    base = [asof, "-C", corpus.folder / form, *(["--no-cache"] if cold else [])]
    tool = f"asof {form} {'cold' if cold else 'warm'}"
    json_of = lambda *words: [*base, *words, "-O", "json"]
    return [
        Measurement(tool, "state", json_of("replay", "1990-01-01"), then(state_of_asof, corpus.state)),
        Measurement(tool, "diff", json_of("diff", "1980-01-01", "1990-01-01"), then(changes_of_asof, corpus.diff)),
        Measurement(tool, "list", json_of("list", "--since", "1985", "--until", "1985"),
                    then(events_of_asof, corpus.list)),
        Measurement(tool, "value", json_of("replay", "1990-01-01", corpus.path), then(state_of_asof, corpus.value)),
    ]


def edited(asof, corpus):
    """The state from one file an event, cold, and after an edit: a comment that one of the files gets behind its event."""
    file = min((corpus.folder / "files").glob("*/*.yaml"))
    script = 'printf "#\\n" >> "$0" && exec "$@"'
    found = []
    for cold, first in ((True, []), (False, ["sh", "-c", script, file])):
        state = asof_on(asof, corpus, "files", cold)[0]
        found.append(Measurement("asof files cold" if cold else "asof files edited", "state",
                                 [*first, *state.command], state.right))
    return found


def ledgers(corpus):
    """A day is excluded by -e, so the end of a day is the next one."""
    journal, account = corpus.folder / "events.ledger", corpus.path.replace(".", ":")
    found = []
    if shutil.which("ledger"):
        # --args-only: no settings of the one who measures.
        base = ["ledger", "--args-only", "-f", journal]
        balance = [*base, "bal", "--flat", "--no-total"]
        line = '%(code)|%(format_date(date, "%Y-%m-%d"))\n'
        found += [
            Measurement("ledger", "state", [*balance, "-e", "1990-01-02", "not", "Equity"],
                        then(pairs_of_balance, corpus.state)),
            Measurement("ledger", "diff", [*balance, "-b", "1980-01-02", "-e", "1990-01-02", "not", "Equity"],
                        then(pairs_of_balance, corpus.diff_in_steps)),
            Measurement("ledger", "list", [*base, "reg", "--sort", "d", "-b", "1985-01-01", "-e", "1986-01-01",
                                           "--format", line, "Equity"], then(words_of_rows, corpus.list)),
            Measurement("ledger", "value", [*balance, "-e", "1990-01-02", f"^{account}$"],
                        then(pairs_of_balance, corpus.value)),
        ]
    if shutil.which("hledger") and corpus.want["events"] <= MOST_FOR_HLEDGER:
        balance = ["hledger", "-f", journal, "bal", "--flat", "-N"]
        found.append(Measurement("hledger", "state", [*balance, "-e", "1990-01-02", "not:Equity"],
                                 then(pairs_of_balance, corpus.state)))
    return found


def sqlite(corpus):
    """Loads the facts into a database beside them, unless it is there; returns its measurements and a note."""
    if not shutil.which("sqlite3"):
        return [], None
    base, facts = corpus.folder / "facts.db", corpus.folder / "facts.csv"
    note = "sqlite3: the database was there already"
    if not base.exists() or base.stat().st_mtime < facts.stat().st_mtime:
        half = base.with_suffix(".part")
        half.unlink(missing_ok=True)
        script = ["pragma journal_mode = off; pragma synchronous = off;",
                  "create table facts (event text, date text, seq integer, path text, value integer);",
                  ".mode csv", f".import --skip 1 '{facts}' facts",
                  "create index by_path on facts (path, date, seq, value);",
                  "create index by_date on facts (date, seq, event);",
                  "create table paths as select distinct path from facts;", "analyze;"]
        with tempfile.TemporaryFile() as answer, tempfile.TemporaryFile() as complaint:
            code, cpu, _ = spawn(["sqlite3", "-bail", str(half), *script], answer, complaint)
        if code != 0:
            return [], "sqlite3: could not load the facts"
        half.rename(base)
        note = f"sqlite3: {cpu:.2f} CPU s once, to load the facts and index them; not in the table"
    last = lambda path, day: (f"select value from facts where path = {path} and date <= '{day}'"
                              " order by date desc, seq desc limit 1")
    before, after = (f"({last('paths.path', day)})" for day in ("1980-01-01", "1990-01-01"))
    state = f"select path, now from (select path, {after} as now from paths) where now is not null"
    diff = (f"select path, now from (select path, {before} as was, {after} as now from paths)"
            " where now is not null and now is not was")
    events = ("select distinct event, date from facts where date >= '1985-01-01' and date < '1986-01-01'"
              " order by date, seq")
    literal = f"'{corpus.path}'"
    value = f"select {literal}, ({last(literal, '1990-01-01')})"
    ask = lambda question, query, right: Measurement("sqlite3", question, ["sqlite3", base, query], right)
    return [ask("state", state, then(pairs_of_rows, corpus.state)), ask("diff", diff, then(pairs_of_rows, corpus.diff)),
            ask("list", events, then(words_of_rows, corpus.list)),
            ask("value", value, then(pairs_of_rows, corpus.value))], note


DUCKDB = """
import duckdb, sys
connection = duckdb.connect()
connection.execute("set threads = 1")
# A query that takes seconds would draw a bar among the answers.
connection.execute("set enable_progress_bar = false")
for path, value in connection.execute(sys.argv[1]).fetchall():
    sys.stdout.write(f"{path}|{value}\\n")
"""


def duckdb(corpus):
    """Reads the JSONL anew each time, as asof does; on one thread, so that none of its time is spent on waiting. Which
    event comes last is told by the ids, which are in the order of the lines: no number that it gives rows is sure to be."""
    if output_of([sys.executable, "-c", "import duckdb"]) is None:
        return []
    columns = "{id: 'VARCHAR', date: 'VARCHAR', \"set\": 'MAP(VARCHAR, BIGINT)'}"
    lines = (f"select id, date, \"set\" as changes"
             f" from read_json('{corpus.folder / 'jsonl/events.jsonl'}', columns = {columns})")
    facts = ("select id, date, unnest(map_keys(changes)) as path, unnest(map_values(changes)) as value"
             f" from ({lines})")
    query = f"select path, arg_max(value, id) from ({facts}) where date <= '1990-01-01' group by path"
    return [Measurement("duckdb", "start", [sys.executable, "-c", "import duckdb"], lambda text: text == b""),
            Measurement("duckdb jsonl", "state", [sys.executable, "-c", DUCKDB, query],
                        then(pairs_of_rows, corpus.state))]


def stat(corpus):
    files = corpus.folder / "files"
    if not files.is_dir():
        return []
    command = ["find", files, "-name", "*.yaml", "-printf", "%s %T@\\n"]
    return [Measurement("all files", "stat", command, then(bytes.splitlines, corpus.stat))]


def plan(asof, corpus):
    """Everything that is measured on one corpus, and notes on the way."""
    nothing = [Measurement("nothing (true)", "", ["true"], lambda text: text == b"")]
    own = asof_on(asof, corpus, "yaml", cold=True) + asof_on(asof, corpus, "jsonl", cold=True)
    own += asof_on(asof, corpus, "yaml", cold=False)
    if (corpus.folder / "files").is_dir():
        own += asof_on(asof, corpus, "files", cold=False) + edited(asof, corpus)
    of_sqlite, note = sqlite(corpus)
    peers = ledgers(corpus) + of_sqlite + duckdb(corpus)
    return nothing + own + stat(corpus) + peers, [note] if note else []


def measure(measurements, rounds):
    """One round that counts for nothing but being right, then the rounds; returns what went wrong."""
    wrong = []
    for turn in range(rounds + 1):
        # Every other round backwards, so that nobody always runs after the same one.
        for measurement in list(measurements if turn % 2 else reversed(measurements)):
            fault = take(measurement, counts=turn > 0)
            if fault:
                wrong.append(f"WRONG  {measurement.name}: {fault}")
                measurements.remove(measurement)
    return wrong


def ratios(measurements):
    """How many times the processor time of asof each peer takes, and asof that of looking at the files."""
    named = {measurement.name: measurement for measurement in measurements}
    pairs = []
    for question in QUESTIONS:
        pairs += [(f"ledger {question}", f"asof yaml cold {question}"),
                  (f"hledger {question}", f"asof yaml cold {question}"),
                  (f"duckdb jsonl {question}", f"asof jsonl cold {question}"),
                  (f"sqlite3 {question}", f"asof yaml warm {question}"),
                  (f"asof files warm {question}", "all files stat"),
                  (f"asof files cold {question}", f"asof files edited {question}")]
    found = [(f"{left} / {right}", *(named[name].seconds for name in (left, right)))
             for left, right in pairs if left in named and right in named]
    return [(name, *spread([a / max(b, 1e-4) for a, b in zip(left, right)])) for name, left, right in found]


def growth(small, large, times):
    """How many times the cost a history that many times as long has."""
    rows, by_name = [], {measurement.name: measurement for measurement in large}
    for one in small:
        other = by_name.get(one.name)
        if other:
            times_each = [b / max(a, 1e-4) for a, b in zip(one.seconds, other.seconds)]
            rows.append((f"{one.name}, {times:g} times the events", *spread(times_each),
                         figure(other.peak / max(one.peak, 0.1))))
    return rows


def figure(value):
    """Three digits that count, and no more than three after the point."""
    return f"{value:.{max(0, min(3, 2 - int(math.floor(math.log10(max(value, 1e-9))))))}f}"


def spread(values):
    return [figure(value) for value in (statistics.median(values), min(values), max(values))]


def plain(header, rows):
    widths = [max(len(row[column]) for row in [header, *rows]) for column in range(len(header))]
    lines = [[row[0].ljust(widths[0])] + [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]
             for row in [header, *rows]]
    return "\n".join("  ".join(line) for line in lines)


def markdown(header, rows):
    lines = [header, ["---"] + ["---:"] * (len(header) - 1), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def versions(asof, measurements):
    """The first line of what each tool that takes part says of itself."""
    tools = {measurement.tool.split()[0] for measurement in measurements}
    asked = {"asof": [asof, "--version"], "ledger": ["ledger", "--version"], "hledger": ["hledger", "--version"],
             "sqlite3": ["sqlite3", ":memory:", "select 'sqlite3 ' || sqlite_version()"],
             "duckdb": [sys.executable, "-c", "import duckdb; print('duckdb', duckdb.__version__)"]}
    said = {tool: (output_of(command) or "unknown").splitlines()[0] for tool, command in asked.items() if tool in tools}
    return [line if line.lower().startswith(tool) else f"{tool} {line}" for tool, line in said.items()]


def machine():
    """What this is running on, and how busy it is."""
    model = "unknown processor"
    if os.path.exists("/proc/cpuinfo"):
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        model = next((line.split(": ")[1] for line in lines if line.startswith("model name")), model)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    system = os.uname()
    return f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB, {system.sysname} {system.release} {system.machine}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", metavar="OUT", type=Path, help="a folder that corpus.py wrote")
    parser.add_argument("asof", metavar="ASOF", type=Path, help="the program")
    parser.add_argument("--rounds", metavar="N", type=int, default=5, help="how often each is run [5]")
    parser.add_argument("--only", metavar="WORD,WORD", default="", help="measurements whose name has one of these")
    parser.add_argument("--grow", metavar="OUT10", type=Path, help="a history ten times as long")
    parser.add_argument("--markdown", metavar="FILE", type=Path, help="write the tables as Markdown, too")
    arguments = parser.parse_args()
    if arguments.rounds < 1:
        parser.error("--rounds is 1 or more")
    if not os.access(arguments.asof, os.X_OK):
        parser.error(f"no program: {arguments.asof}")
    for folder in filter(None, (arguments.out, arguments.grow)):
        if not (folder / "expected.json").is_file():
            parser.error(f"no history: {folder}; corpus.py writes one")
    asof, corpus = arguments.asof.absolute(), Corpus(arguments.out)
    wanted = [word for word in arguments.only.split(",") if word]
    chosen = lambda measurement: not wanted or any(word in measurement.name for word in wanted)

    measurements, notes = plan(asof, corpus)
    measurements = [measurement for measurement in measurements if chosen(measurement)]
    larger, large = None, []
    if arguments.grow:
        larger = Corpus(arguments.grow)
        large = [measurement for form in ("yaml", "jsonl") for measurement in asof_on(asof, larger, form, cold=True)]
        large = [measurement for measurement in large if chosen(measurement)]
    load_before = os.getloadavg()[0]
    together = measurements + large
    wrong = measure(together, arguments.rounds)
    measurements, large = ([one for one in some if one in together] for some in (measurements, large))

    facts = [f"{corpus.want['events']:,} events, {arguments.rounds} rounds", machine(),
             f"load average {load_before:.1f} before, {os.getloadavg()[0]:.1f} after",
             *versions(asof, measurements), *notes]
    cost = ["measured", "CPU s", "min", "max", "peak MB"]
    rows = [[one.name, *spread(one.seconds), f"{one.peak:.0f}"] for one in measurements]
    tables = [(cost, rows), (["CPU time in ratio", "median", "min", "max"], ratios(measurements))]
    if larger:
        times = larger.want["events"] / corpus.want["events"]
        tables.append((["growth", "CPU", "min", "max", "peak memory"], growth(measurements, large, times)))
    tables = [(header, rows) for header, rows in tables if rows]
    print("\n".join(facts + wrong))
    for header, rows in tables:
        print("\n" + plain(header, rows))
    if arguments.markdown:
        lines = ["\n".join(f"- {fact}" for fact in facts + wrong)]
        lines += [markdown(header, rows) for header, rows in tables]
        arguments.markdown.write_text("\n\n".join(lines) + "\n")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
