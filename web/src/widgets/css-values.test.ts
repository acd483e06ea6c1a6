import { describe, expect, it } from "vitest";
import { boxStyle } from "./box-style.ts";
import { background, border, color, flex, length, radius, ratio, space } from "./css-values.ts";
import { imageUrl } from "./url.ts";

const HOSTILE = [
  "url(https://evil.example/a.png)",
  "red;position:fixed",
  "expression(alert(1))",
  "var(--page-secret)",
  "attr(data-x)",
  "env(safe-area-inset-top)",
  "image-set('a.png' 1x)",
  "image(https://evil.example)",
  "element(#x)",
  "-webkit-image-set(url(a) 1x)",
  "linear-gradient(red, url(x))",
  "red}body{display:none",
  "/**/red",
  "\\75rl(x)",
  "u\\72l(x)",
  "calc(1px + var(--x))",
  "@import 'x'",
  "inherit",
  "10px 20px; color: red",
  '"a"',
  "x".repeat(2000),
];

describe("CSS from widgets", () => {
  it.each(HOSTILE)("takes no value like %s anywhere (F171)", (value) => {
    expect(length(value)).toBeUndefined();
    for (const use of ["text", "surface", "border", "chart"] as const)
      expect(color(value, use)).toBeUndefined();
    expect(background(value)).toBeUndefined();
    expect(flex(value)).toBeUndefined();
    expect(ratio(value)).toBeUndefined();
    expect(radius(value)).toBeUndefined();
    expect(border({ size: 1, color: value })).toBe("1px solid var(--ck-color-border)");
  });

  it("counts bare numbers in px for sizes and in steps of 4 px for distances (F138)", () => {
    expect(length(12)).toBe("12px");
    expect(length("12")).toBe("12px");
    expect(space(3)).toBe("12px");
    expect(space(0.5)).toBe("2px");
    expect(space("3px")).toBe("3px");
    expect(boxStyle({ padding: 3, gap: 2, width: 3 })).toEqual({
      padding: "12px",
      gap: "8px",
      width: "3px",
      flexShrink: "0",
    });
  });

  it("takes CSS lengths and arithmetic, with rem as 16 px whatever the page says", () => {
    expect(length("50%")).toBe("50%");
    expect(length("1.5rem")).toBe("24px");
    expect(length("calc(100% - 2rem)")).toBe("calc(100% - 32px)");
    expect(length("min(100%, 20ch)")).toBe("min(100%, 20ch)");
    expect(length("max-content")).toBe("max-content");
  });

  it("knows tokens, steps of the palette, bare hues, CSS colours and pairs (F139)", () => {
    expect(color("secondary", "text")).toBe("var(--ck-color-text-secondary)");
    expect(color("surface-tertiary", "surface")).toBe("var(--ck-color-surface-tertiary)");
    expect(color("subtle", "border")).toBe("var(--ck-color-border-subtle)");
    expect(color("blue-500", "text")).toBe("var(--ck-blue-500)");
    expect(color("red-a100", "surface")).toBe("var(--ck-red-a100)");
    expect(color("alpha-10", "surface")).toBe("var(--ck-alpha-10)");
    expect(color("gray-1000", "text")).toBe("var(--ck-gray-1000)");
    expect(color("blue", "chart")).toBe("light-dark(var(--ck-blue-500),var(--ck-blue-400))");
    expect(color("#ff8800", "text")).toBe("#ff8800");
    expect(color("rgb(1 2 3 / 50%)", "text")).toBe("rgb(1 2 3 / 50%)");
    expect(color({ light: "white", dark: "gray-100" }, "surface")).toBe(
      "light-dark(var(--ck-white),var(--ck-gray-100))",
    );
  });

  it("takes gradients as backgrounds, also one a scheme", () => {
    expect(background("linear-gradient(90deg, #fff, #000 40%)")).toEqual({
      background: "linear-gradient(90deg, #fff, #000 40%)",
    });
    const pair = background({ light: "linear-gradient(red, blue)", dark: "gray-100" });
    expect(pair?.["--_light"]).toBe("var(--ck-when-light) linear-gradient(red, blue)");
    expect(pair?.background).toBe("var(--_light,var(--ck-gray-100))");
    expect(background("none")).toEqual({ background: "transparent" });
  });

  it("reads borders as a number, an object or edges", () => {
    expect(border(2)).toBe("2px solid var(--ck-color-border)");
    expect(boxStyle({ border: { x: { size: 1, color: "strong", style: "dashed" }, left: 3 } })).toEqual({
      borderLeft: "3px solid var(--ck-color-border)",
      borderRight: "1px dashed var(--ck-color-border-strong)",
    });
  });

  it("lets a single edge win over its axis and refuses padding below zero", () => {
    expect(boxStyle({ padding: { x: 2, left: 1 } })).toEqual({ paddingLeft: "4px", paddingRight: "8px" });
    expect(boxStyle({ padding: -4 })).toEqual({});
  });
});

describe("addresses from widgets", () => {
  it.each([
    "javascript:alert(1)",
    " java\nscript:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "blob:https://a/b",
    "//evil.example/a",
    "\\\\evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "java\tscript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/svg+xml;x,",
    "view-source:https://a",
    "file:///etc/passwd",
    "",
    7,
    null,
  ])("drops %s", (value) => {
    expect(imageUrl(value)).toBeUndefined();
  });

  it("keeps web addresses, and pictures that come along as data", () => {
    expect(imageUrl("https://example.org/a.png")).toBe("https://example.org/a.png");
    expect(imageUrl("data:image/png;base64,AA==")).toBe("data:image/png;base64,AA==");
    expect(imageUrl("data:image/svg+xml,%3Csvg/%3E")).toBe("data:image/svg+xml,%3Csvg/%3E");
    expect(imageUrl("mailto:a@example.org")).toBeUndefined();
  });
});
