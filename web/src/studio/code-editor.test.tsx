// @vitest-environment happy-dom
import { diagnosticCount, forEachDiagnostic } from "@codemirror/lint";
import { type JSX, render } from "preact";
import { act } from "preact/test-utils";
import { expect, onTestFinished, test } from "vitest";
import { RootContext } from "../base/index.ts";
import { CodeEditor } from "./code-editor.tsx";
import { editors } from "./selection.ts";

async function drawn(editor: () => JSX.Element): Promise<(next: () => JSX.Element) => Promise<void>> {
  const host = document.createElement("div");
  document.body.append(host);
  const root = host.attachShadow({ mode: "open" });
  onTestFinished(() => {
    render(null, root);
    host.remove();
  });
  const show = async (next: () => JSX.Element): Promise<void> => {
    await act(async () => {
      render(<RootContext.Provider value={root}>{next()}</RootContext.Provider>, root);
    });
  };
  await show(editor);
  return show;
}

test("an editor that gets another name and text stays the same, and with it the focus", async () => {
  const none: [] = [];
  const show = await drawn(() => (
    <CodeEditor pane="data" label="Data of the state One" value="{}" extensions={none} />
  ));
  const before = editors.data;
  await show(() => <CodeEditor pane="data" label="Data of the state Two" value="[]" extensions={none} />);
  expect(editors.data).toBe(before);
  expect(before?.state.doc.toString()).toBe("[]");
  expect(before?.contentDOM.getAttribute("aria-label")).toBe("Data of the state Two");
});

test("marks of a text that was longer are put at the end of the text that is there", async () => {
  const mark = { from: 38, to: 40, severity: "error", message: "old" } as const;
  await drawn(() => <CodeEditor pane="view" label="View" value="<Card />" extensions={[]} marks={[mark]} />);
  const state = editors.view?.state;
  if (!state) throw new Error("There is no editor");
  expect(diagnosticCount(state)).toBe(1);
  forEachDiagnostic(state, (_, from, to) => expect([from, to]).toEqual([8, 8]));
});
