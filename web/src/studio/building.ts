import { batch, computed, effect, signal } from "@preact/signals";
import { type Build, call, type Data, type Diagnostic, StudioError } from "./api.ts";
import { activeState, origin, parseState, type Source, source } from "./draft.ts";

/** The newest answer, for the newest source that could be sent. */
export const build = signal<Build | null>(null);
/** The source that `build` belongs to. */
export const built = signal<Source | null>(null);
/** The source that was looked over last. */
export const checkedSource = signal<Source | null>(null);
export const building = signal(false);
export const failure = signal<StudioError | null>(null);
/** How long the last round took, from the keystroke to the answer, in ms. */
export const latency = signal(0);

const WAIT_MS = 12;
/** How long nothing is typed before the widget is looked over. */
const CHECK_MS = 220;

let timer: ReturnType<typeof setTimeout> | undefined;
let running = false;
/** Name of the state that the newest round is for. */
let builtState = "";
/** Name of the state whose places `build` tells; the one on the table may be another for a moment. */
export const placedState = signal("");
let checkTimer: ReturnType<typeof setTimeout> | undefined;
let waiting: { source: Source; since: number; quick: boolean } | null = null;
const settled: (() => void)[] = [];
/** Data of each state as it was when its text last was JSON, so that the preview survives typing. */
const lastGood = new Map<string, Data>();

function dataOf(name: string, text: string): Data {
  const read = parseState(text);
  if ("data" in read) lastGood.set(name, read.data);
  return lastGood.get(name) ?? {};
}

/** Everything that the compiler is asked for. */
function askFor(from: Source): object {
  const [first, ...rest] = from.states;
  const document = origin.value?.document;
  return {
    check: true,
    show: activeState.peek().name,
    name: from.name,
    view: from.view,
    schema: from.schema,
    schemaMode: from.schemaMode,
    data: dataOf(first.name, first.text),
    states: rest.map((state) => ({ name: state.name, data: dataOf(state.name, state.text) })),
    ...(document ? { document } : {}),
  };
}

/** The least that draws the state on the table, for a keystroke. */
function askQuickly(from: Source): object {
  const { name, text } = activeState.peek();
  const [first] = from.states;
  const shown = dataOf(name, text);
  return {
    check: false,
    only: name,
    show: name,
    view: from.view,
    schema: from.schema,
    schemaMode: from.schemaMode,
    data: name === first.name ? shown : {},
    states: name === first.name ? [] : [{ name, data: shown }],
  };
}

/** A quick answer draws; what the last careful one found stays until the next, so that nothing flickers while typing. */
function accept(answer: Build, from: Source, quick: boolean): void {
  const before = quick ? build.peek() : null;
  batch(() => {
    failure.value = null;
    build.value = before
      ? { ...answer, diagnostics: before.diagnostics, drawn: { ...before.drawn, ...answer.drawn } }
      : answer;
    built.value = from;
    placedState.value = builtState;
    if (!quick) checkedSource.value = from;
  });
  if (!quick) return;
  clearTimeout(checkTimer);
  checkTimer = setTimeout(() => {
    if (source.peek() === from) plan(from, 0, false);
  }, CHECK_MS);
}

async function round(): Promise<void> {
  const next = waiting;
  if (!next || running) return;
  waiting = null;
  running = true;
  building.value = true;
  try {
    const quick = next.quick && build.peek() !== null;
    builtState = activeState.peek().name;
    const answer = await call("build", quick ? askQuickly(next.source) : askFor(next.source));
    accept(answer, next.source, quick);
    latency.value = performance.now() - next.since;
    note("studio:answer", { quick });
  } catch (reason) {
    failure.value =
      reason instanceof StudioError
        ? reason
        : new StudioError(String(reason), 0, "studio.failed", undefined, {});
  } finally {
    running = false;
    building.value = false;
  }
  if (waiting) return round();
  for (const done of settled.splice(0)) done();
}

function plan(from: Source, wait: number, quick: boolean): void {
  const since = waiting?.since ?? performance.now();
  clearTimeout(checkTimer);
  // Who waits for a careful answer is not given a quick one because somebody types on.
  waiting = { source: from, since, quick: quick && (waiting?.quick ?? true) };
  clearTimeout(timer);
  timer = setTimeout(round, wait);
}

/** Settles when the newest source has been drawn, if only quickly. */
export function whenDrawn(): Promise<void> {
  if (built.value === source.value) return Promise.resolve();
  return new Promise((resolve) => {
    settled.push(resolve);
    plan(source.value, 0, true);
  });
}

/** Settles when the newest source has been answered. */
export function upToDate(): Promise<void> {
  if (checkedSource.value === source.value && !running && !waiting) return Promise.resolve();
  return new Promise((resolve) => {
    settled.push(resolve);
    plan(source.value, 0, false);
  });
}

/** Leaves a mark for the browser's performance tools; the newest of a name is kept. */
export function note(name: string, detail: unknown): void {
  performance.clearMarks(name);
  performance.mark(name, { detail });
}

/** Forgets what belonged to another widget. */
export function resetBuild(): void {
  lastGood.clear();
  build.value = null;
  built.value = null;
  checkedSource.value = null;
  failure.value = null;
}

/** Keeps the preview up with the draft. */
export function startBuilding(): () => void {
  return effect(() => {
    const from = source.value;
    const state = activeState.value.name;
    if (!origin.value || (built.peek() === from && builtState === state)) return;
    note("studio:edit", {});
    plan(from, build.peek() ? WAIT_MS : 0, true);
  });
}

/** Texts that are not JSON never reach the compiler; they are told here. */
const dataProblems = computed<readonly Diagnostic[]>(() =>
  source.value.states.flatMap((state): Diagnostic[] => {
    const read = parseState(state.text);
    if ("data" in read) return [];
    const before = state.text.slice(0, read.at).split("\n");
    const at = Math.min(read.at, Math.max(0, state.text.length - 1));
    return [
      {
        code: "data.json",
        severity: "error",
        message: read.problem,
        part: "data",
        line: before.length,
        column: (before.at(-1)?.length ?? 0) + 1,
        from: at,
        to: at + 1,
        state: state.name,
      },
    ];
  }),
);

export const diagnostics = computed<readonly Diagnostic[]>(() => [
  ...dataProblems.value,
  ...(build.value?.diagnostics ?? []),
]);

export const errors = computed(() => diagnostics.value.filter((one) => one.severity === "error").length);
export const warnings = computed(() => diagnostics.value.filter((one) => one.severity === "warning").length);

/** The state on the table, as the runtime drew it. */
export const drawn = computed(() => build.value?.drawn[activeState.value.name] ?? null);
