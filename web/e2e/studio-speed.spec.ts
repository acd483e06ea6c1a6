import type { Page, Request, Response } from "@playwright/test";
import { blank, expect, fromGallery, put, test, view, widget } from "./studio-fixture.ts";

test.describe.configure({ timeout: 120_000 });

const ROWS = 66;

/** A card of 200 nodes. */
const large = (): string => {
  const rows = Array.from(
    { length: ROWS },
    (_, at) => `<Row key="r${at}"><Text value="Row ${at}" /><Badge label="b" /></Row>`,
  );
  return `<Card>\n<Title value="T" />\n${rows.join("\n")}\n</Card>`;
};

interface Round {
  /** From the keystroke until the preview has changed, in ms. */
  readonly took: number;
  /** Parts of the widget that were drawn again. */
  readonly parts: number;
  /** Elements of the preview that came or went. */
  readonly elements: number;
}

/** Types a letter into the title and waits until the preview shows it. */
const type = (page: Page, letter: string): Promise<Round> =>
  page.evaluate(async (wanted) => {
    const root = document.getElementById("studio")?.shadowRoot;
    const stage = root?.querySelector(".canvas .stage-host")?.shadowRoot;
    const title = stage?.querySelector(".w-title");
    const editor = root?.querySelector<HTMLElement>('[aria-label="View, JSX"]');
    if (!stage || !title || !editor) throw new Error("There is no title.");
    let elements = 0;
    const changes = new MutationObserver((records) => {
      for (const one of records) {
        const nodes = [...one.addedNodes, ...one.removedNodes];
        elements += nodes.filter((node) => node instanceof Element).length;
      }
    });
    changes.observe(stage, { childList: true, subtree: true });
    const seen = new Promise<number>((done) => {
      new MutationObserver(() => {
        if (title.textContent?.includes(wanted)) done(performance.now());
      }).observe(title, { childList: true, characterData: true, subtree: true });
    });
    const parts = new Promise<number>((done) => {
      const observer = new PerformanceObserver((list) => {
        for (const mark of list.getEntriesByName("studio:drawn")) {
          observer.disconnect();
          done((mark as PerformanceMark).detail.parts);
        }
      });
      observer.observe({ type: "mark" });
    });
    const line = [...editor.querySelectorAll(".cm-line")].find((one) => one.textContent?.includes("<Title"));
    const walker = document.createTreeWalker(line as Node, NodeFilter.SHOW_TEXT);
    let text = walker.nextNode();
    while (text && !text.textContent?.includes('"')) text = walker.nextNode();
    editor.focus();
    getSelection()?.setBaseAndExtent(text as Node, 1, text as Node, 1);
    const start = performance.now();
    document.execCommand("insertText", false, wanted);
    const took = (await seen) - start;
    return { took, parts: await parts, elements };
  }, letter);

/** Settles when a view with these words has been looked over. */
const lookedOver = (page: Page, words: string): Promise<Response> =>
  page.waitForResponse((answer) => {
    if (!answer.url().endsWith("/api/build")) return false;
    const ask = answer.request().postDataJSON() as { check: boolean; view: string };
    return ask.check && ask.view.includes(words);
  });

test("a keystroke in a widget of 200 nodes draws one part again, and asks the server twice", async ({
  open: page,
}) => {
  const ready = lookedOver(page, `Row ${ROWS - 1}`);
  await blank(page, large());
  await ready;
  await expect(widget(page).getByText(`Row ${ROWS - 1}`)).toBeAttached();
  const asked: { readonly check: boolean; readonly keys: string }[] = [];
  page.on("request", (request: Request) => {
    if (!request.url().endsWith("/api/build")) return;
    const ask = request.postDataJSON() as { check: boolean };
    asked.push({ check: ask.check, keys: Object.keys(ask).sort().join(" ") });
  });
  const times: number[] = [];
  let typed = "";
  for (const letter of "abcde") {
    asked.length = 0;
    typed = letter + typed;
    const checked = lookedOver(page, `value="${typed}T"`);
    const round = await type(page, letter);
    expect(round).toMatchObject({ parts: 1, elements: 0 });
    await checked;
    expect(asked).toEqual([
      { check: false, keys: "check data only schema schemaMode show states view" },
      { check: true, keys: "check data name schema schemaMode show states view" },
    ]);
    times.push(round.took);
  }
  times.sort((a, b) => a - b);
  const description = times.map(Math.round).join(", ");
  test.info().annotations.push({ type: "keystroke to picture, ms", description });
});

test("a burst of keystrokes never asks more often than it types, and is looked over once", async ({
  open: page,
}) => {
  await blank(page, '<Card>\n<Title value="T" />\n</Card>');
  await expect(widget(page).getByText("T", { exact: true })).toBeVisible();
  const asked: boolean[] = [];
  page.on("request", (request: Request) => {
    if (request.url().endsWith("/api/build")) asked.push(request.postDataJSON().check);
  });
  await put(page, '<Card>\n<Title value="" />\n</Card>');
  await page.keyboard.press("ControlOrMeta+Home");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("End");
  for (let step = 0; step < 4; step++) await page.keyboard.press("ArrowLeft");
  asked.length = 0;
  const words = "abcdefghijklmnopqrstuvwxyz";
  const checked = lookedOver(page, words);
  await page.keyboard.type(words);
  await expect(widget(page).getByText(words)).toBeVisible();
  await checked;
  expect(asked.filter((check) => !check).length).toBeLessThanOrEqual(words.length + 1);
});

test("the first screen needs little, the editors come after it, and nothing comes from elsewhere", async ({
  page,
  studio,
}) => {
  const scripts: string[] = [];
  const calls: string[] = [];
  const hosts = new Set<string>();
  let ready = false;
  page.on("request", (request) => {
    const { pathname, origin, protocol } = new URL(request.url());
    if (protocol.startsWith("http")) hosts.add(origin);
    if (pathname.endsWith(".js") && !ready) scripts.push(pathname);
    if (pathname.startsWith("/api/")) calls.push(pathname);
  });
  const started = Date.now();
  await page.goto(studio.address, { waitUntil: "commit" });
  await page.getByRole("heading", { name: "Draw a widget" }).waitFor();
  ready = true;
  await expect(page.getByRole("button", { name: "Flight status" })).toBeVisible();
  const cold = Date.now() - started;
  expect(scripts.filter((one) => /studio-[\w-]+\.js$/.test(one))).toHaveLength(1);
  await expect
    .poll(() => [...new Set(calls)].sort())
    .toEqual(["/api/files", "/api/gallery", "/api/reference", "/api/settings", "/api/watch"]);
  const again = Date.now();
  await page.reload({ waitUntil: "commit" });
  await expect(page.getByRole("button", { name: "Flight status" })).toBeVisible();
  const description = `${cold} ms the first time, ${Date.now() - again} ms warm`;
  test.info().annotations.push({ type: "open until the gallery shows", description });
  await fromGallery(page, "Flight status");
  await expect(view(page)).toBeVisible();
  await page.evaluate(() => {
    location.hash = "#/icons";
  });
  await expect(page.getByTitle("lucide:accessibility", { exact: true })).toBeVisible();
  expect([...hosts]).toEqual([new URL(studio.address).origin]);
});
