import type { ComponentDefinition, SourceNode } from "./api.ts";
import { built } from "./building.ts";
import { edit, source } from "./draft.ts";
import { nodes, selected, selectedId } from "./selection.ts";
import { reference } from "./workspace.ts";

// Panels change the text of the view and nothing else, so they can never disagree with it. Places come from the last
// build; while the text is newer than that build, panels wait.

interface Change {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}

/** Whether places of the last build fit the text as it is. */
export const inStep = (): boolean => built.value?.view === source.value.view;

export function change(tag: string, ...changes: readonly Change[]): void {
  if (!inStep()) return;
  const sorted = [...changes].sort((a, b) => b.from - a.from || b.to - a.to);
  const view = sorted.reduce(
    (text, one) => text.slice(0, one.from) + one.insert + text.slice(one.to),
    source.value.view,
  );
  edit({ view }, tag);
}

const textOf = (node: SourceNode): string => source.value.view.slice(node.from, node.to);

/** The text of a prop's value: `"sm"`, `{item.title}`; undefined when it is not set. */
export function propText(node: SourceNode, name: string): string | undefined {
  const place = node.props[name];
  if (!place) return undefined;
  const text = source.value.view.slice(place[0], place[1]);
  const equals = text.indexOf("=");
  return equals < 0 ? "{true}" : text.slice(equals + 1).trim();
}

/** A prop's value when it is written out: a text, number, boolean or null; undefined for expressions. */
export function literal(text: string | undefined): string | number | boolean | null | undefined {
  if (text === undefined) return undefined;
  const quoted = /^"([^"]*)"$|^'([^']*)'$/.exec(text);
  if (quoted) return quoted[1] ?? quoted[2] ?? "";
  const inner = /^\{\s*(.*?)\s*\}$/s.exec(text)?.[1];
  if (inner === undefined) return undefined;
  if (inner === "true") return true;
  if (inner === "false") return false;
  if (/^-?\d+(\.\d+)?$/.test(inner)) return Number(inner);
  const text2 = /^"([^"\\]*)"$|^'([^'\\]*)'$/.exec(inner);
  return text2 ? (text2[1] ?? text2[2] ?? "") : undefined;
}

