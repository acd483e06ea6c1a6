// @vitest-environment happy-dom
import { expect, it } from "vitest";
import { mount } from "../../testing.tsx";

const cell = (value: string, more: object = {}) => ({
  type: "Table.Cell",
  ...more,
  children: [{ type: "Text", value }],
});

it("has a header row, spans, alignment and sizes (F161)", async () => {
  const view = await mount({
    type: "Table",
    children: [
      {
        type: "Table.Row",
        header: true,
        children: [cell("Item", { colSize: "lg" }), cell("Price", { align: "end" })],
      },
      {
        type: "Table.Row",
        children: [cell("Total", { colSpan: 2, rowSpan: 1, vAlign: "end", padding: { x: 1 } })],
      },
    ],
  });
  expect(view.all("th").map((head) => [head.getAttribute("scope"), head.textContent])).toEqual([
    ["col", "Item"],
    ["col", "Price"],
  ]);
  expect(view.all("th")[0]?.style.width).toBe("208px");
  expect(view.all("th")[1]?.style.textAlign).toBe("end");
  const total = view.get<HTMLTableCellElement>("td");
  expect([total.colSpan, total.style.verticalAlign, total.style.paddingLeft]).toEqual([2, "bottom", "4px"]);
});

it("can be reached with the keyboard, as it may scroll sideways", async () => {
  expect((await mount({ type: "Table", children: [] })).get(".w-table").tabIndex).toBe(0);
});
