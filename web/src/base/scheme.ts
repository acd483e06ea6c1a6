import { fromOklch, parseHex, toHex, toOklch } from "./color.ts";
import { ALPHA_STEPS, GRAY_STEPS, grayColor } from "./palette.ts";

export type ColorScheme = "light" | "dark";

/** The gray ramp's hue (degrees), strength (0–9) and shift of lightness (−4…4, positive is deeper). */
export interface Grayscale {
  readonly hue: number;
  readonly tint?: number | undefined;
  readonly shade?: number | undefined;
}

export type Variables = Record<string, string>;

const TINT = 0.004;
const SHADE = 0.012;

function tinted(hex: string, scheme: ColorScheme, { hue, tint = 0, shade = 0 }: Grayscale): string {
  const { l } = toOklch(parseHex(hex) ?? [0, 0, 0]);
  // Surfaces move, text stays readable: the light end of the light ramp and the dark end of the dark one.
  const surface = scheme === "light" ? Math.max(0, (l - 0.6) / 0.4) : Math.max(0, (0.55 - l) / 0.4);
  const moved = l + (scheme === "light" ? -1 : 1) * shade * SHADE * surface;
  const c = tint * TINT * (1 - Math.abs(2 * l - 1) * 0.5);
  return toHex(fromOklch({ l: Math.min(1, Math.max(0, moved)), c, h: hue }));
}

function ramp(scheme: ColorScheme, grayscale: Grayscale | undefined): Variables {
  const variables: Variables = {};
  GRAY_STEPS.forEach((step, index) => {
    const plain = grayColor(scheme, index);
    variables[`gray-${step}`] = grayscale ? tinted(plain, scheme, grayscale) : plain;
  });
  // Between two steps of the set: the palest text that still has 4.5:1 on every light surface.
  variables["gray-475"] = grayscale ? tinted("#6c6c6c", scheme, grayscale) : "#6c6c6c";
  const base = variables["gray-1000"];
  for (const step of ALPHA_STEPS) {
    variables[`alpha-${String(step).padStart(2, "0")}`] = `color-mix(in oklab,${base} ${step}%,transparent)`;
  }
  return variables;
}

/** Every value is the name of another variable, or a finished CSS value when it starts with "=". */
type Table = Readonly<Record<string, readonly [light: string, dark: string]>>;

// Where the set's own pairing falls below 4.5:1 the next darker step is taken: tertiary text, soft success, solid tones.
const SEMANTIC: Table = {
  "color-text": ["gray-1000", "gray-1000"],
  "color-text-inverse": ["gray-0", "gray-0"],
  "color-text-secondary": ["gray-500", "gray-700"],
  "color-text-tertiary": ["gray-475", "gray-650"],
  "color-text-disabled": ["gray-400", "gray-500"],
  "color-text-info": ["blue-500", "blue-200"],
  "color-text-warning": ["orange-700", "orange-400"],
  "color-text-caution": ["yellow-800", "yellow-400"],
  "color-text-danger": ["red-600", "red-300"],
  "color-text-success": ["green-700", "green-400"],
  "color-text-discovery": ["purple-600", "purple-200"],
  "color-surface": ["gray-0", "gray-200"],
  "color-surface-secondary": ["gray-50", "gray-100"],
  "color-surface-tertiary": ["gray-75", "gray-50"],
  "color-surface-elevated": ["gray-0", "gray-300"],
  "color-surface-elevated-secondary": ["gray-50", "gray-400"],
  "color-border-subtle": ["alpha-05", "alpha-06"],
  "color-border": ["alpha-10", "alpha-12"],
  "color-border-strong": ["alpha-15", "alpha-20"],
  "color-border-control": ["alpha-16", "alpha-25"],
  "color-border-control-hover": ["alpha-25", "alpha-30"],
  "color-ring": ["blue-500", "blue-400"],
  "color-link": ["blue-500", "blue-300"],
  "color-link-hover": ["blue-800", "blue-400"],
  "color-hover": ["alpha-05", "alpha-08"],
  "color-active": ["alpha-08", "alpha-12"],
  "color-highlight": ["alpha-08", "alpha-10"],
  "color-user-message": ["alpha-05", "alpha-08"],
  "color-code": ["gray-50", "gray-100"],
  "color-backdrop": ["=rgb(0 0 0/30%)", "=rgb(0 0 0/50%)"],
  "syntax-keyword": ["purple-500", "purple-200"],
  "syntax-string": ["green-700", "green-300"],
  "syntax-number": ["orange-600", "yellow-100"],
  "syntax-function": ["blue-500", "blue-200"],
  "syntax-tag": ["pink-600", "pink-300"],
  "syntax-comment": ["gray-500", "gray-650"],
};

