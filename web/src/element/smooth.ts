import { useEffect, useRef, useState } from "preact/hooks";

/** How long it takes to show what has arrived, in ms: text that comes in bursts flows evenly. */
const SPREAD = 260;

function still(): boolean {
  return document.hidden || matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** A cut that does not split a pair of surrogates. */
function whole(text: string, length: number): number {
  const code = text.charCodeAt(length - 1);
  return code >= 0xd800 && code <= 0xdbff ? length + 1 : length;
}

/**
 * How many characters of a growing text to show now. Follows the text at the speed at which it arrives; all of it
 * once the stream ended, when the page is hidden, or when the person wants less motion.
 */
export function useSmoothLength(text: string, streaming: boolean): number {
  // A text first seen while it streams may be a resumed one: what is there already shows at once.
  const [shown, setShown] = useState(text.length);
  const latest = useRef(text);
  latest.current = text;
  const behind = streaming && shown < text.length;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the loop reads the newest text by itself
  useEffect(() => {
    if (!behind) return undefined;
    if (still()) {
      setShown(latest.current.length);
      return undefined;
    }
    let last = performance.now();
    let at = shown;
    let frame = 0;
    const step = (now: number): void => {
      const left = latest.current.length - at;
      at += Math.max(1, Math.ceil((left * Math.min(now - last, 100)) / SPREAD));
      last = now;
      at = Math.min(latest.current.length, whole(latest.current, at));
      setShown(at);
      if (at < latest.current.length) frame = requestAnimationFrame(step);
    };
    frame = requestAnimationFrame(step);
    return () => cancelAnimationFrame(frame);
  }, [behind]);
  return streaming ? Math.min(shown, text.length) : text.length;
}
