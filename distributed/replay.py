#!/usr/bin/env python3
"""Replays a chronicle that is too large for one machine, on Apache Spark.

It reads the tables `changes`, `events` and `voices` that `asof export parquet` writes, of one chronicle or of the
parts of one, builds the facts by window functions over each path, and answers `replay` and `diff`:

    spark-submit replay.py --tables s3a://bucket/tables facts s3a://bucket/facts
    spark-submit replay.py --tables s3a://bucket/tables replay 2025-05-14 --known-by 2025-06-01
    spark-submit replay.py --tables s3a://bucket/1 --tables s3a://bucket/2 diff 2022-03-29 2025-05-14 --according-to russia

A date is a year, a month, a day or a UTC instant to the second, and stands for its end, as in asof; `--timezone` says
where days end. Of a chronicle in several parts the order among events of one moment is that of the parts as they are
given, and a pattern in `unset` would not reach the paths of other parts, so it is refused.

What it does not do: only what is certain is told, without what is possible and without the alternatives; an estimate
is kept as it was set, and one that is increased or decreased is refused. Sums are exact to 28 digits before the point
and 10 after it; what does not fit is refused.
"""
import argparse
import re
import sys
from datetime import datetime, timedelta, timezone
from functools import reduce
from zoneinfo import ZoneInfo

from pyspark.sql import DataFrame, SparkSession, Window
from pyspark.sql import functions as F

SUM = "decimal(38,10)"
TOO_LONG = "a sum has more digits than are reckoned with here, by the event "
# Replay order: by the moment from which an event is certain, then as asof has put them in order.
ORDER = ["ord.valid_from", "ord.part", "ord.seq"]
# Within an event: what comes later rules over what comes before.
RANK = "array_position(array('unset', 'set', 'remove', 'add', 'decrease', 'increase'), change)"
# One member of a set as asof writes it in JSON: members are the same when these are.
MEMBER = r'"(?:[^"\\\\]|\\\\.)*"|[^,\\[\\]"]+'


class Refused(Exception):
    """What is asked, or what the chronicle has, cannot be answered here."""


def tables(spark: SparkSession, folders: list[str]) -> dict[str, DataFrame]:
    """The tables of a chronicle, of which each folder has a part."""
    def whole(name):
        read = [spark.read.parquet(f"{folder}/{name}").withColumn("part", F.lit(part))
                for part, folder in enumerate(folders)]
        return reduce(DataFrame.unionByName, read)
    return {name: whole(name) for name in ("changes", "events", "voices")}


