// Colour steps of the design system (@openai/apps-sdk-ui 0.2.2, MIT; see NOTICE).

export const HUE_STEPS = [25, 50, 75, 100, 200, 300, 400, 500, 600, 700, 800, 900, 950, 1000] as const;

/** Hex values in the order of HUE_STEPS. */
const HUES_PACKED = {
  green: "edfaf2d9f4e4b8ebcc8cdfad66d49240c97704b84c00a24000863500692a004f1f003716011c0b001207",
  red: "fff0f0ffd9d9ffc6c5ffa4a2ff8583ff6764fa423ee02e2aba2623911e1b6e16154d100e280b0a1f0909",
  pink: "fff4f9ffe8f3ffd4e8ffbadaffa3ceff8cc1ff66ade04c91ba437a963c676e2c4a4d1f3429101c1a0a11",
  orange: "fff5f0ffe7d9ffcfb4ffb790ff9e6cff8549fb6a22e25507b9480d923b0f6d2e0f4a2206281105211107",
  yellow: "fffbedfff6d9ffeeb8ffe48cffdb66ffd240ffc300e0ac00ba8e00916f006e54004d3b00261d001a1400",
  purple: "f9f5feefe5fee0cefdceb0fbbe95faad7bf9924ff78046d96b3ab4532d8d3f226a2c184a160c25100a19",
  blue: "f5faffe5f3ffcce6ff99ceff66b5ff339cff0285ff0169cc004f99003f7a01356600284d000e1a000d19",
} as const;

export type Hue = keyof typeof HUES_PACKED;
export const HUES = Object.keys(HUES_PACKED) as Hue[];

/** Percentages of step 400 for `<hue>-a25 … a300`. */
export const HUE_ALPHAS: Readonly<Record<Hue, readonly number[]>> = {
  green: [8, 15, 29, 45, 60, 75],
  red: [8, 16, 30, 48, 64, 79],
  pink: [8, 16, 28, 45, 60, 76],
  orange: [7, 16, 33, 48, 65, 81],
  yellow: [8, 15, 27, 45, 59, 74],
  purple: [6, 15, 28, 45, 60, 75],
  blue: [4, 13, 25, 40, 60, 80],
};
export const HUE_ALPHA_STEPS = [25, 50, 75, 100, 200, 300] as const;

export const ALPHA_STEPS = [2, 4, 5, 6, 8, 10, 12, 15, 16, 20, 25, 30, 35, 40, 50, 60, 70] as const;

export const GRAY_STEPS = [
  0, 25, 50, 75, 100, 150, 200, 250, 300, 350, 400, 450, 500, 550, 600, 650, 700, 750, 800, 850, 900, 925,
  950, 975, 1000,
] as const;

/** Lightness bytes in the order of GRAY_STEPS; grays mirror in the dark. */
export const GRAYS = {
  light: "fffcf9f3eddfcdb9af9f8f765d4f41393028211c181613100d",
  dark: "0d101316181c21283039414f5d768f9fafb9cddcedf3f3f9ff",
} as const;

/** `#rrggbb` of one step of a hue. */
export function hueColor(hue: Hue, step: (typeof HUE_STEPS)[number]): string {
  const at = HUE_STEPS.indexOf(step) * 6;
  return `#${HUES_PACKED[hue].slice(at, at + 6)}`;
}

/** `#rrggbb` of the untinted gray at this position of GRAY_STEPS. */
export function grayColor(scheme: "light" | "dark", index: number): string {
  const byte = GRAYS[scheme].slice(index * 2, index * 2 + 2);
  return `#${byte}${byte}${byte}`;
}
