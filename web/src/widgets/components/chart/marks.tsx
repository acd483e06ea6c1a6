import {
  area,
  type CurveFactory,
  curveBasis,
  curveBumpX,
  curveBumpY,
  curveLinear,
  curveMonotoneX,
  curveMonotoneY,
  curveNatural,
  curveStep,
  curveStepAfter,
  curveStepBefore,
  line,
} from "d3-shape";
import type { JSX } from "preact";
import type { Layout } from "./layout.ts";
import type { Series, Span } from "./model.ts";

const CURVES: Readonly<Record<string, CurveFactory>> = {
  basis: curveBasis,
  bump: curveBumpX,
  bumpX: curveBumpX,
  bumpY: curveBumpY,
  linear: curveLinear,
  monotone: curveMonotoneX,
  monotoneX: curveMonotoneX,
  monotoneY: curveMonotoneY,
  natural: curveNatural,
  step: curveStep,
  stepAfter: curveStepAfter,
  stepBefore: curveStepBefore,
};

interface MarkProps {
  readonly series: Series;
  readonly spans: readonly Span[];
  readonly layout: Layout;
  /** Whether another bar lies on top, so that this one has no rounded end. */
  readonly covered?: boolean;
}

const round = (value: number): number => Math.round(value * 100) / 100;

function barPath(x: number, width: number, from: number, to: number, covered: boolean): string {
  const down = to > from;
  const height = Math.abs(to - from);
  const r = covered ? 0 : Math.min(4, width / 2, height);
  const end = down ? -r : r;
  const [left, right] = [round(x), round(x + width)];
  const [base, tip, shoulder] = [round(from), round(to), round(to + end)];
  return `M${left} ${base}V${shoulder}Q${left} ${tip} ${round(x + r)} ${tip}H${round(x + width - r)}Q${right} ${tip} ${right} ${shoulder}V${base}Z`;
}

export function Bars({ series, spans, layout, covered = false }: MarkProps): JSX.Element {
  return (
    <g class="w-chart-bars" data-series={series.key} style={{ fill: series.color }}>
      {spans.map((span, index) => {
        if (!span.present || span.from === span.to) return null;
        const { x, width } = layout.slot(series, index);
        // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its category
        return <path key={index} d={barPath(x, width, layout.y(span.from), layout.y(span.to), covered)} />;
      })}
    </g>
  );
}

export function Line({ series, spans, layout }: MarkProps): JSX.Element {
  const curve = CURVES[series.curve] ?? curveNatural;
  const path = line<Span>(
    (_, index) => round(layout.center(index)),
    (span) => round(layout.y(span.to)),
  )
    .defined((span) => span.present)
    .curve(curve)(spans as Span[]);
  const single = spans.filter((span) => span.present).length === 1;
  return (
    <g class="w-chart-line" data-series={series.key} style={{ stroke: series.color, fill: series.color }}>
      <path d={path ?? ""} fill="none" />
      {single
        ? spans.map((span, index) =>
            span.present ? (
              // biome-ignore lint/suspicious/noArrayIndexKey: a point is its category
              <circle key={index} cx={layout.center(index)} cy={layout.y(span.to)} r="3" />
            ) : null,
          )
        : null}
    </g>
  );
}

export function Area({ series, spans, layout }: MarkProps): JSX.Element {
  const curve = CURVES[series.curve] ?? curveNatural;
  const shape = area<Span>()
    .x((_, index) => round(layout.center(index)))
    .y0((span) => round(layout.y(span.from)))
    .y1((span) => round(layout.y(span.to)))
    .defined((span) => span.present)
    .curve(curve)(spans as Span[]);
  return (
    <g class="w-chart-area" data-series={series.key}>
      <path d={shape ?? ""} style={{ fill: series.color }} opacity=".22" />
      <Line series={series} spans={spans} layout={layout} />
    </g>
  );
}
