// The list of events, in the order of a chronology: found as one types, with the command line's filters, each with how it
// stands. Only so many are elements at once, and they are changed only where an event stands otherwise. Knows nothing of
// the address; it says what is wanted.

import { inListingOrder, overlaps } from "./ask";
import type { Chronicle, Event } from "./chronicle";
import { readDate } from "./date";
import { button, el, fill, words } from "./dom";
import { Filter } from "./filter";
import { lacksCause } from "./fold";
import { FUTURE, PAST } from "./moment";
import type { Lost, Stands } from "./timeline";
import type { View } from "./view";
import { count } from "./words";

const SHOWN = 150;
const STANDS: Record<Stands, string> = {
  certain: "",
  possible: "possible",
  "not-yet": "not yet",
  out: "does not count",
};
const LOST = { cause: "its cause is gone", "further-cause": "a cause of its cause is gone" };

export interface Asked {
  readonly find: string;
  readonly since: string;
  readonly until: string;
}

export interface Found {
  readonly events: readonly Event[];
  /** Nothing: every event is found. */
  readonly numbers: ReadonlySet<number> | null;
  readonly fault: string | null;
}

/** How events stand in the viewpoint. */
export interface How {
  readonly stands: (event: number) => Stands;
  readonly lost: (event: number) => Lost;
}

export function howIn(view: View): How {
  const known = new Map<number, boolean>();
  const isWhatIf = view.selectors.without.length > 0;
  const { events } = view.chronicle;
  return {
    stands: (number) => {
      if (!view.counts(number)) return "out";
      if (view.isCertain(number)) return "certain";
      return view.isPossible(number) ? "possible" : "not-yet";
    },
    lost: (number) => {
      if (!isWhatIf || !view.counts(number) || !lacksCause(view, events[number]!, known)) return null;
      return events[number]!.because.some((cause) => !view.counts(cause)) ? "cause" : "further-cause";
    },
  };
}

/** The events that are asked for. A fault is said, and then every event is found. */
export function findEvents(chronicle: Chronicle, { find, since, until }: Asked): Found {
  const all = inListingOrder(chronicle);
  try {
    const filter = find.trim() ? Filter.parse(find, chronicle, true) : null;
    const from = since.trim() ? readDate(since.trim(), chronicle.calendar).written[0] : PAST;
    const to = until.trim() ? readDate(until.trim(), chronicle.calendar).written[1] : FUTURE;
    if (!filter && from === PAST && to === FUTURE) return { events: all, numbers: null, fault: null };
    const events = all.filter((event) => (!filter || filter.matches(event)) && overlaps(event, from, to));
    return { events, numbers: new Set(events.map(({ number }) => number)), fault: null };
  } catch (fault) {
    return { events: all, numbers: null, fault: (fault as Error).message };
  }
}

interface Row {
  readonly element: HTMLElement;
  readonly button: HTMLElement;
  /** What is said of how it stands. */
  key: string;
}

export class EventList {
  readonly element = el("div", { class: "events" });
  readonly #list = el("ol", {});
  readonly #count = el("p", { class: "count", role: "status" });
  readonly #find: HTMLInputElement;
  readonly #since: HTMLInputElement;
  readonly #until: HTMLInputElement;
  readonly #fault = el("p", { class: "fault", id: "find-fault", role: "alert" });
  readonly #rows = new Map<number, Row>();
  #from = 0;
  #most = SHOWN;
  #key = "";
  #how: How | null = null;
  #selected: number | null = null;
  /** The events that are drawn, from which on, and which of them was brought into view. */
  #drawn: { of: readonly Event[] | null; from: number; place: number } = { of: null, from: 0, place: -1 };

