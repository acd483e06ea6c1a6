import type { RefObject, VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Button } from "../base/button.tsx";
import { useI18n } from "../i18n/index.ts";
import { useChat } from "./context.ts";
import { useOption } from "./slice.ts";

interface Picked {
  text: string;
  x: number;
  y: number;
}

interface SelectionRoot {
  getSelection?: () => Selection | null;
}

function selectionIn(root: ShadowRoot): Selection | null {
  return (root as ShadowRoot & SelectionRoot).getSelection?.() ?? document.getSelection();
}

/** The text selected inside one answer of the assistant, and where it is. */
function pickedIn(root: ShadowRoot, box: HTMLElement): Picked | null {
  const selection = selectionIn(root);
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return null;
  const text = selection.toString().trim();
  const range = selection.getRangeAt(0);
  const node = range.commonAncestorContainer;
  const element = node instanceof Element ? node : node.parentElement;
  if (text === "" || !element?.closest(".ck-assistant") || !box.contains(element)) return null;
  const rect = range.getClientRects()[0] ?? range.getBoundingClientRect();
  const frame = box.getBoundingClientRect();
  const x = Math.min(Math.max(rect.left + rect.width / 2 - frame.left, 60), frame.width - 60);
  return { text, x, y: Math.max(8, rect.top - frame.top - 44) };
}

/** Offers to quote what is selected in an answer. */
export function QuoteButton({ within }: { within: RefObject<HTMLElement | null> }): VNode | null {
  const chat = useChat();
  const { t } = useI18n();
  const disabled = useOption((options) => options.disabled);
  const [picked, setPicked] = useState<Picked | null>(null);
  useEffect(() => {
    const look = (): void => setPicked(within.current ? pickedIn(chat.root, within.current) : null);
    const later = (): void => {
      requestAnimationFrame(look);
    };
    const clear = (): void => {
      if (selectionIn(chat.root)?.isCollapsed !== false) setPicked(null);
    };
    chat.root.addEventListener("pointerup", later);
    chat.root.addEventListener("keyup", later);
    document.addEventListener("selectionchange", clear);
    return () => {
      chat.root.removeEventListener("pointerup", later);
      chat.root.removeEventListener("keyup", later);
      document.removeEventListener("selectionchange", clear);
    };
  }, [chat, within]);
  if (!picked || disabled) return null;
  const quote = (): void => {
    chat.session.setQuote(picked.text);
    selectionIn(chat.root)?.removeAllRanges();
    setPicked(null);
    chat.root.querySelector<HTMLElement>("[data-ck-editor]")?.focus();
  };
  return (
    <div
      class="ck-quote-button"
      style={{ left: `${picked.x}px`, top: `${picked.y}px` }}
      onPointerDown={(event) => event.preventDefault()}
    >
      <Button variant="ghost" size="md" iconStart="reply" onClick={quote}>
        {t("message.reply")}
      </Button>
    </div>
  );
}
