// How the timeline is painted: axis, marks, columns. Forms say what colours say: what is sure is filled, what is possible
// is dashed, what has not happened is hollow, what does not count is struck out. Knows nothing of pointers.

import type { Event } from "./chronicle";
import { COLOURS } from "./colours";
import { visible } from "./dom";
import type { Group, Placed } from "./layout";
import { DAY, type Zone } from "./moment";
import { ticks } from "./ticks";
import type { Shown } from "./timeline";

/** The colours of the style, as the canvas wants them. */
export class Palette {
  ink = "";
  faint = "";
  line = "";
  accent = "";
  ground = "";
  warn = "";
  font = "";
  categories: string[] = [];

  read(element: HTMLElement): void {
    const probe = document.createElement("i");
    element.append(probe);
    const colour = (name: string): string => {
      probe.style.color = `var(--${name})`;
      return getComputedStyle(probe).color;
    };
    [this.ink, this.faint, this.line, this.accent] = [colour("ink"), colour("faint"), colour("line"), colour("accent")];
    [this.ground, this.warn] = [colour("panel"), colour("disputed")];
    this.categories = Array.from({ length: COLOURS + 1 }, (_, place) => colour(`c${place}`));
    this.font = getComputedStyle(probe).fontFamily;
    probe.remove();
  }
}

/** What is narrower in pixels is drawn as a point. */
export const POINT = 15;

export interface Look {
  readonly context: CanvasRenderingContext2D;
  readonly palette: Palette;
  readonly width: number;
  readonly height: number;
  readonly axis: number;
  readonly top: number;
  readonly lane: number;
}

export function drawAxis({ context, palette, width, height, axis }: Look, range: readonly [number, number], zone: Zone): void {
  const y = height - axis + 0.5;
  context.strokeStyle = palette.line;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(0, y);
  context.lineTo(width, y);
  context.stroke();
  const seconds = (range[1] - range[0]) / width;
  const found = ticks(range[0], range[1], seconds * 62, zone);
  context.textBaseline = "middle";
  for (const tick of found) {
    const x = Math.round((tick.seconds - range[0]) / seconds) + 0.5;
    context.strokeStyle = palette.line;
    context.globalAlpha = tick.major ? 1 : 0.55;
    context.beginPath();
    context.moveTo(x, 0);
    context.lineTo(x, y + 5);
    context.stroke();
    context.globalAlpha = 1;
    context.fillStyle = tick.major ? palette.ink : palette.faint;
    context.font = `${tick.major ? 600 : 400} 11.5px ${palette.font}`;
    context.fillText(tick.label, x + 5, y + axis / 2 + 1);
  }
  // Where no tick names the year, the left edge does.
  if (seconds * width < 300 * DAY && !found.some(({ label }) => /\d{4}/.test(label))) {
    const year = new Intl.DateTimeFormat("en", { year: "numeric", timeZone: zone.name }).format(range[0] * 1000);
    context.font = `600 11.5px ${palette.font}`;
    const clear = context.measureText(year).width + 12;
    context.fillStyle = palette.ground;
    context.fillRect(0, y + 1, clear, axis);
    context.fillStyle = palette.ink;
    context.fillText(year, 5, y + axis / 2 + 1);
  }
}

/** A dense stretch as a column, each category its share, with the number of its events on top. */
export function drawGroup(look: Look, group: Group, most: number, shown: Shown): void {
  const { context, palette, height, axis, top } = look;
  const base = height - axis;
  const full = (base - top - 14) * (0.25 + 0.75 * (Math.log(group.items.length + 1) / Math.log(most + 1)));
  const counts: number[] = new Array(COLOURS + 1).fill(0);
  let happened = 0;
  for (const { number } of group.items) {
    counts[shown.colours.of(number)]! += 1;
    if (shown.stands(number) === "certain") happened += 1;
  }
  const width = group.to - group.from - 4;
  let y = base;
  const isFound = shown.found === null || group.items.some(({ number }) => shown.found!.has(number));
  context.globalAlpha = (0.35 + 0.65 * (happened / group.items.length)) * (isFound ? 1 : 0.2);
  counts.forEach((count, place) => {
    const part = (count / group.items.length) * full;
    context.fillStyle = palette.categories[place]!;
    context.fillRect(group.from + 2, y - part, width, Math.max(part - 0.5, 0));
    y -= part;
  });
  context.globalAlpha = 1;
  context.fillStyle = palette.ink;
  context.font = `600 10px ${palette.font}`;
  context.textAlign = "center";
  context.fillText(String(group.items.length), group.from + 2 + width / 2, base - full - 8);
  context.textAlign = "left";
}

interface Extent {
  /** The span of the date, or of the start of what lasts. */
  readonly from: number;
  readonly to: number;
  readonly bar: { readonly from: number; readonly to: number; readonly end: number } | null;
}

