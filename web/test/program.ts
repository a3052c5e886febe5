// The built program as the tests run it: its answers as JSON with every number to the digit, and exported pages.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository; the tests are bundled into web/node_modules/.asof/test/. */
export const REPOSITORY = fileURLToPath(new URL("../../../..", import.meta.url));
export const EVENTS = join(REPOSITORY, "events");
export const PROGRAM = process.env.ASOF ?? join(REPOSITORY, "target/debug/asof");

/** What the program says; `null` where it does not answer. */
export function run(folder: string, words: readonly string[], input?: string): string | null {
  const done = spawnSync(PROGRAM, ["-C", folder, ...words], { encoding: "utf8", maxBuffer: 1 << 30, ...(input ? { input } : {}) });
  if (done.error) throw done.error;
  if (done.status !== 0 && done.status !== 2) throw new Error(`asof ${words.join(" ")}: exit ${done.status}: ${done.stderr}`);
  return done.status === 0 ? done.stdout : null;
}

/** The same as JSON; numbers are `{"number": "1.5"}`, as doubles would round them. */
export function ask(folder: string, words: readonly string[]): any {
  const text = run(folder, [...words, "-O", "json"]);
  if (text === null) return null;
  const exact = text.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (token) =>
    token.startsWith('"') ? token : `{"number":"${token}"}`,
  );
  return JSON.parse(exact);
}

/** The data of the page that the program exports; `null` for a chronicle that does not load whole. */
export function exported(folder: string): any {
  const page = run(folder, ["export", "html", "-"]);
  if (page === null) return null;
  const data = /<script id="data" type="application\/json">(.*?)<\/script>/s.exec(page);
  if (!data) throw new Error("the exported page has no data");
  return JSON.parse(data[1]!);
}

/** A folder with these files, for as long as `use` runs. */
export function withFiles<T>(files: ReadonlyMap<string, string>, use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "asof-page-"));
  const clean = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    for (const [name, text] of files) writeFileSync(join(folder, name), text);
    const done = use(folder);
    if (done instanceof Promise) return done.finally(clean) as T;
    clean();
    return done;
  } catch (error) {
    clean();
    throw error;
  }
}
