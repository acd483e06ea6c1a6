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

/** What the compiler is asked for. */
export function askFor(from: Source, check = true): object {
  const [first, ...rest] = from.states;
  const document = origin.value?.document;
  return {
    check,
    name: from.name,
    view: from.view,
    schema: from.schema,
    schemaMode: from.schemaMode,
    data: dataOf(first.name, first.text),
    states: rest.map((state) => ({ name: state.name, data: dataOf(state.name, state.text) })),
    ...(document ? { document } : {}),
  };
}

/** A quick answer draws; what the last careful one found stays until the next, unless there is something worse. */
function accept(answer: Build, from: Source, quick: boolean): void {
  const found = quick && answer.ok ? (build.peek()?.diagnostics ?? []) : answer.diagnostics;
  batch(() => {
    failure.value = null;
    build.value = { ...answer, diagnostics: found };
    built.value = from;
    checkedSource.value = quick && answer.ok ? checkedSource.value : from;
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
    const answer = await call("build", askFor(next.source, !quick));
    accept(answer, next.source, quick);
    latency.value = performance.now() - next.since;
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
  waiting = { source: from, since, quick };
  clearTimeout(timer);
  timer = setTimeout(round, wait);
}

/** Settles when the newest source has been answered. */
export function upToDate(): Promise<void> {
  if (checkedSource.value === source.value && !running && !waiting) return Promise.resolve();
  return new Promise((resolve) => {
    settled.push(resolve);
    plan(source.value, 0, false);
  });
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
    if (!origin.value || built.peek() === from) return;
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
