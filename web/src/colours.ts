// Which colour and which form an event has in the timeline, by voice, kind or tag; the commonest have one of their own.
// The colours themselves are of the style. Knows nothing of canvases.

import type { ColourBy } from "./address";
import type { Chronicle, Event } from "./chronicle";

/** How many categories have a colour. */
export const COLOURS = 7;

export interface Category {
  readonly id: string;
  readonly name: string;
  readonly count: number;
}

export class Colours {
  readonly categories: readonly Category[];
  readonly #places: ReadonlyMap<string, number>;
  readonly #of: Uint8Array;
  readonly others: number;

  constructor(
    chronicle: Chronicle,
    readonly by: ColourBy,
  ) {
    const counts = new Map<string, number>();
    const ids = chronicle.events.map((event) => idsOf(event, by));
    for (const list of ids) for (const id of list) counts.set(id, (counts.get(id) ?? 0) + 1);
    const sorted = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).slice(0, COLOURS);
    this.categories = sorted.map(([id, count]) => ({ id, name: by === "voice" ? chronicle.voiceName(id) : id.replaceAll("-", " "), count }));
    this.#places = new Map(this.categories.map(({ id }, place) => [id, place]));
    this.#of = Uint8Array.from(ids, (list) => {
      const places = list.map((id) => this.#places.get(id)).filter((place) => place !== undefined);
      return places.length ? Math.min(...places) : COLOURS;
    });
    this.others = this.#of.filter((place) => place === COLOURS).length;
  }

  /** The place of an event's category; beyond them that of the others. */
  of(event: number): number {
    return this.#of[event]!;
  }
}

function idsOf(event: Event, by: ColourBy): readonly string[] {
  if (by === "tag") return event.tags;
  if (by === "kind") return event.kind === undefined ? [] : [event.kind];
  return [...new Set(event.changes.map(({ voice }) => voice).filter((voice) => voice !== null))];
}
