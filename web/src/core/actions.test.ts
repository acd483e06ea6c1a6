import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { loadingOf, mergeValues, routeOf, runsOutsideStream } from "./actions.ts";
import type { WidgetAction } from "./api.ts";

describe("F146 form values in a payload", () => {
  test.each<[string, unknown, Record<string, unknown>, unknown, string[]]>([
    [
      "a name with dots nests",
      { id: 1 },
      { "todo.title": "Buy", "todo.done": false },
      { id: 1, todo: { title: "Buy", done: false } },
      [],
    ],
    ["no payload becomes one", undefined, { a: "x" }, { a: "x" }, []],
    [
      "F151 a control alone is keyed by its name",
      undefined,
      { "project.id": "p1" },
      { project: { id: "p1" } },
      [],
    ],
    ["F149 a key of the payload wins", { a: 1 }, { a: 2, b: 3 }, { a: 1, b: 3 }, ["a"]],
    ["a path through a value is a collision", { a: 1 }, { "a.b": 2 }, { a: 1 }, ["a.b"]],
    ["a list payload takes no values", [1], { a: 2 }, [1], ["a"]],
    ["without values the payload is what it was", [1], {}, [1], []],
    [
      "machinery names go nowhere",
      {},
      { "__proto__.x": 1, "constructor.prototype.y": 2 },
      {},
      ["__proto__.x", "constructor.prototype.y"],
    ],
  ])("%s", (_what, payload, values, merged, collisions) => {
    expect(mergeValues(payload, values)).toEqual({ payload: merged, collisions });
  });

  test("never changes the widget's own payload, nor any object's machinery", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.dictionary(fc.string(), fc.string()),
        (payload, values) => {
          const before = JSON.stringify(payload);
          mergeValues(payload, values);
          expect(JSON.stringify(payload)).toBe(before);
          expect(Object.keys(Object.prototype)).toEqual([]);
        },
      ),
    );
  });
});

test.each<[WidgetAction, string]>([
  [{ type: "x" }, "stream"],
  [{ type: "x", handler: "client" }, "page"],
  [{ type: "x", streaming: false }, "sync"],
  [{ type: "x", streaming: "false" }, "sync"],
])("%j goes by %s", (action, route) => {
  expect(routeOf(action)).toBe(route);
});

describe("loadingOf", () => {
  it("maps auto by the place the action comes from (F145)", () => {
    const action = { type: "a" };
    expect(loadingOf(action, "Button.onClickAction")).toBe("self");
    expect(loadingOf(action, "Card.confirm")).toBe("container");
    expect(loadingOf(action, "Card.cancel")).toBe("container");
    expect(loadingOf(action, "ListViewItem.onClickAction")).toBe("self");
    expect(loadingOf(action, "Form.onSubmitAction")).toBe("self");
    for (const control of ["Select", "DatePicker", "Checkbox", "RadioGroup"]) {
      expect(loadingOf(action, `${control}.onChangeAction`)).toBe("none");
    }
  });

  it("does as it is told otherwise (F145)", () => {
    expect(loadingOf({ type: "a", loadingBehavior: "none" }, "Button.onClickAction")).toBe("none");
    expect(loadingOf({ type: "a", loadingBehavior: "container" }, "Select.onChangeAction")).toBe("container");
    expect(loadingOf({ type: "a", loadingBehavior: "self" }, "Card.confirm")).toBe("self");
  });
});

describe("runsOutsideStream", () => {
  it("is true for client actions and for streaming: false, also as text (F143)", () => {
    expect(runsOutsideStream({ type: "a" })).toBe(false);
    expect(runsOutsideStream({ type: "a", streaming: true })).toBe(false);
    expect(runsOutsideStream({ type: "a", streaming: false })).toBe(true);
    expect(runsOutsideStream({ type: "a", streaming: "false" })).toBe(true);
    expect(runsOutsideStream({ type: "a", handler: "client" })).toBe(true);
  });
});

describe("mergeValues", () => {
  it("nests dotted names beside what the payload has (F146)", () => {
    expect(mergeValues({ id: 1, todo: { done: false } }, { "todo.title": "Milk", count: "2" })).toEqual({
      payload: { id: 1, todo: { done: false, title: "Milk" }, count: "2" },
      collisions: [],
    });
  });

  it("leaves the payload alone where both say something, and names the field (F149)", () => {
    expect(mergeValues({ todo: "x", a: 1 }, { "todo.title": "Milk", a: 2, b: 3 })).toEqual({
      payload: { todo: "x", a: 1, b: 3 },
      collisions: ["todo.title", "a"],
    });
  });

  it("makes a payload where there is none, and none where there are no values", () => {
    expect(mergeValues(undefined, { "project.id": "x" }).payload).toEqual({ project: { id: "x" } });
    expect(mergeValues(null, {}).payload).toBeNull();
    expect(mergeValues([1], { a: 2 })).toEqual({ payload: [1], collisions: ["a"] });
  });

  it("never reaches into an object's prototype", () => {
    const { payload, collisions } = mergeValues(
      {},
      { "__proto__.polluted": 1, "constructor.x": 2, "a.prototype.b": 3 },
    );
    expect(payload).toEqual({});
    expect(collisions).toHaveLength(3);
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
  });

  it("does not change what it is given", () => {
    const before = { todo: { a: 1 } };
    mergeValues(before, { "todo.b": 2 });
    expect(before).toEqual({ todo: { a: 1 } });
  });
});
