import { createContext } from "preact";
import { useContext } from "preact/hooks";

/** Something the composer can do, offered in the "+" menu and among the commands. */
export interface ComposerAction {
  readonly id: string;
  readonly label: string;
  readonly description?: string | undefined;
  readonly icon: string;
  readonly checked?: boolean | undefined;
  readonly choose: () => void;
}

export const ComposerActionsContext = createContext<readonly ComposerAction[]>([]);

export function useComposerActions(): readonly ComposerAction[] {
  return useContext(ComposerActionsContext);
}
