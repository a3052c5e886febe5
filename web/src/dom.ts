// Elements, and nothing else: every text of a chronicle goes in as text, made visible, and never as markup. Knows
// nothing of chronicles.

type Child = Node | string | number | null | undefined | false | readonly Child[];
type Handler = (event: never) => void;
type Props = Record<string, string | number | boolean | null | undefined | Handler>;

/** C0 and C1 but for blanks, the byte order mark, separators of lines, and the controls of writing direction. */
const HOSTILE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu;

/** A text with every hostile character spelled out, as the program's own answers have it. */
export const visible = (text: string): string => text.replace(HOSTILE, (c) => `\\u{${c.codePointAt(0)!.toString(16)}}`);

/** An element; `on…` are listeners, `class` and the like attributes; of `true` an empty one, of what is nothing none. */
export function el<K extends keyof HTMLElementTagNameMap>(tag: K, props: Props, ...children: Child[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value as EventListener);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, visible(String(value)));
  }
  append(element, children);
  return element;
}

export function append(parent: Node, children: readonly Child[]): void {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    if (Array.isArray(child)) append(parent, child);
    else if (child instanceof Node) parent.appendChild(child);
    else parent.appendChild(document.createTextNode(visible(String(child))));
  }
}

export function fill(parent: Element, ...children: Child[]): void {
  parent.replaceChildren();
  append(parent, children);
}

/** A text of the chronicle, isolated, so that its direction does not reach beyond it. */
export const words = (text: string): HTMLElement => el("bdi", {}, text);

/** A text with the inline marks of Markdown that a summary may have: `code`, **strong** and *emphasis*. */
export function marked(text: string): HTMLElement {
  const parts = text.split(/(`[^`]+`|\*\*[^*]+\*\*|\*[^*\s][^*]*\*)/u);
  const part = (one: string): Child => {
    if (/^`.+`$/su.test(one)) return el("code", {}, one.slice(1, -1));
    if (/^\*\*.+\*\*$/su.test(one)) return el("strong", {}, one.slice(2, -2));
    if (/^\*.+\*$/su.test(one)) return el("em", {}, one.slice(1, -1));
    return one;
  };
  return el("bdi", {}, parts.map(part));
}

/** A link to the web; what is no address of it is shown as plain text. */
export function link(url: string, ...children: Child[]): HTMLElement {
  let parsed: URL | null = null;
  try {
    parsed = new URL(url);
  } catch {
    // No address, so it is text.
  }
  if (parsed?.protocol !== "https:" && parsed?.protocol !== "http:") return el("span", {}, ...children);
  return el("a", { href: parsed.href, rel: "noopener noreferrer", target: "_blank" }, ...children);
}

export const button = (label: Child, act: () => void, props: Props = {}): HTMLButtonElement =>
  el("button", { type: "button", onclick: act, ...props }, label);

/** A word that only a reader of screens is told. */
export const aside = (text: string): HTMLElement => el("span", { class: "aside" }, text);
