// The timeline: events on a canvas, imprecise dates as spans that fade, what lasts as bars, dense stretches as columns
// that open by zooming; above it the moment, which can be dragged. A canvas draws 20,000 events in one go, where as many
// elements would not scroll; the list of events says the same in words. Knows nothing of states.

import type { Chronicle, Event } from "./chronicle";
import type { Colours } from "./colours";
import { button, el, fill } from "./dom";
import { Gestures, type Hold } from "./gestures";
import { type Group, type Item, layOut, type Layout, type Placed } from "./layout";
import { drawAxis, drawGroup, drawMark, type Look, Palette, POINT } from "./paint";
import { DAY } from "./moment";

/** How an event stands in the viewpoint; and whether a cause of it, or a cause of a cause, does not count there. */
export type Stands = "certain" | "possible" | "not-yet" | "out";
export type Lost = "cause" | "further-cause" | null;

export interface Shown {
  readonly chronicle: Chronicle;
  readonly colours: Colours;
  readonly stands: (event: number) => Stands;
  readonly lost: (event: number) => Lost;
  readonly selected: number | null;
  readonly found: ReadonlySet<number> | null;
  /** The moment in seconds, in words, and in few of them. */
  readonly moment: number;
  readonly words: string;
  readonly flag: string;
  readonly steps: readonly [number, number];
}

export interface Acts {
  /** The moment is moved to so many seconds; a pixel is so many wide. */
  move(seconds: number, step: number, done: boolean): void;
  /** So many events on or back; with a key that is held down. */
  step(by: number, held: boolean): void;
  edge(last: boolean): void;
  select(event: number): void;
  zoomed(range: readonly [number, number] | null): void;
}

const AXIS = 28;
const TOP = 26;
const LANE = 19;

export class Timeline {
  readonly element: HTMLElement;
  readonly #canvas = el("canvas", { role: "img", "aria-label": "" });
  readonly #stage: HTMLElement;
  readonly #handle: HTMLElement;
  readonly #flag = el("span", { class: "flag", "aria-hidden": "true" });
  readonly #tip = el("div", { class: "tip", hidden: true, "aria-hidden": "true" });
  readonly #palette = new Palette();
  #shown: Shown | null = null;
  #range: [number, number] = [0, 1];
  #whole: [number, number] = [0, 1];
  #width = 0;
  #height = 0;
  #layout: Layout = { placed: [], groups: [] };
  #laid: { key: string; chronicle: Chronicle | null } = { key: "", chronicle: null };
  #queued = false;
  /** Where the moment is being dragged to: it is moved once a frame. */
  #dragged: number | null = null;

