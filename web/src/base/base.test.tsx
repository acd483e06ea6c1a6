// @vitest-environment happy-dom
import { render } from "preact";
import { act } from "preact/test-utils";
import { expect, it, onTestFinished, vi } from "vitest";
import { until } from "../widgets/testing.tsx";
import { activeElement, Button, Dialog, Menu, nextIndex, Popover, RootContext, useStyles } from "./index.ts";

async function draw(node: Parameters<typeof render>[0]): Promise<HTMLElement> {
  const root = document.createElement("div");
  document.body.append(root);
  await act(() => render(node, root));
  onTestFinished(() => {
    render(null, root);
    root.remove();
  });
  return root;
}

const key = (target: Element | null, name: string) =>
  act(() => {
    target?.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true }));
  });

const items = [
  { id: "a", label: "Apple", onSelect: vi.fn() },
  { id: "b", label: "Banana", disabled: true },
  { id: "c", label: "Cherry", checked: true, onSelect: vi.fn() },
];

it("a menu opens on its chosen entry, is walked through, and gives focus back", async () => {
  const root = await draw(
    <Menu label="Fruit" items={items} trigger={(props) => <Button {...props}>Open</Button>} />,
  );
  const button = root.querySelector("button");
  button?.focus();
  await act(() => button?.click());
  expect(button?.getAttribute("aria-expanded")).toBe("true");
  await until(() => activeElement()?.dataset.id === "c");
  await key(activeElement(), "ArrowDown");
  expect(activeElement()?.dataset.id).toBe("a");
  await key(activeElement(), "c");
  expect(activeElement()?.dataset.id).toBe("c");
  await key(activeElement(), "Enter");
  expect(items[2]?.onSelect).toHaveBeenCalledOnce();
  await until(() => !root.querySelector('[role="menu"]'));
  expect(activeElement()).toBe(button);
});

it("a menu keeps the focus where a key moved it before the next picture", async () => {
  const root = await draw(
    <Menu label="Fruit" items={items} trigger={(props) => <Button {...props}>Open</Button>} />,
  );
  root.querySelector("button")?.click();
  await Promise.resolve();
  expect(activeElement()?.dataset.id).toBe("c");
  activeElement()?.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown", bubbles: true }));
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  expect(activeElement()?.dataset.id).toBe("a");
});

it("a menu closes on Escape and on a press outside", async () => {
  const root = await draw(
    <Menu label="Fruit" items={items} trigger={(props) => <Button {...props}>Open</Button>} />,
  );
  const button = root.querySelector("button");
  await act(() => button?.click());
  await until(() => activeElement()?.dataset.id === "c");
  await key(document.body, "Escape");
  expect(root.querySelector('[role="menu"]')).toBeNull();
  await act(() => button?.click());
  await until(() => activeElement()?.dataset.id === "c");
  await act(() => {
    document.body.dispatchEvent(new Event("pointerdown", { bubbles: true }));
  });
  expect(root.querySelector('[role="menu"]')).toBeNull();
});

it("a popover stays open for presses inside it", async () => {
  const close = vi.fn();
  const root = await draw(
    <Popover open anchor={() => document.body.firstElementChild} onClose={close} role="dialog" label="More">
      <button type="button">inside</button>
    </Popover>,
  );
  await act(() => {
    root.querySelector("button")?.dispatchEvent(new Event("pointerdown", { bubbles: true, composed: true }));
  });
  expect(close).not.toHaveBeenCalled();
});

it("a loading button keeps its place and takes no clicks", async () => {
  const click = vi.fn();
  const root = await draw(
    <Button loading onClick={click}>
      Save
    </Button>,
  );
  root.querySelector("button")?.click();
  expect(click).not.toHaveBeenCalled();
  expect(root.querySelector("button")?.getAttribute("aria-busy")).toBe("true");
  expect(root.textContent).toBe("Save");
});

it("a dialog says goodbye on cancel", async () => {
  const close = vi.fn();
  const root = await draw(<Dialog open label="Delete?" onClose={close} />);
  root.querySelector("dialog")?.dispatchEvent(new Event("cancel", { cancelable: true }));
  expect(close).toHaveBeenCalledOnce();
});

function Styled() {
  useStyles(".x{color:red}");
  return <i>x</i>;
}

it("styles are adopted once a root, without style elements (F169)", async () => {
  const place = document.createElement("div");
  const root = place.attachShadow({ mode: "open" });
  const inner = document.createElement("div");
  root.append(inner);
  await act(() =>
    render(
      <RootContext.Provider value={root}>{[<Styled key="1" />, <Styled key="2" />]}</RootContext.Provider>,
      inner,
    ),
  );
  expect(root.adoptedStyleSheets).toHaveLength(1);
  expect(root.querySelector("style")).toBeNull();
});

it("keys lead to the next, the last, or what is typed", () => {
  const labels = ["Apple", "Banana", "Blueberry"];
  expect(nextIndex("ArrowDown", 2, labels)).toBe(0);
  expect(nextIndex("ArrowUp", -1, labels)).toBe(2);
  expect(nextIndex("End", 0, labels)).toBe(2);
  expect(nextIndex("b", 1, labels, { typed: "b" })).toBe(2);
  expect(nextIndex("l", 1, labels, { typed: "bl" })).toBe(2);
  expect(nextIndex("x", 0, labels, { typed: "x" })).toBeNull();
  expect(nextIndex("ArrowDown", 0, [])).toBeNull();
});

it("a popover hears Escape from the moment it shows", () => {
  const root = document.createElement("div");
  document.body.append(root);
  onTestFinished(() => {
    render(null, root);
    root.remove();
  });
  const close = vi.fn();
  render(
    <Popover open anchor={() => document.body.firstElementChild} onClose={close}>
      <button type="button">Inside</button>
    </Popover>,
    root,
  );
  // No picture was shown yet.
  root
    .querySelector("button")
    ?.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true, cancelable: true }));
  expect(close).toHaveBeenCalledOnce();
});
