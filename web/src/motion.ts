// What moves: the moment while it is dragged or a key is held, until it rests; and playing. Knows nothing of what is shown.

import type { State } from "./fold";

/** How long one event is shown while it plays, and how long nothing moves until it rests, in milliseconds. */
const PACE = 1100;
const REST = 150;

export interface Moves {
  step(): void;
  rest(): void;
  playing(on: boolean): void;
}

export class Motion {
  #from: State | null = null;
  #resting: ReturnType<typeof setTimeout> | null = null;
  #playing: ReturnType<typeof setInterval> | null = null;

  constructor(readonly moves: Moves) {}

  /** The state at which the movement began; nothing where there is none. */
  get from(): State | null {
    return this.#from;
  }

  /** Whether it moved just now. */
  get isMoving(): boolean {
    return this.#resting !== null;
  }

  get isPlaying(): boolean {
    return this.#playing !== null;
  }

  /** It begins to move, from a state, or moves on. */
  begin(state: State): void {
    this.#from ??= state;
    if (this.#resting !== null) clearTimeout(this.#resting);
    this.#resting = setTimeout(() => this.#rest(), REST);
  }

  /** The movement is over. */
  end(): void {
    if (this.#resting !== null) this.#rest();
    this.#from = null;
  }

  #rest(): void {
    clearTimeout(this.#resting!);
    this.#resting = null;
    this.moves.rest();
  }

  /** Plays, event by event, or pauses. */
  play(): void {
    if (this.#playing !== null) return this.stop();
    this.moves.playing(true);
    this.#playing = setInterval(() => this.moves.step(), PACE);
    this.moves.step();
  }

  stop(): void {
    if (this.#playing === null) return;
    clearInterval(this.#playing);
    this.#playing = null;
    this.moves.playing(false);
    this.moves.rest();
  }
}
