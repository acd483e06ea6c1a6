import { contrast, luminance, parseHex, readableOn } from "./color.ts";
import { loadFonts } from "./fonts.ts";
import { HUE_ALPHA_STEPS, HUE_ALPHAS, HUE_STEPS, HUES, hueColor } from "./palette.ts";
import { type ColorScheme, type Grayscale, schemeVariables, type Variables } from "./scheme.ts";

export type { ColorScheme, Grayscale } from "./scheme.ts";

export interface FontSource {
  readonly family: string;
  readonly src: string;
  readonly weight?: string | number | undefined;
  readonly style?: "normal" | "italic" | "oblique" | undefined;
  readonly display?: "auto" | "block" | "swap" | "fallback" | "optional" | undefined;
  readonly unicodeRange?: string | undefined;
}

/** The `theme` option of the element. */
export interface Theme {
  readonly colorScheme?: ColorScheme | undefined;
  readonly radius?: "pill" | "round" | "soft" | "sharp" | undefined;
  readonly density?: "compact" | "normal" | "spacious" | undefined;
  readonly typography?:
    | {
        readonly baseSize?: number | undefined;
        readonly fontFamily?: string | undefined;
        readonly fontFamilyMono?: string | undefined;
        readonly fontSources?: readonly FontSource[] | undefined;
      }
    | undefined;
  readonly color?:
    | {
        readonly grayscale?: Grayscale | undefined;
        readonly accent?:
          | { readonly primary: string; readonly level?: 0 | 1 | 2 | 3 | undefined }
          | undefined;
        readonly surface?: { readonly background: string; readonly foreground: string } | undefined;
      }
    | undefined;
}

const SANS =
  'ui-sans-serif,-apple-system,system-ui,"Segoe UI","Noto Sans",Helvetica,Arial,"Apple Color Emoji","Segoe UI Emoji","Segoe UI Symbol",sans-serif';
const MONO =
  'ui-monospace,SFMono-Regular,"SF Mono",Menlo,Monaco,Consolas,"Liberation Mono","DejaVu Sans Mono","Courier New",monospace';

const RADII = { "2xs": 2, xs: 4, sm: 6, md: 8, lg: 10, xl: 12, "2xl": 16, "3xl": 20, "4xl": 24 } as const;
const CONTROL_SIZES = {
  "3xs": 22,
  "2xs": 24,
  xs: 26,
  sm: 28,
  md: 32,
  lg: 36,
  xl: 40,
  "2xl": 44,
  "3xl": 48,
} as const;

/** Factor on every radius; the radius of round things; the radius of the chat's own controls. */
const ROUNDNESS = {
  pill: [1, "9999px", "9999px"],
  round: [1, "9999px", "8px"],
  soft: [0.6, "11px", "5px"],
  sharp: [0, "0px", "0px"],
} as const;

const DENSITY = { compact: 0.75, normal: 1, spacious: 1.25 } as const;

