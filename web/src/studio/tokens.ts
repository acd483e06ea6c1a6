/** Names of colours that widgets may use. */
const HUES = ["red", "orange", "yellow", "green", "blue", "purple", "pink"] as const;
const STEPS = [
  "25",
  "50",
  "100",
  "200",
  "300",
  "400",
  "500",
  "600",
  "700",
  "800",
  "900",
  "950",
  "1000",
] as const;
const GRAY_STEPS = [
  "0",
  "25",
  "50",
  "100",
  "200",
  "300",
  "400",
  "500",
  "600",
  "700",
  "800",
  "900",
  "950",
  "1000",
] as const;
const ALPHA_STEPS = ["02", "05", "08", "10", "15", "20", "30", "40", "50", "70"] as const;

export interface TokenGroup {
  readonly title: string;
  readonly doc: string;
  readonly names: readonly string[];
}

export const TEXT_TOKENS = [
  "prose",
  "primary",
  "emphasis",
  "secondary",
  "tertiary",
  "success",
  "warning",
  "danger",
] as const;
export const SURFACE_TOKENS = [
  "surface",
  "surface-secondary",
  "surface-tertiary",
  "surface-elevated",
  "surface-elevated-secondary",
] as const;
export const BORDER_TOKENS = ["default", "subtle", "strong"] as const;

export const COLOR_GROUPS: readonly TokenGroup[] = [
  { title: "Gray", doc: "Mirrored in the dark scheme.", names: GRAY_STEPS.map((step) => `gray-${step}`) },
  ...HUES.map((hue) => ({
    title: hue[0]?.toUpperCase() + hue.slice(1),
    doc: "",
    names: STEPS.map((step) => `${hue}-${step}`),
  })),
  {
    title: "Alpha",
    doc: "Transparent black, white in the dark scheme.",
    names: ALPHA_STEPS.map((step) => `alpha-${step}`),
  },
];

const primitives = COLOR_GROUPS.flatMap((group) => group.names);
export const TEXT_COLORS: readonly string[] = [...TEXT_TOKENS, ...primitives, "white", "black"];
export const SURFACE_COLORS: readonly string[] = [...SURFACE_TOKENS, ...primitives, "white", "black"];

export const RADII = [
  ["none", 0],
  ["2xs", 2],
  ["xs", 4],
  ["sm", 6],
  ["md", 8],
  ["lg", 10],
  ["xl", 12],
  ["2xl", 16],
  ["3xl", 20],
  ["4xl", 24],
  ["full", 9999],
] as const;

export const CONTROL_SIZES = [
  ["3xs", 22],
  ["2xs", 24],
  ["xs", 26],
  ["sm", 28],
  ["md", 32],
  ["lg", 36],
  ["xl", 40],
  ["2xl", 44],
  ["3xl", 48],
] as const;

export const TITLE_SIZES = [
  ["sm", 18],
  ["md", 20],
  ["lg", 24],
  ["xl", 32],
  ["2xl", 36],
  ["3xl", 48],
  ["4xl", 60],
  ["5xl", 72],
] as const;
