import { execFileSync } from "node:child_process";
import { cpSync, existsSync } from "node:fs";
import { resolve } from "node:path";
import { build } from "vite";
import { lucide } from "../lucide.ts";

const here = import.meta.dirname;

/** The folder of this name with its packages in it. */
function packages(name: string, one: string): string {
  const folder = resolve(here, name);
  if (!existsSync(resolve(folder, "node_modules", one))) {
    const options = ["ci", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"];
    execFileSync("npm", options, { cwd: folder, stdio: "inherit" });
  }
  return folder;
}

/** A page of this folder, built so that it loads quickly. */
async function buildPage(name: "screens" | "gallery"): Promise<void> {
  await build({
    configFile: false,
    root: resolve(here, ".."),
    base: "./",
    logLevel: "error",
    plugins: [lucide()],
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    build: {
      outDir: resolve(here, ".built", name),
      // Another run of the tests may be reading what is there.
      emptyOutDir: false,
      minify: false,
      target: "es2022",
      modulePreload: false,
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 5000,
      rolldownOptions: { input: resolve(here, `../${name}.html`) },
    },
  });
}

/** Builds what the tests open: the React probe, once for each version that the wrapper supports, the screens and the gallery. */
export default async function buildApps(): Promise<void> {
  await bundle("react18", resolve(packages("react18", "react"), "node_modules"));
  await bundle("react19", resolve(here, "../node_modules"));
  await buildPage("screens");
  await buildPage("gallery");
  // As a page would: the library's own file, served from the page's origin.
  const mermaid = resolve(packages("mermaid", "mermaid"), "node_modules/mermaid/dist/mermaid.min.js");
  cpSync(mermaid, resolve(here, ".built/mermaid.min.js"));
}

async function bundle(name: string, modules: string): Promise<void> {
  const aliases = ["react-dom", "react"].map((find) => ({
    find: new RegExp(`^${find}(?=/|$)`),
    replacement: resolve(modules, find),
  }));
  await build({
    configFile: false,
    root: resolve(here, "react"),
    logLevel: "error",
    define: { "process.env.NODE_ENV": '"development"' },
    resolve: { alias: aliases },
    oxc: { jsx: { runtime: "automatic", importSource: "react" } },
    build: {
      outDir: resolve(here, ".built"),
      emptyOutDir: false,
      minify: false,
      rolldownOptions: {
        input: { [name]: resolve(here, "react/app.jsx") },
        output: { entryFileNames: "[name].js" },
      },
    },
  });
}
