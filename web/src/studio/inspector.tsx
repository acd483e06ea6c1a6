import type { JSX } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";
import { IconButton } from "../base/index.ts";
import { Icon } from "../icons/index.tsx";
import type { PropDefinition, SourceNode } from "./api.ts";
import { valuesOf } from "./completion.ts";
import { DataPicker } from "./data-picker.tsx";
import { source } from "./draft.ts";
import { select, selected } from "./selection.ts";
import {
  bindProp,
  definitionOf,
  duplicateSelected,
  inStep,
  literal,
  moveSelected,
  placeOf,
  propText,
  removeSelected,
  setProp,
  wrapSelected,
} from "./source-edits.ts";
import { reference } from "./workspace.ts";

const LESS_USED = new Set([
  "key",
  "id",
  "minWidth",
  "minHeight",
  "minSize",
  "maxWidth",
  "maxHeight",
  "maxSize",
  "size",
  "aspectRatio",
  "wrap",
]);

function Field(props: {
  readonly label: string;
  readonly text: string;
  readonly placeholder: string;
  readonly list?: string;
  readonly onCommit: (text: string) => void;
}): JSX.Element {
  const [typed, setTyped] = useState(props.text);
  // Before the field can be left, which would write the old text over the new one.
  useLayoutEffect(() => setTyped(props.text), [props.text]);
  const commit = (): void => {
    if (typed !== props.text) props.onCommit(typed);
  };
  return (
    <input
      class="prop-field"
      aria-label={props.label}
      value={typed}
      list={props.list}
      placeholder={props.placeholder}
      onInput={(event) => setTyped(event.currentTarget.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === "Enter") commit();
      }}
    />
  );
}

/** Takes what was typed into a field: `{…}` is an expression, numbers go where numbers belong, else it is a text. */
function commitField(node: SourceNode, prop: PropDefinition, typed: string): void {
  const text = typed.trim();
  const numeric = /number|integer|length|space|limit|border/.test(prop.kind.name);
  if (text === "") setProp(node, prop.name, null);
  else if (text.startsWith("{") && text.endsWith("}")) bindProp(node, prop.name, text.slice(1, -1).trim());
  else setProp(node, prop.name, numeric && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : typed);
}

function Toggle({
  node,
  prop,
  text,
}: {
  readonly node: SourceNode;
  readonly prop: PropDefinition;
  readonly text: string | undefined;
}): JSX.Element {
  const on = literal(text) === true;
  return (
    <button
      type="button"
      role="switch"
      class="switch"
      aria-checked={on}
      aria-label={prop.name}
      onClick={() => setProp(node, prop.name, on ? (prop.default === true ? false : null) : true)}
    >
      <span />
    </button>
  );
}

interface ControlProps {
  readonly node: SourceNode;
  readonly prop: PropDefinition;
}

const hintOf = (prop: PropDefinition, none: string): string =>
  prop.default === null || prop.default === undefined ? none : String(prop.default);

function Choice(
  props: ControlProps & { readonly values: readonly string[]; readonly value: unknown },
): JSX.Element {
  const { node, prop, values, value } = props;
  return (
    <select
      class="prop-field"
      aria-label={prop.name}
      value={typeof value === "string" ? value : ""}
      onChange={({ currentTarget }) =>
        setProp(node, prop.name, currentTarget.value === "" ? null : currentTarget.value)
      }
    >
      <option value="">{hintOf(prop, "–")}</option>
      {values.map((one) => (
        <option key={one} value={one} selected={one === value}>
          {one}
        </option>
      ))}
    </select>
  );
}

