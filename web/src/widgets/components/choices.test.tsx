// @vitest-environment happy-dom
import { expect, it } from "vitest";
import { mount } from "../testing.tsx";

it("radio buttons of two groups with one name do not disturb each other", async () => {
  const group = (key: string) => ({
    type: "RadioGroup",
    key,
    name: "same",
    options: [
      { value: "a", label: "A" },
      { value: "b", label: "B" },
    ],
  });
  const view = await mount({ type: "Card", children: [group("1"), group("2")] });
  const names = new Set(view.all("input").map((input) => (input as HTMLInputElement).name));
  expect(names.size).toBe(2);
});

it("a radio group is named, required, laid out and partly disabled as told", async () => {
  const view = await mount({
    type: "RadioGroup",
    name: "seat",
    ariaLabel: "Seat",
    required: true,
    direction: "col",
    defaultValue: "w",
    options: [
      { value: "w", label: "Window" },
      { value: "m", label: "Middle", disabled: true },
    ],
  });
  const group = view.get('[role="radiogroup"]');
  expect([group.getAttribute("aria-label"), group.getAttribute("aria-required")]).toEqual(["Seat", "true"]);
  expect(view.get(".w-radio-options").dataset.direction).toBe("col");
  expect(
    view
      .all("input")
      .map((input) => [(input as HTMLInputElement).checked, (input as HTMLInputElement).disabled]),
  ).toEqual([
    [true, false],
    [false, true],
  ]);
});

it("a choice raises its change with its own value (F151)", async () => {
  const view = await mount({
    type: "RadioGroup",
    name: "seat",
    options: [
      { value: "w", label: "Window" },
      { value: "a", label: "Aisle" },
    ],
    onChangeAction: { type: "seat", streaming: false },
  });
  view.all("input")[1]?.click();
  view.all("input")[0]?.click();
  expect(view.requests.map(({ values }) => values)).toEqual([{ seat: "a" }, { seat: "w" }]);
});

it("a checkbox without a label is named by its field", async () => {
  const view = await mount({ type: "Checkbox", name: "news" });
  expect(view.get("input").getAttribute("aria-label")).toBe("news");
});
