// Dates of a question: as much of EDTF as a person types, what moment they end at, and their words. The chronicle's own
// dates come reckoned and in words; what is not read here is said to be so, and never guessed.

import { at, civilOf, type Civil, DAY, daysIn, daysOf, FUTURE, isBefore, type Moment, plusMonths, type Zone } from "./moment";

export interface Calendar {
  readonly zone: Zone;
  readonly southern: boolean;
  readonly circa: { readonly day: number; readonly month: number; readonly year: number };
}

/** A date that was read: its widened span, and its words. */
export interface ReadDate {
  readonly text: string;
  readonly start: Moment;
  readonly end: Moment;
  readonly written: readonly [Moment, Moment];
  readonly words: string;
}

export class DateFault extends Error {}

const MONTHS = "January February March April May June July August September October November December".split(" ");
const POINT = /^(-?\d{4}|Y-?\d{5,}|\d{3}X|\d\dXX)(?:-(\d\d)(?:-(\d\d))?)?([~?%]?)$/;
const INSTANT = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?([Zz]|[+-]\d\d(?::\d\d)?)?$/;

interface Point {
  readonly start: Moment;
  readonly end: Moment;
  readonly written: readonly [Moment, Moment];
  readonly words: string;
}

/** Reads a date; an interval or a range is from the first to the last. */
export function readDate(text: string, calendar: Calendar): ReadDate {
  const range = /^\[(.*)\.\.(.*)\]$/.exec(text);
  const slash = text.indexOf("/");
  if (range || slash >= 0) {
    const [from, to] = range ? [range[1]!, range[2]!] : [text.slice(0, slash), text.slice(slash + 1)];
    if (from === "" || from === ".." || to === "" || to === "..") {
      if (range && to === "" && from !== "") return open(text, readPoint(from, calendar));
      if (!range && (to === "" || to === "..") && from !== "" && from !== "..") return open(text, readPoint(from, calendar));
      if (to === "" || to === "..") throw new DateFault(`“${text}” has no end`);
      const end = readPoint(to, calendar);
      return { ...end, text, words: `until ${end.words}` };
    }
    const [one, two] = [readPoint(from, calendar), readPoint(to, calendar)];
    if (!isBefore(one.start, two.end)) throw new DateFault(`“${text}” ends before it starts`);
    const words = range ? `between ${one.words} and ${two.words}` : `${one.words} to ${two.words}`;
    return { text, start: one.start, end: two.end, written: [one.written[0], two.written[1]], words };
  }
  return { text, ...readPoint(text, calendar) };
}

const open = (text: string, from: Point): ReadDate => ({
  text,
  start: from.start,
  end: FUTURE,
  written: [from.written[0], FUTURE],
  words: `from ${from.words}`,
});

function readPoint(text: string, calendar: Calendar): Point {
  const instant = INSTANT.exec(text);
  if (instant) return readInstant(text, instant, calendar.zone);
  const parts = POINT.exec(text);
  if (!parts) throw new DateFault(`“${text}” is no date that the page reads: write 2025, 2025-05 or 2025-05-14`);
  const [, year = "", month, day, mark = ""] = parts;
  const circa = mark === "~" || mark === "%";
  const about = { "": "", "~": "about ", "?": "perhaps ", "%": "perhaps about " }[mark] ?? "";
  const midnight = (days: number): Moment => calendar.zone.midnight(days);
  if (year.endsWith("X")) {
    if (month) throw new DateFault(`“${text}” is no date that the page reads`);
    const length = year.endsWith("XX") ? 100 : 10;
    const first = Number(year.replaceAll("X", "0"));
    const of = (y: number): Moment => midnight(daysOf({ year: y, month: 1, day: 1 }));
    const by = circa ? length : 0;
    const words = length === 10 ? `${about}the ${first}s` : `${about}the years ${first} to ${first + 99}`;
    return { start: of(first - by), end: of(first + length + by), written: [of(first), of(first + length)], words };
  }
  if (year === "-0000") throw new DateFault("there is no year -0000");
  const y = Number(year.replace("Y", ""));
  if (day !== undefined) {
    const [m, d] = [Number(month), Number(day)];
    if (m < 1 || m > 12 || d < 1 || d > daysIn(y, m)) throw new DateFault(`“${text}”: there is no such day`);
    const days = daysOf({ year: y, month: m, day: d });
    const by = circa ? calendar.circa.day : 0;
    const written: [Moment, Moment] = [midnight(days), midnight(days + 1)];
    return { start: midnight(days - by), end: midnight(days + 1 + by), written, words: about + dayWords({ year: y, month: m, day: d }) };
  }
  const months = month === undefined ? { from: 1, count: 12, words: yearWords(y) } : monthsOf(y, Number(month), calendar.southern);
  if (!months) throw new DateFault(`“${text}”: there is no month or season ${month}`);
  const first: Civil = plusMonths({ year: y, month: 1, day: 1 }, months.from - 1);
  const widen = month === undefined ? calendar.circa.year * 12 : months.count === 1 ? calendar.circa.month : months.count;
  const by = circa ? widen : 0;
  const of = (months: number): Moment => midnight(daysOf(plusMonths(first, months)));
  return { start: of(-by), end: of(months.count + by), written: [of(0), of(months.count)], words: about + months.words };
}

