// The fold of the page against the program, viewpoint by viewpoint: states with all their alternatives, lists,
// comparisons and histories, on the chronicle that ships and on random ones. ASOF_FOLD=10 makes ten times as many.

import assert from "node:assert/strict";
import { test } from "node:test";
import { course, diff, inListingOrder } from "../src/ask";
import { Chronicle, type Data } from "../src/chronicle";
import { DateFault } from "../src/date";
import { FilterFault } from "../src/filter";
import { type Alternative, type Fact, State } from "../src/fold";
import { decimalText, type Scalar, type Value } from "../src/value";
import { type Selectors, View, ViewFault } from "../src/view";
import { type Asked, chronicle, Dice, viewpoint } from "./chance";
import { ask, EVENTS, exported, withFiles } from "./program";

const TIMES = Number(process.env.ASOF_FOLD ?? 1);

function shownValue(value: Value | null): unknown {
  const scalar = (one: Scalar): unknown => (typeof one === "object" ? { number: decimalText(one) } : one);
  if (!value) return null;
  if (value.kind === "scalar") return scalar(value.scalar);
  if (value.kind === "set") return value.members.map(scalar);
  const parts = Object.entries(value.estimate) as [string, Scalar][];
  return Object.fromEntries(parts.map(([name, part]) => [name, scalar(part)]));
}

class Judge {
  readonly chronicle: Chronicle;
  seen = 0;
  refused = 0;

  constructor(
    readonly folder: string,
    data: Data,
  ) {
    this.chronicle = new Chronicle(data);
  }

  id = (event: number | null): string | null => (event === null ? null : this.chronicle.events[event]!.id);

  fact(fact: Fact): unknown {
    const { path, label, unit } = this.chronicle.paths[fact.path]!;
    const alternative = (one: Alternative): unknown => ({
      value: shownValue(one.value),
      standing: one.standing,
      possible: one.possible,
      claimed_by: one.claimedBy,
      since: one.since,
      event: this.id(one.event),
    });
    return {
      path,
      value: shownValue(fact.value),
      standing: fact.standing,
      since: fact.since === null ? null : this.chronicle.events[fact.since]!.since,
      event: this.id(fact.event),
      claimed_by: fact.claimedBy,
      record_moved_on: fact.recordMovedOn,
      alternatives: fact.alternatives.map(alternative),
      label: label ?? null,
      unit: unit ?? null,
    };
  }

  /** The state of a viewpoint by the fold; `null` where it refuses to look from there. */
  state(asked: Selectors, before: State | null = null): State | null {
    try {
      return State.of(View.of(this.chronicle, asked), before);
    } catch (fault) {
      if (fault instanceof ViewFault || fault instanceof FilterFault || fault instanceof DateFault) return null;
      throw fault;
    }
  }

  words({ at, knownBy, accordingTo, only, without }: Asked): string[] {
    const option = (name: string, value: string | null): string[] => (value === null ? [] : [`${name}=${value}`]);
    return [
      ...option("--at", at),
      ...option("--known-by", knownBy),
      ...option("--according-to", accordingTo),
      ...only.map((filter) => `--only=${filter}`),
      ...without.map((filter) => `--without=${filter}`),
    ];
  }

  /** Replay and list. Gives the state back, so that the next is found from it. */
  judge(asked: Asked, before: State | null): State | null {
    const words = this.words(asked);
    const expected = ask(this.folder, ["replay", "-l", ...words]);
    const state = this.state(asked, before);
    this.seen += 1;
    if (!expected || !state) {
      assert.equal(expected === null, state === null, `${words.join(" ")}: one of them refuses`);
      this.refused += 1;
      return before;
    }
    const said = `${this.folder} asof replay -l ${words.join(" ")}`;
    assert.deepEqual([...state.facts.values()].map((fact) => this.fact(fact)), expected.facts, said);
    const possible = state.possible.filter(({ ended }) => !ended).length;
    assert.deepEqual([String(state.view.countOfCertain), String(possible)], [expected.counts.certain.number, expected.counts.possible.number], said);
    const counts = inListingOrder(this.chronicle).filter(({ number }) => {
      return state.view.counts(number) && (asked.at === null || state.view.isCertain(number) || state.view.isPossible(number));
    });
    const listed = ask(this.folder, ["list", ...words]).events.map((event: { id: string }) => event.id);
    assert.deepEqual(counts.map(({ id }) => id), listed, said);
    return state;
  }

