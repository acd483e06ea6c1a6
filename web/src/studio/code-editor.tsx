import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, foldGutter, foldKeymap, indentOnInput, indentUnit } from "@codemirror/language";
import { lintGutter, type Diagnostic as Mark, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { Annotation, Compartment, EditorState, type Extension, Prec } from "@codemirror/state";
import {
  drawSelection,
  dropCursor,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import type { JSX } from "preact";
import { useContext, useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { RootContext } from "../base/index.ts";
import { redo, undo } from "./draft.ts";
import { editorTheme } from "./editor-theme.ts";
import { editors, type Pane } from "./selection.ts";

export interface CodeEditorProps {
  readonly pane: Pane | null;
  readonly label: string;
  readonly value: string;
  readonly extensions: Extension;
  readonly marks?: readonly Mark[] | undefined;
  readonly onChange?: ((text: string) => void) | undefined;
  /** A person moved the cursor there; changes made by the Studio are not told. */
  readonly onCursor?: ((at: number) => void) | undefined;
  readonly readOnly?: boolean | undefined;
}

const fromOutside = Annotation.define<true>();

/** The one changed stretch between two texts, so that cursor and scroll stay where they are. */
export function difference(before: string, after: string): { from: number; to: number; insert: string } {
  let from = 0;
  const most = Math.min(before.length, after.length);
  while (from < most && before[from] === after[from]) from++;
  let tail = 0;
  while (tail < most - from && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  return { from, to: before.length - tail, insert: after.slice(from, after.length - tail) };
}

const undoKeys = keymap.of([
  { key: "Mod-z", run: undo, preventDefault: true },
  { key: "Mod-Shift-z", run: redo, preventDefault: true },
  { key: "Mod-y", run: redo, preventDefault: true },
]);

const NO_LIMIT_MS = 1e9;

/** After Escape, Tab leaves the editor: however long it takes until it is pressed. */
const leaving = Prec.lowest(
  keymap.of([
    {
      key: "Escape",
      run: (view) => {
        // The editor sets a limit of its own after all keymaps.
        queueMicrotask(() => view.setTabFocusMode(NO_LIMIT_MS));
        return false;
      },
    },
  ]),
);

const common: Extension = [
  undoKeys,
  leaving,
  lineNumbers(),
  foldGutter(),
  highlightActiveLine(),
  highlightActiveLineGutter(),
  drawSelection(),
  dropCursor(),
  indentOnInput(),
  indentUnit.of("  "),
  bracketMatching(),
  closeBrackets(),
  autocompletion({ icons: false }),
  highlightSelectionMatches(),
  keymap.of([
    ...closeBracketsKeymap,
    ...completionKeymap,
    ...searchKeymap,
    ...foldKeymap,
    indentWithTab,
    ...defaultKeymap,
  ]),
  editorTheme,
];

const named = (label: string): Extension => EditorView.contentAttributes.of({ "aria-label": label });

/** A source editor. Its text follows `value`; undo is the draft's, across all editors. */
export function CodeEditor(props: CodeEditorProps): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const root = useContext(RootContext);
  const label = useMemo(() => new Compartment(), []);

  useLayoutEffect(() => {
    if (!place.current) return;
    const made = new EditorView({
      parent: place.current,
      root: root as ShadowRoot,
      state: EditorState.create({
        doc: latest.current.value,
        extensions: [
          common,
          props.extensions,
          props.pane === null ? [] : lintGutter(),
          EditorState.readOnly.of(props.readOnly === true),
          EditorView.contentAttributes.of({ spellcheck: "false" }),
          label.of(named(latest.current.label)),
          EditorView.updateListener.of((update) => {
            const outside = update.transactions.some((one) => one.annotation(fromOutside));
            if (update.docChanged && !outside) latest.current.onChange?.(update.state.doc.toString());
            const moved = update.transactions.some(
              (one) => one.isUserEvent("select") || one.isUserEvent("input"),
            );
            if (update.selectionSet && moved) latest.current.onCursor?.(update.state.selection.main.head);
          }),
        ],
      }),
    });
    view.current = made;
    if (props.pane) editors[props.pane] = made;
    return () => {
      made.destroy();
      view.current = null;
      if (props.pane && editors[props.pane] === made) delete editors[props.pane];
    };
  }, [root, label, props.pane, props.extensions, props.readOnly]);

  // The editor stays, and with it the focus, when it is about something else.
  useLayoutEffect(() => {
    view.current?.dispatch({ effects: label.reconfigure(named(props.label)) });
  }, [label, props.label]);

  useLayoutEffect(() => {
    const now = view.current;
    if (!now) return;
    const text = now.state.doc.toString();
    if (text === props.value) return;
    now.dispatch({ changes: difference(text, props.value), annotations: fromOutside.of(true) });
  }, [props.value]);

  useEffect(() => {
    const now = view.current;
    if (!now || !props.marks) return;
    // Marks may be of a text that was longer. Until there is something newer, they move with the text they are at.
    const end = now.state.doc.length;
    const marks = props.marks.map((mark) => ({
      ...mark,
      from: Math.min(mark.from, end),
      to: Math.min(mark.to, end),
    }));
    now.dispatch(setDiagnostics(now.state, marks));
  }, [props.marks]);

  return <div class="code" ref={place} />;
}
