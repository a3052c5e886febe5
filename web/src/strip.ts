// The history of one value as a strip: a row for the record and for each voice, a bar for each value, as long as it held.
// Every bar is a button that goes to when it began. Knows nothing of the address.

import { course, type Stretch } from "./ask";
import { el, words } from "./dom";
import { valueText } from "./value";
import type { View } from "./view";

export function strip(view: View, path: number, go: (event: number) => void): HTMLElement {
  const whole = view.atLast().afterLastEnd();
  const found = course(whole, path);
  const { chronicle } = view;
  const { unit } = chronicle.paths[path]!;
  const place = scale(found, Math.max(whole.moment.s, view.moment.s));
  const voices = [...new Set(found.map(({ voice }) => voice))];
  const bar = (one: Stretch): HTMLElement => {
    const from = place(one.from.moment.s);
    const to = one.to ? place(one.to.moment.s) : 100;
    const value = one.value ? valueText(one.value, unit) : "no value";
    const until = one.to ? ` to ${one.to.text}` : "";
    const label = `${value}, ${one.certain ? "" : "possible, "}from ${one.from.text}${until}`;
    const holds = one.certain && one.from.moment.s <= view.moment.s && (!one.to || view.moment.s < one.to.moment.s);
    const element = el(
      "button",
      { type: "button", class: `bar${one.certain ? "" : " possible"}${one.value ? "" : " none"}${holds ? " holds" : ""}`, "aria-label": label, title: label, onclick: () => go(one.event) },
      words(value),
    );
    element.style.left = `${from}%`;
    element.style.width = `max(${one.certain ? to - from : 6}%, 24px)`;
    return element;
  };
  const row = (voice: string | null): HTMLElement =>
    el(
      "div",
      { class: "strip-row" },
      el("span", { class: "strip-voice" }, voice === null ? "Record" : words(chronicle.voiceName(voice))),
      el("div", { class: "strip-bars", role: "group", "aria-label": voice === null ? "On record" : `Claimed by ${chronicle.voiceName(voice)}` }, found.filter((one) => one.voice === voice).map(bar)),
    );
  const now = el("span", { class: "strip-now", "aria-hidden": "true" });
  now.style.left = `calc(7.5rem + (100% - 7.5rem) * ${place(view.moment.s) / 100})`;
  return el("div", { class: "strip" }, voices.map(row), now);
}

/** Where a moment stands, in hundredths: every turn has some room, and what lasts longer has more of it. */
function scale(found: readonly Stretch[], last: number): (seconds: number) => number {
  const turns = found.flatMap(({ from, to }) => [from.moment.s, to?.moment.s ?? last]).filter(Number.isFinite);
  const marks = [...new Set([...turns, last])].sort((a, b) => a - b);
  const whole = marks[marks.length - 1]! - marks[0]! || 1;
  const parts = Math.max(marks.length - 1, 1);
  const weights = marks.slice(1).map((mark, i) => 0.65 / parts + (0.35 * (mark - marks[i]!)) / whole);
  return (seconds) => {
    if (seconds <= marks[0]!) return 0;
    let at = 0;
    for (const [i, weight] of weights.entries()) {
      const [from, to] = [marks[i]!, marks[i + 1]!];
      if (seconds < to) return (at + (weight * (seconds - from)) / (to - from)) * 100;
      at += weight;
    }
    return 100;
  };
}
