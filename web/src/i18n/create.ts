import { en, type MessageKey } from "./en.ts";
import { direction } from "./locales.ts";

export type Messages = Readonly<Record<MessageKey, string>>;

/** The sentence for a key, its `{variables}` filled in; `count` also chooses the plural form. */
export type Translate = (key: MessageKey, variables?: Readonly<Record<string, string | number>>) => string;

export interface I18n {
  readonly locale: string;
  readonly dir: "ltr" | "rtl";
  readonly t: Translate;
  number(value: number): string;
  date(value: Date, options: Intl.DateTimeFormatOptions): string;
  /** "3 hours ago", "yesterday"; negative amounts lie in the past. */
  relative(amount: number, unit: Intl.RelativeTimeFormatUnit): string;
}

const ORDER = ["zero", "one", "two", "few", "many", "other"] as const;

/** The plural categories a language uses, in the order its forms are written. */
export function pluralCategories(locale: string): readonly string[] {
  const used = new Set<string>(new Intl.PluralRules(locale).resolvedOptions().pluralCategories);
  return ORDER.filter((category) => used.has(category));
}

function pluralForm(forms: readonly string[], count: number, locale: string): string {
  const category = new Intl.PluralRules(locale).select(count);
  const at = pluralCategories(locale).indexOf(category);
  return forms[Math.min(Math.max(at, 0), forms.length - 1)] ?? "";
}

/** What screens need to speak a language. `locale` is used for numbers and dates even where `messages` is English. */
export function createI18n(locale: string, messages: Messages = en): I18n {
  const language = messages === en ? "en" : locale;
  const numbers = new Intl.NumberFormat(locale);
  const t: Translate = (key, variables = {}) => {
    const message = messages[key] ?? en[key];
    const count = variables.count;
    const chosen =
      typeof count === "number" && message.includes(" | ")
        ? pluralForm(message.split(" | "), count, language)
        : message;
    return chosen.replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = variables[name];
      if (value === undefined) return whole;
      return typeof value === "number" ? numbers.format(value) : value;
    });
  };
  return {
    locale,
    dir: direction(messages === en && locale !== "en" ? "en" : locale),
    t,
    number: (value) => numbers.format(value),
    date: (value, options) => new Intl.DateTimeFormat(locale, options).format(value),
    relative: (amount, unit) => new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(amount, unit),
  };
}
