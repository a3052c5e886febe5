// A real browser goes through each of the eight points, on the chronicle that ships, exported and served; then a hostile
// chronicle, and axe-core: light and dark, wide and narrow.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { browse, DARK, type Look, NARROW, open, WIDE } from "./browser";
import { EVENTS, run, withFiles } from "./program";
import { exportedPage, servedPage, type Target, targets } from "./targets";

let [done, browser, all]: [() => void, Browser, Target[]] = [() => {}, undefined as never, []];
let closed: Promise<unknown>;

before(async () => {
  all = await targets(EVENTS);
  await new Promise<void>((ready) => {
    closed = browse(async (one) => {
      browser = one;
      ready();
      await new Promise<void>((resolve) => (done = resolve));
    });
  });
});

after(async () => {
  for (const target of all) target.close();
  done();
  await closed;
});

/** Runs a test on every target, in a page of its own; nothing may be complained of. */
function each(name: string, hash: string, use: (page: Page, target: Target) => Promise<void>, look: Look = WIDE): void {
  test(name, async () => {
    for (const target of all) {
      const { page, complaints } = await open(browser, target.url + hash, look);
      await use(page, target);
      assert.deepEqual(complaints, [], target.name);
      await page.context().close();
    }
  });
}

const heading = (page: Page): Promise<string> => page.locator(".heading").innerText();
const hash = (page: Page): Promise<URLSearchParams> => page.evaluate(() => location.hash.slice(1)).then((text) => new URLSearchParams(text));
const fact = (page: Page, name: string) => page.locator(".state .fact", { has: page.locator(".name", { hasText: new RegExp(`^${name}$`) }) });
const settled = (page: Page): Promise<void> => page.waitForTimeout(250);
const reasons = (page: Page) => page.locator(".reasons.body");

each("1 the whole is seen, and opened by zooming", "", async (page) => {
  assert.match(await heading(page), /139 of 139 events/);
  const canvas = page.locator(".stage canvas");
  assert.match((await canvas.getAttribute("aria-label"))!, /139 events/);
  // Something is painted, in more than two colours.
  const colours = await canvas.evaluate((element: HTMLCanvasElement) => {
    const { data } = element.getContext("2d")!.getImageData(0, 0, element.width, element.height);
    const seen = new Set<number>();
    for (let i = 0; i < data.length; i += 4) if (data[i + 3] === 255) seen.add((data[i]! << 16) | (data[i + 1]! << 8) | data[i + 2]!);
    return seen.size;
  });
  assert.ok(colours > 20, `${colours} colours`);
  await page.getByRole("button", { name: "Zoom in" }).click();
  await settled(page);
  const zoomed = (await hash(page)).get("zoom")!.split("/").map(Number);
  assert.ok(zoomed[1]! - zoomed[0]! < 5 * 365 * 86400);
  await page.getByRole("button", { name: "All", exact: true }).click();
  await settled(page);
  assert.equal((await hash(page)).get("zoom"), null);
  // Every mark of the legend has a word, and a form of its own.
  await page.getByLabel("Colour by").selectOption("voice");
  assert.match(await page.locator(".legend").innerText(), /Russian government/);
  assert.equal((await hash(page)).get("colour"), "voice");
});

