import { expect, on } from "./app.ts";

const test = on("plain");

test("the plain page of thirty lines chats", async ({ page, example }) => {
  await page.goto(example.address);
  await page.getByRole("button", { name: "Hello" }).click();
  await expect(page.getByRole("button", { name: "Wave back" })).toBeVisible();
  await page.reload();
  await page.getByRole("button", { name: "History" }).click();
  await expect(page.getByRole("region", { name: "History" })).toContainText(/Hello!|New thread/);
});
