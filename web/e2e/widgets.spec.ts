import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { promisify } from "node:util";
import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "./gallery.ts";

const root = resolve(import.meta.dirname, "../..");
const python = resolve(root, ".venv/bin/python");

interface Entry {
  readonly id: string;
  readonly widget: unknown;
}

/** The widgets that come with the Studio, filled with their own data. */
async function studioWidgets(): Promise<Entry[]> {
  const script = resolve(import.meta.dirname, "server/gallery_widgets.py");
  const { stdout } = await promisify(execFile)(python, [script], { encoding: "utf8", maxBuffer: 1 << 24 });
  return JSON.parse(stdout) as Entry[];
}

for (const scheme of ["light", "dark"] as const) {
  test(`the Studio's widgets hold on 280 px, and axe finds nothing, ${scheme} (F174)`, async ({
    gallery,
    page,
  }) => {
    test.skip(!existsSync(python), "The Python environment is not there");
    test.slow();
    await page.setViewportSize({ width: 328, height: 800 });
    await gallery.show(null);
    const entries = await studioWidgets();
    expect(entries.length).toBeGreaterThanOrEqual(28);
    await page.evaluate(
      ({ all, theme }) => {
        document.querySelector("chatkit-widget")?.remove();
        document.documentElement.dataset.scheme = theme;
        for (const { id, widget } of all) {
          const element = document.createElement("chatkit-widget") as HTMLElement & { widget: unknown };
          element.id = id;
          element.setAttribute("theme", theme);
          element.style.width = "280px";
          element.widget = widget;
          document.body.append(element);
        }
      },
      { all: entries, theme: scheme },
    );
    await page.waitForFunction(() =>
      [...document.querySelectorAll("chatkit-widget")].every(({ shadowRoot }) => {
        const charts = [...(shadowRoot?.querySelectorAll(".w-chart") ?? [])];
        return (
          shadowRoot?.querySelector(".w-root") && charts.every((chart) => chart.querySelector("svg path"))
        );
      }),
    );
    const outside = await page.evaluate(() =>
      [...document.querySelectorAll("chatkit-widget")].flatMap((element) => {
        const edge = element.getBoundingClientRect().right;
        const parts = [...(element.shadowRoot?.querySelectorAll(".w-root *") ?? [])];
        return parts
          .filter((part) => !part.closest(".w-table, pre") && part.getBoundingClientRect().right > edge + 1)
          .map((part) => `${element.id}: ${part.className || part.tagName}`);
      }),
    );
    expect(outside).toEqual([]);
    const { violations } = await new AxeBuilder({ page })
      // In the page itself: there are no frames of other origins, and a second page costs as much again.
      .setLegacyMode()
      .options({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] })
      .analyze();
    expect(
      violations.flatMap(({ id, nodes }) =>
        nodes.map((node) => `${id}: ${node.target.join(" ")} ${node.failureSummary?.split("\n")[1]}`),
      ),
    ).toEqual([]);
  });
}

const options = ["Red", "Green", "Blue"].map((label) => ({ value: label.toLowerCase(), label }));

test("values of forms in cards, rows and forms are sent as they nest (F146, F147, F150)", async ({
  gallery,
  page,
}) => {
  await gallery.show({
    type: "Card",
    asForm: true,
    confirm: { label: "Order", action: { type: "order", payload: { id: 7 } } },
    cancel: { label: "Never mind", action: { type: "cancel" } },
    children: [
      { type: "Input", name: "guest.name", required: true },
      { type: "Input", name: "guest.mail", inputType: "email" },
      { type: "Textarea", name: "wishes", pattern: "[a-z ]*" },
      { type: "Input", name: "off", defaultValue: "never sent", disabled: true },
      {
        type: "ListView",
        children: [1, 2].map((row) => ({
          type: "ListViewItem",
          onClickAction: { type: "row", payload: { row } },
          children: [
            {
              type: "Form",
              onSubmitAction: { type: "amount", payload: { row } },
              children: [
                { type: "Input", name: `amount.${row}`, defaultValue: "1", required: true },
                { type: "Button", label: `Set ${row}`, submit: true },
              ],
            },
          ],
        })),
      },
      { type: "Button", label: "Help", onClickAction: { type: "help" } },
    ],
  });
  const field = (name: string) => page.locator(`[name="${name}"]`);
  const press = (name: string) => page.getByRole("button", { name, exact: true }).click();

  await press("Order");
  await field("guest.name").fill("Ann");
  await field("guest.mail").fill("no mail");
  await press("Order");
  await field("guest.mail").fill("ann@example.org");
  await field("wishes").fill("A QUIET ROOM");
  await press("Order");
  await field("wishes").fill("a quiet room");
  await field("amount.2").fill("");
  await press("Order");
  expect(await gallery.actions()).toEqual([]);

  await field("amount.2").fill("3");
  await press("Set 2");
  await press("Help");
  await press("Never mind");
  await press("Order");
  const values = {
    guest: { name: "Ann", mail: "ann@example.org" },
    wishes: "a quiet room",
    amount: { 1: "1", 2: "3" },
  };
  await expect
    .poll(() => gallery.actions())
    .toEqual([
      { type: "amount", payload: { row: 2, amount: { 2: "3" } } },
      { type: "help", payload: values },
      { type: "cancel", payload: values },
      { type: "order", payload: { id: 7, ...values } },
    ]);
});

