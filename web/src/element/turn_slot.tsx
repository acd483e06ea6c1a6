import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { memo } from "./memo.ts";
import { TurnView } from "./turn.tsx";
import type { Turn } from "./turns.ts";

/** How far outside the window a turn is drawn already, in px. */
const AHEAD = 1500;

const watchers = new WeakMap<Element, () => void>();
const observers = new WeakMap<Node, IntersectionObserver>();

/** One observer for all turns of a thread. */
function observerFor(box: Element): IntersectionObserver {
  const known = observers.get(box);
  if (known) return known;
  const made = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) if (entry.isIntersecting) watchers.get(entry.target)?.();
    },
    // In the document layout the page scrolls and the thread's box does not.
    { root: box.closest('[data-layout="document"]') ? null : box, rootMargin: `${AHEAD}px 0px` },
  );
  observers.set(box, made);
  return made;
}

function useNear(eager: boolean): [{ current: HTMLElement | null }, boolean] {
  const slot = useRef<HTMLElement>(null);
  const [near, setNear] = useState(eager);
  useEffect(() => {
    const element = slot.current;
    const box = element?.closest(".ck-thread");
    if (near || !element || !box) return undefined;
    const observer = observerFor(box);
    watchers.set(element, () => setNear(true));
    observer.observe(element);
    return () => {
      observer.unobserve(element);
      watchers.delete(element);
    };
  }, [near]);
  return [slot, near];
}

/** The place of a turn. In a long thread it stays empty until it comes near the window; once drawn it stays drawn. */
export const TurnSlot = memo(function TurnSlot(props: {
  turn: Turn;
  last: boolean;
  running: boolean;
  fresh: boolean;
  eager: boolean;
  tail: VNode | null;
}): VNode {
  const { turn, last, running, fresh, tail } = props;
  const [slot, near] = useNear(props.eager);
  return (
    <section
      ref={slot}
      class="ck-turn"
      data-turn={turn.key}
      data-fresh={fresh || undefined}
      data-empty={near ? undefined : true}
    >
      {near ? <TurnView turn={turn} last={last} running={running} /> : null}
      {tail}
    </section>
  );
});
