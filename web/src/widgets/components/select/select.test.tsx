// @vitest-environment happy-dom
import { expect, it } from "vitest";
import { type Mounted, mount, until } from "../../testing.tsx";

const options = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ value: `v${index}`, label: `Stop ${index}` }));
const select = (more: object = {}) => ({
  type: "Card",
  children: [
    {
      type: "Select",
      name: "s",
      options: options(3),
      onChangeAction: { type: "chosen", streaming: false },
      ...more,
    },
  ],
});

async function opened(view: Mounted): Promise<HTMLElement> {
  await view.click(".w-picker-button");
  return until(() => view.root.querySelector<HTMLElement>('[role="listbox"]'));
}

it("opens a list, chooses and says so (F155)", async () => {
  const view = await mount(select({ placeholder: "Where to?" }));
  expect(view.get(".w-picker-button").textContent).toBe("Where to?");
  await opened(view);
  expect(view.get(".w-picker-button").getAttribute("aria-expanded")).toBe("true");
  view.all('[role="option"]')[1]?.click();
  await until(() => view.all('[role="listbox"]').length === 0);
  expect(view.get(".w-picker-button").textContent).toBe("Stop 1");
  expect(view.requests[0]).toMatchObject({ trigger: "Select.onChangeAction", values: { s: "v1" } });
});

it("searches from sixteen options on, or when asked to (F155)", async () => {
  for (const [more, searched] of [
    [{ options: options(15) }, false],
    [{ options: options(16) }, true],
    [{ searchable: true }, true],
  ] as const) {
    const view = await mount(select(more));
    await opened(view);
    expect(view.all('[role="combobox"]').length > 0).toBe(searched);
    await view.unmount();
  }
});

it("narrows the list by what is typed, also in descriptions (F155)", async () => {
  const view = await mount(
    select({
      searchable: true,
      options: [
        { value: "a", label: "Express", description: "Tomorrow" },
        { value: "b", label: "Standard", description: "Three days" },
      ],
    }),
  );
  await opened(view);
  const field = view.get<HTMLInputElement>('[role="combobox"]');
  field.value = "tomo";
  field.dispatchEvent(new Event("input", { bubbles: true }));
  await until(() => view.all('[role="option"]').length === 1);
  expect(view.get('[role="option"]').textContent).toContain("Express");
  field.value = "nothing like it";
  field.dispatchEvent(new Event("input", { bubbles: true }));
  await until(() => view.all(".w-options-none").length === 1);
});

it("is walked through with the keyboard, past nothing that is disabled (F155)", async () => {
  const view = await mount(
    select({ options: [...options(2), { value: "off", label: "Closed", disabled: true }] }),
  );
  const list = await opened(view);
  const key = async (name: string) => {
    list.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true }));
    await until(() => true);
  };
  await key("End");
  await key("Enter");
  expect(view.requests).toHaveLength(0);
  await key("Home");
  await key("ArrowDown");
  expect(view.get(`[id="${list.getAttribute("aria-activedescendant")}"]`).textContent).toBe("Stop 1");
  await key("Enter");
  expect(view.requests[0]?.values).toEqual({ s: "v1" });
});

it("is cleared to null (F155)", async () => {
  const view = await mount(select({ clearable: true, defaultValue: "v2" }));
  await view.click(".w-picker-clear");
  expect(view.requests[0]?.values).toEqual({ s: null });
  expect(view.all(".w-picker-clear")).toHaveLength(0);
});
