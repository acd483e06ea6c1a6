import { javascript } from "@codemirror/lang-javascript";
import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { Button } from "../base/index.ts";
import { type ComponentDefinition, call } from "./api.ts";
import { CodeEditor } from "./code-editor.tsx";
import { BLANK, pretty } from "./draft.ts";
import { exampleOf } from "./examples.ts";
import { go, route } from "./route.ts";
import { createHost, Tamed } from "./stage.tsx";
import { openSource, reference } from "./workspace.ts";

const wanted = signal("");
const JSX_TEXT = [javascript({ jsx: true, typescript: true })];

function Live({ name }: { readonly name: string }): JSX.Element {
  const [view, setView] = useState(() => exampleOf(name));
  const [widget, setWidget] = useState<unknown>(null);
  const [problem, setProblem] = useState("");
  const host = useMemo(() => createHost({}), []);
  useEffect(() => {
    let late = false;
    const timer = setTimeout(() => {
      call("build", { view, schema: "", data: {}, name }).then(
        (answer) => {
          if (late) return;
          const drawn = answer.drawn.Default;
          if (drawn?.widget) setWidget(drawn.widget);
          setProblem(
            answer.diagnostics.find((one) => one.severity === "error")?.message ??
              drawn?.error?.message ??
              "",
          );
        },
        (reason: unknown) => setProblem(String(reason)),
      );
    }, 60);
    return () => {
      late = true;
      clearTimeout(timer);
    };
  }, [view, name]);
  return (
    <div class="example">
      <div class="example-code">
        <CodeEditor
          pane={null}
          label={`Example of ${name}`}
          value={view}
          extensions={JSX_TEXT}
          onChange={setView}
        />
      </div>
      <div class="example-view">
        {widget ? <Tamed widget={widget} host={host} /> : null}
        {problem ? (
          <p class="trouble" data-tone="danger">
            {problem}
          </p>
        ) : null}
      </div>
      <Button
        size="xs"
        variant="outline"
        onClick={() =>
          openSource({ ...BLANK, name, view, schema: "", states: [{ name: "Default", text: pretty({}) }] })
        }
      >
        Open in the editor
      </Button>
    </div>
  );
}

function Details({ one }: { readonly one: ComponentDefinition }): JSX.Element {
  return (
    <article class="doc-page">
      <h1>{one.name}</h1>
      <p class="lead">{one.doc}</p>
      <Live key={one.name} name={one.name} />
      <h2>Props</h2>
      <table class="props">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Type</th>
            <th scope="col">What it does</th>
          </tr>
        </thead>
        <tbody>
          {Object.values(one.props).map((prop) => (
            <tr key={prop.name}>
              <th scope="row">
                <code>{prop.name}</code>
                {prop.required ? <span class="tag">required</span> : null}
              </th>
              <td>
                <code>{prop.kind.text}</code>
                {prop.default === null || prop.default === undefined ? null : (
                  <small> default {JSON.stringify(prop.default)}</small>
                )}
              </td>
              <td>{prop.doc}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </article>
  );
}

/** Every component, with an example that can be changed. */
export function ComponentsPage(): JSX.Element {
  const all = reference.value?.components ?? [];
  const words = wanted.value.trim().toLowerCase();
  const shown = all.filter((one) =>
    `${one.name} ${one.doc} ${Object.keys(one.props).join(" ")}`.toLowerCase().includes(words),
  );
  const chosen = all.find((one) => one.name === route.value.detail) ?? all[0];
  return (
    <div class="page two">
      <nav class="list" aria-label="Components">
        <input
          class="side-filter"
          type="search"
          aria-label="Search components"
          placeholder="Search"
          value={wanted.value}
          onInput={(event) => {
            wanted.value = event.currentTarget.value;
          }}
        />
        {shown.map((one) => (
          <button
            type="button"
            key={one.name}
            class="row"
            aria-current={chosen?.name === one.name ? "page" : undefined}
            onClick={() => go("components", one.name)}
          >
            <span class="row-text">{one.name}</span>
          </button>
        ))}
      </nav>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard */}
      <section class="detail" tabIndex={0} aria-label={chosen?.name ?? "Component"}>
        {chosen ? <Details one={chosen} /> : null}
      </section>
    </div>
  );
}
