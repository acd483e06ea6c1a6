/** Small values by key: what was typed, which parts are open, where a box is scrolled to. */
export interface WidgetMemory {
  get(key: string): unknown;
  set(key: string, value: unknown): void;
  delete(key: string): void;
}

const LIMIT = 500;
const MAX_CHARS = 20_000;
/** Enough for a long form; a tab's storage holds some millions of characters for the whole site. */
const TOTAL_CHARS = 500_000;
/** Scrolling sets values many times a second; they are written when it has calmed down, or the page goes. */
const DELAY = 100;

type Entry = readonly [key: string, value: unknown];

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

/** As JSON, the latest first to be kept. Pictures and files that somebody put into a field are none of it. */
function toText(entries: readonly Entry[]): string {
  const kept: string[] = [];
  let left = TOTAL_CHARS;
  for (const entry of entries.toReversed()) {
    const text = JSON.stringify(entry);
    if (text.length > MAX_CHARS || text.length > left || /"data:[\w.+-]+\/[\w.+-]+[;,]/.test(text)) continue;
    left -= text.length;
    kept.push(text);
  }
  return kept.length === 0 ? "" : `[${kept.reverse().join(",")}]`;
}

/**
 * A memory for one tab. With `sessionStorage` it outlives a reload; without (or where storage is blocked) it lives as
 * long as the page. It keeps the latest few hundred values, and nothing for longer than the tab.
 */
export function createMemory(session?: Storage, name = "chatkit.widgets"): WidgetMemory {
  const values = readAll(session, name);
  let planned: ReturnType<typeof setTimeout> | undefined;
  const write = (): void => {
    if (planned === undefined) return;
    clearTimeout(planned);
    planned = undefined;
    const text = toText([...values]);
    try {
      if (text === "") session?.removeItem(name);
      else session?.setItem(name, text);
    } catch {
      // Full or forbidden storage costs only the reload.
    }
  };
  if (session) globalThis.addEventListener?.("pagehide", write);
  const plan = (): void => {
    if (session) planned ??= setTimeout(write, DELAY);
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

let shared: WidgetMemory | undefined;

/** The one memory of all chats and widgets of the page: two that write under one name would forget for each other. */
export function tabMemory(): WidgetMemory {
  shared ??= createMemory(sessionStorageOrNone());
  return shared;
}

/** A part of a memory, for what belongs together. */
export function within(memory: WidgetMemory, name: string): WidgetMemory {
  const at = (key: string): string => `${name}\n${key}`;
  return {
    get: (key) => memory.get(at(key)),
    set: (key, value) => memory.set(at(key), value),
    delete: (key) => memory.delete(at(key)),
  };
}
