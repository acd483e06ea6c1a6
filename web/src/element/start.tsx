import type { VNode } from "preact";
import { isBusy } from "../core/state.ts";
import { useI18n } from "../i18n/index.ts";
import { Icon } from "../icons/index.tsx";
import type { UserMessageContent } from "../protocol/types.ts";
import { useChat } from "./context.ts";
import type { Prompt } from "./options.ts";
import { useOption, useSlice } from "./slice.ts";

function contentOf(prompt: Prompt): readonly UserMessageContent[] {
  if (typeof prompt.prompt === "string") return [{ type: "input_text", text: prompt.prompt }];
  return prompt.prompt.map((part) => (part.type === "input_tag" ? { ...part, data: part.data ?? {} } : part));
}

/** What a new conversation begins with: a greeting and prompts that are sent at once. */
export function Greeting(): VNode {
  const { t } = useI18n();
  const greeting = useOption((options) => options.startScreen.greeting);
  return (
    <h1 class="ck-greeting" part="greeting" dir="auto">
      {greeting ?? t("start.greeting")}
    </h1>
  );
}

export function Prompts(): VNode | null {
  const { session } = useChat();
  const prompts = useOption((options) => options.startScreen.prompts);
  const disabled = useOption((options) => options.disabled);
  const busy = useSlice(isBusy);
  if (prompts.length === 0) return null;
  return (
    <ul
      class="ck-prompts"
      part="prompts"
      data-long={prompts.length > 8 || undefined}
      data-tall={prompts.length > 5 || undefined}
    >
      {prompts.map((prompt, index) => (
        <li key={index}>
          <button
            type="button"
            class="ck-prompt"
            part="prompt"
            disabled={disabled || busy}
            onClick={() => session.sendMessage({ content: contentOf(prompt) }).catch(() => undefined)}
          >
            {prompt.icon ? <Icon name={prompt.icon} size={18} /> : null}
            <span dir="auto">{prompt.label}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