each("2 one stands at a date, steps, drags and plays; the state follows, and says what changed", "#at=2025-05-10", async (page) => {
  assert.match(await heading(page), /^As of the end of 10 May 2025, as best known, on record/);
  await page.getByLabel("At the end of").fill("2025-05-14");
  await page.keyboard.press("Enter");
  assert.match(await heading(page), /14 May 2025.*: 96 of 139 events, 6 more possible/);
  assert.equal((await hash(page)).get("at"), "2025-05-14");
  const status = fact(page, "status").filter({ hasText: "agreed" }).first();
  assert.match((await status.textContent())!, /agreed/);
  assert.match(await page.locator(".changes").innerText(), /Just changed/);
  assert.ok((await page.locator(".fact.changed").count()) > 3);
  // Standing by form as well as colour: each has a sign with a word, and claims say whose they are.
  for (const standing of ["on record", "claimed", "disputed", "possible"]) {
    assert.ok((await page.getByRole("img", { name: standing, exact: true }).count()) > 0, standing);
  }
  await page.getByRole("button", { name: "Next event" }).click();
  const stepped = (await hash(page)).get("at")!;
  assert.match(stepped, /^2025-05-15/);
  await page.getByRole("button", { name: "Event before" }).click();
  assert.notEqual((await hash(page)).get("at"), stepped);
  // With the keyboard alone: the slider.
  await page.getByRole("slider", { name: "Moment" }).focus();
  const now = Number(await page.getByRole("slider").getAttribute("aria-valuenow"));
  await page.keyboard.press("ArrowRight");
  assert.equal(Number(await page.getByRole("slider").getAttribute("aria-valuenow")), now + 1);
  await page.keyboard.press("Home");
  assert.match(await heading(page), /0 of 139 events/);
  await page.keyboard.press("End");
  assert.match(await heading(page), /139 of 139 events/);
  // With the mouse: the axis.
  const box = (await page.locator(".stage").boundingBox())!;
  await page.mouse.move(box.x + box.width * 0.8, box.y + box.height - 10);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.4, box.y + box.height - 10, { steps: 4 });
  await page.mouse.up();
  await settled(page);
  assert.match((await hash(page)).get("at")!, /^20(21|22)-\d\d-\d\d$/);
  const certain = Number(await page.getByRole("slider").getAttribute("aria-valuenow"));
  await page.getByRole("button", { name: "Play", exact: true }).click();
  await page.waitForTimeout(2600);
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  const played = Number(await page.getByRole("slider").getAttribute("aria-valuenow"));
  assert.ok(played >= certain + 2 && played <= certain + 4, `from ${certain} to ${played}`);
});

each("3 the viewpoint is chosen, and said in words", "#at=2022-04-05&paths=bucha", async (page) => {
  await page.getByLabel("According to").selectOption("russia");
  assert.match(await heading(page), /according to Russian government/);
  assert.equal((await hash(page)).get("according_to"), "russia");
  assert.match(await fact(page, "responsible").innerText(), /nobody, the pictures are staged[\s\S]*claimed by Russian government/);
  await page.getByLabel("According to").selectOption("");
  await page.getByLabel("At the end of").fill("2022-03-20");
  await page.keyboard.press("Enter");
  assert.equal(await fact(page, "status").count(), 1);
  await page.getByRole("button", { name: "As known then" }).click();
  assert.match(await heading(page), /known by the end of 20 March 2022, on record: 11 of 139 events/);
  assert.equal(await fact(page, "status").filter({ hasText: "under-way" }).locator(".value:not(.none)").count(), 0);
  await page.getByLabel("Known by").fill("the day before");
  await page.keyboard.press("Enter");
  assert.match(await page.locator("#viewpoint-fault").innerText(), /no date that the page reads/);
  // One click: now beside then.
  await page.getByLabel("Known by").fill("");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Now beside then" }).click();
  assert.match(await page.locator(".differences").innerText(), /bucha\.killings\.status\s*before:\s*nothing\s*→\s*after:\s*■\s*under-way/);
  assert.equal((await hash(page)).get("versus"), "known-by:2022-03-20");
});

each("4 two viewpoints are compared, with the events that caused the differences", "#at=2025-05-16", async (page) => {
  await page.getByRole("button", { name: "Compare…" }).click();
  await page.getByRole("textbox", { name: "Date", exact: true }).fill("2022-03-29");
  await page.keyboard.press("Enter");
  await page.getByLabel("Filter the state").fill("talks.direct");
  await settled(page);
  // As `asof diff 2022-03-29 2025-05-16 talks.direct` in README.
  const said = await page.locator(".differences").innerText();
  assert.equal(await page.locator(".difference").filter({ hasText: "talks.direct." }).count(), 6);
  assert.match(said, /talks\.direct\.last-in-person-round[\s\S]*2022-03-29[\s\S]*→[\s\S]*2025-05-16/);
  assert.match(said, /−[\s\S]*In Istanbul Ukraine offers neutrality/);
  await page.getByLabel("From", { exact: true }).selectOption("voice");
  await page.getByLabel("Voice", { exact: true }).selectOption("russia");
  assert.equal((await hash(page)).get("versus"), "russia");
  assert.match(await page.locator(".sides").innerText(), /according to Russian government/);
  await page.getByRole("button", { name: "Close" }).click();
  assert.equal((await hash(page)).get("versus"), null);
});

