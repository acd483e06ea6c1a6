/** The apps of `examples/`, each as its user runs it: copied to a folder of its own and served by `chatkit serve`. */
import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { test as base, expect } from "@playwright/test";
import { build } from "vite";
import { ended } from "../ended.ts";

const web = resolve(import.meta.dirname, "../..");
const root = resolve(web, "..");

export type Name = "plain" | "react" | "dashboard";

export class Example {
  readonly #folder = mkdtempSync(join(tmpdir(), "chatkit-example-"));
  #process: ChildProcess | null = null;
  address = "";

  async start(name: Name): Promise<void> {
    const source = join(root, "examples", name);
    cpSync(source, this.#folder, {
      recursive: true,
      filter: (path) => !/node_modules|[\\/]dist|\.db/.test(path),
    });
    if (name === "react") await buildReact(this.#folder);
    const python = join(root, ".venv/bin/python");
    const child = spawn(python, ["-m", "chatkit", "serve", "app:app", "--port", "0"], {
      cwd: this.#folder,
      env: { ...process.env, PYTHONUNBUFFERED: "1", NO_COLOR: "1", PYTHONDONTWRITEBYTECODE: "1" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#process = child;
    let said = "";
    this.address = await new Promise((found, failed) => {
      for (const stream of [child.stdout, child.stderr]) {
        createInterface({ input: stream }).on("line", (line) => {
          said += `${line}\n`;
          const address = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
          if (address) found(address);
        });
      }
      child.once("exit", (code) => failed(new Error(`The example ${name} ended with ${code}:\n${said}`)));
    });
    await expect
      .poll(async () => (await fetch(`${this.address}/chatkit/chatkit.js`).catch(() => null))?.status, {
        timeout: 45_000,
      })
      .toBe(200);
  }

  async stop(): Promise<void> {
    const child = this.#process;
    this.#process = null;
    if (child) await ended(child, () => child.kill("SIGTERM"));
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** `npm run build` of the React app, with the packages that are installed here. */
async function buildReact(folder: string): Promise<void> {
  await build({
    root: folder,
    configFile: join(folder, "vite.config.js"),
    logLevel: "error",
    resolve: {
      alias: ["@openai/chatkit-react", "react-dom", "react"].map((find) => ({
        find: new RegExp(`^${find}(?=/|$)`),
        replacement: join(web, "node_modules", find),
      })),
    },
  });
}

/** A test on one of the examples; its server lives as long as the file's tests. */
export const on = (name: Name) =>
  base.extend<object, { example: Example }>({
    example: [
      // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern
      async ({}, use) => {
        const example = new Example();
        await example.start(name);
        await use(example);
        await example.stop();
      },
      { scope: "worker", timeout: 60_000 },
    ],
    page: async ({ page, example }, use) => {
      const problems: string[] = [];
      page.on("pageerror", (error) => problems.push(String(error)));
      page.on("request", (request) => {
        const { origin, protocol } = new URL(request.url());
        if (/^https?:$/.test(protocol) && origin !== example.address) problems.push(request.url());
      });
      await use(page);
      expect(problems, "no error in the page and no request to another host").toEqual([]);
    },
  });

export { expect };
