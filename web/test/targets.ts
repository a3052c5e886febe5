// The page as the tests look at it: exported into a file, and served, where the program can.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { PROGRAM, run } from "./program";

export interface Target {
  readonly name: string;
  readonly url: string;
  close(): void;
}

/** A chronicle as one file. */
export function exportedPage(folder: string): Target {
  const into = mkdtempSync(join(tmpdir(), "asof-export-"));
  const file = join(into, "page.html");
  if (run(folder, ["export", "html", file]) === null) throw new Error(`${folder} is not exported`);
  return { name: "exported", url: pathToFileURL(file).href, close: () => rmSync(into, { recursive: true }) };
}

/** A chronicle as it is served; nothing where the program has no `serve`. */
export async function servedPage(folder: string): Promise<Target | null> {
  const child: ChildProcess = spawn(PROGRAM, ["-C", folder, "serve", "--port", "0"], { stdio: ["ignore", "pipe", "pipe"] });
  const said = await new Promise<string>((resolve) => {
    let text = "";
    const heard = (part: Buffer): void => {
      text += part.toString();
      if (/https?:\/\/\S+\/(?=\s)/.test(text)) resolve(text);
    };
    child.stdout!.on("data", heard);
    child.stderr!.on("data", heard);
    child.on("exit", () => resolve(text));
  });
  const url = /https?:\/\/\S+\/(?=\s)/.exec(said)?.[0];
  if (url) return { name: "served", url, close: () => void child.kill() };
  if (/unrecognized subcommand/.test(said)) return null;
  throw new Error(`asof serve: ${said}`);
}

export async function targets(folder: string): Promise<Target[]> {
  const served = await servedPage(folder);
  return served ? [exportedPage(folder), served] : [exportedPage(folder)];
}
