// The fold: what 2-replay of the design says, once more, for the page. From the events of a chronicle and a viewpoint it
// finds what holds of every path. Knows nothing of what is shown. Held against the program in test/fold.test.ts.

import type { Assertion, Ending, Event } from "./chronicle";
import { isBefore, isBy, isFinite, type Moment } from "./moment";
import { apply, same, type Value } from "./value";
import type { View } from "./view";

export type Standing = "record" | "claimed" | "disputed" | "none";

export interface Alternative {
  readonly value: Value | null;
  readonly standing: Standing;
  readonly possible: boolean;
  readonly claimedBy: readonly string[];
  readonly since: string | null;
  readonly event: number | null;
}

export interface Fact {
  readonly path: number;
  readonly value: Value | null;
  readonly standing: Standing;
  /** The first event of the unbroken run with this value and standing. */
  readonly since: number | null;
  readonly event: number | null;
  readonly claimedBy: readonly string[];
  readonly recordMovedOn: boolean;
  readonly alternatives: readonly Alternative[];
}

/** What may have happened, taken alone on top of what is certain. */
export type Suppose = { readonly event: number; readonly ended: boolean };

/** Whether what an event holds has ended for certain. The end of an interval is itself part of it. */
export function hasEnded(ending: Ending | null, t: Moment): boolean {
  if (!ending) return true;
  return ending.justAfter ? isBefore(ending.by, t) : isBy(ending.by, t) && isFinite(ending.by);
}

export function mayHaveEnded(ending: Ending | null, t: Moment): boolean {
  return ending !== null && isBefore(ending.from, t) && isBefore(ending.from, ending.by) && !hasEnded(ending, t);
}

/** Whether an assertion holds, with a supposition. */
export function inForce(view: View, a: Assertion, suppose: Suppose | null): boolean {
  const happened = a.event < view.certain || (suppose !== null && !suppose.ended && suppose.event === a.event);
  if (!happened || !view.counts(a.event)) return false;
  if (a.change.voice !== null && view.silent.has(a.change.voice)) return false;
  if (!a.change.during) return true;
  const event = view.chronicle.events[a.event]!;
  return !(hasEnded(event.ending, view.moment) || (suppose?.ended && suppose.event === a.event));
}

/** What the record, or one voice, says on its way through assertions. */
interface Said {
  readonly value: Value | null;
  /** The event that gave or last changed the value; of the latest assertion; of the first of the value's run. */
  readonly given: number;
  readonly last: number;
  readonly since: number;
}

/** What everybody says of a path. Never changed, only followed by the next. */
interface Heard {
  readonly record: Said | null;
  readonly claims: ReadonlyMap<string, Said>;
}

const SILENCE: Heard = { record: null, claims: new Map() };

/** One more assertion is heard. */
function hear(said: Said | null, a: Assertion): Said {
  const value = apply(said?.value ?? null, a.change.does, a.change.value);
  const unchanged = said !== null && same(said.value, value);
  const gives = a.change.does === "set" || a.change.does === "unset" || !unchanged;
  return { value, given: gives ? a.event : said!.given, last: a.event, since: unchanged ? said!.since : a.event };
}

/** The assertions of one event are heard, those in force. */
function hearEvent(heard: Heard, group: readonly Assertion[]): Heard {
  let { record } = heard;
  let claims: Map<string, Said> | null = null;
  for (const a of group) {
    const { voice } = a.change;
    if (voice === null) {
      record = hear(record, a);
    } else {
      claims ??= new Map(heard.claims);
      claims.set(voice, hear(claims.get(voice) ?? null, a));
    }
  }
  return { record, claims: claims ?? heard.claims };
}

/** A fact on its way: `since` is found by whoever knows what came before. */
type Stand = Omit<Fact, "path" | "since">;

