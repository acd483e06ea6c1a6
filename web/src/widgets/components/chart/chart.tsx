import type { JSX } from "preact";
import { blockStyle } from "../../box-style.ts";
import { chunk, Lazy } from "../../lazy.tsx";
import type { WidgetNode } from "../../node.ts";
import { named } from "../element.ts";
import type { ChartPlotProps } from "./plot.tsx";

const plot = chunk<ChartPlotProps>(() => import("./plot.tsx").then((module) => module.ChartPlot));

/** The frame of a chart; what draws it is loaded when the first chart is. */
export function Chart({ node }: { node: WidgetNode }): JSX.Element {
  const style = blockStyle(node.props);
  const sized = style.height !== undefined || style.aspectRatio !== undefined || style.flex !== undefined;
  return (
    <figure {...named("chart", style)} data-sized={sized || undefined}>
      <Lazy of={plot} props={{ node }} />
    </figure>
  );
}
