// Random chronicles and viewpoints, small alphabets, so that everything collides with everything; seeded. Written as JSON
// files, which the program reads as event files. A path keeps its kind, so that most of them load whole.

export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A whole number below `most` (mulberry32). */
  below(most: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * most);
  }

  one<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  some<T>(list: readonly T[], percent: number): T[] {
    return list.filter(() => this.chance(percent));
  }
}

const VOICES = ["east", "north", "south", "west"];
const ZONES = ["UTC", "Europe/Kyiv", "America/St_Johns", "Asia/Tehran"];
const PATHS = {
  text: ["a.text", 'a."20.04"', "b.c.text"],
  number: ["a.number", "b.number"],
  estimate: ["a.rough", "b.c.rough"],
  set: ["a.set", "b.set"],
  truth: ["b.truth"],
} as const;
const WORDS = ["apple", "pear", "quince", "Straße", "Ελλάς", "\u{1f34e} x", "\uff41 x"];
const NUMBERS = [1, 2.5, -3, 0, 0.1, 1000000, 12345678901234];
const ROUGH = [{ low: 1, best: 2, high: 5 }, { low: 0.5, best: 3 }, { best: 2, high: 7 }, { best: 4 }, 3];
const PATTERNS = ["a.**", "b.*", "**", "**.text", "b.c.**", "*.set"];

const pad = (number: number): string => String(number).padStart(2, "0");

/** A day of three years. */
const day = (dice: Dice): string => `${2021 + dice.below(3)}-${pad(1 + dice.below(12))}-${pad(1 + dice.below(28))}`;

/** A date of any form that the page reads. */
export function date(dice: Dice, interval = true): string {
  const d = day(dice);
  const forms: (() => string)[] = [
    () => d,
    () => d,
    () => d,
    () => d.slice(0, 7),
    () => d.slice(0, 4),
    () => `${d.slice(0, 4)}-${dice.one(["21", "22", "23", "24", "33", "34", "35", "36"])}`,
    () => `${dice.one([d, d.slice(0, 7), d.slice(0, 4)])}${dice.one(["~", "?", "%"])}`,
    () => `${d}T${pad(dice.below(24))}:${pad(dice.below(60))}${dice.one(["Z", "+03:00", "-07:30"])}`,
    () => `${d}T${pad(4 + dice.below(18))}:${pad(dice.below(60))}:${pad(dice.below(60))}${dice.one(["", ".5", ".123456789", "Z"])}`,
    () => "202X",
    () => `[${d.slice(0, 7)}..${Number(d.slice(0, 4)) + 1}]`,
  ];
  const ranges: (() => string)[] = [
    () => `${d}/${Number(d.slice(0, 4)) + 1}-${pad(1 + dice.below(12))}-15`,
    () => `${d.slice(0, 7)}/${Number(d.slice(0, 4)) + 1}`,
    () => `${d}/${Number(d.slice(0, 4)) + 1}-06~`,
    () => `${d}/..`,
    () => `${d}/`,
    () => `../${d}`,
  ];
  return dice.one(interval ? [...forms, ...ranges] : forms)();
}

type Changes = Record<string, unknown>;

function changes(dice: Dice, lasts: boolean, voice: boolean): Changes {
  const found: Record<string, Record<string, unknown> & unknown[]> = {};
  const during: Record<string, Record<string, unknown>> = {};
  const used = new Set<string>();
  for (let i = dice.below(4); i > 0; i--) {
    const kind = dice.one(Object.keys(PATHS) as (keyof typeof PATHS)[]);
    const path = dice.one(PATHS[kind] as readonly string[]);
    if (used.has(path)) continue;
    used.add(path);
    const into = lasts && dice.chance(35) ? during : found;
    const put = (does: string, value: unknown): void => {
      (into[does] ??= {} as never)[path] = value as never;
    };
    const does = voice ? "set" : dice.one(["set", "set", "delta", "delta"]);
    if (dice.chance(15)) {
      (into.unset as unknown as string[] | undefined)?.push(dice.chance(40) ? dice.one(PATTERNS) : path);
      into.unset ??= [dice.chance(40) ? dice.one(PATTERNS) : path] as never;
    } else if (kind === "text" || kind === "truth") {
      put("set", kind === "text" ? dice.one(WORDS) : dice.chance(50));
    } else if (kind === "set") {
      if (does === "set") put("set", dice.some(["p", "q", "r", 7, true], 50));
      else put(dice.one(["add", "remove"]), dice.one([["p"], ["p", "r"], ["q"], [7]]));
    } else {
      const list: readonly unknown[] = kind === "number" ? NUMBERS : ROUGH;
      put(does === "set" ? "set" : dice.one(["increase", "decrease"]), dice.one(list));
    }
  }
  const unsets = (found.unset ?? []) as unknown as string[];
  if (unsets.length) found.unset = [...new Set(unsets)] as never;
  return Object.keys(during).length ? { ...found, during } : found;
}

