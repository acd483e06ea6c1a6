/** Small values by key: what was typed, which parts are open, where a box is scrolled to. */
export interface WidgetMemory {
  get(key: string): unknown;
  set(key: string, value: unknown): void;
  delete(key: string): void;
}

const LIMIT = 500;
const MAX_CHARS = 20_000;

function readAll(session: Storage | undefined, name: string): Map<string, unknown> {
  try {
    const stored: unknown = JSON.parse(session?.getItem(name) ?? "[]");
    return Array.isArray(stored)
      ? new Map(stored.filter((entry) => Array.isArray(entry) && entry.length === 2))
      : new Map();
  } catch {
    return new Map();
  }
}

/**
 * A memory for one tab. With `sessionStorage` it outlives a reload; without (or where storage is blocked) it lives as
 * long as the page. It keeps the latest few hundred values, and nothing for longer than the tab.
 */
export function createMemory(session?: Storage, name = "chatkit.widgets"): WidgetMemory {
  const values = readAll(session, name);
  let planned = false;
  const write = (): void => {
    planned = false;
    const entries = [...values].filter(([, value]) => JSON.stringify(value).length < MAX_CHARS);
    try {
      if (entries.length > 0) session?.setItem(name, JSON.stringify(entries));
      else session?.removeItem(name);
    } catch {
      // Full or forbidden storage costs only the reload.
    }
  };
  const plan = (): void => {
    if (planned || !session) return;
    planned = true;
    queueMicrotask(write);
  };
  return {
    get: (key) => values.get(key),
    set(key, value) {
      values.delete(key);
      values.set(key, value);
      for (const oldest of values.keys()) {
        if (values.size <= LIMIT) break;
        values.delete(oldest);
      }
      plan();
    },
    delete(key) {
      if (values.delete(key)) plan();
    },
  };
}

/** The tab's storage, or `undefined` where the browser forbids it. */
export function sessionStorageOrNone(): Storage | undefined {
  try {
    return globalThis.sessionStorage;
  } catch {
    return undefined;
  }
}