  diff(asked: Asked, from: string): void {
    const words = this.words({ ...asked, at: null });
    const [left, right] = [this.state({ ...asked, at: from }), this.state(asked)];
    const expected = asked.at === null ? null : ask(this.folder, ["diff", from, asked.at, ...words]);
    if (!expected || !left || !right) return;
    const changes = diff(left, right).map((one) => ({
      path: this.chronicle.paths[one.path]!.path,
      kind: one.kind,
      before: this.fact(one.before),
      after: this.fact(one.after),
      caused_by: one.causedBy.map(({ event }) => this.id(event)),
    }));
    const shown = changes.map(({ path, kind, before, after, caused_by }: any) => ({
      path,
      kind,
      before: before.value,
      after: after.value,
      before_standing: before.standing,
      after_standing: after.standing,
      before_alternatives: before.alternatives,
      after_alternatives: after.alternatives,
      caused_by,
    }));
    const wanted = expected.changes.map(({ members_added: _, members_removed: __, ...rest }: any) => rest);
    assert.deepEqual(shown, wanted, `${this.folder} asof diff ${from} ${asked.at} ${words.join(" ")}`);
  }

  history(asked: Asked, path: string): void {
    const words = this.words(asked);
    const expected = ask(this.folder, ["history", path, ...words]);
    const state = this.state(asked);
    if (!expected || !state) return;
    const view = asked.at === null ? state.view.afterLastEnd() : state.view;
    const rows = course(view, this.chronicle.pathNumbers.get(path)!).map((one) => ({
      value: shownValue(one.value),
      from: one.from.text,
      to: one.to?.text ?? null,
      voice: one.voice,
      certain: one.certain,
      event: this.id(one.event),
    }));
    assert.deepEqual(rows, expected.rows, `${this.folder} asof history ${path} ${words.join(" ")}`);
  }
}

test("on the chronicle that ships the fold says what the program says", () => {
  const judge = new Judge(EVENTS, exported(EVENTS));
  const plain: Asked = { at: null, knownBy: null, accordingTo: null, only: [], without: [] };
  const dates = ["2019", "2022-02-24", "2022-03-20", "2022-04", "2022-04-05", "2022-21", "2023-11-24", "2025-05-14", "2025-05-11T17:30Z", "2026"];
  const ids = judge.chronicle.events.map(({ id }) => id);
  let before: State | null = null;
  for (const at of [null, ...dates, ...ids.filter((_, i) => i % 17 === 0), `${ids[30]}^`]) before = judge.judge({ ...plain, at }, before);
  for (const accordingTo of judge.chronicle.voices.keys()) judge.judge({ ...plain, at: "2025-05-15", accordingTo }, null);
  for (const knownBy of ["2022-03-31", "2022-04-04", "2024"]) judge.judge({ ...plain, at: "2022-03-20", knownBy }, null);
  for (const filter of ["source:article", "2025-05-10-kyiv-ultimatum", "actor:putin,actor:trump not:kind:statement", "voice:russia", "/ceasefire/", "path:aid"]) {
    judge.judge({ ...plain, at: "2025-05-15", only: [filter] }, null);
    judge.judge({ ...plain, at: "2025-05-15", without: [filter] }, null);
  }
  for (const [from, at] of [["2022-03-29", "2025-05-14"], ["2025-05-10", "2025-05-16"], ["2025-05-16", "2022"]] as const) judge.diff({ ...plain, at }, from);
  for (const { path } of judge.chronicle.paths.filter((_, i) => i % 5 === 0)) judge.history({ ...plain, at: null }, path);
  assert.equal(judge.refused, 0);
});

test("on random chronicles the fold says what the program says", () => {
  let [whole, seen, refused] = [0, 0, 0];
  const chronicles = 60 * TIMES;
  for (let seed = 1; seed <= chronicles; seed++) {
    const dice = new Dice(seed * 7919);
    withFiles(chronicle(dice), (folder) => {
      const data = exported(folder);
      if (!data) return;
      whole += 1;
      const judge = new Judge(folder, data);
      const ids = judge.chronicle.events.map(({ id }) => id);
      let [before, last]: [State | null, Asked | null] = [null, null];
      for (let i = 0; i < 12; i++) {
        // Some differ from the last in their moment alone, so that the next state is found from the one before.
        const drawn = viewpoint(dice, ids);
        const asked: Asked = last && dice.chance(50) ? { ...last, at: drawn.at } : drawn;
        before = judge.judge(asked, before);
        last = asked;
        if (i % 3 === 0) judge.diff(asked, viewpoint(dice, ids).at ?? "2022");
        if (i % 3 === 1 && judge.chronicle.paths.length) judge.history(asked, dice.one(judge.chronicle.paths).path);
      }
      seen += judge.seen;
      refused += judge.refused;
    });
  }
  assert.ok(whole * 4 >= chronicles * 3, `${whole} of ${chronicles} load whole`);
  assert.ok(refused * 2 < seen, `${refused} of ${seen} viewpoints are refused`);
});
