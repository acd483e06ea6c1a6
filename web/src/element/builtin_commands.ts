import { useI18n } from "../i18n/index.ts";
import { useComposerActions } from "./composer_actions.ts";
import type { Suggestion } from "./suggest.ts";

/** What the composer itself can do, as commands. */
export function useBuiltinCommands(): readonly Suggestion[] {
  const { t } = useI18n();
  const actions = useComposerActions();
  const group = t("command.composer");
  return actions.map((action) => ({ ...action, id: `builtin:${action.id}`, group }));
}
