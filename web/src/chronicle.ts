// The data of the page, decoded: events in replay order, and for every path its assertions in that order. Knows nothing
// of viewpoints.

import type { Calendar } from "./date";
import { decodeMoment, earlier, FUTURE, type Moment, Zone } from "./moment";
import { matches, segments } from "./path";
import { type DataValue, decodeValue, type Does, type Value } from "./value";

type DataMoment = number | string;

interface DataChange {
  path?: number;
  pattern?: string;
  does: Does;
  value?: DataValue;
  voice?: string;
  during?: boolean;
}

export interface Source {
  title?: string;
  publisher?: string;
  date?: string;
  url?: string;
  archived?: string;
  language?: string;
  reliability?: string;
}

export interface Citation extends Source {
  source?: string;
  quote?: string;
  page?: string;
}

export interface Diagnostic {
  code: string;
  severity: string;
  message: string;
  file: string;
  line: number;
  column: number;
  help: string | null;
}

interface Written {
  id: string;
  date: string;
  words: string;
  end?: string | undefined;
  until?: string | undefined;
  known?: string | undefined;
  title: string;
  summary?: string | undefined;
  kind?: string | undefined;
  place?: string | undefined;
  confidence?: string | undefined;
  file: string;
  line: number;
  meta?: unknown;
}

interface DataEvent extends Written {
  day?: string;
  since?: string;
  written?: [DataMoment, DataMoment];
  span: [DataMoment, DataMoment];
  known_from?: DataMoment;
  ending?: { from: DataMoment; by: DataMoment; just_after?: boolean };
  actors?: string[];
  tags?: string[];
  because?: number[];
  after?: number[];
  replaces?: number[];
  sources?: Citation[];
  claim_sources?: Record<string, Citation[]>;
  changes?: DataChange[];
}

export interface Data {
  asof: number;
  chronicle: string;
  timezone: string;
  seasons: string;
  circa: { day: number; month: number; year: number };
  left_out: number;
  entities: Record<string, { name?: string; kind?: string; also?: string[] }>;
  voices: { voice: string; name?: string; part_of?: string }[];
  sources: Record<string, Source>;
  paths: { path: string; label?: string; unit?: string }[];
  events: DataEvent[];
  diagnostics: Diagnostic[];
}

export interface Change {
  readonly path: number | null;
  readonly pattern: string | null;
  readonly does: Does;
  readonly value: Value | null;
  readonly voice: string | null;
  readonly during: boolean;
}

export interface Ending {
  readonly from: Moment;
  readonly by: Moment;
  readonly justAfter: boolean;
}

export interface Event extends Written {
  readonly number: number;
  /** The day it began, in words; `since` is the same as written. */
  readonly day: string;
  readonly since: string;
  readonly written: readonly [Moment, Moment];
  /** Possible after its start, certain from its end on. */
  readonly span: readonly [Moment, Moment];
  readonly knownFrom: Moment;
  readonly ending: Ending | null;
  readonly actors: readonly string[];
  readonly tags: readonly string[];
  readonly because: readonly number[];
  readonly after: readonly number[];
  readonly replaces: readonly number[];
  readonly sources: readonly Citation[];
  readonly claimSources: ReadonlyMap<string, readonly Citation[]>;
  readonly changes: readonly Change[];
  /** The paths that it touches, in order. */
  readonly touched: readonly number[];
}

/** What one event says of one path. */
export interface Assertion {
  readonly event: number;
  readonly change: Change;
  /** Its place in the order within one event. */
  readonly rank: number;
}

export interface PathInfo {
  readonly number: number;
  readonly path: string;
  readonly segments: readonly string[];
  readonly label: string | undefined;
  readonly unit: string | undefined;
  readonly assertions: Assertion[];
}

type PathsOf = (change: Change) => readonly number[];

const ORDER: readonly Does[] = ["unset", "set", "remove", "add", "decrease", "increase"];

