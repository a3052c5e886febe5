// `npm --prefix web run screenshots`: the page of the chronicle that ships, light, dark and narrow, into
// web/screenshots/; with a folder as argument, there, and more of them.

import { mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { browse, DARK, type Look, NARROW, open, WIDE } from "./browser";
import { EVENTS, REPOSITORY, run } from "./program";

const own = process.argv[2];
const folder = own ?? join(REPOSITORY, "web/screenshots");
mkdirSync(folder, { recursive: true });
const file = join(tmpdir(), `asof-page-${process.pid}.html`);
run(EVENTS, ["export", "html", file]);
const url = pathToFileURL(file).href;

const why = "#at=2025-05-14&path=talks.istanbul-2025.status&zoom=1735000000/1752000000";
const shots: [string, string, Look][] = [
  ["light", why, WIDE],
  ["dark", "#at=2022-04-05&according_to=russia&path=bucha.killings.responsible&zoom=1644000000/1654000000&colour=voice", DARK],
  ["narrow", "#at=2025-05-14&zoom=1745000000/1749000000", NARROW],
];
const more: [string, string, Look][] = [
  ["whole", "", WIDE],
  ["event", "#at=2025-05-16-istanbul-2025&event=2025-05-16-istanbul-2025", WIDE],
  ["event-dark", "#at=2025-05-16-istanbul-2025&event=2025-05-16-istanbul-2025", DARK],
  ["compare", "#at=2022-03-20&versus=known-by:2022-03-20", WIDE],
  ["what-if", "#at=2025-05-15&without=2025-05-10-kyiv-ultimatum&event=2025-05-11-putin-proposal", WIDE],
  ["find", "#at=2025-05-14&find=tag:bucha", WIDE],
  ["narrow-why", why, NARROW],
  ["narrow-dark", "#at=2025-05-14", { ...NARROW, scheme: "dark" }],
  ["zoomed", why, { width: 720, height: 450, scheme: "light" }],
];

/** A picture a third as large: the browser writes WebP, too. */
async function webp(page: Page, shot: Buffer): Promise<Buffer> {
  await page.goto("about:blank");
  const data = await page.evaluate(async (shot) => {
    const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${shot}`)).blob());
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    canvas.getContext("2d")!.drawImage(bitmap, 0, 0);
    const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: "image/webp", quality: 0.86 })).arrayBuffer());
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  }, shot.toString("base64"));
  return Buffer.from(data, "base64");
}

await browse(async (browser) => {
  for (const [name, hash, look] of own ? [...shots, ...more] : shots) {
    const { page } = await open(browser, url + hash, look);
    if (name === "narrow-why") await page.getByRole("button", { name: "Why", exact: true }).click();
    await page.waitForTimeout(300);
    const shot = await page.screenshot();
    if (own) writeFileSync(join(folder, `${name}.png`), shot);
    else writeFileSync(join(folder, `${name}.webp`), await webp(page, shot));
    await page.context().close();
  }
});
