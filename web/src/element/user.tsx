import type { VNode } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Button, IconButton } from "../base/button.tsx";
import { composing } from "../base/composing.ts";
import type { ItemMark } from "../core/state.ts";
import { isBusy } from "../core/state.ts";
import { useI18n } from "../i18n/index.ts";
import { Icon } from "../icons/index.tsx";
import type { Attachment, UserMessageContent, UserMessageItem } from "../protocol/types.ts";
import { CopyAction } from "./actions.tsx";
import { FileChip, PictureTile } from "./attachments.tsx";
import { useChat } from "./context.ts";
import { EntityTag, entityOfTag } from "./entities.tsx";
import { describeError } from "./errors_text.ts";
import { useOption, useSlice } from "./slice.ts";
import { itemText } from "./turns.ts";

function Words({ content }: { content: readonly UserMessageContent[] }): VNode {
  return (
    <div class="ck-user-text" dir="auto">
      {content.map((part, index) =>
        part.type === "input_tag" ? <EntityTag key={index} entity={entityOfTag(part)} /> : part.text,
      )}
    </div>
  );
}

function Attachments({ attachments }: { attachments: readonly Attachment[] }): VNode | null {
  if (attachments.length === 0) return null;
  return (
    <div class="ck-user-attachments">
      {attachments.map((attachment) =>
        attachment.type === "image" ? (
          <PictureTile key={attachment.id} url={attachment.preview_url} name={attachment.name} />
        ) : (
          <FileChip key={attachment.id} name={attachment.name} mimeType={attachment.mime_type} />
        ),
      )}
    </div>
  );
}

/** For what fails and shows so in the thread: the page need not hear of it a second time. */
function shown(): void {}

/** Editing keeps the tags of a message and changes its words. */
function edited(content: readonly UserMessageContent[], text: string): readonly UserMessageContent[] {
  const tags = content.filter((part) => part.type === "input_tag");
  return [...tags, { type: "input_text", text }];
}

function Editor({ item, close }: { item: UserMessageItem; close: () => void }): VNode {
  const { session } = useChat();
  const { t } = useI18n();
  const words = item.content.filter((part) => part.type === "input_text").map((part) => part.text);
  const [text, setText] = useState(words.join("").trim());
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    const area = field.current;
    if (!area) return;
    area.focus();
    area.setSelectionRange(area.value.length, area.value.length);
  }, []);
  const save = (): void => {
    if (text.trim() === "") return;
    close();
    session.editMessage(item.id, edited(item.content, text)).catch((reason: unknown) => {
      session.report(reason instanceof Error ? reason : new Error(String(reason)));
    });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (composing(event)) return;
    if (event.key === "Escape") close();
    if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) save();
  };
  return (
    <div class="ck-user-editor">
      <div class="ck-grow" data-value={`${text} `}>
        <textarea
          ref={field}
          rows={1}
          dir="auto"
          aria-label={t("message.edit")}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
      </div>
      <div class="ck-row-end">
        <Button variant="ghost" pill size="lg" onClick={close}>
          {t("message.edit_cancel")}
        </Button>
        <Button tone="primary" pill size="lg" disabled={text.trim() === ""} onClick={save}>
          {t("message.edit_save")}
        </Button>
      </div>
    </div>
  );
}

function Failed({ item, error }: { item: UserMessageItem; error: Error }): VNode {
  const { session } = useChat();
  const i18n = useI18n();
  return (
    <div class="ck-user-failed" role="alert">
      <Icon name="warning" size={16} />
      <span>
        {i18n.t("message.failed")}: {describeError(i18n, error)}
      </span>
      <Button variant="ghost" size="sm" pill onClick={() => session.resend(item.id).catch(shown)}>
        {i18n.t("message.resend")}
      </Button>
      <Button variant="ghost" size="sm" pill onClick={() => session.discard(item.id)}>
        {i18n.t("message.discard")}
      </Button>
    </div>
  );
}

/** The way through the versions of a message that was edited: ‹ 2/3 ›. */
function Versions({ itemId }: { itemId: string }): VNode | null {
  const { session } = useChat();
  const i18n = useI18n();
  const versions = useSlice((state) => state.thread.branches.find(({ item_id }) => item_id === itemId));
  const busy = useSlice(isBusy);
  if (!versions || versions.siblings.length < 2) return null;
  const { index: at, siblings } = versions;
  const go = (step: number) => () => {
    const next = siblings[at + step];
    if (next) session.openThread(next).catch(shown);
  };
  return (
    <fieldset class="ck-branches" aria-label={i18n.t("branch.label")}>
      <IconButton
        icon="chevron-left"
        size="sm"
        label={i18n.t("branch.previous")}
        disabled={busy || at <= 0}
        onClick={go(-1)}
      />
      <span>
        {i18n.number(at + 1)}/{i18n.number(siblings.length)}
      </span>
      <IconButton
        icon="chevron-right"
        size="sm"
        label={i18n.t("branch.next")}
        disabled={busy || at >= siblings.length - 1}
        onClick={go(1)}
      />
    </fieldset>
  );
}

function UserActions({ item, text, edit }: { item: UserMessageItem; text: string; edit: () => void }): VNode {
  const { session } = useChat();
  const { t } = useI18n();
  const busy = useSlice(isBusy);
  const disabled = useOption((options) => options.disabled);
  return (
    <div class="ck-actions ck-actions-user">
      <Versions itemId={item.id} />
      {text.trim() === "" ? null : <CopyAction text={text} />}
      {session.canEdit && !disabled ? (
        <IconButton icon="edit-pencil" size="sm" label={t("message.edit")} disabled={busy} onClick={edit} />
      ) : null}
    </div>
  );
}

/** What a person said: attachments and quote above their words, exactly as typed. */
export function UserMessage({ item, mark }: { item: UserMessageItem; mark: ItemMark | undefined }): VNode {
  const [editing, setEditing] = useState(false);
  const text = useMemo(() => itemText(item), [item]);
  if (editing) return <Editor item={item} close={() => setEditing(false)} />;
  const waiting = mark?.sending === true || mark?.failed !== undefined;
  return (
    <div class="ck-user" part="user-message" data-sending={mark?.sending || undefined}>
      <Attachments attachments={item.attachments} />
      {item.quoted_text ? (
        <div class="ck-user-quote" dir="auto">
          <Icon name="reply" size={14} />
          <span>{item.quoted_text}</span>
        </div>
      ) : null}
      {text.trim() === "" ? null : (
        <div class="ck-bubble" part="user-bubble">
          <Words content={item.content} />
        </div>
      )}
      {mark?.failed ? <Failed item={item} error={mark.failed} /> : null}
      {waiting ? null : <UserActions item={item} text={text} edit={() => setEditing(true)} />}
    </div>
  );
}
