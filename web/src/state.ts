// The state beside the timeline: every path with its value and how it stands, what has just changed, and what a *what
// if* changes. Elements are kept and changed only where their fact is another. Knows nothing of the address.

import type { Chronicle } from "./chronicle";
import { aside, button, el, fill, visible, words } from "./dom";
import { type Fact, isSame, type State } from "./fold";
import { same, valueText } from "./value";
import { alternativeValue, count, standingWords, voicesWords } from "./words";

/** A sign before a value, the same everywhere: its form says the standing, and a word says it to those who do not see. */
export function sign(standing: Fact["standing"], possible = false): HTMLElement {
  const kind = possible ? "possible" : standing;
  const [mark, said] = { record: ["■", "on record"], claimed: ["“", "claimed"], disputed: ["≠", "disputed"], none: ["–", "no value"], possible: ["?", "possible"] }[kind]!;
  return el("span", { class: `sign ${kind}`, role: "img", "aria-label": said, title: said }, mark);
}

/** Whether there is no value, and something possible in its place. */
export const isOnlyPossible = (fact: Fact): boolean => fact.standing === "none" && fact.alternatives.length > 0;

/** The value of a fact, or what stands in its place. */
export function valueWords(chronicle: Chronicle, fact: Fact): HTMLElement {
  const { unit } = chronicle.paths[fact.path]!;
  if (fact.value) return el("span", { class: `value ${fact.standing}` }, words(valueText(fact.value, unit)));
  const certain = fact.alternatives.filter(({ possible }) => !possible);
  if (fact.standing === "disputed") {
    const side = (one: Fact["alternatives"][number]): HTMLElement =>
      el("span", { class: "side" }, el("b", {}, words(voicesWords(chronicle, one.claimedBy))), ": ", words(alternativeValue(one, unit)));
    return el("span", { class: "value disputed" }, certain.map(side));
  }
  if (certain.length === 0 && fact.alternatives.length > 0) {
    const said = [...new Set(fact.alternatives.map((one) => alternativeValue(one, unit)))];
    return el("span", { class: "value possible" }, words(said.join(", ")));
  }
  return el("span", { class: "value none" }, "no value");
}

/** What stands beside a value: who claims it, who says otherwise, what else is possible. */
function marks(chronicle: Chronicle, fact: Fact): HTMLElement[] {
  const { unit } = chronicle.paths[fact.path]!;
  const found: HTMLElement[] = [];
  const mark = (kind: string, ...children: (string | HTMLElement)[]): void => void found.push(el("span", { class: `mark ${kind}` }, ...children));
  if (fact.standing === "claimed") mark("claimed", "claimed by ", words(voicesWords(chronicle, fact.claimedBy)));
  const others = fact.alternatives.filter(({ possible }) => !possible);
  if (fact.standing !== "disputed" && others.length > 0) {
    const who = others.flatMap(({ standing, claimedBy }) => (standing === "record" ? ["the record"] : [voicesWords(chronicle, claimedBy)]));
    mark("otherwise", aside("claimed otherwise by "), el("span", { "aria-hidden": "true" }, "≠ "), words(who.join(", ")));
  }
  if (fact.recordMovedOn) mark("otherwise", "the record has moved on");
  const possible = [...new Set(fact.alternatives.filter((one) => one.possible).map((one) => alternativeValue(one, unit)))];
  if (fact.value && possible.length > 0) mark("possible", aside("also possible: "), el("span", { "aria-hidden": "true" }, "? "), words(possible.join(", ")));
  return found;
}

interface How {
  readonly changed: boolean;
  readonly was: Fact | null;
  readonly whatIf: boolean;
  readonly without: Fact | null;
}

interface Row {
  readonly element: HTMLElement;
  fact: Fact | null;
  key: string;
}

export class StatePane {
  readonly element = el("div", { class: "state" });
  readonly #rows = new Map<number, Row>();
  readonly #groups = new Map<string, { element: HTMLElement; key: string }>();
  #chronicle: Chronicle | null = null;

  /** What has just changed, and what is another by *what if*, to be opened at once. */
  readonly summary = el("div", { class: "changes" });
  #changed: number[] = [];
  #selected: number | null = null;
  #others: number[] = [];

  constructor(
    readonly open: (path: number) => void,
    readonly compare: () => void,
  ) {}

