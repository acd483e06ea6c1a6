import { blank, data, drawer, expect, fill, fromGallery, put, test, view, widget } from "./studio-fixture.ts";

test.describe.configure({ timeout: 90_000 });

test("actions are logged with payload, handler, form values, loading and collisions", async ({
  open: page,
}) => {
  await fromGallery(page, "Approval");
  await widget(page).getByRole("textbox").fill("Fine with me");
  await widget(page).getByRole("button", { name: "Approve" }).click();
  await page.getByRole("tab", { name: /Actions/ }).click();
  await expect(drawer(page)).toContainText("Fine with me");
  await expect(drawer(page)).toContainText("Card.confirm");
  await expect(drawer(page)).toContainText("server");
  await drawer(page).getByRole("button", { name: "Clear" }).click();
  await expect(drawer(page)).toContainText("Press something in the preview");
  await put(
    page,
    '<Card><Form onSubmitAction={{ type: "send", handler: "client", loadingBehavior: "container", payload: { note: "fixed" } }}><Input name="note" required /><Button label="Send" submit /></Form></Card>',
  );
  await widget(page).getByRole("button", { name: "Send" }).click();
  await expect(widget(page).getByRole("textbox")).toBeFocused();
  await expect(drawer(page)).toContainText("Press something in the preview");
  await widget(page).getByRole("textbox").fill("mine");
  await widget(page).getByRole("button", { name: "Send" }).click();
  await expect(drawer(page)).toContainText('{"note":"fixed"}');
  await expect(drawer(page)).toContainText("client");
  await expect(drawer(page)).toContainText("container");
  await expect(drawer(page)).toContainText("Left out, because the payload has the name already: note");
});

test("a reply is attached to an action: a message, errors at the fields, another state", async ({
  open: page,
}) => {
  await blank(
    page,
    '<Card asForm confirm={{ label: "Send", action: { type: "send" } }}><Text value={message} /><Input name="note" /></Card>',
  );
  const press = async (): Promise<void> => {
    await widget(page).getByRole("button", { name: "Send" }).click();
  };
  await press();
  await page.getByRole("tab", { name: /Actions/ }).click();
  const takes = drawer(page).getByRole("slider", { name: /A reply takes/ });
  await takes.fill("0");
  await expect(drawer(page)).toContainText("0 ms");
  const choice = drawer(page).getByRole("combobox", { name: "Reply" }).first();
  await choice.selectOption("message");
  await drawer(page).getByRole("textbox", { name: "Text of the reply to send" }).first().fill("Thank you");
  await press();
  await expect(widget(page).getByText("Thank you")).toBeVisible();
  await choice.selectOption("errors");
  await press();
  await expect(widget(page).getByText("Please check this.")).toBeVisible();
  await page.getByRole("button", { name: "New state" }).click();
  await page.getByRole("dialog").getByRole("textbox").fill("Sent");
  await page.getByRole("dialog").getByRole("button", { name: "Rename" }).click();
  await fill(data(page), '{"message": "It is on its way"}');
  await expect(widget(page).getByText("It is on its way")).toBeVisible();
  await page.getByRole("tab", { name: "Default" }).click();
  await expect(widget(page).getByText("Hello")).toBeVisible();
  await choice.selectOption("state:Sent");
  await press();
  await expect(widget(page).getByText("It is on its way")).toBeVisible();
});

test("a widget that waits for its reply shows it", async ({ open: page }) => {
  await blank(
    page,
    '<Card><Button label="Buy" onClickAction={{ type: "buy", loadingBehavior: "container" }} /></Card>',
  );
  const button = widget(page).getByRole("button", { name: "Buy" });
  await expect(button).toBeVisible();
  // Written down as it happens: the reply may be there before anybody looks.
  const seen = await widget(page)
    .locator(".w-root")
    .evaluateHandle((root) => {
      const states: (string | null)[] = [];
      const note = (): void => {
        states.push(root.getAttribute("aria-busy"));
      };
      new MutationObserver(note).observe(root, { attributeFilter: ["aria-busy"] });
      return states;
    });
  await button.click();
  await expect.poll(() => seen.evaluate((states) => states[0])).toBe("true");
  await expect(widget(page).locator('.w-root[aria-busy="true"]')).toHaveCount(0);
});

