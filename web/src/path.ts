// Paths and patterns of paths: `talks.*.status`, with quoted segments as in TOML. Knows nothing of values or events.

const BARE = /^[\p{L}\p{N}\p{M}\p{Alphabetic}_-]+$/u;
const ESCAPES: Record<string, string> = { '"': '"', "\\": "\\", n: "\n", t: "\t", r: "\r", b: "\b", f: "\f" };

export class PathFault extends Error {}

/** Cuts a path or pattern at its dots, every segment in its one spelling. */
export function segments(text: string): string[] {
  const found: string[] = [];
  let at = 0;
  for (;;) {
    if (text[at] === '"') {
      let end = at + 1;
      while (end < text.length && text[end] !== '"') end += text[end] === "\\" ? 2 : 1;
      if (end >= text.length) throw new PathFault("a quote is opened and not closed");
      found.push(requoted(text.slice(at + 1, end)));
      at = end + 1;
    } else {
      const dot = text.indexOf(".", at);
      const end = dot < 0 ? text.length : dot;
      const segment = text.slice(at, end);
      if (segment === "") throw new PathFault("a segment of the path is empty");
      if (segment !== "*" && segment !== "**" && !BARE.test(segment)) throw new PathFault(`“${segment}” needs double quotes`);
      found.push(segment.normalize("NFC"));
      at = end;
    }
    if (at >= text.length) return found;
    if (text[at] !== ".") throw new PathFault("a `.` is wanted after a quoted segment");
    at += 1;
  }
}

function requoted(inner: string): string {
  const unknown = (escape: string): never => {
    throw new PathFault(`“${escape}” is no escape`);
  };
  const content = inner
    .replace(/\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)/gsu, (whole: string, escape: string) => {
      if (escape.length > 1) return String.fromCodePoint(parseInt(escape.slice(1), 16));
      return ESCAPES[escape] ?? unknown(whole);
    })
    .normalize("NFC");
  if (content === "") throw new PathFault("a segment of the path is empty");
  if (BARE.test(content)) return content;
  const spelled = (c: string): string =>
    ({ '"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r" })[c] ??
    (/\p{Cc}/u.test(c) ? `\\u${c.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}` : c);
  return `"${[...content].map(spelled).join("")}"`;
}

/** Whether a pattern matches a whole path, both in segments. Each `**` takes as little as it can. */
export function matches(parts: readonly string[], path: readonly string[]): boolean {
  let [part, segment] = [0, 0];
  let many: [number, number] | null = null;
  for (;;) {
    const one = parts[part];
    if (one === "**") {
      many = [part++, segment];
      continue;
    }
    const fits = one === undefined ? segment === path.length : segment < path.length && (one === "*" || one === path[segment]);
    if (fits && part === parts.length) return true;
    if (fits) {
      part += 1;
      segment += 1;
    } else if (many && many[1] < path.length) {
      many = [many[0], many[1] + 1];
      [part, segment] = [many[0] + 1, many[1]];
    } else {
      return false;
    }
  }
}

/** A GLOB of a question: without a star it matches all below it, too. */
export function glob(text: string): string[] {
  const parts = segments(text);
  return parts.some((part) => part === "*" || part === "**") ? parts : [...parts, "**"];
}
