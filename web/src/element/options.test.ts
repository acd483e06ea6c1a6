import type { ChatKitEvents, ChatKitOptions, OpenAIChatKit } from "@openai/chatkit";
import { describe, expect, expectTypeOf, test } from "vitest";
import type { SessionEvents } from "../core/kernel.ts";
import type { ChatKitElement } from "./host.ts";
import type { AllOptions } from "./options.ts";
import { checkOptions } from "./options_check.ts";
import { resolveOptions } from "./options_resolve.ts";

const page = { baseUri: "https://shop.example/a/b.html", language: "de-AT", hostedUrl: null, fetch };
const api = { url: "/chatkit", domainKey: "" };

test("the element takes the published options and has the published methods", () => {
  expectTypeOf<ChatKitOptions>().toExtend<AllOptions>();
  type Methods = Omit<OpenAIChatKit, keyof HTMLElement>;
  expectTypeOf<ChatKitElement>().toExtend<Methods>();
  type Names = keyof ChatKitEvents extends `chatkit.${infer Name}` ? Name : never;
  type Own = "ready" | "deeplink";
  expectTypeOf<Exclude<Names, Own>>().toExtend<keyof SessionEvents>();
});

describe("F013 checking", () => {
  test("unknown keys are left out and named, whatever their depth", () => {
    const { options, unknown, faults } = checkOptions({ api: { ...api, sparkle: 1 }, foo: 1 }, {});
    expect(options).toEqual({ api });
    expect(unknown).toEqual(["api.sparkle", "foo"]);
    expect(faults).toEqual([]);
  });

  test("a faulty value is named and the earlier one stays", () => {
    const { options, faults } = checkOptions(
      { api, composer: { placeholder: 7 }, theme: "blue", header: 3 },
      { composer: { placeholder: "Ask" }, theme: "dark" },
    );
    expect(options).toEqual({ api, composer: { placeholder: "Ask" }, theme: "dark" });
    expect(faults).toHaveLength(3);
    expect(faults[0]).toBe("composer.placeholder should be a string");
  });

  test.each([[null], [undefined], [3], ["x"], [[]]])(
    "%j is no set of options and takes nothing down",
    (given) => {
      expect(checkOptions(given, { api }).options).toEqual({ api });
    },
  );

  test("a faulty row of a list goes, the others stay", () => {
    const tool = { id: "a", label: "A", icon: "globe" };
    expect(checkOptions({ composer: { tools: [tool, "x"] } }, {}).options).toEqual({
      composer: { tools: [tool] },
    });
  });
});

describe("resolving", () => {
  test("the defaults are the documented ones", () => {
    const resolved = resolveOptions({ api }, page);
    expect(resolved).toMatchObject({
      locale: "de-DE",
      problem: null,
      header: { enabled: true, title: { enabled: true, text: null }, leftAction: null, rightAction: null },
      history: { enabled: true, showDelete: true, showRename: true },
      threadItemActions: { feedback: false, retry: false },
      composer: { attachments: null, tools: [], models: [], dictation: false },
      thread: { autoScroll: false },
      disabled: false,
      layout: "fill",
    });
    expect(
      resolveOptions(
        {
          api: { ...api, uploadStrategy: { type: "two_phase" } },
          composer: { attachments: { enabled: true } },
        },
        page,
      ).composer.attachments,
    ).toEqual({
      maxSize: 100 * 1024 * 1024,
      maxCount: 10,
      accept: null,
    });
  });

  test("F014 addresses are meant from the page", () => {
    expect(resolveOptions({ api }, page).session.api.url).toBe("https://shop.example/chatkit");
    const upload = { ...api, url: "chat", uploadStrategy: { type: "direct" as const, uploadUrl: "up" } };
    const { session } = resolveOptions({ api: upload }, page);
    expect(session.api).toMatchObject({
      url: "https://shop.example/a/chat",
      uploadStrategy: { uploadUrl: "https://shop.example/a/up" },
    });
  });

  test.each<[string, Partial<AllOptions>, RegExp]>([
    ["api", {}, /"api" is missing/],
    ["api.url", { api: { domainKey: "x" } as never }, /"api.url" is missing/],
    [
      "api.uploadStrategy",
      { api, composer: { attachments: { enabled: true } } },
      /"api.uploadStrategy" is missing/,
    ],
    ["an address for getClientSecret", { api: { getClientSecret: async () => "s" } }, /needs an address/],
  ])("F012 a missing %s is a problem, and no request goes out", async (_what, options, words) => {
    const { problem, session } = resolveOptions(options, page);
    expect(problem).toMatch(words);
    await expect(session.api.fetch("https://shop.example/chatkit")).rejects.toMatchObject({
      name: "IntegrationError",
    });
  });

  test("the hosted profile works with an address of its own or the script's", () => {
    const hosted = { getClientSecret: async () => "s" };
    expect(resolveOptions({ api: hosted }, { ...page, hostedUrl: "/conversation" }).session.api.url).toBe(
      "https://shop.example/conversation",
    );
    expect(resolveOptions({ api: { ...hosted, url: "/own" } as never }, page).problem).toBeNull();
  });

  test("F133 a locale is resolved, and an unknown one is English", () => {
    expect(resolveOptions({ api, locale: "zh-Hant" }, page).locale).toBe("zh-TW");
    expect(resolveOptions({ api }, { ...page, language: "xx" }).locale).toBe("en");
  });

  test("F126 tags in prompts get what the wire needs", () => {
    const prompt = [{ type: "input_tag" as const, id: "e", text: "Ada" }];
    expect(
      resolveOptions({ api, startScreen: { prompts: [{ label: "Ask", prompt }] } }, page).startScreen
        .prompts[0]?.prompt,
    ).toEqual([{ type: "input_tag", id: "e", text: "Ada", data: {}, interactive: false }]);
  });
});
