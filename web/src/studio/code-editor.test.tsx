// @vitest-environment happy-dom
import { diagnosticCount, forEachDiagnostic } from "@codemirror/lint";
import { render } from "preact";
import { act } from "preact/test-utils";
import { expect, onTestFinished, test } from "vitest";
import { RootContext } from "../base/index.ts";
import { CodeEditor } from "./code-editor.tsx";
import { editors } from "./selection.ts";

test("marks of a text that was longer are put at the end of the text that is there", async () => {
  const host = document.createElement("div");
  document.body.append(host);
  const root = host.attachShadow({ mode: "open" });
  onTestFinished(() => {
    render(null, root);
    host.remove();
  });
  const mark = { from: 38, to: 40, severity: "error", message: "old" } as const;
  await act(async () => {
    render(
      <RootContext.Provider value={root}>
        <CodeEditor pane="view" label="View" value="<Card />" extensions={[]} marks={[mark]} />
      </RootContext.Provider>,
      root,
    );
  });
  const state = editors.view?.state;
  if (!state) throw new Error("There is no editor");
  expect(diagnosticCount(state)).toBe(1);
  forEachDiagnostic(state, (_, from, to) => expect([from, to]).toEqual([8, 8]));
});