/** A value as it is written in JSX. */
export function written(value: string | number | boolean): string {
  if (typeof value === "string" && !/["\n\\{}]/.test(value)) return `"${value}"`;
  return `{${JSON.stringify(value)}}`;
}

/** Sets a prop to a text such as `"sm"` or `{item.title}`, or takes it away. */
export function setProp(node: SourceNode, name: string, text: string | null): void {
  const place = node.props[name];
  const view = source.value.view;
  if (text === null) {
    if (!place) return;
    const gap = /\s*$/.exec(view.slice(0, place[0]))?.[0].length ?? 0;
    change(`prop:${node.id}:${name}`, { from: place[0] - gap, to: place[1], insert: "" });
    return;
  }
  const insert = text === "{true}" ? name : `${name}=${text}`;
  if (place) change(`prop:${node.id}:${name}`, { from: place[0], to: place[1], insert });
  else {
    const [start] = node.open;
    const at = start + 1 + (node.tag ?? "").length;
    const last = Math.max(at, ...Object.values(node.props).map(([, to]) => to));
    change(`prop:${node.id}:${name}`, { from: last, to: last, insert: ` ${insert}` });
  }
}

const lineStart = (at: number): number => source.value.view.lastIndexOf("\n", at - 1) + 1;
const indentAt = (at: number): string => /^[ \t]*/.exec(source.value.view.slice(lineStart(at)))?.[0] ?? "";

/** The element with the line it stands on, when it has that line for itself. */
function lines(node: SourceNode): { from: number; to: number; own: boolean } {
  const view = source.value.view;
  const start = lineStart(node.from);
  const end = view.indexOf("\n", node.to);
  const stop = end < 0 ? view.length : end + 1;
  const own = view.slice(start, node.from).trim() === "" && view.slice(node.to, stop).trim() === "";
  return own ? { from: start, to: stop, own } : { from: node.from, to: node.to, own };
}

export function removeSelected(): void {
  const node = selected.value;
  if (!node || node.parent === null) return;
  const { from, to } = lines(node);
  selectedId.value = node.parent;
  change("remove", { from, to, insert: "" });
}

export function duplicateSelected(): void {
  const node = selected.value;
  if (!node || node.parent === null) return;
  const { own } = lines(node);
  change("duplicate", {
    from: node.to,
    to: node.to,
    insert: `${own ? `\n${indentAt(node.from)}` : " "}${textOf(node)}`,
  });
}

/** Elements with the same parent, in the order of the text. */
export function siblings(node: SourceNode): readonly SourceNode[] {
  return nodes.value.filter((one) => one.parent === node.parent && one.tag !== null);
}

/** Moves the selected element before or after its neighbour. */
export function moveSelected(by: -1 | 1): void {
  const node = selected.value;
  const all = node ? siblings(node) : [];
  const other = node && all[all.indexOf(node) + by];
  if (!node || !other || other.to > node.from === other.from < node.to) return;
  const [first, second] = by < 0 ? [other, node] : [node, other];
  change(
    "move",
    { from: first.from, to: first.to, insert: textOf(second) },
    { from: second.from, to: second.to, insert: textOf(first) },
  );
  select2(node.tag, by < 0 ? other.from : second.to - (node.to - node.from));
}

/** Selects the element that starts at a place once the text has been built. */
function select2(tag: string | null, at: number): void {
  pending = { tag, at };
}
let pending: { readonly tag: string | null; readonly at: number } | null = null;

/** Finds the element again that a change has moved. */
export function settleSelection(): void {
  const wanted = pending;
  pending = null;
  if (!wanted) return;
  const found = nodes.value.find((node) => node.from === wanted.at && node.tag === wanted.tag);
  if (found) selectedId.value = found.id;
}

function indented(text: string, from: string, to: string): string {
  return text.split(`\n${from}`).join(`\n${to}`);
}

export function wrapSelected(tag: string): void {
  const node = selected.value;
  if (!node || node.parent === null) return;
  const indent = indentAt(node.from);
  const inner = indented(textOf(node), indent, `${indent}  `);
  change("wrap", {
    from: node.from,
    to: node.to,
    insert: `<${tag}>\n${indent}  ${inner}\n${indent}</${tag}>`,
  });
}

/** Puts an element into another as its last child, or behind it when it takes no children. */
export function insertInto(target: SourceNode, jsx: string): void {
  const view = source.value.view;
  const indent = indentAt(target.from);
  if (target.inner) {
    const [from, to] = target.inner;
    const body = view.slice(from, to);
    const at = from + body.trimEnd().length;
    change("insert", { from: at, to, insert: `\n${indent}  ${indented(jsx, "", `${indent}  `)}\n${indent}` });
    select2(tagOf(jsx), at + 1 + indent.length + 2);
    return;
  }
  const definition = definitionOf(target.tag);
  if (definition && definition.children !== "none") {
    const open = view.slice(target.open[0], target.open[1]).replace(/\s*\/>$/, ">");
    const insert = `${open}\n${indent}  ${jsx}\n${indent}</${target.tag}>`;
    change("insert", { from: target.from, to: target.to, insert });
    select2(tagOf(jsx), target.from + open.length + 1 + indent.length + 2);
    return;
  }
  change("insert", { from: target.to, to: target.to, insert: `\n${indent}${indented(jsx, "", indent)}` });
  select2(tagOf(jsx), target.to + 1 + indent.length);
}

/** Puts the element `moved` before or after `target`, or into it. */
export function moveNode(moved: SourceNode, target: SourceNode, where: "before" | "after" | "inside"): void {
  if (moved.id === target.id || (target.from >= moved.from && target.to <= moved.to)) return;
  const { from, to } = lines(moved);
  const old = indentAt(moved.from);
  const jsx = textOf(moved);
  const indent = where === "inside" ? `${indentAt(target.from)}  ` : indentAt(target.from);
  const text = indented(jsx, old, indent);
  const cut = { from, to, insert: "" };
  if (where === "before")
    change("drag", cut, { from: target.from, to: target.from, insert: `${text}\n${indent}` });
  else if (where === "after")
    change("drag", cut, { from: target.to, to: target.to, insert: `\n${indent}${text}` });
  else if (target.inner) {
    const body = source.value.view.slice(target.inner[0], target.inner[1]);
    const at = target.inner[0] + body.trimEnd().length;
    change("drag", cut, { from: at, to: at, insert: `\n${indent}${text}` });
  }
}

const tagOf = (jsx: string): string | null => /^<([\w.]+)/.exec(jsx)?.[1] ?? null;

export function definitionOf(tag: string | null): ComponentDefinition | undefined {
  return reference.value?.components.find((one) => one.name === tag);
}

const SNIPPETS: Readonly<Record<string, string>> = {
  Card: '<Card>\n  <Text value="Text" />\n</Card>',
  Text: '<Text value="Text" />',
  Title: '<Title value="Title" />',
  Caption: '<Caption value="Caption" />',
  Markdown: '<Markdown value="**Bold** and plain" />',
  Label: '<Label value="Label" fieldName="field" />',
  Badge: '<Badge label="New" color="info" />',
  Icon: '<Icon name="star" />',
  Image:
    '<Image src="data:image/svg+xml;utf8,%3Csvg xmlns=\'http://www.w3.org/2000/svg\'/%3E" alt="" size={64} />',
  Button: '<Button label="Continue" onClickAction={{ type: "continue" }} />',
  Input: '<Input name="field" placeholder="Type here" />',
  Textarea: '<Textarea name="text" rows={3} />',
  Select: '<Select name="choice" options={[{ label: "One", value: "1" }, { label: "Two", value: "2" }]} />',
  DatePicker: '<DatePicker name="date" />',
  Checkbox: '<Checkbox name="agree" label="I agree" />',
  RadioGroup:
    '<RadioGroup name="size" options={[{ label: "Small", value: "s" }, { label: "Large", value: "l" }]} />',
  Chart:
    '<Chart data={[{ month: "Jan", sales: 3 }, { month: "Feb", sales: 5 }]} series={[{ type: "bar", dataKey: "sales" }]} xAxis="month" />',
  Divider: "<Divider />",
  Spacer: "<Spacer />",
  Table:
    '<Table>\n  <Table.Row header>\n    <Table.Cell><Text value="Name" /></Table.Cell>\n  </Table.Row>\n  <Table.Row>\n    <Table.Cell><Text value="Ada" /></Table.Cell>\n  </Table.Row>\n</Table>',
  ListView: '<ListView>\n  <ListViewItem>\n    <Text value="Item" />\n  </ListViewItem>\n</ListView>',
  Form: '<Form onSubmitAction={{ type: "submit" }}>\n  <Input name="field" />\n  <Button label="Send" submit />\n</Form>',
};

/** A component with what it needs to show something. */
export const snippet = (name: string): string =>
  SNIPPETS[name] ?? `<${name}>\n  <Text value="Text" />\n</${name}>`;
