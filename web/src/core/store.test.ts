import { effect } from "@preact/signals-core";
import { expect, test } from "vitest";
import type { ChatState } from "./state.ts";
import { StateStore } from "./store.ts";

const titled = (title: string) => (state: ChatState) => ({
  ...state,
  thread: { ...state.thread, title },
});

/** A store, the frames it waits for, and how often what is drawn changed. */
function watched() {
  const frames: (() => void)[] = [];
  const store = new StateStore((commit) => frames.push(commit));
  const seen: (string | null)[] = [];
  effect(() => {
    seen.push(store.committed.value.thread.title);
  });
  seen.length = 0;
  return { store, frames, seen };
}

test("a hundred deltas of a stream are one commit, with the next frame", () => {
  const { store, frames, seen } = watched();
  for (let delta = 1; delta <= 100; delta++) store.stream(titled(`delta ${delta}`));
  expect(frames).toHaveLength(1);
  expect(seen).toEqual([]);
  expect(store.now.thread.title).toBe("delta 100");
  frames.pop()?.();
  expect(seen).toEqual(["delta 100"]);
  store.stream(titled("delta 101"));
  expect(frames).toHaveLength(1);
});

test("what a person does is seen at once, with what the stream has brought before", () => {
  const { store, frames, seen } = watched();
  store.stream(titled("streamed"));
  store.update((state) => ({ ...state, disabled: true }));
  expect(seen).toEqual(["streamed"]);
  frames.pop()?.();
  expect(seen).toEqual(["streamed"]);
});
