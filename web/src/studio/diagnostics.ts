import { jsonLanguage } from "@codemirror/lang-json";
import type { Diagnostic as Mark } from "@codemirror/lint";
import type { EditorView } from "@codemirror/view";
import type { Diagnostic, Edit } from "./api.ts";

/** The place of a path such as `items.0.title` in the text of a state; of the nearest part around it when it is missing. */
export function placeInJson(text: string, path: string): readonly [number, number] {
  let node = jsonLanguage.parser.parse(text).topNode.firstChild;
  let place: readonly [number, number] = [0, Math.min(1, text.length)];
  for (const part of path.split(/[./]/).filter((step) => step !== "" && step !== "$")) {
    if (!node) return place;
    const found = node.name === "Array" ? element(node, Number(part)) : property(node, text, part);
    if (!found) return place;
    place = [found.mark.from, found.mark.to];
    node = found.value;
  }
  return place;
}

type JsonNode = NonNullable<ReturnType<typeof jsonLanguage.parser.parse>["topNode"]["firstChild"]>;
type Found = { readonly mark: JsonNode; readonly value: JsonNode | null } | null;

function property(node: JsonNode, text: string, name: string): Found {
  for (const child of node.getChildren("Property")) {
    const key = child.getChild("PropertyName");
    if (key && text.slice(key.from, key.to) === JSON.stringify(name))
      return { mark: key, value: child.lastChild };
  }
  return null;
}

const PUNCTUATION = new Set(["[", "]", ",", "⚠"]);

function element(node: JsonNode, index: number): Found {
  let at = 0;
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (PUNCTUATION.has(child.name)) continue;
    if (at === index) return { mark: child, value: child };
    at++;
  }
  return null;
}

/** Carries out the edits of a fix in one step. */
export function applyEdits(view: EditorView, edits: readonly Edit[]): void {
  view.dispatch({
    changes: edits.map(({ from, to, insert }) => ({ from, to, insert })),
    userEvent: "input.fix",
  });
  view.focus();
}

function message(one: Diagnostic): () => HTMLElement {
  return () => {
    const box = document.createElement("div");
    box.append(one.message);
    if (one.hint) {
      const hint = document.createElement("div");
      hint.className = "hint";
      hint.append(one.hint);
      box.append(hint);
    }
    return box;
  };
}

/** Findings as the editor marks them. */
export function marks(found: readonly Diagnostic[], text: string): Mark[] {
  return found.map((one) => {
    const [start, end] =
      one.part === "data" && one.path && one.code !== "data.json"
        ? placeInJson(text, one.path)
        : [one.from, one.to];
    const from = Math.max(0, Math.min(start, text.length));
    return {
      from,
      to: Math.max(from, Math.min(Math.max(end, from + 1), text.length)),
      severity: one.severity,
      source: one.code,
      message: one.message,
      renderMessage: message(one),
      actions: (one.fixes ?? []).map((fix) => ({
        name: fix.title,
        apply: (view: EditorView) => applyEdits(view, fix.edits),
      })),
    };
  });
}
