import type { ChartModel, Series } from "./model.ts";

export interface Frame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface Slot {
  readonly x: number;
  readonly width: number;
}

const WIDEST_BAR = 56;

/** One column a stack, one a series that is not stacked; in the order of first appearance. */
function columnsOf(series: readonly Series[]): readonly string[] {
  const bars = series.filter((one) => one.kind === "bar");
  return [...new Set(bars.map((one) => (one.stack === undefined ? `key:${one.key}` : `stack:${one.stack}`)))];
}

export interface Layout {
  /** Width of one category. */
  readonly step: number;
  /** Middle of a category. */
  center(index: number): number;
  slot(series: Series, index: number): Slot;
  y(value: number): number;
}

export function layOut(model: ChartModel, frame: Frame, ticks: readonly number[]): Layout {
  const count = Math.max(1, model.rows.length);
  const step = frame.width / count;
  const columns = columnsOf(model.series);
  const gap = "px" in model.categoryGap ? model.categoryGap.px : step * model.categoryGap.share;
  const between = columns.length > 1 ? (model.barGap ?? Math.min(4, step * 0.06)) : 0;
  const room = Math.max(1, step - gap - between * (columns.length - 1));
  const width = Math.min(WIDEST_BAR, room / Math.max(1, columns.length));
  const all = width * columns.length + between * (columns.length - 1);
  const low = ticks[0] ?? 0;
  const high = ticks.at(-1) ?? 1;
  const center = (index: number): number => frame.left + step * (index + 0.5);
  return {
    step,
    center,
    slot(series, index) {
      const column = columns.indexOf(
        series.stack === undefined ? `key:${series.key}` : `stack:${series.stack}`,
      );
      return { x: center(index) - all / 2 + column * (width + between), width };
    },
    y: (value) => frame.top + frame.height * (1 - (value - low) / (high - low || 1)),
  };
}

/** Every how many categories a label fits. */
export function labelEvery(categories: readonly string[], step: number): number {
  const longest = Math.max(1, ...categories.map((label) => Math.min(label.length, 14)));
  return Math.max(1, Math.ceil((longest * 6.6 + 10) / Math.max(1, step)));
}