def moment(text: str, zone: str) -> datetime:
    """The end of a date."""
    if re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", text):
        return datetime.fromisoformat(text) + timedelta(seconds=1)
    if not re.fullmatch(r"\d{4}(-\d\d){0,2}", text):
        raise Refused(f"`{text}` is no year, month, day or UTC instant to the second")
    year, month, day = (list(map(int, text.split("-"))) + [0, 0])[:3]
    try:
        start = datetime(year, month or 1, day or 1)
        end = start + timedelta(days=1) if day else datetime(year + month // 12, month % 12 + 1, 1) if month \
            else datetime(year + 1, 1, 1)
    except ValueError as error:
        raise Refused(f"`{text}` is no date: {error}") from error
    return end.replace(tzinfo=ZoneInfo(zone)).astimezone(timezone.utc)


def asserted(read: dict[str, DataFrame], known_by: datetime | None) -> DataFrame:
    """The changes of the events that count: known in time, and not void."""
    changes, events = read["changes"], read["events"]
    if known_by is not None:
        changes, events = (table.where(F.col("known_from") <= F.lit(known_by)) for table in (changes, events))
    # Corrections are few, and one may void another: they are settled in one place, the last one first.
    corrections = events.where("size(replaces) > 0").select("id", "replaces").collect()
    by = {}
    for one in corrections:
        for event in one["replaces"]:
            by.setdefault(event, []).append(one["id"])
    stands, void = {}, set()
    for event in by:
        walk = [event]
        while walk:
            waits = [other for other in by.get(walk[-1], []) if other not in stands]
            if waits:
                walk += waits
            else:
                now = walk.pop()
                stands[now] = not any(stands[other] for other in by.get(now, []))
                void |= set() if stands[now] else {now}
    if void:
        gone = changes.sparkSession.createDataFrame([(event,) for event in sorted(void)], "event string")
        changes = changes.join(F.broadcast(gone), "event", "left_anti")
    return changes.select("path", "change", "value", "type", F.coalesce("voice", F.lit("")).alias("speaker"), "during",
                          "event", "valid_from", "valid_to", F.struct("valid_from", "part", "seq").alias("ord"),
                          F.expr(RANK).alias("rank"))


def refuse(read: dict[str, DataFrame]) -> None:
    """Refuses what is not answered here, by the name of a path that has it."""
    changes = read["changes"]
    sums = changes.groupBy("path").agg(F.bool_or(F.expr("type <=> 'estimate'")).alias("estimate"),
                                       F.bool_or(F.expr("change in ('increase', 'decrease')")).alias("delta"))
    path = sums.where("estimate and delta").select("path").head()
    if path:
        raise Refused(f"`{path[0]}` is an estimate that is increased or decreased: ask asof")
    # A number that is summed and would be rounded.
    fine = changes.where("type = 'number'").join(sums.where("delta").select("path"), "path").where(
        "value rlike '\\\\.[0-9]{11}'").select("event").head()
    if fine:
        raise Refused(TOO_LONG + f"`{fine[0]}`")
    pattern = changes.where("by_pattern").select("event").head()
    if pattern and changes.select(F.max("part")).head()[0]:
        raise Refused(f"`{pattern[0]}` unsets a pattern, which would not reach the other parts of this chronicle")


def number(of: str) -> str:
    """A decimal in its shortest form."""
    return rf"regexp_replace(regexp_replace(cast({of} as string), '(\\.[0-9]*?)0+$', '$1'), '\\.$', '')"


def plus(before: str, one: str) -> str:
    """A number, or 0 where there is none, after a change; a sum that does not fit ends everything."""
    step = f"if({one}.change = 'increase', 1, -1) * cast({one}.value as {SUM})"
    total = f"cast(if({before}.type <=> 'number', cast({before}.value as {SUM}), cast(0 as {SUM})) + {step} as {SUM})"
    return f"coalesce({total}, raise_error(concat('{TOO_LONG}', {one}.event)))"


def said_plainly(series: DataFrame) -> DataFrame:
    """What a speaker says after each event, where nothing is held during an event and nothing is a set."""
    so_far = Window.partitionBy("path", "speaker").orderBy(*ORDER, "rank").rowsBetween(Window.unboundedPreceding, 0)
    since_whole = Window.partitionBy("path", "speaker", "whole").orderBy(*ORDER, "rank").rowsBetween(
        Window.unboundedPreceding, 0)
    step = F.expr(f"case change when 'increase' then cast(value as {SUM}) "
                  f"when 'decrease' then -cast(value as {SUM}) end")
    said = (series
            .withColumn("is_whole", F.col("change").isin("set", "unset"))
            .withColumn("whole", F.sum(F.col("is_whole").cast("int")).over(so_far))
            .withColumn("step", step)
            .withColumn("base", F.first(F.when(F.col("is_whole"), F.struct("value", "type"))).over(since_whole))
            .withColumn("sum", F.sum("step").over(since_whole).cast(SUM))
            .withColumn("total", F.expr(
                f"if(base.type <=> 'number', cast(base.value as {SUM}), cast(0 as {SUM})) + sum"))
            # An increase by nothing gives no value where there is one already.
            .withColumn("given", F.last(
                F.when(F.expr("is_whole or step <> 0"), F.struct("event", "ord")), True).over(since_whole)))
    total = f"coalesce(total, raise_error(concat('{TOO_LONG}', event)))"
    return said.select(
        "path", "speaker", F.col("valid_from").alias("at"), "ord", "rank",
        F.expr(f"named_struct('said', true, "
               f"'value', if(sum is null, base.value, {number(total)}), "
               f"'type', if(sum is null, base.type, 'number'), "
               f"'event', coalesce(given.event, event), 'ord', coalesce(given.ord, ord))").alias("says"))


def said_by_fold(series: DataFrame) -> DataFrame:
    """What a speaker says after each event and each end of what one held: all that is in force then, folded. This is
    for series of sets and of what holds during events: each of their turns looks at the whole series."""
    one = F.struct("ord", "rank", "event", "valid_from", F.when(F.col("during"), F.col("valid_to")).alias("valid_to"),
                   "change", "value", "type")
    turns = F.array_distinct(F.flatten(F.collect_list(F.array("valid_from", F.when(F.col("during"), F.col("valid_to"))))))
    series = (series.groupBy("path", "speaker").agg(F.array_sort(F.collect_list(one)).alias("all"), turns.alias("turns"))
              .select("path", "speaker", "all", F.explode("turns").alias("at")).where("at is not null"))
    def members(of):
        return f"if({of}.type <=> 'set', regexp_extract_all({of}.value, '{MEMBER}', 0), cast(array() as array<string>))"

    def written(members):
        """A set as asof writes it: truths, then numbers by size, then texts by their characters."""
        order = ("named_struct('kind', if(m in ('true', 'false'), 0, if(startswith(m, '\"'), 2, 1)), "
                 f"'number', if(startswith(m, '\"'), null, cast(m as {SUM})), "
                 "'text', from_json(concat('[', m, ']'), 'array<string>')[0], 'member', m)")
        return f"concat('[', concat_ws(',', transform(array_sort(transform({members}, m -> {order})), m -> m.member)), ']')"

    both = f"{members('acc')}, {members('one')}"
    value = (f"case one.change when 'set' then one.value when 'unset' then null "
             f"when 'add' then {written('array_union(' + both + ')')} "
             f"when 'remove' then {written('array_except(' + both + ')')} "
             f"else {number(plus('acc', 'one'))} end")
    sort = ("case when one.change = 'unset' then null when one.change = 'set' then one.type "
            "when one.change in ('add', 'remove') then 'set' else 'number' end")
    # What changes nothing gives no value.
    then = f"named_struct('said', true, 'value', {value}, 'type', {sort}, 'event', one.event, 'ord', one.ord)"
    keeps = "one.change not in ('set', 'unset') and acc.said and acc.type <=> then.type and acc.value <=> then.value"
    silent = ("named_struct('said', false, 'value', cast(null as string), 'type', cast(null as string), 'event', "
              "cast(null as string), 'ord', cast(null as struct<valid_from: timestamp, part: int, seq: bigint>))")
    fold = (f"aggregate(filter(all, one -> one.valid_from <= at and (one.valid_to is null or at < one.valid_to)), {silent}, "
            f"(acc, one) -> transform(array({then}), then -> if({keeps}, acc, then))[0])")
    return series.select("path", "speaker", "at", F.expr("named_struct('valid_from', at, 'part', 0, 'seq', 0L)").alias("ord"),
                         F.lit(0).cast("bigint").alias("rank"), F.expr(fold).alias("says"))


def said(changes: DataFrame) -> DataFrame:
    """What each speaker says of each path from each moment on; what is said no longer is told, too."""
    series = Window.partitionBy("path", "speaker")
    folds = F.bool_or(F.expr("during or change in ('add', 'remove')")).over(series)
    changes = changes.withColumn("folds", folds)
    both = said_plainly(changes.where("not folds")).unionByName(said_by_fold(changes.where("folds")))
    last = Window.partitionBy("path", "speaker", "at").orderBy(*[F.desc(name) for name in ORDER], F.desc("rank"))
    return both.withColumn("place", F.row_number().over(last)).where("place = 1").select("path", "speaker", "at", "says")


def judged(says: DataFrame, voices: list[str]) -> DataFrame:
    """What holds in the plain viewpoint: what the record says, else what all voices claim that claim anything."""
    so_far = Window.partitionBy("path").orderBy("at").rangeBetween(Window.unboundedPreceding, Window.currentRow)

    def latest(speaker):
        return F.last(F.when(F.col("speaker") == speaker, F.col("says")), True).over(so_far)

    rows = says.select("path", "at", latest("").alias("record"),
                       (F.array(*map(latest, voices)) if voices else F.expr("array(cast(null as struct<said: boolean>))"))
                       .alias("claims")).dropDuplicates(["path", "at"])
    if not voices:
        rows = rows.withColumn("claims", F.expr("filter(array(record), one -> false)"))
    rows = rows.withColumn("claims", F.expr("filter(claims, one -> one.type is not null)"))
    agree = "size(array_distinct(transform(claims, one -> struct(one.value, one.type)))) = 1"
    rows = rows.withColumn("standing", F.expr(
        f"case when record.said then if(record.type is null, 'none', 'record') when size(claims) = 0 then 'none' "
        f"when {agree} then 'claimed' else 'disputed' end"))
    holds = F.expr("case standing when 'record' then record when 'claimed' then "
                   "element_at(array_sort(claims, (one, other) -> if(one.ord < other.ord, -1, if(one.ord > other.ord, 1, 0))), -1) end")
    return rows.select("path", F.lit("").alias("speaker"), "at", "standing", holds.alias("holds"))


def facts(read: dict[str, DataFrame], known_by: datetime | None = None) -> DataFrame:
    """The facts as known by a moment (none: now): what certainly held of each path from when to when in the plain
    viewpoint, and what each voice claimed."""
    says = said(asserted(read, known_by)).persist()
    voices = [row[0] for row in says.select("speaker").distinct().where("speaker <> ''").orderBy("speaker").collect()]
    claimed = says.where("speaker <> ''").select(
        "path", "speaker", "at", F.expr("if(says.type is null, 'none', 'claimed')").alias("standing"),
        F.expr("if(says.type is null, null, says)").alias("holds"))
    rows = judged(says, voices).unionByName(claimed)
    course = Window.partitionBy("path", "speaker").orderBy("at")
    is_new = F.expr("place = 1 or not (standing <=> before.standing and holds <=> before.holds)")
    rows = (rows.withColumn("place", F.row_number().over(course))
            .withColumn("before", F.lag(F.struct("standing", "holds")).over(course)).where(is_new)
            .withColumn("valid_to", F.lead("at").over(course)).where("standing <> 'none'"))
    return rows.select("path", "holds.value", "holds.type", "standing",
                       F.expr("nullif(speaker, '')").alias("voice"), F.col("at").alias("valid_from"), "valid_to",
                       "holds.event", "holds.ord")


def replay(table: DataFrame, at: datetime, according_to: str | None = None, voices: DataFrame | None = None) -> DataFrame:
    """The state at a moment: path, value, type, standing and event."""
    now = table.where((F.col("valid_from") <= F.lit(at)) & (F.col("valid_to").isNull() | (F.lit(at) < F.col("valid_to"))))
    if according_to is not None:
        # Who is heard, by rank: the voice and its parts, then those that it is part of; after them the plain viewpoint.
        heard = voices.where(F.col("voice") == according_to).select(F.col("heard").alias("voice"), "rank").distinct()
        if not heard.head():
            raise Refused(f"no voice is called `{according_to}`")
        now = now.join(F.broadcast(heard), "voice", "left").where("voice is null or rank is not null")
        first = Window.partitionBy("path").orderBy(
            F.asc_nulls_last("rank"), *[F.desc(name) for name in ORDER], F.col("voice") != according_to, "voice")
        now = now.withColumn("place", F.row_number().over(first)).where("place = 1")
    else:
        now = now.where("voice is null")
    return now.select("path", "value", "type", "standing", "event")


def diff(left: DataFrame, right: DataFrame) -> DataFrame:
    """The paths whose certain value or standing differs between two states."""
    left = left.select("path", F.struct("value", "type", "standing").alias("before"))
    right = right.select("path", F.struct("value", "type", "standing").alias("after"))
    kind = ("case when before.type is null and after.type is not null then 'added' "
            "when before.type is not null and after.type is null then 'removed' else 'changed' end")
    return left.join(right, "path", "full").where("not (before <=> after)").select(
        "path", F.expr(kind).alias("kind"), F.col("before.value").alias("before"), F.col("after.value").alias("after"),
        F.expr("coalesce(before.standing, 'none')").alias("before_standing"),
        F.expr("coalesce(after.standing, 'none')").alias("after_standing"))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tables", metavar="DIR", action="append", required=True,
                        help="what `asof export parquet` wrote; once for each part of the chronicle")
    asks = parser.add_subparsers(dest="asks", required=True)
    writes = asks.add_parser("facts", help="write the facts as Parquet, parted by years")
    writes.add_argument("out")
    asks.add_parser("replay", help="the state at a date").add_argument("at")
    differ = asks.add_parser("diff", help="what differs between two dates")
    differ.add_argument("left")
    differ.add_argument("right")
    for ask in asks.choices.values():
        ask.add_argument("--known-by", metavar="DATE")
        ask.add_argument("--timezone", default="UTC", help="where days end [default: UTC]")
    for ask in ("replay", "diff"):
        asks.choices[ask].add_argument("--according-to", metavar="VOICE")
    asked = parser.parse_args()
    spark = SparkSession.builder.appName("asof").config("spark.sql.session.timeZone", "UTC").getOrCreate()
    try:
        read = tables(spark, asked.tables)
        refuse(read)
        known_by = moment(asked.known_by, asked.timezone) if asked.known_by else None
        table = facts(read, known_by)
        if asked.asks == "facts":
            parted = table.withColumn("year", F.year("valid_from"))
            parted.repartition("year").sortWithinPartitions("path", "valid_from").write.partitionBy("year").parquet(asked.out)
            return 0

        def state(date):
            return replay(table, moment(date, asked.timezone), asked.according_to, read["voices"])

        found = state(asked.at) if asked.asks == "replay" else diff(state(asked.left), state(asked.right))
        for line in found.orderBy("path").toJSON().toLocalIterator():
            print(line)
        return 0
    except Refused as refused:
        print(f"replay.py: {refused}", file=sys.stderr)
        return 2
    finally:
        spark.stop()


if __name__ == "__main__":
    sys.exit(main())
