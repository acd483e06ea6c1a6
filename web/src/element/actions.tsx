import type { VNode } from "preact";
import { IconButton } from "../base/button.tsx";
import { useCopy } from "../base/clipboard.ts";
import { useI18n } from "../i18n/index.ts";
import type { ThreadItem } from "../protocol/types.ts";
import { useChat } from "./context.ts";
import { useOption, useSlice } from "./slice.ts";
import { copyText } from "./turns.ts";

/** Copies a text and shows a check for two seconds. */
export function CopyAction({ text }: { text: string }): VNode {
  const { session } = useChat();
  const { t } = useI18n();
  const { copied, copy } = useCopy(text);
  const press = async (): Promise<void> => {
    if (!(await copy())) session.toast("warning", "clipboard.denied");
  };
  return (
    <IconButton
      size="sm"
      icon={copied ? "check" : "copy"}
      label={copied ? t("message.copied") : t("message.copy")}
      onClick={() => void press()}
    />
  );
}

function Feedback({ ids }: { ids: readonly string[] }): VNode {
  const { session } = useChat();
  const { t } = useI18n();
  const given = useSlice((state) => state.thread.marks[ids[0] ?? ""]?.feedback);
  const thumb = (kind: "positive" | "negative", icon: string, label: string): VNode => (
    <IconButton
      size="sm"
      icon={given === kind ? `${icon}-filled` : icon}
      label={label}
      aria-pressed={given === kind}
      onClick={() => {
        if (given !== kind) void session.sendFeedback(ids, kind);
      }}
    />
  );
  return (
    <>
      {given === "negative" ? null : thumb("positive", "thumb-up", t("message.good"))}
      {given === "positive" ? null : thumb("negative", "thumb-down", t("message.bad"))}
    </>
  );
}

/** What can be done with a finished answer: copy always, rate and ask again where the page wants it. */
export function ActionRow(props: {
  group: readonly ThreadItem[];
  /** The user message to ask again for; null where that is not possible. */
  retryId: string | null;
}): VNode | null {
  const { session } = useChat();
  const { t } = useI18n();
  const { feedback, retry } = useOption((options) => options.threadItemActions);
  const text = copyText(props.group);
  const { retryId } = props;
  if (text === "" && !feedback && !(retry && retryId)) return null;
  return (
    <div class="ck-actions" part="actions" role="group" aria-label={t("message.actions")}>
      {text === "" ? null : <CopyAction text={text} />}
      {feedback ? <Feedback ids={props.group.map((item) => item.id)} /> : null}
      {retry && retryId ? (
        <IconButton
          size="sm"
          icon="reload"
          label={t("message.retry")}
          onClick={() => void session.retryAfter(retryId)}
        />
      ) : null}
    </div>
  );
}
