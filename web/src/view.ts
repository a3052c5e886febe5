// Viewpoints: from where one looks, in words as the address and the command line have them, and looked up in a
// chronicle: which events count, which have happened, whose claims come first. Knows nothing of values.

import type { Chronicle, Event } from "./chronicle";
import { DateFault, readDate, type ReadDate } from "./date";
import { Filter } from "./filter";
import { isBefore, isBy, isFinite, justAfter, later, type Moment, PAST } from "./moment";

/** Selectors as they are written. */
export interface Selectors {
  readonly at: string | null;
  readonly knownBy: string | null;
  readonly accordingTo: string | null;
  readonly only: readonly string[];
  readonly without: readonly string[];
}

export const PLAIN: Selectors = { at: null, knownBy: null, accordingTo: null, only: [], without: [] };

export class ViewFault extends Error {}

/** The moment asked for, as it was asked. */
export type At =
  | { readonly kind: "last" }
  | { readonly kind: "end"; readonly date: ReadDate }
  | { readonly kind: "event"; readonly event: Event; readonly after: boolean };

/** What counts, whatever the moment. */
interface Counting {
  readonly counts: Uint8Array | null;
  readonly silent: ReadonlySet<string>;
  readonly key: string;
}

export class View {
  private constructor(
    readonly chronicle: Chronicle,
    readonly selectors: Selectors,
    readonly at: At,
    readonly knownBy: ReadDate | null,
    readonly moment: Moment,
    /** So many events of the replay order have happened for certain, those of them that count. */
    readonly certain: number,
    private readonly counting: Counting,
  ) {}

  /** Looks selectors up; throws a fault in words where they name what there is not. */
  static of(chronicle: Chronicle, selectors: Selectors): View {
    const { knownBy: by, accordingTo } = selectors;
    const knownBy = by === null ? null : readDate(by, chronicle.calendar);
    if (accordingTo !== null && !chronicle.voices.has(accordingTo)) throw new ViewFault(`no voice is called “${accordingTo}”`);
    const counting = countingOf(chronicle, selectors, knownBy);
    const view = new View(chronicle, selectors, { kind: "last" }, knownBy, PAST, 0, counting);
    return selectors.at === null ? view.atLast() : view.stand(selectors.at);
  }

  get voice(): string | null {
    return this.selectors.accordingTo;
  }

  get silent(): ReadonlySet<string> {
    return this.counting.silent;
  }

  counts(event: number): boolean {
    return this.counting.counts === null || this.counting.counts[event] === 1;
  }

  isCertain(event: number): boolean {
    return event < this.certain && this.counts(event);
  }

  isPossible(event: number): boolean {
    const [from, by] = this.chronicle.events[event]!.span;
    return event >= this.certain && isBefore(from, this.moment) && isBefore(this.moment, by) && this.counts(event);
  }

  order(voice: string): number {
    return this.chronicle.voiceOrder.get(voice) ?? -1;
  }

  /** Whether two viewpoints are the same but for the moment. */
  isSameBut(other: View): boolean {
    return this.chronicle === other.chronicle && this.counting.key === other.counting.key && this.voice === other.voice;
  }

  /** The same viewpoint just after an event, or just before it. */
  atEvent(event: number, after: boolean): View {
    const found = this.chronicle.events[event]!;
    return this.#moved({ kind: "event", event: found, after }, found.span[1], event + (after ? 1 : 0));
  }

  /** The same viewpoint at a moment. */
  atMoment(moment: Moment, certain = certainAt(this.chronicle, moment, true)): View {
    return this.#moved(this.at, moment, certain);
  }

  /** Just after the last event that counts. */
  atLast(): View {
    let last = PAST;
    for (const { span, number } of this.chronicle.events) {
      if (!this.counts(number)) continue;
      const finite = isFinite(span[1]) ? span[1] : span[0];
      if (isFinite(finite)) last = later(last, finite);
    }
    return this.#moved({ kind: "last" }, last, certainAt(this.chronicle, last, true));
  }

