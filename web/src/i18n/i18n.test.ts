import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { messages as widgetMessages } from "../widgets/messages.ts";
import { createI18n, pluralCategories } from "./create.ts";
import { en, type MessageKey } from "./en.ts";
import { catalogueFor, loadI18n } from "./load.ts";
import { direction, LOCALES, resolveLocale } from "./locales.ts";

const TYPES = readFileSync(
  new URL("../../node_modules/@openai/chatkit/types/index.d.ts", import.meta.url),
  "utf8",
);

function published(name: string): string[] {
  const body = new RegExp(`export type ${name} =([^;]*);`).exec(TYPES)?.[1] ?? "";
  return [...body.matchAll(/'([^']+)'/g)].map((found) => found[1] ?? "");
}

const folder = new URL("./locales/", import.meta.url);
const catalogues = readdirSync(folder).map((file) => ({
  name: file.replace(".json", ""),
  messages: JSON.parse(readFileSync(new URL(file, folder), "utf8")) as Record<string, string>,
}));

function placeholders(text: string): string[] {
  return [...new Set([...text.matchAll(/\{\w+\}/g)].map((found) => found[0]))].sort();
}

describe("F133 locales", () => {
  it("F133 accepts each of the 63 published translated locales as itself", () => {
    const translated = published("TranslatedLocale");
    expect(translated).toHaveLength(63);
    expect(translated.map((tag) => resolveLocale(tag))).toEqual(translated);
    expect([...LOCALES].sort()).toEqual([...translated, "en"].sort());
  });

  it("F133 resolves each published alias to a locale of the same language", () => {
    const aliases = published("SupportedLocale");
    expect(aliases).toHaveLength(51);
    for (const alias of aliases) expect(resolveLocale(alias).split("-")[0]).toBe(alias.split("-")[0]);
  });

  it.each([
    ["zh", "zh-CN"],
    ["zh-Hant", "zh-TW"],
    ["zh-Hant-HK", "zh-TW"],
    ["es", "es-ES"],
    ["es-MX", "es-419"],
    ["pt", "pt-BR"],
    ["fr", "fr-FR"],
    ["de-AT", "de-DE"],
    ["DE_de", "de-DE"],
    ["nn", "nb-NO"],
    ["xx", "en"],
    ["", "en"],
    ["en-GB", "en"],
  ])("F133 resolves %s to %s", (tag, locale) => {
    expect(resolveLocale(tag)).toBe(locale);
  });

  it("writes Arabic and Urdu from right to left", () => {
    expect(LOCALES.filter((locale) => direction(locale) === "rtl")).toEqual(["ar", "ur"]);
  });
});

describe("translations", () => {
  it("are at least twenty", () => {
    expect(catalogues.length).toBeGreaterThanOrEqual(20);
  });

  it("belong to published locales", () => {
    const names = new Set(LOCALES.map(catalogueFor));
    for (const { name } of catalogues) expect(names).toContain(name);
  });

  it.each(catalogues)("$name has every sentence and no other", ({ messages }) => {
    expect(Object.keys(messages).sort()).toEqual(Object.keys(en).sort());
  });

  it.each(catalogues)("$name keeps every placeholder", ({ messages }) => {
    for (const [key, text] of Object.entries(en)) {
      expect([key, placeholders(messages[key] ?? "")]).toEqual([key, placeholders(text)]);
    }
  });

  it.each(catalogues)("$name has a form for each plural category, or one for all", ({ name, messages }) => {
    // Romance languages use "many" only from a million on, with the words of "other".
    const categories = pluralCategories(name).filter(
      (category) => !/^(?:es|fr|it|pt)/.test(name) || category !== "many",
    );
    for (const [key, text] of Object.entries(en)) {
      if (!text.includes(" | ")) continue;
      const forms = (messages[key] ?? "").split(" | ").length;
      expect([key, forms === 1 || forms === categories.length]).toEqual([key, true]);
    }
  });

  it.each(catalogues)("$name leaves nothing empty", ({ messages }) => {
    for (const [key, text] of Object.entries(messages))
      expect([key, text.trim() !== ""]).toEqual([key, true]);
  });

  it("carry the renderer's own words", () => {
    const own = Object.fromEntries(Object.keys(widgetMessages).map((key) => [key, en[key as MessageKey]]));
    expect(own).toEqual(widgetMessages);
  });
});

describe("a language", () => {
  it("fills in variables and formats numbers its own way", () => {
    const german = createI18n("de-DE", { ...en, "thread.to_end": "{count} mehr" });
    expect(german.t("thread.to_end", { count: 1234567 })).toBe("1.234.567 mehr");
  });

  it("chooses the plural form", () => {
    const english = createI18n("en");
    expect(english.t("sources.count", { count: 1 })).toBe("1 source");
    expect(english.t("sources.count", { count: 2 })).toBe("2 sources");
  });

  it("chooses among the forms of a language with several", () => {
    const polish = createI18n("pl-PL", {
      ...en,
      "sources.count": "{count} źródło | {count} źródła | {count} źródeł | {count} źródła",
    });
    expect([1, 3, 5, 22].map((count) => polish.t("sources.count", { count }))).toEqual([
      "1 źródło",
      "3 źródła",
      "5 źródeł",
      "22 źródła",
    ]);
  });

  it("leaves a placeholder without value as it is", () => {
    expect(createI18n("en").t("history.options")).toBe("Options for {title}");
  });

  it("is English for an unknown tag and keeps the tag's numbers for an untranslated one", async () => {
    expect((await loadI18n("xx")).t("message.copy")).toBe("Copy");
    expect((await loadI18n("bn")).t("message.copy")).toBe("Copy");
  });
});
