import type { Page } from "@playwright/test";

/** Pictures are drawn with the fonts of the machine; another font would be another picture. */
export function hasFont(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const context = document.createElement("canvas").getContext("2d");
    if (!context) return false;
    const width = (font: string): number => {
      context.font = `40px ${font}`;
      return context.measureText("Hamburgefonstiv 0123").width;
    };
    return width('"Noto Sans", monospace') !== width("monospace");
  });
}
