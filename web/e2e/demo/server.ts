/** The real product: `chatkit demo` as a process of its own, with a database file of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test as base, type Page, expect as soon } from "@playwright/test";
import { ended } from "../ended.ts";

/** The demo takes its time on purpose, and a busy machine takes some more: what counts is that it comes. */
const expect = soon.configure({ timeout: 45_000 });

const root = resolve(import.meta.dirname, "../../..");

export class Demo {
  readonly folder = mkdtempSync(join(tmpdir(), "chatkit-demo-"));
  private process: ChildProcess | null = null;
  address = "";

  /** Starts it, on the port it had before or any free one; resolves when it prints its address. */
  async start(pace = "0.004"): Promise<void> {
    const port = this.address ? new URL(this.address).port : "0";
    const args = ["-m", "chatkit", "demo", "--port", port, "--folder", this.folder, "--pace", pace];
    const child = spawn(join(root, ".venv/bin/python"), args, { cwd: root, env: environment() });
    this.process = child;
    this.address = await new Promise((found, failed) => {
      let said = "";
      const read = (chunk: Buffer): void => {
        said += chunk.toString();
        const address = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0];
        if (address) found(address);
      };
      child.stdout.on("data", read);
      child.stderr.on("data", read);
      child.once("exit", (code) => failed(new Error(`chatkit demo ended with ${code}: ${said}`)));
    });
    await expect.poll(async () => (await fetch(this.address).catch(() => null))?.status).toBe(200);
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.process;
    this.process = null;
    if (child) await ended(child, () => child.kill(signal));
  }

  async remove(): Promise<void> {
    await this.end("SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function environment(): NodeJS.ProcessEnv {
  const { OPENAI_API_KEY: _key, OPENAI_BASE_URL: _url, ...rest } = process.env;
  return { ...rest, PYTHONUNBUFFERED: "1", NO_COLOR: "1" };
}

/** What the person sees and does. Every request of the page is recorded in `hosts`. */
export class Visit {
  readonly hosts = new Set<string>();
  readonly problems: string[] = [];

  constructor(
    readonly page: Page,
    readonly demo: Demo,
  ) {
    page.on("request", (request) => {
      if (/^(https?|wss?):/.test(request.url())) this.hosts.add(new URL(request.url()).host);
    });
    page.on("pageerror", (error) => this.problems.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error") this.problems.push(message.text());
    });
  }

  async open(): Promise<void> {
    await this.page.goto(this.demo.address);
    await expect(this.page.getByText("What can I do for you?")).toBeVisible();
  }

  /** Clicks a prompt of the start screen and waits until the answer is finished. */
  async ask(prompt: string): Promise<void> {
    await this.page.getByRole("button", { name: prompt, exact: true }).click();
    await this.finished();
  }

  async finished(): Promise<void> {
    await expect(this.page.getByRole("log")).toHaveAttribute("aria-busy", "false");
    await expect(this.page.getByRole("button", { name: "Stop" })).toHaveCount(0);
  }

  log() {
    return this.page.getByRole("log");
  }

  /** A control of a widget. */
  field(name: string) {
    return this.log().locator(`[name="${name}"]`);
  }
}

export const test = base.extend<{ visit: Visit }, { demo: Demo }>({
  demo: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from it
    async ({}, use) => {
      const demo = new Demo();
      await demo.start();
      await use(demo);
      await demo.remove();
    },
    { scope: "worker" },
  ],
  visit: async ({ page, demo }, use) => {
    const visit = new Visit(page, demo);
    await use(visit);
    expect([...visit.hosts], "no request may leave this machine").toEqual([new URL(demo.address).host]);
    expect(visit.problems, "the page must not report errors").toEqual([]);
  },
});

/**
 * A demo of the test's own that takes its time, so that what passes quickly can be seen, and the server can be killed.
 * Its longest answer has 350 words: at the usual pace, in seconds a word, it is there after a few seconds.
 */
export const slow = test.extend<{ pace: string; own: Demo }>({
  pace: ["0.02", { option: true }],
  own: async ({ pace }, use) => {
    const demo = new Demo();
    await demo.start(pace);
    await use(demo);
    await demo.remove();
  },
});

export { expect };
