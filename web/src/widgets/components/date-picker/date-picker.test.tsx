// @vitest-environment happy-dom
import { expect, it } from "vitest";
import { type Mounted, mount, until } from "../../testing.tsx";
import { addMonths, format, parse, weeksOf } from "./dates.ts";

const picker = (more: object = {}) => ({
  type: "Card",
  children: [{ type: "DatePicker", name: "d", onChangeAction: { type: "day", streaming: false }, ...more }],
});

async function opened(view: Mounted): Promise<HTMLElement> {
  await view.click(".w-picker-button");
  return until(() => view.root.querySelector<HTMLElement>('[role="grid"]'));
}

it("reads ISO days and datetimes as written, and nothing else", () => {
  expect(parse("2024-01-31")).toEqual({ year: 2024, month: 1, day: 31 });
  expect(parse("2024-01-31T23:30:00-08:00")).toEqual({ year: 2024, month: 1, day: 31 });
  for (const nonsense of ["2024-02-30", "31.1.2024", "2024-1-3", "2024-01-31x", 7, null])
    expect(parse(nonsense)).toBeUndefined();
});

it("counts months by the calendar", () => {
  expect(format(addMonths({ year: 2024, month: 1, day: 31 }, 1))).toBe("2024-02-29");
  expect(format(addMonths({ year: 2024, month: 1, day: 31 }, -2))).toBe("2023-11-30");
  expect(weeksOf({ year: 2026, month: 2, day: 1 }, 1)[0]?.map(format)[0]).toBe("2026-01-26");
});

it("sends the chosen day as YYYY-MM-DD (F156)", async () => {
  const view = await mount(picker({ defaultValue: "2026-02-14T00:00:00Z" }));
  expect(view.get(".w-picker-button").textContent).toBe("Feb 14, 2026");
  await opened(view);
  await view.click('[data-day="2026-02-20"]');
  expect(view.requests[0]).toMatchObject({
    trigger: "DatePicker.onChangeAction",
    values: { d: "2026-02-20" },
  });
});

it("offers no day outside of min and max (F156)", async () => {
  const view = await mount(
    picker({ defaultValue: "2026-02-14", min: "2026-02-03", max: "2026-02-24T10:00:00Z" }),
  );
  await opened(view);
  const disabled = (day: string) => view.get<HTMLButtonElement>(`[data-day="${day}"]`).disabled;
  expect(["2026-02-02", "2026-02-03", "2026-02-24", "2026-02-25"].map(disabled)).toEqual([
    true,
    false,
    false,
    true,
  ]);
  expect(view.all(".w-turn").every((button) => (button as HTMLButtonElement).disabled)).toBe(true);
});

it("is walked through with the keyboard (F156)", async () => {
  const view = await mount(picker({ defaultValue: "2026-02-14" }));
  const grid = await opened(view);
  for (const [key, day] of [
    ["ArrowRight", "2026-02-15"],
    ["ArrowDown", "2026-02-22"],
    ["PageDown", "2026-03-22"],
    ["Home", "2026-03-22"],
    ["End", "2026-03-28"],
    ["ArrowUp", "2026-03-21"],
  ]) {
    grid.dispatchEvent(new KeyboardEvent("keydown", { key: key ?? "", bubbles: true, cancelable: true }));
    await until(() => view.root.querySelector(`[data-day="${day}"][tabindex="0"]`));
  }
});

it("keeps the focus where keys lead that come faster than pictures (F156)", async () => {
  const view = await mount(picker({ defaultValue: "2026-02-14" }));
  const grid = await opened(view);
  for (let press = 0; press < 2; press++) {
    grid.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true, cancelable: true }));
    for (let turn = 0; turn < 10; turn++) await Promise.resolve(); // drawn, but no picture was shown yet
  }
  await until(() => view.root.querySelector(`[data-day="2026-02-16"][tabindex="0"]`));
  expect((document.activeElement as HTMLElement).dataset.day).toBe("2026-02-16");
});

it("is cleared to null (F156)", async () => {
  const view = await mount(picker({ clearable: true, defaultValue: "2026-02-14" }));
  await view.click(".w-picker-clear");
  expect(view.requests[0]?.values).toEqual({ d: null });
});
