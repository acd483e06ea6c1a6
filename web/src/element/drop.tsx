import type { RefObject, VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useI18n } from "../i18n/index.ts";
import { Icon } from "../icons/index.tsx";
import { useChat } from "./context.ts";
import { useOption } from "./slice.ts";

function carriesFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes("Files") ?? false;
}

/** Takes files dropped anywhere on the chat, and shows that it will while they hover. */
export function DropTarget({ within }: { within: RefObject<HTMLElement | null> }): VNode | null {
  const { session } = useChat();
  const { t } = useI18n();
  const offered = useOption((options) => options.composer.attachments !== null && !options.disabled);
  const [over, setOver] = useState(false);
  useEffect(() => {
    const box = within.current;
    if (!box || !offered) return undefined;
    // Entering a child fires before leaving its parent, so the depth is counted.
    let depth = 0;
    const show = (value: number): void => {
      depth = Math.max(0, value);
      setOver(depth > 0);
    };
    const on = <K extends "dragenter" | "dragover" | "dragleave" | "drop">(
      type: K,
      act: (event: DragEvent) => void,
    ) => {
      const listener = (event: DragEvent): void => {
        if (!carriesFiles(event)) return;
        event.preventDefault();
        act(event);
      };
      box.addEventListener(type, listener);
      return () => box.removeEventListener(type, listener);
    };
    const off = [
      on("dragenter", () => show(depth + 1)),
      on("dragover", (event) => {
        if (event.dataTransfer) event.dataTransfer.dropEffect = "copy";
      }),
      on("dragleave", () => show(depth - 1)),
      on("drop", (event) => {
        show(0);
        session.addFiles([...(event.dataTransfer?.files ?? [])]);
      }),
    ];
    return () => {
      for (const remove of off) remove();
    };
  }, [within, offered, session]);
  if (!over) return null;
  return (
    <div class="ck-drop" role="status">
      <Icon name="paperclip" size={28} />
      <span>{t("composer.drop")}</span>
    </div>
  );
}
