// Questions beside the state: what differs between two viewpoints and by which events, the values of a path through
// time, and the events in the order of a chronology. Knows nothing of what is shown.

import type { Assertion, Chronicle, Event } from "./chronicle";
import { byPath, contributions, type Fact, fact, hasEnded, isSame, isSameAlternative, possibilities, said, type State, type Suppose } from "./fold";
import { compare, isBefore, isFinite, justAfter, type Moment } from "./moment";
import { same, type Value } from "./value";
import { certainAt, type View } from "./view";

export interface Difference {
  readonly path: number;
  readonly kind: "added" | "removed" | "changed";
  readonly before: Fact;
  readonly after: Fact;
  readonly causedBy: readonly { readonly event: number; readonly side: "before" | "after" | "both" }[];
}

/** What differs between two states, by path in order. */
export function diff(left: State, right: State): Difference[] {
  const found: Difference[] = [];
  const paths = [...new Set([...left.facts.keys(), ...right.facts.keys()])].sort((a, b) => a - b);
  for (const path of paths) {
    // A path of which one side says nothing may yet be unset there: that is no difference to nothing at all.
    const before = left.facts.get(path) ?? fact(left.view, path, []);
    const after = right.facts.get(path) ?? fact(right.view, path, []);
    if (isSame(before, after)) continue;
    const kind = !before.value && after.value ? "added" : before.value && !after.value ? "removed" : "changed";
    found.push({ path, kind, before, after, causedBy: causes(left.view, before, right.view, after) });
  }
  return found;
}

/** What an event changed by itself: the state just before it and just after it. */
export function changedBy(view: View, event: Event): Difference[] {
  const [left, right] = [view.atEvent(event.number, false), view.atEvent(event.number, true)];
  const found: Difference[] = [];
  for (const path of view.counts(event.number) ? event.touched : []) {
    const [before, after] = [fact(left, path, []), fact(right, path, [])];
    if (isSame(before, after)) continue;
    const kind = !before.value && after.value ? "added" : before.value && !after.value ? "removed" : "changed";
    found.push({ path, kind, before, after, causedBy: [] });
  }
  return found;
}

/** The events that contribute to one side's value and not to the other's; where both are made of different words of the
 * same events, these; where of the same words, the events behind the alternatives that one side has. */
function causes(left: View, before: Fact, right: View, after: Fact): Difference["causedBy"] {
  const made: [Assertion[], Assertion[]] = [contributions(left, before), contributions(right, after)];
  let [a, b] = made.map((list) => new Set(list.map(({ event }) => event))) as [Set<number>, Set<number>];
  const equal = (x: Set<number>, y: Set<number>): boolean => x.size === y.size && [...x].every((one) => y.has(one));
  const sorted = (events: Iterable<number>): number[] => [...events].sort((x, y) => x - y);
  if (equal(a, b)) {
    const identical = made[0].length === made[1].length && made[0].every((one, i) => one === made[1][i]);
    if (!identical) return sorted(a).map((event) => ({ event, side: "both" }));
    const only = (one: Fact, two: Fact): Set<number> =>
      new Set(
        one.alternatives
          .filter((other) => other.event !== null && !two.alternatives.some((twin) => isSameAlternative(twin, other)))
          .map(({ event }) => event!),
      );
    [a, b] = [only(before, after), only(after, before)];
  }
  const differing = sorted(new Set([...a, ...b])).filter((event) => a.has(event) !== b.has(event));
  return differing.map((event) => ({ event, side: b.has(event) ? "after" : "before" }));
}

/** One value for a time; `from` and `to` are dates as written, with their moments. */
export interface Stretch {
  readonly value: Value | null;
  readonly from: Turn;
  to: Turn | null;
  readonly voice: string | null;
  readonly certain: boolean;
  readonly event: number;
}

export interface Turn {
  readonly event: number;
  readonly end: boolean;
  readonly text: string;
  readonly moment: Moment;
}

/** The values of a path through time: the record's, then each voice's; after the certain ones of each, those that are
 * only possible. */
