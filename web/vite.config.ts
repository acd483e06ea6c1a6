import { existsSync, readFileSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { resolve } from "node:path";
import { defineConfig, type EnvironmentOptions, type Plugin } from "vite";
import { classicScript } from "./classic-script.ts";
import { licences } from "./licences.ts";
import { lucide } from "./lucide.ts";

const here = import.meta.dirname;
const { version: katexVersion } = JSON.parse(
  readFileSync(resolve(here, "node_modules/katex/package.json"), "utf8"),
) as { version: string };
const served = resolve(here, "../src/chatkit/_static");
/** Built beside and then moved, so that a running server never serves half a build. */
const out = `${served}.next`;
/** `CHATKIT_BUILD=element,widget` builds only these, in place. */
const only = process.env.CHATKIT_BUILD?.split(",");
const target = only === undefined ? out : served;

/** Classic scripts: the whole element in one file, extras in `assets/`. */
const scripts = [
  { name: "element", file: "chatkit.js", input: "src/element/index.ts", tag: "openai-chatkit", chunks: "" },
  { name: "widget", file: "widget.js", input: "src/widgets/element.ts", tag: "chatkit-widget", chunks: "w-" },
].filter(({ input }) => existsSync(resolve(here, input)));

/** Pages of their own, as ordinary modules. */
const pages = [{ name: "studio", input: "studio.html", script: "src/studio/main.tsx" }].filter(({ script }) =>
  existsSync(resolve(here, script)),
);

/** The page in whose frame diagrams are drawn, beside the scripts. */
const drawingPage: Plugin = {
  name: "chatkit:drawing-page",
  applyToEnvironment: ({ name }) => name === "mermaid",
  generateBundle() {
    const source = readFileSync(resolve(here, "mermaid.html"), "utf8");
    this.emitFile({ type: "asset", fileName: "mermaid.html", source });
  },
};

/** A script without lazy parts, run by `mermaid.html`. */
const drawingBuild: EnvironmentOptions = {
  consumer: "client",
  build: {
    outDir: target,
    emptyOutDir: false,
    target: "es2022",
    rolldownOptions: {
      input: { "mermaid-frame": resolve(here, "src/mermaid/frame.ts") },
      output: { format: "iife", entryFileNames: "[name].js" },
    },
  },
};

/** KaTeX's tables and styles in a file of their own, so that no piece of it is over the budget of a chunk. */
const KATEX_TABLES = {
  name: "katex-tables",
  test: /katex\/(?:src\/(?:fontMetricsData|symbols|svgGeometry|unicode\w+)\.|dist\/katex\.min\.css)/,
};

function scriptBuild({ file, input, chunks }: (typeof scripts)[number]): EnvironmentOptions {
  return {
    consumer: "client",
    build: {
      outDir: target,
      emptyOutDir: false,
      target: "es2022",
      modulePreload: false,
      // Under CSP a data: address is not a font or an image the page has agreed to.
      assetsInlineLimit: 0,
      rolldownOptions: {
        input: { [file]: resolve(here, input) },
        preserveEntrySignatures: "allow-extension",
        output: {
          entryFileNames: "[name]",
          chunkFileNames: `assets/${chunks}[name]-[hash].js`,
          assetFileNames: "assets/[name]-[hash][extname]",
          codeSplitting: { groups: [KATEX_TABLES] },
        },
      },
    },
  };
}

function pageBuild({ name, input }: (typeof pages)[number]): EnvironmentOptions {
  return {
    consumer: "client",
    build: {
      outDir: resolve(target, name),
      emptyOutDir: true,
      target: "es2022",
      modulePreload: false,
      rolldownOptions: { input: resolve(here, input) },
    },
  };
}

/**
 * Vite wraps every `import()` in a preloader that adds `<link>` elements to the page's head; an element that is a guest in
 * someone else's page must not. Library builds go without the preloader, and that is all this asks for.
 */
const withoutPreloader: Plugin = {
  name: "chatkit:without-preloader",
  configResolved(config) {
    config.build.lib = { entry: "" };
  },
};

export default defineConfig(({ command }) => ({
  base: "./",
  // KaTeX from its source: the published module is one piece that cannot be split.
  resolve: {
    alias: [{ find: /^katex$/, replacement: resolve(here, "node_modules/katex/katex.ts") }],
  },
  define: { __VERSION__: JSON.stringify(katexVersion) },
  // Automatic JSX comes from tsconfig.json; there is no refresh plugin because custom elements cannot be redefined.
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  plugins: [
    lucide(),
    licences(resolve(here, "node_modules"), (environment) =>
      environment === "studio" ? "licenses.txt" : `licenses/${environment}.txt`,
    ),
    ...(command === "build" ? [withoutPreloader, drawingPage] : []),
    ...scripts.map(({ name, file, tag }) => ({
      ...classicScript(file, tag),
      applyToEnvironment: (environment: { name: string }) => environment.name === name,
    })),
  ],
  environments:
    command === "build"
      ? Object.fromEntries([
          ...scripts.map((script) => [script.name, scriptBuild(script)] as const),
          ["mermaid", drawingBuild] as const,
          ...pages.map((page) => [page.name, pageBuild(page)] as const),
        ])
      : {},
  builder: {
    async buildApp(builder) {
      await rm(out, { recursive: true, force: true });
      for (const { name } of [...scripts, { name: "mermaid" }, ...pages]) {
        const environment = builder.environments[name];
        if (environment && (only?.includes(name) ?? true)) await builder.build(environment);
      }
      if (only !== undefined) return;
      await rm(served, { recursive: true, force: true });
      await rename(out, served);
    },
  },
  server: {
    host: "127.0.0.1",
    proxy: { "/chatkit": { target: process.env.CHATKIT_SERVER ?? "http://127.0.0.1:8000" } },
  },
}));
