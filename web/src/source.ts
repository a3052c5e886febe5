// Where the data comes from: inlined in an exported page, else from the API, which also says when the files changed.
// Knows nothing of what is shown.

import type { Data, Diagnostic } from "./chronicle";

export interface Loaded {
  /** Nothing: the last good state stays. */
  readonly data: Data | null;
  readonly faults: readonly Diagnostic[];
  /** Why nothing is known of the chronicle. */
  readonly trouble: string | null;
}

/** The data of an exported page; nothing in one that is served. */
export function inlined(): Data | null {
  const text = document.getElementById("data")?.textContent;
  return text ? (JSON.parse(text) as Data) : null;
}

let last: string | null = null;

/** Asks the API for the chronicle, and for the faults of its files. */
export async function fetched(): Promise<Loaded> {
  let [data, trouble]: [Data | null, string | null] = [null, null];
  let faults: readonly Diagnostic[] = [];
  try {
    const [chronicle, check] = await Promise.all([fetch("/api/chronicle"), fetch("/api/check")]);
    const body = await chronicle.text();
    if (!chronicle.ok) trouble = messageOf(body);
    else if (body !== last) {
      data = JSON.parse(body) as Data;
      last = body;
    }
    const found = (await check.json()) as { diagnostics?: Diagnostic[]; error?: { message: string } };
    faults = found.diagnostics ?? [];
    trouble ??= found.error?.message ?? null;
  } catch {
    trouble = "The server does not answer.";
  }
  return { data, faults, trouble };
}

function messageOf(body: string): string {
  try {
    return (JSON.parse(body) as { error: { message: string } }).error.message;
  } catch {
    return "The server gave no chronicle.";
  }
}

/** Calls back as soon as the server is there, and whenever the files changed or the server is found again. */
export function follow(changed: () => void, lost: () => void): void {
  const changes = new EventSource("/api/changes");
  changes.addEventListener("change", changed);
  changes.addEventListener("error", lost);
}
