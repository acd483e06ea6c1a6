import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { type Placement, useDismiss, useFloating } from "./floating.ts";

const DELAY = 450;

/** A short text beside what it wraps, on hover and keyboard focus. The wrapped control keeps its own accessible name. */
export function Tooltip(props: {
  readonly text: string;
  readonly placement?: Placement | undefined;
  readonly children: ComponentChildren;
}): JSX.Element {
  const [open, setOpen] = useState(false);
  const wrap = useRef<HTMLSpanElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const hide = (): void => {
    clearTimeout(timer.current);
    setOpen(false);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  useFloating(box, {
    open,
    anchor: () => wrap.current?.firstElementChild,
    placement: props.placement ?? "top",
  });
  useDismiss(open, () => [], hide, false);
  return (
    <span
      ref={wrap}
      style={{ display: "contents" }}
      onPointerOver={(event) => {
        if (event.pointerType === "touch" || open) return;
        clearTimeout(timer.current);
        timer.current = setTimeout(() => setOpen(true), DELAY);
      }}
      onPointerOut={hide}
      onPointerDown={hide}
      onFocusIn={(event) => {
        if (event.target instanceof Element && event.target.matches(":focus-visible")) setOpen(true);
      }}
      onFocusOut={hide}
    >
      {props.children}
      {open ? (
        <div ref={box} class="ck-float" popover="manual" aria-hidden="true">
          <div class="ck-tooltip" part="tooltip">
            {props.text}
          </div>
        </div>
      ) : null}
    </span>
  );
}