  /** Shows a state: `before` is the one shown just before, `plain` the one without *what if*. */
  show(state: State, before: State | null, plain: State | null, selected: number | null, filter: string): void {
    const { chronicle } = state.view;
    if (this.#chronicle !== chronicle) {
      this.#rows.clear();
      this.#groups.clear();
      this.#chronicle = chronicle;
    }
    [this.#changed, this.#others] = [[], []];
    const wanted = filter.trim().toLowerCase();
    const gone = before ? [...before.facts.keys()].filter((path) => !state.facts.has(path)) : [];
    const lost = plain ? [...plain.facts.keys()].filter((path) => !state.facts.has(path)) : [];
    const paths = [...new Set([...state.facts.keys(), ...gone, ...lost])].sort((a, b) => a - b);
    const groups = new Map<string, number[]>();
    for (const path of paths) {
      const { path: name, segments, label } = chronicle.paths[path]!;
      const fact = state.facts.get(path) ?? null;
      const text = `${name} ${label ?? ""} ${fact?.value ? valueText(fact.value) : ""}`.toLowerCase();
      const how = this.#difference(fact, before, plain, path);
      if (how.changed) this.#changed.push(path);
      if (how.whatIf) this.#others.push(path);
      if (wanted && !text.includes(wanted)) continue;
      const group = segments[0]!;
      const list = groups.get(group);
      if (list) list.push(path);
      else groups.set(group, [path]);
      this.#row(chronicle, path, fact, how, selected === path);
    }
    this.#summarize(chronicle, plain !== null);
    const shown = [...groups].map(([name, list]) => this.#group(chronicle, name, list));
    if (shown.length === 0) {
      const none = wanted ? `Nothing here has “${visible(filter)}” in its name or value.` : "Nothing had happened yet, as far as this viewpoint knows.";
      fill(this.element, el("p", { class: "empty" }, none));
    } else if (shown.length !== this.element.childElementCount || shown.some((element, i) => element !== this.element.children[i])) {
      this.element.replaceChildren(...shown);
    }
    if (selected !== null && selected !== this.#selected) requestAnimationFrame(() => this.#reveal(selected));
    this.#selected = selected;
  }

  /** Brings a path into view, where the state has a scroll of its own. */
  #reveal(path: number): void {
    const [row, box] = [this.#rows.get(path)?.element, this.element.parentElement];
    if (!row?.isConnected || !box || box.scrollHeight <= box.clientHeight) return;
    const [inner, outer] = [row.getBoundingClientRect(), box.getBoundingClientRect()];
    if (inner.top < outer.top || inner.bottom > outer.bottom) box.scrollTop += inner.top - outer.top - outer.height / 3;
  }

  #summarize(chronicle: Chronicle, isWhatIf: boolean): void {
    const chip = (path: number): HTMLElement => button(words(chronicle.paths[path]!.path), () => this.open(path), { class: "chip" });
    const line = (kind: string, label: string, paths: number[], ...more: HTMLElement[]): HTMLElement =>
      el("p", { class: `line ${kind}` }, el("b", {}, label), " ", paths.slice(0, 8).map(chip), paths.length > 8 ? `and ${paths.length - 8} more ` : null, ...more);
    const differs = this.#others.length === 0 ? "What if: nothing would be otherwise." : `What if: ${count(this.#others.length, "value")} would be otherwise`;
    fill(
      this.summary,
      this.#changed.length ? line("now", `Just changed: ${count(this.#changed.length, "value")}`, this.#changed) : null,
      isWhatIf ? line("if", differs, this.#others, ...(this.#others.length ? [button("Compare", () => this.compare(), { class: "chip" })] : [])) : null,
    );
  }

  #group(chronicle: Chronicle, name: string, paths: readonly number[]): HTMLElement {
    let group = this.#groups.get(name);
    if (!group) this.#groups.set(name, (group = { element: el("section", { class: "group" }), key: "" }));
    const key = paths.join(" ");
    if (group.key === key) return group.element;
    group.key = key;
    const list: HTMLElement[] = [];
    let [under, rows] = ["", el("ul", {})];
    for (const path of paths) {
      const { segments } = chronicle.paths[path]!;
      const head = segments.length > 2 ? segments[1]! : "";
      if (head !== under || list.length === 0) {
        rows = el("ul", {});
        list.push(el("div", { class: "below" }, head ? el("h4", {}, words(head)) : null, rows));
        under = head;
      }
      rows.append(this.#rows.get(path)!.element);
    }
    fill(group.element, el("h3", {}, words(name)), list);
    return group.element;
  }

  /** Whether a path has just changed, and whether it is another by *what if*; and what it was. */
  #difference(fact: Fact | null, before: State | null, plain: State | null, path: number): How {
    const differs = (state: State | null): boolean => {
      const other = state?.facts.get(path) ?? null;
      return state !== null && fact !== other && (fact === null || other === null || !isSame(fact, other));
    };
    return { changed: differs(before), was: before?.facts.get(path) ?? null, whatIf: differs(plain), without: plain?.facts.get(path) ?? null };
  }

  #row(chronicle: Chronicle, path: number, fact: Fact | null, { changed, was, whatIf, without }: How, selected: boolean): void {
    let row = this.#rows.get(path);
    const marksKey = `${changed} ${whatIf} ${selected}`;
    if (row && row.fact === fact && row.key === marksKey) return;
    const { segments, unit } = chronicle.paths[path]!;
    if (!row) {
      const name = segments.slice(segments.length > 2 ? 2 : 1).join(".");
      const inner = el("button", { type: "button", class: "fact", onclick: () => this.open(path) });
      inner.dataset.name = name;
      this.#rows.set(path, (row = { element: el("li", {}, inner), fact: null, key: "" }));
    }
    row.fact = fact;
    row.key = marksKey;
    const inner = row.element.firstElementChild as HTMLElement;
    const shown = (one: Fact | null): string => (one ? (one.value ? valueText(one.value, unit) : standingWords(chronicle, one)) : "nothing");
    inner.className = `fact${changed ? " changed" : ""}${whatIf ? " what-if" : ""}${fact ? "" : " gone"}`;
    inner.setAttribute("aria-pressed", String(selected));
    const told = (kind: string, label: string, one: Fact | null): HTMLElement =>
      el("span", { class: `told ${kind}` }, `${label}`, one && fact && same(one.value, fact.value) && one.standing === fact.standing ? "" : [": ", el("s", {}, words(shown(one)))]);
    fill(
      inner,
      el("span", { class: "name" }, words(inner.dataset.name!)),
      el("span", { class: "said" }, fact ? [sign(fact.standing, isOnlyPossible(fact)), valueWords(chronicle, fact)] : el("span", { class: "value none" }, "no longer there")),
      el("span", { class: "since" }, fact?.since == null ? null : [aside("since "), chronicle.events[fact.since]!.day]),
      el("span", { class: "marks" }, fact ? marks(chronicle, fact) : null, changed ? told("now", "just changed, was", was) : null, whatIf ? told("if", "what if, else", without) : null),
    );
  }
}
