// Reads the exports of one chronicle with the tools of others, and holds them against its rows: markwhen's parser,
// citation-js, and in a browser TimelineJS and Mermaid. The folder is named on the command line.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";

import { Cite } from "@citation-js/core";
import "@citation-js/plugin-bibtex";
import "@citation-js/plugin-csl";
import { iter, parse } from "@markwhen/parser";
import { chromium } from "playwright-core";

const out = process.argv[2];
const read = (name) => readFileSync(join(out, name), "utf8");
const rows = read("jsonl").trimEnd().split("\n").map((line) => JSON.parse(line));
const folder = (name) => dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));

/** A name that is nobody's (RFC 2606). */
const HOST = "asof.test";

/** Markwhen: every event is one, with its id, its first day and its tags, and nothing of its text is anything else. */
function markwhen(name) {
  const timeline = parse(read(name), undefined, undefined);
  assert.deepEqual(timeline.parseMessages, [], name);
  const found = [...iter(timeline.events)].map(({ eventy }) => eventy).filter((eventy) => eventy.dateRangeIso);
  const groups = [...iter(timeline.events)].filter(({ eventy }) => !eventy.dateRangeIso);
  assert.equal(groups.length, 1, `${name}: a line of a text became a section`);
  return found;
}

function markwhenOfEvents() {
  const found = markwhen("markwhen");
  const ids = found.map((event) => event.id);
  const wanted = rows.map((row) => row.id).filter((id) => id !== "deep");
  assert.deepEqual(ids, wanted);
  for (const event of found) {
    const row = rows.find((row) => row.id === event.id);
    assert.equal(event.tags.length, row.tags.length, `${row.id}: ${event.tags}`);
    assert.ok(event.properties.asof, row.id);
    if (row.earliest?.startsWith("20")) {
      const from = new Date(event.dateRangeIso.fromDateTimeIso);
      assert.ok(Math.abs(from - new Date(row.earliest)) <= 14 * 3600e3, `${row.id}: ${from} and ${row.earliest}`);
    }
  }
  assert.ok(markwhen("history.markwhen").length > 0);
  return found.length;
}

/** citation-js: the same titles from CSL and from BibLaTeX, and a bibliography that can be printed. */
function citations() {
  const items = JSON.parse(read("csl"));
  const csl = new Cite(items);
  assert.equal(csl.data.length, items.length);
  assert.ok(csl.format("bibliography", { template: "apa" }).length > items.length);
  const plain = (text) => (text ?? "").replace(/\s+/g, " ").replace(/<\/?[a-z]+[^>]*>/g, "").trim();
  const titles = new Map(new Cite(read("bibtex")).data.map((entry) => [entry["citation-key"] ?? entry.id, entry.title]));
  assert.equal(titles.size, items.length);
  for (const item of items.filter((item) => item.title && !/[<>{}~^\\$"'`’‘“”]|--/.test(item.title))) {
    assert.equal(plain(titles.get(item.id)), plain(item.title), item.id);
  }
  return items.length;
}

/** A page without a network but for the files of a folder, in which nothing may go wrong and no text become a script. */
async function page(browser, body, dist) {
  const page = await browser.newPage();
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("dialog", (dialog) => {
    complaints.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.route("**/*", (route) => {
    const url = new URL(route.request().url());
    if (url.host !== HOST) return route.abort();
    return url.pathname === "/" ? route.fulfill({ contentType: "text/html", body }) : route.fulfill({ path: join(dist, url.pathname) });
  });
  await page.goto(`http://${HOST}/`);
  return { page, complaints };
}

/** TimelineJS: a slide and a marker for each event, with its words. */
async function timeline(browser, name, wanted) {
  const dist = join(folder("@knight-lab/timelinejs"), "dist");
  const { page: view, complaints } = await page(browser, `<!doctype html><div id="t" style="width:1200px;height:700px"></div>`, dist);
  await view.addStyleTag({ path: join(dist, "css", "timeline.css") });
  await view.addScriptTag({ path: join(dist, "js", "timeline.js") });
  const seen = await view.evaluate(
    (data) =>
      new Promise((resolve, reject) => {
        const timeline = new TL.Timeline("t", data, { script_path: new URL("/js/", location.href).href, hash_bookmark: false });
        timeline.on("loaded", () => {
          const texts = [...document.querySelectorAll(".tl-timemarker h2.tl-headline")].map((one) => one.textContent);
          resolve({ texts, alive: document.querySelectorAll("#t script, #t [onerror]").length });
        });
        setTimeout(() => reject(new Error(`TimelineJS did not load: ${document.body.innerText.slice(0, 300)}`)), 20000);
      }),
    JSON.parse(read(name)),
  );
  assert.deepEqual(complaints, [], name);
  assert.equal(seen.alive, 0, `${name}: a text became an element`);
  assert.equal(seen.texts.length, wanted, `${name}: ${seen.texts.length} of ${wanted} markers`);
  await view.close();
  return seen.texts;
}

/** Mermaid: parsed and drawn, with every title among its words. */
async function mermaid(browser, name) {
  const dist = join(folder("mermaid"), "dist");
  const { page: view, complaints } = await page(browser, `<!doctype html><div id="m"></div>`, dist);
  await view.addScriptTag({ path: join(dist, "mermaid.min.js") });
  const seen = await view.evaluate(async (text) => {
    mermaid.initialize({ startOnLoad: false });
    await mermaid.parse(text);
    const { svg } = await mermaid.render("drawn", text);
    document.getElementById("m").innerHTML = svg;
    const alive = document.querySelectorAll("#m script, #m img, #m [onerror], #m iframe").length;
    return { alive, words: document.getElementById("m").textContent };
  }, read(name));
  assert.deepEqual(complaints, [], name);
  assert.equal(seen.alive, 0, `${name}: a text became an element`);
  await view.close();
  return seen.words.replace(/\s+/g, "");
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"],
});
try {
  const slides = JSON.parse(read("timelinejs")).events;
  await timeline(browser, "timelinejs", slides.length);
  assert.deepEqual(slides.map((slide) => slide.unique_id).sort(), rows.map((row) => row.id).sort());
  await timeline(browser, "history.timelinejs", JSON.parse(read("history.timelinejs")).events.length);
  const words = await mermaid(browser, "mermaid");
  const missing = rows.filter((row) => /^[\w ,.'–-]+$/.test(row.title) && !words.includes(row.title.replace(/\s+/g, "")));
  assert.deepEqual(missing.map((row) => row.id), [], "titles that Mermaid does not show");
  for (const name of ["history.mermaid", "trace.mermaid"]) {
    await mermaid(browser, name);
  }
  const found = [markwhenOfEvents(), citations()];
  console.log(`${basename(out)}: ${slides.length} slides in TimelineJS, ${found[0]} events in Markwhen, ${found[1]} sources in citation-js`);
} finally {
  await browser.close();
}