  constructor(readonly acts: Acts) {
    this.#handle = el("div", { class: "moment", role: "slider", tabindex: 0, "aria-label": "Moment", onkeydown: (e: KeyboardEvent) => this.#key(e) }, this.#flag);
    this.#stage = el("div", { class: "stage" }, this.#canvas, this.#handle, this.#tip);
    this.element = el("div", { class: "timeline" }, this.#stage);
    new ResizeObserver(() => this.#resize()).observe(this.#stage);
    new Gestures(this.#stage, {
      seconds: (x) => this.#seconds(x),
      isAxis: (y) => y > this.#height - AXIS,
      move: (x, done) => this.#drag(x, done),
      keep: (holds) => this.#keep(holds),
      zoom: (factor, x) => this.zoom(factor, this.#seconds(x)),
      pan: (part) => this.pan(part),
      press: (x, y, isFinger) => this.#press(x, y, isFinger),
      hover: (x, y) => this.#hover(x, y),
      leave: () => (this.#tip.hidden = true),
    });
  }

  /** The buttons that zoom. */
  buttons(): HTMLElement {
    return el(
      "div",
      { class: "zoom", role: "group", "aria-label": "Zoom" },
      button("+", () => this.zoom(0.5), { "aria-label": "Zoom in", title: "Zoom in (+)" }),
      button("−", () => this.zoom(2), { "aria-label": "Zoom out", title: "Zoom out (-)" }),
      button("All", () => this.fit(), { title: "Show the whole time (0)" }),
    );
  }

  /** A chronicle was loaded: the whole of it is shown, or a part that was asked for. */
  open(chronicle: Chronicle, zoom: readonly [number, number] | null): void {
    let [from, to] = [Infinity, -Infinity];
    for (const { span } of chronicle.events) {
      for (const { s } of span) if (Number.isFinite(s)) [from, to] = [Math.min(from, s), Math.max(to, s)];
    }
    if (!Number.isFinite(from)) [from, to] = [0, 365 * DAY];
    const margin = Math.max((to - from) * 0.03, DAY);
    this.#whole = [from - margin, to + margin];
    this.#range = zoom ? [...zoom] : [...this.#whole];
  }

  show(shown: Shown): void {
    this.#shown = shown;
    const { chronicle, steps } = shown;
    this.#canvas.setAttribute("aria-label", `Timeline of ${chronicle.events.length} events; the list of events says the same in words`);
    this.#handle.setAttribute("aria-valuemin", "0");
    this.#handle.setAttribute("aria-valuemax", String(steps[1]));
    this.#handle.setAttribute("aria-valuenow", String(steps[0]));
    this.#handle.setAttribute("aria-valuetext", shown.words);
    fill(this.#flag, shown.flag);
    this.#queue();
  }

  get range(): readonly [number, number] {
    return this.#range;
  }

  fit(): void {
    this.#setRange(this.#whole, null);
  }

  setZoom(zoom: readonly [number, number] | null): void {
    const [from, to] = zoom ?? this.#whole;
    if (from === this.#range[0] && to === this.#range[1]) return;
    this.#range = [from, to];
    this.#queue();
  }

  /** Zooms around the moment if it is seen, else around the middle. */
  zoom(factor: number, around = this.#inView() ? this.#shown!.moment : (this.#range[0] + this.#range[1]) / 2): void {
    const [from, to] = this.#range;
    const width = this.#bounded((to - from) * factor);
    const left = around - ((around - from) / (to - from)) * width;
    const range: [number, number] = [left, left + width];
    this.#setRange(range, range);
  }

  /** Neither less than ten minutes are shown, nor much more than there is. */
  #bounded(seconds: number): number {
    return Math.min(Math.max(seconds, 600), (this.#whole[1] - this.#whole[0]) * 4);
  }

  /** Shows each second where it is held. */
  #keep([a, b]: readonly Hold[]): void {
    const apart = b ? Math.max(Math.abs(b.x - a!.x), 12) : 0;
    const step = b ? this.#bounded((Math.abs(b.seconds - a!.seconds) / apart) * this.#width) / this.#width : this.#step;
    const from = a!.seconds - a!.x * step;
    const range: [number, number] = [from, from + step * this.#width];
    this.#setRange(range, range);
  }

  #drag(x: number, done: boolean): void {
    if (done) {
      this.#dragged = null;
      return this.acts.move(this.#seconds(x), this.#step, true);
    }
    this.#dragged = x;
    this.#queue();
  }

  pan(part: number): void {
    const [from, to] = this.#range;
    const by = (to - from) * part;
    this.#setRange([from + by, to + by], [from + by, to + by]);
  }

  /** Brings the moment into view. */
  follow(): void {
    if (!this.#shown || this.#inView()) return;
    const half = (this.#range[1] - this.#range[0]) / 2;
    const { moment } = this.#shown;
    if (Number.isFinite(moment)) this.#setRange([moment - half, moment + half], [moment - half, moment + half]);
  }

  /** Draws with the colours of the style anew; at once where there will be no next frame. */
  redraw(atOnce = false): void {
    this.#palette.read(this.element);
    if (atOnce) this.#draw();
    else this.#queue();
  }

  #inView(): boolean {
    const moment = this.#shown?.moment ?? NaN;
    return moment >= this.#range[0] && moment <= this.#range[1];
  }

  #setRange(range: readonly [number, number], told: readonly [number, number] | null): void {
    this.#range = [range[0], range[1]];
    this.acts.zoomed(told);
    this.#queue();
  }

  #resize(): void {
    const { width, height } = this.#stage.getBoundingClientRect();
    [this.#width, this.#height] = [width, height];
    const ratio = window.devicePixelRatio || 1;
    this.#canvas.width = Math.round(width * ratio);
    this.#canvas.height = Math.round(height * ratio);
    this.#canvas.getContext("2d")!.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.redraw();
  }

  #queue(): void {
    if (this.#queued) return;
    this.#queued = true;
    requestAnimationFrame(() => {
      const to = this.#dragged;
      this.#dragged = null;
      if (to !== null) this.acts.move(this.#seconds(to), this.#step, false);
      this.#queued = false;
      this.#draw();
    });
  }

  #x(seconds: number): number {
    const [from, to] = this.#range;
    return ((seconds - from) / (to - from)) * this.#width;
  }

  #seconds(x: number): number {
    const [from, to] = this.#range;
    return from + (x / this.#width) * (to - from);
  }

  /** How many seconds a pixel is wide. */
  get #step(): number {
    return (this.#range[1] - this.#range[0]) / Math.max(this.#width, 1);
  }

  #items(): Item[] {
    const [left, right] = [-2000, this.#width + 2000];
    const cut = (x: number): number => Math.min(Math.max(x, left), right);
    return this.#shown!.chronicle.events.map((event) => {
      const from = cut(this.#x(event.span[0].s));
      const to = cut(this.#x(lastOf(event)));
      // What is narrower than a mark stands with its middle where it happened.
      return to - from < POINT ? { number: event.number, from: (from + to) / 2 - 5, to: (from + to) / 2 + 5 } : { number: event.number, from, to };
    });
  }

  #draw(): void {
    const shown = this.#shown;
    const context = this.#canvas.getContext("2d");
    if (!shown || !context || this.#width === 0) return;
    const [width, height] = [this.#width, this.#height];
    context.clearRect(0, 0, width, height);
    const lanes = Math.max(1, Math.floor((height - AXIS - TOP) / LANE));
    // A moment that moves leaves everything where it is.
    const key = `${this.#range} ${width} ${height}`;
    if (key !== this.#laid.key || shown.chronicle !== this.#laid.chronicle) {
      this.#layout = layOut(this.#items(), width, lanes);
      this.#laid = { key, chronicle: shown.chronicle };
    }
    const look: Look = { context, palette: this.#palette, width, height, axis: AXIS, top: TOP, lane: LANE };
    drawAxis(look, this.#range, shown.chronicle.calendar.zone);
    const most = Math.max(...this.#layout.groups.map(({ items }) => items.length), 1);
    for (const group of this.#layout.groups) drawGroup(look, group, most, shown);
    for (const placed of this.#layout.placed) {
      const event = shown.chronicle.events[placed.number]!;
      const [from, by] = event.span;
      const bar = event.ending ? { from: this.#x(by.s), to: this.#x(event.ending.from.s), end: this.#x(event.ending.by.s) } : null;
      drawMark(look, placed, event, { from: this.#x(from.s), to: this.#x(by.s), bar }, shown);
    }
    const x = Math.min(Math.max(this.#x(shown.moment), -20), width + 20);
    this.#handle.style.transform = `translateX(${x}px)`;
    this.#handle.classList.toggle("left", x > width - 260);
    this.#handle.classList.toggle("outside", x < 0 || x > width);
  }

  /** What is drawn there, or for a finger near there. */
  #at(x: number, y: number, isFinger = false): Placed | Group | null {
    const lane = Math.floor((y - TOP) / LANE);
    const marked = (lane: number, reach: number): Placed | undefined =>
      this.#layout.placed.find((one) => one.lane === lane && x >= one.from - reach && x <= one.to + Math.min(Math.max(one.room, reach), 240));
    const found = marked(lane, 3) ?? this.#layout.groups.find((group) => x >= group.from && x < group.to && y > TOP && y < this.#height - AXIS);
    if (found || !isFinger) return found ?? null;
    return marked(lane, 12) ?? marked(lane - 1, 12) ?? marked(lane + 1, 12) ?? null;
  }

  #press(x: number, y: number, isFinger: boolean): void {
    const found = this.#at(x, y, isFinger);
    if (!found) return;
    if ("items" in found) {
      const [from, to] = [this.#seconds(found.from - 2), this.#seconds(found.to + 2)];
      this.#setRange([from, to], [from, to]);
    } else {
      this.acts.select(found.number);
    }
  }

  #hover(x: number, y: number): void {
    const found = this.#shown ? this.#at(x, y) : null;
    this.#tip.hidden = !found;
    this.#stage.classList.toggle("on-mark", found !== null);
    if (!found) return;
    if ("items" in found) {
      fill(this.#tip, `${found.items.length} events; press to zoom in`);
    } else {
      const event = this.#shown!.chronicle.events[found.number]!;
      fill(this.#tip, el("span", { class: "when" }, event.words), el("bdi", {}, event.title));
    }
    const left = Math.min(Math.max(x + 12, 4), Math.max(4, this.#width - this.#tip.offsetWidth - 4));
    const below = y + 18 + this.#tip.offsetHeight > this.#height;
    this.#tip.style.transform = `translate(${left}px, ${below ? y - this.#tip.offsetHeight - 10 : y + 18}px)`;
  }

  #key(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const acts: Record<string, () => void> = {
      ArrowLeft: () => (event.shiftKey ? this.pan(-0.2) : this.acts.step(-1, event.repeat)),
      ArrowDown: () => this.acts.step(-1, event.repeat),
      ArrowRight: () => (event.shiftKey ? this.pan(0.2) : this.acts.step(1, event.repeat)),
      ArrowUp: () => this.acts.step(1, event.repeat),
      PageUp: () => this.acts.step(10, event.repeat),
      PageDown: () => this.acts.step(-10, event.repeat),
      Home: () => this.acts.edge(false),
      End: () => this.acts.edge(true),
    };
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }
}

/** Where an event ends: what lasts with its end, anything else with the span of its date. */
function lastOf({ span, ending }: Event): number {
  return ending ? Math.max(ending.by.s, span[1].s) : span[1].s;
}
