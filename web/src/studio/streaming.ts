import { computed, effect, signal, untracked } from "@preact/signals";
import { call, type Data, type StreamStep } from "./api.ts";
import { build, upToDate } from "./building.ts";
import { activeState, parseState, source } from "./draft.ts";
import { complain } from "./notices.ts";

export interface Step extends StreamStep {
  /** The whole widget after this step. */
  readonly widget: unknown;
}

export const steps = signal<readonly Step[]>([]);
export const stepIndex = signal(0);
export const playing = signal(false);
export const loadingSteps = signal(false);

/** What the preview shows instead of the whole widget while a stream is looked at. */
export const streamWidget = computed<unknown>(() => steps.value[stepIndex.value]?.widget ?? null);

/** Names of the components that the preview has drawn again for the last change. */
export const redrawn = signal<readonly string[]>([]);

const MAX_FRAMES = 400;
const WORD = /\s*\S+/g;

type Growth = (upTo: number) => unknown;

interface Counted {
  readonly words: number;
  readonly grow: Growth;
}

/** Texts grow word by word, in the order in which they stand; the rest is there from the beginning. */
function counted(value: unknown): Counted {
  if (typeof value === "string") {
    const words = value.match(WORD) ?? [];
    if (words.length < 3) return { words: 0, grow: () => value };
    return {
      words: words.length,
      grow: (upTo) => (upTo >= words.length ? value : words.slice(0, upTo).join("")),
    };
  }
  if (Array.isArray(value)) return sequence(value, (parts) => parts);
  if (typeof value === "object" && value !== null) {
    const keys = Object.keys(value);
    return sequence(Object.values(value), (parts) =>
      Object.fromEntries(parts.map((part, at) => [keys[at], part])),
    );
  }
  return { words: 0, grow: () => value };
}

function sequence(values: readonly unknown[], whole: (parts: unknown[]) => unknown): Counted {
  const parts = values.map(counted);
  return {
    words: parts.reduce((sum, part) => sum + part.words, 0),
    grow(upTo) {
      let left = upTo;
      return whole(
        parts.map((part) => {
          const value = part.grow(Math.max(0, left));
          left -= part.words;
          return value;
        }),
      );
    },
  };
}

/** The data as it grows, one word a frame; long data in larger strides. */
export function growing(data: Data): readonly Data[] {
  const { words, grow } = counted(data);
  const stride = Math.max(1, Math.ceil(words / MAX_FRAMES));
  const frames: Data[] = [];
  for (let upTo = 0; upTo < words; upTo += stride) frames.push(grow(upTo) as Data);
  frames.push(data);
  return frames;
}

let timer: ReturnType<typeof setInterval> | undefined;

export function pause(): void {
  playing.value = false;
  clearInterval(timer);
}

export function endStream(): void {
  pause();
  steps.value = [];
  stepIndex.value = 0;
}

/** A stream belongs to the source it was made from: the next change ends it. */
export function endStreamOnChange(): () => void {
  return effect(() => {
    if (source.value) untracked(endStream);
  });
}

export function goToStep(index: number): void {
  stepIndex.value = Math.max(0, Math.min(steps.value.length - 1, index));
}

/** Asks the runtime what would go over the wire while the state's data grows. */
export async function loadStream(): Promise<void> {
  await upToDate();
  const file = build.value?.file;
  const read = parseState(activeState.value.text);
  if (!file || !("data" in read)) return;
  endStream();
  loadingSteps.value = true;
  try {
    const answer = await call("stream", { definition: JSON.parse(file), frames: growing(read.data) });
    let last: unknown = null;
    steps.value = answer.steps.map((step) => {
      last = step.widget ?? last;
      return { ...step, widget: last };
    });
    stepIndex.value = 0;
  } catch (reason) {
    complain(reason);
  } finally {
    loadingSteps.value = false;
  }
}

export function play(perSecond = 20): void {
  if (steps.value.length === 0) return;
  clearInterval(timer);
  if (stepIndex.value >= steps.value.length - 1) stepIndex.value = 0;
  playing.value = true;
  timer = setInterval(() => {
    goToStep(stepIndex.value + 1);
    if (stepIndex.value >= steps.value.length - 1) pause();
  }, 1000 / perSecond);
}
