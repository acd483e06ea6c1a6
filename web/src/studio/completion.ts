import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import { ensureSyntaxTree, syntaxTree } from "@codemirror/language";
import type { EditorState } from "@codemirror/state";
import { hoverTooltip, type Tooltip } from "@codemirror/view";
import type { SyntaxNode } from "@lezer/common";
import {
  type ComponentDefinition,
  call,
  type Data,
  type PropDefinition,
  type Reference,
  type Suggestion,
} from "./api.ts";
import { build } from "./building.ts";
import { activeState, parseState } from "./draft.ts";
import { SURFACE_COLORS, TEXT_COLORS } from "./tokens.ts";
import { reference } from "./workspace.ts";

const component = (name: string | undefined): ComponentDefinition | undefined =>
  reference.value?.components.find((one) => one.name === name);

const PARSE_MS = 200;

/** What stands at a place. A text that was just pasted may not have been read that far. */
function nodeAt(state: EditorState, at: number, side: -1 | 0 | 1): SyntaxNode {
  const tree = ensureSyntaxTree(state, Math.min(at + 1, state.doc.length), PARSE_MS) ?? syntaxTree(state);
  return tree.resolveInner(at, side);
}

const slice = (state: EditorState, node: SyntaxNode | null | undefined): string =>
  node ? state.sliceDoc(node.from, node.to) : "";

function up(node: SyntaxNode | null, ...names: readonly string[]): SyntaxNode | null {
  for (let at = node; at; at = at.parent) if (names.includes(at.name)) return at;
  return null;
}

/** Name of the tag that an opening tag or attribute belongs to. */
function tagName(state: EditorState, node: SyntaxNode): string {
  const tag = up(node, "JSXOpenTag", "JSXSelfClosingTag", "JSXElement");
  const text = slice(state, tag).slice(0, 80);
  return /^<\s*([\w.]+)/.exec(text)?.[1] ?? "";
}

/** The values a prop takes, as texts. */
export function valuesOf(prop: PropDefinition, known: Reference | null): readonly string[] {
  const { schema, name } = prop.kind;
  if (name === "icon") return known?.icons ?? [];
  if (name === "color" || name.endsWith("_color"))
    return prop.name === "background" ? SURFACE_COLORS : TEXT_COLORS;
  const all = [schema, ...((schema.anyOf as Data[] | undefined) ?? [])];
  return all.flatMap((one) =>
    Array.isArray(one.enum) ? one.enum.filter((v): v is string => typeof v === "string") : [],
  );
}

function ofTags(known: Reference): Completion[] {
  return known.components.map((one) => ({
    label: one.name,
    type: "class",
    detail: one.root ? "root" : "",
    info: one.doc,
    boost: one.root ? -1 : 0,
  }));
}

function applyProp(prop: PropDefinition): string {
  if (prop.kind.name === "boolean") return prop.name;
  if (valuesOf(prop, reference.value).length > 0 || prop.kind.name === "string") return `${prop.name}=""`;
  return `${prop.name}={}`;
}

function ofProps(definition: ComponentDefinition, present: ReadonlySet<string>): Completion[] {
  return Object.values(definition.props)
    .filter((prop) => !present.has(prop.name))
    .map((prop) => ({
      label: prop.name,
      type: "property",
      detail: prop.required ? "required" : prop.kind.text.slice(0, 36),
      info: prop.doc,
      boost: prop.required ? 50 : prop.name === "key" || prop.name === "id" ? -50 : 0,
      apply: (view, _, from, to) => {
        const insert = applyProp(prop);
        const inside = insert.endsWith('""') || insert.endsWith("{}") ? 1 : 0;
        view.dispatch({
          changes: { from, to, insert },
          selection: { anchor: from + insert.length - inside },
          userEvent: "input.complete",
        });
      },
    }));
}

const isObject = (value: unknown): value is Data =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function step(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return name === "length" ? 0 : undefined;
  return isObject(value) ? value[name] : undefined;
}

/** Names that stand for data at a place: the state's keys, and what loops around it have named. */
function scopeAt(state: EditorState, node: SyntaxNode | null, data: Data): Data {
  const loops: SyntaxNode[] = [];
  for (let at = node; at; at = at.parent) if (at.name === "ArrowFunction") loops.unshift(at);
  const scope: Data = { ...data };
  for (const loop of loops) {
    const list = slice(state, loop.parent?.parent?.firstChild).replace(
      /\.(map|filter|flatMap|some|every|find)$/,
      "",
    );
    const items = evaluate(list, scope);
    const [item, index] = slice(state, loop.firstChild)
      .replace(/[()\s]/g, "")
      .split(",");
    if (item && /^\w+$/.test(item)) scope[item] = Array.isArray(items) ? items[0] : undefined;
    if (index) scope[index] = 0;
  }
  return scope;
}

