"""Reads the exports of one chronicle with the tools of others, and holds them against its rows: icalendar, rdflib, pybtex,
the CloudEvents SDK, and Python's own csv and json. The folder is named on the command line."""

import csv
import datetime
import json
import logging
import pathlib
import sys
import unicodedata

import icalendar
import pybtex.database
import rdflib
from cloudevents.http import from_json

OUT = pathlib.Path(sys.argv[1])
PROV = rdflib.Namespace("http://www.w3.org/ns/prov#")
# It says so of years before 0001, which XML Schema has and Python has not.
logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)
EVENTS = [json.loads(line) for line in OUT.joinpath("jsonl").read_text().splitlines()]


def spelled(text):
    """A text as a calendar can hold it: controls and marks of direction are spelled out."""
    return "".join(c if c in "\n\t" or not is_control(c) else f"\\u{{{ord(c):x}}}" for c in text)


def is_control(c):
    return ord(c) < 32 or 127 <= ord(c) < 160 or unicodedata.category(c) in ("Cf", "Zl", "Zp")


def calendar(name):
    data = OUT.joinpath(name).read_bytes()
    lines = data.split(b"\r\n")
    assert lines.pop() == b"" and b"\n" not in b"".join(lines), f"{name}: lines end with CR LF"
    assert all(len(line) <= 75 for line in lines), f"{name}: a line has more than 75 octets"
    read = icalendar.Calendar.from_ical(data)
    events = read.walk("VEVENT")
    for part in read.walk():
        assert not part.errors, f"{name}: {part.errors}"
    uids = [str(event["UID"]) for event in events]
    assert len(set(uids)) == len(uids), f"{name}: a UID comes twice"
    for event in events:
        start, end = event.decoded("DTSTART"), event.decoded("DTEND") if "DTEND" in event else None
        assert "DTSTAMP" in event and event.decoded("DTSTAMP").tzinfo, f"{name}: DTSTAMP is in UTC"
        assert end is None or (type(end) is type(start) and end > start), f"{name}: {start} to {end}"
        assert isinstance(start, datetime.datetime) == (end is None) or end, f"{name}: a day has an end"
    assert data.count(b"BEGIN:VEVENT\r\n") == len(events), f"{name}: a text became an event"
    return read, events


def calendars():
    read, events = calendar("ics")
    by_id = {str(event["UID"]).rsplit("@", 1)[0]: event for event in events}
    for row in EVENTS:
        event = by_id.pop(row["id"], None)
        if event is None:
            assert not (row["earliest"] or "").startswith("2"), f"{row['id']} is not in the calendar"
            continue
        assert str(event["SUMMARY"]) == spelled(row["title"]), f"{row['id']}: {event['SUMMARY']}"
        assert str(event["X-ASOF-DATE"]) == row["date"], row["id"]
        start = event.decoded("DTSTART")
        if isinstance(start, datetime.datetime):
            assert start == datetime.datetime.fromisoformat(row["earliest"].replace("Z", "+00:00")), row["id"]
        else:
            # The calendar of the chronicles here is Kyiv's, two or three hours ahead.
            earliest = datetime.datetime.fromisoformat(row["earliest"].replace("Z", "+00:00"))
            assert start == (earliest + datetime.timedelta(hours=3)).date(), row["id"]
        tags = event.get("CATEGORIES")
        assert sorted(str(tag) for tag in (tags.cats if tags else [])) == sorted(row["tags"]), row["id"]
        if (row["summary"] or "").strip():
            assert str(event["DESCRIPTION"]).startswith(spelled(row["summary"])), row["id"]
    assert not by_id, f"the calendar has more than the list: {by_id.keys()}"
    _, held = calendar("history.ics")
    assert held, "the values of a path are a calendar"
    return len(events)


def provenance():
    graph = rdflib.Graph().parse(data=OUT.joinpath("prov").read_text(), format="json-ld")
    subjects = lambda kind: set(graph.subjects(rdflib.RDF.type, kind))
    activities, entities, agents = subjects(PROV.Activity), subjects(PROV.Entity), subjects(PROV.Agent)
    everything = [json.loads(line) for line in OUT.joinpath("cloudevents").read_text().splitlines()]
    assert len(activities) == len(everything), f"{len(activities)} activities of {len(everything)} events"
    for property, kinds in {
        PROV.wasGeneratedBy: activities,
        PROV.wasInvalidatedBy: activities,
        PROV.wasInformedBy: activities,
        PROV.used: entities,
        PROV.hadPrimarySource: entities,
        PROV.wasRevisionOf: entities,
        PROV.wasAttributedTo: agents,
        PROV.wasAssociatedWith: agents,
        PROV.actedOnBehalfOf: agents,
    }.items():
        wrong = [triple for triple in graph.triples((None, property, None)) if triple[2] not in kinds]
        assert not wrong, f"{property}: {wrong[:3]}"
    changes = sum(1 for _ in graph.subject_objects(PROV.wasGeneratedBy))
    wanted = sum(len(changes_of(event["data"])) for event in everything)
    assert changes == wanted, f"{changes} changes of {wanted}"
    for _, value in graph.subject_objects(PROV.startedAtTime):
        assert isinstance(value.toPython(), datetime.datetime), value
    for one in graph.all_nodes():
        assert not isinstance(one, rdflib.URIRef) or ":" in one, f"{one} is relative"
    invalidated = sum(1 for _ in graph.subject_objects(PROV.wasInvalidatedBy))
    replaced = {name for event in everything for name in event["data"].get("replaces", [])}
    of_replaced = [changes_of(event["data"]) for event in everything if event["id"] in replaced]
    assert invalidated == sum(map(len, of_replaced)), f"{invalidated} of {of_replaced}"
    return len(graph)


def changes_of(data):
    """The changes of an event in 1-format, its voices' among them."""
    found = []
    for key in ["set", "unset", "add", "remove", "increase", "decrease"]:
        found += list(data.get(key, []))
    for nested in filter(None, [data.get("during"), *data.get("claims", {}).values()]):
        found += changes_of(nested)
    return found


def bibliography():
    read = pybtex.database.parse_string(OUT.joinpath("bibtex").read_text(), "bibtex")
    items = json.loads(OUT.joinpath("csl").read_text())
    assert sorted(key.lower() for key in read.entries) == sorted(item["id"].lower() for item in items)
    for key, entry in read.entries.items():
        assert entry.type in ("online", "misc") and entry.fields["title"], key
        assert ("url" in entry.fields) == (entry.type == "online"), key
    return len(items)


def cloud_events():
    for line in OUT.joinpath("cloudevents").read_text().splitlines():
        event = from_json(line)
        assert event["specversion"] == "1.0" and event.data["title"] == event["subject"]
        if "time" in event.get_attributes():
            datetime.datetime.fromisoformat(event["time"].replace("Z", "+00:00"))


def table():
    with OUT.joinpath("csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["id"] for row in rows] == [event["id"] for event in EVENTS]
    formulas = [row for row in rows if row["title"][:1] in "=+-@\t\r"]
    assert not formulas, formulas


table()
cloud_events()
print(f"{OUT.name}: {calendars()} events in icalendar, {provenance()} triples in rdflib, {bibliography()} sources in pybtex")
