// What opens above the page: the keys, and what can be copied. Knows nothing of states.

import { button, el, fill } from "./dom";

const KEYS: readonly (readonly [string, string])[] = [
  ["← →", "the event before, the next event"],
  ["Home End", "before the first event, after the last"],
  ["space", "play, event by event; pause"],
  ["+ − 0", "zoom in, zoom out, show the whole time"],
  ["/", "find events"],
  ["n", "as we know it now beside as it was known then"],
  ["c", "compare"],
  ["y", "copy: link, citation, command"],
  ["Esc", "close what is open"],
  ["?", "these keys"],
];

function dialog(title: string, ...children: (Node | string)[]): HTMLDialogElement {
  const element = el("dialog", { "aria-label": title });
  append(element, title, children);
  element.addEventListener("click", (event) => event.target === element && element.close());
  return element;
}

function append(element: HTMLDialogElement, title: string, children: (Node | string)[]): void {
  fill(element, el("div", { class: "inner" }, el("header", {}, el("h2", {}, title), button("×", () => element.close(), { "aria-label": "Close" })), ...children));
}

/** The keys, and a switch to turn those of one character off. */
export class Keys {
  readonly element: HTMLDialogElement;

  constructor(settings: Settings) {
    const box = el("input", { type: "checkbox", id: "single-keys", onchange: () => settings.set("keys", box.checked ? "on" : "off") });
    box.checked = settings.get("keys") !== "off";
    const rows = KEYS.map(([keys, said]) => el("tr", {}, el("th", { scope: "row" }, keys.split(" ").map((key) => el("kbd", {}, key))), el("td", {}, said)));
    this.element = dialog("Keys", el("table", {}, el("tbody", {}, rows)), el("p", {}, box, " ", el("label", { for: "single-keys" }, "Keys of a single character are on")), el("p", { class: "label" }, "In the timeline: drag the line or press the axis to move the moment, drag to pan, turn the wheel or pinch to zoom, double-press to stand there."));
  }

  open(): void {
    this.element.showModal();
  }
}

/** What can be copied, each as text that can also be taken by hand. */
export class Copies {
  readonly element = dialog("Copy");

  open(texts: readonly (readonly [string, string])[]): void {
    const rows = texts.map(([label, text], i) => {
      const area = el("textarea", { id: `copy-${i}`, readonly: true, rows: Math.min(8, text.split("\n").length + Math.floor(text.length / 90)), spellcheck: "false" });
      area.value = text;
      const done = el("span", { role: "status", class: "label" });
      const copy = async (): Promise<void> => {
        try {
          await navigator.clipboard.writeText(text);
          fill(done, "copied");
        } catch {
          area.select();
          fill(done, "selected: copy it with your own keys");
        }
      };
      return el("div", { class: "copy" }, el("label", { for: `copy-${i}` }, label), area, el("div", { class: "row" }, button("Copy", () => void copy(), { "aria-label": `Copy the ${label.toLowerCase()}` }), done));
    });
    append(this.element, "Copy", rows);
    this.element.showModal();
  }
}

/** What a person set, kept where the browser lets it. */
export class Settings {
  readonly #kept = new Map<string, string>();

  get(name: string): string | null {
    try {
      return this.#kept.get(name) ?? localStorage.getItem(`asof-${name}`);
    } catch {
      return this.#kept.get(name) ?? null;
    }
  }

  set(name: string, value: string): void {
    this.#kept.set(name, value);
    try {
      localStorage.setItem(`asof-${name}`, value);
    } catch {
      // A page from disk may not keep anything: it holds until it is closed.
    }
  }
}
