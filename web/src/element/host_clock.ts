/** Time and frames as the element needs them, in a page that may be in the background. */

import type { Wait } from "../core/kernel.ts";
import type { Scheduler } from "../core/store.ts";

/** Frames stop in background tabs; a timer stands in so that the state does not. */
const FRAME_FALLBACK = 250;

/** Calls back before the next frame, or soon when no frames are drawn. */
export const nextFrame: Scheduler = (callback) => {
  let called = false;
  const once = (): void => {
    if (called) return;
    called = true;
    callback();
  };
  requestAnimationFrame(once);
  setTimeout(once, FRAME_FALLBACK);
};

/** Resolves after the time, when the network comes back, or when the signal aborts. */
export const wait: Wait = (milliseconds, signal) =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = new AbortController();
    const finish = (): void => {
      clearTimeout(timer);
      done.abort();
      resolve();
    };
    const timer = setTimeout(finish, milliseconds);
    signal.addEventListener("abort", finish, { signal: done.signal });
    addEventListener("online", finish, { signal: done.signal });
  });

/**
 * Resolves when listeners of a framework are surely attached: two frames and 50 ms after the first options. React attaches
 * them in an effect that runs after paint, and what is dispatched before is lost.
 */
export function listenersAttached(): Promise<void> {
  const frames = new Promise<void>((resolve) => nextFrame(() => nextFrame(resolve)));
  const time = new Promise<void>((resolve) => setTimeout(resolve, 50));
  return Promise.all([frames, time]).then(() => undefined);
}