export function drawMark(look: Look, placed: Placed, event: Event, extent: Extent, shown: Shown): void {
  const { context, palette, top, lane } = look;
  const y = top + placed.lane * lane + lane / 2;
  const stands = shown.stands(event.number);
  const place = shown.colours.of(event.number);
  const colour = stands === "out" ? palette.faint : palette.categories[place]!;
  const dim = shown.found !== null && !shown.found.has(event.number);
  context.globalAlpha = dim ? 0.18 : stands === "not-yet" ? 0.55 : 1;
  context.fillStyle = context.strokeStyle = colour;
  context.lineWidth = 1.5;
  const isPoint = extent.to - extent.from < POINT;
  if (extent.bar) drawBar(look, extent, y, colour, stands !== "certain");
  if (!isPoint) drawSpan(look, extent.from, extent.to, y, colour, stands !== "certain");
  const x = isPoint ? (extent.from + extent.to) / 2 : Math.min(Math.max((extent.from + extent.to) / 2, 8), look.width - 8);
  context.setLineDash(stands === "possible" ? [2, 2] : []);
  shape(context, place, x, y, isPoint ? 4.5 : 3);
  if (stands === "certain" && isPoint) context.fill();
  else {
    context.fillStyle = palette.ground;
    context.fill();
    context.stroke();
  }
  context.setLineDash([]);
  if (stands === "out" || shown.lost(event.number) === "cause") {
    context.strokeStyle = palette.warn;
    context.beginPath();
    context.moveTo(x - 7, y + 6);
    context.lineTo(x + 7, y - 6);
    context.stroke();
  }
  if (event.number === shown.selected) {
    context.globalAlpha = 1;
    context.strokeStyle = palette.accent;
    context.lineWidth = 2;
    context.beginPath();
    context.arc(x, y, 8, 0, 7);
    context.stroke();
  }
  label(look, placed, event, y, stands === "out");
  context.globalAlpha = 1;
}

/** What lasts: solid while it lasts for certain, fading where it may have ended. */
function drawBar({ context, width }: Look, { from, bar }: Extent, y: number, colour: string, hollow: boolean): void {
  const { to, end } = bar!;
  const [left, right] = [Math.max(bar!.from, -20, from), Math.min(Math.max(to, bar!.from), width + 20)];
  context.globalAlpha *= 0.85;
  if (hollow) context.strokeRect(left, y - 3.5, Math.max(right - left, 1), 7);
  else context.fillRect(left, y - 3.5, Math.max(right - left, 1), 7);
  const last = Math.min(end, width + 20);
  if (last > right + 1) {
    const fade = context.createLinearGradient(right, 0, last, 0);
    fade.addColorStop(0, colour);
    fade.addColorStop(1, transparent(colour));
    context.fillStyle = fade;
    context.fillRect(right, y - 3.5, last - right, 7);
    context.fillStyle = colour;
  }
  context.globalAlpha /= 0.85;
}

/** An imprecise date: a span that fades to both sides, for it may be any moment in it. */
function drawSpan({ context, width }: Look, from: number, to: number, y: number, colour: string, hollow: boolean): void {
  const [left, right] = [Math.max(from, -200), Math.min(to, width + 200)];
  const fade = context.createLinearGradient(left, 0, right, 0);
  fade.addColorStop(0, transparent(colour));
  fade.addColorStop(0.35, colour);
  fade.addColorStop(0.65, colour);
  fade.addColorStop(1, transparent(colour));
  const alpha = context.globalAlpha;
  context.globalAlpha = alpha * 0.45;
  context.fillStyle = context.strokeStyle = fade;
  if (hollow) {
    context.setLineDash([4, 3]);
    context.strokeRect(left, y - 4, right - left, 8);
    context.setLineDash([]);
  } else {
    context.fillRect(left, y - 4.5, right - left, 9);
  }
  context.globalAlpha = alpha;
  context.fillStyle = context.strokeStyle = colour;
}

/** The same colour, gone. */
const transparent = (colour: string): string => colour.replace(/rgba?\(([^)]+)\)/, (_, parts: string) => `rgba(${parts.split(",").slice(0, 3).join(",")}, 0)`);

/** The form of a category: circle, square, diamond, triangle, and those again turned. */
function shape(context: CanvasRenderingContext2D, place: number, x: number, y: number, r: number): void {
  context.beginPath();
  const corners = [0, 4, 4, 3, 3, 5, 6, 0][place % 8]!;
  if (corners === 0) {
    context.arc(x, y, place === COLOURS ? r * 0.7 : r, 0, 7);
    return;
  }
  const turn = [0, Math.PI / 4, 0, -Math.PI / 2, Math.PI / 2, -Math.PI / 2, 0][place]!;
  for (let i = 0; i < corners; i++) {
    const angle = turn + (i * 2 * Math.PI) / corners;
    context.lineTo(x + Math.cos(angle) * r * 1.25, y + Math.sin(angle) * r * 1.25);
  }
  context.closePath();
}

function label({ context, palette, width }: Look, placed: Placed, event: Event, y: number, struck: boolean): void {
  const room = Math.min(placed.room - 8, 260, width - placed.to - 8);
  if (room < 56 || placed.to < 0) return;
  context.fillStyle = palette.ink;
  context.font = `400 11.5px ${palette.font}`;
  context.textBaseline = "middle";
  const text = fitted(context, visible(event.title), room);
  context.fillText(text, placed.to + 4, y + 0.5);
  if (struck) context.fillRect(placed.to + 4, y, context.measureText(text).width, 1);
}

/** As much of a text as there is room for. */
function fitted(context: CanvasRenderingContext2D, text: string, room: number): string {
  if (text.length * 3.2 < room && context.measureText(text).width <= room) return text;
  let [low, high] = [0, Math.min(text.length, 80)];
  if (high === text.length && context.measureText(text).width <= room) return text;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (context.measureText(`${text.slice(0, middle)}…`).width <= room) low = middle;
    else high = middle - 1;
  }
  return low > 3 ? `${text.slice(0, low).trimEnd()}…` : "";
}