export class Chronicle {
  readonly title: string;
  readonly calendar: Calendar;
  readonly leftOut: number;
  readonly diagnostics: readonly Diagnostic[];
  readonly entities: ReadonlyMap<string, { name?: string; kind?: string; also?: string[] }>;
  readonly voices: ReadonlyMap<string, { name?: string; part_of?: string }>;
  /** The place of each voice in the order of names. */
  readonly voiceOrder: ReadonlyMap<string, number>;
  readonly sources: ReadonlyMap<string, Source>;
  readonly paths: readonly PathInfo[];
  readonly pathNumbers: ReadonlyMap<string, number>;
  readonly events: readonly Event[];
  readonly numbers: ReadonlyMap<string, number>;
  /** The events that hold something `during`. */
  readonly lasting: readonly number[];
  readonly replacedBy: ReadonlyMap<number, readonly number[]>;
  /** For every event those that name it as a cause. */
  readonly consequences: ReadonlyMap<number, readonly number[]>;
  /** From each event to the last, the earliest moment from which one of them is possible. */
  readonly possibleFrom: readonly Moment[];
  readonly #folded = new Map<number, string>();

  constructor(data: Data) {
    this.title = data.chronicle;
    this.calendar = { zone: zoneOf(data.timezone), southern: data.seasons === "southern", circa: data.circa };
    this.leftOut = data.left_out;
    this.diagnostics = data.diagnostics;
    this.entities = new Map(Object.entries(data.entities));
    this.voices = new Map(data.voices.map(({ voice, ...rest }) => [voice, rest]));
    this.voiceOrder = new Map(data.voices.map(({ voice }, place) => [voice, place]));
    this.sources = new Map(Object.entries(data.sources));
    this.paths = data.paths.map(({ path, label, unit }, number) => {
      return { number, path, segments: segments(path), label, unit, assertions: [] };
    });
    this.pathNumbers = new Map(this.paths.map(({ path, number }) => [path, number]));
    const pathsOf = this.#spread(data);
    this.events = data.events.map((event, number) => decodeEvent(event, number, pathsOf));
    this.numbers = new Map(this.events.map(({ id, number }) => [id, number]));
    this.lasting = this.events.filter(holds).map(({ number }) => number);
    this.replacedBy = reversed(this.events, (event) => event.replaces);
    this.consequences = reversed(this.events, (event) => event.because);
    let least = FUTURE;
    const from: Moment[] = new Array(this.events.length);
    for (let i = this.events.length - 1; i >= 0; i--) from[i] = least = earlier(least, this.events[i]!.span[0]);
    this.possibleFrom = from;
    this.#assert(pathsOf);
  }

  /** The paths that a change speaks of. A voice's `unset` ends only what that voice itself ever claims. */
  #spread(data: Data): PathsOf {
    const claimed = new Set<string>();
    for (const event of data.events) {
      for (const { voice, path } of event.changes ?? []) if (voice && path !== undefined) claimed.add(`${path} ${voice}`);
    }
    const matching = new Map<string, number[]>();
    return ({ path, pattern, voice }) => {
      if (path !== null) return [path];
      let found = matching.get(pattern!);
      if (!found) {
        const parts = segments(pattern!);
        found = this.paths.filter((path) => matches(parts, path.segments)).map(({ number }) => number);
        matching.set(pattern!, found);
      }
      return voice === null ? found : found.filter((path) => claimed.has(`${path} ${voice}`));
    };
  }

  /** Sorts every change under the paths that it speaks of. */
  #assert(pathsOf: PathsOf): void {
    for (const event of this.events) {
      const ranked = event.changes.map((change) => ({ change, rank: ORDER.indexOf(change.does) * 2 + (change.during ? 1 : 0) }));
      ranked.sort((a, b) => a.rank - b.rank);
      for (const { change, rank } of ranked) {
        for (const path of pathsOf(change)) this.paths[path]!.assertions.push({ event: event.number, change, rank });
      }
    }
  }

  /** The number of the event of an id. */
  find(id: string): Event | null {
    return this.events[this.numbers.get(id.normalize("NFC")) ?? -1] ?? null;
  }

  /** Whether a voice is another or a part of it. */
  isWithin(voice: string, whole: string): boolean {
    return this.above(voice).includes(whole);
  }

  /** A voice, the voice it is part of, and so on upwards. */
  above(voice: string): string[] {
    const found = [voice];
    for (let next = this.voices.get(voice)?.part_of; next && !found.includes(next); next = this.voices.get(next)?.part_of) {
      found.push(next);
    }
    return found;
  }

  /** What to call an entity or a voice. */
  name(id: string): string {
    return this.entities.get(id)?.name ?? this.voices.get(id)?.name ?? id;
  }

  voiceName(id: string): string {
    return this.voices.get(id)?.name ?? this.name(id);
  }

  /** Title and summary without regard to case. */
  foldedText(event: number): string {
    let text = this.#folded.get(event);
    if (text === undefined) {
      const { title, summary } = this.events[event]!;
      this.#folded.set(event, (text = `${folded(title)}\n${folded(summary ?? "")}`));
    }
    return text;
  }
}

