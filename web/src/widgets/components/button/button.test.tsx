// @vitest-environment happy-dom
import { expect, it } from "vitest";
import { mount } from "../../testing.tsx";

const look = async (widget: object): Promise<(string | undefined)[]> => {
  const { dataset } = (await mount(widget)).get("button");
  return [dataset.tone, dataset.variant, dataset.size, dataset.pill];
};

it("is quiet by default, and outlined in a row (F137)", async () => {
  expect(await look({ type: "Button", label: "a" })).toEqual(["secondary", "solid", "lg", "true"]);
  expect(await look({ type: "Row", children: [{ type: "Button", label: "a" }] })).toEqual([
    "secondary",
    "outline",
    "lg",
    "true",
  ]);
});

it("takes style, colour, variant, size and shape (F137)", async () => {
  expect(await look({ type: "Button", label: "a", style: "primary", size: "3xs", pill: false })).toEqual([
    "primary",
    "solid",
    "3xs",
    undefined,
  ]);
  expect(await look({ type: "Button", label: "a", variant: "solid" })).toEqual([
    "primary",
    "solid",
    "lg",
    "true",
  ]);
  expect(await look({ type: "Button", label: "a", color: "danger", variant: "soft" })).toEqual([
    "danger",
    "soft",
    "lg",
    "true",
  ]);
});

it("is square and named by its icon when it has no label", async () => {
  const view = await mount({ type: "Button", iconStart: "lucide:skip-back" });
  expect(view.get("button").dataset.uniform).toBe("true");
  expect(view.get("button").getAttribute("aria-label")).toBe("skip back");
});

it("does nothing while it is disabled", async () => {
  const view = await mount({ type: "Button", label: "a", disabled: true, onClickAction: { type: "a" } });
  await view.click("button");
  expect(view.requests).toHaveLength(0);
});
