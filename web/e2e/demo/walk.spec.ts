/** A walk through the demo as a person takes it: real browser, real server, real database file. */
import { expect, slow, test, Visit } from "./server.ts";

test("a long answer streams in with code, a table and math", async ({ visit, page }) => {
  await visit.open();
  await visit.ask("Tell me about the house");
  await expect(visit.log().getByRole("heading", { name: "The Meridian" })).toBeVisible();
  await expect(visit.log().getByRole("table")).toContainText("The Quiet One");
  await expect(visit.log().locator("pre")).toContainText("class Porter(ChatKitServer)");
  await expect(visit.log().locator("math, .katex").first()).toBeAttached();
  await expect(visit.log()).not.toContainText("$$");
  await expect(page).toHaveURL(/#thr_/);
});

test("a deeplink in an answer reaches the page", async ({ visit, page }) => {
  await visit.open();
  await visit.ask("Tell me about the house");
  await page.getByRole("link", { name: "walk up to the Lamp Room" }).click();
  await expect(page.locator("#events")).toContainText('deeplink {"name":"room","data":{"name":"Lamp Room"}}');
});

test("an e-mail is written into its card and can be changed and sent", async ({ visit, page }) => {
  await visit.open();
  await page.getByRole("button", { name: "Write a letter for me", exact: true }).click();
  await expect(visit.field("email.body")).toHaveValue(/^Dear Ms Brandt[\s\S]*a guest in Low Tide/);
  await visit.finished();
  await visit.field("email.to").fill("cat@meridian.example");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await visit.finished();
  await expect(visit.log()).toContainText("Sent to cat@meridian.example");
});

test("a room that is clicked is checked and the others dim", async ({ visit, page }) => {
  await visit.open();
  await visit.ask("Show me the rooms");
  await page.getByRole("button", { name: /Low Tide/ }).click();
  await visit.finished();
  await expect(visit.log()).toContainText("Yours");
  await expect(visit.log()).toContainText("Please leave your shoes");
  const color = (name: string): Promise<string> =>
    visit
      .log()
      .getByText(name, { exact: true })
      .first()
      .evaluate((node) => getComputedStyle(node).color);
  await expect.poll(async () => (await color("Low Tide")) !== (await color("Lamp Room"))).toBe(true);
});

test("a form refuses what is missing and brings its values back", async ({ visit, page }) => {
  await visit.open();
  await visit.ask("Book a stay");
  const submit = page.getByRole("button", { name: "Write it in the ledger" });
  await submit.click();
  await expect(page.locator("input[name='guest.name']:invalid")).toHaveCount(1);
  await page.locator("input[name='guest.name']").fill("Ada");
  await page.locator("input[name='guest.email']").fill("not an address");
  await submit.click();
  await expect(page.locator("input[name='guest.email']:invalid")).toHaveCount(1);
  await page.locator("input[name='guest.email']").fill("ada@example.com");
  await page.getByRole("button", { name: /Choose a room/ }).click();
  await page.getByRole("option", { name: "Low Tide" }).click();
  await page.getByRole("button", { name: /Choose a day/ }).click();
  await page.getByRole("grid").getByRole("button", { disabled: false }).first().click();
  await page.getByLabel("Wake me when the ships come in").check();
  await submit.click();
  await visit.finished();
  await expect(visit.log()).toContainText("Written in ink, Ada: Low Tide, from 20");
  await expect(visit.log()).toContainText("a knock when the ships come in");
  await expect(visit.log()).toContainText("ada@example.com");
});

for (const [button, outcome] of [
  ["Ask for it", "Granted"],
  ["Never mind", "Withdrawn"],
] as const) {
  test(`a card used as a form settles with “${button}”`, async ({ visit, page }) => {
    await visit.open();
    await visit.ask("Ask for late checkout");
    await page.getByLabel("Until two").check();
    await page.getByRole("button", { name: button }).click();
    await visit.finished();
    await expect(visit.log()).toContainText(outcome);
  });
}

test("the page handles a button itself and reports back", async ({ visit, page }) => {
  await visit.open();
  await visit.ask("Dim the lights");
  await page.getByRole("button", { name: "Dim", exact: true }).last().click();
  await expect(page.locator("html")).toHaveAttribute("data-scheme", "dark");
  await visit.finished();
  await expect(visit.log()).toContainText("Now one can see the stars");
  await expect(visit.log()).toContainText("Dimmed");
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("data-scheme", "dark");
});

test("a chart and a table are drawn", async ({ visit }) => {
  await visit.open();
  await visit.ask("How is the season going?");
  await expect(visit.log().locator("svg").first()).toBeVisible();
  await expect(visit.log()).toContainText("Foghorn nights");
  await expect(visit.log().getByRole("table").last()).toContainText("Number Eleven");
});

slow.describe("at a walking pace", () => {
  // Each line of progress stays for seconds: a page that is late draws it all the same.
  slow.use({ pace: "0.06" });

  slow("work shows progress, tasks that tick off, and a notice", async ({ page, own }) => {
    const visit = new Visit(page, own);
    await visit.open();
    const seen = await page.evaluateHandle(() => {
      const lines = new Set<string>();
      const root = document.querySelector("openai-chatkit")?.shadowRoot;
      if (root) {
        new MutationObserver(() => {
          for (const line of root.textContent?.match(/[A-Z][\w ]+…/g) ?? []) lines.add(line);
        }).observe(root, { subtree: true, childList: true, characterData: true });
      }
      return lines;
    });
    await page.getByRole("button", { name: "Prepare my room", exact: true }).click();
    await expect(visit.log()).toContainText("Room prepared");
    await visit.finished();
    expect(await seen.evaluate((lines) => [...lines].join())).toContain("Climbing the stairs…");
    await expect(page.getByText("Quiet hours")).toBeVisible();
  });
});

test("a client tool asks the page and the answer goes on", async ({ visit }) => {
  await visit.open();
  await visit.ask("What time is it where I am?");
  await expect(visit.log()).toContainText("by your clock");
});

test("structured questions take the composer's place and come back answered", async ({ visit, page }) => {
  await visit.open();
  await visit.ask("Plan my breakfast");
  await page.getByRole("radio", { name: "Fried" }).check();
  const next = page.getByRole("button").filter({ hasText: /^(Continue|Next)$/ });
  await next.click();
  await page.getByRole("checkbox", { name: "Coffee" }).check();
  await page.getByRole("checkbox", { name: "Tea" }).check();
  await next.click();
  await page.getByRole("textbox").last().fill("No anchovies");
  await next.click();
  await visit.finished();
  await expect(visit.log()).toContainText("No anchovies");
  await expect(visit.log()).toContainText("Coffee, Tea");
});

test("an error offers Retry, and Retry works", async ({ visit, page }) => {
  await visit.open();
  await visit.ask("Call the lift");
  await expect(visit.log().getByText("The lift is stuck between floors.")).toBeVisible();
  await page.getByRole("button", { name: "Retry" }).click();
  await visit.finished();
  await expect(visit.log()).toContainText("Ding.");
  await expect(visit.log().getByText("The lift is stuck between floors.")).toHaveCount(0);
});

test("a reload keeps the thread", async ({ visit, page }) => {
  await visit.open();
  await visit.ask("Show me the rooms");
  await page.reload();
  await expect(visit.log()).toContainText("The Quiet One");
});

test("history lists, renames and deletes threads", async ({ visit, page }) => {
  await visit.open();
  await visit.ask("Show me the rooms");
  await page.getByRole("button", { name: "New chat" }).click();
  await visit.ask("Call the lift");
  await page.getByRole("button", { name: "History" }).click();
  const panel = page
    .getByRole("region", { name: "History" })
    .or(page.getByLabel("History", { exact: true }))
    .last();
  await expect(panel.getByText("Which rooms are free tonight?")).toBeVisible();
  await page.getByRole("button", { name: "Options for Call the lift, please." }).click();
  await page.getByRole("menuitem", { name: "Rename" }).click();
  await page.getByLabel("New title").fill("The lift, again");
  await page.keyboard.press("Enter");
  await expect(panel.getByText("The lift, again")).toBeVisible();
  await page.getByRole("button", { name: "Options for Which rooms are free tonight?" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await expect(panel.getByText("Which rooms are free tonight?")).toHaveCount(0);
  await page.reload();
  await page.getByRole("button", { name: "History" }).click();
  await expect(page.getByText("The lift, again").first()).toBeVisible();
  await expect(page.getByText("Which rooms are free tonight?")).toHaveCount(0);
});
