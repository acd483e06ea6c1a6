/** The tags for which the original has translations, plus English. */
export const LOCALES = [
  "en",
  "am",
  "ar",
  "bg-BG",
  "bn-BD",
  "bs-BA",
  "ca-ES",
  "cs-CZ",
  "da-DK",
  "de-DE",
  "el-GR",
  "es-419",
  "es-ES",
  "et-EE",
  "fi-FI",
  "fr-CA",
  "fr-FR",
  "gu-IN",
  "hi-IN",
  "hr-HR",
  "hu-HU",
  "hy-AM",
  "id-ID",
  "is-IS",
  "it-IT",
  "ja-JP",
  "ka-GE",
  "kk",
  "kn-IN",
  "ko-KR",
  "lt",
  "lv-LV",
  "mk-MK",
  "ml",
  "mn",
  "mr-IN",
  "ms-MY",
  "my-MM",
  "nb-NO",
  "nl-NL",
  "pa",
  "pl-PL",
  "pt-BR",
  "pt-PT",
  "ro-RO",
  "ru-RU",
  "sk-SK",
  "sl-SI",
  "so-SO",
  "sq-AL",
  "sr-RS",
  "sv-SE",
  "sw-TZ",
  "ta-IN",
  "te-IN",
  "th-TH",
  "tl",
  "tr-TR",
  "uk-UA",
  "ur",
  "vi-VN",
  "zh-CN",
  "zh-HK",
  "zh-TW",
] as const;

export type Locale = (typeof LOCALES)[number];

/** Where the language alone does not name its usual country. */
const ALIASES: Readonly<Record<string, Locale>> = {
  es: "es-ES",
  fr: "fr-FR",
  pt: "pt-BR",
  zh: "zh-CN",
  "zh-hans": "zh-CN",
  "zh-hant": "zh-TW",
  "zh-sg": "zh-CN",
  "zh-mo": "zh-HK",
  no: "nb-NO",
  nn: "nb-NO",
  fil: "tl",
  "es-mx": "es-419",
  "es-us": "es-419",
  "es-ar": "es-419",
  "es-co": "es-419",
  "es-cl": "es-419",
  "es-pe": "es-419",
  "pt-ao": "pt-PT",
  "pt-mz": "pt-PT",
};

const BY_TAG = new Map<string, Locale>(LOCALES.map((locale) => [locale.toLowerCase(), locale]));
const BY_LANGUAGE = new Map<string, Locale>();
for (const locale of LOCALES) {
  const language = locale.split("-")[0] ?? locale;
  if (!BY_LANGUAGE.has(language)) BY_LANGUAGE.set(language, locale);
}

function lookUp(tag: string): Locale | undefined {
  return BY_TAG.get(tag) ?? (Object.hasOwn(ALIASES, tag) ? ALIASES[tag] : undefined);
}

/**
 * The interface language for a BCP 47 tag: the tag itself, an alias, the tag with fewer parts
 * (`zh-Hant-TW`, `de-AT`), its language, or English.
 */
export function resolveLocale(tag: string | null | undefined): Locale {
  const parts = (tag ?? "").replaceAll("_", "-").toLowerCase().split("-");
  for (let length = parts.length; length > 0; length -= 1) {
    const found = lookUp(parts.slice(0, length).join("-"));
    if (found) return found;
  }
  return BY_LANGUAGE.get(parts[0] ?? "") ?? "en";
}

/** Writing direction of an interface language. */
export function direction(locale: string): "ltr" | "rtl" {
  return /^(?:ar|ur|he|fa)\b/.test(locale) ? "rtl" : "ltr";
}
