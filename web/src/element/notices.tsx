import type { VNode } from "preact";
import { Button, IconButton } from "../base/button.tsx";
import type { Notice, Progress, TurnError } from "../core/state.ts";
import { useI18n } from "../i18n/index.ts";
import { Icon } from "../icons/index.tsx";
import { Markdown } from "../markdown/index.tsx";
import { useChat } from "./context.ts";
import { describeError } from "./errors_text.ts";
import { useSlice } from "./slice.ts";
import { useMarkdownHost } from "./surroundings.tsx";

/** A message of the server beside the conversation. */
export function NoticeBox({ notice }: { notice: Notice }): VNode {
  const { session } = useChat();
  const { t } = useI18n();
  const host = useMarkdownHost();
  return (
    <div
      class="ck-notice"
      part="notice"
      data-level={notice.level}
      role={notice.level === "danger" ? "alert" : "status"}
    >
      <Icon name={notice.level === "info" ? "info" : "warning"} size={18} />
      <div class="ck-notice-body">
        {notice.title ? (
          <div class="ck-notice-title" dir="auto">
            {notice.title}
          </div>
        ) : null}
        <Markdown text={notice.message} host={host} />
      </div>
      <IconButton
        icon="close"
        size="2xs"
        iconSize="sm"
        label={t("action.dismiss")}
        onClick={() => session.dismissNotice(notice.id)}
      />
    </div>
  );
}

/** What is being done right now; gone when the turn ends. */
export function ProgressLine({ progress }: { progress: Progress }): VNode {
  return (
    <div class="ck-progress" part="progress" role="status">
      {progress.icon ? <Icon name={progress.icon} size={16} /> : null}
      <span class="ck-shimmer" dir="auto">
        {progress.text}
      </span>
    </div>
  );
}

/** How a turn failed, with its code and Retry where asking again can help. */
export function ErrorBlock({ failure }: { failure: TurnError }): VNode {
  const { session } = useChat();
  const i18n = useI18n();
  const busy = useSlice((state) => state.turn.phase !== "idle");
  const detail = [
    failure.code === "custom" ? "" : failure.code,
    failure.requestId ? i18n.t("error.reference", { id: failure.requestId }) : "",
  ].filter((part) => part !== "");
  return (
    <div class="ck-error" part="error" role="alert">
      <Icon name="warning" size={18} />
      <div class="ck-error-body">
        <div dir="auto">{describeError(i18n, failure.error, failure.code)}</div>
        {detail.length > 0 ? <div class="ck-error-detail">{detail.join(" · ")}</div> : null}
      </div>
      {failure.allowRetry ? (
        <Button
          variant="outline"
          size="sm"
          pill
          iconStart="reload"
          disabled={busy}
          onClick={() => void session.retryTurn()}
        >
          {i18n.t("action.retry")}
        </Button>
      ) : null}
    </div>
  );
}

/** Shown until the first visible part of an answer. */
export function Waiting(): VNode {
  const { t } = useI18n();
  return (
    <div class="ck-waiting" role="status">
      <span class="ck-waiting-dot" />
      <span class="ck-hidden">{t("message.waiting")}</span>
    </div>
  );
}
