import type { Placement } from "@floating-ui/dom";
import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { composing } from "./composing.ts";

export type { Placement } from "@floating-ui/dom";

export interface FloatingOptions {
  readonly open: boolean;
  readonly anchor: () => Element | null | undefined;
  readonly placement?: Placement | undefined;
  /** Distance from the anchor in px. */
  readonly distance?: number | undefined;
  /** As wide as the anchor at least. */
  readonly matchWidth?: boolean | undefined;
}

const ORIGINS: Readonly<Record<string, string>> = {
  top: "bottom",
  bottom: "top",
  left: "right",
  right: "left",
};

type Library = typeof import("./floating-library.ts");
let library: Promise<Library> | undefined;

/** What measures and places is loaded with the first box that floats. */
function loadLibrary(): Promise<Library> {
  library ??= import("./floating-library.ts").catch((reason: unknown) => {
    library = undefined;
    throw reason;
  });
  return library;
}

/** Loads what places floating boxes before the first of them opens. */
export function prefetchFloating(): void {
  loadLibrary().catch(() => undefined);
}

async function place(
  { computePosition, flip, offset, shift, size }: Library,
  anchor: Element,
  box: HTMLElement,
  options: FloatingOptions,
): Promise<void> {
  const { x, y, placement } = await computePosition(anchor, box, {
    strategy: "fixed",
    placement: options.placement ?? "bottom-start",
    middleware: [
      offset(options.distance ?? 6),
      flip({ padding: 8 }),
      shift({ padding: 8 }),
      size({
        padding: 8,
        apply({ availableHeight, rects }) {
          box.style.setProperty("--ck-room", `${Math.max(96, Math.floor(availableHeight))}px`);
          if (options.matchWidth) box.style.minWidth = `${rects.reference.width}px`;
        },
      }),
    ],
  });
  box.style.setProperty("--ck-origin", ORIGINS[placement.split("-")[0] ?? ""] ?? "center");
  box.style.transform = `translate(${Math.round(x)}px,${Math.round(y)}px)`;
  box.style.opacity = "";
}

/** Keeps a `popover` element beside its anchor, in the top layer, for as long as it is open. */
export function useFloating(box: RefObject<HTMLElement | null>, options: FloatingOptions): void {
  const latest = useRef(options);
  latest.current = options;
  useLayoutEffect(() => {
    const element = box.current;
    const anchor = latest.current.anchor();
    if (!options.open || !element || !anchor) return;
    // Without the Popover API the box stays where it is in the document, which is still usable.
    element.showPopover?.();
    element.style.opacity = "0";
    let stop: (() => void) | undefined;
    let open = true;
    loadLibrary().then(
      (loaded) => {
        if (!open) return;
        stop = loaded.autoUpdate(anchor, element, () => {
          if (element.isConnected) void place(loaded, anchor, element, latest.current);
        });
      },
      () => {
        element.style.opacity = "";
      },
    );
    return () => {
      open = false;
      stop?.();
      if (element.isConnected) element.hidePopover?.();
    };
  }, [options.open, box]);
}

/** Calls back when the person presses Escape, or presses the pointer outside all of these elements. */
export function useDismiss(
  open: boolean,
  inside: () => readonly (Element | null | undefined)[],
  dismiss: (reason: "escape" | "outside") => void,
  /** Whether Escape is used up by this; a tooltip leaves it to what it stands on. */
  consume = true,
): void {
  const latest = useRef({ inside, dismiss });
  latest.current = { inside, dismiss };
  // From the moment it shows: a key may come before the next picture.
  useLayoutEffect(() => {
    if (!open) return;
    const onPointer = (event: Event): void => {
      const path = event.composedPath();
      if (!latest.current.inside().some((element) => element && path.includes(element))) {
        latest.current.dismiss("outside");
      }
    };
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== "Escape" || event.defaultPrevented || composing(event)) return;
      if (consume) {
        event.preventDefault();
        event.stopPropagation();
      }
      latest.current.dismiss("escape");
    };
    document.addEventListener("pointerdown", onPointer, true);
    document.addEventListener("keydown", onKey, true);
    return () => {
      document.removeEventListener("pointerdown", onPointer, true);
      document.removeEventListener("keydown", onKey, true);
    };
  }, [open, consume]);
}
