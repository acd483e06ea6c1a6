/** What a person sees when the line drops, the page reloads, Stop is pressed or the server dies. */
import { expect, slow, Visit } from "./server.ts";

slow.describe.configure({ timeout: 120_000 });

const END = "walk up to the Lamp Room";

slow.describe("while an answer is far from its end, stopped", () => {
  slow.use({ pace: "0.2" });

  slow("Stop stops and keeps what was written, also after a reload", async ({ page, own }) => {
    const visit = new Visit(page, own);
    await visit.open();
    await page.getByRole("button", { name: "Tell me about the house", exact: true }).click();
    await expect(visit.log()).toContainText("nineteen winters");
    await page.getByRole("button", { name: "Stop" }).click();
    await visit.finished();
    await expect(visit.log()).not.toContainText(END);
    await page.reload();
    await expect(visit.log()).toContainText("nineteen winters");
    await expect(visit.log()).not.toContainText(END);
  });
});

slow("a reload in the middle of an answer goes on with it, without gap or repeat", async ({ page, own }) => {
  const visit = new Visit(page, own);
  await visit.open();
  await page.getByRole("button", { name: "Tell me about the house", exact: true }).click();
  await expect(visit.log()).toContainText("nineteen winters");
  await page.reload();
  await expect(visit.log()).toContainText("nineteen winters");
  await expect(visit.log().getByRole("link", { name: END })).toBeVisible();
  await visit.finished();
  await expect(visit.log().getByText("nineteen winters")).toHaveCount(1);
  await expect(visit.log().getByRole("heading", { name: "How I was hired" })).toHaveCount(1);
});

slow("a second tab sees the same answer live", async ({ page, own, context }) => {
  const visit = new Visit(page, own);
  await visit.open();
  await page.getByRole("button", { name: "Tell me about the house", exact: true }).click();
  await expect(visit.log()).toContainText("nineteen winters");
  const second = await context.newPage();
  await second.goto(page.url());
  await expect(second.getByRole("log")).toContainText("nineteen winters");
  await expect(second.getByRole("link", { name: END })).toBeVisible();
  await expect(page.getByRole("link", { name: END })).toBeVisible();
});

slow("a dropped line is picked up again without gap or repeat", async ({ page, own, context }) => {
  const visit = new Visit(page, own);
  await visit.open();
  await page.getByRole("button", { name: "Tell me about the house", exact: true }).click();
  await expect(visit.log()).toContainText("nineteen winters");
  await context.setOffline(true);
  await context.setOffline(false);
  await expect(visit.log().getByRole("link", { name: END })).toBeVisible();
  await expect(visit.log().getByText("nineteen winters")).toHaveCount(1);
});

slow.describe("while an answer is far from its end, killed", () => {
  slow.use({ pace: "0.2" });

  slow("after a killed server the thread shows what was said, with Retry", async ({ page, own }) => {
    const visit = new Visit(page, own);
    await visit.open();
    await page.getByRole("button", { name: "Tell me about the house", exact: true }).click();
    await expect(visit.log()).toContainText("nineteen winters");
    await own.end("SIGKILL");
    await own.start("0");
    await page.reload();
    await expect(visit.log()).toContainText("nineteen winters");
    // The dead worker's lease must run out before anybody may say that its run was interrupted: 15 s at most.
    const retry = page.getByRole("button", { name: "Retry", exact: true });
    await expect(retry).toBeVisible();
    await retry.click();
    await expect(visit.log().getByRole("link", { name: END })).toBeVisible();
  });
});