  constructor(
    readonly asks: (asked: Asked) => void,
    readonly select: (event: number) => void,
  ) {
    const typed = (): void => this.asks({ find: this.#find.value, since: this.#since.value, until: this.#until.value });
    const input = (id: string, kind: string, placeholder: string): HTMLInputElement =>
      el("input", { id, type: kind, placeholder, autocomplete: "off", spellcheck: "false", "aria-describedby": "find-fault", oninput: typed });
    this.#find = input("find", "search", "words, tag:…, actor:…, kind:…");
    this.#since = input("find-since", "text", "any");
    this.#until = input("find-until", "text", "any");
    fill(
      this.element,
      el("search", {}, el("label", { for: "find" }, "Find events"), this.#find, el("div", { class: "window" }, el("label", { for: "find-since" }, "from"), this.#since, el("label", { for: "find-until" }, "to"), this.#until), this.#fault),
      this.#count,
      this.#list,
    );
  }

  focus(): void {
    this.#find.focus();
    this.#find.select();
  }

  /** From the next time on all that is found is listed, or only so much at once. */
  whole(on: boolean): void {
    this.#most = on ? Infinity : SHOWN;
    this.#from = 0;
    this.#drawn = { ...this.#drawn, from: NaN };
  }

  /** Shows what was found; around `near` if that is not among the first. */
  show(found: Found, asked: Asked, how: How, selected: number | null, near: number | null, key: string): void {
    for (const [input, text] of [[this.#find, asked.find], [this.#since, asked.since], [this.#until, asked.until]] as const) {
      if (input.value !== text && document.activeElement !== input) input.value = text;
    }
    fill(this.#fault, found.fault);
    this.#find.toggleAttribute("aria-invalid", found.fault !== null);
    if (key !== this.#key) {
      this.#key = key;
      this.#from = 0;
    }
    const wanted = selected ?? near;
    const place = wanted === null ? -1 : found.events.findIndex(({ number }) => number === wanted);
    if (place >= 0 && (place < this.#from || place >= this.#from + this.#most)) this.#from = Math.max(0, place - SHOWN / 3);
    const { events } = found;
    const told = `${count(events.length, "event")}${found.numbers ? " found" : ""}`;
    fill(this.#count, events.length === 0 ? "No event is found." : told);
    [this.#how, this.#selected] = [how, selected];
    this.#draw(found, place);
  }

  /** Says anew how the events stand that are listed. */
  restand(how: How, selected: number | null): void {
    [this.#how, this.#selected] = [how, selected];
    const { of, from } = this.#drawn;
    for (const event of of?.slice(from, from + this.#most) ?? []) this.#row(event);
  }

  #draw(found: Found, place: number): void {
    const { events } = found;
    const from = this.#from;
    const to = Math.min(events.length, from + this.#most);
    const more = (label: string, from: number): HTMLElement =>
      el("li", {}, button(label, () => {
        this.#from = Math.max(0, from);
        this.#draw(found, -1);
      }, { class: "more" }));
    const { of, from: drawn, place: before } = this.#drawn;
    const isDrawn = of === events && drawn === from;
    if (of !== null && of !== events) this.#rows.clear();
    const rows = events.slice(from, to).map((event) => this.#row(event));
    this.#drawn = { of: events, from, place };
    if (!isDrawn) {
      const kept = new Set(events.slice(from, to).map(({ number }) => number));
      for (const number of this.#rows.keys()) if (!kept.has(number)) this.#rows.delete(number);
      this.#list.replaceChildren(
        ...(from > 0 ? [more(`${from.toLocaleString("en")} earlier`, from - SHOWN)] : []),
        ...rows,
        ...(to < events.length ? [more(`${(events.length - to).toLocaleString("en")} later`, to)] : []),
      );
    }
    if (place >= 0 && (!isDrawn || place !== before)) this.#reveal(rows[place - from]!);
  }

  /** The row of an event, changed where it stands otherwise. */
  #row(event: Event): HTMLElement {
    let row = this.#rows.get(event.number);
    if (!row) {
      const inner = button([el("span", { class: "when" }, event.words), el("span", { class: "title" }, words(event.title))], () => this.select(event.number));
      this.#rows.set(event.number, (row = { element: el("li", {}, inner), button: inner, key: "" }));
    }
    const how = this.#how!;
    const [stands, lost, chosen] = [how.stands(event.number), how.lost(event.number), event.number === this.#selected];
    const key = `${stands} ${lost} ${chosen}`;
    if (key === row.key) return row.element;
    row.key = key;
    row.element.className = stands;
    if (chosen) row.button.setAttribute("aria-current", "true");
    else row.button.removeAttribute("aria-current");
    while (row.button.childElementCount > 2) row.button.lastElementChild!.remove();
    if (STANDS[stands]) row.button.append(el("span", { class: `how ${stands}` }, STANDS[stands]));
    if (lost) row.button.append(el("span", { class: `how lost ${lost}` }, LOST[lost]));
    return row.element;
  }

  /** Brings an item into view without moving the page. */
  #reveal(item: HTMLElement): void {
    const box = this.#list;
    if (box.scrollHeight <= box.clientHeight) return;
    const [inner, outer] = [item.getBoundingClientRect(), box.getBoundingClientRect()];
    if (inner.top < outer.top || inner.bottom > outer.bottom) box.scrollTop += inner.top - outer.top - outer.height / 3;
  }
}
