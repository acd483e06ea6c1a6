import type { RefObject } from "preact";
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

/** Nearer than this to the end counts as being there, in px. */
const NEAR = 80;
/** Nearer than this to the top asks for older messages, in px. */
const EARLY = 600;

/** The element that scrolls: the thread itself, or the page in the document layout. */
export function scrollerOf(box: HTMLElement, page: boolean): HTMLElement {
  return page ? ((document.scrollingElement as HTMLElement | null) ?? document.documentElement) : box;
}

export function distanceToEnd(scroller: HTMLElement): number {
  return scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight;
}

function motion(): ScrollBehavior {
  return matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
}

/** What the sticky header of the document layout covers at the top. */
function coveredBy(box: HTMLElement, page: boolean): number {
  return page ? (box.closest(".ck-view")?.querySelector<HTMLElement>(".ck-header")?.offsetHeight ?? 0) : 0;
}

export interface ScrollView {
  /** Whether the end is out of sight. */
  readonly away: boolean;
  readonly scrolled: boolean;
  toEnd(behavior?: ScrollBehavior): void;
}

interface Watch {
  readonly box: RefObject<HTMLElement | null>;
  readonly page: boolean;
  /** Key of the first turn, to keep the place when older ones come before it. */
  readonly firstKey: string | undefined;
  /** Key of the last turn when it was just sent by the person; it goes to the top. */
  readonly freshKey: string | undefined;
  readonly threadKey: string;
  readonly follow: boolean;
  readonly onEarly: () => void;
}

function usePosition(watch: Watch): { away: boolean; scrolled: boolean; near: RefObject<boolean> } {
  const [away, setAway] = useState(false);
  const [scrolled, setScrolled] = useState(false);
  const near = useRef(true);
  const { box, page, onEarly } = watch;
  const early = useRef(onEarly);
  early.current = onEarly;
  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const scroller = scrollerOf(element, page);
    const target: EventTarget = page ? window : scroller;
    const look = (): void => {
      setAway(distanceToEnd(scroller) > NEAR * 2);
      setScrolled(scroller.scrollTop > 4);
      if (scroller.scrollTop < EARLY) early.current();
    };
    // Only scrolling tells whether the person is at the end: an answer that grows also widens the distance.
    const onScroll = (): void => {
      near.current = distanceToEnd(scroller) < NEAR;
      look();
    };
    look();
    target.addEventListener("scroll", onScroll, { passive: true });
    const resize = new ResizeObserver(look);
    for (const child of element.children) resize.observe(child);
    resize.observe(element);
    return () => {
      target.removeEventListener("scroll", onScroll);
      resize.disconnect();
    };
  }, [box, page]);
  return { away, scrolled, near };
}

/** Measures the visible height into `--ck-view-height`, by which the newest turn reserves room below itself. */
function useViewHeight({ box, page }: Watch): void {
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const measure = (): void => {
      const height = page ? window.innerHeight : element.clientHeight;
      element.style.setProperty("--ck-view-height", `${height}px`);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [box, page]);
}

/** Older messages come in above without moving what the person reads. */
function useAnchor({ box, page, firstKey, threadKey }: Watch): void {
  const before = useRef({ threadKey, firstKey, height: 0, top: 0 });
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const scroller = scrollerOf(element, page);
    const old = before.current;
    if (old.threadKey === threadKey && old.firstKey !== undefined && old.firstKey !== firstKey) {
      const anchor = element.querySelector<HTMLElement>(`[data-turn="${CSS.escape(old.firstKey)}"]`);
      if (anchor) {
        const moved = scroller.scrollHeight - old.height;
        scroller.style.overflowAnchor = "none";
        scroller.scrollTop = old.top + moved;
        requestAnimationFrame(() => {
          scroller.style.overflowAnchor = "";
        });
      }
    }
  }, [firstKey, threadKey, box, page]);
  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const scroller = scrollerOf(element, page);
    const remember = (): void => {
      before.current = { threadKey, firstKey, height: scroller.scrollHeight, top: scroller.scrollTop };
    };
    remember();
    const target: EventTarget = page ? window : scroller;
    target.addEventListener("scroll", remember, { passive: true });
    const observer = new ResizeObserver(remember);
    for (const child of element.children) observer.observe(child);
    return () => {
      target.removeEventListener("scroll", remember);
      observer.disconnect();
    };
  }, [firstKey, threadKey, box, page]);
}

/** Scrolling of a thread: opens at the end, puts a new message on top, follows only when asked and near the end. */
export function useThreadScroll(watch: Watch): ScrollView {
  const { box, page, threadKey, freshKey, follow } = watch;
  const { away, scrolled, near } = usePosition(watch);
  useViewHeight(watch);
  useAnchor(watch);
  const toEnd = useCallback(
    (behavior: ScrollBehavior = motion()) => {
      const element = box.current;
      if (!element) return;
      const scroller = scrollerOf(element, page);
      scroller.scrollTo({ top: scroller.scrollHeight, behavior });
    },
    [box, page],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: another thread opens at its end
  useLayoutEffect(() => toEnd("auto"), [threadKey]);
  useLayoutEffect(() => {
    const element = box.current;
    if (!freshKey || !element) return;
    const turn = element.querySelector<HTMLElement>(`[data-turn="${CSS.escape(freshKey)}"]`);
    const scroller = scrollerOf(element, page);
    const top = turn
      ? turn.getBoundingClientRect().top - (page ? 0 : element.getBoundingClientRect().top)
      : 0;
    scroller.scrollTo({ top: scroller.scrollTop + top - 12 - coveredBy(element, page), behavior: motion() });
  }, [freshKey, box, page]);
  useEffect(() => {
    const inner = box.current?.firstElementChild;
    if (!follow || !inner) return undefined;
    const observer = new ResizeObserver(() => {
      if (near.current) toEnd("auto");
    });
    observer.observe(inner);
    return () => observer.disconnect();
  }, [follow, box, near, toEnd]);
  return { away, scrolled, toEnd };
}