function evaluate(path: string, scope: Data): unknown {
  const parts = path
    .replaceAll("?.", ".")
    .replace(/\[\d+\]/g, ".0")
    .split(".");
  return parts.reduce<unknown>(
    (value, part) => (Array.isArray(value) && part === "0" ? value[0] : step(value, part.trim())),
    scope,
  );
}

const show = (value: unknown): string => {
  if (Array.isArray(value)) return `list of ${value.length}`;
  if (isObject(value)) return "object";
  const text = JSON.stringify(value) ?? "";
  return text.length > 24 ? `${text.slice(0, 24)}…` : text;
};

function ofData(state: EditorState, node: SyntaxNode | null, path: string): Completion[] {
  const read = parseState(activeState.value.text);
  const scope = scopeAt(state, node, "data" in read ? read.data : {});
  const owner = path.replaceAll("?.", ".").split(".").slice(0, -1).join(".");
  const value = owner === "" ? scope : evaluate(owner, scope);
  if (Array.isArray(value)) {
    return ["map", "length", "filter", "join", "slice"].map((label) => ({ label, type: "method" }));
  }
  if (!isObject(value)) return [];
  return Object.entries(value).map(([label, one]) => ({ label, type: "variable", detail: show(one) }));
}

/** A path that can be picked: as it is written, and what it holds in the state on the table. */
export interface DataPath {
  readonly path: string;
  readonly value: string;
}

const MOST_PATHS = 80;
const DEEPEST = 4;
const NAME = /^[A-Za-z_$][\w$]*$/;

function paths(value: unknown, path: string, depth: number): DataPath[] {
  const own = path === "" ? [] : [{ path, value: show(value) }];
  if (!isObject(value) || depth >= DEEPEST) return own;
  const below = Object.entries(value).filter(([key]) => NAME.test(key));
  return [
    ...own,
    ...below.flatMap(([key, one]) => paths(one, path === "" ? key : `${path}.${key}`, depth + 1)),
  ];
}

/** The paths that can be read at a place of the view: the data, and what the loops around it name. */
export function pathsAt(state: EditorState, at: number): readonly DataPath[] {
  const read = parseState(activeState.value.text);
  const node = nodeAt(state, at, 1);
  return paths(scopeAt(state, node, "data" in read ? read.data : {}), "", 0).slice(0, MOST_PATHS);
}

function present(state: EditorState, node: SyntaxNode): Set<string> {
  const tag = up(node, "JSXOpenTag", "JSXSelfClosingTag");
  const names = (tag?.getChildren("JSXAttribute") ?? []).map((one) => slice(state, one.firstChild));
  return new Set(names);
}

/** What may stand at the cursor of a view: tags, props, their values, icons, tokens and paths into the data. */
export function completeView(
  context: CompletionContext,
): CompletionResult | Promise<CompletionResult | null> | null {
  const known = reference.value;
  if (!known) return null;
  const { state, pos } = context;
  const node = nodeAt(state, pos, -1);
  const tag = context.matchBefore(/<\/?[\w.]*$/);
  if (tag)
    return {
      from: tag.from + (tag.text.startsWith("</") ? 2 : 1),
      options: ofTags(known),
      validFor: /^[\w.]*$/,
    };
  const attribute = up(node, "JSXAttribute");
  const quoted = attribute && context.matchBefore(/="[^"]*$/);
  if (quoted) return inAttribute(state, attribute, quoted.from + 2, known);
  const braces = up(node, "JSXEscape", "JSXSpreadAttribute");
  const open = up(node, "JSXOpenTag", "JSXSelfClosingTag");
  if (braces && (!open || braces.from >= open.from)) return inExpression(context, node);
  return (open && inTag(context, open, node)) ?? inBrokenSource(context);
}