/** The rules 1 to 4 of *The value of a path*, over what is in force. */
function stand(view: View, { record, claims }: Heard, whole: boolean): Stand {
  const speaking = [...claims].filter(([, said]) => said.value !== null);
  if (speaking.length > 1) speaking.sort(([a], [b]) => view.order(a) - view.order(b));
  const nothing = { claimedBy: [], recordMovedOn: false, event: null };
  const others = (value: Value | null): Alternative[] => (whole ? claimedOtherwise(view, value, speaking) : []);
  const first = speaker(view, speaking);
  if (first) {
    const [voice, claim] = first;
    const alternatives = others(claim.value);
    if (record?.value && !same(record.value, claim.value)) {
      const since = view.chronicle.events[record.since]!.since;
      alternatives.push({ value: record.value, standing: "record", possible: false, claimedBy: [], since, event: record.given });
      alternatives.sort((a, b) => a.event! - b.event!);
    }
    const recordMovedOn = record !== null && record.last > claim.given;
    return { value: claim.value, standing: "claimed", event: claim.given, claimedBy: [voice], recordMovedOn, alternatives };
  }
  if (record) {
    const standing = record.value ? "record" : "none";
    return { ...nothing, value: record.value, standing, event: record.given, alternatives: others(record.value) };
  }
  const [one, ...rest] = speaking;
  if (!one) return { ...nothing, value: null, standing: "none", alternatives: [] };
  const { value } = one[1];
  if (rest.some(([, said]) => !same(said.value, value))) {
    return { ...nothing, value: null, standing: "disputed", alternatives: others(null) };
  }
  const event = Math.max(...speaking.map(([, said]) => said.given));
  return { ...nothing, value, standing: "claimed", event, claimedBy: speaking.map(([voice]) => voice), alternatives: [] };
}

/** The claim that `according_to` puts first: the latest of the voice and its parts (of one event the voice itself, then
 * its parts by name), else that of the voice it is part of alone, and so on upwards. */
function speaker(view: View, speaking: readonly (readonly [string, Said])[]): readonly [string, Said] | null {
  if (view.voice === null || speaking.length === 0) return null;
  let latest: readonly [string, Said] | null = null;
  for (const claim of speaking) {
    if (!view.chronicle.isWithin(claim[0], view.voice)) continue;
    const isLater = latest === null || claim[1].given > latest[1].given;
    if (isLater || (claim[1].given === latest![1].given && claim[0] === view.voice)) latest = claim;
  }
  if (latest) return latest;
  for (const above of view.chronicle.above(view.voice).slice(1)) {
    const found = speaking.find(([voice]) => voice === above);
    if (found) return found;
  }
  return null;
}

/** The claims that differ from a value, one alternative a value, in replay order. */
function claimedOtherwise(view: View, value: Value | null, speaking: readonly (readonly [string, Said])[]): Alternative[] {
  const sides: { value: Value | null; voices: string[]; event: number; since: number }[] = [];
  for (const [voice, said] of speaking) {
    if (same(said.value, value)) continue;
    const side = sides.find((other) => same(other.value, said.value));
    if (side) {
      side.voices.push(voice);
      side.event = Math.max(side.event, said.given);
      side.since = Math.min(side.since, said.since);
    } else {
      sides.push({ value: said.value, voices: [voice], event: said.given, since: said.since });
    }
  }
  sides.sort((a, b) => a.event - b.event);
  return sides.map(({ value, voices, event, since }) => {
    const from = view.chronicle.events[since]!.since;
    return { value, standing: "claimed", possible: false, claimedBy: voices, since: from, event };
  });
}

/** Everything in force is heard, event by event; `each` is told what has been heard after every one. */
function hearAll(view: View, path: number, suppose: Suppose | null, each?: (heard: Heard, group: Assertion[]) => void): Heard {
  const list = view.chronicle.paths[path]!.assertions;
  let heard = SILENCE;
  for (let at = 0; at < list.length; ) {
    const { event } = list[at]!;
    if (event >= view.certain && suppose === null) break;
    const group: Assertion[] = [];
    for (; at < list.length && list[at]!.event === event; at++) {
      if (inForce(view, list[at]!, suppose)) group.push(list[at]!);
    }
    if (group.length === 0) continue;
    heard = hearEvent(heard, group);
    each?.(heard, group);
  }
  return heard;
}

/** What holds of a path; `possible` are those of [`possibilities`] that touch it. */
export function fact(view: View, path: number, possible: readonly Suppose[]): Fact {
  let own: { value: Value | null; since: number } | null = null;
  const heard = hearAll(view, path, null, (heard, group) => {
    if (group[group.length - 1]!.change.voice !== null && !group.some((a) => a.change.voice === null)) return;
    const { value } = heard.record!;
    if (!own || !same(own.value, value)) own = { value, since: group[0]!.event };
  });
  // What the closure above has set, TypeScript cannot follow.
  const record = own as { since: number } | null;
  const base = stand(view, heardWithRun(heard, record), true);
  // Since when: of a claimed value by all that was said, else by what the record said. A run is one of whole events.
  const since = base.standing === "claimed" ? claimedSince(view, path) : base.event === null ? null : (record?.since ?? null);
  const alternatives = [...base.alternatives];
  for (const suppose of possible) alternatives.push(...wouldAdd(view, path, heard, base, suppose));
  return { path, ...base, since, alternatives };
}

