// Compiles the pages' style and script into src/imara/service/ui/static/imara. Run by `make assets`.
// The first line of each file says what it was made from, and a test compares that with the sources.

import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..");
const ui = join(root, "src", "imara", "service", "ui");
const out = join(ui, "static", "imara");
const modules = join(here, "node_modules");
const version = (name) => JSON.parse(readFileSync(join(modules, name, "package.json"), "utf8")).version;

function inputs() {
  const files = ["build.mjs", "package.json", "package-lock.json"].map((name) => join(here, name));
  for (const folder of ["styles", "scripts"]) {
    for (const entry of readdirSync(join(ui, folder), { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) files.push(join(entry.parentPath, entry.name));
    }
  }
  return files.map((file) => [relative(root, file).replaceAll("\\", "/"), file]).sort(([a], [b]) => (a < b ? -1 : 1));
}

function hashOfInputs() {
  const hash = createHash("sha256");
  for (const [name, file] of inputs()) {
    hash.update(name + "\0");
    hash.update(readFileSync(file));
    hash.update("\0");
  }
  return hash.digest("hex");
}

function write(name, body, parts) {
  const of = createHash("sha256").update(body).digest("hex");
  const header = `/*! Imara. Built by \`make assets\` with ${parts}. inputs ${hashOfInputs()} output ${of} */\n`;
  writeFileSync(join(out, name), header + body);
  console.log(`${name}: ${Math.round(body.length / 1024)} KB`);
}

mkdirSync(out, { recursive: true });
const frontend = `nhsuk-frontend ${version("nhsuk-frontend")} (MIT, Crown copyright)`;

const style = sass.compile(join(ui, "styles", "imara.scss"), {
  style: "compressed",
  charset: false,
  loadPaths: [join(modules, "nhsuk-frontend", "dist")],
});
write("imara.css", style.css.trim() + "\n", frontend);

const script = await esbuild.build({
  entryPoints: [join(ui, "scripts", "imara.mjs")],
  bundle: true,
  minify: true,
  write: false,
  format: "iife",
  target: "es2020",
  charset: "utf8",
  nodePaths: [modules],
  legalComments: "none",
});
write("imara.js", script.outputFiles[0].text.trim() + "\n", frontend);

const htmx = readFileSync(join(modules, "htmx.org", "dist", "htmx.min.js"), "utf8").replace(/\n?\/\/# sourceMappingURL.*\s*$/, "");
write("htmx.js", htmx.trim() + "\n", `htmx.org ${version("htmx.org")} (0BSD)`);

// The cross that empties a search field: the one picture that the style sheet asks for.
const cross = "nhsuk-icon-cross.svg";
copyFileSync(join(modules, "nhsuk-frontend", "dist", "nhsuk", "assets", "images", cross), join(out, cross));
