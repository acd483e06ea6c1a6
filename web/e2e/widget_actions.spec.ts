import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "./fixtures.ts";

/** What the guide about widgets shows. */
const example = (name: string): string => resolve(import.meta.dirname, "../../docs_src", name);

/** A step of the script that draws; the bar between steps must not stand in the widget itself. */
const draw = (widget: object): string => `draw ${JSON.stringify(widget).replaceAll("|", "\\u007c")}`;

const button = (label: string, onClickAction: object) => ({ type: "Button", label, onClickAction });

test("F143 F144 F145 actions beside a stream, pressed twice, and busy until their turn ends", async ({
  chat,
  backend,
}) => {
  const card = {
    type: "Card",
    children: [
      button("Go", { type: "go", payload: { script: "gate a|say Streamed" } }),
      button("Tick", { type: "tick", streaming: false, payload: { gate: "t" } }),
    ],
  };
  await chat.open();
  await chat.say(`${draw(card)}|gate x|say The end`);
  const go = chat.view.getByRole("button", { name: "Go", exact: true });
  const tick = chat.view.getByRole("button", { name: "Tick" });
  const sent = async (type: string) => (await backend.requests(type)).length;

  await go.click();
  await tick.dblclick();
  await backend.open("t");
  await expect(chat.view.getByText("Updated by tick")).toBeVisible();
  expect([await sent("threads.custom_action"), await sent("threads.sync_custom_action")]).toEqual([0, 1]);
  await backend.open("x");
  await expect(chat.answer("The end")).toBeVisible();
  await chat.expectHeard("response.end");

  await chat.say(draw(card));
  await chat.expectHeard("response.end", 2);
  await go.dblclick();
  await expect(go).toHaveAttribute("aria-busy", "true");
  await expect(tick).not.toHaveAttribute("aria-busy", "true");
  await backend.open("a");
  await expect(chat.answer("Streamed")).toBeVisible();
  await chat.expectHeard("response.end", 3);
  await expect(go).not.toHaveAttribute("aria-busy", "true");
  expect(await sent("threads.custom_action")).toBe(1);
});

test("a component of the page is drawn in the chat, sends its value, and its fallback shows until it is there", async ({
  chat,
  backend,
}) => {
  await chat.open();
  await chat.say(draw(JSON.parse(readFileSync(example("stars.json"), "utf8"))));
  const box = chat.view.locator(".w-root");
  await expect(box.getByPlaceholder("Stars, 1 to 5")).toBeVisible();
  await chat.page.addScriptTag({ path: example("stars.js") });
  const stars = chat.view.getByRole("slider", { name: "Stars" });
  await stars.fill("4");
  await box.getByRole("button", { name: "Send" }).click();
  await expect(chat.answer("Action rate")).toBeVisible();
  expect((await backend.requests("threads.custom_action"))[0]?.params.action.payload).toMatchObject({
    stars: 4,
  });

  const thread = (await chat.heard("thread.change"))[0]?.detail.threadId as string;
  await chat.open({ initialThread: thread });
  await chat.page.addScriptTag({ path: example("stars.js") });
  await expect(stars).toHaveValue("4");
});
