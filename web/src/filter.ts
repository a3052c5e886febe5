// The command line's filters: `tag:x,actor:y not:kind:z /words/`. A comma is *or*, a space is *and*. Knows nothing of
// viewpoints.

import { type Chronicle, type Event, folded } from "./chronicle";
import { glob, matches, PathFault } from "./path";

export class FilterFault extends Error {}

/** `gone`: the sources that all of `without` together leave out; an event falls only with all that it has. */
interface Test {
  readonly key: string;
  readonly name: string;
  readonly negated: boolean;
  readonly passes: (event: Event, gone: ReadonlySet<string> | null) => boolean;
}

const KEYS = ["tag", "actor", "place", "kind", "source", "voice", "path", "confidence"];

export class Filter {
  private constructor(
    readonly text: string,
    private readonly terms: readonly (readonly Test[])[],
  ) {}

  /** Reads a filter, and refuses what the chronicle does not have. `loose`: a word that is no filter is looked for in
   * title and summary, as one types it. */
  static parse(text: string, chronicle: Chronicle, loose = false): Filter {
    const terms = cut(text).map((term) => term.map((word) => test(word, chronicle, loose)));
    if (terms.length === 0) throw new FilterFault("a filter is empty");
    return new Filter(text, terms);
  }

  matches(event: Event): boolean {
    return this.terms.every((tests) => tests.some((one) => one.passes(event, null) !== one.negated));
  }

  /** Whether a `without` leaves an event out. */
  leavesOut(event: Event, gone: ReadonlySet<string>): boolean {
    return this.terms.every((tests) => tests.some((one) => one.passes(event, one.negated ? null : gone) !== one.negated));
  }

  /** Whether it speaks of voices alone: then `without` leaves out what they claimed, not the events that tell it. */
  get isOfVoices(): boolean {
    return this.terms.flat().every((one) => one.key === "voice" && !one.negated);
  }

  /** The sources or voices that it names. */
  named(key: "source" | "voice"): string[] {
    return this.terms.flat().filter((one) => one.key === key && !one.negated).map((one) => one.name);
  }
}

/** Cuts a filter into terms and these into words; between slashes blanks and commas are plain characters. */
function cut(text: string): string[][] {
  const terms: string[][] = [[""]];
  let inWords = false;
  for (const c of text) {
    const term = terms[terms.length - 1]!;
    const word = term[term.length - 1]!;
    const begins = word === "" || word === "not:";
    if (c === "/" && (inWords || begins)) {
      inWords = !inWords;
      term[term.length - 1] += c;
    } else if (!inWords && /\s/u.test(c)) {
      terms.push([""]);
    } else if (!inWords && c === ",") {
      term.push("");
    } else {
      term[term.length - 1] += c;
    }
  }
  if (inWords) throw new FilterFault("a `/` is opened and not closed");
  const kept = terms.filter((term) => term.some((word) => word !== ""));
  if (kept.flat().includes("")) throw new FilterFault("a term beside a comma is empty");
  return kept;
}

function test(word: string, chronicle: Chronicle, loose: boolean): Test {
  const negated = word.startsWith("not:");
  const rest = negated ? word.slice(4) : word;
  const words = (text: string): Test => {
    const wanted = folded(text);
    return { key: "words", name: text, negated, passes: (event) => chronicle.foldedText(event.number).includes(wanted) };
  };
  if (rest.length >= 2 && rest.startsWith("/") && rest.endsWith("/")) return words(rest.slice(1, -1));
  const colon = rest.indexOf(":");
  if (colon < 0) {
    const event = chronicle.find(rest);
    if (event) return { key: "id", name: event.id, negated, passes: (other) => other.number === event.number };
    if (loose) return words(rest);
    throw new FilterFault(`this chronicle has no event “${rest}”`);
  }
  const key = rest.slice(0, colon);
  const name = rest.slice(colon + 1).normalize("NFC");
  if (!KEYS.includes(key)) {
    if (loose) return words(rest);
    throw new FilterFault(`a filter knows no “${key}:”; it knows ${KEYS.map((key) => `${key}:`).join(" ")}`);
  }
  return { key, name, negated, passes: passesOf(key, name, chronicle) };
}

type Passes = Test["passes"];

function passesOf(key: string, name: string, chronicle: Chronicle): Passes {
  const known = (found: boolean): void => {
    if (!found) throw new FilterFault(`this chronicle has no ${key} “${name}”`);
  };
  const some = (wanted: (event: Event) => boolean): boolean => chronicle.events.some(wanted);
  const passes: Record<string, () => Passes> = {
    tag: () => {
      known(some((event) => event.tags.includes(name)));
      return (event) => event.tags.includes(name);
    },
    actor: () => {
      known(chronicle.entities.has(name) || some((event) => event.actors.includes(name)));
      return (event) => event.actors.includes(name);
    },
    place: () => {
      known(chronicle.entities.has(name) || some((event) => event.place === name));
      return (event) => event.place === name;
    },
    kind: () => {
      known(some((event) => event.kind === name));
      return (event) => event.kind === name;
    },
    source: () => {
      known(chronicle.sources.has(name));
      return (event, gone) => {
        const cited = sourceIds(event);
        return cited.includes(name) && (gone === null || cited.every((id) => id !== undefined && gone.has(id)));
      };
    },
    voice: () => {
      known(chronicle.voices.has(name));
      const family = new Set([...chronicle.voices.keys()].filter((voice) => chronicle.isWithin(voice, name)));
      return (event) => event.changes.some((change) => change.voice !== null && family.has(change.voice));
    },
    path: () => {
      const paths = new Set(pathsOf(name, chronicle));
      return (event) => event.touched.some((path) => paths.has(path));
    },
    confidence: () => {
      if (!["high", "medium", "low"].includes(name)) throw new FilterFault("a confidence is high, medium or low");
      return (event) => event.confidence === name;
    },
  };
  return passes[key]!();
}

/** The sources of an event, and of what its voices claim; of one without an id, nothing. */
const sourceIds = (event: Event): (string | undefined)[] =>
  [event.sources, ...event.claimSources.values()].flat().map((citation) => citation.source);

/** The numbers of the paths that a GLOB matches. */
export function pathsOf(text: string, chronicle: Chronicle): number[] {
  try {
    const parts = glob(text);
    const found = chronicle.paths.filter((path) => matches(parts, path.segments)).map(({ number }) => number);
    if (found.length > 0) return found;
  } catch (fault) {
    if (fault instanceof PathFault) throw new FilterFault(`“${text}” is no glob: ${fault.message}`);
    throw fault;
  }
  throw new FilterFault(`no path matches “${text}”`);
}
