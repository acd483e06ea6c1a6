import { batch, computed, signal } from "@preact/signals";
import type { Data, OpenedFile, WidgetDocument } from "./api.ts";

/** Sample data as its author typed it. */
export interface StateText {
  readonly name: string;
  readonly text: string;
}

/** Everything an author edits. The first state is the default one. */
export interface Source {
  readonly name: string;
  readonly view: string;
  readonly schema: string;
  readonly schemaMode: "zod" | "jsonSchema";
  readonly states: readonly [StateText, ...StateText[]];
}

/** Where a draft came from and what is on the disk. */
export interface Origin {
  /** Below the folder; null while it has not been saved. */
  readonly path: string | null;
  readonly revision: string | null;
  /** The source as it is in the file. */
  readonly saved: Source;
  /** The document as it was read, so that what the Studio does not know survives. */
  readonly document: WidgetDocument | null;
  /** Key of the autosaved copy. */
  readonly key: string;
}

interface Step {
  readonly source: Source;
  readonly tag: string;
}

const GROUP_MS = 700;
const MAX_STEPS = 400;

export const pretty = (data: unknown): string => JSON.stringify(data, null, 2);

export const BLANK: Source = {
  name: "Untitled widget",
  view: '<Card size="sm">\n  <Text value={message} />\n</Card>\n',
  schema: 'import { z } from "zod"\n\nexport default z.strictObject({\n  message: z.string(),\n})\n',
  schemaMode: "zod",
  states: [{ name: "Default", text: pretty({ message: "Hello" }) }],
};

export const origin = signal<Origin | null>(null);
export const source = signal<Source>(BLANK);
/** Index into `source.states`. */
export const stateIndex = signal(0);
export const past = signal<readonly Step[]>([]);
export const future = signal<readonly Step[]>([]);

let lastEdit = { tag: "", at: 0 };

export const activeState = computed(() => source.value.states[stateIndex.value] ?? source.value.states[0]);

export const dirty = computed(() => {
  const from = origin.value;
  return from !== null && (from.path === null || !sameSource(from.saved, source.value));
});

export function sameSource(a: Source, b: Source): boolean {
  if (a === b) return true;
  return (
    a.name === b.name &&
    a.view === b.view &&
    a.schema === b.schema &&
    a.schemaMode === b.schemaMode &&
    a.states.length === b.states.length &&
    a.states.every((state, at) => state.name === b.states[at]?.name && state.text === b.states[at]?.text)
  );
}

/** Changes the draft. Changes with the same tag in quick succession are one step of undo. */
export function edit(change: Partial<Source>, tag: string): void {
  const next = { ...source.value, ...change };
  if (sameSource(next, source.value)) return;
  const now = Date.now();
  const grouped = tag === lastEdit.tag && now - lastEdit.at < GROUP_MS && past.value.length > 0;
  batch(() => {
    if (!grouped) past.value = [...past.value.slice(-MAX_STEPS), { source: source.value, tag }];
    future.value = [];
    source.value = next;
  });
  lastEdit = { tag, at: now };
}

export function editState(index: number, text: string): void {
  const states = source.value.states.map((state, at) => (at === index ? { ...state, text } : state));
  edit({ states: states as unknown as Source["states"] }, `data:${index}`);
}

export function undo(): boolean {
  const step = past.value.at(-1);
  if (!step) return false;
  batch(() => {
    future.value = [...future.value, { source: source.value, tag: step.tag }];
    past.value = past.value.slice(0, -1);
    restore(step.source);
  });
  return true;
}

export function redo(): boolean {
  const step = future.value.at(-1);
  if (!step) return false;
  batch(() => {
    past.value = [...past.value, { source: source.value, tag: step.tag }];
    future.value = future.value.slice(0, -1);
    restore(step.source);
  });
  return true;
}

function restore(to: Source): void {
  source.value = to;
  stateIndex.value = Math.min(stateIndex.value, to.states.length - 1);
  lastEdit = { tag: "", at: 0 };
}

const isObject = (value: unknown): value is Data =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The source in a document, of any generation. */
export function sourceOf(document: WidgetDocument, name: string | null): Source {
  const more = (document.states ?? []).flatMap((state, at): StateText[] => {
    if (!isObject(state)) return [];
    const data = isObject(state.data) ? state.data : state;
    return [{ name: typeof state.name === "string" ? state.name : `State ${at + 2}`, text: pretty(data) }];
  });
  const mode = document.schemaMode === "jsonSchema" ? "jsonSchema" : "zod";
  return {
    name: name ?? document.name ?? BLANK.name,
    view: document.view ?? "",
    schema: mode === "jsonSchema" ? pretty(document.jsonSchema ?? {}) : (document.schema ?? ""),
    schemaMode: mode,
    states: [{ name: "Default", text: pretty(document.defaultState ?? {}) }, ...more],
  };
}

/** Puts a source on the table. */
export function take(next: Source, from: Omit<Origin, "saved"> & { saved?: Source }): void {
  batch(() => {
    origin.value = { saved: next, ...from };
    source.value = next;
    stateIndex.value = 0;
    past.value = [];
    future.value = [];
  });
  lastEdit = { tag: "", at: 0 };
}

/** A file was read again: its content becomes what is on the disk, and the draft if nothing was changed. */
export function refresh(file: OpenedFile): void {
  const from = origin.value;
  if (!from || !file.document) return;
  const there = sourceOf(file.document, file.name);
  const untouched = !dirty.value;
  batch(() => {
    if (untouched && !sameSource(there, source.value)) edit(there, "disk");
    origin.value = { ...from, revision: file.revision, saved: there, document: file.document };
  });
}

/** What the text of a state holds, or the reason why it holds nothing. */
export function parseState(
  text: string,
): { readonly data: Data } | { readonly problem: string; readonly at: number } {
  try {
    const data: unknown = JSON.parse(text.trim() === "" ? "{}" : text);
    if (isObject(data)) return { data };
    return { problem: "The data must be an object: { … }.", at: 0 };
  } catch (reason) {
    const message = reason instanceof Error ? reason.message : "This is not JSON.";
    const at = /position (\d+)/.exec(message)?.[1];
    return {
      problem: message.replace(/ in JSON at position.*$/, "").replace(/, "[\s\S]*" is not valid JSON$/, ""),
      at: at ? Number(at) : text.length,
    };
  }
}

/** Whether something from outside (a link, a stored draft) has the shape of a source. */
export function isSource(value: unknown): value is Source {
  if (!isObject(value)) return false;
  const { name, view, schema, schemaMode, states } = value;
  return (
    [name, view, schema].every((one) => typeof one === "string") &&
    (schemaMode === "zod" || schemaMode === "jsonSchema") &&
    Array.isArray(states) &&
    states.length > 0 &&
    states.every((one) => isObject(one) && typeof one.name === "string" && typeof one.text === "string")
  );
}