each("5 why: event, quote, source, causes that one walks, what it overruled, who says otherwise, the strip", "#at=2025-05-14&paths=talks.istanbul-2025", async (page) => {
  await fact(page, "status").click();
  assert.equal((await hash(page)).get("path"), "talks.istanbul-2025.status");
  const why = reasons(page);
  const said = await why.innerText();
  assert.match(said, /agreed\s*on record, since 11 May 2025/);
  assert.match(said, /Zelensky says he will wait for Putin in Turkey on Thursday, in person/);
  assert.match(said, /Ukrainian President Zelensky challenges Putin to a face-to-face meeting in Turkey\./);
  assert.match(said, /Overruled\s*proposed/);
  assert.match(said, /Also possible\s*\??\s*under-way/);
  assert.ok((await why.locator(".strip .bar").count()) >= 3);
  for (const link of await why.locator("a").all()) {
    assert.match((await link.getAttribute("href"))!, /^https?:/);
    assert.equal(await link.getAttribute("rel"), "noopener noreferrer");
  }
  // The chain: opened in place, then walked.
  await why.locator(".chain summary").first().click();
  await settled(page);
  assert.ok((await why.locator(".chain .chain li").count()) > 0);
  await why.locator(".chain > li > .link").first().click();
  const walked = (await hash(page)).get("event")!;
  assert.ok(walked);
  assert.match(await reasons(page).innerText(), /What grew out of it/);
  await page.goBack();
  await settled(page);
  assert.equal((await hash(page)).get("path"), "talks.istanbul-2025.status");
  // A bar of the strip goes to when it began.
  await reasons(page).locator(".strip .bar", { hasText: "held" }).first().click();
  assert.equal((await hash(page)).get("at"), "2025-05-16-istanbul-2025");
});

each("6 what if: an event or a source is switched off", "#at=2025-05-15&event=2025-05-10-kyiv-ultimatum&paths=demands.europe", async (page) => {
  await reasons(page).getByRole("switch", { name: "Count this event" }).click();
  assert.deepEqual((await hash(page)).getAll("without"), ["2025-05-10-kyiv-ultimatum"]);
  assert.match(await heading(page), /without “Four European leaders/);
  assert.match(await page.locator(".changes .if").innerText(), /values would be otherwise/);
  // As `asof diff 2025-05-15 demands --without 2025-05-10-kyiv-ultimatum` in README.
  const marked = page.locator(".fact.what-if");
  assert.match(await marked.innerText(), /a 30-day ceasefire[\s\S]*what if, else:\s*full, unconditional, 30 days from 12 May 2025/);
  await page.getByLabel("Find events").fill("2025-05-11-putin-proposal");
  assert.match(await page.locator(".events ol").innerText(), /its cause is gone/);
  assert.equal(await reasons(page).getByRole("switch", { name: "Count this event" }).getAttribute("aria-checked"), "false");
  await page.getByRole("button", { name: /^Take away/ }).click();
  assert.deepEqual((await hash(page)).getAll("without"), []);
  await page.getByLabel("Find events").fill("source:article");
  await page.locator(".events ol li button").first().click();
  await reasons(page).getByRole("switch", { name: "Count this source" }).first().click();
  assert.deepEqual((await hash(page)).getAll("without"), ["source:article"]);
  assert.match(await page.locator(".changes .if").innerText(), /would be otherwise/);
});

