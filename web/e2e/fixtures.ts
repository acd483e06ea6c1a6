import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { test as base, expect, type Page } from "@playwright/test";
import type {} from "../src/element/host.ts";
import { ended } from "./ended.ts";

const here = import.meta.dirname;
const root = resolve(here, "../..");

export interface Heard {
  name: string;
  // biome-ignore lint/suspicious/noExplicitAny: details are as different as the events
  detail: any;
}

export interface WireRequest {
  path: string;
  method: string;
  headers: Record<string, string>;
  type: string;
  // biome-ignore lint/suspicious/noExplicitAny: parameters are as different as the requests
  params: any;
}

/** A running server of the protocol and the test's hands on its inside. */
export class Backend {
  readonly url: string;
  readonly #process: ChildProcess | null;
  readonly #log: string[];

  constructor(url: string, process: ChildProcess | null, log: string[] = []) {
    this.url = url;
    this.#process = process;
    this.#log = log;
  }

  static async start(script: "ours" | "plain" | "hosted"): Promise<Backend> {
    const python = resolve(root, script === "plain" ? ".cache/peer/bin/python" : ".venv/bin/python");
    if (!existsSync(python)) return new Backend("", null);
    const child = spawn(python, [resolve(here, `server/${script}.py`)]);
    const log: string[] = [];
    child.stderr.setEncoding("utf8").on("data", (text: string) => log.push(text));
    const closed = once(child, "close").then(() => {
      throw new Error(`The server ${script}.py ended: ${log.join("")}`);
    });
    const lines = createInterface({ input: child.stdout });
    const [line] = (await Promise.race([once(lines, "line"), closed])) as [string];
    closed.catch(() => {});
    return new Backend(`http://127.0.0.1:${line.replace("port ", "")}`, child, log);
  }

  /** What the server logged since it was last asked. Tests cause faults on purpose: only one that fails shows them. */
  logged(): string {
    return this.#log.splice(0).join("");
  }

  /** Its Python environment is not there. */
  get missing(): boolean {
    return this.#process === null;
  }

  async stop(): Promise<void> {
    const child = this.#process;
    if (child) await ended(child, () => child.stdin?.end());
  }

  async control<T>(what: string): Promise<T> {
    const response = await fetch(`${this.url}/_test/${what}`);
    return (await response.json()) as T;
  }

  /** Lets a script go on that waits at that gate. */
  async open(gate: string): Promise<void> {
    await this.control(`gate?name=${gate}`);
  }

  async requests(type?: string): Promise<WireRequest[]> {
    const all =
      await this.control<{ path: string; method: string; headers: Record<string, string>; body?: string }[]>(
        "requests",
      );
    const parsed = all
      .filter(({ method }) => method === "POST")
      .map((request) => {
        const json = request.body?.startsWith("{")
          ? (JSON.parse(request.body) as { type: string; params: unknown })
          : null;
        return { ...request, type: json?.type ?? "", params: json?.params ?? {} };
      });
    return type === undefined ? parsed : parsed.filter((request) => request.type === type);
  }
}

/** A page with the element, as its user and its developer see it. */
export class ChatPage {
  readonly page: Page;
  readonly backend: Backend;

  constructor(page: Page, backend: Backend) {
    this.page = page;
    this.backend = backend;
  }

  async goto(path = "/page/chat"): Promise<void> {
    await this.page.goto(this.backend.url + path);
  }

  /** Opens the page and gives the element its options; functions are made inside the page by `setup`. */
  async open(options: object = {}, path?: string): Promise<void> {
    await this.goto(path);
    await this.page.evaluate((given) => window.open_(given), options);
    await this.expectHeard("ready");
  }

  heard(...names: string[]): Promise<Heard[]> {
    return this.page.evaluate(
      (wanted) =>
        window.heard.filter(({ name }) => (wanted.length === 0 ? name !== "log" : wanted.includes(name))),
      names,
    );
  }

