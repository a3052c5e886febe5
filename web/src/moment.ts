// Moments of the UTC time line, days, and the clocks of a time zone. Knows nothing of how a date is written.

/** Seconds since 1970-01-01T00:00:00Z, perhaps infinite, and nanoseconds after them. */
export interface Moment {
  readonly s: number;
  readonly n: number;
}

export const PAST: Moment = { s: -Infinity, n: 0 };
export const FUTURE: Moment = { s: Infinity, n: 0 };
export const DAY = 86400;

export const at = (s: number, n = 0): Moment => ({ s, n });
export const isFinite = (m: Moment): boolean => Number.isFinite(m.s);
export const compare = (a: Moment, b: Moment): number => (a.s === b.s ? a.n - b.n : a.s < b.s ? -1 : 1);
export const isBefore = (a: Moment, b: Moment): boolean => (a.s === b.s ? a.n < b.n : a.s < b.s);
export const isBy = (a: Moment, b: Moment): boolean => !isBefore(b, a);
export const later = (a: Moment, b: Moment): Moment => (isBefore(a, b) ? b : a);
export const earlier = (a: Moment, b: Moment): Moment => (isBefore(b, a) ? b : a);

/** The next moment that can be told apart. */
export const justAfter = (m: Moment): Moment => (m.n === 999_999_999 ? at(m.s + 1) : at(m.s, m.n + 1));

/** A moment of the data: a number, a decimal text with nanoseconds, or `-` and `+` for the infinite ones. */
export function decodeMoment(data: number | string): Moment {
  if (typeof data === "number") return at(data);
  if (data === "-") return PAST;
  if (data === "+") return FUTURE;
  const [seconds = "0", nanos = "0"] = data.split(".");
  return at(Number(seconds), Number(nanos));
}

/** A day of the proleptic Gregorian calendar; the year 0 is 1 BCE. */
export interface Civil {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

const div = (a: number, b: number): number => Math.floor(a / b);
const mod = (a: number, b: number): number => a - b * Math.floor(a / b);

/** Days since 1970-01-01. Years are counted from March, so that the leap day is the last of its year. */
export function daysOf({ year, month, day }: Civil): number {
  const y = month <= 2 ? year - 1 : year;
  const ofYear = div(153 * ((month + 9) % 12) + 2, 5) + day - 1;
  const yearOfEra = mod(y, 400);
  return div(y, 400) * 146097 + yearOfEra * 365 + div(yearOfEra, 4) - div(yearOfEra, 100) + ofYear - 719468;
}

/** The day so many days after 1970-01-01. */
export function civilOf(days: number): Civil {
  const shifted = days + 719468;
  const era = div(shifted, 146097);
  const ofEra = shifted - era * 146097;
  const year = div(ofEra - div(ofEra, 1460) + div(ofEra, 36524) - div(ofEra, 146096), 365);
  const ofYear = ofEra - (365 * year + div(year, 4) - div(year, 100));
  const march = div(5 * ofYear + 2, 153);
  const month = march < 10 ? march + 3 : march - 9;
  return { year: year + era * 400 + (month <= 2 ? 1 : 0), month, day: ofYear - div(153 * march + 2, 5) + 1 };
}

export const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
export const daysIn = (year: number, month: number): number =>
  month === 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;

/** The day so many months later, the last of its month where that one is too short. */
export function plusMonths(date: Civil, months: number): Civil {
  const count = date.year * 12 + date.month - 1 + months;
  const [year, month] = [div(count, 12), mod(count, 12) + 1];
  return { year, month, day: Math.min(date.day, daysIn(year, month)) };
}

/** Where the lists of time zones end, in the browser and in the program: beyond, the last offset stays. */
const LISTED: readonly [number, number] = [-8.6e12, 4_102_444_799];

/** The clocks of a time zone. */
export class Zone {
  readonly #format: Intl.DateTimeFormat | null;
  readonly #known = new Map<number, number>();

  constructor(readonly name: string) {
    const parts = { year: "numeric", month: "numeric", day: "numeric", era: "short" } as const;
    const time = { hour: "numeric", minute: "numeric", second: "numeric", hourCycle: "h23" } as const;
    const isUtc = name === "UTC" || name === "Etc/UTC";
    this.#format = isUtc ? null : new Intl.DateTimeFormat("en-US", { timeZone: name, ...parts, ...time });
  }

  /** How many seconds local clocks are ahead of UTC. */
  offset(seconds: number): number {
    if (!this.#format) return 0;
    const utc = Math.floor(Math.min(Math.max(seconds, LISTED[0]), LISTED[1]));
    let offset = this.#known.get(utc);
    if (offset === undefined) {
      const said: Record<string, string> = {};
      for (const part of this.#format.formatToParts(utc * 1000)) said[part.type] = part.value;
      const year = said.era === "BC" ? 1 - Number(said.year) : Number(said.year);
      const days = daysOf({ year, month: Number(said.month), day: Number(said.day) });
      offset = days * DAY + Number(said.hour) * 3600 + Number(said.minute) * 60 + Number(said.second) - utc;
      if (this.#known.size > 20000) this.#known.clear();
      this.#known.set(utc, offset);
    }
    return offset;
  }

  /** When local clocks showed a time: once, twice (put back), or never (put forward over it at `first`). */
  reading(local: number): { first: number; last: number; never: boolean } {
    const offsets = [this.offset(local - 2 * DAY), this.offset(local + 2 * DAY)];
    const found = offsets.map((offset) => local - offset).filter((utc, i) => this.offset(utc) === offsets[i]);
    if (found.length > 0) return { first: Math.min(...found), last: Math.max(...found), never: false };
    let [low, high] = [local - 2 * DAY, local + 2 * DAY];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (this.offset(middle) === offsets[0]) low = middle;
      else high = middle;
    }
    return { first: high, last: high, never: true };
  }

  /** The moment at which a day, counted from 1970-01-01, begins. */
  midnight(days: number): Moment {
    return at(this.reading(days * DAY).first);
  }

  /** The local day of a moment, counted from 1970-01-01, and the second of that day. */
  local(moment: number): { days: number; second: number } {
    const local = moment + this.offset(moment);
    const days = Math.floor(local / DAY);
    return { days, second: local - days * DAY };
  }
}
