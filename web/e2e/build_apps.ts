import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { build } from "vite";

const here = import.meta.dirname;

/** Bundles the React probe twice, once for each version of React that the wrapper supports. */
export default async function buildApps(): Promise<void> {
  const react18 = resolve(here, "react18");
  if (!existsSync(resolve(react18, "node_modules/react"))) {
    execFileSync("npm", ["ci", "--silent", "--no-audit", "--no-fund"], { cwd: react18, stdio: "inherit" });
  }
  await bundle("react18", resolve(react18, "node_modules"));
  await bundle("react19", resolve(here, "../node_modules"));
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
