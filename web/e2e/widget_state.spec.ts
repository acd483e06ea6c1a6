import { type ChatPage, expect, test } from "./fixtures.ts";

const long = Array.from({ length: 60 }, (_, index) => `wide${index}`).join(" ");
const options = ["Red", "Green", "Blue"].map((label) => ({ value: label.toLowerCase(), label }));

/** One of every kind of thing that a person can change or move. */
const everything = (title: string, extra: object[] = []) => ({
  type: "Card",
  size: "full",
  children: [
    ...extra,
    { type: "Text", id: "head", value: title },
    {
      type: "Form",
      onSubmitAction: { type: "save" },
      children: [
        { type: "Input", name: "line" },
        { type: "Input", name: "code", inputType: "password" },
        { type: "Input", name: "pin" },
        { type: "Textarea", name: "lines", rows: 2 },
        { type: "Text", value: "Ann", editable: { name: "person" } },
        { type: "Select", name: "colour", options },
        { type: "DatePicker", name: "day" },
        { type: "RadioGroup", name: "size", options: options.slice(0, 2) },
        { type: "Checkbox", name: "news", label: "News" },
      ],
    },
    {
      type: "Table",
      children: [
        {
          type: "Table.Row",
          children: Array.from({ length: 20 }, (_, index) => ({
            type: "Table.Cell",
            colSize: "lg",
            children: [{ type: "Text", value: `Cell ${index}` }],
          })),
        },
      ],
    },
    { type: "Markdown", value: `\`\`\`\n${long}\n\`\`\`` },
    {
      type: "ListView",
      limit: 2,
      children: [1, 2, 3].map((row) => ({
        type: "ListViewItem",
        children: [
          { type: "Text", value: `Row ${row}` },
          { type: "Input", name: "amount" },
        ],
      })),
    },
    { type: "Card", collapsed: true, children: [{ type: "Text", value: "Inside the card" }] },
  ],
});

const draw = (widget: object): string => `draw ${JSON.stringify(widget)}`;
const redraw = (widget: object): string => `redraw ${JSON.stringify(widget)}`;

/** What can be seen of all that. */
async function state(chat: ChatPage) {
  return chat.view.evaluate((element) => {
    const root = element.shadowRoot as ShadowRoot;
    const value = (name: string, at = 0): string | undefined =>
      root.querySelectorAll<HTMLInputElement>(`.w-root [name="${name}"]`)[at]?.value;
    const scrolled = (selector: string): boolean => {
      const box = root.querySelector(selector);
      return box !== null && box.scrollLeft + box.scrollTop > 15;
    };
    return {
      line: value("line"),
      code: value("code"),
      pin: value("pin"),
      lines: value("lines"),
      person: value("person"),
      amounts: [value("amount", 0), value("amount", 1), value("amount", 2)],
      colour: root.querySelector(".w-select button")?.textContent,
      day: root.querySelector(".w-date button")?.textContent,
      size: root.querySelector<HTMLInputElement>("[role=radiogroup] input:checked")?.value,
      news: root.querySelector<HTMLInputElement>("[name=news]")?.checked,
      scrolled: [".w-textarea textarea", ".w-table", ".w-markdown pre"].map(scrolled),
      opened: root.querySelector(".w-card-toggle")?.getAttribute("aria-expanded"),
    };
  });
}

const CHANGED = {
  line: "typed line",
  code: "s3cret",
  pin: "4711",
  lines: "one\ntwo\nthree\nfour\nfive\nsix",
  person: "Bob",
  amounts: ["1", "2", "3"],
  colour: expect.stringContaining("Green"),
  day: expect.stringMatching(/\d/),
  size: "green",
  news: true,
  scrolled: [true, true, true],
  opened: "true",
};

