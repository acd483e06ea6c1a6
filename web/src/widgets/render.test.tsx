// @vitest-environment happy-dom
import { h } from "preact";
import { act } from "preact/test-utils";
import { afterEach, describe, expect, it } from "vitest";
import { registerComponent } from "./registry.ts";
import { mount, until } from "./testing.tsx";

const off: (() => void)[] = [];
afterEach(() => {
  for (const remove of off.splice(0)) remove();
});

describe("what nobody knows", () => {
  it("draws the children of an unknown component and logs it once (F136)", async () => {
    const view = await mount({
      type: "Card",
      children: [{ type: "Hologram", children: [{ type: "Text", value: "inside" }] }, { type: "Hologram" }],
    });
    expect(view.get(".w-text").textContent).toBe("inside");
    expect(view.logs).toEqual([["widget.unknown_component", { type: "Hologram" }]]);
    expect(view.all(".w-complaint")).toHaveLength(0);
  });

  it("shows it in development (F136)", async () => {
    const view = await mount({ type: "Hologram" }, { host: { development: true } });
    expect(view.get(".w-complaint").textContent).toBe("Unknown component: Hologram");
  });

  it("draws the fallback an unknown component brings along", async () => {
    const view = await mount({ type: "Acme.Map", fallback: { type: "Text", value: "A map of Vienna" } });
    expect(view.root.textContent).toBe("A map of Vienna");
  });

  it("draws nothing for an unknown icon, and logs it (F136)", async () => {
    const view = await mount({ type: "Icon", name: "no-such-icon-anywhere" });
    await until(() => view.logs.length > 0);
    await until(() => view.all(".w-icon").length === 0);
    expect(view.logs).toEqual([["widget.unknown_icon", { name: "no-such-icon-anywhere" }]]);
  });

  it.each(["constructor", "__proto__", "toString", "hasOwnProperty"])(
    "is not misled by a type named %s",
    async (type) => {
      const view = await mount({
        type: "Card",
        children: [{ type, children: [{ type: "Text", value: "ok" }] }],
      });
      expect(view.get(".w-text").textContent).toBe("ok");
      expect(view.errors).toEqual([]);
    },
  );

  it("ignores props that do not fit (F136)", async () => {
    const view = await mount({
      type: "Text",
      value: "a",
      size: "huge",
      maxLines: "many",
      color: 7,
      weight: {},
      truncate: "perhaps",
    });
    expect(view.get(".w-text").getAttribute("style")).toBeNull();
    expect(view.get(".w-text").dataset.size).toBe("md");
  });
});

describe("components of the page", () => {
  it("are drawn under their name, and no longer after they are taken away", async () => {
    off.push(registerComponent("Acme.Rating", ({ node }) => h("b", null, `${node.props.stars} of 5`)));
    const view = await mount({ type: "Card", children: [{ type: "Acme.Rating", stars: 4 }] });
    expect(view.get("b").textContent).toBe("4 of 5");
    off.pop()?.();
    const after = await mount({ type: "Acme.Rating", stars: 4 });
    expect(after.all("b")).toHaveLength(0);
  });

  it("are drawn by plain code, told of changes, and cleaned up", async () => {
    const seen: unknown[] = [];
    off.push(
      registerComponent("Acme.Rating", {
        draw(place, part) {
          const button = document.createElement("button");
          button.textContent = `${part.props.stars} of 5`;
          button.onclick = () => part.raise({ type: "rate", payload: part.props.stars });
          place.append(button);
          return {
            update: ({ props, loading }) => {
              button.textContent = `${props.stars} of 5${loading ? " …" : ""}`;
            },
            remove: () => seen.push("removed"),
          };
        },
      }),
    );
    const widget = (stars: number) => ({ type: "Card", children: [{ type: "Acme.Rating", stars }] });
    const view = await mount(widget(4));
    const button = view.get("button");
    expect(button.textContent).toBe("4 of 5");
    await view.update(widget(3));
    expect(view.get("button")).toBe(button);
    expect(button.textContent).toBe("3 of 5");
    await view.click("button");
    expect(view.requests[0]).toMatchObject({
      action: { type: "rate", payload: 3 },
      trigger: "Acme.Rating.raise",
    });
    await view.finish();
    await view.unmount();
    expect(seen).toEqual(["removed"]);
  });

  it("are controls of the form around them when they have a name", async () => {
    off.push(
      registerComponent("Acme.Slider", {
        draw(place, part) {
          const field = document.createElement("input");
          field.type = "range";
          field.value = String(part.value);
          field.oninput = () => part.setValue(Number(field.value));
          place.append(field);
        },
      }),
    );
    const view = await mount({
      type: "Form",
      onSubmitAction: { type: "save" },
      children: [
        { type: "Acme.Slider", name: "room.size", defaultValue: 20 },
        { type: "Button", label: "Save", submit: true },
      ],
    });
    const field = view.get<HTMLInputElement>("input");
    field.value = "70";
    field.dispatchEvent(new Event("input"));
    await view.click("button");
    expect(view.requests[0]?.values).toEqual({ "room.size": 70 });
  });

  it("come late, and the fallback makes room for them", async () => {
    const view = await mount({ type: "Acme.Map", fallback: { type: "Text", value: "A map of Vienna" } });
    expect(view.root.textContent).toBe("A map of Vienna");
    await act(() => {
      off.push(registerComponent("Acme.Map", { draw: (place) => place.append("The map") }));
    });
    expect(view.root.textContent).toBe("The map");
  });

  it("that fail give way to the fallback of their node", async () => {
    off.push(
      registerComponent("Acme.Map", {
        draw() {
          throw new Error("no tiles");
        },
      }),
    );
    const fallback = { type: "Text", value: "A map of Vienna" };
    const view = await mount({ type: "Card", children: [{ type: "Acme.Map", fallback }] });
    expect(view.get(".w-text").textContent).toBe("A map of Vienna");
    expect(view.errors[0]?.message).toContain('"Acme.Map"');
  });

  it("need a type name and something that draws", () => {
    expect(() => registerComponent("rating", () => null)).toThrow(/type name/);
    expect(() => registerComponent("Rating", {} as never)).toThrow(/draw/);
  });

  it("that fail take only themselves down, and are reported", async () => {
    off.push(
      registerComponent("Broken", () => {
        throw new Error("boom");
      }),
    );
    const view = await mount({
      type: "Card",
      children: [{ type: "Broken" }, { type: "Text", value: "still here" }],
    });
    expect(view.get(".w-text").textContent).toBe("still here");
    expect(view.errors[0]?.name).toBe("WidgetError");
    expect(view.errors[0]?.message).toContain('"Broken"');
  });
});

describe("roots", () => {
  it("draws a list inside a card and a card inside a list (F135)", async () => {
    const view = await mount({
      type: "Card",
      children: [
        {
          type: "ListView",
          children: [
            { type: "ListViewItem", children: [{ type: "Card", children: { type: "Text", value: "deep" } }] },
          ],
        },
      ],
    });
    expect(view.root.textContent).toBe("deep");
  });

  it("says so when a widget is too large to show", async () => {
    let deep: object = { type: "Spacer" };
    for (let level = 0; level < 70; level++) deep = { type: "Box", children: [deep] };
    const view = await mount(deep);
    expect(view.get(".w-cut").textContent).toContain("too large");
    expect(view.logs).toContainEqual(["widget.too_large", {}]);
  });

  it("flips the colours of a root with a theme of its own (F140)", async () => {
    const view = await mount({ type: "Card", theme: "dark", children: [] });
    expect(view.get(".w-card").dataset.theme).toBe("dark");
  });
});
