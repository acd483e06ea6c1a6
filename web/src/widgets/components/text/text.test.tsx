// @vitest-environment happy-dom
import { expect, it } from "vitest";
import { mount } from "../../testing.tsx";

it("has the documented defaults (F137)", async () => {
  const view = await mount([
    { type: "Text", value: "t" },
    { type: "Title", value: "h" },
    { type: "Caption", value: "c" },
    { type: "Label", value: "l", fieldName: "x" },
  ]);
  expect(view.all("[data-size]").map((each) => [each.className, each.dataset.size])).toEqual([
    ["w-text", "md"],
    ["w-title", "md"],
    ["w-caption", "md"],
    ["w-label", "sm"],
  ]);
});

it("shows numbers, and nothing for no value", async () => {
  const view = await mount([{ type: "Title", value: 50 }, { type: "Text" }]);
  expect(view.get(".w-title").textContent).toBe("50");
  expect(view.get(".w-text").textContent).toBe("");
});

it("cuts after lines, and takes weight, colour, style and alignment", async () => {
  const view = await mount({
    type: "Text",
    value: "t",
    maxLines: 2,
    weight: "bold",
    color: "danger",
    italic: true,
    lineThrough: true,
    textAlign: "end",
  });
  const { style, dataset } = view.get(".w-text");
  expect(dataset.clamp).toBe("true");
  expect(style.getPropertyValue("--_lines")).toBe("2");
  expect([style.fontWeight, style.color, style.fontStyle, style.textAlign]).toEqual([
    "700",
    "var(--ck-color-text-danger)",
    "italic",
    "end",
  ]);
});

it("never draws markup from its value", async () => {
  const view = await mount({ type: "Text", value: "<img src=x onerror=alert(1)>" });
  expect(view.get(".w-text").children).toHaveLength(0);
});

it("is edited in place: required, pattern, placeholder, several lines (F154)", async () => {
  const view = await mount([
    {
      type: "Text",
      value: "one",
      editable: { name: "a", required: true, pattern: "[a-z]+", placeholder: "Title", autoComplete: "name" },
    },
    { type: "Text", value: "two", minLines: 3, editable: { name: "b" } },
    { type: "Text", value: "plain", editable: false },
  ]);
  const field = view.get<HTMLInputElement>("input[name='a']");
  expect([
    field.value,
    field.required,
    field.pattern,
    field.placeholder,
    field.getAttribute("autocomplete"),
  ]).toEqual(["one", true, "[a-z]+", "Title", "name"]);
  expect(view.get("textarea[name='b']").getAttribute("rows")).toBe("3");
  expect(view.all(".w-text").at(-1)?.textContent).toBe("plain");
});

it("focuses and selects what is to be edited first (F154)", async () => {
  const view = await mount({
    type: "Text",
    value: "one",
    editable: { name: "a", autoFocus: true, autoSelect: true },
  });
  const field = view.get<HTMLInputElement>("input");
  expect(document.activeElement).toBe(field);
  expect([field.selectionStart, field.selectionEnd]).toEqual([0, 3]);
});

it("leaves the focus with somebody who writes (F154)", async () => {
  const outside = document.body.appendChild(document.createElement("textarea"));
  outside.value = "half a sen";
  outside.focus();
  const view = await mount([
    { type: "Text", value: "one", editable: { name: "a", autoFocus: true } },
    { type: "Input", name: "b", autoFocus: true },
    { type: "Textarea", name: "c", autoFocus: true },
  ]);
  expect(view.all("input, textarea")).toHaveLength(3);
  expect(document.activeElement).toBe(outside);
  outside.remove();
});

it("takes the focus from a field in which nothing is written yet, and from a button (F154)", async () => {
  for (const name of ["textarea", "button"]) {
    const outside = document.body.appendChild(document.createElement(name));
    outside.focus();
    const view = await mount({ type: "Input", name: "b", autoFocus: true });
    expect(document.activeElement).toBe(view.get("input"));
    outside.remove();
    await view.unmount();
  }
});
