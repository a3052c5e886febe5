// On paper: the viewpoint, the state and the list whole, no controls, dark on white; from the light page and the dark one.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { browse, DARK, type Look, NARROW, open, WIDE } from "./browser";
import { EVENTS, withFiles } from "./program";
import { exportedPage } from "./targets";

/** What of a page is cut by boxes that would scroll, and what of it can be pressed. */
async function looks(page: Page): Promise<{ cut: string[]; pressed: string[]; faint: string[]; height: number }> {
  return page.evaluate(() => {
    const name = (one: Element): string => `${one.tagName}.${one.className}`;
    const seen = (one: Element): boolean => (one as HTMLElement).checkVisibility({ visibilityProperty: true });
    const all = [...document.querySelectorAll("#page *")].filter(seen);
    const isCut = (one: Element): boolean => getComputedStyle(one).overflowY !== "visible" && one.scrollHeight > one.clientHeight + 1 && !one.matches(".aside, .stage, .flag, .strip-voice, .strip-bars, .bar");
    const light = (one: Element): number => {
      const [r, g, b] = getComputedStyle(one).color.match(/[\d.]+/g)!.map(Number);
      return (0.2126 * r! + 0.7152 * g! + 0.0722 * b!) / 255;
    };
    const hasText = (one: Element): boolean => [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent!.trim() !== "");
    return {
      cut: all.filter(isCut).map(name),
      pressed: all.filter((one) => one.matches("input, select, textarea, summary, .tools *, .controls *, .zoom *, .tabs *, .acts *, .more, .switch")).map(name),
      faint: all.filter((one) => hasText(one) && !one.matches(".flag") && light(one) > 0.5).map(name),
      height: document.documentElement.scrollHeight,
    };
  });
}

/** How dark what is painted on the timeline is, at most: of a page that was dark, too. */
const darkest = (page: Page): Promise<number> =>
  page.locator(".stage canvas").evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
    let least = 255;
    for (let i = 0; i < data.length; i += 4) if (data[i + 3] === 255) least = Math.min(least, Math.max(data[i]!, data[i + 1]!, data[i + 2]!));
    return least;
  });

/** So many sheets a document has. */
const sheets = (pdf: Buffer): number => pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)!.length;

test("the shipped chronicle is printed whole, without controls, dark on white", async () => {
  const target = exportedPage(EVENTS);
  try {
    await browse(async (browser) => {
      for (const look of [WIDE, DARK, NARROW] as Look[]) {
        const { page, complaints } = await open(browser, `${target.url}#at=2025-05-14&path=talks.istanbul-2025.status`, look);
        if (look === DARK) await page.evaluate(() => (document.documentElement.dataset.theme = "dark"));
        const rows = await page.locator(".state .fact").count();
        await page.emulateMedia({ media: "print" });
        await page.waitForTimeout(300);
        const said = `${look.width} ${look.scheme}`;
        assert.match(await page.locator(".heading").innerText(), /^As of the end of 14 May 2025, as best known, on record: 96 of 139 events/);
        for (const part of ["h1", ".heading", ".stage canvas", ".legend li"]) assert.ok(await page.locator(part).first().isVisible(), `${said}: ${part}`);
        for (const [part, number] of [[".state .fact", rows], [".events ol > li", 139]] as const) {
          const boxes = await page.locator(part).evaluateAll((all) => all.filter((one) => one.getBoundingClientRect().height > 8).length);
          assert.equal(boxes, number, `${said}: ${part}`);
        }
        assert.match(await page.locator(".reasons.body").innerText(), /agreed[\s\S]*Zelensky says he will wait/);
        const { cut, pressed, faint, height } = await looks(page);
        assert.deepEqual({ cut, pressed, faint }, { cut: [], pressed: [], faint: [] }, said);
        assert.ok((await darkest(page)) < 80, said);
        // Paper has as much of it as the page: 96 pixels an inch, A4 without margins, less what does not fit at an end.
        const pdf = await page.pdf({ format: "A4", printBackground: false });
        assert.ok(sheets(pdf) * 1123 > height * 0.5 && sheets(pdf) >= 6, `${said}: ${sheets(pdf)} sheets for ${height} pixels`);
        if (process.env.ASOF_PRINTED) writeFileSync(join(process.env.ASOF_PRINTED, `${said.replace(" ", "-")}.pdf`), pdf);
        await page.emulateMedia({ media: "screen" });
        await page.waitForTimeout(300);
        assert.equal(await page.locator(".state .fact").count(), rows);
        assert.deepEqual(complaints, []);
        await page.context().close();
      }
    });
  } finally {
    target.close();
  }
});

test("of a long chronicle every event is printed, and afterwards only so many are listed again", async () => {
  const events = Array.from({ length: 400 }, (_, i) => JSON.stringify({ id: `e${i}`, date: `${1600 + i}-01-01`, title: `Event ${i}`, set: { [`a.p${i}`]: i } }));
  await withFiles(new Map([["all.jsonl", events.join("\n")]]), async (folder) => {
    const target = exportedPage(folder);
    try {
      await browse(async (browser) => {
        const { page } = await open(browser, target.url);
        const listed = (): Promise<number> => page.locator(".events ol .title").count();
        assert.ok((await listed()) < 200);
        await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
        assert.equal(await listed(), 400);
        await page.evaluate(() => dispatchEvent(new Event("afterprint")));
        assert.ok((await listed()) < 200);
        const pdf = await page.pdf({ format: "A4" });
        assert.ok(sheets(pdf) >= 12, `${sheets(pdf)} sheets`);
      });
    } finally {
      target.close();
    }
  });
});
