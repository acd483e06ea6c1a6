// @vitest-environment happy-dom
import { h, render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, expect, it } from "vitest";
import { chunk, Lazy } from "./lazy.tsx";
import { ScopeContext, type WidgetScope } from "./scope.ts";
import { settle, until } from "./testing.tsx";

const errors: Error[] = [];
const scope = { host: { error: (error: Error) => errors.push(error) } } as unknown as WidgetScope;
const place = document.createElement("div");

function draw(of: ReturnType<typeof chunk<object>>): void {
  render(
    <ScopeContext.Provider value={scope}>{h(Lazy<object>, { of, props: {} })}</ScopeContext.Provider>,
    place,
  );
}

afterEach(() => {
  render(null, place);
  errors.length = 0;
});

it("draws a part that was prefetched and comes between the drawing and its effect", async () => {
  let arrive: (part: () => string) => void = () => undefined;
  const of = chunk<object>(
    () =>
      new Promise((resolve) => {
        arrive = resolve;
      }),
  );
  of.prefetch();
  await act(async () => {
    draw(of);
    arrive(() => "here");
    await of.request();
    expect(of.loaded).toBeDefined();
    expect(place.textContent).toBe("");
  });
  await settle();
  expect(place.textContent).toBe("here");
});

it("says what could not be loaded, and tries again for the next who needs it", async () => {
  const answers = [Promise.reject(new Error("gone")), Promise.resolve(() => "back")];
  const of = chunk<object>(() => answers.shift() as Promise<() => string>);
  await act(async () => draw(of));
  await until(() => errors.length === 1);
  expect(errors[0]?.message).toBe("A part of the widget could not be loaded.");
  render(null, place);
  await act(async () => draw(of));
  await settle();
  expect(place.textContent).toBe("back");
});
