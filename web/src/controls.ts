// The viewpoint as controls: at, known by, according to, what is left out; and what it is compared with. Knows nothing of
// states; it says what is wanted.

import type { Address, Compare } from "./address";
import type { Chronicle } from "./chronicle";
import { button, el, fill, words } from "./dom";
import type { Selectors, View } from "./view";
import { dateOf, filterWords } from "./words";

export interface Asks {
  select(part: Partial<Selectors>): void;
  compare(compare: Compare | null): void;
  step(by: number): void;
  play(): void;
}

export class Controls {
  readonly element: HTMLElement;
  readonly fault = el("p", { class: "fault", id: "viewpoint-fault", role: "alert" });
  readonly #at: HTMLInputElement;
  readonly #knownBy: HTMLInputElement;
  readonly #accordingTo = el("select", { id: "according-to", onchange: () => this.asks.select({ accordingTo: this.#accordingTo.value || null }) });
  readonly #play: HTMLButtonElement;
  readonly #then: HTMLButtonElement;
  readonly #beside: HTMLButtonElement;
  readonly #compare: HTMLButtonElement;
  /** Where there is little room, what is seldom changed opens behind a button. */
  readonly #more = el("div", { class: "more-viewpoint", id: "more-viewpoint" });
  readonly #opens = button("Viewpoint", () => this.#open(!this.element.classList.contains("open")), { class: "opens", "aria-expanded": "false", "aria-controls": "more-viewpoint" });
  readonly #chips = el("ul", { class: "chips", "aria-label": "Left out, or shown alone" });
  #voices: Chronicle | null = null;
  #view: View | null = null;
  #address: Address | null = null;

