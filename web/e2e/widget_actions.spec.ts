import { expect, test } from "./fixtures.ts";

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
      button("Tick", { type: "tick", streaming: false }),
    ],
  };
  await chat.open();
  await chat.say(`${draw(card)}|gate x|say The end`);
  const go = chat.view.getByRole("button", { name: "Go", exact: true });
  const tick = chat.view.getByRole("button", { name: "Tick" });
  const sent = async (type: string) => (await backend.requests(type)).length;

  await go.click();
  await tick.dblclick();
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
  const card = {
    type: "Card",
    children: [
      {
        type: "Form",
        onSubmitAction: { type: "rate", payload: { script: "say Thanks" } },
        children: [
          {
            type: "Acme.Stars",
            name: "stars",
            of: 5,
            fallback: { type: "Text", value: "Stars from 1 to 5" },
          },
          { type: "Button", label: "Send", submit: true },
        ],
      },
    ],
  };
  await chat.open();
  await chat.say(draw(card));
  await expect(chat.view.locator(".w-root").getByText("Stars from 1 to 5")).toBeVisible();
  const register = () =>
    chat.page.evaluate(() => {
      const { registerComponent } = customElements.get("openai-chatkit") as unknown as {
        registerComponent(type: string, component: object): void;
      };
      registerComponent("Acme.Stars", {
        draw(
          place: HTMLElement,
          part: { props: { of: number }; value: unknown; setValue(value: unknown): void },
        ) {
          const field = document.createElement("input");
          field.type = "range";
          field.max = String(part.props.of);
          field.value = String(part.value ?? 0);
          field.ariaLabel = "Stars";
          field.oninput = () => part.setValue(Number(field.value));
          place.append(field);
        },
      });
    });
  await register();
  const stars = chat.view.getByRole("slider", { name: "Stars" });
  await stars.fill("4");
  await chat.view.locator(".w-root").getByRole("button", { name: "Send" }).click();
  await expect(chat.answer("Thanks")).toBeVisible();
  expect((await backend.requests("threads.custom_action"))[0]?.params.action.payload).toMatchObject({
    stars: 4,
  });

  const thread = (await chat.heard("thread.change"))[0]?.detail.threadId as string;
  await chat.open({ initialThread: thread });
  await register();
  await expect(stars).toHaveValue("4");
});
