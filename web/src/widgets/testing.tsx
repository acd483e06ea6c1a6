import { signal } from "@preact/signals";
import { render } from "preact";
import { act } from "preact/test-utils";
import { onTestFinished } from "vitest";
import type { ActionRequest, WidgetHost } from "./host.ts";
import { createMemory, type WidgetMemory } from "./memory.ts";
import { WidgetView } from "./view.tsx";

/** A drawn widget with a host that writes down what it is asked. */
export interface Mounted {
  readonly root: HTMLElement;
  readonly requests: ActionRequest[];
  readonly logs: [string, Record<string, unknown> | undefined][];
  readonly errors: Error[];
  readonly busy: { value: boolean };
  /** Ends the oldest action that is still under way. */
  finish(): Promise<void>;
  /** Makes the oldest action that is still under way fail. */
  fail(reason: unknown): Promise<void>;
  update(widget: unknown, fieldErrors?: Record<string, string>): Promise<void>;
  click(target: string): Promise<void>;
  type(name: string, value: string): Promise<void>;
  press(target: string, key: string): Promise<void>;
  /** The one element that matches. */
  get<Kind extends Element = HTMLElement>(selector: string): Kind;
  all(selector: string): HTMLElement[];
  unmount(): Promise<void>;
}

export interface MountOptions {
  readonly host?: Partial<WidgetHost>;
  readonly memory?: WidgetMemory;
  readonly itemId?: string | null;
  readonly fieldErrors?: Record<string, string>;
}

interface Pending {
  resolve(): void;
  reject(reason: unknown): void;
}

/** Lets effects, promises and lazily loaded parts come to rest. */
export async function settle(): Promise<void> {
  await act(async () => {
    await new Promise((resolve) => setTimeout(resolve));
  });
}

/** Waits until something is so, without counting milliseconds. */
export async function until<Result>(look: () => Result | null | undefined | false): Promise<Result> {
  for (let turn = 0; turn < 500; turn++) {
    const result = look();
    if (result) return result;
    await settle();
  }
  throw new Error("It never came to be.");
}

function createHost(
  options: MountOptions,
  pending: Pending[],
  seen: Pick<Mounted, "requests" | "logs" | "errors">,
) {
  const busy = signal(false);
  const host: WidgetHost = {
    perform(request) {
      seen.requests.push(request);
      return new Promise((resolve, reject) => pending.push({ resolve, reject }));
    },
    busy,
    log: (name, data) => seen.logs.push([name, data]),
    error: (error) => seen.errors.push(error),
    locale: signal("en-US"),
    memory: options.memory ?? createMemory(),
    ...options.host,
  };
  return { host, busy };
}

async function take(root: HTMLElement): Promise<void> {
  await act(() => render(null, root));
  root.remove();
}

/** Draws a widget into the document, for as long as the test runs. */
export async function mount(widget: unknown, options: MountOptions = {}): Promise<Mounted> {
  const root = document.createElement("div");
  root.className = "ck";
  document.body.append(root);
  // What stays drawn would hear the keys of the next test, and its timers would wake up after the document is gone.
  onTestFinished(() => take(root));
  const pending: Pending[] = [];
  const seen = { requests: [], logs: [], errors: [] } satisfies Pick<Mounted, "requests" | "logs" | "errors">;
  const { host, busy } = createHost(options, pending, seen);
  const draw = async (next: unknown, fieldErrors?: Record<string, string>): Promise<void> => {
    await act(() =>
      render(
        <WidgetView widget={next} itemId={options.itemId ?? "item"} host={host} fieldErrors={fieldErrors} />,
        root,
      ),
    );
  };
  const get = <Kind extends Element>(selector: string): Kind => {
    const found = root.querySelectorAll<Kind>(selector);
    const [first] = found;
    if (!first || found.length > 1) throw new Error(`${found.length} elements match ${selector}.`);
    return first;
  };
  const end = async (how: (one: Pending) => void): Promise<void> => {
    const one = pending.shift();
    if (!one) throw new Error("No action is under way.");
    await act(async () => how(one));
    await settle();
  };
  await draw(widget, options.fieldErrors);
  return {
    root,
    ...seen,
    busy,
    finish: () => end((one) => one.resolve()),
    fail: (reason) => end((one) => one.reject(reason)),
    update: draw,
    async click(target) {
      await act(() => get<HTMLElement>(target).click());
    },
    async type(name, value) {
      const field = get<HTMLInputElement>(`[name="${name}"]`);
      await act(() => {
        field.value = value;
        field.dispatchEvent(new Event("input", { bubbles: true }));
      });
    },
    async press(target, key) {
      await act(() => {
        get(target).dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
      });
    },
    get,
    all: (selector) => [...root.querySelectorAll<HTMLElement>(selector)],
    unmount: () => take(root),
  };
}
