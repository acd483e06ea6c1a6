import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { IconButton, Menu, type MenuItem } from "../base/index.ts";
import type { PropDefinition, SourceNode } from "./api.ts";
import { pathsAt } from "./completion.ts";
import { editors } from "./selection.ts";
import { bindProp } from "./source-edits.ts";

function itemsFor(node: SourceNode, prop: PropDefinition): readonly MenuItem[] {
  const view = editors.view;
  const paths = view ? pathsAt(view.state, node.open[0]) : [];
  if (paths.length === 0) return [{ id: "none", label: "This state has no data", disabled: true }];
  return paths.map(({ path, value }) => ({
    id: path,
    label: path,
    description: value,
    onSelect: () => bindProp(node, prop.name, path),
  }));
}

/** Binds a prop to a part of the data: paths are picked, with what they hold in this state. */
export function DataPicker(props: { readonly node: SourceNode; readonly prop: PropDefinition }): JSX.Element {
  const [items, setItems] = useState<readonly MenuItem[]>([]);
  return (
    <Menu
      label={`Data for ${props.prop.name}`}
      placement="bottom-end"
      items={items}
      onOpenChange={(open) => setItems(open ? itemsFor(props.node, props.prop) : [])}
      trigger={(trigger) => (
        <IconButton
          {...trigger}
          class="bind"
          icon="lucide:braces"
          label={`Take ${props.prop.name} from the data`}
          size="3xs"
          tooltip={false}
        />
      )}
    />
  );
}
