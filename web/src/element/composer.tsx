import type { RefObject, VNode } from "preact";
import { useMemo, useRef } from "preact/hooks";
import { Button, IconButton } from "../base/button.tsx";
import { Menu } from "../base/menu.tsx";
import { isBusy } from "../core/state.ts";
import { type I18n, useI18n } from "../i18n/index.ts";
import { Icon } from "../icons/index.tsx";
import { AttachmentStrip } from "./attachments.tsx";
import { type ComposerAction, ComposerActionsContext, useComposerActions } from "./composer_actions.ts";
import { type Chat, useChat } from "./context.ts";
import { insertText } from "./editor.ts";
import { Field } from "./field.tsx";
import { chooseFiles } from "./files.ts";
import { lazy } from "./lazy.tsx";
import type { ResolvedOptions } from "./options.ts";
import { useOption, useSlice } from "./slice.ts";

const DictationBar = lazy(() => import("./dictation.tsx").then((module) => module.DictationBar));

function dictationOffered(options: ResolvedOptions): boolean {
  return options.composer.dictation && "MediaRecorder" in globalThis && navigator.mediaDevices !== undefined;
}

/** Opens the mention menu: an "@" at a word's start does it. */
function mention(field: HTMLElement | null): void {
  if (!field) return;
  const text = field.textContent ?? "";
  field.focus();
  insertText(field, text === "" || /\s$/.test(text) ? "@" : " @");
}

function makeActions(
  chat: Chat,
  options: ResolvedOptions,
  i18n: I18n,
  field: RefObject<HTMLDivElement | null>,
): ComposerAction[] {
  const { session } = chat;
  const { attachments, tools, models } = options.composer;
  const { toolId, modelId } = session.state.peek().composer;
  const actions: ComposerAction[] = [];
  if (attachments) {
    const choose = (): void => chooseFiles(attachments.accept, (files) => session.addFiles(files));
    actions.push({ id: "attach", label: i18n.t("composer.attach"), icon: "paperclip", choose });
  }
  for (const tool of tools) {
    const choose = (): void => session.selectTool(toolId === tool.id ? null : tool.id);
    actions.push({
      id: `tool:${tool.id}`,
      label: tool.label,
      icon: tool.icon,
      checked: toolId === tool.id,
      choose,
    });
  }
  for (const model of models) {
    if (model.disabled) continue;
    const choose = (): void => session.selectModel(model.id);
    const { label, description } = model;
    actions.push({
      id: `model:${model.id}`,
      label,
      description,
      icon: "sparkle",
      checked: modelId === model.id,
      choose,
    });
  }
  if (dictationOffered(options)) {
    const choose = (): void => session.setDictation("recording");
    actions.push({ id: "dictate", label: i18n.t("composer.dictate"), icon: "mic", choose });
  }
  if (options.entities.onTagSearch) {
    actions.push({
      id: "mention",
      label: i18n.t("composer.mention"),
      icon: "at-sign",
      choose: () => mention(field.current),
    });
  }
  return actions;
}

function PlusMenu({ pinned }: { pinned: ReadonlySet<string> }): VNode | null {
  const { t } = useI18n();
  const commands = useOption((options) => options.commands.enabled);
  const all = useComposerActions();
  const actions = all.filter(
    (action) =>
      action.id === "attach" ||
      (action.id.startsWith("tool:") && !pinned.has(action.id.slice("tool:".length))),
  );
  const chat = useChat();
  const openCommands = (): void => {
    const field = chat.root.querySelector<HTMLElement>("[data-ck-editor]");
    if (field) insertText(field, (field.textContent ?? "") === "" ? "/" : " /");
  };
  const items = actions.map((action) => ({
    id: action.id,
    label: action.label,
    icon: action.icon,
    group: action.id === "attach" ? undefined : "",
    onSelect: action.choose,
    ...(action.checked === undefined ? {} : { checked: action.checked }),
  }));
  if (commands) {
    items.push({
      id: "commands",
      label: t("command.label"),
      icon: "square-code",
      group: "",
      onSelect: openCommands,
    });
  }
  if (items.length === 0) return null;
  return (
    <Menu
      label={t("composer.more")}
      items={items}
      placement="top-start"
      trigger={(props) => <IconButton icon="plus" label={t("composer.more")} {...props} />}
    />
  );
}

function ToolChip(): VNode | null {
  const { session } = useChat();
  const { t } = useI18n();
  const id = useSlice((state) => state.composer.toolId);
  const tools = useOption((options) => options.composer.tools);
  const tool = tools.find((each) => each.id === id);
  if (!tool || tool.pinned) return null;
  return (
    <button
      type="button"
      class="ck-tool-chip"
      part="tool"
      aria-label={t("composer.clear_tool", { tool: tool.label })}
      onClick={() => session.selectTool(null)}
    >
      <Icon name={tool.icon} size={18} />
      <span>{tool.shortLabel ?? tool.label}</span>
      <Icon name="close" size={14} />
    </button>
  );
}

function PinnedTools(): VNode {
  const { session } = useChat();
  const id = useSlice((state) => state.composer.toolId);
  const tools = useOption((options) => options.composer.tools);
  return (
    <>
      {tools
        .filter((tool) => tool.pinned)
        .map((tool) => (
          <button
            key={tool.id}
            type="button"
            class="ck-tool-chip"
            aria-pressed={tool.id === id}
            title={tool.label}
            onClick={() => session.selectTool(tool.id === id ? null : tool.id)}
          >
            <Icon name={tool.icon} size={18} />
            <span>{tool.shortLabel ?? tool.label}</span>
          </button>
        ))}
    </>
  );
}

