import { type ReadonlySignal, type Signal, signal } from "@preact/signals-core";
import { type ChatState, initialState } from "./state.ts";

/** Runs `commit` before the next frame is drawn; the element brings requestAnimationFrame, tests bring their own clock. */
export type Scheduler = (commit: () => void) => void;

/**
 * Holds the state. `update` is seen at once; `stream` collects what a stream brings and is seen with the next frame, so that
 * a hundred deltas cost one drawing.
 */
export class StateStore {
  readonly #signal: Signal<ChatState> = signal(initialState);
  readonly #schedule: Scheduler;
  #current: ChatState = initialState;
  #scheduled = false;

  constructor(schedule: Scheduler) {
    this.#schedule = schedule;
  }

  get committed(): ReadonlySignal<ChatState> {
    return this.#signal;
  }

  /** The newest state, whether drawn or not. */
  get now(): ChatState {
    return this.#current;
  }

  update(change: (state: ChatState) => ChatState): void {
    this.#current = change(this.#current);
    this.commit();
  }

  stream(change: (state: ChatState) => ChatState): void {
    this.#current = change(this.#current);
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#schedule(() => {
      this.#scheduled = false;
      this.commit();
    });
  }

  commit(): void {
    this.#signal.value = this.#current;
  }
}
