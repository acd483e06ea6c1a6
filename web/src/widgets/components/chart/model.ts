import { color } from "../../css-values.ts";
import type { Props } from "../../node.ts";
import { flag, number, object, objects, oneOf, text } from "../../props.ts";

export interface Series {
  readonly kind: "bar" | "line" | "area";
  readonly key: string;
  readonly label: string;
  readonly color: string;
  readonly curve: string;
  /** Series of one kind with the same stack lie on top of each other. */
  readonly stack: string | undefined;
}

export interface ChartModel {
  readonly rows: readonly Props[];
  readonly series: readonly Series[];
  readonly categories: readonly string[];
  readonly showXAxis: boolean;
  readonly showYAxis: boolean;
  readonly showLegend: boolean;
  readonly showTooltip: boolean;
  readonly barGap: number | undefined;
  /** Share of a category that stays empty, or px. */
  readonly categoryGap: { readonly share: number } | { readonly px: number };
}

const COLORS = ["blue", "purple", "orange", "green", "red", "yellow", "pink"];
const MOST_ROWS = 500;
const MOST_SERIES = 24;

function seriesOf(props: Props): readonly Series[] {
  return objects(props, "series")
    .slice(0, MOST_SERIES)
    .flatMap((entry, index) => {
      const key = text(entry, "dataKey");
      if (key === undefined) return [];
      const given =
        color(entry.color, "chart") ??
        `light-dark(var(--ck-${COLORS[index % COLORS.length]}-400),var(--ck-${COLORS[index % COLORS.length]}-300))`;
      return [
        {
          kind: oneOf(entry, "type", ["bar", "line", "area"]) ?? "bar",
          key,
          label: text(entry, "label") ?? key,
          color: given,
          curve: text(entry, "curveType") ?? "natural",
          stack: text(entry, "stack"),
        } satisfies Series,
      ];
    });
}

function gapOf(props: Props): ChartModel["categoryGap"] {
  const given = props.barCategoryGap;
  const percent = typeof given === "string" ? /^(\d*\.?\d+)%$/.exec(given.trim()) : null;
  if (percent) return { share: Math.min(0.9, Number(percent[1]) / 100) };
  const px = number(props, "barCategoryGap");
  return px === undefined ? { share: 0.28 } : { px: Math.max(0, px) };
}

/** Reads a chart's props; rows and series beyond what can be told apart are left out. */
export function readChart(props: Props): ChartModel {
  const rows = objects(props, "data").slice(0, MOST_ROWS);
  const axis = object(props, "xAxis") ?? { dataKey: props.xAxis };
  const key = text(axis, "dataKey") ?? "";
  const labels = object(axis, "labels") ?? {};
  const named = (row: Props): string => {
    const raw = text(row, key) ?? "";
    return text(labels, raw) ?? raw;
  };
  return {
    rows,
    series: seriesOf(props),
    categories: rows.map(named),
    showXAxis: flag(axis, "hide") !== true,
    showYAxis: flag(props, "showYAxis") === true,
    showLegend: flag(props, "showLegend") !== false,
    showTooltip: flag(props, "showTooltip") !== false,
    barGap: number(props, "barGap"),
    categoryGap: gapOf(props),
  };
}

/** The value of a series in a row; missing values leave a hole. */
export const cell = (row: Props, series: Series): number | undefined => number(row, series.key);

export interface Span {
  readonly from: number;
  readonly to: number;
  readonly present: boolean;
}

/** From where to where each value reaches, stacked ones on top of those before them. */
export function spansOf({ rows, series }: ChartModel): readonly (readonly Span[])[] {
  const tops = rows.map(() => new Map<string, { up: number; down: number }>());
  return series.map((one) =>
    rows.map((row, index) => {
      const value = cell(row, one);
      if (one.stack === undefined) return { from: 0, to: value ?? 0, present: value !== undefined };
      const key = `${one.kind}:${one.stack}`;
      const top = tops[index]?.get(key) ?? { up: 0, down: 0 };
      const side = (value ?? 0) < 0 ? "down" : "up";
      const from = top[side];
      const to = from + (value ?? 0);
      tops[index]?.set(key, { ...top, [side]: to });
      return { from, to, present: value !== undefined };
    }),
  );
}

/** Round numbers that take in every value and zero. */
export function ticksOf(spans: readonly (readonly Span[])[], wanted = 4): readonly number[] {
  const values = spans.flat().flatMap((span) => [span.from, span.to]);
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  const range = high - low || 1;
  const rough = range / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const first = Math.floor(low / step);
  const last = Math.ceil(high / step);
  return Array.from({ length: last - first + 1 }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  );
}
