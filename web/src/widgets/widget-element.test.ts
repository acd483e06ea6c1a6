// @vitest-environment happy-dom
import { act } from "preact/test-utils";
import { afterEach, expect, it, vi } from "vitest";
import { ChatKitWidgetElement } from "./element.ts";
import { until } from "./testing.tsx";
import type { WidgetActionDetail } from "./widget-element.tsx";

afterEach(() => {
  document.body.replaceChildren();
});

async function element(widget?: unknown): Promise<ChatKitWidgetElement> {
  const made = document.createElement("chatkit-widget");
  if (!(made instanceof ChatKitWidgetElement)) throw new Error("not defined");
  await act(() => {
    if (widget !== undefined) made.widget = widget;
    document.body.append(made);
  });
  return made;
}

const heard = <Detail>(target: EventTarget, name: string): Detail[] => {
  const seen: Detail[] = [];
  target.addEventListener(name, (event) => seen.push((event as CustomEvent<Detail>).detail));
  return seen;
};

it("draws the widget it is given, before or after it is in the page", async () => {
  const made = await element({ type: "Card", children: [{ type: "Text", value: "one" }] });
  expect(made.shadowRoot?.textContent).toBe("one");
  await act(() => {
    made.widget = { type: "Text", value: "two" };
  });
  expect(made.shadowRoot?.textContent).toBe("two");
});

it("draws Markdown by itself", async () => {
  const made = await element({ type: "Markdown", value: "**bold**" });
  await until(() => made.shadowRoot?.querySelector("strong"));
});

it("raises actions as events, with form values merged, and waits for the page", async () => {
  const made = await element({
    type: "Card",
    children: [
      {
        type: "Form",
        onSubmitAction: { type: "save", payload: { id: 1 }, handler: "client" },
        children: [
          { type: "Input", name: "todo.title", defaultValue: "Milk" },
          { type: "Button", label: "Save", submit: true },
        ],
      },
    ],
  });
  await act(() => made.setAttribute("item-id", "item_1"));
  const actions = heard<WidgetActionDetail>(made, "chatkit-widget.action");
  let finish = (): void => undefined;
  made.addEventListener("chatkit-widget.action", (event) => {
    (event as CustomEvent<WidgetActionDetail>).detail.waitUntil(
      new Promise<void>((resolve) => {
        finish = resolve;
      }),
    );
  });
  const button = made.shadowRoot?.querySelector("button");
  await act(() => button?.click());
  expect(actions[0]).toMatchObject({
    action: { type: "save", payload: { id: 1, todo: { title: "Milk" } } },
    handler: "client",
    streaming: false,
  });
  expect(button?.hasAttribute("data-loading")).toBe(true);
  finish();
  await until(() => !button?.hasAttribute("data-loading"));
});

it("loads a widget from an address, and says when that fails", async () => {
  const answers = vi.spyOn(globalThis, "fetch");
  answers.mockResolvedValueOnce(new Response('{"type":"Text","value":"loaded"}'));
  const made = await element();
  const loads = heard(made, "chatkit-widget.load");
  const errors = heard<{ error: Error }>(made, "chatkit-widget.error");
  made.setAttribute("src", "/w.json");
  await until(() => made.shadowRoot?.textContent === "loaded");
  expect(loads).toHaveLength(1);
  answers.mockResolvedValueOnce(new Response("gone", { status: 404 }));
  made.setAttribute("src", "/other.json");
  await until(() => errors.length === 1);
  expect(errors[0]?.error.message).toContain("/other.json answered 404");
});

it("takes a theme as attribute or property, in place (F164)", async () => {
  const made = await element({ type: "Text", value: "x" });
  const first = made.shadowRoot?.adoptedStyleSheets[0];
  const text = () => [...(first?.cssRules ?? [])][0]?.cssText ?? "";
  expect(text()).toContain("#0d0d0d");
  made.setAttribute("theme", "dark");
  expect(made.shadowRoot?.adoptedStyleSheets[0]).toBe(first);
  made.theme = { colorScheme: "dark", radius: "sharp" };
  expect(text()).toContain("--ck-radius-md: 0px");
});

it("shows the server's complaints about fields", async () => {
  const made = await element({ type: "Card", children: [{ type: "Input", name: "mail" }] });
  await act(() => {
    made.fieldErrors = { mail: "Taken." };
  });
  expect(made.shadowRoot?.querySelector(".w-field-error")?.textContent).toBe("Taken.");
});

it("shows what is wrong in development", async () => {
  const made = await element();
  made.setAttribute("development", "");
  await act(() => {
    made.widget = { type: "Hologram" };
  });
  expect(made.shadowRoot?.querySelector(".w-complaint")?.textContent).toContain("Hologram");
});
