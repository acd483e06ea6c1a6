// @vitest-environment happy-dom
import { expect, it } from "vitest";
import { createMemory } from "../../memory.ts";
import { mount } from "../../testing.tsx";

it("is small unless told otherwise, with a padding of 16 px (F137)", async () => {
  const view = await mount({ type: "Card", children: [] });
  expect(view.get(".w-card").dataset.size).toBe("sm");
  expect(view.get(".w-card-box").style.padding).toBe("16px");
});

it("shows its status above the card (F152)", async () => {
  const view = await mount({
    type: "Card",
    status: { text: "From the web", favicon: "https://example.org/a.png", frame: true },
    children: [],
  });
  expect(view.get(".w-status").textContent).toBe("From the web");
  expect(view.get<HTMLImageElement>(".w-status img").referrerPolicy).toBe("no-referrer");
});

it("opens and closes when it is collapsed, and remembers it (F152)", async () => {
  const memory = createMemory();
  const widget = {
    type: "Card",
    collapsed: true,
    status: { text: "12 sources" },
    children: [{ type: "Text", value: "hidden" }],
  };
  const view = await mount(widget, { memory });
  expect(view.all(".w-card-body")).toHaveLength(0);
  await view.click(".w-card-toggle");
  expect(view.get(".w-card-toggle").getAttribute("aria-expanded")).toBe("true");
  expect(view.get(".w-text").textContent).toBe("hidden");
  await view.unmount();
  const again = await mount(widget, { memory });
  expect(again.get(".w-text").textContent).toBe("hidden");
});

it("puts cancel before confirm, and leaves both out when they are not given", async () => {
  const action = { type: "a" };
  const view = await mount({
    type: "Card",
    confirm: { label: "Yes", action },
    cancel: { label: "No", action },
    children: [],
  });
  expect(view.all(".w-card-footer button").map((button) => button.textContent)).toEqual(["No", "Yes"]);
  expect((await mount({ type: "Card", children: [] })).all("button")).toHaveLength(0);
});
