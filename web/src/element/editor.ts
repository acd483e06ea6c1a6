/** The message field: an editable element with text and atomic pills, read as message content. */
import type { UserMessageContent, UserMessageTagContent } from "../protocol/types.ts";

const tags = new WeakMap<Node, UserMessageTagContent>();

/** The pill of a tag: one character wide for the caret, removed whole. */
export function pillFor(tag: UserMessageTagContent): HTMLElement {
  const pill = document.createElement("span");
  pill.className = "ck-tag ck-pill";
  pill.contentEditable = "false";
  pill.textContent = tag.text;
  pill.dir = "auto";
  tags.set(pill, tag);
  return pill;
}

/** Shows `content` in the field. */
export function writeContent(field: HTMLElement, content: readonly UserMessageContent[]): void {
  const nodes: Node[] = [];
  for (const part of content) {
    if (part.type === "input_tag") nodes.push(pillFor(part));
    else if (part.text !== "") nodes.push(document.createTextNode(part.text));
  }
  if (nodes.at(-1)?.nodeType === Node.ELEMENT_NODE) nodes.push(document.createTextNode(" "));
  field.replaceChildren(...nodes);
}

const BLOCKS = new Set(["DIV", "P", "LI"]);

function add(out: UserMessageContent[], text: string): void {
  const last = out.at(-1);
  if (last?.type === "input_text") last.text += text;
  else if (text !== "") out.push({ type: "input_text", text });
}

/** The words of a leaf; `null` for an element with more inside. */
function leafText(node: Node, block: Node): string | null {
  if (node.nodeType === Node.TEXT_NODE) return (node.textContent ?? "").replaceAll("\u00a0", " ");
  if (node.nodeName !== "BR") return null;
  // The break that a browser keeps at the end of a block holds its line open; it is not content.
  return node === block.lastChild && BLOCKS.has(block.nodeName) ? "" : "\n";
}

function collect(block: Node, out: UserMessageContent[]): void {
  for (const child of block.childNodes) {
    const tag = tags.get(child);
    const text = leafText(child, block);
    if (tag) out.push(tag);
    else if (text !== null) add(out, text);
    else {
      if (BLOCKS.has(child.nodeName) && out.length > 0) add(out, "\n");
      collect(child, out);
    }
  }
}

/** What is in the field. */
export function readContent(field: HTMLElement): UserMessageContent[] {
  const out: UserMessageContent[] = [];
  collect(field, out);
  return out.filter((part) => part.type === "input_tag" || part.text !== "");
}

interface RangeLike {
  readonly startContainer: Node;
  readonly startOffset: number;
}

interface ComposedSelection {
  getComposedRanges?: (options: { shadowRoots: ShadowRoot[] }) => readonly RangeLike[];
}

/** The selection, wherever the browser keeps it for a shadow root. */
export function selectionOf(field: HTMLElement): Selection | null {
  const root = field.getRootNode() as ShadowRoot & { getSelection?: () => Selection | null };
  return root.getSelection?.() ?? document.getSelection();
}

/** The caret inside the field, or `null` when it is elsewhere. */
export function caretIn(field: HTMLElement): { node: Node; offset: number } | null {
  const selection = selectionOf(field);
  const root = field.getRootNode();
  const composed = selection as (Selection & ComposedSelection) | null;
  const range: RangeLike | undefined =
    root instanceof ShadowRoot && !("getSelection" in root) && composed?.getComposedRanges
      ? composed.getComposedRanges({ shadowRoots: [root] })[0]
      : selection && selection.rangeCount > 0
        ? selection.getRangeAt(0)
        : undefined;
  if (!range || !field.contains(range.startContainer)) return null;
  return { node: range.startContainer, offset: range.startOffset };
}

export function placeCaret(field: HTMLElement, node: Node, offset: number): void {
  selectionOf(field)?.setBaseAndExtent(node, offset, node, offset);
}

export function caretToEnd(field: HTMLElement): void {
  placeCaret(field, field, field.childNodes.length);
}

/** A word being typed that asks for suggestions: `@query` or `/query` before the caret. */
export interface Trigger {
  readonly mark: "@" | "/";
  readonly query: string;
  readonly node: Text;
  readonly start: number;
  readonly end: number;
}

const TRIGGER = /(?:^|[\s\u00a0([{])([@/])([^\s@/]{0,64})$/;

export function triggerAt(field: HTMLElement): Trigger | null {
  const caret = caretIn(field);
  if (caret?.node.nodeType !== Node.TEXT_NODE) return null;
  const node = caret.node as Text;
  const found = TRIGGER.exec(node.data.slice(0, caret.offset));
  if (!found) return null;
  const [, mark, query = ""] = found;
  const start = caret.offset - query.length - 1;
  return { mark: mark === "@" ? "@" : "/", query, node, start, end: caret.offset };
}

function changed(field: HTMLElement): void {
  field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertText" }));
}

/** Takes the trigger and its query out; puts a pill in its place when given. */
export function replaceTrigger(
  field: HTMLElement,
  trigger: Trigger,
  tag: UserMessageTagContent | null,
): void {
  const rest = trigger.node.splitText(trigger.start);
  rest.deleteData(0, Math.min(trigger.end - trigger.start, rest.length));
  if (!tag) {
    placeCaret(field, rest, 0);
    changed(field);
    return;
  }
  rest.before(pillFor(tag));
  if (!/^[\s\u00a0]/.test(rest.data)) rest.insertData(0, " ");
  placeCaret(field, rest, 1);
  changed(field);
}

/** Inserts plain text at the caret, at the end when the caret is elsewhere. */
export function insertText(field: HTMLElement, text: string): void {
  field.focus();
  if (!caretIn(field)) caretToEnd(field);
  const caret = caretIn(field);
  const selection = selectionOf(field);
  if (!caret || !selection) {
    field.append(document.createTextNode(text));
    changed(field);
    return;
  }
  // The browser's own command keeps undo working; where it is missing the text is put in by hand.
  if (document.execCommand?.("insertText", false, text)) return;
  const range = selection.getRangeAt(0);
  range.deleteContents();
  const node = document.createTextNode(text);
  range.insertNode(node);
  placeCaret(field, node, node.length);
  changed(field);
}

/** A line break at the caret. */
export function insertNewline(field: HTMLElement): void {
  if (document.execCommand?.("insertLineBreak")) return;
  insertText(field, "\n");
}

/** The pill right before the caret, if any. */
export function pillBefore(field: HTMLElement): HTMLElement | null {
  const selection = selectionOf(field);
  const caret = caretIn(field);
  if (!caret || !selection?.isCollapsed) return null;
  const { node, offset } = caret;
  if (node.nodeType === Node.TEXT_NODE && offset > 0) return null;
  const before =
    node.nodeType === Node.TEXT_NODE ? node.previousSibling : (node.childNodes[offset - 1] ?? null);
  return before && tags.has(before) ? (before as HTMLElement) : null;
}

export function removePill(field: HTMLElement, pill: HTMLElement): void {
  const after = pill.nextSibling;
  pill.remove();
  if (after) placeCaret(field, after, 0);
  changed(field);
}
