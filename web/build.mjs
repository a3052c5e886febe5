// Builds web/dist/ from web/src/: the script, the style, and the two frames that they stand in. What is built is
// committed, so that `cargo build` needs only Rust. `--prove`: says whether dist/ is what src/ makes, and writes nothing;
// `--tests`: bundles the tests into node_modules/.asof/, where they are run.

import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(fileURLToPath(import.meta.url));
const sha256 = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

async function bundle(entry) {
  const { outputFiles } = await build({
    entryPoints: [join(root, "src", entry)],
    bundle: true,
    write: false,
    minify: true,
    format: "iife",
    target: ["chrome123", "firefox121", "safari17.5"],
    charset: "ascii",
    legalComments: "none",
  });
  // Neither may end with a blank that an editor would take away.
  return outputFiles[0].text.trimEnd();
}

async function dist() {
  const [script, style] = [await bundle("main.ts"), await bundle("style.css")];
  const frame = readFileSync(join(root, "src/frame.html"), "utf8");
  const policy = `default-src 'none'; script-src ${sha256(script)}; style-src ${sha256(style)}; img-src data:; base-uri 'none'; form-action 'none'`;
  const fill = (parts) => frame.replace(/<!--(\w+)-->/g, (_, name) => parts[name] ?? "");
  return {
    "asof.js": script,
    "asof.css": style,
    "index.html": fill({
      title: "asof",
      style: '<link rel="stylesheet" href="/asof.css">',
      script: '<script src="/asof.js" defer></script>',
    }),
    "export.html": fill({
      policy: `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
      title: "{{title}}",
      style: "<style>{{style}}</style>",
      // The script stands in the body's end, before the data: it is deferred by hand until the document is read.
      script: "",
      end: '<script>{{script}}</script>\n<script id="data" type="application/json">{{data}}</script>',
    }),
  };
}

async function tests() {
  const folder = join(root, "node_modules/.asof/test");
  mkdirSync(folder, { recursive: true });
  const entryPoints = readdirSync(join(root, "test")).filter((name) => name.endsWith(".ts")).map((name) => join(root, "test", name));
  await build({
    entryPoints,
    bundle: true,
    outdir: folder,
    platform: "node",
    format: "esm",
    target: "node20",
    sourcemap: "inline",
    external: ["playwright-core", "axe-core"],
  });
}

if (process.argv.includes("--tests")) {
  await tests();
} else {
  const proves = process.argv.includes("--prove");
  const stale = [];
  for (const [name, text] of Object.entries(await dist())) {
    const file = join(root, "dist", name);
    if (!proves) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    } else if (readFileSync(file, "utf8") !== text) {
      stale.push(name);
    }
  }
  if (stale.length > 0) {
    console.error(`web/dist is not what web/src makes: ${stale.join(", ")}; run: npm --prefix web run build`);
    process.exit(1);
  }
}
