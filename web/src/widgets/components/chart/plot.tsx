import type { JSX } from "preact";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { useStyles } from "../../../base/index.ts";
import type { WidgetNode } from "../../node.ts";
import { useScope } from "../../scope.ts";
import { type Frame, labelEvery, layOut } from "./layout.ts";
import { Area, Bars, Line } from "./marks.tsx";
import { type ChartModel, cell, readChart, spansOf, ticksOf } from "./model.ts";
import css from "./plot.css?inline";

export interface ChartPlotProps {
  readonly node: WidgetNode;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The size of the box the chart is drawn in. */
function useSize(): { box: { current: HTMLDivElement | null }; size: Size } {
  const box = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState<Size>({ width: 320, height: 200 });
  useLayoutEffect(() => {
    const element = box.current;
    if (!element || typeof ResizeObserver === "undefined") return;
    const measure = (): void => {
      const { clientWidth: width, clientHeight: height } = element;
      if (width > 0 && height > 0)
        setSize((old) => (old.width === width && old.height === height ? old : { width, height }));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return { box, size };
}

function Axes({
  model,
  frame,
  ticks,
  layout,
  number,
}: {
  model: ChartModel;
  frame: Frame;
  ticks: readonly number[];
  layout: ReturnType<typeof layOut>;
  number: Intl.NumberFormat;
}): JSX.Element {
  const every = labelEvery(model.categories, layout.step);
  const bottom = frame.top + frame.height;
  return (
    <g class="w-chart-axes">
      {ticks.map((tick) => (
        <g key={tick}>
          <line
            x1={frame.left}
            x2={frame.left + frame.width}
            y1={layout.y(tick)}
            y2={layout.y(tick)}
            data-zero={tick === 0 || undefined}
          />
          {model.showYAxis ? (
            <text x={frame.left - 8} y={layout.y(tick)} dy=".32em" text-anchor="end">
              {number.format(tick)}
            </text>
          ) : null}
        </g>
      ))}
      {model.showXAxis
        ? model.categories.map((label, index) =>
            index % every === 0 ? (
              // biome-ignore lint/suspicious/noArrayIndexKey: categories may repeat
              <text key={index} x={layout.center(index)} y={bottom + 18} text-anchor="middle">
                {label.length > 14 ? `${label.slice(0, 13)}…` : label}
              </text>
            ) : null,
          )
        : null}
    </g>
  );
}

function Tooltip({
  model,
  index,
  left,
  flip,
  number,
}: {
  model: ChartModel;
  index: number;
  left: number;
  flip: boolean;
  number: Intl.NumberFormat;
}): JSX.Element | null {
  const row = model.rows[index];
  if (!row) return null;
  return (
    <div class="w-chart-tooltip" data-flip={flip || undefined} style={{ left: `${left}px` }}>
      <strong>{model.categories[index]}</strong>
      {model.series.map((one) => {
        const value = cell(row, one);
        return value === undefined ? null : (
          <div key={one.key}>
            <i style={{ background: one.color }} />
            <span>{one.label}</span>
            <b>{number.format(value)}</b>
          </div>
        );
      })}
    </div>
  );
}

/** The same numbers for those who do not see the drawing. */
function DataTable({
  model,
  label,
  number,
}: {
  model: ChartModel;
  label: string;
  number: Intl.NumberFormat;
}): JSX.Element {
  return (
    <table class="ck-hidden">
      <caption>{label}</caption>
      <thead>
        <tr>
          <td />
          {model.series.map((one) => (
            <th key={one.key} scope="col">
              {one.label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {model.rows.map((row, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: categories may repeat
          <tr key={index}>
            <th scope="row">{model.categories[index]}</th>
            {model.series.map((one) => {
              const value = cell(row, one);
              return <td key={one.key}>{value === undefined ? "" : number.format(value)}</td>;
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const MARKS = { bar: Bars, line: Line, area: Area } as const;

/** Areas lie behind, lines in front. */
const ORDER = { area: 0, bar: 1, line: 2 } as const;

function Marks({
  model,
  layout,
  spans,
}: {
  model: ChartModel;
  layout: ReturnType<typeof layOut>;
  spans: ReturnType<typeof spansOf>;
}): JSX.Element {
  const order = model.series
    .map((one, index) => ({ one, index }))
    .sort((a, b) => ORDER[a.one.kind] - ORDER[b.one.kind]);
  return (
    <>
      {order.map(({ one, index }) => {
        const Mark = MARKS[one.kind];
        const covered = model.series
          .slice(index + 1)
          .some((other) => other.kind === one.kind && other.stack !== undefined && other.stack === one.stack);
        return (
          <Mark
            key={`${one.kind}:${one.key}`}
            series={one}
            spans={spans[index] ?? []}
            layout={layout}
            covered={covered}
          />
        );
      })}
    </>
  );
}

function frameOf(
  { width, height }: Size,
  model: ChartModel,
  ticks: readonly number[],
  number: Intl.NumberFormat,
): Frame {
  const widest = Math.max(0, ...ticks.map((tick) => number.format(tick).length));
  const left = model.showYAxis ? widest * 7 + 14 : 4;
  const bottom = model.showXAxis ? 26 : 6;
  return { left, top: 8, width: Math.max(40, width - left - 4), height: Math.max(40, height - 8 - bottom) };
}

function Legend({ model }: { model: ChartModel }): JSX.Element {
  return (
    <ul class="w-chart-legend">
      {model.series.map((one) => (
        <li key={one.key}>
          <i style={{ background: one.color }} />
          {one.label}
        </li>
      ))}
    </ul>
  );
}

/** Draws a chart: bars, lines and areas over common categories. */
export function ChartPlot({ node }: ChartPlotProps): JSX.Element {
  useStyles(css);
  const { t, host } = useScope();
  const locale = host.locale.value;
  const { box, size } = useSize();
  const [active, setActive] = useState<number | null>(null);
  const model = useMemo(() => readChart(node.props), [node.props]);
  const spans = useMemo(() => spansOf(model), [model]);
  const ticks = useMemo(() => ticksOf(spans), [spans]);
  const number = useMemo(() => new Intl.NumberFormat(locale, { maximumFractionDigits: 2 }), [locale]);
  const frame = frameOf(size, model, ticks, number);
  const layout = layOut(model, frame, ticks);
  const last = model.rows.length - 1;
  const point = (x: number): void => {
    const index = Math.floor((x - frame.left) / layout.step);
    setActive(index < 0 || index > last ? null : index);
  };
  const step = (event: KeyboardEvent): void => {
    const moves: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1 };
    const move = moves[event.key];
    if (event.key === "Escape") setActive(null);
    if (!move) return;
    event.preventDefault();
    setActive(Math.min(last, Math.max(0, active === null ? (move > 0 ? 0 : last) : active + move)));
  };
  const names = model.series.map((one) => one.label).join(", ");
  const tooltip = model.showTooltip && model.rows.length > 0;
  return (
    <>
      <div
        ref={box}
        class="w-chart-box"
        role="img"
        dir="ltr"
        aria-label={`${t("widget.chart")}: ${names}`}
        tabIndex={tooltip ? 0 : undefined}
        onPointerMove={
          tooltip
            ? (event) => point(event.clientX - event.currentTarget.getBoundingClientRect().left)
            : undefined
        }
        onPointerLeave={() => setActive(null)}
        onBlur={() => setActive(null)}
        onKeyDown={tooltip ? step : undefined}
      >
        <svg
          width={size.width}
          height={size.height}
          viewBox={`0 0 ${size.width} ${size.height}`}
          aria-hidden="true"
        >
          <Axes model={model} frame={frame} ticks={ticks} layout={layout} number={number} />
          {active === null ? null : (
            <rect
              class="w-chart-cursor"
              x={frame.left + layout.step * active}
              y={frame.top}
              width={layout.step}
              height={frame.height}
              rx="4"
            />
          )}
          <Marks model={model} layout={layout} spans={spans} />
        </svg>
        {active === null ? null : (
          <Tooltip
            model={model}
            index={active}
            left={layout.center(active)}
            flip={layout.center(active) > size.width / 2}
            number={number}
          />
        )}
      </div>
      {model.showLegend && model.series.length > 0 ? <Legend model={model} /> : null}
      <DataTable model={model} label={t("widget.chart_data")} number={number} />
    </>
  );
}
