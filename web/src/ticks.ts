// The marks of a time axis: years, months, days or hours, as many as there is room for. Knows nothing of events.

import { monthName, yearWords } from "./date";
import { type Civil, civilOf, DAY, daysOf, plusMonths, type Zone } from "./moment";

export interface Tick {
  readonly seconds: number;
  readonly label: string;
  readonly major: boolean;
}

/** Months between ticks, from fine to coarse; beyond a year in powers. */
const MONTHS = [1, 3, 6, 12, 24, 60, 120, 240, 600, 1200];
const DAYS = [1, 2, 7, 14];
const HOURS = [1, 3, 6, 12];

/** The ticks between two moments, at least `gap` seconds apart. */
export function ticks(from: number, to: number, gap: number, zone: Zone): Tick[] {
  const hours = HOURS.find((hours) => hours * 3600 >= gap);
  if (hours !== undefined) return ofHours(from, to, hours, zone);
  const days = DAYS.find((days) => days * DAY >= gap);
  if (days !== undefined) return ofDays(from, to, days, zone);
  let months = MONTHS.find((months) => months * 30 * DAY >= gap);
  for (let power = 12000; months === undefined; power *= 10) {
    months = [1, 2, 5].map((times) => times * power).find((months) => months * 30 * DAY >= gap);
  }
  return ofMonths(from, to, months, zone);
}

function ofHours(from: number, to: number, hours: number, zone: Zone): Tick[] {
  const found: Tick[] = [];
  const first = zone.local(from).days;
  for (let day = first; found.length < 500; day++) {
    for (let hour = 0; hour < 24; hour += hours) {
      const seconds = zone.reading(day * DAY + hour * 3600).first;
      if (seconds > to) return found;
      if (seconds >= from) found.push({ seconds, label: hour === 0 ? dayLabel(civilOf(day), true) : `${hour}:00`, major: hour === 0 });
    }
  }
  return found;
}

function ofDays(from: number, to: number, days: number, zone: Zone): Tick[] {
  const found: Tick[] = [];
  let date: Civil = { ...civilOf(zone.local(from).days), day: 1 };
  for (;;) {
    const first = daysOf(date);
    const next = plusMonths(date, 1);
    const last = daysOf(next);
    for (let day = first; day < last; day += days) {
      // The last few days of a month leave room for the first of the next.
      if (day !== first && last - day < days / 2) break;
      const { s } = zone.midnight(day);
      if (s > to) return found;
      if (s >= from) found.push({ seconds: s, label: dayLabel(civilOf(day), false), major: day === first });
    }
    date = next;
    if (found.length > 500) return found;
  }
}

function ofMonths(from: number, to: number, months: number, zone: Zone): Tick[] {
  const found: Tick[] = [];
  const { year, month } = civilOf(zone.local(from).days);
  let at = Math.floor((year * 12 + month - 1) / months) * months;
  for (; found.length < 500; at += months) {
    const date = plusMonths({ year: 0, month: 1, day: 1 }, at);
    const { s } = zone.midnight(daysOf(date));
    if (s > to) break;
    const major = months >= 12 ? (date.year * 12) % (months * 5) === 0 : date.month === 1;
    if (s >= from) found.push({ seconds: s, label: date.month === 1 ? yearWords(date.year) : monthName(date.month).slice(0, 3), major });
  }
  return found;
}

const dayLabel = ({ year, month, day }: Civil, full: boolean): string =>
  day === 1 && !full
    ? `${monthName(month).slice(0, 3)}${month === 1 ? ` ${yearWords(year)}` : ""}`
    : `${day}${full ? ` ${monthName(month).slice(0, 3)}` : ""}`;
