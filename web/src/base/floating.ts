import { autoUpdate, computePosition, flip, offset, type Placement, shift, size } from "@floating-ui/dom";
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

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

async function place(anchor: Element, box: HTMLElement, options: FloatingOptions): Promise<void> {
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
    const stop = autoUpdate(anchor, element, () => {
      if (element.isConnected) void place(anchor, element, latest.current);
    });
    return () => {
      stop();
      if (element.isConnected) element.hidePopover?.();
    };
  }, [options.open, box]);
}

/** Calls back when the person presses Escape, or presses the pointer outside all of these elements. */
export function useDismiss(
  open: boolean,
  inside: () => readonly (Element | null | undefined)[],
  dismiss: (reason: "escape" | "outside") => void,
): void {
  const latest = useRef({ inside, dismiss });
  latest.current = { inside, dismiss };
  useEffect(() => {
    if (!open) return;
    const onPointer = (event: Event): void => {
      const path = event.composedPath();
      if (!latest.current.inside().some((element) => element && path.includes(element))) {
        latest.current.dismiss("outside");
      }
    };
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
      event.preventDefault();
      event.stopPropagation();
      latest.current.dismiss("escape");
    };
    document.addEventListener("pointerdown", onPointer, true);
    document.addEventListener("keydown", onKey, true);
    return () => {
      document.removeEventListener("pointerdown", onPointer, true);
      document.removeEventListener("keydown", onKey, true);
    };
  }, [open]);
}
