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
const broken = overLimit(sizes);
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
