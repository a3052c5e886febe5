// The state beside the timeline: every path with its value and how it stands, what has just changed, and what a *what
// if* changes. Elements are kept and changed only where their fact is another; while it moves, only what
// is in view is, and what has changed is marked, and told in words when it rests. Knows nothing of the address.

import type { Chronicle } from "./chronicle";
import { append, aside, button, el, fill, visible, words } from "./dom";
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
  readonly inner: HTMLElement;
  readonly said: HTMLElement;
  readonly since: HTMLElement;
  readonly marks: HTMLElement;
  fact: Fact | null;
  /** What is said of how it differs, and of it being selected. */
  how: How | null;
  key: string;
}

/** What is shown beside a state: the one before it, the one without *what if*; and whether it is still moving, when what
 * takes long is left for the rest. */
export interface Beside {
  readonly before: State | null;
  readonly plain: State | null;
  readonly selected: number | null;
  readonly filter: string;
  readonly moving: boolean;
}

export class StatePane {
  readonly element = el("div", { class: "state" });
  /** What has just changed, and what is another by *what if*, to be opened at once. */
  readonly summary = el("div", { class: "changes" });
  readonly #rows = new Map<number, Row>();
  readonly #groups = new Map<string, { element: HTMLElement; key: string }>();
  /** The blocks of rows that the browser does not draw, as they are out of view. */
  readonly #unseen = new WeakSet<Element>();
  #chronicle: Chronicle | null = null;
  #selected: number | null = null;

  constructor(
    readonly open: (path: number) => void,
    readonly compare: () => void,
  ) {}

  show(state: State, beside: Beside): void {
    const { chronicle } = state.view;
    const { before, plain, selected, filter, moving } = beside;
    if (this.#chronicle !== chronicle) {
      this.#rows.clear();
      this.#groups.clear();
      this.#chronicle = chronicle;
    }
    const [changed, others]: [number[], number[]] = [[], []];
    const wanted = filter.trim().toLowerCase();
    const groups = new Map<string, number[]>();
    for (const path of pathsOf(state, before, plain)) {
      const { segments } = chronicle.paths[path]!;
      const fact = state.facts.get(path) ?? null;
      const how = difference(fact, before, plain, path);
      if (how.changed) changed.push(path);
      if (how.whatIf) others.push(path);
      if (wanted && !isNamed(chronicle, path, fact, wanted)) continue;
      const group = segments[0]!;
      const list = groups.get(group);
      if (list) list.push(path);
      else groups.set(group, [path]);
      this.#row(chronicle, path, fact, how, selected === path, moving);
    }
    if (!moving) this.#summarize(chronicle, changed, plain === null ? null : others);
    const shown = [...groups].map(([name, list]) => this.#group(chronicle, name, list));
    if (shown.length === 0) {
      const none = wanted ? `Nothing here has “${visible(filter)}” in its name or value.` : "Nothing had happened yet, as far as this viewpoint knows.";
      fill(this.element, el("p", { class: "empty" }, none));
    } else if (shown.length !== this.element.childElementCount || shown.some((element, i) => element !== this.element.children[i])) {
      this.element.replaceChildren(...shown);
    }
    if (selected !== null && selected !== this.#selected) requestAnimationFrame(() => this.#reveal(selected, 3));
    this.#selected = selected;
  }

  /** Brings a path into view, where the state has a scroll of its own; again, while what was not drawn yet turns out
   * to be of another height. */
  #reveal(path: number, tries: number): void {
    const [row, box] = [this.#rows.get(path)?.element, this.element.parentElement];
    if (!row?.isConnected || !box || box.scrollHeight <= box.clientHeight) return;
    const [inner, outer] = [row.getBoundingClientRect(), box.getBoundingClientRect()];
    if (inner.top >= outer.top && inner.bottom <= outer.bottom) return;
    box.scrollTop += inner.top - outer.top - outer.height / 3;
    if (tries > 0) requestAnimationFrame(() => this.#reveal(path, tries - 1));
  }

  #summarize(chronicle: Chronicle, changed: readonly number[], others: readonly number[] | null): void {
    const chip = (path: number): HTMLElement => button(words(chronicle.paths[path]!.path), () => this.open(path), { class: "chip" });
    const line = (kind: string, label: string, paths: readonly number[], ...more: HTMLElement[]): HTMLElement =>
      el("p", { class: `line ${kind}` }, el("b", {}, label), " ", paths.slice(0, 8).map(chip), paths.length > 8 ? `and ${paths.length - 8} more ` : null, ...more);
    const differs = others?.length ? `What if: ${count(others.length, "value")} would be otherwise` : "What if: nothing would be otherwise.";
    fill(
      this.summary,
      changed.length ? line("now", `Just changed: ${count(changed.length, "value")}`, changed) : null,
      others ? line("if", differs, others, ...(others.length ? [button("Compare", () => this.compare(), { class: "chip" })] : [])) : null,
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
        const block = el("div", { class: "below" }, head ? el("h4", {}, words(head)) : null, rows);
        block.addEventListener("contentvisibilityautostatechange", (event) => {
          if ((event as ContentVisibilityAutoStateChangeEvent).skipped) this.#unseen.add(block);
          else this.#unseen.delete(block);
        });
        list.push(block);
        under = head;
      }
      rows.append(this.#rows.get(path)!.element);
    }
    fill(group.element, el("h3", {}, words(name)), list);
    return group.element;
  }

  /** Brings a row up to date: its fact where that is another, and what is told of how it differs. */
  #row(chronicle: Chronicle, path: number, fact: Fact | null, how: How, selected: boolean, moving: boolean): void {
    let row = this.#rows.get(path);
    if (!row) this.#rows.set(path, (row = this.#newRow(chronicle, path)));
    else if (moving && this.#isUnseen(row.element)) return;
    const isNew = row.how === null || row.fact !== fact;
    const tells = !moving && (how.changed || how.whatIf);
    const key = `${how.changed} ${how.whatIf} ${selected} ${tells}`;
    if (!isNew && row.key === key && (!tells || (row.how?.was === how.was && row.how.without === how.without))) return;
    if (isNew) {
      fill(row.said, fact ? [sign(fact.standing, isOnlyPossible(fact)), valueWords(chronicle, fact)] : el("span", { class: "value none" }, "no longer there"));
      fill(row.since, fact?.since == null ? null : [aside("since "), chronicle.events[fact.since]!.day]);
      fill(row.marks, fact ? marks(chronicle, fact) : null);
    } else {
      for (const one of row.marks.querySelectorAll(".told")) one.remove();
    }
    [row.fact, row.how, row.key] = [fact, how, key];
    row.inner.className = `fact${how.changed ? " changed" : ""}${how.whatIf ? " what-if" : ""}${fact ? "" : " gone"}`;
    row.inner.setAttribute("aria-pressed", String(selected));
    if (tells) append(row.marks, tell(chronicle, fact, how));
  }

  #isUnseen(row: Element): boolean {
    const block = row.closest(".below");
    return block !== null && block.isConnected && this.#unseen.has(block);
  }

  #newRow(chronicle: Chronicle, path: number): Row {
    const { segments } = chronicle.paths[path]!;
    const [said, since, marks] = ["said", "since", "marks"].map((name) => el("span", { class: name })) as [HTMLElement, HTMLElement, HTMLElement];
    const name = el("span", { class: "name" }, words(segments.slice(segments.length > 2 ? 2 : 1).join(".")));
    const inner = button([name, said, since, marks], () => this.open(path), { class: "fact" });
    return { element: el("li", {}, inner), inner, said, since, marks, fact: null, how: null, key: "" };
  }
}

