import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { createI18n, type I18n } from "./create.ts";

export type { I18n, Translate } from "./create.ts";

/** The language of the interface around a component; English outside of one. */
export const I18nContext = createContext<I18n>(createI18n("en"));

export function useI18n(): I18n {
  return useContext(I18nContext);
}