test("a stream is scrubbed: each step shows its updates, their bytes and what was drawn again", async ({
  open: page,
}) => {
  await blank(page, '<Card><Markdown id="m" value={message} streaming /><Badge label="Still" /></Card>');
  await fill(data(page), '{"message": "one two three four five"}');
  await expect(widget(page).getByText("one two three four five")).toBeVisible();
  await page.getByRole("tab", { name: "Stream" }).click();
  await page.getByRole("button", { name: "Play" }).click();
  await expect(page.getByText(/6 of 6/)).toBeVisible();
  await page.getByRole("button", { name: "Step back" }).click();
  await expect(drawer(page)).toContainText('"delta":" four"');
  await expect(drawer(page)).toContainText(/\d+ B sent/);
  await expect(drawer(page).locator(".redrawn")).toHaveText("Drawn again Markdown");
  await expect(widget(page).locator('.outline[data-kind="again"]')).toHaveCount(1);
  await expect(widget(page).getByText("one two three four", { exact: true })).toBeVisible();
  await drawer(page).getByRole("slider", { name: "Step" }).fill("0");
  await expect(drawer(page)).toContainText("The whole widget");
  await page.getByRole("button", { name: "Step on" }).click();
  await expect(page.getByText(/2 of 6/)).toBeVisible();
  await page.getByRole("button", { name: "End", exact: true }).click();
  await expect(widget(page).getByText("one two three four five")).toBeVisible();
});

test("an edit ends the stream that is looked at", async ({ open: page }) => {
  await blank(page, '<Card><Text value={message} streaming id="t" /></Card>');
  await fill(data(page), '{"message": "one two three four"}');
  await page.getByRole("tab", { name: "Stream" }).click();
  await page.getByRole("button", { name: "Play" }).click();
  await expect(page.getByText(/5 of 5/)).toBeVisible();
  await put(page, '<Card><Badge label="Edited" /></Card>');
  await expect(widget(page).getByText("Edited")).toBeVisible();
});

test("the preview changes frame, scheme, width, density, radius and accent", async ({ open: page }) => {
  await fromGallery(page, "Approval");
  const bar = page.getByRole("toolbar", { name: "Preview" });
  const canvas = page.locator(".canvas");
  await expect(canvas).toHaveAttribute("data-frame", "chat");
  await bar.getByRole("button", { name: "In a chat" }).click();
  await expect(canvas).toHaveAttribute("data-frame", "alone");
  await bar.getByRole("button", { name: "Preview in dark" }).click();
  await expect(canvas).toHaveAttribute("data-scheme", "dark");
  await bar.getByRole("button", { name: "Preview in light" }).click();
  await expect(canvas).toHaveAttribute("data-scheme", "light");
  await bar.getByRole("slider", { name: "Width of the preview" }).fill("280");
  await expect.poll(async () => (await canvas.boundingBox())?.width).toBe(280);
  const button = widget(page).getByRole("button", { name: "Approve" });
  const look = () =>
    button.evaluate((one) => {
      const style = getComputedStyle(one);
      return { radius: style.borderRadius, color: style.backgroundColor };
    });
  const before = await look();
  await bar.getByRole("button", { name: "Theme of the preview" }).click();
  const theme = page.getByRole("dialog", { name: "Theme of the preview" });
  await theme.getByRole("radio", { name: "Sharp" }).click();
  await theme.getByRole("radio", { name: "#8046d9" }).click();
  await theme.getByRole("radio", { name: "Compact" }).click();
  await expect(theme.getByRole("radio", { name: "Compact" })).toBeChecked();
  await expect.poll(async () => (await look()).radius).not.toBe(before.radius);
  await expect.poll(async () => (await look()).color).not.toBe(before.color);
});

test("each state is shown by itself, and a click finds the element of that state", async ({ open: page }) => {
  await blank(
    page,
    '<Card>{items.map((item) => <Text key={item} value={item} />)}<Badge label="End" /></Card>',
  );
  await fill(data(page), '{"message": "x", "items": ["a", "b", "c"]}');
  await expect(widget(page).getByText("c", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "New state" }).click();
  await page.getByRole("dialog").getByRole("textbox").fill("Empty");
  await page.keyboard.press("Enter");
  await fill(data(page), '{"message": "x", "items": []}');
  await expect(widget(page).getByText("c", { exact: true })).toBeHidden();
  await widget(page).getByText("End").click();
  await expect(page.getByRole("treeitem", { selected: true })).toContainText("Badge");
  await page.keyboard.press("Alt+ArrowLeft");
  await expect(widget(page).getByText("c", { exact: true })).toBeVisible();
  await widget(page).getByText("End").click();
  await expect(page.getByRole("treeitem", { selected: true })).toContainText("Badge");
});

test("where JavaScript and the template do not agree, the preview says so", async ({ open: page }) => {
  await blank(page, "<Card><Text value={Number(message)} /></Card>");
  await fill(data(page), '{"message": "0x10"}');
  await expect(page.getByText("JavaScript and the template disagree at children.0.value")).toBeVisible();
});

test("the output shows the widget's JSON and the template", async ({ open: page }) => {
  await blank(page);
  await page.getByRole("tab", { name: "Output" }).click();
  await expect(page.getByRole("textbox", { name: "Widget JSON" })).toContainText('"value": "Hello"');
  await expect(page.getByRole("textbox", { name: "Template" })).toContainText("message");
  await expect(view(page)).toBeVisible();
});
