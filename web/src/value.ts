// Values and exact decimals: what a path can hold, when two are the same, and how they change. Knows nothing of events.

/** `units / 10^scale`, in its shortest form. */
export interface Decimal {
  readonly units: bigint;
  readonly scale: number;
}

export type Scalar = boolean | Decimal | string;
export interface Estimate {
  readonly low?: Decimal;
  readonly best?: Decimal;
  readonly high?: Decimal;
}
export type Value =
  | { readonly kind: "scalar"; readonly scalar: Scalar }
  | { readonly kind: "set"; readonly members: readonly Scalar[] }
  | { readonly kind: "estimate"; readonly estimate: Estimate };

/** A value as the data has it. */
export type DataScalar = boolean | string | { readonly number: string };
export type DataValue = DataScalar | readonly DataScalar[] | { readonly low?: string; readonly best?: string; readonly high?: string };

const PARTS = ["low", "best", "high"] as const;
const isDecimal = (scalar: Scalar): scalar is Decimal => typeof scalar === "object";

export function decimal(text: string): Decimal {
  const [whole = "", fraction = ""] = text.split(".");
  return shortest(BigInt(whole + fraction), fraction.length);
}

function shortest(units: bigint, scale: number): Decimal {
  while (scale > 0 && units % 10n === 0n) {
    units /= 10n;
    scale -= 1;
  }
  return { units, scale };
}

const at = (one: Decimal, scale: number): bigint => (one.scale === scale ? one.units : one.units * 10n ** BigInt(scale - one.scale));

function plus(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return shortest(at(a, scale) + at(b, scale), scale);
}

const negated = (one: Decimal): Decimal => ({ units: -one.units, scale: one.scale });

export function decimalText({ units, scale }: Decimal): string {
  const sign = units < 0n ? "-" : "";
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, "0");
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** Texts in the order of their characters, as the program sorts them (JavaScript compares halves of some). */
export function compareText(a: string, b: string): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (x === y) continue;
    const isHalf = (c: number): boolean => c >= 0xd800 && c <= 0xdfff;
    return isHalf(x) === isHalf(y) ? x - y : isHalf(x) ? 1 : -1;
  }
  return a.length - b.length;
}

const rank = (scalar: Scalar): number => (typeof scalar === "boolean" ? 0 : isDecimal(scalar) ? 1 : 2);

/** By kind, then by size or by characters. */
export function compareScalars(a: Scalar, b: Scalar): number {
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  if (typeof a === "string") return compareText(a, b as string);
  if (typeof a === "boolean") return Number(a) - Number(b);
  const [x, y] = [a, b as Decimal];
  const scale = Math.max(x.scale, y.scale);
  const [left, right] = [at(x, scale), at(y, scale)];
  return left < right ? -1 : left > right ? 1 : 0;
}

const sameDecimal = (a: Decimal | undefined, b: Decimal | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && a.units === b.units && a.scale === b.scale);

export function same(a: Value | null, b: Value | null): boolean {
  if (a === b) return true;
  if (!a || !b) return false;
  if (a.kind === "scalar") return b.kind === "scalar" && sameScalar(a.scalar, b.scalar);
  if (a.kind === "estimate") return b.kind === "estimate" && PARTS.every((part) => sameDecimal(a.estimate[part], b.estimate[part]));
  if (b.kind !== "set" || a.members.length !== b.members.length) return false;
  return a.members.every((member, i) => sameScalar(member, b.members[i]!));
}

const sameScalar = (a: Scalar, b: Scalar): boolean => (isDecimal(a) && isDecimal(b) ? sameDecimal(a, b) : a === b);

const decodeScalar = (data: DataScalar): Scalar => (typeof data === "object" ? decimal(data.number) : data);

export function decodeValue(data: DataValue): Value {
  if (Array.isArray(data)) return { kind: "set", members: (data as DataScalar[]).map(decodeScalar) };
  if (typeof data !== "object" || "number" in data) return { kind: "scalar", scalar: decodeScalar(data as DataScalar) };
  const parts = data as { low?: string; best?: string; high?: string };
  const estimate: { low?: Decimal; best?: Decimal; high?: Decimal } = {};
  for (const part of PARTS) if (parts[part] !== undefined) estimate[part] = decimal(parts[part]!);
  return { kind: "estimate", estimate };
}

export type Does = "unset" | "set" | "remove" | "add" | "decrease" | "increase";

/** A value after one more change; of one that changes nothing the very same. A change of another kind starts afresh. */
export function apply(before: Value | null, does: Does, by: Value | null): Value | null {
  switch (does) {
    case "unset":
      return null;
    case "set":
      return by;
    case "add":
    case "remove":
      return changedSet(before, by, does === "add");
    case "increase":
    case "decrease":
      return changedAmount(before, by!, does === "decrease");
  }
}

function changedSet(before: Value | null, by: Value | null, comes: boolean): Value {
  const members = by?.kind === "set" ? by.members : [];
  const now = before?.kind === "set" ? before.members : [];
  const has = (list: readonly Scalar[], one: Scalar): boolean => {
    let [low, high] = [0, list.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const order = compareScalars(list[middle]!, one);
      if (order === 0) return true;
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return false;
  };
  if (before?.kind === "set" && members.every((member) => has(now, member) === comes)) return before;
  if (!comes) return { kind: "set", members: now.filter((member) => !has(members, member)) };
  const added = members.filter((member) => !has(now, member));
  return { kind: "set", members: [...now, ...added].sort(compareScalars) };
}

const ZERO: Value = { kind: "scalar", scalar: { units: 0n, scale: 0 } };
const isAmount = (value: Value | null): boolean =>
  value?.kind === "estimate" || (value?.kind === "scalar" && isDecimal(value.scalar));

function partsOf(value: Value): Estimate {
  if (value.kind === "estimate") return value.estimate;
  const number = (value as { scalar: Decimal }).scalar;
  return { low: number, best: number, high: number };
}

/** A number plus a number is a number; where either is an estimate, so is the sum, part by part. */
function changedAmount(before: Value | null, by: Value, down: boolean): Value {
  const from = isAmount(before) ? before! : ZERO;
  if (from.kind === "scalar" && by.kind === "scalar") {
    const step = by.scalar as Decimal;
    return { kind: "scalar", scalar: plus(from.scalar as Decimal, down ? negated(step) : step) };
  }
  const [a, b] = [partsOf(from), partsOf(by)];
  const estimate: { low?: Decimal; best?: Decimal; high?: Decimal } = {};
  const opposite = { low: "high", best: "best", high: "low" } as const;
  for (const part of PARTS) {
    const step = down ? b[opposite[part]] : b[part];
    if (a[part] && step) estimate[part] = plus(a[part]!, down ? negated(step) : step);
  }
  return { kind: "estimate", estimate };
}

export const scalarText = (scalar: Scalar): string => (isDecimal(scalar) ? decimalText(scalar) : String(scalar));

/** A value as a person reads it, with the unit of a number. */
export function valueText(value: Value, unit?: string): string {
  const unitText = unit && isAmount(value) ? ` ${unit}` : "";
  if (value.kind === "scalar") return scalarText(value.scalar) + unitText;
  if (value.kind === "set") return value.members.length ? value.members.map(scalarText).join(", ") : "(none)";
  const { low, best, high } = value.estimate;
  const range =
    low && high ? `${decimalText(low)} to ${decimalText(high)}` : low ? `at least ${decimalText(low)}` : high ? `at most ${decimalText(high)}` : "";
  return [range, best ? `best ${decimalText(best)}` : ""].filter(Boolean).join(", ") + unitText;
}
