import { createI18n, type I18n, type Messages } from "./create.ts";
import { resolveLocale } from "./locales.ts";

const CATALOGUES = import.meta.glob<Messages>("./locales/*.json", { import: "default" });

/** Languages whose translation serves a neighbour that has none of its own. */
const NEIGHBOURS: Readonly<Record<string, string>> = {
  "es-419": "es",
  "es-ES": "es",
  "fr-CA": "fr",
  "fr-FR": "fr",
  "pt-PT": "pt-BR",
  "zh-HK": "zh-TW",
};

/** The name of the catalogue for a resolved locale, or `undefined` when English is shown. */
export function catalogueFor(locale: string): string | undefined {
  const language = locale.split("-")[0] ?? "";
  return [locale, NEIGHBOURS[locale], language].find(
    (name) => name && `./locales/${name}.json` in CATALOGUES,
  );
}

const loaded = new Map<string, Messages>();

/** The language for a tag as far as it is already here: translated when loaded before, else English. */
export function i18nNow(tag: string): I18n {
  const locale = resolveLocale(tag);
  const name = catalogueFor(locale);
  return createI18n(locale, name ? loaded.get(name) : undefined);
}

/** The language for a tag. Never rejects: a translation that cannot be loaded leaves English. */
export async function loadI18n(tag: string): Promise<I18n> {
  const locale = resolveLocale(tag);
  const name = catalogueFor(locale);
  const source = name ? CATALOGUES[`./locales/${name}.json`] : undefined;
  if (!name || !source) return createI18n(locale);
  try {
    const messages = loaded.get(name) ?? (await source());
    loaded.set(name, messages);
    return createI18n(locale, messages);
  } catch {
    return createI18n(locale);
  }
}
