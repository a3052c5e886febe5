// Why a value is what it is, and an event whole: event, quotes, sources, causes one can walk, what it overruled, who says
// otherwise, and the switches of *what if*. Knows nothing of the address; it says what is wanted.

import { changedBy, course, type Difference } from "./ask";
import type { Chronicle, Citation, Event } from "./chronicle";
import { button, el, link, marked, words } from "./dom";
import { type Alternative, contributions, type Fact, fact, lacksCause, type State } from "./fold";
import { isOnlyPossible, sign, valueWords } from "./state";
import { strip } from "./strip";
import { valueText } from "./value";
import { alternativeValue, count, dateWords, sourceWords, standingWords } from "./words";

export interface Wants {
  event(number: number): void;
  path(number: number): void;
  stand(at: string): void;
  /** A term of `without` is put in or taken out. */
  without(filter: string, out: boolean): void;
  find(filter: string): void;
}

export class Reasons {
  constructor(readonly wants: Wants) {}

  /** The value of a path and its reasons. */
  why(state: State, path: number): HTMLElement[] {
    const { view } = state;
    const { chronicle } = view;
    const found = state.facts.get(path) ?? fact(view, path, []);
    const { path: name, label, unit } = chronicle.paths[path]!;
    const given = found.event === null ? null : chronicle.events[found.event]!;
    const made = found.standing === "record" && found.value && found.value.kind !== "scalar" ? contributions(view, found) : this.#sum(state, found);
    const moved = found.recordMovedOn ? el("p", { class: "note" }, "The record has moved on since this was claimed.") : null;
    return [
      el("h2", { tabindex: -1 }, words(name)),
      label ? el("p", { class: "label" }, words(label)) : el("span", {}),
      el("p", { class: "large" }, sign(found.standing, isOnlyPossible(found)), valueWords(chronicle, found)),
      el("p", { class: "label" }, standingWords(chronicle, found), found.since === null ? null : `, since ${chronicle.events[found.since]!.day}`),
      ...(moved ? [moved] : []),
      el("h3", {}, "Through time"),
      strip(view, path, (event) => this.wants.stand(chronicle.events[event]!.id)),
      ...(given ? [el("h3", {}, "Given by"), this.#card(state, given, found.claimedBy), ...this.#because(state, given)] : []),
      ...(made.length > 1 ? [el("h3", {}, "Made of"), el("ul", { class: "plain" }, made.map((a) => this.#made(chronicle, a.event, `${a.change.does}${a.change.value ? ` ${valueText(a.change.value, unit)}` : ""}`)))] : []),
      ...this.#otherwise(state, found, false),
      ...this.#otherwise(state, found, true),
      ...this.#overruled(state, found),
    ];
  }

  /** Of a sum every contribution is told, of a plain number the one that gave it. */
  #sum(state: State, found: Fact): ReturnType<typeof contributions> {
    const isNumber = found.value?.kind === "scalar" && typeof found.value.scalar === "object";
    return found.standing === "record" && isNumber ? contributions(state.view, found) : [];
  }

  #made(chronicle: Chronicle, event: number, said: string): HTMLElement {
    return el("li", {}, words(said), " ", this.#link(chronicle.events[event]!));
  }

  #link(event: Event): HTMLElement {
    return button([el("span", { class: "when" }, event.words), " ", words(event.title)], () => this.wants.event(event.number), { class: "link" });
  }

  #card(state: State, event: Event, voices: readonly string[]): HTMLElement {
    const own = voices.flatMap((voice) => event.claimSources.get(voice) ?? []);
    return el("div", { class: "card" }, this.#link(event), this.#cited(state, own.length > 0 ? own : event.sources));
  }

  /** Quotes, each with where it is from, and a switch for each source that has an id. */
  #cited(state: State, cited: readonly Citation[]): HTMLElement | null {
    const { chronicle, selectors } = state.view;
    if (cited.length === 0) return null;
    const one = (citation: Citation): HTMLElement => {
      const source = citation.source === undefined ? citation : (chronicle.sources.get(citation.source) ?? {});
      const said = sourceWords(chronicle, citation);
      const grade = source.reliability ? ` · reliability ${source.reliability}` : "";
      const filter = `source:${citation.source}`;
      return el(
        "li",
        {},
        citation.quote ? el("blockquote", {}, words(citation.quote)) : null,
        el(
          "p",
          { class: "source" },
          source.url ? link(source.url, words(said)) : words(said),
          source.archived ? [" (", link(source.archived, "archived"), ")"] : null,
          grade,
        ),
        citation.source === undefined ? null : this.#switch(!selectors.without.includes(filter), filter, "Count this source"),
      );
    };
    return el("ul", { class: "cited" }, cited.map(one));
  }

  /** A switch of *what if*: on, it counts; off, all is replayed as if it had not been. */
  #switch(on: boolean, filter: string, label: string): HTMLElement {
    return button(el("span", {}, label), () => this.wants.without(filter, on), { role: "switch", "aria-checked": String(on), class: "switch" });
  }

  #because(state: State, event: Event): HTMLElement[] {
    if (event.because.length === 0) return [];
    return [el("h3", {}, "Because"), this.#causes(state, event, new Set([event.number]))];
  }

  /** The causes of an event, each opened to its own; none is told twice. */
  #causes(state: State, event: Event, told: Set<number>): HTMLElement {
    const { view } = state;
    const one = (number: number): HTMLElement => {
      const cause = view.chronicle.events[number]!;
      const gone = view.counts(number) ? null : el("span", { class: "told if" }, "does not count in this viewpoint");
      const link = this.#link(cause);
      if (cause.because.length === 0 || told.has(number)) return el("li", {}, link, gone);
      const details = el("details", {}, el("summary", {}, `${count(cause.because.length, "cause")} of it`));
      const inner = new Set(told).add(number);
      details.addEventListener("toggle", () => details.childElementCount > 1 || details.append(this.#causes(state, cause, inner)), { once: true });
      return el("li", {}, link, gone, details);
    };
    return el("ul", { class: "chain" }, event.because.map(one));
  }

  #otherwise(state: State, found: Fact, possible: boolean): HTMLElement[] {
    const { chronicle } = state.view;
    const { unit } = chronicle.paths[found.path]!;
    const list = found.alternatives.filter((one) => one.possible === possible);
    if (list.length === 0) return [];
    const one = (other: Alternative): HTMLElement => {
      const said = other.standing === "none" ? "" : standingWords(chronicle, other);
      const by = other.event === null ? null : chronicle.events[other.event]!;
      return el(
        "li",
        { class: "card" },
        el("p", {}, sign(other.standing, possible), el("span", { class: "value" }, words(alternativeValue(other, unit)))),
        el("p", { class: "label" }, [possible ? "possible" : "", said].filter(Boolean).join(", "), other.since === null ? null : `, since ${dateWords(chronicle, other.since)}`),
        by ? [this.#link(by), this.#cited(state, other.claimedBy.flatMap((voice) => by.claimSources.get(voice) ?? []).concat(other.claimedBy.some((voice) => by.claimSources.has(voice)) ? [] : by.sources))] : null,
      );
    };
    const heading = possible ? "Also possible" : found.standing === "disputed" ? "The sides" : "Who says otherwise";
    return [el("h3", {}, heading), el("ul", { class: "plain" }, list.map(one))];
  }

  #overruled(state: State, found: Fact): HTMLElement[] {
    const { chronicle } = state.view;
    const voice = found.standing === "claimed" ? (found.claimedBy[0] ?? null) : null;
    if (found.standing === "disputed") return [];
    const past = course(state.view, found.path).filter((one) => one.voice === voice && one.certain && one.to !== null).reverse();
    if (past.length === 0) return [];
    const { unit } = chronicle.paths[found.path]!;
    const when = (text: string): string => dateWords(chronicle, text);
    const one = (stretch: (typeof past)[number]): HTMLElement =>
      el("li", {}, el("s", {}, words(stretch.value ? valueText(stretch.value, unit) : "no value")), el("span", { class: "when" }, ` ${when(stretch.from.text)} – ${when(stretch.to!.text)} `), this.#link(chronicle.events[stretch.event]!));
    return [el("h3", {}, "Overruled"), el("ul", { class: "plain" }, past.map(one))];
  }

  /** An event whole. */
  event(state: State, event: Event): HTMLElement[] {
    const { view } = state;
    const { chronicle, selectors } = view;
    const name = (id: string): string => chronicle.name(id);
    const row = (term: string, ...said: (string | Node | null)[]): HTMLElement[] => [el("dt", {}, term), el("dd", {}, ...said)];
    const filters = (key: string, ids: readonly string[]): Node[] =>
      ids.map((id) => button(words(key === "tag" || key === "kind" ? id : name(id)), () => this.wants.find(`${key}:${id}`), { class: "chip", title: `Find ${key}:${id}` }));
    const links = (numbers: readonly number[]): HTMLElement => el("ul", { class: "plain" }, numbers.map((number) => el("li", {}, this.#link(chronicle.events[number]!))));
    const replacedBy = (chronicle.replacedBy.get(event.number) ?? []).filter((number) => view.counts(number));
    const consequences = (chronicle.consequences.get(event.number) ?? []).filter((number) => view.counts(number));
    const changes = changedBy(view, event);
    const stands = standsWords(state, event);
    return [
      el("p", { class: "when" }, event.words, event.until ? ` until ${dateWords(chronicle, event.until)}` : null),
      el("h2", { tabindex: -1 }, words(event.title)),
      event.summary ? el("p", { class: "summary" }, marked(event.summary)) : el("span", {}),
      el("p", { class: "label" }, stands),
      el(
        "p",
        { class: "acts" },
        button("Stand just after it", () => this.wants.stand(event.id), { disabled: !view.counts(event.number) }),
        button("Just before it", () => this.wants.stand(`${event.id}^`), { disabled: !view.counts(event.number) }),
        this.#switch(!selectors.without.includes(event.id), event.id, "Count this event"),
      ),
      el(
        "dl",
        {},
        event.known ? row("Known", dateWords(chronicle, event.known)) : null,
        event.kind ? row("Kind", ...filters("kind", [event.kind])) : null,
        event.place ? row("Place", ...filters("place", [event.place])) : null,
        event.actors.length ? row("Actors", ...filters("actor", event.actors)) : null,
        event.tags.length ? row("Tags", ...filters("tag", event.tags)) : null,
        event.confidence ? row("Confidence", event.confidence) : null,
        row("File", el("code", {}, `${event.file}:${event.line}`)),
        event.meta === undefined ? null : row("Meta", el("code", {}, JSON.stringify(event.meta))),
      ),
      ...(changes.length ? [el("h3", {}, "What it changed"), el("ul", { class: "plain" }, changes.map((one) => this.difference(state, one)))] : []),
      ...(event.sources.length ? [el("h3", {}, "Sources"), this.#cited(state, event.sources)!] : []),
      ...[...event.claimSources].flatMap(([voice, cited]) => [el("h3", {}, "Sources for ", words(chronicle.voiceName(voice))), this.#cited(state, cited)!]),
      ...this.#because(state, event),
      ...(event.after.length ? [el("h3", {}, "Comes after"), links(event.after)] : []),
      ...(consequences.length ? [el("h3", {}, "What grew out of it"), links(consequences)] : []),
      ...(event.replaces.length ? [el("h3", {}, "Corrects"), links(event.replaces)] : []),
      ...(replacedBy.length ? [el("h3", {}, "Corrected by"), links(replacedBy)] : []),
    ];
  }

  /** What became of a path, as an item of a list. */
  difference(state: State, one: Difference): HTMLElement {
    const { chronicle } = state.view;
    const side = (fact: Fact, label: string): HTMLElement => {
      const nothing = !fact.value && fact.standing !== "disputed" && fact.alternatives.length === 0;
      return el("span", { class: "of-two" }, el("span", { class: "aside" }, label), nothing ? el("span", { class: "value none" }, "nothing") : [sign(fact.standing, isOnlyPossible(fact)), valueWords(chronicle, fact)], fact.standing === "claimed" ? el("span", { class: "mark claimed" }, words(standingWords(chronicle, fact))) : null);
    };
    const mark = { before: "−", after: "+", both: "±" } as const;
    const told = { before: "made the value before: ", after: "made the value after: ", both: "made both: " } as const;
    return el(
      "li",
      { class: "difference" },
      button(words(chronicle.paths[one.path]!.path), () => this.wants.path(one.path), { class: "link path" }),
      el("p", { class: "two" }, side(one.before, "before: "), el("span", { "aria-hidden": "true", class: "arrow" }, "→"), side(one.after, "after: ")),
      one.causedBy.length
        ? el("ul", { class: "causes" }, one.causedBy.map(({ event, side }) => el("li", {}, el("span", { class: `by ${side}`, "aria-hidden": "true" }, mark[side]), el("span", { class: "aside" }, told[side]), this.#link(chronicle.events[event]!))))
        : null,
    );
  }
}

/** How an event stands in a viewpoint, in words. */
export function standsWords(state: State, event: Event): string {
  const { view } = state;
  if (!view.counts(event.number)) return "Does not count in this viewpoint.";
  const lost = lacksCause(view, event, new Map()) ? " A cause of it does not count in this viewpoint." : "";
  if (view.isCertain(event.number)) return `It has happened by this date.${lost}`;
  if (view.isPossible(event.number)) return `It may have happened by this date: its own is imprecise.${lost}`;
  return `It has not happened yet at this date.${lost}`;
}
