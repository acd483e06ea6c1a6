export { type I18n, I18nContext, type Translate, useI18n } from "./context.ts";
export { createI18n } from "./create.ts";
export type { MessageKey } from "./en.ts";
export { i18nNow, loadI18n } from "./load.ts";
export { direction, LOCALES, type Locale, resolveLocale } from "./locales.ts";