/** A text for comparing without regard to case: up and down again, so that `ß` is `ss`. */
export const folded = (text: string): string => text.normalize("NFC").toUpperCase().toLowerCase();

const holds = (event: Event): boolean => event.ending !== null && event.changes.some((change) => change.during);

function zoneOf(name: string): Zone {
  try {
    return new Zone(name);
  } catch {
    // A browser that lacks the zone shows days of UTC; the moments of events are reckoned already.
    return new Zone("UTC");
  }
}

function reversed(events: readonly Event[], links: (event: Event) => readonly number[]): Map<number, number[]> {
  const found = new Map<number, number[]>();
  for (const event of events) {
    for (const link of new Set(links(event))) {
      const list = found.get(link);
      if (list) list.push(event.number);
      else found.set(link, [event.number]);
    }
  }
  return found;
}

function decodeEvent(data: DataEvent, number: number, pathsOf: PathsOf): Event {
  const pair = ([from, to]: [DataMoment, DataMoment]): [Moment, Moment] => [decodeMoment(from), decodeMoment(to)];
  const span = pair(data.span);
  const changes = (data.changes ?? []).map((change): Change => ({
    path: change.path ?? null,
    pattern: change.pattern ?? null,
    does: change.does,
    value: change.value === undefined ? null : decodeValue(change.value),
    voice: change.voice ?? null,
    during: change.during ?? false,
  }));
  const { ending } = data;
  // Every event has the same keys in the same order, which makes reading them fast.
  return {
    id: data.id,
    date: data.date,
    words: data.words,
    title: data.title,
    summary: data.summary,
    kind: data.kind,
    place: data.place,
    confidence: data.confidence,
    end: data.end,
    until: data.until,
    known: data.known,
    file: data.file,
    line: data.line,
    meta: data.meta,
    number,
    day: data.day ?? data.words,
    since: data.since ?? data.date,
    span,
    written: data.written ? pair(data.written) : span,
    knownFrom: data.known_from === undefined ? span[1] : decodeMoment(data.known_from),
    ending: ending ? { from: decodeMoment(ending.from), by: decodeMoment(ending.by), justAfter: ending.just_after ?? false } : null,
    actors: data.actors ?? [],
    tags: data.tags ?? [],
    because: data.because ?? [],
    after: data.after ?? [],
    replaces: data.replaces ?? [],
    sources: data.sources ?? [],
    claimSources: data.claim_sources ? new Map(Object.entries(data.claim_sources)) : NONE,
    changes,
    touched: touchedBy(changes, pathsOf),
  };
}

const NONE: ReadonlyMap<string, readonly Citation[]> = new Map();

function touchedBy(changes: readonly Change[], pathsOf: PathsOf): readonly number[] {
  const paths = changes.length === 1 ? pathsOf(changes[0]!) : [...new Set(changes.flatMap((change) => pathsOf(change)))];
  return paths.length > 1 ? [...paths].sort((a, b) => a - b) : paths;
}