/** While a tag is being written the tree is in pieces; the compiler reads on all the same. */
async function inBrokenSource(context: CompletionContext): Promise<CompletionResult | null> {
  if (!context.explicit && !context.matchBefore(/[\w"]$/)) return null;
  const found = await suggested(context);
  const from = found[0]?.from;
  if (from === undefined) return null;
  return { from, options: found.filter((one) => one.from === from).map(option), validFor: /^[\w:.-]*$/ };
}

function inAttribute(
  state: EditorState,
  attribute: SyntaxNode,
  from: number,
  known: Reference,
): CompletionResult | null {
  const prop = component(tagName(state, attribute))?.props[slice(state, attribute.firstChild)];
  if (!prop) return null;
  const options = valuesOf(prop, known).map((label) => ({ label, type: "enum" }));
  return options.length > 0 ? { from, options, validFor: /^[\w:-]*$/ } : null;
}

const TYPES: Readonly<Record<Suggestion["kind"], string>> = {
  component: "class",
  property: "property",
  value: "enum",
  variable: "variable",
  method: "method",
  function: "function",
};

/** What the schema and the language know at a place; nothing when the server is slow or away. */
async function suggested(context: CompletionContext): Promise<readonly Suggestion[]> {
  try {
    const answer = await call("complete", {
      view: context.state.doc.toString(),
      offset: context.pos,
      schema: build.value?.jsonSchema,
    });
    return context.aborted ? [] : answer.completions;
  } catch {
    return [];
  }
}

const option = (one: Suggestion): Completion => ({
  label: one.label,
  apply: one.insert,
  type: TYPES[one.kind],
  detail: one.detail,
  ...(one.doc ? { info: one.doc } : {}),
  boost: one.kind === "variable" ? 0 : -1,
});

/** Paths into the data, with the values of this state, and what the schema knows beyond them. */
async function inExpression(context: CompletionContext, node: SyntaxNode): Promise<CompletionResult | null> {
  const path = context.matchBefore(/[\w$.?]+$/);
  if (!path && !context.explicit) return null;
  const text = path?.text ?? "";
  const from = context.pos - (text.length - (text.lastIndexOf(".") + 1));
  const own = ofData(context.state, node, text);
  const known = new Set(own.map((one) => one.label));
  const more = (await suggested(context))
    .filter((one) => one.from === from && !known.has(one.label))
    .map(option);
  return { from, options: [...own, ...more], validFor: /^\w*$/ };
}

function inTag(context: CompletionContext, open: SyntaxNode, node: SyntaxNode): CompletionResult | null {
  const word = context.matchBefore(/[\w]+$/);
  if (!word && !context.explicit && !context.matchBefore(/\s$/)) return null;
  const definition = component(tagName(context.state, open));
  if (!definition || context.matchBefore(/<[\w.]*$/)) return null;
  const names = present(context.state, node);
  if (word) names.delete(word.text);
  return { from: word?.from ?? context.pos, options: ofProps(definition, names), validFor: /^\w*$/ };
}

/** Documentation in a box: title, type, text. */
function card(title: string, type: string, doc: string): HTMLElement {
  const box = document.createElement("div");
  box.className = "hover-card";
  for (const [name, text] of [
    ["hover-title", title],
    ["hover-type", type],
    ["hover-doc", doc],
  ] as const) {
    if (!text) continue;
    const part = document.createElement("div");
    part.className = name;
    part.append(text);
    box.append(part);
  }
  return box;
}

function propDoc(state: EditorState, node: SyntaxNode): HTMLElement | null {
  const prop = component(tagName(state, node))?.props[slice(state, node)];
  return prop ? card(prop.name, `${prop.kind.text}${prop.required ? " · required" : ""}`, prop.doc) : null;
}

function tagDoc(state: EditorState, node: SyntaxNode): HTMLElement | null {
  const found = component(tagName(state, node));
  return found ? card(found.name, found.root ? "root component" : "component", found.doc) : null;
}

function dataDoc(state: EditorState, node: SyntaxNode): HTMLElement | null {
  const path = state.sliceDoc((up(node, "MemberExpression") ?? node).from, node.to);
  const read = parseState(activeState.value.text);
  const value = evaluate(path, scopeAt(state, node, "data" in read ? read.data : {}));
  return value === undefined ? null : card(path, show(value), "");
}

function docOf(state: EditorState, node: SyntaxNode): HTMLElement | null {
  if (node.parent?.name === "JSXAttribute" && node.name === "JSXIdentifier") return propDoc(state, node);
  if (["JSXIdentifier", "JSXMemberExpression", "JSXBuiltin"].includes(node.name)) return tagDoc(state, node);
  return node.name === "VariableName" || node.name === "PropertyName" ? dataDoc(state, node) : null;
}

/** Documentation of what the pointer rests on. */
export const hoverView = hoverTooltip((view, pos, side): Tooltip | null => {
  const node = nodeAt(view.state, pos, side);
  const dom = docOf(view.state, node);
  return dom ? { pos: node.from, end: node.to, above: true, create: () => ({ dom }) } : null;
});