/** A chronicle: its files, by name. */
export function chronicle(dice: Dice, most = 18): Map<string, string> {
  const events: Record<string, unknown>[] = [];
  for (let i = 3 + dice.below(most - 2); i > 0; i--) {
    const when = date(dice);
    const until = dice.chance(25) && !when.includes("/") ? `${2024 + dice.below(2)}-${dice.one(["03", "05-06", "06~", "22"])}` : undefined;
    const lasts = until !== undefined || when.includes("/");
    const claims: Record<string, unknown> = {};
    for (const voice of dice.some(VOICES, 25)) {
      const claimed = changes(dice, lasts, true);
      if (Object.keys(claimed).length) claims[voice] = claimed;
    }
    const earlier = events.map((event) => event.id as string);
    events.push({
      id: `e${events.length}`,
      date: when,
      title: `Event ${events.length} ${dice.one(WORDS)}`,
      ...(until ? { until } : {}),
      ...(dice.chance(25) ? { known: date(dice, false) } : {}),
      ...(dice.chance(60) ? { kind: dice.one(["talks", "battle"]) } : {}),
      ...(dice.chance(30) ? { summary: `It was ${dice.one(WORDS)}.` } : {}),
      actors: dice.some(["ann", "bob"], 30),
      tags: dice.some(["red", "green"], 30),
      sources: dice.some(["s1", "s2", "s3"], 30),
      ...(earlier.length && dice.chance(12) ? { replaces: [dice.one(earlier)] } : {}),
      ...(dice.chance(20) ? { confidence: dice.one(["low", "medium", "high"]) } : {}),
      ...(Object.keys(claims).length ? { claims } : {}),
      ...changes(dice, lasts, false),
    });
  }
  const files = new Map<string, string>();
  const part = dice.chance(50) ? { south: { part_of: "north" }, west: { part_of: "south" } } : {};
  const voices = Object.fromEntries(VOICES.map((voice) => [voice, { name: `The ${voice}`, ...(part as Record<string, object>)[voice] }]));
  const manifest = {
    asof: 1,
    title: "Random </script><b>",
    timezone: dice.one(ZONES),
    ...(dice.chance(30) ? { circa: { day: 3, month: 2, year: 1 }, seasons: "southern" } : {}),
    voices,
  };
  // The manifest is YAML, of which JSON is a part.
  files.set("chronicle.yaml", JSON.stringify(manifest));
  for (let at = 0; at < events.length; at += 5) files.set(`f${9 - at / 5}.json`, JSON.stringify(events.slice(at, at + 5)));
  return files;
}

export interface Asked {
  at: string | null;
  knownBy: string | null;
  accordingTo: string | null;
  only: string[];
  without: string[];
}

/** A viewpoint of names that the random chronicles have (most of them). */
export function viewpoint(dice: Dice, ids: readonly string[]): Asked {
  const filter = (): string => {
    const term = (): string =>
      dice.one([
        () => dice.one(ids),
        () => `tag:${dice.one(["red", "green"])}`,
        () => `kind:${dice.one(["talks", "battle"])}`,
        () => `actor:${dice.one(["ann", "bob"])}`,
        () => `source:${dice.one(["s1", "s2", "s3"])}`,
        () => `voice:${dice.one(VOICES)}`,
        () => `path:${dice.one(["a", "b.c", "**.text", "a.*", 'a."20.04"'])}`,
        () => `confidence:${dice.one(["low", "high"])}`,
        () => dice.one(["/STRASSE/", "/event 1/", "/ΕΛΛΆΣ/"]),
      ])();
    const word = (): string => (dice.chance(25) ? "not:" : "") + term();
    return dice.one([() => word(), () => `${word()},${word()}`, () => `${word()} ${word()}`])();
  };
  const filters = (percent: number): string[] => (dice.chance(percent) ? [filter(), ...(dice.chance(30) ? [filter()] : [])] : []);
  return {
    at: dice.one([() => null, () => date(dice), () => date(dice), () => date(dice, false), () => dice.one(ids), () => `${dice.one(ids)}^`])(),
    knownBy: dice.chance(30) ? date(dice, false) : null,
    accordingTo: dice.chance(40) ? dice.one(VOICES) : null,
    only: filters(20),
    without: filters(35),
  };
}
