import { describe, expect, it } from "vitest";
import { answerItem, endOfTurn, questionItem, toolCall, userItem, widgetItem } from "../testing/fixtures.ts";
import { copyText, groupTurns, isShown } from "./turns.ts";

describe("turns", () => {
  it("begin with each message of a person", () => {
    const items = [answerItem("welcome"), userItem("a"), answerItem("b"), userItem("c")];
    const turns = groupTurns(items, {});
    expect(turns.map((turn) => [turn.user?.id ?? null, turn.groups.flat().length])).toEqual([
      [null, 1],
      [items[1]?.id, 1],
      [items[3]?.id, 0],
    ]);
  });

  it("F063 are cut into groups by the end of a turn", () => {
    const turns = groupTurns([userItem("a"), answerItem("b"), endOfTurn(), endOfTurn(), answerItem("c")], {});
    expect(turns[0]?.groups.map((group) => group.length)).toEqual([1, 1]);
  });

  it("keep their identity when their items do", () => {
    const old = [userItem("a"), answerItem("b")];
    const asked = userItem("c");
    const before = groupTurns([...old, asked], {});
    const after = groupTurns([...old, asked, answerItem("d")], {}, before);
    expect(after[0]).toBe(before[0]);
    expect(after[1]).not.toBe(before[1]);
    expect(groupTurns([...old, asked], {}, before)).toBe(before);
  });

  it("change when what is known about an item changes", () => {
    const asked = userItem("a");
    const before = groupTurns([asked], {});
    const after = groupTurns([asked], { [asked.id]: { sending: true } }, before);
    expect(after[0]).not.toBe(before[0]);
    expect(after[0]?.marks).toEqual({ [asked.id]: { sending: true } });
  });

  it("F042 keep the key under which a message was first shown", () => {
    const asked = userItem("a");
    expect(groupTurns([asked], { [asked.id]: { key: "local" } })[0]?.key).toBe("local");
  });

  it("F087 are copied without what has no words", () => {
    const group = [
      answerItem("one"),
      toolCall(),
      widgetItem({ type: "Text" }, "two"),
      widgetItem({ type: "Text" }),
    ];
    expect(copyText(group)).toBe("one\n\ntwo");
  });

  it("show neither tool calls nor questions that wait nor empty answers", () => {
    expect([toolCall(), questionItem([]), answerItem(""), answerItem("a")].map(isShown)).toEqual([
      false,
      false,
      false,
      true,
    ]);
  });
});
