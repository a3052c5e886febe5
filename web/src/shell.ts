// The parts of the page that hold the others: the three panes, the banner of faults, the legend, the theme. Knows nothing
// of states.

import type { ColourBy } from "./address";
import type { Diagnostic } from "./chronicle";
import { type Colours, COLOURS } from "./colours";
import type { Settings } from "./dialogs";
import { button, el, fill, words } from "./dom";
import { count } from "./words";

type Pane = "events" | "state" | "reasons";

/** Events, state and reasons: side by side, or one at a time where there is no room. */
export class Panes {
  readonly element: HTMLElement;
  readonly #main: HTMLElement;
  readonly #heading = el("h2", { tabindex: -1 });
  readonly #body = el("div", { class: "body", tabindex: 0, role: "group", "aria-label": "State or differences" });
  readonly #reasons = el("div", { class: "body reasons", tabindex: 0, role: "group", "aria-label": "Value or event" });
  readonly #tabs: Record<Pane, HTMLButtonElement>;

  constructor(events: HTMLElement, filter: HTMLElement) {
    const pane = (name: Pane, label: string, ...children: Node[]): HTMLElement => el("section", { class: `pane ${name}`, "aria-label": label }, ...children);
    this.#main = el("main", {}, pane("events", "Events", events), pane("state", "State", el("div", { class: "pane-top" }, this.#heading, filter), this.#body), pane("reasons", "Reasons", this.#reasons));
    const tab = (name: Pane, label: string): HTMLButtonElement => button(label, () => this.show(name), { "aria-pressed": "false" });
    this.#tabs = { events: tab("events", "Events"), state: tab("state", "State"), reasons: tab("reasons", "Why") };
    this.element = el("div", { class: "panes" }, el("nav", { class: "tabs", "aria-label": "Panes" }, Object.values(this.#tabs)), this.#main);
    this.#choose("state");
  }

  /** Shows a pane where there is room for one alone, and goes to its head. */
  show(name: Pane): void {
    this.#choose(name);
    if (name === "reasons" && getComputedStyle(this.#tabs.events.parentElement!).display !== "none") {
      this.#reasons.querySelector<HTMLElement>("h2")?.focus({ preventScroll: false });
    }
  }

  #choose(name: Pane): void {
    this.#main.dataset.pane = name;
    for (const [other, tab] of Object.entries(this.#tabs)) tab.setAttribute("aria-pressed", String(other === name));
  }

  middle(title: string, children: Node[]): void {
    if (this.#heading.textContent !== title) fill(this.#heading, title);
    if (children.length !== this.#body.childNodes.length || children.some((child, i) => child !== this.#body.childNodes[i])) {
      this.#body.replaceChildren(...children);
    }
  }

  why(kind: string | null, children: Node[]): void {
    const top = this.#reasons.dataset.kind === (kind ?? "") && this.#reasons.dataset.head === headOf(children) ? this.#reasons.scrollTop : 0;
    this.#reasons.dataset.kind = kind ?? "";
    this.#reasons.dataset.head = headOf(children);
    this.#reasons.replaceChildren(...children);
    this.#reasons.scrollTop = top;
  }

  /** Shows anew, and gives the focus back to what stands where it was. */
  keepingFocus(show: () => void): void {
    const active = document.activeElement as HTMLElement | null;
    const [name, inReasons] = [active?.textContent ?? "", this.#reasons.contains(active)];
    const inside = active !== null && this.#main.contains(active);
    const place = inside ? sameNamed(this.#main, name).indexOf(active) : -1;
    show();
    if (!inside || active.isConnected) return;
    const again = sameNamed(this.#main, name)[place];
    if (again) again.focus({ preventScroll: true });
    else if (inReasons) this.#reasons.querySelector<HTMLElement>("h2")?.focus();
  }
}

const headOf = (children: readonly Node[]): string => children.map((child) => (child as Element).tagName === "H2" && child.textContent).find(Boolean) || "";
const sameNamed = (parent: Element, name: string): HTMLElement[] => [...parent.querySelectorAll<HTMLElement>("button, summary, a")].filter((one) => one.textContent === name);

/** Faults of the files, while the last good state stays. */
export class Banner {
  readonly element = el("div", { class: "banner", role: "alert", hidden: true });

  show(faults: readonly Diagnostic[], trouble: string | null, leftOut: number, hasState: boolean): void {
    const errors = faults.filter(({ severity }) => severity === "error");
    this.element.hidden = errors.length === 0 && trouble === null && leftOut === 0;
    const one = (fault: Diagnostic): HTMLElement =>
      el("li", {}, el("code", {}, `${fault.file}:${fault.line}`), " ", words(fault.message), fault.help ? el("span", { class: "label" }, " – ", words(fault.help)) : null);
    const said = [
      trouble,
      errors.length ? `The files have ${count(errors.length, "fault")}.` : null,
      leftOut ? `${count(leftOut, "document")} ${leftOut === 1 ? "is" : "are"} left out.` : null,
      errors.length && !leftOut && hasState ? "What is shown is the last state without." : null,
    ];
    fill(this.element, el("p", {}, said.filter(Boolean).join(" ")), errors.length ? el("ul", {}, errors.slice(0, 50).map(one)) : null);
  }
}

/** What the colours and forms of the timeline mean; each can be pressed to find its events. */
export class Legend {
  readonly element: HTMLElement;
  readonly #by: HTMLSelectElement;
  readonly #list = el("ul", {});

  constructor(
    by: (colour: ColourBy) => void,
    readonly find: (filter: string) => void,
  ) {
    const kinds: [ColourBy, string][] = [["kind", "kind"], ["tag", "tag"], ["voice", "voice"]];
    this.#by = el("select", { id: "colour", onchange: () => by(this.#by.value as ColourBy) }, kinds.map(([value, label]) => el("option", { value }, label)));
    this.element = el("div", { class: "legend" }, el("label", { for: "colour" }, "Colour by"), this.#by, this.#list);
  }

  show(colours: Colours, find: string): void {
    this.#by.value = colours.by;
    const swatch = (place: number): HTMLElement => el("span", { class: `swatch s${place}`, "aria-hidden": "true" });
    const one = (category: Colours["categories"][number], place: number): HTMLElement => {
      const filter = `${colours.by}:${category.id}`;
      return el("li", {}, button([swatch(place), words(category.name), " ", el("span", { class: "label" }, String(category.count))], () => this.find(filter), { "aria-pressed": String(find === filter), title: `Find ${filter}` }));
    };
    const others = colours.others ? el("li", {}, el("span", { class: "others" }, swatch(COLOURS), colours.categories.length ? "others " : "all ", el("span", { class: "label" }, String(colours.others)))) : null;
    fill(this.#list, colours.categories.map(one), others);
  }
}

const THEMES = ["auto", "light", "dark"] as const;

export function themeButton(settings: Settings, changed: () => void): HTMLButtonElement {
  let theme = THEMES.find((one) => one === settings.get("theme")) ?? "auto";
  const set = (): void => {
    document.documentElement.dataset.theme = theme;
    element.setAttribute("aria-label", `Theme: ${theme}`);
    element.title = `Theme: ${theme}`;
    fill(element, { auto: "◐", light: "○", dark: "●" }[theme]);
  };
  const element = button("", () => {
    theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length]!;
    settings.set("theme", theme);
    set();
    changed();
  });
  set();
  return element;
}
