import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { type Placement, useDismiss, useFloating } from "./floating.ts";

const DELAY = 450;

/** Whether the last thing the person touched was a key: focus moved by a script or a finger shows no tooltip. */
let keyboard = false;
let listening = false;

function listen(): void {
  if (listening) return;
  listening = true;
  const note = (event: Event): void => {
    keyboard = event.type === "keydown";
  };
  document.addEventListener("keydown", note, { capture: true, passive: true });
  document.addEventListener("pointerdown", note, { capture: true, passive: true });
}

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
  useEffect(() => {
    listen();
    return () => clearTimeout(timer.current);
  }, []);
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
        if (keyboard && event.target instanceof Element && event.target.matches(":focus-visible"))
          setOpen(true);
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