  /** The same viewpoint at the moment that a text names: a date, an event, or an event with `^`. */
  stand(text: string): View {
    let fault: Error;
    try {
      const date = readDate(text, this.chronicle.calendar);
      if (!isFinite(date.end)) return this.atLast();
      return this.#moved({ kind: "end", date }, date.end, certainAt(this.chronicle, date.end, true));
    } catch (error) {
      if (!(error instanceof DateFault)) throw error;
      fault = error;
    }
    const exact = this.chronicle.find(text);
    const event = exact ?? (text.endsWith("^") ? this.chronicle.find(text.slice(0, -1)) : null);
    if (!event) throw fault;
    if (!this.counts(event.number)) throw new ViewFault(`“${event.id}” does not count in this viewpoint, so it is no moment in it`);
    return this.atEvent(event.number, exact !== null);
  }

  /** Just after everything that ever ends for certain has ended, or as it is if that is later. */
  afterLastEnd(): View {
    let last = PAST;
    for (const n of this.chronicle.lasting) {
      const by = this.chronicle.events[n]!.ending!.by;
      if (this.counts(n) && isFinite(by)) last = later(last, by);
    }
    return isFinite(last) && isBefore(this.moment, justAfter(last)) ? this.atMoment(justAfter(last)) : this;
  }

  /** The next event that counts, from one of the replay order on or back. */
  next(from: number, way: 1 | -1): number | null {
    for (let n = from + way; n >= 0 && n < this.chronicle.events.length; n += way) if (this.counts(n)) return n;
    return null;
  }

  /** The last event that has happened. */
  get last(): number | null {
    return this.next(this.certain, -1);
  }

  /** How many events that count are certain. */
  get countOfCertain(): number {
    let count = 0;
    for (let n = 0; n < this.certain; n++) if (this.counts(n)) count += 1;
    return count;
  }

  #moved(at: At, moment: Moment, certain: number): View {
    return new View(this.chronicle, this.selectors, at, this.knownBy, moment, certain, this.counting);
  }
}

/** How many events are certain at a moment (`through`), or before it. */
export function certainAt(chronicle: Chronicle, moment: Moment, through: boolean): number {
  let [low, high] = [0, chronicle.events.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const end = chronicle.events[middle]!.span[1];
    if (through ? isBy(end, moment) : isBefore(end, moment)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Which events count: those that match, are known, and are not void. What is known, kept and not void itself makes void
 * what it replaces, wanted or not. */
function countingOf(chronicle: Chronicle, selectors: Selectors, knownBy: ReadDate | null): Counting {
  const key = JSON.stringify([selectors.knownBy, selectors.only, selectors.without]);
  const read = (texts: readonly string[]): Filter[] => texts.map((text) => Filter.parse(text, chronicle));
  const only = read(selectors.only);
  const filters = read(selectors.without);
  const without = filters.filter((filter) => !filter.isOfVoices);
  const gone = new Set(without.flatMap((filter) => filter.named("source")));
  const silenced = filters.filter((filter) => filter.isOfVoices).flatMap((filter) => filter.named("voice"));
  const isSilent = (voice: string): boolean => silenced.some((whole) => chronicle.isWithin(voice, whole));
  const silent = new Set([...chronicle.voices.keys()].filter(isSilent));
  const by = knownBy && isFinite(knownBy.end) ? knownBy.end : null;
  if (!only.length && !without.length && !by && chronicle.replacedBy.size === 0) return { counts: null, silent, key };
  const stands = new Uint8Array(chronicle.events.length);
  for (const event of chronicle.events) {
    const kept = !without.some((filter) => filter.leavesOut(event, gone));
    stands[event.number] = kept && (!by || isBy(event.knownFrom, by)) ? 1 : 0;
  }
  voidReplaced(chronicle, stands);
  const counts = stands.slice();
  if (only.length) for (const event of chronicle.events) if (!only.every((filter) => filter.matches(event))) counts[event.number] = 0;
  return { counts, silent, key };
}

/** Voids what is replaced by events that stand, the last corrections first. */
function voidReplaced(chronicle: Chronicle, stands: Uint8Array): void {
  const open = new Map([...chronicle.replacedBy].map(([event, by]) => [event, by.length]));
  const settled = chronicle.events.filter(({ number }) => !open.has(number)).map(({ number }) => number);
  for (let correction = settled.pop(); correction !== undefined; correction = settled.pop()) {
    for (const event of new Set(chronicle.events[correction]!.replaces)) {
      if (stands[correction]) stands[event] = 0;
      const left = open.get(event)! - 1;
      open.set(event, left);
      if (left === 0) settled.push(event);
    }
  }
}
