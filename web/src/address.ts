// What is shown, as it stands in the address: the whole viewpoint, and what is open beside it. The names are those of the
// command line. Knows nothing of a chronicle.

import { PLAIN, type Selectors } from "./view";

/** What the viewpoint is compared with: another date, or the same date otherwise. */
export type Compare =
  | { readonly kind: "from"; readonly at: string }
  | { readonly kind: "voice"; readonly voice: string }
  | { readonly kind: "known-by"; readonly date: string }
  | { readonly kind: "plain" };

export type ColourBy = "voice" | "kind" | "tag";

export interface Address {
  readonly selectors: Selectors;
  readonly compare: Compare | null;
  /** The path or the event that is looked at. */
  readonly path: string | null;
  readonly event: string | null;
  readonly find: string;
  readonly since: string;
  readonly until: string;
  /** Which paths the state shows. */
  readonly paths: string;
  readonly colour: ColourBy;
  /** What the timeline shows, in seconds; left out, all of it. */
  readonly zoom: readonly [number, number] | null;
}

export const START: Address = {
  selectors: PLAIN,
  compare: null,
  path: null,
  event: null,
  find: "",
  since: "",
  until: "",
  paths: "",
  colour: "kind",
  zoom: null,
};

export function readAddress(hash: string): Address {
  const asked = new URLSearchParams(hash.replace(/^#/, ""));
  const one = (name: string): string | null => asked.get(name) || null;
  const versus = one("versus");
  const from = one("from");
  let compare: Compare | null = null;
  if (from) compare = { kind: "from", at: from };
  else if (versus?.startsWith("known-by:")) compare = { kind: "known-by", date: versus.slice("known-by:".length) };
  else if (versus === "plain:") compare = { kind: "plain" };
  else if (versus) compare = { kind: "voice", voice: versus };
  const colour = one("colour");
  const zoom = (one("zoom") ?? "").split("/").map(Number);
  return {
    selectors: {
      at: one("at"),
      knownBy: one("known_by"),
      accordingTo: one("according_to"),
      only: asked.getAll("only").filter(Boolean),
      without: asked.getAll("without").filter(Boolean),
    },
    compare,
    path: one("path"),
    event: one("event"),
    find: one("find") ?? "",
    since: one("since") ?? "",
    until: one("until") ?? "",
    paths: one("paths") ?? "",
    colour: colour === "voice" || colour === "tag" ? colour : "kind",
    zoom: zoom.length === 2 && zoom.every(Number.isFinite) && zoom[0]! < zoom[1]! ? [zoom[0]!, zoom[1]!] : null,
  };
}

export function writeAddress(address: Address): string {
  const said = new URLSearchParams();
  const put = (name: string, value: string | null): void => {
    if (value) said.append(name, value);
  };
  const { selectors, compare } = address;
  put("at", selectors.at);
  put("known_by", selectors.knownBy);
  put("according_to", selectors.accordingTo);
  for (const filter of selectors.only) put("only", filter);
  for (const filter of selectors.without) put("without", filter);
  if (compare?.kind === "from") put("from", compare.at);
  if (compare?.kind === "voice") put("versus", compare.voice);
  if (compare?.kind === "known-by") put("versus", `known-by:${compare.date}`);
  if (compare?.kind === "plain") put("versus", "plain:");
  put("path", address.path);
  put("event", address.event);
  put("find", address.find);
  put("since", address.since);
  put("until", address.until);
  put("paths", address.paths);
  put("colour", address.colour === "kind" ? null : address.colour);
  put("zoom", address.zoom && address.zoom.map(Math.round).join("/"));
  return `#${said.toString()}`;
}

/** The selectors of the left side of a comparison, as `asof diff` has them: at another date the same, at the same date
 * those of the plain viewpoint. */
export function leftSide(compare: Compare, selectors: Selectors): Selectors {
  switch (compare.kind) {
    case "from":
      return { ...selectors, at: compare.at };
    case "voice":
      return { ...PLAIN, at: selectors.at, accordingTo: compare.voice };
    case "known-by":
      return { ...PLAIN, at: selectors.at, knownBy: compare.date };
    case "plain":
      return { ...PLAIN, at: selectors.at };
  }
}

const quoted = (word: string): string => (/^[\p{L}\p{N}_.:/@%+,^-]+$/u.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** The same question on the command line. */
export function command({ selectors, compare, path }: Address): string {
  const option = (name: string, value: string | null): string[] => (value === null ? [] : [name, quoted(value)]);
  const rest = [
    ...option("--known-by", selectors.knownBy),
    ...option("--according-to", selectors.accordingTo),
    ...selectors.only.flatMap((filter) => option("--only", filter)),
    ...selectors.without.flatMap((filter) => option("--without", filter)),
  ];
  const at = selectors.at === null ? [] : [quoted(selectors.at)];
  if (compare) {
    const versus = compare.kind === "voice" ? compare.voice : compare.kind === "known-by" ? `known-by:${compare.date}` : null;
    const from = compare.kind === "from" ? [quoted(compare.at)] : [];
    return ["asof diff", ...from, ...at, ...option("--versus", versus), ...rest].join(" ");
  }
  if (path) return ["asof why", quoted(path), ...option("--at", selectors.at), ...rest].join(" ");
  return ["asof replay", ...at, ...rest].join(" ");
}
