import { batch, computed, signal } from "@preact/signals";
import { SseParser } from "../protocol/sse.ts";
import { call, type Data, type Diagnostic, refusal, type Settings, StudioError } from "./api.ts";
import { activeState, BLANK, edit, parseState, pretty, type Source, source, stateIndex } from "./draft.ts";
import { complain, notify } from "./notices.ts";
import { openSource } from "./workspace.ts";

/** Where descriptions go; null while no model is configured, and then nothing of this is shown. */
export const describer = signal<Settings["describe"]>(null);
export const words = signal("");
/** The picture to draw after, as a data address. */
export const picture = signal<string | null>(null);

interface Attempt {
  readonly number: number;
  readonly of: number;
  /** What the model has written so far. */
  readonly text: string;
  /** What was wrong with it, and is being put right. */
  readonly found: readonly Diagnostic[];
}

export const attempts = signal<readonly Attempt[]>([]);
const running = signal<AbortController | null>(null);
export const describing = computed(() => running.value !== null);

type Told =
  | { readonly type: "attempt"; readonly number: number; readonly of: number }
  | { readonly type: "text"; readonly delta: string }
  | { readonly type: "diagnostics"; readonly diagnostics: readonly Diagnostic[] }
  | {
      readonly type: "widget";
      readonly name: string;
      readonly view: string;
      readonly schema: string;
      readonly schemaMode: "zod" | "jsonSchema";
      readonly data: Data;
      readonly ok: boolean;
    }
  | { readonly type: "error"; readonly error: { code: string; message: string; hint?: string } };

export async function loadDescriber(): Promise<void> {
  describer.value = (await call("settings", {})).describe;
}

function changeLast(change: (last: Attempt) => Attempt): void {
  const last = attempts.value.at(-1);
  if (last) attempts.value = [...attempts.value.slice(0, -1), change(last)];
}

/** The answer to a description takes the place of the draft, which undo brings back, or begins a new one. */
function place(made: Extract<Told, { type: "widget" }>, change: boolean): void {
  const drawn: Source = {
    name: made.name || BLANK.name,
    view: made.view,
    schema: made.schema,
    schemaMode: made.schemaMode,
    states: [{ name: "Default", text: pretty(made.data) }],
  };
  batch(() => {
    if (change) {
      const [, ...others] = source.value.states;
      stateIndex.value = 0;
      edit({ ...drawn, name: source.value.name, states: [drawn.states[0], ...others] }, "describe");
    } else openSource(drawn);
  });
  notify(
    made.ok ? "Drawn. Undo brings back what was there." : "Drawn, with problems that are left to you.",
    made.ok ? "success" : "plain",
  );
}

function take(told: Told, change: boolean): void {
  if (told.type === "attempt") {
    attempts.value = [...attempts.value, { number: told.number, of: told.of, text: "", found: [] }];
  } else if (told.type === "text") {
    changeLast((last) => ({ ...last, text: last.text + told.delta }));
  } else if (told.type === "diagnostics") {
    changeLast((last) => ({ ...last, found: told.diagnostics }));
  } else if (told.type === "widget") {
    place(told, change);
  } else {
    const { code, message, hint } = told.error;
    throw new StudioError(message, 422, code, hint, {});
  }
}

function ask(change: boolean): object {
  const read = parseState(activeState.value.text);
  const { name, view, schema, schemaMode } = source.value;
  const now = { name, view, schema, schemaMode, data: "data" in read ? read.data : {} };
  return {
    words: words.value,
    ...(picture.value ? { picture: picture.value } : {}),
    ...(change ? { source: now } : {}),
  };
}

async function listen(response: Response, change: boolean): Promise<void> {
  const reader = response.body?.getReader();
  const parser = new SseParser();
  for (;;) {
    const chunk = await reader?.read();
    const messages = chunk?.value ? parser.push(chunk.value) : parser.end();
    for (const { data } of messages) take(JSON.parse(data) as Told, change);
    if (!chunk || chunk.done) return;
  }
}

export function stopDescribing(): void {
  running.value?.abort();
}

/** Has the model draw what was described; with `change` it changes the widget on the table. */
export async function drawDescribed(change: boolean): Promise<void> {
  if (running.value || (words.value.trim() === "" && !picture.value)) return;
  const controller = new AbortController();
  running.value = controller;
  attempts.value = [];
  try {
    const response = await fetch("/api/describe", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(ask(change)),
      signal: controller.signal,
    });
    if (!response.ok) throw await refusal(response);
    await listen(response, change);
    batch(() => {
      words.value = "";
      picture.value = null;
      attempts.value = [];
    });
  } catch (reason) {
    if (!controller.signal.aborted) complain(reason);
  } finally {
    running.value = null;
  }
}

const MOST_BYTES = 5_000_000;

/** Takes a picture to draw after. */
export async function takePicture(file: File): Promise<void> {
  if (!file.type.startsWith("image/")) {
    notify("A picture is needed here: PNG, JPEG, WebP or GIF.", "danger");
    return;
  }
  if (file.size > MOST_BYTES) {
    notify("The picture is larger than 5 MB. Make it smaller and try again.", "danger");
    return;
  }
  picture.value = await new Promise<string>((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(new Error("The picture could not be read."));
    reader.readAsDataURL(file);
  });
}