function monthsOf(year: number, month: number, southern: boolean): { from: number; count: number; words: string } | null {
  const said = yearWords(year);
  if (month >= 1 && month <= 12) return { from: month, count: 1, words: `${MONTHS[month - 1]} ${said}` };
  if (month >= 21 && month <= 24) {
    const name = ["spring", "summer", "autumn", "winter"][month - 21]!;
    const from = southern ? [9, 12, 3, 6][month - 21]! : [3, 6, 9, 12][month - 21]!;
    return { from, count: 3, words: `${name} ${said}` };
  }
  if (month >= 33 && month <= 36) return { from: (month - 33) * 3 + 1, count: 3, words: `quarter ${month - 32} of ${said}` };
  if (month >= 40 && month <= 41) return { from: (month - 40) * 6 + 1, count: 6, words: `half ${month - 39} of ${said}` };
  return null;
}

function readInstant(text: string, parts: RegExpExecArray, zone: Zone): Point {
  const [year, month, day, hour, minute] = parts.slice(1, 6).map(Number) as [number, number, number, number, number];
  const second = parts[6] === undefined ? null : Number(parts[6]);
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month) || hour > 23 || minute > 59 || (second ?? 0) > 59) {
    throw new DateFault(`“${text}”: there is no such time`);
  }
  const local = daysOf({ year, month, day }) * DAY + hour * 3600 + minute * 60 + (second ?? 0);
  let [first, last] = [local, local];
  let said = "";
  const offset = parts[8];
  if (offset === undefined) {
    const reading = zone.reading(local);
    if (reading.never) throw new DateFault(`“${text}”: the clocks in ${zone.name} never showed this time`);
    [first, last] = [reading.first, reading.last];
  } else if (/^z$/i.test(offset)) {
    said = " UTC";
  } else {
    const east = Number(offset.slice(1, 3)) * 3600 + Number(offset.slice(4, 6) || 0) * 60;
    first = last = local - (offset.startsWith("-") ? -east : east);
    const hours = `${offset[0]}${Number(offset.slice(1, 3))}`;
    said = ` (UTC${hours}${Number(offset.slice(4, 6)) ? `:${offset.slice(4, 6)}` : ""})`.replace("-", "−");
  }
  const fraction = parts[7] ?? "";
  const nanos = Number(fraction.padEnd(9, "0"));
  const unit = fraction ? 10 ** (9 - fraction.length) : 0;
  const end = fraction ? carry(last, nanos + unit) : at(last + (second === null ? 60 : 1));
  const clock = `${parts[4]}:${parts[5]}${second === null ? "" : `:${parts[6]}${fraction ? `.${fraction}` : ""}`}`;
  const start = at(first, nanos);
  return { start, end, written: [start, end], words: `${dayWords({ year, month, day })}, ${clock}${said}` };
}

const carry = (s: number, n: number): Moment => (n >= 1e9 ? at(s + 1, n - 1e9) : at(s, n));

/** `2025`, `850 CE`, `44 BCE`. */
export const yearWords = (year: number): string => (year < 1 ? `${1 - year} BCE` : year < 1000 ? `${year} CE` : `${year}`);
/** `14 May 2025` */
export const dayWords = ({ year, month, day }: Civil): string => `${day} ${MONTHS[month - 1]} ${yearWords(year)}`;
export const monthName = (month: number): string => MONTHS[month - 1] ?? "";

const padded = (number: number, digits: number): string => String(Math.abs(number)).padStart(digits, "0");
const yearText = (year: number): string => {
  if (Math.abs(year) > 9999) return `Y${year}`;
  return `${year < 0 ? "-" : ""}${padded(year, 4)}`;
};

/** The date, as one writes it, that a moment lies in: to the year, month, day or minute, as fine as a step of so many
 * seconds on the screen asks for. */
export function dateAt(seconds: number, step: number, zone: Zone): string {
  const { days, second } = zone.local(seconds);
  const { year, month, day } = civilOf(days);
  if (Math.abs(year) > 9999 || step > 120 * DAY) return yearText(year);
  if (step > 8 * DAY) return `${yearText(year)}-${padded(month, 2)}`;
  const date = `${yearText(year)}-${padded(month, 2)}-${padded(day, 2)}`;
  if (step > 1800 || year < 0) return date;
  const minute = Math.floor(second / 60);
  const time = `${date}T${padded(Math.floor(minute / 60), 2)}:${padded(minute % 60, 2)}`;
  const { first, last } = zone.reading(days * DAY + minute * 60);
  return first === last ? time : `${time}${seconds < last ? offsetText(zone.offset(first)) : offsetText(zone.offset(last))}`;
}

const offsetText = (seconds: number): string =>
  `${seconds < 0 ? "-" : "+"}${padded(Math.floor(Math.abs(seconds) / 3600), 2)}:${padded(Math.floor((Math.abs(seconds) % 3600) / 60), 2)}`;
