import type { ComponentChildren, JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { type Placement, useDismiss, useFloating } from "./floating.ts";

export interface PopoverProps {
  readonly open: boolean;
  readonly anchor: () => Element | null | undefined;
  readonly onClose: () => void;
  readonly placement?: Placement | undefined;
  readonly distance?: number | undefined;
  readonly matchWidth?: boolean | undefined;
  readonly role?: "dialog" | "listbox" | "menu" | "tooltip" | undefined;
  readonly label?: string | undefined;
  /** Moves focus into the popover and back to where it was; on unless told otherwise. */
  readonly focus?: boolean | undefined;
  readonly class?: string | undefined;
  readonly id?: string | undefined;
  readonly children?: ComponentChildren | undefined;
}

/** The focused element, looked for inside shadow roots too. */
export function activeElement(): HTMLElement | null {
  let active: Element | null = document.activeElement;
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
  return active instanceof HTMLElement ? active : null;
}

function Open(props: PopoverProps): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const focus = props.focus ?? true;
  useFloating(box, { ...props, open: true });
  useDismiss(true, () => [box.current, props.anchor()], props.onClose);
  const [before] = useState(activeElement);
  // Before the next key is pressed, so after it is shown but not after the next frame.
  useLayoutEffect(() => {
    if (!focus) return;
    // A list inside may already have brought focus to its chosen entry.
    const inside = box.current?.contains(activeElement()) ?? false;
    const find = (selector: string) => box.current?.querySelector<HTMLElement>(selector);
    const first =
      find("[autofocus],[data-autofocus]") ?? find("button:not(:disabled),input,a[href],[tabindex]");
    if (!inside) (first ?? box.current)?.focus({ preventScroll: true });
    return () => {
      // Focus goes back only if it would be lost with the popover.
      const active = activeElement();
      if (!active || active === document.body || box.current?.contains(active))
        before?.focus({ preventScroll: true });
    };
  }, [focus, before]);
  return (
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: named only together with a role
    <div
      ref={box}
      class="ck-float"
      popover="manual"
      id={props.id}
      role={props.role}
      aria-label={props.label}
      tabIndex={focus ? -1 : undefined}
    >
      <div class={`ck-surface ${props.class ?? ""}`} part="popover">
        {props.children}
      </div>
    </div>
  );
}

/** A box beside its anchor in the browser's top layer; closes on Escape and on a press outside. */
export function Popover(props: PopoverProps): JSX.Element | null {
  return props.open ? <Open {...props} /> : null;
}
