import { describe, expect, it } from "vitest";
import { contrast, fromOklch, parseHex, readableOn, toHex, toOklch } from "./color.ts";
import { schemeVariables, TONE_NAMES } from "./scheme.ts";
import { effectiveScheme, type Theme, themeCss } from "./theme.ts";

/** The declarations of one rule of the theme. */
function rule(css: string, selector: string): Record<string, string> {
  const body = css.split(`${selector}{`)[1]?.split("}")[0] ?? "";
  return Object.fromEntries(body.split(";").map((line) => line.split(/:(.*)/s).slice(0, 2)));
}
const host = (theme?: Theme | "light" | "dark") => rule(themeCss(theme), ":host");

/** The hex value a variable leads to. */
function resolve(variables: Record<string, string>, name: string): string {
  let value = variables[`--ck-${name}`] ?? "";
  for (let hop = 0; hop < 5; hop++) {
    const next = /^var\(--ck-([\w-]+)\)$/.exec(value)?.[1];
    if (!next) break;
    value = variables[`--ck-${next}`] ?? "";
  }
  return value;
}

const ratio = (variables: Record<string, string>, text: string, ground: string): number =>
  contrast(
    parseHex(resolve(variables, text)) ?? [0, 0, 0],
    parseHex(resolve(variables, ground)) ?? [0, 0, 0],
  );

describe("theme", () => {
  it("is light unless told otherwise, and carries the colour scheme (F164)", () => {
    expect(host()["color-scheme"]).toBe("light");
    expect(host("dark")["color-scheme"]).toBe("dark");
    expect(resolve(host("dark"), "color-surface")).toBe("#212121");
    expect(resolve(host(), "color-text")).toBe("#0d0d0d");
  });

  it("scales radius and leaves what is round to itself (F165)", () => {
    expect(host()["--ck-radius-md"]).toBe("8px");
    expect(host({ radius: "soft" })["--ck-radius-md"]).toBe("4.8px");
    expect(host({ radius: "sharp" })["--ck-radius-full"]).toBe("0px");
    expect(host({ radius: "pill" })["--ck-radius-control"]).toBe("9999px");
    expect(host({ radius: "round" })["--ck-radius-control"]).toBe("8px");
  });

  it("scales distances with density and never the controls (F165)", () => {
    expect(
      [host({ density: "compact" }), host(), host({ density: "spacious" })].map(
        (each) => each["--ck-gutter"],
      ),
    ).toEqual(["9px", "12px", "15px"]);
    expect(host({ density: "compact" })["--ck-control-md"]).toBe("32px");
  });

  it("takes size and families of type, and nothing that could leave a declaration (F165)", () => {
    const told = host({
      typography: { baseSize: 18, fontFamily: "'Inter', sans-serif", fontFamilyMono: "Fira Code" },
    });
    expect([told["--ck-font-size"], told["--ck-font"], told["--ck-font-mono"]]).toEqual([
      "18px",
      "'Inter', sans-serif",
      "Fira Code",
    ]);
    const hostile = host({ typography: { fontFamily: "x;}*{display:none", baseSize: 999 } });
    expect(hostile["--ck-font"]).toContain("system-ui");
    expect(hostile["--ck-font-size"]).toBe("16px");
  });

  it("tints the grays with a hue and keeps text readable (F166)", () => {
    for (const scheme of ["light", "dark"] as const) {
      for (const shade of [-4, 0, 4]) {
        const variables = host({ colorScheme: scheme, color: { grayscale: { hue: 220, tint: 9, shade } } });
        expect(ratio(variables, "color-text", "color-surface")).toBeGreaterThan(11);
        expect(ratio(variables, "color-text-secondary", "color-surface")).toBeGreaterThan(4.5);
      }
    }
    expect(host({ color: { grayscale: { hue: 220, tint: 6 } } })["--ck-gray-500"]).not.toBe("#5d5d5d");
  });

  it("lets the accent reach further with each level (F166)", () => {
    const at = (level: 0 | 1 | 2 | 3) => host({ color: { accent: { primary: "#0f766e", level } } });
    expect(at(0)["--ck-color-ring"]).toBe("#0f766e");
    expect(resolve(at(0), "primary-solid")).toBe("#181818");
    expect(at(1)["--ck-primary-solid"]).toBe("#0f766e");
    expect(at(1)["--ck-color-prompt-icon"]).toBeUndefined();
    expect(at(2)["--ck-color-user-message"]).toContain("12%");
    expect(at(3)["--ck-color-user-message"]).toBe("#0f766e");
    expect(at(3)["--ck-color-user-message-text"]).toBe("#ffffff");
  });

  it("writes on an accent what can be read, at 4.5:1 (F166)", () => {
    for (const accent of [
      "#ffd240",
      "#0285ff",
      "#924ff7",
      "#00a240",
      "#ffffff",
      "#000000",
      "#8f8f8f",
      "#e25507",
    ]) {
      const rgb = parseHex(accent) ?? [0, 0, 0];
      expect(contrast(rgb, parseHex(readableOn(rgb)) ?? [0, 0, 0])).toBeGreaterThanOrEqual(4.5);
    }
  });

  it("takes its text from the surface the page paints (F166)", () => {
    const dark: Theme = { color: { surface: { background: "#0d1117", foreground: "#1d222b" } } };
    expect(effectiveScheme(dark)).toBe("dark");
    expect(host(dark)["--ck-color-surface"]).toBe("#0d1117");
    expect(host(dark)["--ck-color-surface-elevated"]).toBe("#1d222b");
    expect(resolve(host(dark), "color-text")).toBe("#ffffff");
  });

  it("flips a subtree without touching the page's accent (F140)", () => {
    const css = themeCss({ color: { accent: { primary: "#0f766e" } } });
    expect(rule(css, '[data-theme="dark"]')["color-scheme"]).toBe("dark");
    expect(rule(css, "}[data-theme]")["--ck-primary-solid"]).toBe("#0f766e");
  });

  it("survives options that are nonsense", () => {
    const odd = {
      radius: "constructor",
      density: 7,
      color: { accent: { primary: "url(x)" } },
      typography: null,
    } as unknown as Theme;
    expect(host(odd)["--ck-radius-md"]).toBe("8px");
    expect(host(odd)["--ck-accent"]).toBeUndefined();
  });
});