function ModelPicker(): VNode | null {
  const { session } = useChat();
  const { t } = useI18n();
  const models = useOption((options) => options.composer.models);
  const id = useSlice((state) => state.composer.modelId);
  if (models.length === 0) return null;
  const current = models.find((model) => model.id === id);
  const items = models.map(({ id: key, label, description, disabled }) => ({
    id: key,
    label,
    description,
    disabled,
    checked: key === id,
    onSelect: () => session.selectModel(key),
  }));
  return (
    <Menu
      label={t("composer.model")}
      items={items}
      placement="top-end"
      trigger={(props) => (
        <Button
          variant="ghost"
          size="lg"
          pill
          iconEnd="chevron-down"
          iconSize="sm"
          class="ck-model"
          aria-label={`${t("composer.model")}: ${current?.label ?? ""}`}
          {...props}
        >
          {current?.label ?? t("composer.model")}
        </Button>
      )}
    />
  );
}

function SendButton({ submit }: { submit: () => void }): VNode {
  const { session } = useChat();
  const { t } = useI18n();
  const busy = useSlice((state) => state.turn.phase !== "idle");
  const allowCancel = useSlice((state) => state.turn.allowCancel);
  // Read through the state, so that the button follows every change it depends on.
  const ready = useSlice((state) => state !== null && session.canSubmit());
  if (busy) {
    return (
      <button
        type="button"
        class="ck-send"
        part="stop-button"
        aria-label={t("composer.stop")}
        disabled={!allowCancel}
        onClick={() => void session.stop()}
      >
        <span class="ck-send-stop" />
      </button>
    );
  }
  return (
    <button
      type="button"
      class="ck-send"
      part="send-button"
      aria-label={t("composer.send")}
      disabled={!ready}
      onClick={submit}
    >
      <Icon name="arrow-up" size={20} />
    </button>
  );
}

function QuoteChip(): VNode | null {
  const { session } = useChat();
  const { t } = useI18n();
  const quote = useSlice((state) => state.composer.draft.quote);
  if (!quote) return null;
  return (
    <div class="ck-quote">
      <Icon name="reply" size={16} label={t("composer.quote")} />
      <span dir="auto">{quote}</span>
      <IconButton
        icon="close"
        size="2xs"
        iconSize="sm"
        label={t("composer.remove_quote")}
        onClick={() => session.setQuote(null)}
      />
    </div>
  );
}

function usePlaceholder(disabled: boolean): string {
  const { t } = useI18n();
  const status = useSlice((state) => state.thread.status);
  const toolId = useSlice((state) => state.composer.toolId);
  const { placeholder, tools } = useOption((options) => options.composer);
  if (status.type === "locked") return status.reason || t("composer.locked");
  const override = tools.find((tool) => tool.id === toolId)?.placeholderOverride;
  if (disabled && !override && !placeholder) return t("composer.disabled");
  return override ?? placeholder ?? t("composer.placeholder");
}

/** The box a person writes in: attachments, quote, text, and below them what can be added, chosen and sent. */
export function Composer(): VNode {
  const chat = useChat();
  const { session } = chat;
  const i18n = useI18n();
  const options = useOption((all) => all);
  const composer = useSlice((state) => state.composer);
  const off = useSlice((state) => state.disabled || state.thread.load.phase !== "idle");
  const locked = useSlice((state) => state.thread.status.type === "locked");
  const disabled = off || locked || options.disabled;
  const field = useRef<HTMLDivElement>(null);
  const placeholder = usePlaceholder(options.disabled);
  const { toolId, modelId, dictation } = composer;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the chosen tool and model show as checks
  const actions = useMemo(
    () => makeActions(chat, options, i18n, field),
    [chat, options, i18n, toolId, modelId],
  );
  const submit = (): void => {
    if (!session.canSubmit()) return;
    // A message that fails shows so in the thread.
    session.submitDraft().catch(() => undefined);
  };
  const stop = (): boolean => {
    const state = session.state.peek();
    if (!isBusy(state) || state.turn.phase === "idle" || !state.turn.allowCancel) return false;
    void session.stop();
    return true;
  };
  const pinned = new Set(options.composer.tools.filter((tool) => tool.pinned).map((tool) => tool.id));
  const focusField = (event: MouseEvent): void => {
    if (event.target === event.currentTarget) field.current?.focus();
  };
  return (
    <ComposerActionsContext.Provider value={actions}>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: a press beside the field focuses it; the field itself is reachable */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: see above */}
      <div class="ck-composer" part="composer" data-disabled={disabled || undefined} onClick={focusField}>
        <AttachmentStrip />
        <QuoteChip />
        <Field
          field={field}
          placeholder={placeholder}
          disabled={disabled}
          onSubmit={submit}
          onStop={stop}
          onFiles={(files) => {
            if (options.composer.attachments) session.addFiles(files);
          }}
        />
        {dictation === "idle" ? (
          <div class="ck-bar">
            {disabled ? null : <PlusMenu pinned={pinned} />}
            {options.entities.onTagSearch && options.entities.showComposerMenu && !disabled ? (
              <IconButton
                icon="at-sign"
                label={i18n.t("composer.mention")}
                onClick={() => mention(field.current)}
              />
            ) : null}
            {disabled ? null : <PinnedTools />}
            {disabled ? null : <ToolChip />}
            <span class="ck-bar-space" />
            <ModelPicker />
            {dictationOffered(options) && !disabled ? (
              <IconButton
                icon="mic"
                label={i18n.t("composer.dictate")}
                onClick={() => session.setDictation("recording")}
              />
            ) : null}
            <SendButton submit={submit} />
          </div>
        ) : (
          <DictationBar insert={(text: string) => field.current && insertText(field.current, text)} />
        )}
      </div>
    </ComposerActionsContext.Provider>
  );
}
