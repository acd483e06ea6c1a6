/** Takes the pictures of the Studio's documentation: `npm run pictures`, after a build. */
import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { images, launch, root, serve } from "./serving.mjs";

const GALLERY = join(root, "src/chatkit/studio/gallery");

function fill(folder) {
  mkdirSync(join(folder, "orders"));
  const names = readdirSync(GALLERY).filter((name) => name.endsWith(".widget"));
  for (const name of names.slice(0, 9)) copyFileSync(join(GALLERY, name), join(folder, name));
  copyFileSync(join(GALLERY, "sales.widget"), join(folder, "orders/sales.widget"));
}

const { address, folder, stop } = await serve((at) => ["studio", at, "--seconds", "20"]);
fill(folder);
const browser = await launch();

const widget = (page) => page.getByRole("region", { name: "Widget" });
const view = (page) => page.getByRole("textbox", { name: "View, JSX" });

async function openCard(page, name) {
  await page.getByRole("button", { name, exact: true }).click();
  await widget(page).locator(".w-root").waitFor();
  await view(page).waitFor();
}

async function settled(page) {
  await page.getByRole("button", { name: "No problems" }).waitFor();
}

async function flight(page) {
  await openCard(page, "Flight status");
  await widget(page).getByText("NL 417").click();
  await page.getByRole("heading", { name: "Title", level: 2 }).waitFor();
  await settled(page);
}

async function put(page, text) {
  await view(page).click();
  await view(page).press("ControlOrMeta+a");
  await view(page).evaluate((element, pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", pasted);
    element.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}

const MISTAKES = `<Card size="sm">
  <Title value={title} size="md" />
  <Badge label="New" colour="info" />
  <Button lable="Continue" onClickAction={{ type: "continue" }} />
</Card>
`;

const screens = [
  { name: "gallery", act: async (page) => page.getByText("Day agenda").waitFor() },
  { name: "editor", act: flight },
  { name: "editor-dark", scheme: "dark", act: flight },
  {
    name: "problems",
    act: async (page) => {
      await page.getByRole("button", { name: "Blank widget" }).click();
      await widget(page).getByText("Hello").waitFor();
      await put(page, MISTAKES);
      await page.getByRole("button", { name: /warning/ }).click();
      await page.getByRole("button", { name: "Change to color" }).waitFor();
      await page.keyboard.press("F8");
    },
  },
  {
    name: "actions",
    act: async (page) => {
      await openCard(page, "Approval");
      await widget(page).getByRole("textbox").fill("Fine with me");
      await widget(page).getByRole("button", { name: "Approve" }).click();
      await page.getByRole("tab", { name: /Actions/ }).click();
      await page.getByRole("combobox", { name: "Reply" }).selectOption("message");
      await page.getByRole("textbox", { name: /Text of the reply/ }).fill("Approved. Ada has been told.");
      await widget(page).getByRole("button", { name: "Approve" }).click();
      await widget(page).getByText("Ada has been told").waitFor();
    },
  },
  {
    name: "stream",
    act: async (page) => {
      await openCard(page, "E-mail draft");
      await settled(page);
      await page.getByRole("tab", { name: "Stream" }).click();
      await page.getByRole("button", { name: "Play" }).click();
      await page.getByRole("slider", { name: "Step" }).waitFor();
      await page.getByRole("slider", { name: "Step" }).fill("14");
      await page.getByText(/^15 of/).waitFor();
      await widget(page).locator('.outline[data-kind="again"]').first().waitFor();
    },
  },
  {
    name: "palette",
    act: async (page) => {
      await flight(page);
      await page.keyboard.press("ControlOrMeta+k");
      await page.keyboard.type("copy");
    },
  },
  {
    name: "components",
    hash: "#/components/Chart",
    act: async (page) => page.locator(".example-view .w-root").waitFor(),
  },
  { name: "icons", hash: "#/icons", act: async (page) => page.getByText("accessibility").first().waitFor() },
  {
    name: "tokens",
    hash: "#/tokens",
    act: async (page) => page.getByRole("heading", { level: 1 }).waitFor(),
  },
  {
    name: "shortcuts",
    hash: "#/shortcuts",
    act: async (page) => page.getByRole("heading", { level: 1 }).waitFor(),
  },
  { name: "small", width: 1024, height: 768, act: flight },
  {
    name: "phone",
    width: 390,
    height: 780,
    act: async (page) => {
      await page.getByRole("button", { name: "Flight status" }).click();
      await widget(page).getByText("NL 417").waitFor();
    },
  },
];

/** The whole gallery, for its own page. */
const GALLERY_PAGE = {
  file: "gallery",
  name: "gallery",
  width: 1180,
  height: 3420,
  act: async (page) => {
    await page.getByRole("button", { name: "Side bar" }).click();
    await page.getByText("Weather", { exact: true }).waitFor();
  },
  part: (page) => page.locator(".gallery").boundingBox(),
};

const QUALITY = 82;

async function picture(at, screen) {
  const { name, file = `studio-${name}`, hash = "", scheme = "light", act, part } = screen;
  const { width = 1440, height = 900 } = screen;
  const page = await browser.newPage({
    viewport: { width, height },
    deviceScaleFactor: 1.5,
    colorScheme: scheme,
    reducedMotion: "reduce",
  });
  await page.goto(`${at}/${hash}`);
  await act(page);
  // Icons come in pieces of their own.
  await page.waitForFunction(() => document.fonts.status === "loaded");
  await page.mouse.move(width - 4, height - 4);
  await page.evaluate(() => new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next))));
  const devtools = await page.context().newCDPSession(page);
  const box = await part?.(page);
  const clip = box ? { clip: { ...box, scale: 1 } } : {};
  const { data } = await devtools.send("Page.captureScreenshot", {
    format: "webp",
    quality: QUALITY,
    ...clip,
  });
  writeFileSync(join(images, `${file}.webp`), Buffer.from(data, "base64"));
  await page.close();
}

for (const screen of [...screens, GALLERY_PAGE]) await picture(address, screen);
stop();

// Where a model is configured there is one thing more to see; it is not asked anything here.
const other = await serve((at) => ["studio", at, "--seconds", "20"], {
  OPENAI_BASE_URL: "http://127.0.0.1:9/v1",
  CHATKIT_STUDIO_MODEL: "your-model",
});
await picture(other.address, {
  name: "describe",
  height: 620,
  act: async (page) => {
    await page.getByText("Day agenda").waitFor();
    await page
      .getByRole("textbox", { name: "Describe a widget" })
      .fill("A boarding pass with gate, seat and a button to check in");
  },
});
other.stop();
await browser.close();
