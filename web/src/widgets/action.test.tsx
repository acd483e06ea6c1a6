// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";
import { mount } from "./testing.tsx";

const button = (action: object, more: object = {}) => ({
  type: "Button",
  id: "b",
  label: "Go",
  onClickAction: action,
  ...more,
});

describe("actions", () => {
  it("raises type, payload and where it came from (F141)", async () => {
    const view = await mount({ type: "Card", children: [button({ type: "go", payload: { a: 1 } })] });
    await view.click("button");
    expect(view.requests).toHaveLength(1);
    expect(view.requests[0]).toMatchObject({
      action: { type: "go", payload: { a: 1 } },
      itemId: "item",
      trigger: "Button.onClickAction",
      source: "b",
      values: {},
    });
  });

  it("hands on the handler and the widget (F142)", async () => {
    const widget = { type: "Card", children: [button({ type: "go", handler: "client" })] };
    const view = await mount(widget);
    await view.click("button");
    expect(view.requests[0]?.action.handler).toBe("client");
    expect(view.requests[0]?.widget).toBe(widget);
  });

  it("shows a spinner on the button until the action ends, and fires once (F145)", async () => {
    const view = await mount({ type: "Card", children: [button({ type: "go" })] });
    await view.click("button");
    await view.click("button");
    await view.click("button");
    expect(view.requests).toHaveLength(1);
    expect(view.get("button").hasAttribute("data-loading")).toBe(true);
    await view.finish();
    expect(view.get("button").hasAttribute("data-loading")).toBe(false);
    await view.click("button");
    expect(view.requests).toHaveLength(2);
  });

  it("fires once for two presses in one turn of the event loop", async () => {
    const view = await mount({
      type: "Card",
      children: [button({ type: "go" }), button({ type: "other" }, { id: "c" })],
    });
    const [first, second] = view.all("button");
    first?.click();
    first?.click();
    second?.click();
    expect(view.requests.map(({ action }) => action.type)).toEqual(["go"]);
  });

  it("fades and locks the whole widget for container, and shows nothing for none (F145)", async () => {
    const view = await mount({
      type: "Card",
      children: [
        button({ type: "a", loadingBehavior: "container", streaming: false }),
        button({ type: "b", loadingBehavior: "none", streaming: false }, { id: "c" }),
      ],
    });
    const [first, second] = view.all("button");
    first?.click();
    await view.update({ type: "Card", children: [] }).then(() =>
      view.update({
        type: "Card",
        children: [button({ type: "b", loadingBehavior: "none" }, { id: "c" })],
      }),
    );
    expect(view.get(".w-root").hasAttribute("data-loading")).toBe(false);
    second?.click();
    expect(view.all("[data-loading]")).toHaveLength(0);
  });

  it("is inert while a container action is under way (F145)", async () => {
    const view = await mount({
      type: "Card",
      confirm: { label: "Yes", action: { type: "yes" } },
      children: [],
    });
    await view.click("button");
    expect(view.get(".w-root").hasAttribute("data-loading")).toBe(true);
    expect(view.get(".w-root").hasAttribute("inert")).toBe(true);
    await view.finish();
    expect(view.get(".w-root").hasAttribute("inert")).toBe(false);
  });

  it("refuses server actions while the thread streams, visibly, and lets the others through (F143, F144)", async () => {
    const view = await mount({
      type: "Card",
      children: [
        button({ type: "server" }),
        button({ type: "sync", streaming: false }, { id: "c" }),
        button({ type: "client", handler: "client" }, { id: "d" }),
      ],
    });
    view.busy.value = true;
    for (const each of view.all("button")) each.click();
    await view.update({
      type: "Card",
      children: [
        button({ type: "server" }),
        button({ type: "sync", streaming: false }, { id: "c" }),
        button({ type: "client", handler: "client" }, { id: "d" }),
      ],
    });
    expect(view.requests.map(({ action }) => action.type)).toEqual(["sync", "client"]);
    expect(view.all("[data-shake]")).toHaveLength(1);
    expect(view.logs).toContainEqual(["widget.action_refused", { type: "server", reason: "busy" }]);
  });

  it("shows at the control that a change was not sent, and keeps the value (F144)", async () => {
    const view = await mount({
      type: "Card",
      children: [{ type: "Checkbox", name: "news", label: "News", onChangeAction: { type: "change" } }],
    });
    view.busy.value = true;
    await view.click("input");
    expect(view.requests).toEqual([]);
    expect(view.get<HTMLElement>(".w-checkbox").dataset.shake).toBe("true");
    expect(view.get<HTMLInputElement>("input").checked).toBe(true);
  });

  it("ends the loading state when the action fails, and reports why", async () => {
    const view = await mount({ type: "Card", children: [button({ type: "go" })] });
    await view.click("button");
    await view.fail(new Error("no line"));
    expect(view.get("button").hasAttribute("data-loading")).toBe(false);
    expect(view.errors.map(({ message }) => message)).toEqual(["no line"]);
  });

  it("ends the loading state when the server replaces the component", async () => {
    const view = await mount({ type: "Card", children: [button({ type: "go" })] });
    await view.click("button");
    await view.update({ type: "Card", children: [button({ type: "next" }, { label: "Next" })] });
    expect(view.get("button").hasAttribute("data-loading")).toBe(false);
  });

  it("keeps fading while only text streams in, and stops when the widget changes", async () => {
    const card = (value: string, extra: object[] = []) => ({
      type: "Card",
      confirm: { label: "Yes", action: { type: "yes" } },
      children: [{ type: "Text", id: "t", value, streaming: true }, ...extra],
    });
    const view = await mount(card("a"));
    await view.click("button");
    await view.update(card("ab"));
    expect(view.get(".w-root").hasAttribute("data-loading")).toBe(true);
    await view.update(card("ab", [{ type: "Text", value: "done" }]));
    expect(view.get(".w-root").hasAttribute("data-loading")).toBe(false);
  });

  it("does nothing for an action without a type", async () => {
    const view = await mount({ type: "Card", children: [button({ payload: 1 })] });
    await view.click("button");
    expect(view.requests).toHaveLength(0);
  });
});