test("every control works by keyboard alone, from right to left too (F152, F153, F154, F172)", async ({
  gallery,
  page,
}) => {
  await gallery.show({
    type: "Card",
    collapsed: true,
    status: { text: "More" },
    children: [
      {
        type: "Select",
        name: "colour",
        options,
        defaultValue: "red",
        clearable: true,
        onChangeAction: { type: "c" },
      },
      {
        type: "DatePicker",
        name: "day",
        defaultValue: "2026-02-14",
        clearable: true,
        onChangeAction: { type: "d" },
      },
      { type: "RadioGroup", name: "size", options, defaultValue: "red", onChangeAction: { type: "r" } },
      { type: "Textarea", name: "lines" },
      { type: "Text", value: "Ann", editable: { name: "person", required: true } },
      { type: "Input", name: "off", disabled: true },
      { type: "Button", label: "Off", disabled: true, onClickAction: { type: "off" } },
      {
        type: "ListView",
        limit: 1,
        children: ["One", "Two"].map((value) => ({
          type: "ListViewItem",
          onClickAction: { type: value },
          children: [{ type: "Text", value }],
        })),
      },
    ],
  });
  await page.evaluate(() => {
    document.documentElement.dir = "rtl";
  });
  const { keyboard } = page;
  await keyboard.press("Tab");
  await keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "More", exact: true })).toHaveAttribute(
    "aria-expanded",
    "true",
  );

  await keyboard.press("Tab");
  await keyboard.press("Enter");
  await expect(page.getByRole("listbox")).toBeFocused();
  await keyboard.press("b");
  await keyboard.press("Enter");
  await expect(page.getByRole("button", { name: /^colour: Blue/ })).toBeFocused();
  await keyboard.press("Tab");
  await keyboard.press("Enter");
  await expect(page.getByRole("button", { name: /^colour: (?!Blue)/ })).toBeFocused();

  await keyboard.press("Tab");
  await keyboard.press("ArrowDown");
  await expect(page.locator('[data-day="2026-02-14"]')).toBeFocused();
  await keyboard.press("ArrowLeft");
  await expect(page.locator('[data-day="2026-02-15"]')).toBeFocused();
  await keyboard.press("Enter");
  await expect(page.getByRole("button", { name: /^day:/ })).toBeFocused();
  await keyboard.press("Tab");
  await keyboard.press("Enter");
  await expect(page.getByRole("button", { name: /^day: (?!Feb)/ })).toBeFocused();

  await keyboard.press("Tab");
  await keyboard.press("ArrowDown");
  await expect(page.getByRole("radio", { name: "Green" })).toBeChecked();
  await keyboard.press("Tab");
  await keyboard.type("one");
  await keyboard.press("Enter");
  await keyboard.type("two");
  await expect(page.locator('[name="lines"]')).toHaveValue("one\ntwo");
  await keyboard.press("Tab");
  await keyboard.press("ControlOrMeta+a");
  await keyboard.type("Bob");
  await expect(page.locator('[name="person"]')).toHaveValue("Bob");
  await keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "One" })).toBeFocused();
  await keyboard.press("Space");
  await keyboard.press("Tab");
  await keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Two" })).toBeVisible();
  await expect
    .poll(() => gallery.actions())
    .toEqual([
      { type: "c", payload: { colour: "blue" } },
      { type: "c", payload: { colour: null } },
      { type: "d", payload: { day: "2026-02-15" } },
      { type: "d", payload: { day: null } },
      { type: "r", payload: { size: "green" } },
      { type: "One" },
    ]);
  expect(await gallery.complaints()).toEqual([]);
});

test("the Enter that ends a composition submits nothing, the next one does (F095)", async ({
  gallery,
  page,
}) => {
  await gallery.show({
    type: "Form",
    onSubmitAction: { type: "send" },
    children: [
      { type: "Input", name: "line" },
      { type: "Text", value: "", editable: { name: "title" } },
    ],
  });
  const input = await page.context().newCDPSession(page);
  for (const name of ["line", "title"]) {
    await page.locator(`[name="${name}"]`).focus();
    await input.send("Input.imeSetComposition", { text: "にほ", selectionStart: 2, selectionEnd: 2 });
    await page.keyboard.press("Enter");
    await input.send("Input.insertText", { text: "日本" });
  }
  expect(await gallery.actions()).toEqual([]);
  await page.keyboard.press("Enter");
  const payload = { line: "日本", title: "日本" };
  await expect.poll(() => gallery.actions()).toEqual([{ type: "send", payload }]);
});

test("a chart says its values by keyboard, and to those who cannot see it (F160, F173)", async ({
  gallery,
  page,
}) => {
  await gallery.show({
    type: "Card",
    children: [
      {
        type: "Chart",
        xAxis: "month",
        series: [{ type: "bar", dataKey: "visits", label: "Visits" }],
        data: [
          { month: "Jan", visits: 1200 },
          { month: "Feb", visits: 900 },
        ],
      },
    ],
  });
  const tooltip = page.locator(".w-chart-tooltip");
  await page.getByRole("img", { name: /Visits/ }).focus();
  await page.keyboard.press("ArrowRight");
  await expect(tooltip).toContainText("Jan");
  await page.keyboard.press("ArrowRight");
  await expect(tooltip).toContainText("900");
  await page.keyboard.press("Escape");
  await expect(tooltip).toHaveCount(0);
  await expect(page.getByRole("cell", { name: "1,200" })).toBeAttached();
});