/** Solid, solid on hover, soft, soft on hover, text on soft, text of outline and ghost. Text on solid is white but for primary. */
type Tone = readonly [
  solid: string,
  over: string,
  soft: string,
  softOver: string,
  softText: string,
  text: string,
];

const TONES: Readonly<Record<string, readonly [light: Tone, dark: Tone]>> = {
  primary: [
    ["gray-900", "gray-700", "alpha-08", "alpha-12", "gray-1000", "gray-1000"],
    ["gray-950", "gray-900", "alpha-12", "alpha-16", "gray-1000", "gray-1000"],
  ],
  secondary: [
    ["gray-500", "gray-600", "alpha-08", "alpha-12", "gray-1000", "gray-500"],
    ["gray-400", "gray-450", "alpha-12", "alpha-16", "gray-1000", "gray-700"],
  ],
  info: [
    ["blue-500", "blue-600", "blue-a50", "blue-a75", "blue-600", "blue-500"],
    ["blue-500", "blue-600", "blue-a50", "blue-a75", "blue-200", "blue-200"],
  ],
  discovery: [
    ["purple-500", "purple-600", "purple-a50", "purple-a75", "purple-600", "purple-500"],
    ["purple-500", "purple-600", "purple-a50", "purple-a75", "purple-200", "purple-200"],
  ],
  success: [
    ["green-600", "green-700", "green-a50", "green-a75", "green-700", "green-700"],
    ["green-600", "green-700", "green-a50", "green-a75", "green-300", "green-400"],
  ],
  caution: [
    ["yellow-700", "yellow-800", "yellow-a50", "yellow-a75", "yellow-800", "yellow-800"],
    ["yellow-700", "yellow-800", "yellow-a50", "yellow-a75", "yellow-300", "yellow-400"],
  ],
  warning: [
    ["orange-600", "orange-700", "orange-a50", "orange-a75", "orange-700", "orange-700"],
    ["orange-600", "orange-700", "orange-a50", "orange-a75", "orange-200", "orange-300"],
  ],
  danger: [
    ["red-500", "red-600", "red-a50", "red-a75", "red-600", "red-600"],
    ["red-500", "red-600", "red-a50", "red-a75", "red-200", "red-300"],
  ],
};

const TONE_PARTS = ["solid", "solid-hover", "soft", "soft-hover", "soft-text", "tone-text"] as const;

/** Colour names of buttons and badges. */
export const TONE_NAMES = Object.keys(TONES);

const SHADOWS: Readonly<Record<ColorScheme, readonly [alpha: readonly number[], hairline: string]>> = {
  light: [[8, 8, 10, 12], "rgb(0 0 0/8%)"],
  dark: [[20, 20, 36, 30], "rgb(255 255 255/10%)"],
};
const SHADOW_SHAPES = ["0 1px 2px -1px", "0 2px 4px -1px", "0 4px 8px -2px", "0 8px 16px -4px"];

const value = (name: string): string => (name.startsWith("=") ? name.slice(1) : `var(--ck-${name})`);

function tones(scheme: ColorScheme): Variables {
  const variables: Variables = {};
  for (const [name, [light, dark]] of Object.entries(TONES)) {
    (scheme === "light" ? light : dark).forEach((step, index) => {
      variables[`${name}-${TONE_PARTS[index]}`] = value(step);
    });
    variables[`${name}-on-solid`] = name === "primary" ? value("gray-0") : "#fff";
  }
  return variables;
}

function shadows(scheme: ColorScheme): Variables {
  const [alphas, hairline] = SHADOWS[scheme];
  const variables: Variables = { "shadow-hairline": `0 0 0 1px ${hairline}` };
  SHADOW_SHAPES.forEach((shape, index) => {
    variables[`shadow-${(index + 1) * 100}`] = `${shape} rgb(0 0 0/${alphas[index]}%)`;
  });
  return variables;
}

/** The variables (without their `--ck-` prefix) that differ between light and dark. */
export function schemeVariables(scheme: ColorScheme, grayscale?: Grayscale): Variables {
  const variables: Variables = { ...ramp(scheme, grayscale), ...tones(scheme), ...shadows(scheme) };
  // Empty in the light, invalid in the dark: `var(--ck-when-light) a` with a fallback chooses between any two values.
  variables["when-light"] = scheme === "light" ? " " : "initial";
  for (const [name, pair] of Object.entries(SEMANTIC)) {
    variables[name] = value(pair[scheme === "light" ? 0 : 1]);
  }
  return variables;
}
