// Fingers on a telephone: the moment is dragged, the timeline panned and pinched, marks and values are tapped, and the
// page still scrolls.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { CDPSession, Page } from "playwright-core";
import { browse, open, PHONE } from "./browser";
import { EVENTS, withFiles } from "./program";
import { exportedPage } from "./targets";

type Finger = readonly [x: number, y: number];

/** Fingers as the browser's own input has them; they are down until they are up. */
class Fingers {
  #down: Finger[] = [];

  constructor(readonly devtools: CDPSession) {}

  async #say(type: "touchStart" | "touchMove" | "touchEnd", fingers: readonly Finger[]): Promise<void> {
    await this.devtools.send("Input.dispatchTouchEvent", { type, touchPoints: fingers.map(([x, y], id) => ({ x, y, id })) });
  }

  async down(...fingers: Finger[]): Promise<void> {
    // One after the other, as hands do.
    for (let n = 1; n <= fingers.length; n++) await this.#say("touchStart", fingers.slice(0, n));
    this.#down = fingers;
  }

  /** Moves in steps, so that the browser sees a movement and not a leap. */
  async move(...to: Finger[]): Promise<void> {
    const from = this.#down;
    for (let step = 1; step <= 8; step++) {
      await this.#say("touchMove", to.map(([x, y], i) => [from[i]![0] + ((x - from[i]![0]) * step) / 8, from[i]![1] + ((y - from[i]![1]) * step) / 8]));
    }
    this.#down = to;
  }

  async up(): Promise<void> {
    await this.#say("touchEnd", []);
    this.#down = [];
  }

  /** Lifts the last finger alone. */
  async lift(): Promise<void> {
    const [x, y] = this.#down.pop()!;
    await this.devtools.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [{ x, y, id: this.#down.length }] });
  }
}

const hash = (page: Page): Promise<URLSearchParams> => page.evaluate(() => location.hash.slice(1)).then((text) => new URLSearchParams(text));
const settled = (page: Page): Promise<void> => page.waitForTimeout(400);
const range = async (page: Page): Promise<[number, number]> => (await hash(page)).get("zoom")!.split("/").map(Number) as [number, number];
const near = (a: number, b: number, by: number, said: string): void => assert.ok(Math.abs(a - b) < by, `${said}: ${a} and ${b}`);

/** Runs a test on the chronicle that ships, in a page of its own. */
async function onPhone(hash: string, use: (page: Page, fingers: Fingers, stage: { x: number; y: number; width: number; height: number }) => Promise<void>): Promise<void> {
  const target = exportedPage(EVENTS);
  try {
    await browse(async (browser) => {
      const { page, complaints } = await open(browser, target.url + hash, PHONE);
      await settled(page);
      const stage = (await page.locator(".stage").boundingBox())!;
      await use(page, new Fingers(await page.context().newCDPSession(page)), stage);
      assert.deepEqual(complaints, []);
    });
  } finally {
    target.close();
  }
}

test("the moment is dragged along the axis, and by its handle", () =>
  onPhone("#at=2025-05-14", async (page, fingers, { x, y, width, height }) => {
    const axis = y + height - 12;
    await fingers.down([x + width * 0.75, axis]);
    await fingers.move([x + width * 0.4, axis]);
    await settled(page);
    const held = await page.locator(".heading").innerText();
    assert.match(held, /^As of the end of .* 202[12]/, "the state follows the finger");
    await fingers.up();
    await settled(page);
    const at = (await hash(page)).get("at")!;
    assert.match(at, /^202[12]-/);
    const handle = (await page.locator(".moment").boundingBox())!;
    await fingers.down([handle.x + handle.width / 2, handle.y + 20]);
    await fingers.move([handle.x + handle.width / 2 + width * 0.3, handle.y + 20]);
    await fingers.up();
    await settled(page);
    assert.match((await hash(page)).get("at")!, /^202[34]-/);
    assert.equal((await hash(page)).get("zoom"), null);
    // Each drag is one step of the history: back is where it began.
    for (const before of [at, "2025-05-14"]) {
      await page.goBack();
      await settled(page);
      assert.equal((await hash(page)).get("at"), before);
    }
  }));

test("one finger pans, two zoom, and the one that stays goes on panning", () =>
  onPhone("#at=2025-05-14&zoom=1600000000/1760000000", async (page, fingers, { x, y, width, height }) => {
    const middle = y + height / 2;
    const at = (part: number): Finger => [x + width * part, middle];
    await fingers.down(at(0.7));
    await fingers.move(at(0.3));
    await fingers.up();
    await settled(page);
    const [from, to] = await range(page);
    near(to - from, 160e6, 2, "as wide as before");
    near(from, 1600e6 + 0.4 * 160e6, 8e6, "panned by what the finger went");
    await fingers.down(at(0.4), at(0.6));
    await fingers.move(at(0.2), at(0.8));
    await settled(page);
    const [left, right] = await range(page);
    near(right - left, 160e6 / 3, 8e6, "a third is seen");
    near((left + right) / 2, (from + to) / 2, 4e6, "around the middle");
    await fingers.lift();
    await fingers.move(at(0.4));
    await fingers.up();
    await settled(page);
    const [last, end] = await range(page);
    near(end - last, right - left, 2, "as wide as before");
    near(last, left - 0.2 * (right - left), 8e6, "panned on, without a leap");
    assert.equal((await hash(page)).get("at"), "2025-05-14");
  }));

test("a finger that goes up scrolls the page, from wherever, and changes nothing", () =>
  onPhone("#at=2025-05-14", async (page, fingers, { x, y, width, height }) => {
    const before = (await hash(page)).toString();
    for (const start of [y + height / 2, y + height - 12]) {
      await page.evaluate(() => scrollTo(0, 0));
      await fingers.down([x + width * 0.3, start]);
      await fingers.move([x + width * 0.3 + 6, start - 120]);
      await fingers.up();
      await settled(page);
      assert.ok((await page.evaluate(() => scrollY)) > 60, `from ${start - y} of ${height}`);
      assert.equal((await hash(page)).toString(), before);
    }
    // The moment stays at hand.
    const bar = (await page.getByRole("button", { name: "Next event" }).boundingBox())!;
    assert.ok(bar.y >= 0 && bar.y < 20, `${bar.y}`);
  }));

test("a value is tapped for why, a dense stretch to open it", () =>
  onPhone("#at=2025-05-14&paths=talks.istanbul-2025", async (page, _fingers, { x, y, height }) => {
    await page.locator(".state .fact", { hasText: "planned-for" }).tap();
    assert.equal((await hash(page)).get("path"), "talks.istanbul-2025.planned-for");
    assert.match(await page.locator(".reasons.body").innerText(), /Putin proposes direct talks/);
    assert.ok(await page.getByRole("heading", { name: "talks.istanbul-2025.planned-for" }).isVisible());
    await page.evaluate(() => scrollTo(0, 0));
    // The columns of 2025 stand in the right third, one of them below the line of the moment.
    await page.touchscreen.tap(x + 311, y + height - 60);
    await settled(page);
    const [from, to] = await range(page);
    assert.ok(to - from < 365 * 86400 && from > 1700e6, `${from} to ${to}`);
  }));

test("a mark is tapped for its event, by a finger that is not so sure", async () => {
  const event = JSON.stringify({ id: "one", date: "2022-01-01", title: "One", set: { "a.b": "c" } });
  await withFiles(new Map([["one.json", event]]), async (folder) => {
    const target = exportedPage(folder);
    try {
      await browse(async (browser) => {
        const { page } = await open(browser, target.url, PHONE);
        await settled(page);
        const { x, y, width } = (await page.locator(".stage").boundingBox())!;
        await page.touchscreen.tap(x + width / 2 + 8, y + 26 + 30);
        assert.equal((await hash(page)).get("event"), "one");
        assert.ok(await page.getByRole("heading", { name: "One" }).isVisible());
      });
    } finally {
      target.close();
    }
  });
});
