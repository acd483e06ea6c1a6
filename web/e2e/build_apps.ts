import { execFileSync } from "node:child_process";
import { cpSync, existsSync } from "node:fs";
import { resolve } from "node:path";
import { build } from "vite";

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

/** Bundles the React probe twice, once for each version of React that the wrapper supports. */
export default async function buildApps(): Promise<void> {
  await bundle("react18", resolve(packages("react18", "react"), "node_modules"));
  await bundle("react19", resolve(here, "../node_modules"));
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
