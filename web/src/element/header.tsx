import type { VNode } from "preact";
import { IconButton } from "../base/button.tsx";
import { useI18n } from "../i18n/index.ts";
import { useChat } from "./context.ts";
import type { HeaderAction } from "./options.ts";
import { useOption, useSlice } from "./slice.ts";

/** Spoken names of the icons a page may put on its own buttons: "sidebar-open-left" → "sidebar open left". */
function ActionButton({ action }: { action: HeaderAction | null }): VNode | null {
  if (!action) return null;
  return (
    <IconButton
      icon={action.icon}
      label={action.icon.replaceAll("-", " ")}
      tooltip={false}
      onClick={() => action.onClick()}
    />
  );
}

/** Title and navigation of the chat. */
export function Header({ scrolled }: { scrolled: boolean }): VNode | null {
  const { session } = useChat();
  const { t } = useI18n();
  const header = useOption((options) => options.header);
  const history = useOption((options) => options.history.enabled);
  const title = useSlice((state) => state.thread.title);
  const started = useSlice((state) => state.thread.id !== null || state.thread.items.length > 0);
  if (!header.enabled) return null;
  const text = header.title.text ?? title ?? "";
  return (
    <header class="ck-header" part="header" data-scrolled={scrolled || undefined}>
      <div class="ck-header-side">
        <ActionButton action={header.leftAction} />
        {history ? (
          <IconButton icon="history" label={t("header.history")} onClick={() => session.openHistory()} />
        ) : null}
      </div>
      <h2 class="ck-header-title" part="title" dir="auto">
        {header.title.enabled ? text : ""}
      </h2>
      <div class="ck-header-side">
        {started ? (
          <IconButton icon="compose" label={t("header.new")} onClick={() => void session.openThread(null)} />
        ) : null}
        <ActionButton action={header.rightAction} />
      </div>
    </header>
  );
}
