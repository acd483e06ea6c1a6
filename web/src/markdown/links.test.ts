import { describe, expect, it } from "vitest";
import { imageAllowed, parseDeeplink, safeLink } from "./links.ts";

describe("F075 deeplinks", () => {
  it.each([
    ["chatkit-link://doc?id=4&page=2", { name: "doc", data: { id: "4", page: "2" } }],
    ["chatkit-link://doc", { name: "doc", data: undefined }],
    ["chatkit-link://doc?a=1&a=2", { name: "doc", data: { a: "2" } }],
    ["chatkit-link://doc?title=a+b%21", { name: "doc", data: { title: "a b!" } }],
    ["chatkit-link://doc/rest#x", { name: "doc", data: undefined }],
    ["chatkit-link://", undefined],
    ["https://e.com", undefined],
  ])("F075 reads %s", (href, wanted) => {
    expect(parseDeeplink(href)).toEqual(wanted);
  });
});

describe("F073 addresses", () => {
  it.each(["https://e.com/a?b#c", "http://e.com", "mailto:a@b.c", "tel:+1", "sms:+1"])(
    "F073 lets %s pass",
    (href) => {
      expect(safeLink(href)?.kind).toBe("url");
    },
  );

  it.each([
    "javascript:1",
    " javascript:1",
    "data:text/html,x",
    "//e.com",
    "\\\\e.com",
    "https:\\\\e.com",
    "",
    "ftp://e.com",
    "java\nscript:1",
    "/path",
  ])("F073 refuses %j", (href) => {
    expect(safeLink(href)).toBeUndefined();
  });

  it("resolves a path against the page", () => {
    expect(safeLink("/help", "https://e.com/x")).toEqual({ kind: "url", href: "https://e.com/help" });
  });
});

describe("F081 images", () => {
  it.each([
    ["https://good.org/a.png", true],
    ["https://cdn.good.org/a.png", true],
    ["https://notgood.org/a.png", false],
    ["https://good.org.evil.com/a.png", false],
    ["http://good.org/a.png", false],
    ["data:image/png;base64,AA", false],
    ["a.png", false],
  ])("F081 with a list, %s loads: %s", (address, allowed) => {
    expect(imageAllowed(address, ["good.org"])).toBe(allowed);
  });

  it("F081 load from anywhere on the web without a list, and from nowhere with an empty one", () => {
    expect(imageAllowed("https://e.com/a.png", undefined)).toBe(true);
    expect(imageAllowed("javascript:1", undefined)).toBe(false);
    expect(imageAllowed("https://e.com/a.png", [])).toBe(false);
  });
});
