import type { ComponentChildren, VNode } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { useI18n } from "../i18n/index.ts";
import { Icon } from "../icons/index.tsx";
import { useChat } from "./context.ts";

/** A round button in the corner that opens the chat above it, or as a panel along the edge. */
export function Launcher({ children, panel }: { children: ComponentChildren; panel: boolean }): VNode {
  const chat = useChat();
  const { t, dir } = useI18n();
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const layer = useRef<HTMLDivElement>(null);
  // Above the page, whatever its own boxes transform, contain or stack; again after a move in the document, which ends it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: opening is the time to look again
  useLayoutEffect(() => {
    const element = layer.current;
    if (element?.isConnected && element.showPopover && !element.matches(":popover-open"))
      element.showPopover();
  }, [open]);
  useEffect(() => {
    if (!open) return undefined;
    chat.root.querySelector<HTMLElement>("[data-ck-editor]")?.focus({ preventScroll: true });
    const onKey = (event: Event): void => {
      if (!(event instanceof KeyboardEvent) || event.key !== "Escape" || event.defaultPrevented) return;
      setOpen(false);
      button.current?.focus();
    };
    chat.root.addEventListener("keydown", onKey);
    return () => chat.root.removeEventListener("keydown", onKey);
  }, [open, chat]);
  return (
    <div
      ref={layer}
      popover="manual"
      class="ck ck-launch"
      dir={dir}
      data-panel={panel || undefined}
      data-open={open || undefined}
    >
      <div class="ck-launch-box" {...(open ? {} : { inert: true })}>
        {children}
      </div>
      <button
        ref={button}
        type="button"
        class="ck-launch-button"
        part="launcher"
        aria-expanded={open}
        aria-label={t(open ? "launcher.close" : "launcher.open")}
        onClick={() => setOpen(!open)}
      >
        <Icon name={open ? "close" : "chat-temporary"} size={24} />
      </button>
    </div>
  );
}