/** A colour, font or length from the page that may stand in a declaration, or `undefined`. */
function declarable(text: unknown): string | undefined {
  return typeof text === "string" && text.length < 400 && !/[;{}<>\\@]|\/\*|url\(/i.test(text)
    ? text.trim() || undefined
    : undefined;
}

/** One entry of a table, or the default's when the page gave something else. */
function pick<Table extends object, Key extends keyof Table>(
  table: Table,
  key: unknown,
  fallback: Key,
): Table[keyof Table] {
  return typeof key === "string" && Object.hasOwn(table, key) ? table[key as keyof Table] : table[fallback];
}

function hues(): Variables {
  const variables: Variables = { white: "#fff", black: "#000" };
  for (const hue of HUES) {
    for (const step of HUE_STEPS) variables[`${hue}-${step}`] = hueColor(hue, step);
    HUE_ALPHA_STEPS.forEach((step, index) => {
      variables[`${hue}-a${step}`] =
        `color-mix(in oklab,${hueColor(hue, 400)} ${HUE_ALPHAS[hue][index]}%,transparent)`;
    });
  }
  return variables;
}

function shape(theme: Theme): Variables {
  const [factor, full, control] = pick(ROUNDNESS, theme.radius, "pill");
  const density = pick(DENSITY, theme.density, "normal");
  const variables: Variables = {
    unit: "4px",
    "radius-full": full,
    "radius-control": control,
    density: String(density),
    gutter: `${12 * density}px`,
    duration: "150ms",
    "duration-move": "300ms",
    "ease-enter": "cubic-bezier(.19,1,.22,1)",
    "ease-exit": "cubic-bezier(.8,0,.4,1)",
    "ease-move": "cubic-bezier(.65,0,.35,1)",
  };
  for (const [name, size] of Object.entries(RADII))
    variables[`radius-${name}`] = `${Math.round(size * factor * 10) / 10}px`;
  for (const [name, size] of Object.entries(CONTROL_SIZES)) variables[`control-${name}`] = `${size}px`;
  return variables;
}

function type({ typography }: Theme): Variables {
  const size = typography?.baseSize;
  return {
    font: declarable(typography?.fontFamily) ?? SANS,
    "font-mono": declarable(typography?.fontFamilyMono) ?? MONO,
    "font-size": `${typeof size === "number" && size >= 12 && size <= 24 ? size : 16}px`,
  };
}

let canvas: CanvasRenderingContext2D | null | undefined;

/** Channels of any CSS colour, or `null` when it cannot be told (then nothing is derived from it). */
function channels(color: string): ReturnType<typeof parseHex> {
  if (color === "") return null;
  const hex = parseHex(color);
  if (hex || typeof document === "undefined") return hex;
  canvas ??= document.createElement("canvas").getContext("2d");
  if (!canvas) return null;
  canvas.fillStyle = "#000";
  canvas.fillStyle = color;
  return parseHex(String(canvas.fillStyle));
}

function accent({ color }: Theme): Variables {
  const primary = declarable(color?.accent?.primary);
  if (!primary) return {};
  const level = color?.accent?.level ?? 1;
  const rgb = channels(primary);
  const on = rgb ? readableOn(rgb) : "#fff";
  const away = on === "#ffffff" ? "#000" : "#fff";
  const variables: Variables = { accent: primary, "accent-contrast": on, "color-ring": primary };
  // A pale accent would vanish as the colour of a link.
  const page =
    channels(declarable(color?.surface?.background) ?? "") ??
    (effectiveScheme({ color }) === "dark" ? [0.13, 0.13, 0.13] : [1, 1, 1]);
  if (!rgb || contrast(rgb, page) >= 4.5) {
    variables["color-link"] = primary;
    variables["color-link-hover"] = `color-mix(in oklab,${primary} 80%,${away})`;
  }
  if (level >= 1) {
    variables["primary-solid"] = primary;
    variables["primary-solid-hover"] = `color-mix(in oklab,${primary} 88%,${away})`;
    variables["primary-on-solid"] = on;
  }
  if (level >= 2) {
    variables["color-user-message"] = `color-mix(in oklab,${primary} 12%,transparent)`;
    variables["color-prompt-icon"] = primary;
  }
  if (level >= 3) {
    variables["color-user-message"] = primary;
    variables["color-user-message-text"] = on;
    variables["color-header-accent"] = primary;
  }
  return variables;
}

function surfaces({ color }: Theme): Variables {
  const background = declarable(color?.surface?.background);
  const foreground = declarable(color?.surface?.foreground);
  const mix = (base: string, percent: number): string =>
    `color-mix(in oklab,${base} ${percent}%,var(--ck-gray-1000))`;
  return {
    ...(background && {
      "color-surface": background,
      "color-surface-secondary": mix(background, 97),
      "color-surface-tertiary": mix(background, 95),
    }),
    ...(foreground && {
      "color-surface-elevated": foreground,
      "color-surface-elevated-secondary": mix(foreground, 95),
    }),
  };
}

/** Light or dark; a page that paints the surface dark in the light scheme gets light text, and the other way about. */
export function effectiveScheme(theme: Theme): ColorScheme {
  const asked: ColorScheme = theme.colorScheme === "dark" ? "dark" : "light";
  const surface = channels(declarable(theme.color?.surface?.background) ?? "");
  if (!surface) return asked;
  return luminance(surface) < 0.18 ? "dark" : "light";
}

function rule(selector: string, variables: Variables, extra = ""): string {
  const body = Object.entries(variables).map(([name, text]) => `--ck-${name}:${text}`);
  return `${selector}{${extra}${body.join(";")}}`;
}

/**
 * The theme as the text of a stylesheet: `:host` carries every `--ck-*` variable, and `[data-theme]` below it
 * flips the colours of its subtree. Rules of the page for the element itself win over `:host`, so a page may
 * override any variable.
 */
export function themeCss(option?: ColorScheme | Theme): string {
  const theme: Theme = typeof option === "string" ? { colorScheme: option } : (option ?? {});
  const scheme = effectiveScheme(theme);
  const grayscale = theme.color?.grayscale;
  const flipped = (name: ColorScheme): string =>
    rule(
      `[data-theme="${name}"]`,
      { ...schemeVariables(name, grayscale), ...(name === scheme ? surfaces(theme) : {}) },
      `color-scheme:${name};`,
    );
  const host = {
    ...hues(),
    ...shape(theme),
    ...type(theme),
    ...schemeVariables(scheme, grayscale),
    ...surfaces(theme),
    ...accent(theme),
  };
  // The accent is the page's choice and stays the same in a subtree that is flipped.
  return (
    rule(":host", host, `color-scheme:${scheme};`) +
    flipped("light") +
    flipped("dark") +
    rule("[data-theme]", accent(theme))
  );
}

/**
 * Adopts the theme of one root and replaces it in place, without a reload or a frame in between. Fonts of the theme are
 * made known to the document for as long as the theme asks for them; one that cannot be loaded is reported.
 */
export function createTheme(
  root: DocumentOrShadowRoot,
  report: (error: Error) => void = () => undefined,
): (option?: ColorScheme | Theme) => void {
  const style = new CSSStyleSheet();
  root.adoptedStyleSheets = [style, ...root.adoptedStyleSheets];
  let current: string | undefined;
  let fonts = "[]";
  let releaseFonts = (): void => undefined;
  return (option) => {
    const css = themeCss(option);
    if (css !== current) style.replaceSync(css);
    current = css;
    const sources = (typeof option === "object" && option.typography?.fontSources) || [];
    const wanted = JSON.stringify(sources);
    if (wanted === fonts || !document.fonts) return;
    releaseFonts();
    releaseFonts = loadFonts(sources, report);
    fonts = wanted;
  };
}
