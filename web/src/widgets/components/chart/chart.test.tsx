// @vitest-environment happy-dom
import { expect, it } from "vitest";
import { mount, until } from "../../testing.tsx";
import { readChart, spansOf, ticksOf } from "./model.ts";

const data = [
  { m: "Jan", a: 1, b: 3 },
  { m: "Feb", a: 2, b: -1 },
  { m: "Mar", a: null, b: 2 },
];

it("stacks upwards and downwards, and leaves holes where there is no value (F160)", () => {
  const model = readChart({
    data,
    xAxis: "m",
    series: [
      { type: "bar", dataKey: "a", stack: "s" },
      { type: "bar", dataKey: "b", stack: "s" },
    ],
  });
  expect(spansOf(model)[1]?.map(({ from, to }) => [from, to])).toEqual([
    [1, 4],
    [0, -1],
    [0, 2],
  ]);
  expect(spansOf(model)[0]?.[2]?.present).toBe(false);
});

it("marks round numbers, with zero among them", () => {
  const ticks = (from: number, to: number) => ticksOf([[{ from, to, present: true }]]);
  expect(ticks(0, 46)).toEqual([0, 20, 40, 60]);
  expect(ticks(-3, 6)).toEqual([-5, -2.5, 0, 2.5, 5, 7.5]);
  expect(ticks(0, 0)).toContain(0);
  expect(ticks(0, 0.03)).toEqual([0, 0.01, 0.02, 0.03]);
});

it("gives series their colours in order, and takes their own", () => {
  const { series } = readChart({
    data,
    xAxis: "m",
    series: [{ dataKey: "a" }, { dataKey: "b", color: "green" }],
  });
  expect(series[0]?.color).toContain("--ck-blue-400");
  expect(series[1]?.color).toContain("--ck-green-500");
});

it("draws bars, lines and areas with axes, labels and legend (F160)", async () => {
  const view = await mount({
    type: "Chart",
    data,
    xAxis: { dataKey: "m", labels: { Jan: "January" } },
    showYAxis: true,
    series: [
      { type: "bar", dataKey: "a", label: "Visits" },
      { type: "line", dataKey: "b", curveType: "step" },
      { type: "area", dataKey: "b" },
    ],
  });
  await until(() => view.all("svg").length > 0);
  expect(view.all(".w-chart-bars path")).toHaveLength(2);
  expect(view.all(".w-chart-line")).toHaveLength(2);
  expect(view.all(".w-chart-area")).toHaveLength(1);
  expect(view.get(".w-chart-axes").textContent).toContain("January");
  expect(view.all(".w-chart-legend li").map((entry) => entry.textContent)).toEqual(["Visits", "b", "b"]);
});

it("says its numbers in a table too, and in a tooltip on the arrow keys (F160)", async () => {
  const view = await mount({
    type: "Chart",
    data,
    xAxis: "m",
    series: [{ type: "bar", dataKey: "a", label: "Visits" }],
  });
  await until(() => view.all("svg").length > 0);
  expect(view.all("table tbody tr").map((row) => row.textContent)).toEqual(["Jan1", "Feb2", "Mar"]);
  await view.press(".w-chart-box", "ArrowRight");
  expect(view.get(".w-chart-tooltip").textContent).toBe("JanVisits1");
  await view.press(".w-chart-box", "Escape");
  expect(view.all(".w-chart-tooltip")).toHaveLength(0);
});

it("can hide axis, legend and tooltip (F160)", async () => {
  const view = await mount({
    type: "Chart",
    data,
    xAxis: { dataKey: "m", hide: true },
    showLegend: false,
    showTooltip: false,
    series: [{ type: "bar", dataKey: "a" }],
  });
  await until(() => view.all("svg").length > 0);
  expect(view.get(".w-chart-axes").textContent).toBe("");
  expect(view.all(".w-chart-legend")).toHaveLength(0);
  expect(view.get(".w-chart-box").hasAttribute("tabindex")).toBe(false);
});

it("survives data that is none", async () => {
  const view = await mount([{ type: "Chart" }, { type: "Chart", data: "x", series: [7, {}], xAxis: 3 }]);
  await until(() => view.all("svg").length === 2);
  expect(view.errors).toEqual([]);
});
