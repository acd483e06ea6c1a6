import { json } from "@codemirror/lang-json";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { IconButton } from "../base/index.ts";
import { Icon } from "../icons/index.tsx";
import { fired } from "./actions.ts";
import { ActionsPanel } from "./actions-panel.tsx";
import type { Diagnostic } from "./api.ts";
import { build, diagnostics, drawn } from "./building.ts";
import { CodeEditor } from "./code-editor.tsx";
import { describer } from "./describe.ts";
import { DescribePanel } from "./describe-panel.tsx";
import { applyEdits } from "./diagnostics.ts";
import { Status } from "./preview-pane.tsx";
import { currentProblem, problemKey, show } from "./problems.ts";
import { editors } from "./selection.ts";
import { type DrawerTab, drawerOpen, drawerTab } from "./settings.ts";
import { StreamPanel } from "./stream-panel.tsx";

const SIGNS = { error: "lucide:circle-x", warning: "lucide:triangle-alert", info: "info" } as const;

function Problem({ one }: { readonly one: Diagnostic }): JSX.Element {
  const row = useRef<HTMLLIElement>(null);
  const now = currentProblem.value === problemKey(one);
  useEffect(() => {
    if (now) row.current?.scrollIntoView({ block: "nearest" });
  }, [now]);
  return (
    <li ref={row} class="problem" data-tone={one.severity} aria-current={now ? "true" : undefined}>
      <button type="button" class="problem-main" onClick={() => show(one)}>
        <Icon name={SIGNS[one.severity]} size={14} />
        <span>
          {one.message} {one.hint ? <span class="dim">{one.hint}</span> : null}
          <small>
            {one.part}
            {one.state ? ` · ${one.state}` : ""}{" "}
            {one.part === "view" || one.part === "schema" ? `${one.line}:${one.column}` : (one.path ?? "")} ·{" "}
            {one.code}
          </small>
        </span>
      </button>
      {(one.fixes ?? []).map((fix) => (
        <button
          type="button"
          key={fix.title}
          class="fix"
          onClick={() => {
            show(one);
            const view = one.part === "view" || one.part === "schema" ? editors[one.part] : undefined;
            if (view) applyEdits(view, fix.edits);
          }}
        >
          {fix.title}
        </button>
      ))}
    </li>
  );
}

function Problems(): JSX.Element {
  const found = diagnostics.value;
  if (found.length === 0) {
    return (
      <div class="empty center">
        <Icon name="check-circle" size={20} />
        <p>No problems. Every state builds, and so does data made up from the schema.</p>
      </div>
    );
  }
  return (
    <ul class="problems">
      {found.map((one) => (
        <Problem key={problemKey(one)} one={one} />
      ))}
    </ul>
  );
}

const JSON_TEXT = [json()];

function Output(): JSX.Element {
  return (
    <div class="outputs">
      <section aria-label="Widget JSON">
        <h3>Widget</h3>
        <CodeEditor
          pane={null}
          label="Widget JSON"
          value={JSON.stringify(drawn.value?.widget ?? null, null, 2)}
          extensions={JSON_TEXT}
          readOnly
        />
      </section>
      <section aria-label="Template">
        <h3>Template</h3>
        <CodeEditor
          pane={null}
          label="Template"
          value={build.value?.template ?? ""}
          extensions={JSON_TEXT}
          readOnly
        />
      </section>
    </div>
  );
}

const TABS: readonly (readonly [DrawerTab, string])[] = [
  ["problems", "Problems"],
  ["actions", "Actions"],
  ["stream", "Stream"],
  ["output", "Output"],
  ["describe", "Describe"],
];

const PANELS: Readonly<Record<DrawerTab, () => JSX.Element>> = {
  problems: Problems,
  actions: ActionsPanel,
  stream: StreamPanel,
  output: Output,
  describe: () => <DescribePanel change />,
};

function Content(): JSX.Element {
  const Panel = PANELS[drawerTab.value];
  return <Panel />;
}

/** Said to a screen reader when a problem is gone to by key. */
function Announced(): JSX.Element {
  const one = diagnostics.value.find((found) => problemKey(found) === currentProblem.value);
  return (
    <p class="ck-hidden" role="status">
      {one ? `${one.severity}: ${one.message}` : ""}
    </p>
  );
}

const count = (tab: DrawerTab): number =>
  tab === "problems" ? diagnostics.value.length : tab === "actions" ? fired.value.length : 0;

/** What is below the preview: problems, actions, the stream, what comes out. */
export function Drawer(): JSX.Element {
  return (
    <section class="drawer" aria-label="Drawer" data-open={drawerOpen.value || undefined}>
      <div class="pane-head">
        <div class="tabs" role="tablist" aria-label="Drawer">
          {TABS.filter(([id]) => id !== "describe" || describer.value).map(([id, title]) => (
            <button
              type="button"
              key={id}
              role="tab"
              class="tab"
              aria-selected={drawerOpen.value && drawerTab.value === id}
              onClick={() => {
                const same = drawerTab.value === id;
                drawerTab.value = id;
                drawerOpen.value = !(same && drawerOpen.value);
              }}
            >
              {title}
              {count(id) > 0 ? <span class="count">{count(id)}</span> : null}
            </button>
          ))}
        </div>
        <span class="grow" />
        <Status />
        <IconButton
          icon={drawerOpen.value ? "chevron-down" : "chevron-up"}
          label={drawerOpen.value ? "Close the drawer" : "Open the drawer"}
          size="2xs"
          onClick={() => {
            drawerOpen.value = !drawerOpen.value;
          }}
        />
      </div>
      <Announced />
      {drawerOpen.value ? (
        <div class="drawer-body">
          <Content />
        </div>
      ) : null}
    </section>
  );
}
