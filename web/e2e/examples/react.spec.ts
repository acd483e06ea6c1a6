import { expect, on } from "./app.ts";

const test = on("react");

test("F009 the React example, on the unmodified package, keeps page and chat in step", async ({
  page,
  example,
}) => {
  await page.goto(`${example.address}/page/`);
  await page.getByRole("button", { name: "Suggest a book" }).click();
  await expect(page.getByRole("main").getByRole("listitem")).toContainText("The Summer Book");
  await expect(page.getByRole("log")).toContainText("is on your list");
  await expect(page.getByRole("log")).toHaveAttribute("aria-busy", "false");
  await page.getByRole("button", { name: "What is it about?" }).click();
  await expect(page.getByRole("log")).toContainText("an island in the Gulf of Finland");
  await expect(page.getByRole("log")).toHaveAttribute("aria-busy", "false");
});

test("the React example switches its theme from the chat's own header, and keeps what was said", async ({
  page,
  example,
}) => {
  await page.goto(`${example.address}/page/`);
  await page.getByRole("button", { name: "Suggest a book" }).click();
  await expect(page.getByRole("log")).toContainText("is on your list");
  const scheme = () => page.locator("openai-chatkit").evaluate((chat) => getComputedStyle(chat).colorScheme);
  expect(await scheme()).toBe("light");
  await page
    .locator("openai-chatkit")
    .getByRole("button", { name: /dark|right/i })
    .click();
  await expect.poll(scheme).toBe("dark");
  await expect(page.locator(".app")).toHaveClass(/dark/);
  await expect(page.getByRole("log")).toContainText("is on your list");
});

test("the React example fits a phone", async ({ page, example }) => {
  await page.setViewportSize({ width: 390, height: 780 });
  await page.goto(`${example.address}/page/`);
  await expect(page.getByRole("button", { name: "Suggest a book" })).toBeInViewport();
  const box = await page.locator("openai-chatkit").boundingBox();
  expect(box?.width).toBe(390);
  expect(box?.height).toBeGreaterThan(400);
});
