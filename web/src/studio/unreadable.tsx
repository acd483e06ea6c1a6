import { json } from "@codemirror/lang-json";
import type { JSX } from "preact";
import { CodeEditor } from "./code-editor.tsx";
import { unreadable } from "./workspace.ts";

const JSON_TEXT = [json()];

/** A file without a source to edit: what is wrong with it, and its text. */
export function Unreadable(): JSX.Element {
  const file = unreadable.value;
  const found = file?.opened.diagnostics ?? [];
  return (
    <div class="page plain">
      <header class="page-head">
        <h1>{file?.path}</h1>
      </header>
      <p>
        {file?.opened.reason ?? "This file carries no source that could be edited."} It is shown as it is.
      </p>
      <ul class="problems">
        {found.map((one) => (
          <li key={one.code + one.from} class="problem" data-tone={one.severity}>
            <span class="problem-main">
              {one.message} {one.hint ?? ""}
            </span>
          </li>
        ))}
      </ul>
      <div class="raw">
        <CodeEditor
          pane={null}
          label="Text of the file"
          value={file?.text ?? ""}
          extensions={JSON_TEXT}
          readOnly
        />
      </div>
    </div>
  );
}