async function change(chat: ChatPage): Promise<void> {
  const { view, page } = chat;
  const field = (name: string, at = 0) => view.locator(`.w-root [name="${name}"]`).nth(at);
  await field("line").fill("typed line");
  await field("code").fill("s3cret");
  await field("pin").fill("4711");
  await field("lines").fill("one\ntwo\nthree\nfour\nfive\nsix");
  await field("person").fill("Bob");
  await view.getByRole("button", { name: /show more/i }).click();
  for (const at of [0, 1, 2]) await field("amount", at).fill(String(at + 1));
  await view.getByRole("button", { name: /^colour/ }).click();
  await view.getByRole("option", { name: "Green" }).click();
  await view.getByRole("button", { name: /^day/ }).click();
  await view.getByRole("grid").locator("[data-day]").nth(10).click();
  await view.getByRole("radio", { name: "Green" }).check();
  await view.getByRole("checkbox", { name: "News" }).check();
  await view.locator(".w-card-toggle").click();
  await page.evaluate(() => {
    const root = document.querySelector("openai-chatkit")?.shadowRoot as ShadowRoot;
    for (const [selector, side] of [
      [".w-textarea textarea", "scrollTop"],
      [".w-table", "scrollLeft"],
      [".w-markdown pre", "scrollLeft"],
    ] as const) {
      const box = root.querySelector(selector);
      if (box) box[side] = 40;
    }
  });
  await expect.poll(() => state(chat)).toMatchObject(CHANGED);
}

test("F158 what a person typed, chose, opened and scrolled survives a stream, a replacement and a reload", async ({
  chat,
  backend,
}) => {
  test.slow();
  await chat.open();
  await chat.say(
    `${draw(everything("First"))}|gate a|into head and more words|gate b|${redraw(everything("Second", [{ type: "Caption", value: "New on top" }]))}`,
  );
  await expect(chat.view.locator(".w-markdown pre")).toBeVisible();
  await change(chat);

  await backend.open("a");
  await expect(chat.view.getByText("Firstand more words", { exact: false }).last()).toBeVisible();
  expect(await state(chat)).toMatchObject(CHANGED);

  await backend.open("b");
  await expect(chat.view.getByText("New on top", { exact: true })).toBeVisible();
  expect(await state(chat)).toMatchObject(CHANGED);
  await chat.expectHeard("response.end");

  const thread = (await chat.heard("thread.change"))[0]?.detail.threadId as string;
  await chat.open({ initialThread: thread });
  await expect(chat.view.locator(".w-markdown pre")).toBeVisible();
  await expect.poll(() => state(chat)).toMatchObject({ ...CHANGED, code: "", pin: "" });
  const kept = await chat.page.evaluate(() => JSON.stringify(Object.entries(sessionStorage)));
  expect(kept).toContain("typed line");
  expect(kept).not.toMatch(/s3cret|4711/);
});

test("where the browser forbids storage, widgets work and a reload starts afresh", async ({ chat }) => {
  await chat.page.addInitScript(() => {
    Object.defineProperty(window, "sessionStorage", {
      get() {
        throw new DOMException("denied", "SecurityError");
      },
    });
  });
  await chat.open();
  await chat.say(draw({ type: "Card", children: [{ type: "Input", name: "line" }] }));
  const field = chat.view.locator('[name="line"]');
  await field.fill("typed");
  const thread = (await chat.heard("thread.change"))[0]?.detail.threadId as string;
  await chat.open({ initialThread: thread });
  await expect(field).toHaveValue("");
  expect((await chat.heard("error")).length).toBe(0);
});

test("a new key makes a form that starts afresh, and rows of the same name keep apart", async ({
  chat,
  backend,
}) => {
  const list = (key: string) => ({
    type: "Card",
    children: [1, 2].map((row) => ({
      type: "Form",
      key: `${key}${row}`,
      children: [{ type: "Input", name: "line" }],
    })),
  });
  await chat.open();
  await chat.say(`${draw(list("a"))}|gate a|${redraw(list("b"))}|say done`);
  const fields = chat.view.locator('[name="line"]');
  await fields.nth(0).fill("one");
  expect(await fields.nth(1).inputValue()).toBe("");
  await backend.open("a");
  await expect(chat.answer("done")).toBeVisible();
  await expect(fields.nth(0)).toHaveValue("");
});