describe("contrast of the tokens", () => {
  it.each(["light", "dark"] as const)("is 4.5:1 or more for every text on every surface (%s)", (scheme) => {
    const variables = host(scheme);
    for (const text of ["color-text", "color-text-secondary", "color-text-tertiary"]) {
      for (const ground of ["color-surface", "color-surface-secondary", "color-surface-elevated"]) {
        expect(ratio(variables, text, ground), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
      }
    }
    for (const tone of TONE_NAMES) {
      const solid = parseHex(resolve(variables, `${tone}-solid`)) ?? [0, 0, 0];
      const on = parseHex(resolve(variables, `${tone}-on-solid`)) ?? [0, 0, 0];
      expect(contrast(solid, on), tone).toBeGreaterThanOrEqual(4.5);
    }
  });

  it("has the published grays in both schemes", () => {
    expect(schemeVariables("light")["gray-500"]).toBe("#5d5d5d");
    expect(schemeVariables("light")["gray-900"]).toBe("#181818");
    expect(schemeVariables("dark")["gray-900"]).toBe("#ededed");
    expect(schemeVariables("dark")["gray-0"]).toBe("#0d0d0d");
  });

  it("goes to OKLCH and back", () => {
    for (const hex of ["#0285ff", "#ffffff", "#000000", "#e02e2a", "#808080"])
      expect(toHex(fromOklch(toOklch(parseHex(hex) ?? [0, 0, 0])))).toBe(hex);
  });
});
