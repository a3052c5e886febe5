// Mouse, fingers and wheel on the timeline: what is dragged, pinched, pressed. A finger that moves up or down scrolls the
// page (`touch-action` in the style). Knows pixels, and which second is seen at one.

/** A pixel, and the second that is held there. */
export interface Hold {
  x: number;
  seconds: number;
}

export interface Hands {
  /** The second that is seen at a pixel. */
  seconds(x: number): number;
  /** Whether the axis is there, where a press says where the moment shall stand. */
  isAxis(y: number): boolean;
  move(x: number, done: boolean): void;
  /** Pans for one hold, and zooms for two, so that each second is seen at its pixel. */
  keep(holds: readonly Hold[]): void;
  zoom(factor: number, x: number): void;
  pan(part: number): void;
  press(x: number, y: number, isFinger: boolean): void;
  hover(x: number, y: number): void;
  leave(): void;
}

/** How far a mouse or a finger slips while it presses, in pixels. */
const SLIP = { mouse: 3, finger: 9 };

export class Gestures {
  readonly #holds = new Map<number, Hold>();
  #drag: { kind: "moment" | "range"; moved: boolean; x: number } | null = null;

  constructor(
    readonly stage: HTMLElement,
    readonly hands: Hands,
  ) {
    stage.addEventListener("pointerdown", (event) => this.#down(event));
    stage.addEventListener("pointermove", (event) => this.#move(event));
    stage.addEventListener("pointerup", (event) => this.#up(event));
    stage.addEventListener("pointercancel", (event) => this.#up(event));
    stage.addEventListener("pointerleave", () => hands.leave());
    stage.addEventListener("dblclick", (event) => hands.move(this.#point(event)[0], true));
    stage.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
  }

  #point(event: MouseEvent): [number, number] {
    const { left, top } = this.stage.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  }

  #down(event: PointerEvent): void {
    if (event.button !== 0) return;
    const [x, y] = this.#point(event);
    // A second finger zooms, whatever the first has dragged.
    if (this.#drag?.kind === "moment" && this.#drag.moved) this.hands.move([...this.#holds.values()][0]!.x, true);
    this.#holds.set(event.pointerId, { x, seconds: 0 });
    const isHandle = (event.target as Element).closest("[role=slider]") !== null;
    const isMoment = this.#holds.size === 1 && (isHandle || this.hands.isAxis(y));
    this.#drag = { kind: isMoment ? "moment" : "range", moved: this.#holds.size > 1, x };
    this.#hold();
    this.stage.setPointerCapture(event.pointerId);
    this.hands.leave();
    // A finger may yet scroll the page.
    if (isMoment && event.pointerType === "mouse" && !isHandle) this.hands.move(x, false);
  }

  #move(event: PointerEvent): void {
    const [x, y] = this.#point(event);
    const hold = this.#holds.get(event.pointerId);
    const drag = this.#drag;
    if (!hold || !drag) {
      if (event.pointerType !== "touch") this.hands.hover(x, y);
      return;
    }
    hold.x = x;
    if (Math.abs(x - drag.x) > slip(event)) drag.moved = true;
    if (!drag.moved) return;
    if (drag.kind === "moment") this.hands.move(x, false);
    else this.hands.keep([...this.#holds.values()].slice(0, 2));
  }

  #up(event: PointerEvent): void {
    const [x, y] = this.#point(event);
    const drag = this.#drag;
    if (!drag || !this.#holds.delete(event.pointerId)) return;
    const isPress = !drag.moved && event.type === "pointerup";
    if (drag.kind === "moment" && (drag.moved || (isPress && this.hands.isAxis(y)))) this.hands.move(x, true);
    // What lies below the line of the moment is pressed through it.
    else if (isPress) this.hands.press(x, y, event.pointerType !== "mouse");
    this.#hold();
    if (this.#holds.size === 0) this.#drag = null;
  }

  /** What is seen under each finger now is what it holds. */
  #hold(): void {
    for (const hold of this.#holds.values()) hold.seconds = this.hands.seconds(hold.x);
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    const [x] = this.#point(event);
    if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) return this.hands.pan(event.deltaX / this.stage.clientWidth);
    this.hands.zoom(Math.exp(Math.max(-60, Math.min(60, event.deltaY)) / 250), x);
  }
}

const slip = (event: PointerEvent): number => (event.pointerType === "mouse" ? SLIP.mouse : SLIP.finger);
