// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { mount } from "../../testing.tsx";

const animate = vi.fn();
beforeEach(() => {
  Element.prototype.animate = animate;
});
afterEach(() => {
  animate.mockReset();
  Reflect.deleteProperty(Element.prototype, "animate");
});

const widget = (key: string, value: string) => ({
  type: "Transition",
  children: { type: "Text", key, value },
});

it("moves only when another child takes the place (F159)", async () => {
  const view = await mount(widget("a", "one"));
  await view.update(widget("a", "two"));
  expect(animate).not.toHaveBeenCalled();
  await view.update(widget("b", "three"));
  expect(view.root.textContent).toBe("three");
  expect(animate.mock.calls.map(([, timing]) => timing.duration)).toEqual([300, 150]);
});

it("does not move for those who asked for less motion (F159)", async () => {
  vi.spyOn(globalThis, "matchMedia").mockReturnValue({ matches: true } as MediaQueryList);
  const view = await mount(widget("a", "one"));
  await view.update(widget("b", "two"));
  expect(animate).not.toHaveBeenCalled();
});