export function course(view: View, path: number): Stretch[] {
  const { assertions } = view.chronicle.paths[path]!;
  const voices = [...new Set(assertions.map((a) => a.change.voice))];
  voices.sort((a, b) => (a === null ? -1 : view.order(a)) - (b === null ? -1 : view.order(b)));
  const possible = byPath(view, possibilities(view)).get(path) ?? [];
  return voices.flatMap((voice) => {
    const own = assertions.filter((a) => a.change.voice === voice);
    return [...stretches(view, path, voice, own), ...possibleStretches(view, path, voice, possible)];
  });
}

function stretches(view: View, path: number, voice: string | null, own: readonly Assertion[]): Stretch[] {
  const found: Stretch[] = [];
  let open = false;
  for (const { view: then, turn } of turns(view, own)) {
    const now = said(then, path, voice, null);
    const last = open ? found[found.length - 1] : undefined;
    if (last && now && same(last.value, now.value)) continue;
    if (last) last.to = turn;
    open = now !== null;
    if (now) found.push({ value: now.value, from: turn, to: null, voice, certain: true, event: now.given });
  }
  return found;
}

/** Everything that certainly happened to these assertions, each with the viewpoint just after it, in order. An end that
 * `until` gives comes before the events of the same moment, one of an interval after them. */
function turns(view: View, own: readonly Assertion[]): { view: View; turn: Turn }[] {
  const found: { view: View; turn: Turn; moment: Moment; place: number; event: number }[] = [];
  const seen = new Set<string>();
  const add = (view_: View, turn: Turn, moment: Moment, place: number): void => {
    const key = `${turn.event} ${turn.end}`;
    if (!seen.has(key)) found.push({ view: view_, turn, moment, place, event: turn.event });
    seen.add(key);
  };
  for (const a of own) {
    if (!view.isCertain(a.event)) continue;
    const event = view.chronicle.events[a.event]!;
    const start = event.span[1];
    add(view.atEvent(event.number, true), { event: event.number, end: false, text: event.since, moment: start }, start, 1);
    const { ending } = event;
    if (!a.change.during || !ending || !hasEnded(ending, view.moment)) continue;
    const by = ending.justAfter ? justAfter(ending.by) : ending.by;
    const then = view.atMoment(by, certainAt(view.chronicle, ending.by, ending.justAfter));
    add(then, { event: event.number, end: true, text: event.end ?? event.since, moment: ending.by }, ending.by, ending.justAfter ? 2 : 0);
  }
  found.sort((a, b) => compare(a.moment, b.moment) || a.place - b.place || a.event - b.event);
  return found;
}

function possibleStretches(view: View, path: number, voice: string | null, possible: readonly Suppose[]): Stretch[] {
  const now = said(view, path, voice, null);
  const found: Stretch[] = [];
  for (const suppose of possible) {
    const would = said(view, path, voice, suppose);
    const unchanged = (now === null) === (would === null) && same(now?.value ?? null, would?.value ?? null);
    if (unchanged) continue;
    const event = view.chronicle.events[suppose.event]!;
    const text = suppose.ended ? (event.end ?? event.since) : event.since;
    const moment = suppose.ended ? event.ending!.from : event.span[0];
    const from = { event: event.number, end: suppose.ended, text, moment };
    found.push({ value: would?.value ?? null, from, to: null, voice, certain: false, event: event.number });
  }
  return found;
}

/** Events as chronologies are written: by the earliest moment of the date, the longer first, then in replay order. */
export function inListingOrder(chronicle: Chronicle): readonly Event[] {
  let sorted = listings.get(chronicle);
  if (!sorted) {
    sorted = [...chronicle.events].sort((a, b) => compare(a.written[0], b.written[0]) || compare(b.written[1], a.written[1]) || a.number - b.number);
    listings.set(chronicle, sorted);
  }
  return sorted;
}

/** Sorted once for each chronicle. */
const listings = new WeakMap<Chronicle, readonly Event[]>();

/** Whether an event's written span overlaps a window, as `--since` and `--until` have it. */
export const overlaps = (event: Event, since: Moment, until: Moment): boolean =>
  (isBefore(event.written[0], until) || !isFinite(until)) && (isBefore(since, event.written[1]) || !isFinite(since));