function Typed(
  props: ControlProps & { readonly values: readonly string[]; readonly shown: string },
): JSX.Element {
  const { node, prop, values, shown } = props;
  const list = values.length > 0 ? { list: `values-${prop.name}` } : {};
  return (
    <>
      <Field
        label={prop.name}
        text={shown}
        placeholder={hintOf(prop, "")}
        {...list}
        onCommit={(typed) => commitField(node, prop, typed)}
      />
      {values.length > 0 ? (
        <datalist id={`values-${prop.name}`}>
          {values.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
      ) : null}
    </>
  );
}

const MOST_CHOICES = 12;

function Control({ node, prop }: ControlProps): JSX.Element {
  const text = propText(node, prop.name);
  const value = literal(text);
  const values = valuesOf(prop, reference.value);
  if (text !== undefined && value === undefined)
    return <Typed node={node} prop={prop} values={values} shown={text} />;
  if (prop.kind.name === "boolean") return <Toggle node={node} prop={prop} text={text} />;
  if (values.length > 0 && values.length <= MOST_CHOICES) {
    return <Choice node={node} prop={prop} values={values} value={value} />;
  }
  return <Typed node={node} prop={prop} values={values} shown={String(value ?? "")} />;
}

function PropRow({ node, prop }: { readonly node: SourceNode; readonly prop: PropDefinition }): JSX.Element {
  const set = node.props[prop.name] !== undefined;
  return (
    <div class="prop" data-set={set || undefined}>
      <span class="prop-name" title={prop.doc}>
        {prop.name}
        {prop.required ? <span class="dim"> *</span> : null}
      </span>
      <Control node={node} prop={prop} />
      <DataPicker node={node} prop={prop} />
      {set ? (
        <IconButton
          icon="lucide:x"
          label={`Take ${prop.name} away`}
          size="3xs"
          tooltip={false}
          onClick={() => setProp(node, prop.name, null)}
        />
      ) : (
        <span />
      )}
    </div>
  );
}

function Props({ node }: { readonly node: SourceNode }): JSX.Element {
  const definition = definitionOf(node.tag);
  const [all, setAll] = useState(false);
  if (!definition) return <p class="empty">This is not a component that the Studio knows.</p>;
  const props = Object.values(definition.props);
  const main = props.filter(
    (prop) => node.props[prop.name] !== undefined || prop.required || !LESS_USED.has(prop.name),
  );
  const rest = props.filter((prop) => !main.includes(prop));
  return (
    <>
      {main.map((prop) => (
        <PropRow key={`${node.id}${prop.name}`} node={node} prop={prop} />
      ))}
      {rest.length > 0 ? (
        <button type="button" class="more" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? "Fewer" : `${rest.length} more`}
        </button>
      ) : null}
      {all ? rest.map((prop) => <PropRow key={`${node.id}${prop.name}`} node={node} prop={prop} />) : null}
    </>
  );
}

function Tools({ node }: { readonly node: SourceNode }): JSX.Element {
  const root = node.parent === null;
  const place = node.movable ? placeOf(node) : null;
  return (
    <div class="prop-tools" role="toolbar" aria-label="Element">
      <IconButton
        icon="lucide:arrow-up"
        label="Move up"
        size="2xs"
        disabled={!place || place.index === 0}
        onClick={() => moveSelected(-1)}
      />
      <IconButton
        icon="lucide:arrow-down"
        label="Move down"
        size="2xs"
        disabled={!place || place.index === place.count - 1}
        onClick={() => moveSelected(1)}
      />
      <IconButton
        icon="lucide:copy-plus"
        label="Duplicate"
        size="2xs"
        disabled={root}
        onClick={duplicateSelected}
      />
      <IconButton
        icon="lucide:columns-2"
        label="Wrap in a Row"
        size="2xs"
        disabled={root}
        onClick={() => wrapSelected("Row")}
      />
      <IconButton
        icon="lucide:rows-2"
        label="Wrap in a Col"
        size="2xs"
        disabled={root}
        onClick={() => wrapSelected("Col")}
      />
      <span class="grow" />
      <IconButton icon="lucide:trash-2" label="Remove" size="2xs" disabled={root} onClick={removeSelected} />
    </div>
  );
}

/** Properties of the selected element; every change is a change of the view's text. */
export function Inspector(): JSX.Element {
  const node = selected.value;
  void source.value.view;
  return (
    <aside
      class="inspector"
      aria-label="Properties"
      data-waiting={!inStep() || undefined}
      data-empty={node ? undefined : ""}
    >
      <div class="pane-head">
        <h2>{node?.tag ?? "Properties"}</h2>
        <span class="grow" />
        {node ? (
          <IconButton icon="lucide:x" label="Select nothing" size="2xs" onClick={() => select(null)} />
        ) : null}
      </div>
      {node ? (
        <div class="inspector-body">
          <Tools node={node} />
          <p class="doc">{definitionOf(node.tag)?.doc ?? ""}</p>
          <Props node={node} />
        </div>
      ) : (
        <div class="empty center">
          <Icon name="lucide:mouse-pointer-click" size={20} />
          <p>Select an element: in the preview, in the tree, or with the cursor in the view.</p>
        </div>
      )}
    </aside>
  );
}
