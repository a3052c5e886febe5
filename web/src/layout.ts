// Where the marks of a timeline stand: which lane an event has, what is too dense and is told as a group, and where
// there is room for words. Pure; knows nothing of canvases.

export interface Item {
  readonly number: number;
  /** Where it may begin, and where it has ended, in pixels; infinite ones are cut by the caller. */
  readonly from: number;
  readonly to: number;
}

export interface Placed extends Item {
  readonly lane: number;
  /** How many pixels are free behind it, for words. */
  room: number;
}

export interface Group {
  readonly from: number;
  readonly to: number;
  readonly items: readonly Item[];
}

export interface Layout {
  readonly placed: readonly Placed[];
  readonly groups: readonly Group[];
}

/** The least width of a mark, and the gap behind it. */
export const MARK = 10;
const GAP = 4;
/** How wide a group is. */
export const BIN = 26;

/** Lays out what is seen between 0 and `width`, in so many lanes. Where more events begin than there are lanes, they
 * are one group; what else finds no lane joins the group of where it begins. */
export function layOut(items: readonly Item[], width: number, lanes: number): Layout {
  const seen = items.filter((item) => item.to >= -MARK && item.from <= width + MARK);
  const bins = new Map<number, Item[]>();
  const binOf = (item: Item): number => Math.floor(Math.max(item.from, 0) / BIN);
  for (const item of seen) {
    const bin = bins.get(binOf(item));
    if (bin) bin.push(item);
    else bins.set(binOf(item), [item]);
  }
  const grouped = new Map<number, Item[]>();
  for (const [bin, list] of bins) if (list.length > lanes) grouped.set(bin, list);
  const single = seen.filter((item) => !grouped.has(binOf(item)));
  single.sort((a, b) => a.from - b.from || b.to - a.to || a.number - b.number);
  const ends: number[] = new Array(lanes).fill(-Infinity);
  const last: (Placed | null)[] = new Array(lanes).fill(null);
  const placed: Placed[] = [];
  for (const item of single) {
    // The lane that has been free for longest: so the words behind a mark have most room.
    let lane = 0;
    for (let i = 1; i < lanes; i++) if (ends[i]! < ends[lane]!) lane = i;
    if (ends[lane]! > item.from) {
      const bin = grouped.get(binOf(item));
      if (bin) bin.push(item);
      else grouped.set(binOf(item), [item]);
      continue;
    }
    const before = last[lane];
    if (before) before.room = item.from - before.to;
    const to = Math.max(item.to, item.from + MARK);
    const one: Placed = { ...item, to, lane, room: width - to };
    ends[lane] = to + GAP;
    last[lane] = one;
    placed.push(one);
  }
  const groups: Group[] = [];
  for (const [bin, list] of [...grouped].sort(([a], [b]) => a - b)) {
    groups.push({ from: bin * BIN, to: (bin + 1) * BIN, items: list });
  }
  // Words do not run into a group.
  for (const one of placed) {
    const next = groups.find((group) => group.from >= one.to - MARK);
    if (next) one.room = Math.min(one.room, next.from - one.to);
  }
  return { placed, groups };
}