  async names(): Promise<string[]> {
    return (await this.heard()).map(({ name }) => name);
  }

  async expectHeard(name: string, times = 1): Promise<void> {
    await expect
      .poll(async () => (await this.heard(name)).length, { message: `${name} × ${times}` })
      .toBeGreaterThanOrEqual(times);
  }

  get composer() {
    return this.view.locator("[data-ck-editor]");
  }

  get view() {
    return this.page.locator("openai-chatkit");
  }

  /** Words of the assistant, as shown in the thread. */
  answer(text: string) {
    return this.view.locator("[part~='assistant-message'], .ck-assistant").filter({ hasText: text }).first();
  }

  /** Writes and sends. Enter sends nothing while an answer is written or a file goes up, so this waits until it does. */
  async say(text: string): Promise<void> {
    await this.composer.fill(text);
    await expect(this.view.locator("[part~='send-button']")).toBeEnabled();
    await this.composer.press("Enter");
  }

  /** Calls a method of the element; answers how it ended. */
  call(
    method: string,
    ...args: unknown[]
  ): Promise<{ value: unknown } | { error: string; code: string; message: string }> {
    return this.page.evaluate(
      async ([name, given]) => {
        const element = document.querySelector("openai-chatkit") as unknown as Record<
          string,
          (...args: unknown[]) => Promise<unknown>
        >;
        try {
          return { value: await element[name]?.(...given) };
        } catch (thrown) {
          const error = thrown as Error & { code: string };
          return { error: error.name, code: error.code, message: error.message };
        }
      },
      [method, args] as const,
    );
  }
}

declare global {
  interface Window {
    heard: Heard[];
    violations: string[];
    called: Record<string, unknown[][]>;
    open_(options?: object, element?: Element | null): Promise<void>;
    listen(element: Element): void;
    spy(name: string, answer?: unknown): (...args: unknown[]) => unknown;
  }
}

interface Fixtures {
  chat: ChatPage;
  log: undefined;
}

interface WorkerFixtures {
  backend: Backend;
}

/** A request that a test answers itself may come as the test ends: what can then not be answered is no fault. */
export async function letGo(page: Page): Promise<void> {
  await page.unrouteAll({ behavior: "ignoreErrors" });
}

async function withPage(page: Page, backend: Backend, use: (chat: ChatPage) => Promise<void>): Promise<void> {
  await backend.control("reset");
  const foreign: string[] = [];
  const crashes: string[] = [];
  page.on("request", (request) => {
    const { origin, protocol } = new URL(request.url());
    if (origin !== backend.url && protocol !== "data:" && protocol !== "blob:") foreign.push(request.url());
  });
  page.on("pageerror", (error) => crashes.push(error.stack ?? error.message));
  await use(new ChatPage(page, backend));
  await letGo(page);
  expect(foreign, "no request leaves the page's own origin").toEqual([]);
  expect(crashes, "no uncaught error in the page").toEqual([]);
}

const on = (script: "ours" | "plain") =>
  base.extend<Fixtures, WorkerFixtures>({
    backend: [
      // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern
      async ({}, use) => {
        const backend = await Backend.start(script);
        await use(backend);
        await backend.stop();
      },
      { scope: "worker" },
    ],
    chat: async ({ page, backend }, use, testInfo) => {
      testInfo.skip(
        backend.missing,
        "openai-chatkit is not installed; to install it: make .cache/peer/.ready",
      );
      await withPage(page, backend, use);
    },
    log: [
      async ({ backend }, use, testInfo) => {
        backend.logged();
        await use(undefined);
        const body = backend.logged();
        if (body && testInfo.status !== testInfo.expectedStatus) {
          await testInfo.attach("server log", { body, contentType: "text/plain" });
        }
      },
      { auto: true },
    ],
  });

/** On this project's own server. */
export const test = on("ours");

/** On an unmodified openai-chatkit server. */
export const plainTest = on("plain");

export { expect };
