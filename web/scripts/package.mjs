// Lays the built client out as an npm package, so that a page can pin a version: licence, notice, integrity hashes.
// `node scripts/package.mjs [folder]` writes to web/dist by default. The same sources give the same bytes.
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";

const here = import.meta.dirname;
const root = resolve(here, "../..");
const built = join(root, "src/chatkit/_static");
const { version, license } = JSON.parse(readFileSync(resolve(here, "../package.json"), "utf8"));
const name = "chatkit-selfhost";
const out = resolve(process.argv[2] ?? resolve(here, "../dist"), `${name}-${version}`);

if (!existsSync(join(built, "chatkit.js"))) {
  console.error(`✗ ${built} holds no chatkit.js\n  Build first: cd web && npx vite build`);
  process.exit(1);
}

function* files(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) =>
    a.name < b.name ? -1 : 1,
  )) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* files(path);
    else yield path;
  }
}

/** What goes into the `integrity` attribute of a script tag. */
export function integrity(path) {
  return `sha384-${createHash("sha384").update(readFileSync(path)).digest("base64")}`;
}

/** What is inside the scripts of other people, with their licences, as the build wrote it down. */
function thirdParty() {
  const line = `\n${"-".repeat(80)}\n\n`;
  const texts = ["element", "widget"].map((name) =>
    readFileSync(join(built, `licenses/${name}.txt`), "utf8"),
  );
  return [...new Set(texts.flatMap((text) => text.split(line)))].sort().join(line);
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
for (const part of ["chatkit.js", "widget.js", "mermaid.html", "mermaid-frame.js", "assets"]) {
  if (existsSync(join(built, part))) cpSync(join(built, part), join(out, part), { recursive: true });
}
for (const text of ["LICENSE", "NOTICE"]) cpSync(join(root, text), join(out, text));

writeFileSync(join(out, "THIRD_PARTY.txt"), thirdParty());

const hashes = Object.fromEntries([...files(out)].map((path) => [relative(out, path), integrity(path)]));
writeFileSync(join(out, "integrity.json"), `${JSON.stringify(hashes, null, 2)}\n`);
writeFileSync(
  join(out, "package.json"),
  `${JSON.stringify(
    {
      name,
      version,
      license,
      description:
        "The <openai-chatkit> element, open and self-hosted: one script, no request to any other host.",
      main: "chatkit.js",
      unpkg: "chatkit.js",
      jsdelivr: "chatkit.js",
      sideEffects: true,
      files: ["*.js", "mermaid.html", "assets", "integrity.json", "LICENSE", "NOTICE", "THIRD_PARTY.txt"],
      peerDependencies: { "@openai/chatkit": "^1.9.0" },
      peerDependenciesMeta: { "@openai/chatkit": { optional: true } },
    },
    null,
    2,
  )}\n`,
);
writeFileSync(
  join(out, "README.md"),
  `# ${name} ${version}

Put this folder on your own origin and pin it:

\`\`\`html
<script src="/chatkit/${version}/chatkit.js" integrity="${hashes["chatkit.js"]}" crossorigin="anonymous" async></script>
<openai-chatkit id="chat"></openai-chatkit>
<script>
  customElements.whenDefined("openai-chatkit").then(() => {
    document.getElementById("chat").setOptions({ api: { url: "/chatkit", domainKey: "local" } });
  });
</script>
\`\`\`

\`chatkit.js\` is all that is needed to send a message; \`assets/\` is fetched from beside it when an answer needs it.
\`integrity.json\` has the hash of every file, for an import map with \`integrity\` or for your own check.
Types: the package \`@openai/chatkit\`. React: \`@openai/chatkit-react\`, unmodified.
`,
);
console.log(
  `✓ ${relative(process.cwd(), out) || out}: ${Object.keys(hashes).length} files, chatkit.js ${hashes["chatkit.js"]}`,
);