/** The first event of the unbroken run with the present value and standing: the rules are asked after every event. */
function claimedSince(view: View, path: number): number | null {
  let run: { value: Value | null; standing: Standing; since: number } | null = null;
  hearAll(view, path, null, (heard, group) => {
    const { value, standing } = stand(view, heard, false);
    if (!run || run.standing !== standing || !same(run.value, value)) run = { value, standing, since: group[0]!.event };
  });
  return (run as { since: number } | null)?.since ?? null;
}

/** The record's run is one of whole events: a snapshot that unsets and sets again breaks none. */
const heardWithRun = (heard: Heard, run: { since: number } | null): Heard =>
  heard.record && run ? { ...heard, record: { ...heard.record, since: run.since } } : heard;

/** What one possible event or end would change, taken alone. */
function wouldAdd(view: View, path: number, heard: Heard, base: Stand, suppose: Suppose): Alternative[] {
  const event = view.chronicle.events[suppose.event]!;
  let would: Heard;
  if (suppose.ended) {
    would = hearAll(view, path, suppose);
  } else {
    // Whatever is possible comes after all that is certain, so it is heard on top.
    const group = view.chronicle.paths[path]!.assertions.filter((a) => a.event === event.number && inForce(view, a, suppose));
    would = group.length === 0 ? heard : hearEvent(heard, group);
  }
  const other = stand(view, would, true);
  const by = { possible: true, since: suppose.ended ? (event.end ?? event.since) : event.since, event: event.number };
  if (other.standing !== base.standing || !same(other.value, base.value)) {
    return [{ value: other.value, standing: other.standing, claimedBy: other.claimedBy, ...by }];
  }
  const stands = (one: Alternative, voice: string | null): boolean =>
    base.alternatives.some(
      (same_) => same_.standing === one.standing && same(same_.value, one.value) && (voice === null || same_.claimedBy.includes(voice)),
    );
  const isNew = (one: Alternative): boolean =>
    one.standing === "record" ? !stands(one, null) : !one.claimedBy.every((voice) => stands(one, voice));
  return other.alternatives.filter(isNew).map((one) => ({ ...one, ...by }));
}

/** Everything that may have happened: events, then ends of what certain events hold, each in replay order. */
export function possibilities(view: View): Suppose[] {
  const { events, possibleFrom, lasting } = view.chronicle;
  const found: Suppose[] = [];
  for (let n = view.certain; n < events.length && isBefore(possibleFrom[n]!, view.moment); n++) {
    if (view.isPossible(n)) found.push({ event: n, ended: false });
  }
  for (const n of lasting) {
    if (view.isCertain(n) && mayHaveEnded(events[n]!.ending, view.moment)) found.push({ event: n, ended: true });
  }
  return found;
}

/** What may have happened, by the paths that it touches. */
export function byPath(view: View, possible: readonly Suppose[]): Map<number, Suppose[]> {
  const found = new Map<number, Suppose[]>();
  for (const suppose of possible) {
    for (const path of view.chronicle.events[suppose.event]!.touched) {
      const list = found.get(path);
      if (list) list.push(suppose);
      else found.set(path, [suppose]);
    }
  }
  return found;
}

export const isSomething = (fact: Fact): boolean => fact.value !== null || fact.alternatives.length > 0;

/** The state of a viewpoint: what holds of every path of which there is anything to say, by its number. */
export class State {
  private constructor(
    readonly view: View,
    readonly facts: ReadonlyMap<number, Fact>,
    readonly possible: readonly Suppose[],
  ) {}