  constructor(readonly asks: Asks) {
    const text = (id: string, placeholder: string, change: (text: string | null) => void): HTMLInputElement => {
      const input: HTMLInputElement = el("input", { id, type: "text", placeholder, autocomplete: "off", spellcheck: "false", "aria-describedby": "viewpoint-fault", onchange: () => change(input.value.trim() || null) });
      return input;
    };
    this.#at = text("at", "the last event", (at) => this.asks.select({ at }));
    this.#knownBy = text("known-by", "as best known", (knownBy) => this.asks.select({ knownBy }));
    this.#play = button("Play", () => this.asks.play(), { class: "play", "aria-pressed": "false", title: "Play, event by event (space)" });
    this.#then = button("As known then", () => this.#toggleThen(), { "aria-pressed": "false", title: "Only what was publicly known by that date" });
    this.#beside = button("Now beside then", () => this.#toggleBeside(), { "aria-pressed": "false", title: "As we know it now beside as it was known then (n)" });
    this.#compare = button("Compare…", () => this.#toggleCompare(), { "aria-pressed": "false", title: "Compare two dates, voices or states of knowledge (c)" });
    const field = (label: string, id: string, ...parts: Node[]): HTMLElement => el("div", { class: "field" }, el("label", { for: id }, label), el("div", { class: "row" }, ...parts));
    const back = button("◀", () => this.asks.step(-1), { "aria-label": "Event before", title: "Event before (←)" });
    const on = button("▶", () => this.asks.step(1), { "aria-label": "Next event", title: "Next event (→)" });
    const form = el(
      "form",
      { class: "viewpoint", onsubmit: (event: Event) => event.preventDefault() },
      field("At the end of", "at", back, this.#at, on, this.#play, this.#opens),
      this.#more,
    );
    fill(
      this.#more,
      field("Known by", "known-by", this.#knownBy, this.#then),
      field("According to", "according-to", this.#accordingTo),
      el("div", { class: "field" }, el("span", { class: "field-label", id: "beside-label" }, "Beside it"), el("div", { class: "row", role: "group", "aria-labelledby": "beside-label" }, this.#beside, this.#compare)),
    );
    this.element = el("section", { class: "controls", "aria-label": "Viewpoint" }, form, this.fault, this.#chips);
  }

  show(address: Address, view: View): void {
    const { selectors } = address;
    [this.#view, this.#address] = [view, address];
    if (this.#voices !== view.chronicle) this.#listVoices(view.chronicle);
    const write = (input: HTMLInputElement, text: string): void => {
      if (input.value !== text) input.value = text;
    };
    write(this.#at, selectors.at ?? "");
    write(this.#knownBy, selectors.knownBy ?? "");
    this.#accordingTo.value = selectors.accordingTo ?? "";
    const pressed = (one: HTMLElement, on: boolean): void => one.setAttribute("aria-pressed", String(on));
    pressed(this.#then, selectors.knownBy !== null && selectors.knownBy === dateOf(view));
    pressed(this.#beside, this.#isBeside());
    pressed(this.#compare, address.compare !== null && !this.#isBeside());
    this.#listChips(view.chronicle, selectors);
  }

  #open(on: boolean): void {
    this.element.classList.toggle("open", on);
    this.#opens.setAttribute("aria-expanded", String(on));
  }

  playing(on: boolean): void {
    fill(this.#play, on ? "Pause" : "Play");
    this.#play.setAttribute("aria-pressed", String(on));
  }

  #toggleThen(): void {
    const by = dateOf(this.#view!);
    this.asks.select({ knownBy: this.#address!.selectors.knownBy === by ? null : by });
  }

  toggleBeside(): void {
    this.#toggleBeside();
  }

  toggleCompare(): void {
    this.#toggleCompare();
  }

  #isBeside(): boolean {
    const { compare, selectors } = this.#address!;
    return compare?.kind === "known-by" && compare.date === dateOf(this.#view!) && selectors.knownBy === null;
  }

  #toggleBeside(): void {
    if (this.#isBeside()) return this.asks.compare(null);
    if (this.#address!.selectors.knownBy !== null) this.asks.select({ knownBy: null });
    this.asks.compare({ kind: "known-by", date: dateOf(this.#view!) });
  }

  #toggleCompare(): void {
    if (this.#address!.compare) return this.asks.compare(null);
    this.asks.compare({ kind: "from", at: yearBefore(dateOf(this.#view!)) });
  }

  /** The voices as a tree: a part below its whole. */
  #listVoices(chronicle: Chronicle): void {
    this.#voices = chronicle;
    const options: HTMLElement[] = [el("option", { value: "" }, "the record")];
    const add = (voice: string, depth: number): void => {
      options.push(el("option", { value: voice }, `${"\u2003".repeat(depth)}${chronicle.voiceName(voice)}`));
      if (depth < 8) for (const part of parts(voice)) add(part, depth + 1);
    };
    const parts = (whole: string | undefined): string[] =>
      [...chronicle.voices].filter(([, { part_of }]) => part_of === whole).map(([voice]) => voice);
    for (const voice of parts(undefined)) add(voice, 0);
    fill(this.#accordingTo, options);
  }

  #listChips(chronicle: Chronicle, selectors: Selectors): void {
    const chip = (kind: "only" | "without", filter: string): HTMLElement => {
      const said = kind === "only" ? "only " : "what if without ";
      const remove = (): void => this.asks.select({ [kind]: selectors[kind].filter((other) => other !== filter) });
      return el("li", { class: kind }, said, words(filterWords(chronicle, filter)), button("×", remove, { "aria-label": `Take away: ${said}${filterWords(chronicle, filter)}` }));
    };
    fill(this.#chips, selectors.only.map((filter) => chip("only", filter)), selectors.without.map((filter) => chip("without", filter)));
  }
}

/** A date to begin a comparison with. */
function yearBefore(date: string): string {
  const year = /^(\d{4})/.exec(date);
  return year ? String(Number(year[1]) - 1).padStart(4, "0") + (/^\d{4}-\d\d-\d\d/.test(date) && !date.startsWith("-02-29", 4) ? date.slice(4, 10) : "") : date;
}

/** The other side of a comparison, as controls. */
export class CompareControls {
  readonly element: HTMLElement;
  readonly #kind: HTMLSelectElement;
  readonly #value: HTMLInputElement;
  readonly #voice = el("select", { id: "compare-voice", "aria-label": "Voice", onchange: () => this.#say() });
  #chronicle: Chronicle | null = null;

  constructor(readonly asks: (compare: Compare | null) => void) {
    const kinds: [Compare["kind"], string][] = [
      ["from", "another date"],
      ["known-by", "what was known by"],
      ["voice", "another voice"],
      ["plain", "the plain viewpoint"],
    ];
    this.#kind = el("select", { id: "compare-kind", onchange: () => this.#say() }, kinds.map(([value, label]) => el("option", { value }, label)));
    this.#value = el("input", { id: "compare-date", type: "text", "aria-label": "Date", autocomplete: "off", spellcheck: "false", onchange: () => this.#say() });
    this.element = el("div", { class: "row compare" }, el("label", { for: "compare-kind" }, "From"), this.#kind, this.#value, this.#voice, button("Close", () => this.asks(null)));
  }

  show(compare: Compare, view: View): void {
    if (this.#chronicle !== view.chronicle) {
      this.#chronicle = view.chronicle;
      fill(this.#voice, [...view.chronicle.voices.keys()].map((voice) => el("option", { value: voice }, view.chronicle.voiceName(voice))));
    }
    this.#kind.value = compare.kind;
    this.#value.hidden = compare.kind === "voice" || compare.kind === "plain";
    this.#voice.hidden = compare.kind !== "voice";
    if (compare.kind === "from") this.#value.value = compare.at;
    else if (compare.kind === "known-by") this.#value.value = compare.date;
    else if (!this.#value.value) this.#value.value = dateOf(view);
    if (compare.kind === "voice") this.#voice.value = compare.voice;
  }

  #say(): void {
    const text = this.#value.value.trim();
    const kind = this.#kind.value as Compare["kind"];
    if (kind === "plain") this.asks({ kind });
    else if (kind === "voice") this.asks({ kind, voice: this.#voice.value || (this.#voice.options[0]?.value ?? "") });
    else if (text) this.asks(kind === "from" ? { kind, at: text } : { kind: "known-by", date: text });
  }
}
