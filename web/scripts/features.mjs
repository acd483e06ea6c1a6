// Lists the features of the client specification (F001 to F175) that no test carries. Fails when a feature that had a test
// has lost it: the list in features.json may only grow shorter. `--write` updates the list.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const here = import.meta.dirname;
const web = resolve(here, "..");
const file = join(web, "features.json");
const ALL = Array.from({ length: 175 }, (_, n) => `F${String(n + 1).padStart(3, "0")}`);

function* sources(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === "node_modules" || entry.name.startsWith(".")) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* sources(path);
    else if (/\.(test|spec)\.tsx?$/.test(entry.name)) yield path;
  }
}

/** Ids in the names of tests, not in comments: a quoted string after `test(`, `it(`, `describe(` or in a table of cases. */
function idsIn(text) {
  const strings = text.matchAll(/(["'`])((?:\\.|(?!\1)[^\\])*)\1/g);
  return [...strings].flatMap(([, , words]) => [...words.matchAll(/\bF(\d{3})\b/g)].map(([id]) => id));
}

const covered = new Set(
  [...sources(join(web, "src")), ...sources(join(web, "e2e"))].flatMap((path) =>
    idsIn(readFileSync(path, "utf8")),
  ),
);
const missing = ALL.filter((id) => !covered.has(id));
if (process.argv.includes("--write"))
  writeFileSync(file, `${JSON.stringify({ withoutTest: missing }, null, 2)}\n`);
const { withoutTest } = JSON.parse(readFileSync(file, "utf8"));
const lost = missing.filter((id) => !withoutTest.includes(id));
const gained = withoutTest.filter((id) => !missing.includes(id));
console.log(
  `${ALL.length - missing.length} of ${ALL.length} features carry a test${missing.length > 0 ? `; without: ${missing.join(" ")}` : ""}`,
);
if (lost.length > 0 || gained.length > 0) {
  if (lost.length > 0) console.error(`✗ lost their test: ${lost.join(" ")}`);
  if (gained.length > 0) console.error(`✗ have a test now: ${gained.join(" ")}`);
  console.error("  When this is meant: node web/scripts/features.mjs --write");
  process.exit(1);
}