  /** Replays a viewpoint. Where an earlier state of it at another moment is given, only what can differ is. */
  static of(view: View, before: State | null = null): State {
    const possible = possibilities(view);
    const suppose = byPath(view, possible);
    const all = view.chronicle.paths;
    if (!before || !before.view.isSameBut(view)) {
      const facts = all.map((path) => fact(view, path.number, suppose.get(path.number) ?? []));
      return new State(view, new Map(facts.filter(isSomething).map((one) => [one.path, one])), possible);
    }
    const facts = new Map(before.facts);
    for (const path of mayDiffer(before, view, possible)) {
      const one = fact(view, path, suppose.get(path) ?? []);
      if (isSomething(one)) facts.set(path, one);
      else facts.delete(path);
    }
    const sorted = [...facts.keys()].sort((a, b) => a - b);
    return new State(view, new Map(sorted.map((path) => [path, facts.get(path)!])), possible);
  }
}

/** The paths on which two moments of one viewpoint can differ: those touched by what happened, ended or is possible. */
function mayDiffer(before: State, view: View, possible: readonly Suppose[]): Set<number> {
  const { events, lasting } = view.chronicle;
  const touching = new Set<number>();
  const [from, to] = [Math.min(before.view.certain, view.certain), Math.max(before.view.certain, view.certain)];
  for (let n = from; n < to; n++) touching.add(n);
  for (const { event } of [...before.possible, ...possible]) touching.add(event);
  for (const n of lasting) {
    if (hasEnded(events[n]!.ending, before.view.moment) !== hasEnded(events[n]!.ending, view.moment)) touching.add(n);
  }
  const paths = new Set<number>();
  for (const n of touching) for (const path of events[n]!.touched) paths.add(path);
  return paths;
}

/** Whether two facts differ in value, standing or alternatives: what a comparison looks at. */
export function isSame(a: Fact, b: Fact): boolean {
  if (a.standing !== b.standing || !same(a.value, b.value) || a.alternatives.length !== b.alternatives.length) return false;
  const times = (one: Alternative, fact: Fact): number => fact.alternatives.filter((other) => isSameAlternative(one, other)).length;
  return a.alternatives.every((one) => times(one, a) === times(one, b));
}

export const isSameAlternative = (a: Alternative, b: Alternative): boolean =>
  a.standing === b.standing &&
  a.possible === b.possible &&
  same(a.value, b.value) &&
  a.claimedBy.length === b.claimedBy.length &&
  a.claimedBy.every((voice, i) => voice === b.claimedBy[i]);

/** The assertions that a value is made of, in replay order: of a text the one that gave it, of a sum or set every one
 * since the last whole value; of a claimed value the claims; of a dispute every side. */
export function contributions(view: View, fact: Fact): Assertion[] {
  const list = view.chronicle.paths[fact.path]!.assertions.filter((a) => inForce(view, a, null));
  if (fact.standing === "claimed" || fact.standing === "disputed") {
    const claims = hearAll(view, fact.path, null).claims;
    const speaks = (a: Assertion): boolean => {
      const { voice, does } = a.change;
      const claim = voice === null ? null : claims.get(voice);
      return does === "set" && !!claim?.value && claim.given === a.event && (fact.standing === "disputed" || fact.claimedBy.includes(voice!));
    };
    const found = list.filter(speaks);
    return found;
  }
  const record = list.filter((a) => a.change.voice === null);
  const whole = record.findLastIndex((a) => a.change.does === "set" || a.change.does === "unset");
  return record.slice(Math.max(whole, 0));
}

/** What the record (`null`) or a voice says at a moment: nothing, or a value (or that there is none) and its event. */
export function said(view: View, path: number, voice: string | null, suppose: Suppose | null): Said | null {
  const heard = hearAll(view, path, suppose);
  if (voice === null) return heard.record;
  const claim = heard.claims.get(voice);
  return claim?.value ? claim : null;
}

/** Whether an event has a cause, or a cause of a cause, that does not count in a viewpoint. */
export function lacksCause(view: View, event: Event, known: Map<number, boolean>): boolean {
  const open = [event.number];
  while (open.length > 0) {
    const n = open[open.length - 1]!;
    const causes = view.chronicle.events[n]!.because;
    const next = known.has(n) ? undefined : causes.find((cause) => view.counts(cause) && !known.has(cause) && !open.includes(cause));
    if (next !== undefined) {
      open.push(next);
      continue;
    }
    if (!known.has(n)) known.set(n, causes.some((cause) => !view.counts(cause) || known.get(cause) === true));
    open.pop();
  }
  return known.get(event.number)!;
}
