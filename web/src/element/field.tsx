import type { RefObject, VNode } from "preact";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { composing } from "../base/composing.ts";
import { useI18n } from "../i18n/index.ts";
import { useChat } from "./context.ts";
import {
  caretToEnd,
  insertNewline,
  insertText,
  pillBefore,
  readContent,
  removePill,
  triggerAt,
  writeContent,
} from "./editor.ts";
import { useSlice } from "./slice.ts";
import { useSuggestions } from "./suggest.ts";
import { SuggestionMenu } from "./suggestion_menu.tsx";

export interface FieldProps {
  field: RefObject<HTMLDivElement | null>;
  placeholder: string;
  disabled: boolean;
  onSubmit: () => void;
  onStop: () => boolean;
  onFiles: (files: readonly File[]) => void;
}

/** On touch keyboards Enter writes a line break: there is no Shift+Enter. */
function touchOnly(): boolean {
  return matchMedia("(hover: none) and (pointer: coarse)").matches;
}

function useDraftSync(field: RefObject<HTMLDivElement | null>, setEmpty: (empty: boolean) => void): void {
  const { session } = useChat();
  const revision = useSlice((state) => state.composer.revision);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new revision replaces what is in the field
  useLayoutEffect(() => {
    const element = field.current;
    if (!element) return;
    const { content } = session.state.peek().composer.draft;
    writeContent(element, content);
    setEmpty(content.length === 0);
    if (element.matches(":focus")) caretToEnd(element);
  }, [revision]);
}

/** The text field of the composer. */
export function Field(props: FieldProps): VNode {
  const { field, placeholder, disabled } = props;
  const chat = useChat();
  const { t, dir } = useI18n();
  const id = useId();
  const [empty, setEmpty] = useState(true);
  const suggestions = useSuggestions(() => field.current);
  useDraftSync(field, setEmpty);
  useEffect(() => chat.registerFocus(() => field.current?.focus()), [chat, field]);
  const anchor = useRef<HTMLDivElement>(null);

  const onInput = (event: { isComposing?: boolean }): void => {
    const element = field.current;
    if (!element) return;
    const content = readContent(element);
    // What an input method works on is its own until it is done.
    if (content.length === 0 && element.childNodes.length > 0 && !event.isComposing)
      element.replaceChildren();
    setEmpty(content.length === 0);
    chat.session.setDraft(content);
    suggestions.follow(triggerAt(element));
  };
  const onCaret = (): void => {
    if (field.current) suggestions.follow(triggerAt(field.current));
  };
  const onEnter = (event: KeyboardEvent): void => {
    event.preventDefault();
    if (event.shiftKey || event.altKey || touchOnly()) {
      if (field.current) insertNewline(field.current);
      return;
    }
    props.onSubmit();
  };
  const onBackspace = (event: KeyboardEvent): void => {
    const pill = field.current ? pillBefore(field.current) : null;
    if (!pill || !field.current) return;
    event.preventDefault();
    removePill(field.current, pill);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (composing(event)) {
      // The Enter that confirms a composition must not break the line either.
      if (event.key === "Enter") event.preventDefault();
      return;
    }
    if (suggestions.key(event)) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    if (event.key === "Enter") onEnter(event);
    else if (event.key === "Backspace") onBackspace(event);
    else if (event.key === "Escape" && props.onStop()) event.preventDefault();
  };
  const onPaste = (event: ClipboardEvent): void => {
    event.preventDefault();
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length > 0) props.onFiles(files);
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (text !== "" && field.current) insertText(field.current, text.replaceAll("\r\n", "\n"));
  };
  const active = suggestions.rows[suggestions.active];
  return (
    <div ref={anchor} class="ck-field-wrap">
      <div
        ref={field}
        class="ck-editor"
        part="composer-input"
        data-ck-editor
        data-placeholder={placeholder}
        data-empty={empty || undefined}
        contentEditable={!disabled}
        role="textbox"
        aria-multiline="true"
        aria-label={t("composer.label")}
        aria-placeholder={placeholder}
        aria-disabled={disabled}
        aria-autocomplete="list"
        aria-controls={suggestions.open ? id : undefined}
        aria-activedescendant={suggestions.open && active ? `${id}-${suggestions.active}` : undefined}
        tabIndex={disabled ? -1 : 0}
        dir={empty ? dir : "auto"}
        spellcheck
        enterkeyhint={touchOnly() ? "enter" : "send"}
        onInput={onInput}
        onKeyDown={onKeyDown}
        onKeyUp={(event) => {
          if (/^(Arrow|Home|End)/.test(event.key) && !suggestions.open) onCaret();
        }}
        onClick={onCaret}
        onBlur={() => suggestions.close()}
        onPaste={onPaste}
        onDrop={(event) => {
          if (event.dataTransfer?.files.length) event.preventDefault();
        }}
        onBeforeInput={(event) => {
          // Formatting has no place in a message.
          if (event.inputType.startsWith("format")) event.preventDefault();
        }}
      />
      <SuggestionMenu id={id} suggestions={suggestions} />
    </div>
  );
}
