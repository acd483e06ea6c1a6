import { javascript } from "@codemirror/lang-javascript";
import { json } from "@codemirror/lang-json";
import { useComputed } from "@preact/signals";
import type { JSX } from "preact";
import { IconButton, Menu } from "../base/index.ts";
import { build, checkedSource, diagnostics } from "./building.ts";
import { CodeEditor } from "./code-editor.tsx";
import { completeView, hoverView } from "./completion.ts";
import { marks } from "./diagnostics.ts";
import { activeState, edit, editState, pretty, source, stateIndex } from "./draft.ts";
import { notify } from "./notices.ts";
import { type LowerTab, lowerTab, viewShare } from "./settings.ts";
import { selectAround } from "./source-edits.ts";
import { Splitter } from "./splitter.tsx";
import { addGenerated, addState, removeState, renameState } from "./states.ts";

const language = javascript({ jsx: true, typescript: true });
const VIEW = [language, language.language.data.of({ autocomplete: completeView }), hoverView];
const ZOD = [javascript({ typescript: true })];
const JSON_TEXT = [json()];

function ViewEditor(): JSX.Element {
  const found = useComputed(() => {
    const text = source.value.view;
    if (checkedSource.value?.view !== text) return undefined;
    return marks(
      diagnostics.value.filter((one) => one.part === "view"),
      text,
    );
  });
  return (
    <section class="pane" aria-label="View">
      <div class="pane-head">
        <h2>View</h2>
        <span class="dim">JSX</span>
      </div>
      <CodeEditor
        pane="view"
        label="View, JSX"
        value={source.value.view}
        extensions={VIEW}
        marks={found.value}
        onChange={(view) => edit({ view }, "view")}
        onCursor={selectAround}
      />
    </section>
  );
}

function switchMode(): void {
  const { schemaMode } = source.value;
  if (schemaMode === "jsonSchema") {
    notify("Zod source cannot be written from JSON Schema; the text is kept. Undo brings JSON back.");
    edit({ schemaMode: "zod" }, "mode");
    return;
  }
  const converted = build.value?.jsonSchema;
  edit({ schemaMode: "jsonSchema", schema: pretty(converted ?? {}) }, "mode");
}

function SchemaEditor(): JSX.Element {
  const { schema, schemaMode } = source.value;
  const found = useComputed(() => {
    const text = source.value.schema;
    if (checkedSource.value?.schema !== text) return undefined;
    return marks(
      diagnostics.value.filter((one) => one.part === "schema"),
      text,
    );
  });
  return (
    <CodeEditor
      key={schemaMode}
      pane="schema"
      label="Schema"
      value={schema}
      extensions={schemaMode === "zod" ? ZOD : JSON_TEXT}
      marks={found.value}
      onChange={(text) => edit({ schema: text }, "schema")}
    />
  );
}

function DataEditor(): JSX.Element {
  const state = activeState.value;
  const found = useComputed(() => {
    const { name, text } = activeState.value;
    const mine = diagnostics.value.filter((one) => one.part === "data" && (one.state ?? "Default") === name);
    return marks(mine, text);
  });
  return (
    <CodeEditor
      key="data"
      pane="data"
      label={`Data of the state ${state.name}`}
      value={state.text}
      extensions={JSON_TEXT}
      marks={found.value}
      onChange={(text) => editState(stateIndex.peek(), text)}
    />
  );
}

function States(): JSX.Element {
  return (
    <div class="states" role="tablist" aria-label="States">
      {source.value.states.map((state, index) => (
        <button
          type="button"
          key={state.name}
          role="tab"
          class="state"
          aria-selected={index === stateIndex.value}
          tabIndex={index === stateIndex.value ? 0 : -1}
          onClick={() => {
            stateIndex.value = index;
          }}
          onDblClick={() => renameState(index)}
          onKeyDown={(event) => {
            const count = source.value.states.length;
            if (event.key === "ArrowRight") stateIndex.value = (index + 1) % count;
            if (event.key === "ArrowLeft") stateIndex.value = (index - 1 + count) % count;
          }}
        >
          {state.name}
        </button>
      ))}
    </div>
  );
}

function StateMenu(): JSX.Element {
  const index = stateIndex.value;
  return (
    <Menu
      label="States"
      placement="bottom-end"
      items={[
        { id: "add", label: "New state", icon: "plus", onSelect: addState },
        {
          id: "generate",
          label: "States made from the schema",
          icon: "sparkle",
          onSelect: () => void addGenerated(),
        },
        {
          id: "rename",
          label: "Rename…",
          icon: "write",
          disabled: index === 0,
          onSelect: () => renameState(index),
        },
        {
          id: "remove",
          label: "Remove",
          icon: "lucide:trash-2",
          danger: true,
          disabled: index === 0,
          onSelect: () => removeState(index),
        },
      ]}
      trigger={(trigger) => <IconButton {...trigger} icon="dots-horizontal" label="States" size="2xs" />}
    />
  );
}

const TABS: readonly (readonly [LowerTab, string])[] = [
  ["data", "Data"],
  ["schema", "Schema"],
];

function Lower(): JSX.Element {
  const tab = lowerTab.value;
  return (
    <section class="pane" aria-label="Data and schema">
      <div class="pane-head">
        <div class="tabs" role="tablist" aria-label="Data and schema">
          {TABS.map(([id, title]) => (
            <button
              type="button"
              key={id}
              role="tab"
              class="tab"
              aria-selected={tab === id}
              onClick={() => {
                lowerTab.value = id;
              }}
            >
              {title}
            </button>
          ))}
        </div>
        {tab === "data" ? (
          <>
            <span class="rule" />
            <States />
            <span class="grow" />
            <IconButton icon="plus" label="New state" size="2xs" onClick={addState} />
            <StateMenu />
          </>
        ) : (
          <>
            <span class="grow" />
            <button type="button" class="mode" onClick={switchMode}>
              {source.value.schemaMode === "zod" ? "Zod" : "JSON Schema"}
            </button>
          </>
        )}
      </div>
      {tab === "data" ? <DataEditor /> : <SchemaEditor />}
    </section>
  );
}

/** The three texts an author writes. */
export function CodePanes(): JSX.Element {
  const share = viewShare.value;
  return (
    <div class="codes" style={{ gridTemplateRows: `minmax(0, ${share}fr) 1px minmax(0, ${1 - share}fr)` }}>
      <ViewEditor />
      <Splitter label="Height of the view" across="y" value={viewShare} />
      <Lower />
    </div>
  );
}