/** The paths of a state, and those that another one has beside it, in order. */
function pathsOf(state: State, ...others: readonly (State | null)[]): Iterable<number> {
  const more = others.flatMap((other) => (other ? [...other.facts.keys()].filter((path) => !state.facts.has(path)) : []));
  return more.length === 0 ? state.facts.keys() : [...new Set([...state.facts.keys(), ...more])].sort((a, b) => a - b);
}

/** Whether a path has a text in its name, its label or its value. */
function isNamed(chronicle: Chronicle, path: number, fact: Fact | null, wanted: string): boolean {
  const { path: name, label } = chronicle.paths[path]!;
  return `${name} ${label ?? ""} ${fact?.value ? valueText(fact.value) : ""}`.toLowerCase().includes(wanted);
}

/** Whether a path has just changed, and whether it is another by *what if*; and what it was. */
function difference(fact: Fact | null, before: State | null, plain: State | null, path: number): How {
  const differs = (state: State | null, other: Fact | null): boolean =>
    state !== null && fact !== other && (fact === null || other === null || !isSame(fact, other));
  const [was, without] = [before?.facts.get(path) ?? null, plain?.facts.get(path) ?? null];
  return { changed: differs(before, was), was, whatIf: differs(plain, without), without };
}

/** What a fact was just before, and what it would be without *what if*. */
function tell(chronicle: Chronicle, fact: Fact | null, { changed, was, whatIf, without }: How): HTMLElement[] {
  const told = (kind: string, label: string, one: Fact | null): HTMLElement => {
    const isTold = one && fact && same(one.value, fact.value) && one.standing === fact.standing;
    return el("span", { class: `told ${kind}` }, label, isTold ? "" : [": ", el("s", {}, words(shownAs(chronicle, one)))]);
  };
  return [...(changed ? [told("now", "just changed, was", was)] : []), ...(whatIf ? [told("if", "what if, else", without)] : [])];
}

function shownAs(chronicle: Chronicle, one: Fact | null): string {
  if (!one) return "nothing";
  return one.value ? valueText(one.value, chronicle.paths[one.path]!.unit) : standingWords(chronicle, one);
}
