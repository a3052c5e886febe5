// The list of events, in the order of a chronology: found as one types, with the command line's filters, each with how it
// stands. Only so many are elements at once. Knows nothing of the address; it says what is wanted.

import { inListingOrder, overlaps } from "./ask";
import type { Chronicle, Event } from "./chronicle";
import { readDate } from "./date";
import { button, el, fill, words } from "./dom";
import { Filter } from "./filter";
import { FUTURE, PAST } from "./moment";
import type { Lost, Stands } from "./timeline";
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

export class EventList {
  readonly element = el("div", { class: "events" });
  readonly #list = el("ol", {});
  readonly #count = el("p", { class: "count", role: "status" });
  readonly #find: HTMLInputElement;
  readonly #since: HTMLInputElement;
  readonly #until: HTMLInputElement;
  readonly #fault = el("p", { class: "fault", id: "find-fault", role: "alert" });
  #from = 0;
  #key = "";
  #drawn = "";
  #of: readonly Event[] | null = null;

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
    if (place >= 0 && (place < this.#from || place >= this.#from + SHOWN)) this.#from = Math.max(0, place - SHOWN / 3);
    this.#draw(found, how, selected, place);
  }

  #draw(found: Found, how: How, selected: number | null, place: number): void {
    const { events } = found;
    const to = Math.min(events.length, this.#from + SHOWN);
    const more = (label: string, from: number): HTMLElement =>
      el("li", {}, button(label, () => {
        this.#from = Math.max(0, from);
        this.#draw(found, how, selected, -1);
      }, { class: "more" }));
    const before = this.#from;
    const row = (event: Event): HTMLElement => {
      const [stands, lost] = [how.stands(event.number), how.lost(event.number)];
      const chosen = event.number === selected;
      return el(
        "li",
        { class: stands },
        el(
          "button",
          { type: "button", "aria-current": chosen ? "true" : null, onclick: () => this.select(event.number) },
          el("span", { class: "when" }, event.words),
          el("span", { class: "title" }, words(event.title)),
          STANDS[stands] ? el("span", { class: `how ${stands}` }, STANDS[stands]) : null,
          lost ? el("span", { class: `how lost ${lost}` }, LOST[lost]) : null,
        ),
      );
    };
    fill(this.#count, events.length === 0 ? "No event is found." : `${count(events.length, "event")}${found.numbers ? " found" : ""}`);
    // Where nothing stands otherwise, nothing is drawn anew: a moment that is dragged passes by most events.
    const drawn = JSON.stringify([selected, before, events.length, place, events.slice(before, to).map(({ number }) => [number, how.stands(number), how.lost(number)])]);
    if (drawn === this.#drawn && found.events === this.#of) return;
    [this.#drawn, this.#of] = [drawn, found.events];
    this.#list.replaceChildren(
      ...(before > 0 ? [more(`${before.toLocaleString("en")} earlier`, before - SHOWN)] : []),
      ...events.slice(before, to).map(row),
      ...(to < events.length ? [more(`${(events.length - to).toLocaleString("en")} later`, to)] : []),
    );
    if (place >= 0) this.#reveal(place - before + (before > 0 ? 1 : 0));
  }

  /** Brings an item into view without moving the page. */
  #reveal(place: number): void {
    const item = this.#list.children[place] as HTMLElement | undefined;
    const box = this.#list;
    if (!item || box.scrollHeight <= box.clientHeight) return;
    const [top, bottom] = [item.offsetTop - box.offsetTop, item.offsetTop - box.offsetTop + item.offsetHeight];
    if (top < box.scrollTop || bottom > box.scrollTop + box.clientHeight) box.scrollTop = top - box.clientHeight / 3;
  }
}
