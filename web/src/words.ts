// What the page says in words: viewpoints, standings, sources, citations. As `render/words.rs` says them on the command
// line. Knows nothing of elements.

import type { Chronicle, Citation, Event } from "./chronicle";
import { dateAt, dayWords, readDate } from "./date";
import type { Alternative, Fact, State } from "./fold";
import { civilOf, isFinite } from "./moment";
import { valueText } from "./value";
import type { View } from "./view";

export const count = (number: number, noun: string): string => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;

/** The moment, as it was asked: `the end of 14 May 2025`. */
export function momentWords(view: View): string {
  const { at } = view;
  if (at.kind === "end") return `the end of ${at.date.words}`;
  if (at.kind === "event") return `${at.after ? "just after" : "just before"} “${at.event.title}” (${at.event.words})`;
  return isFinite(view.moment) ? `the last event (${lastDay(view)})` : "the last event";
}

function lastDay(view: View): string {
  const { days } = view.chronicle.calendar.zone.local(view.moment.s - 1);
  return dayWords(civilOf(days));
}

/** A viewpoint as a heading: `as of the end of 14 May 2025, as best known, on record`. */
export function viewpointWords(view: View): string {
  const { selectors, chronicle, at } = view;
  const parts = [
    at.kind === "event" ? momentWords(view) : `as of ${momentWords(view)}`,
    view.knownBy ? `known by the end of ${view.knownBy.words}` : "as best known",
    selectors.accordingTo === null ? "on record" : `according to ${chronicle.voiceName(selectors.accordingTo)}`,
    ...selectors.only.map((filter) => `only ${filter}`),
    ...selectors.without.map((filter) => `without ${filterWords(chronicle, filter)}`),
  ];
  return parts.join(", ");
}

/** A filter that names one event or one source by what it is called. */
export function filterWords(chronicle: Chronicle, filter: string): string {
  const event = chronicle.find(filter);
  if (event) return `“${event.title}”`;
  const source = filter.startsWith("source:") ? chronicle.sources.get(filter.slice("source:".length)) : undefined;
  return source?.title ? `the source “${source.title}”` : filter;
}

export function countWords(state: State): string {
  const possible = state.possible.filter(({ ended }) => !ended).length;
  const total = state.view.chronicle.events.length;
  return `${state.view.countOfCertain.toLocaleString("en")} of ${count(total, "event")}${possible ? `, ${possible} more possible` : ""}`;
}

/** The date of a viewpoint as one writes it: for `known by`, and as the other side of a comparison. */
export function dateOf(view: View): string {
  if (view.at.kind === "end") return view.at.date.text;
  if (view.at.kind === "event") {
    try {
      readDate(view.at.event.since, view.chronicle.calendar);
      return view.at.event.since;
    } catch {
      // A date that the page does not read by itself is said by the moment that it ends at.
    }
  }
  return isFinite(view.moment) ? dateAt(view.moment.s - 1, 86400, view.chronicle.calendar.zone) : "2000";
}

export const voicesWords = (chronicle: Chronicle, voices: readonly string[]): string =>
  voices.map((voice) => chronicle.voiceName(voice)).join(", ");

/** How a fact stands: `on record`, `claimed by …`, `disputed`, `no value`. */
export function standingWords(chronicle: Chronicle, fact: { standing: Fact["standing"]; claimedBy: readonly string[] }): string {
  switch (fact.standing) {
    case "record":
      return "on record";
    case "claimed":
      return `claimed by ${voicesWords(chronicle, fact.claimedBy)}`;
    case "disputed":
      return "disputed";
    case "none":
      return "no value";
  }
}

export const alternativeValue = (one: Pick<Alternative, "value" | "standing">, unit?: string): string =>
  one.value ? valueText(one.value, unit) : one.standing === "disputed" ? "disputed" : "no value";

/** Where something is from: publisher, title, date, page; whatever of these there is. */
export function sourceWords(chronicle: Chronicle, citation: Citation): string {
  const source = citation.source === undefined ? citation : (chronicle.sources.get(citation.source) ?? {});
  const parts = [
    source.publisher,
    source.title ? `“${source.title}”` : undefined,
    source.date === undefined ? undefined : dateWords(chronicle, source.date),
    citation.page === undefined ? undefined : `p. ${citation.page}`,
  ].filter((part) => part !== undefined);
  return parts.join(", ") || (citation.source ?? source.url ?? "a source");
}

/** A date in words, or as it is written where the page does not read it. */
export function dateWords(chronicle: Chronicle, text: string): string {
  try {
    return readDate(text, chronicle.calendar).words;
  } catch {
    return text;
  }
}

/** A citation, to be pasted into a text: what held, on whose word, by which event, from where, and in which viewpoint. */
export function citationText(state: State, path: number | null, event: Event | null, url: string): string {
  const { view } = state;
  const { chronicle } = view;
  const heading = `${chronicle.title}, ${viewpointWords(view)} (${countWords(state)})`;
  const sources = (one: Event): string => one.sources.map((citation) => sourceWords(chronicle, citation)).join("; ");
  const from = (one: Event): string => `${one.words}: ${one.title}${one.sources.length ? `. Sources: ${sources(one)}` : ""} [${one.id}]`;
  const lines = [heading];
  if (path !== null) {
    const fact = state.facts.get(path);
    const { path: name, unit } = chronicle.paths[path]!;
    const value = fact ? alternativeValue(fact, unit) : "no value";
    const since = fact?.since == null ? "" : `, since ${chronicle.events[fact.since]!.day}`;
    lines.push(`${name}: ${value} (${fact ? standingWords(chronicle, fact) : "no value"}${since})`);
    if (fact?.event != null) lines.push(from(chronicle.events[fact.event]!));
    for (const one of fact?.alternatives ?? []) {
      const said = one.possible ? "possible" : standingWords(chronicle, one);
      lines.push(`otherwise: ${alternativeValue(one, unit)} (${said})`);
    }
  } else if (event) {
    lines.push(from(event));
  }
  if (/^https?:/.test(url)) lines.push(url);
  return lines.join("\n");
}
