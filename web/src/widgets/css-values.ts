/** CSS from untrusted widgets: tokens, numbers and a white list of shapes; everything else counts as not given. */

const MAX = 300;

const LENGTH = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:px|%|em|ch|ex|vh|vw|dvh|svh|vmin|vmax|pt|cm|mm|in)?$/;
const REM = /([+-]?(?:\d+\.?\d*|\.\d+))rem\b/g;
const KEYWORDS = new Set(["auto", "fit-content", "max-content", "min-content", "none", "stretch"]);
const FUNCTIONS = new Set(["calc", "min", "max", "clamp"]);
const ARITHMETIC = /^[\w\s.,%()+\-*/]+$/;

/** Names of the functions that are called in a value. */
function functionsIn(value: string): string[] {
  return [...value.matchAll(/([\w-]*)\(/g)].map(([, name]) => (name ?? "").toLowerCase());
}

function balanced(value: string): boolean {
  let depth = 0;
  for (const char of value) {
    if (char === "(") depth++;
    else if (char === ")" && --depth < 0) return false;
  }
  return depth === 0;
}

/** A CSS length. Bare numbers count `unit` px each; `rem` is 16 px, whatever the page's root size is. */
export function length(value: unknown, unit = 1): string | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? `${value * unit}px` : undefined;
  if (typeof value !== "string" || value.length > MAX) return undefined;
  const plain = value.trim().replace(REM, (_, amount: string) => `${Number(amount) * 16}px`);
  if (plain === "") return undefined;
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)$/.test(plain)) return `${Number(plain) * unit}px`;
  if (LENGTH.test(plain) || KEYWORDS.has(plain)) return plain;
  const calls = functionsIn(plain);
  const safe = calls.length > 0 && calls.every((name) => FUNCTIONS.has(name) || name === "");
  return safe && ARITHMETIC.test(plain) && balanced(plain) ? plain : undefined;
}

/** A distance between things: numbers are steps of 4 px. */
export const space = (value: unknown): string | undefined => length(value, 4);

const RADII = new Set(["2xs", "xs", "sm", "md", "lg", "xl", "2xl", "3xl", "4xl", "full"]);

export function radius(value: unknown): string | undefined {
  if (value === "none" || value === 0) return "0";
  if (value === "100%") return "100%";
  if (typeof value === "string" && RADII.has(value)) return `var(--ck-radius-${value})`;
  return length(value);
}

export type ColorUse = "text" | "surface" | "border" | "chart";

const TOKENS: Readonly<Record<ColorUse, Readonly<Record<string, string>>>> = {
  text: {
    prose: "color-text",
    primary: "color-text",
    emphasis: "color-text",
    default: "color-text",
    secondary: "color-text-secondary",
    tertiary: "color-text-tertiary",
    info: "color-text-info",
    discovery: "color-text-discovery",
    success: "color-text-success",
    caution: "color-text-caution",
    warning: "color-text-warning",
    danger: "color-text-danger",
  },
  surface: {
    surface: "color-surface",
    "surface-secondary": "color-surface-secondary",
    "surface-tertiary": "color-surface-tertiary",
    "surface-elevated": "color-surface-elevated",
    "surface-elevated-secondary": "color-surface-elevated-secondary",
  },
  border: { default: "color-border", subtle: "color-border-subtle", strong: "color-border-strong" },
  chart: {},
};

const HUE = "green|red|pink|orange|yellow|purple|blue";
const STEPS = "25|50|75|100|200|300|400|500|600|700|800|900|950|1000";
const PRIMITIVE = new RegExp(
  `^(?:gray-(?:0|25|50|75|100|150|200|250|300|350|400|450|500|550|600|650|700|750|800|850|900|925|950|975|1000)` +
    `|(?:${HUE})-(?:${STEPS}|a25|a50|a75|a100|a200|a300)` +
    `|alpha-(?:02|04|05|06|08|10|12|15|16|20|25|30|35|40|50|60|70)|white|black)$`,
);
const BARE_HUE = new RegExp(`^(?:${HUE})$`);

