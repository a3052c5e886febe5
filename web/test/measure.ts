// `npm --prefix web run measure`: how large the page is, and how long it takes until something useful is painted and
// until the state stands after the moment is moved, with 100, 1,000 and 20,000 events. Figures are in benches/README.md.

import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { browse, open, WIDE } from "./browser";
import { Dice } from "./chance";
import { REPOSITORY, run } from "./program";

const RUNS = Number(process.env.RUNS ?? 5);
const median = (numbers: number[]): number => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)]!;

/** A chronicle of a sort that people write: a century of days, months and years, with 300 things and five voices. */
function chronicle(events: number): string {
  const dice = new Dice(events);
  const pad = (n: number): string => String(n).padStart(2, "0");
  const lines: string[] = [];
  for (let i = 0; i < events; i++) {
    const day = `${1925 + Math.floor((i / events) * 100)}-${pad(1 + dice.below(12))}-${pad(1 + dice.below(28))}`;
    const date = dice.chance(85) ? day : dice.chance(60) ? day.slice(0, 7) : `${day.slice(0, 4)}~`;
    const thing = `things.t${dice.below(300)}`;
    const claims = dice.chance(20) ? { claims: { [dice.one(["ann", "bob", "cyd", "dan", "eve"])]: { set: { [`${thing}.seen-as`]: dice.one(["good", "bad"]) } } } } : {};
    lines.push(
      JSON.stringify({
        id: `e${i}`,
        date,
        title: `Event ${i}: ${dice.one(["a meeting", "a decree", "a battle", "a letter"])} about ${thing}`,
        kind: dice.one(["meeting", "decree", "battle", "letter"]),
        tags: [dice.one(["north", "south", "east", "west"])],
        set: { [`${thing}.status`]: dice.one(["open", "closed", "disputed"]) },
        increase: { [`${thing}.letters`]: 1 + dice.below(9) },
        ...claims,
      }),
    );
  }
  return lines.join("\n");
}

const dist = (name: string): Buffer => readFileSync(join(REPOSITORY, "web/dist", name));
for (const name of ["asof.js", "asof.css"]) console.log(`${name}: ${dist(name).length} bytes, ${gzipSync(dist(name), { level: 9 }).length} gzipped`);

await browse(async (browser) => {
  for (const events of [100, 1000, 20000]) {
    const folder = mkdtempSync(join(tmpdir(), "asof-measure-"));
    writeFileSync(join(folder, "events.jsonl"), chronicle(events));
    const file = join(folder, "page.html");
    if (run(folder, ["export", "html", file]) === null) throw new Error("not exported");
    const [painted, moved, dragged, rested]: number[][] = [[], [], [], []];
    for (let i = 0; i < RUNS; i++) {
      const { page } = await open(browser, pathToFileURL(file).href, WIDE);
      // Nothing is painted before heading, state and list stand; the timeline follows in the next frame.
      await page.waitForFunction(() => performance.getEntriesByName("first-contentful-paint").length > 0);
      painted!.push(await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]!.startTime));
      // What the page's own thread works, so that a busy machine does not count: script, style, layout and paint.
      const devtools = await page.context().newCDPSession(page);
      await devtools.send("Performance.enable", { timeDomain: "threadTicks" });
      const worked = async (): Promise<number> => {
        const { metrics } = await devtools.send("Performance.getMetrics");
        return metrics.find(({ name }) => name === "TaskDuration")!.value * 1000;
      };
      const before = await worked();
      await page.evaluate(async () => {
        const input = document.querySelector<HTMLInputElement>("#at")!;
        for (const year of [1950, 1990, 1930, 2010, 1970]) {
          input.value = String(year);
          input.dispatchEvent(new Event("change"));
          await new Promise<void>((done) => requestAnimationFrame(() => setTimeout(done)));
        }
      });
      moved!.push(((await worked()) - before) / 5);
      const box = (await page.locator(".stage").boundingBox())!;
      await page.evaluate(() => addEventListener("pointerdown", ({ pointerId }) => Object.assign(window, { pointerId }), true));
      await page.mouse.move(box.x + 600, box.y + box.height - 10);
      await page.mouse.down();
      const still = await worked();
      // One move a frame, as those of a hand come; and not as fast as a test can tell the browser of them.
      await page.evaluate(async ({ x, y, height }) => {
        const stage = document.querySelector(".stage")!;
        const { pointerId } = window as never;
        for (let by = 600; by < 800; by += 4) {
          stage.dispatchEvent(new PointerEvent("pointermove", { pointerId, pointerType: "mouse", clientX: x + by, clientY: y + height - 10 }));
          await new Promise((done) => requestAnimationFrame(done));
        }
      }, box);
      dragged!.push(((await worked()) - still) / 50);
      const moving = await worked();
      await page.mouse.up();
      await page.waitForTimeout(300);
      rested!.push((await worked()) - moving);
      await page.context().close();
    }
    const size = statSync(file).size;
    const packed = gzipSync(readFileSync(file), { level: 9 }).length;
    console.log(
      `${events} events: ${size} bytes, ${packed} gzipped; painted after ${Math.round(median(painted!))} ms; a date decades away takes ${median(moved!).toFixed(0)} ms of work, dragging ${median(dragged!).toFixed(0)} ms a move and ${median(rested!).toFixed(0)} ms when it rests`,
    );
    rmSync(folder, { recursive: true });
  }
});