each("7 find, with the command line's filters; the address carries all; copy; the keys", "#at=2025-05-14", async (page, target) => {
  await page.keyboard.press("/");
  await page.keyboard.type("actor:putin,actor:trump not:kind:statement");
  await settled(page);
  const listed = run(EVENTS, ["list", "actor:putin,actor:trump not:kind:statement"])!;
  const number = Number(/(\d+) events?\n/.exec(listed)![1]);
  assert.match(await page.locator(".events .count").innerText(), new RegExp(`^${number} events found$`));
  await page.getByLabel("Find events").fill("grain deal");
  assert.ok((await page.locator(".events ol li button .title").count()) >= 3);
  await page.getByLabel("Find events").fill("tag:nothing");
  assert.match(await page.locator("#find-fault").innerText(), /this chronicle has no tag/);
  await page.getByLabel("Find events").fill("tag:bucha");
  await page.getByLabel("to", { exact: true }).fill("2022-04-02");
  await settled(page);
  assert.equal((await hash(page)).get("until"), "2022-04-02");
  // Another person opens the address.
  const address = await page.evaluate(() => location.hash);
  const other = await open(browser, target.url + address);
  assert.equal(await heading(other.page), await heading(page));
  assert.equal(await other.page.locator(".events ol").innerText(), await page.locator(".events ol").innerText());
  await other.page.context().close();
  await page.locator("h1").click();
  await page.keyboard.press("y");
  const texts = await page.locator("dialog textarea").evaluateAll((areas) => areas.map((area) => (area as HTMLTextAreaElement).value));
  assert.ok(texts[0]!.includes("at=2025-05-14"));
  assert.match(texts[1]!, /^Russia–Ukraine negotiations, as of the end of 14 May 2025, as best known, on record \(96 of 139 events/);
  assert.equal(texts[2], "asof replay 2025-05-14");
  await page.keyboard.press("Escape");
  await page.waitForSelector("dialog[open]", { state: "detached" });
  // A key that comes while the focus still lies in what was closed is none of the page's.
  await page.waitForFunction(() => !document.activeElement?.closest("dialog"));
  await page.keyboard.press("?");
  assert.match(await page.locator("dialog[open]").innerText(), /the next event/);
  await page.getByLabel("Keys of a single character are on").click();
  await page.keyboard.press("Escape");
  await page.waitForSelector("dialog[open]", { state: "detached" });
  await page.keyboard.press("c");
  assert.equal((await hash(page)).get("from"), null);
});

test("7 without a date the last event stands in the address", async () => {
  for (const target of all) {
    const { page } = await open(browser, target.url);
    await settled(page);
    assert.ok((await hash(page)).get("at"), target.name);
    await page.context().close();
  }
});

test("8 faults are a banner while the last good state stays; edits are followed", async (t) => {
  const event = (date: string, status: string): string => JSON.stringify({ date, title: `It is ${status}`, set: { "a.status": status } });
  const files = new Map([["one.json", event("2022-01-01", "begun")], ["broken.json", '{"date": "2022-13", "title": "No such month"}']]);
  await withFiles(files, async (folder) => {
    // Exported with --keep-going, the page says what it lacks.
    const file = join(folder, "..", `kept-${process.pid}.html`);
    assert.equal(run(folder, ["export", "html", file]), null);
    assert.notEqual(run(folder, ["export", "html", file, "--keep-going"]), null);
    const { page } = await open(browser, `file://${file}`);
    assert.match(await page.locator(".banner").innerText(), /The files have 1 fault\. 1 document is left out\.[\s\S]*broken\.json:1[\s\S]*no month 13/);
    assert.equal(await fact(page, "status").count(), 1);
    await page.context().close();
    writeFileSync(join(folder, "broken.json"), event("2022-02-01", "ended"));
    const served = await servedPage(folder);
    if (!served) return t.diagnostic("this program has no `serve`: only the exported page was looked at");
    try {
      const { page } = await open(browser, served.url);
      assert.match(await fact(page, "status").innerText(), /ended/);
      writeFileSync(join(folder, "broken.json"), '{"date": "2022-13", "title": "No such month"}');
      await page.waitForSelector(".banner:not([hidden])", { timeout: 10000 });
      assert.match(await page.locator(".banner").innerText(), /1 fault\. What is shown is the last state without\.[\s\S]*no month 13/);
      assert.match(await fact(page, "status").innerText(), /ended/);
      writeFileSync(join(folder, "broken.json"), event("2022-03-01", "resumed"));
      await page.waitForSelector(".banner", { state: "hidden", timeout: 10000 });
      await page.getByLabel("At the end of").fill("2023");
      await page.keyboard.press("Enter");
      await page.waitForFunction(() => document.querySelector(".state .fact")?.textContent?.includes("resumed"), null, { timeout: 10000 });
      await page.context().close();
    } finally {
      served.close();
    }
  });
});

test("a hostile chronicle stays text", async () => {
  const mark = "<img src=x onerror=alert(1)><script>alert(2)</script>";
  const files = new Map([
    ["chronicle.yaml", JSON.stringify({ asof: 1, title: `</title></script><script>alert(0)</script>${mark}`, voices: { v: { name: mark }, __proto__x: { name: "p" } }, entities: { e: { name: mark } } })],
    [
      "one.json",
      JSON.stringify({
        id: "one",
        date: "2022-01-01",
        title: `${mark} \u202etxet desrever\u2066`,
        summary: `**${mark}** \`${mark}\` [x](javascript:alert(3)) \u0007`,
        kind: "constructor",
        place: "e",
        actors: ["e"],
        tags: ["__proto__", "toString"],
        sources: [
          { title: mark, url: "javascript:alert(4)", quote: `${mark}\u202e` },
          { title: "data", url: "data:text/html,<script>alert(5)</script>" },
          { title: "kept", url: "https://example.org/\"onmouseover=alert(6)" },
        ],
        set: { 'a."<b>x</b>"': mark, "a.__proto__": "p" },
        claims: { v: { set: { "a.claimed": mark } } },
        meta: { html: mark },
      }),
    ],
  ]);
  await withFiles(files, async (folder) => {
    const found = [exportedPage(folder), await servedPage(folder)].filter((target) => target !== null);
    for (const target of found) {
      const { page, complaints } = await open(browser, `${target.url}#event=one`);
      for (const hash of ["event=one", 'path=a."<b>x</b>"', "path=a.claimed", "event=one&without=one", `find=/${mark}/`, "at=<script>alert(7)</script>", "versus=plain:&path=a.claimed"]) {
        await page.evaluate((hash) => (location.hash = hash), hash);
        await settled(page);
      }
      await page.evaluate(() => (location.hash = "event=one"));
      await settled(page);
      await page.keyboard.press("y");
      await page.keyboard.press("Escape");
      assert.equal(await page.locator("#page img, #page script, #page b:not(:has(*)) img, #page iframe").count(), 0);
      assert.ok((await page.locator("h1").innerText()).includes("<script>alert(0)</script>"));
      const links = await page.locator("a").evaluateAll((all) => all.map((link) => [link.getAttribute("href"), link.getAttribute("rel")]));
      assert.deepEqual(links, [["https://example.org/%22onmouseover=alert(6)", "noopener noreferrer"]]);
      const text = await page.locator("body").innerText();
      assert.ok(text.includes("\\u{202e}txet desrever\\u{2066}"), "controls of direction are spelled out");
      assert.ok(!/[\u202a-\u202e\u2066-\u2069]/.test(text));
      assert.ok(!/[\u202a-\u202e\u2066-\u2069]/.test(await page.title()));
      assert.deepEqual(complaints, [], target.name);
      target.close();
      await page.context().close();
    }
  });
});

test("axe finds nothing: light, dark, narrow, zoomed", async () => {
  const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  const views = ["#at=2025-05-14&path=talks.istanbul-2025.status", "#at=2025-05-16&event=2025-05-16-istanbul-2025&without=2025-05-10-kyiv-ultimatum", "#at=2022-03-20&versus=known-by:2022-03-20&find=tag:nothing", "#at=2022-04-05&according_to=russia&colour=voice"];
  const looks: Look[] = [WIDE, DARK, NARROW, { ...NARROW, scheme: "dark" }, { width: 720, height: 450, scheme: "light" }];
  const target = all[0]!;
  for (const [place, look] of looks.entries()) {
    // The first two are looked at from everywhere, the others where most is to be seen.
    for (const view of place < 2 ? views : views.slice(0, 2)) {
      const { page } = await open(browser, target.url + view, look);
      if (look.width === NARROW.width) await page.getByRole("button", { name: "Viewpoint", exact: true }).click();
      const panes = look.width < 900 ? ["Events", "State", "Why"] : [null];
      for (const pane of panes) {
        if (pane) await page.getByRole("navigation", { name: "Panes" }).getByRole("button", { name: pane, exact: true }).click();
        await page.waitForTimeout(600);
        // A script of the test's own, which the policy of the page would not let in as an element.
        await page.evaluate(axe);
        const found = await page.evaluate(() => (globalThis as any).axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
        const said = found.violations.map((one: any) => `${one.id}: ${one.nodes.map((node: any) => `${node.target} ${node.any[0]?.message ?? ""}`).slice(0, 3).join("; ")}`);
        assert.deepEqual(said, [], `${view} ${JSON.stringify(look)} ${pane ?? ""}`);
        // Nothing is wider than the screen.
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.ok(wide <= 0, `${view} ${JSON.stringify(look)}: ${wide} pixels too wide`);
      }
      await page.context().close();
    }
  }
});
