// @vitest-environment happy-dom
import { h } from "preact";
import { expect, it } from "vitest";
import { mount, until } from "../testing.tsx";

it("a badge is soft, small, quiet and round by default (F137)", async () => {
  const { dataset } = (await mount({ type: "Badge", label: "New" })).get(".w-badge");
  expect([dataset.tone, dataset.variant, dataset.size, dataset.pill]).toEqual([
    "secondary",
    "soft",
    "sm",
    "true",
  ]);
});

it("Markdown is drawn by the host, or shown as it is", async () => {
  const widget = { type: "Markdown", value: "**a**", streaming: true };
  expect((await mount(widget)).get(".w-markdown").textContent).toBe("**a**");
  const markdown = ({ text, streaming }: { text: string; streaming?: boolean }) =>
    h("b", null, `${text}|${streaming}`);
  expect((await mount(widget, { host: { markdown } })).get("b").textContent).toBe("**a**|true");
});

it("an icon has the size and colour it is given, md by default (F137)", async () => {
  const view = await mount([
    { type: "Icon", name: "check" },
    { type: "Icon", name: "lucide:plane", size: "3xl", color: "danger" },
  ]);
  await until(() => view.all("svg path").length >= 2);
  expect(view.all(".w-icon").map(({ style }) => [style.width, style.color])).toEqual([
    ["18px", ""],
    ["28px", "var(--ck-color-text-danger)"],
  ]);
});

it("a divider has colour, thickness and distance, and may bleed", async () => {
  const view = await mount({ type: "Divider", color: "strong", size: 3, spacing: 2, flush: true });
  const { style, dataset } = view.get("hr");
  expect([
    style.getPropertyValue("--_color"),
    style.getPropertyValue("--_size"),
    style.getPropertyValue("--_space"),
    dataset.flush,
  ]).toEqual(["var(--ck-color-border-strong)", "3px", "8px", "true"]);
});

it("boxes are columns, rows are centred rows, and both take the system's distances without a gap (F137)", async () => {
  const view = await mount([
    { type: "Box" },
    { type: "Box", direction: "row" },
    { type: "Row", gap: 2 },
    { type: "Col" },
    { type: "Form" },
  ]);
  expect(
    view
      .all("[data-direction]")
      .slice(1)
      .map(({ dataset }) => [dataset.direction, dataset.auto]),
  ).toEqual([
    ["col", "col"],
    ["row", "row"],
    ["row", undefined],
    ["col", "col"],
    ["col", "col"],
  ]);
});

it("fields keep password managers away unless they are wanted (F137)", async () => {
  const view = await mount([
    { type: "Input", name: "a" },
    { type: "Input", name: "b", inputType: "password" },
    { type: "Textarea", name: "c" },
  ]);
  expect(view.all("[name]").map((field) => field.getAttribute("autocomplete"))).toEqual(["off", null, "off"]);
  expect(view.get("[name='a']").hasAttribute("data-1p-ignore")).toBe(true);
  expect(view.get("textarea").getAttribute("rows")).toBe("3");
});