const COLOR_FUNCTIONS = new Set([
  "rgb",
  "rgba",
  "hsl",
  "hsla",
  "hwb",
  "lab",
  "lch",
  "oklab",
  "oklch",
  "color",
  "color-mix",
  "light-dark",
]);
const GRADIENTS = new Set([
  "linear-gradient",
  "radial-gradient",
  "conic-gradient",
  "repeating-linear-gradient",
  "repeating-radial-gradient",
  "repeating-conic-gradient",
]);
const PAINT = /^[\w\s.,%#()+\-*/]+$/;

function token(name: string, use: ColorUse): string | undefined {
  const plain = name.toLowerCase();
  for (const table of [TOKENS[use], TOKENS.surface, TOKENS.text, TOKENS.border]) {
    if (Object.hasOwn(table, plain)) return `var(--ck-${table[plain]})`;
  }
  const padded = plain.replace(/^alpha-(\d)$/, "alpha-0$1");
  if (PRIMITIVE.test(padded)) return `var(--ck-${padded})`;
  if (BARE_HUE.test(plain)) {
    // As text a hue must be readable, so it stands further away from the surface.
    const [light, dark] = use === "text" ? [600, 300] : [500, 400];
    return `light-dark(var(--ck-${plain}-${light}),var(--ck-${plain}-${dark}))`;
  }
  return plain === "gray" ? "var(--ck-gray-500)" : undefined;
}

function cssColor(value: string): string | undefined {
  if (/^#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/i.test(value)) return value;
  if (/^[a-z]+$/i.test(value)) {
    const known = globalThis.CSS?.supports?.("color", value) ?? true;
    return known && !/^(?:inherit|initial|unset|revert)$/i.test(value) ? value : undefined;
  }
  const calls = functionsIn(value);
  const safe =
    calls.length > 0 &&
    calls.every((name) => COLOR_FUNCTIONS.has(name) || FUNCTIONS.has(name) || name === "");
  return safe && PAINT.test(value) && balanced(value) ? value : undefined;
}

function single(value: unknown, use: ColorUse): string | undefined {
  if (typeof value !== "string" || value.length > MAX) return undefined;
  const plain = value.trim();
  return token(plain, use) ?? cssColor(plain);
}

/** A colour: design token, step of the palette (`blue-500`, `alpha-10`), bare hue, CSS colour, or `{light, dark}`. */
export function color(value: unknown, use: ColorUse): string | undefined {
  if (typeof value !== "object" || value === null) return single(value, use);
  const pair = value as { readonly light?: unknown; readonly dark?: unknown };
  const [light, dark] = [single(pair.light, use), single(pair.dark, use)];
  return light && dark ? `light-dark(${light},${dark})` : (light ?? dark);
}

function gradient(value: unknown): string | undefined {
  if (typeof value !== "string" || value.length > 4 * MAX) return undefined;
  const calls = functionsIn(value);
  const safe = calls.every(
    (name) => GRADIENTS.has(name) || COLOR_FUNCTIONS.has(name) || FUNCTIONS.has(name) || name === "",
  );
  return GRADIENTS.has(calls[0] ?? "") && safe && PAINT.test(value) && balanced(value)
    ? value.trim()
    : undefined;
}

/** A background: a colour or a gradient. Never an image: its address would tell a third party who reads. */
export function background(value: unknown): Readonly<Record<string, string>> | undefined {
  if (value === "none") return { background: "transparent" };
  const paint = (one: unknown): string | undefined => gradient(one) ?? single(one, "surface");
  if (typeof value !== "object" || value === null) {
    const plain = paint(value);
    return plain === undefined ? undefined : { background: plain };
  }
  const pair = value as { readonly light?: unknown; readonly dark?: unknown };
  const [light, dark] = [paint(pair.light), paint(pair.dark)];
  if (!light || !dark) return light || dark ? { background: light ?? dark ?? "" } : undefined;
  if (!gradient(pair.light) && !gradient(pair.dark)) return { background: `light-dark(${light},${dark})` };
  // `--ck-when-light` is empty in light subtrees and invalid in dark ones, where the second value takes over.
  return { "--_light": `var(--ck-when-light) ${light}`, background: `var(--_light,${dark})` };
}

const BORDER_STYLES = new Set(["solid", "dashed", "dotted", "double", "groove", "ridge", "inset", "outset"]);

/** One edge: `2`, or `{size, color, style}`. */
export function border(value: unknown): string | undefined {
  if (typeof value === "number" && Number.isFinite(value))
    return `${Math.max(0, value)}px solid var(--ck-color-border)`;
  if (typeof value !== "object" || value === null) return undefined;
  const edge = value as { readonly size?: unknown; readonly color?: unknown; readonly style?: unknown };
  const size =
    typeof edge.size === "number" && Number.isFinite(edge.size) ? Math.max(0, edge.size) : undefined;
  if (size === undefined) return undefined;
  const style = typeof edge.style === "string" && BORDER_STYLES.has(edge.style) ? edge.style : "solid";
  return `${size}px ${style} ${color(edge.color, "border") ?? "var(--ck-color-border)"}`;
}

/** `flex` of an item: a number, `auto`, `none`, or up to three parts. */
export function flex(value: unknown): string | undefined {
  if (typeof value === "number") return Number.isFinite(value) && value >= 0 ? String(value) : undefined;
  if (typeof value !== "string") return undefined;
  const plain = value.trim();
  return /^(?:auto|none|initial|\d*\.?\d+(?:\s+\d*\.?\d+)?(?:\s+(?:auto|content|\d*\.?\d+(?:px|%)?))?)$/.test(
    plain,
  )
    ? plain
    : undefined;
}

/** `aspect-ratio`: `1.5`, `"16/9"`, `"16:9"`. */
export function ratio(value: unknown): string | undefined {
  if (typeof value === "number") return Number.isFinite(value) && value > 0 ? String(value) : undefined;
  if (typeof value !== "string") return undefined;
  const match = /^\s*(\d*\.?\d+)\s*(?:[/:]\s*(\d*\.?\d+))?\s*$/.exec(value);
  return match ? (match[2] === undefined ? match[1] : `${match[1]} / ${match[2]}`) : undefined;
}
