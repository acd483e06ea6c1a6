// Exact sizes of what a browser downloads, compared with budgets.json. A change in either direction fails until it is
// written down: `node scripts/budget.mjs --write`. Hard limits come from the product's promise and cannot be written away.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";

const INITIAL_LIMIT = 100_000;
const LAZY_LIMIT = 50_000;
const here = import.meta.dirname;
const built = resolve(here, "../../src/chatkit/_static");
const file = resolve(here, "../budgets.json");

function measure() {
  const names = [...list(built, ""), ...list(join(built, "assets"), "assets/")].filter((name) =>
    name.endsWith(".js"),
  );
  const files = names.map((name) => {
    const bytes = readFileSync(join(built, name));
    const size = { bytes: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length };
    return { name: name.replace(/-[\w-]{8}\.js$/, ".js"), size };
  });
  // Two chunks may come from modules of one name: the larger is named first.
  files.sort((a, b) => (a.name === b.name ? b.size.bytes - a.size.bytes : a.name < b.name ? -1 : 1));
  const sizes = {};
  for (const { name, size } of files) {
    let unique = name;
    for (let copy = 2; unique in sizes; copy++) unique = `${name} (${copy})`;
    sizes[unique] = size;
  }
  return sizes;
}

function list(folder, prefix) {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => prefix + entry.name);
  } catch {
    return [];
  }
}

function overLimit(sizes) {
  return Object.entries(sizes)
    .map(([name, { gzip }]) => ({
      name,
      gzip,
      limit: limitOf(name),
    }))
    .filter(({ gzip, limit }) => gzip > limit)
    .map(({ name, gzip, limit }) => `${name}: ${gzip} bytes gzip, the limit is ${limit}`);
}

function limitOf(name) {
  return name.startsWith("assets/") ? LAZY_LIMIT : INITIAL_LIMIT;
}

/** What the Studio loads for its first screen, and what its editors add to that: bytes of gzip. */
const STUDIO_LIMITS = { "the first screen": 85_000, "the editors": 200_000 };

/** A chunk and everything that it imports before it can run. */
function closure(folder, name, seen = new Set()) {
  if (seen.has(name)) return seen;
  seen.add(name);
  const source = readFileSync(join(folder, name), "utf8");
  for (const [, next] of source.matchAll(/(?:from|import)"\.\/([^"]+\.js)"/g)) closure(folder, next, seen);
  return seen;
}

function studioOverLimit() {
  const folder = join(built, "studio/assets");
  const names = list(folder, "");
  const entry = names.find((name) => /^studio-[\w-]{8}\.js$/.test(name));
  const bench = names.find((name) => /^workbench-[\w-]{8}\.js$/.test(name));
  if (!entry || !bench) return [];
  const first = closure(folder, entry);
  const more = [...closure(folder, bench)].filter((name) => !first.has(name));
  const gzip = (all) =>
    [...all].reduce((sum, name) => sum + gzipSync(readFileSync(join(folder, name)), { level: 9 }).length, 0);
  const sizes = { "the first screen": gzip(first), "the editors": gzip(more) };
  console.log(
    `  Studio: first screen ${sizes["the first screen"]}, editors ${sizes["the editors"]} bytes gzip`,
  );
  return Object.entries(sizes)
    .filter(([name, size]) => size > STUDIO_LIMITS[name])
    .map(([name, size]) => `Studio, ${name}: ${size} bytes gzip, the limit is ${STUDIO_LIMITS[name]}`);
}

function changes(before, now) {
  return [...new Set([...Object.keys(before), ...Object.keys(now)])]
    .sort()
    .filter((name) => before[name]?.bytes !== now[name]?.bytes)
    .map((name) => `${name}: ${before[name]?.bytes ?? "absent"} → ${now[name]?.bytes ?? "absent"} bytes`);
}

const sizes = measure();
if (!("chatkit.js" in sizes)) {
  console.error(`✗ ${built} holds no chatkit.js\n  Build first: cd web && npx vite build`);
  process.exit(1);
}
const broken = [...overLimit(sizes), ...studioOverLimit()];
if (process.argv.includes("--write")) {
  writeFileSync(file, `${JSON.stringify(sizes, null, 2)}\n`);
} else {
  const drift = changes(JSON.parse(readFileSync(file, "utf8")), sizes);
  if (drift.length > 0) broken.push(...drift, "When this is meant: node web/scripts/budget.mjs --write");
}
if (broken.length > 0) {
  console.error(`✗ bundle budget\n  ${broken.join("\n  ")}`);
  process.exit(1);
}
console.log(
  `✓ bundle budget: chatkit.js ${sizes["chatkit.js"].gzip} bytes gzip, ${Object.keys(sizes).length} files`,
);
