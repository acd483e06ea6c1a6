import { signal } from "@preact/signals";
import { origin, redo, undo } from "./draft.ts";
import { EXPORTS } from "./exports.ts";
import { format } from "./format.ts";
import { find, focusPane, nextState, showDrawer } from "./panes.ts";
import { fixProblem, goToProblem } from "./problems.ts";
import { go, type Page, route } from "./route.ts";
import { select, selected } from "./selection.ts";
import {
  appearance,
  appScheme,
  codeShare,
  drawerOpen,
  frame,
  inspectorOpen,
  picking,
  previewScheme,
  sidebarOpen,
  viewShare,
  width,
} from "./settings.ts";
import { duplicateSelected, moveSelected, removeSelected, wrapSelected } from "./source-edits.ts";
import { loadStream, play } from "./streaming.ts";
import { folder, gallery, naming, openBlank, openFile, openGallery, save } from "./workspace.ts";

export interface Command {
  readonly id: string;
  readonly title: string;
  readonly group: string;
  readonly icon?: string | undefined;
  /** As in CodeMirror: `Mod-s`. */
  readonly keys?: string | undefined;
  readonly when?: (() => boolean) | undefined;
  readonly run: () => void;
}

export const paletteOpen = signal(false);
export const insertOpen = signal(false);

const editing = (): boolean => route.value.page === "edit" && origin.value !== null;
const withSelection = (): boolean => editing() && selected.value !== null;

const page = (to: Page, title: string, icon: string): Command => ({
  id: `page.${to}`,
  title,
  icon,
  group: "Go to",
  run: () => go(to),
});

/** The commands that are always the same, whatever the folder holds. */
export const FIXED: readonly Command[] = [
  { id: "save", title: "Save", group: "Widget", icon: "check", keys: "Mod-s", when: editing, run: save },
  {
    id: "save-as",
    title: "Save a copy as…",
    group: "Widget",
    icon: "lucide:copy",
    keys: "Mod-Shift-s",
    when: editing,
    run: () => (naming.value = "copy"),
  },
  { id: "new", title: "New widget", group: "Widget", icon: "plus", keys: "Alt-n", run: openBlank },
  {
    id: "palette",
    title: "Search everything",
    group: "Studio",
    icon: "search",
    keys: "Mod-k",
    run: () => (paletteOpen.value = !paletteOpen.value),
  },
  {
    id: "undo",
    title: "Undo",
    group: "Edit",
    icon: "lucide:undo-2",
    keys: "Mod-z",
    when: editing,
    run: undo,
  },
  {
    id: "redo",
    title: "Redo",
    group: "Edit",
    icon: "lucide:redo-2",
    keys: "Mod-Shift-z",
    when: editing,
    run: redo,
  },
  {
    id: "format",
    title: "Format",
    group: "Edit",
    icon: "lucide:align-left",
    keys: "Alt-Shift-f",
    when: editing,
    run: () => void format(),
  },
  {
    id: "find",
    title: "Find in the view",
    group: "Edit",
    icon: "search",
    when: editing,
    run: () => void find(),
  },
  {
    id: "insert",
    title: "Insert a component…",
    group: "Elements",
    icon: "plus",
    keys: "Alt-i",
    when: editing,
    run: () => (insertOpen.value = true),
  },
  {
    id: "duplicate",
    title: "Duplicate the selected element",
    group: "Elements",
    icon: "lucide:copy-plus",
    keys: "Alt-d",
    when: withSelection,
    run: duplicateSelected,
  },
  {
    id: "up",
    title: "Move the selected element up",
    group: "Elements",
    icon: "lucide:arrow-up",
    keys: "Alt-Shift-ArrowUp",
    when: withSelection,
    run: () => moveSelected(-1),
  },
  {
    id: "down",
    title: "Move the selected element down",
    group: "Elements",
    icon: "lucide:arrow-down",
    keys: "Alt-Shift-ArrowDown",
    when: withSelection,
    run: () => moveSelected(1),
  },
  {
    id: "wrap-row",
    title: "Wrap the selected element in a Row",
    group: "Elements",
    icon: "lucide:columns-2",
    when: withSelection,
    run: () => wrapSelected("Row"),
  },
  {
    id: "wrap-col",
    title: "Wrap the selected element in a Col",
    group: "Elements",
    icon: "lucide:rows-2",
    when: withSelection,
    run: () => wrapSelected("Col"),
  },
  {
    id: "remove",
    title: "Remove the selected element",
    group: "Elements",
    icon: "lucide:trash-2",
    keys: "Alt-Backspace",
    when: withSelection,
    run: removeSelected,
  },
  {
    id: "deselect",
    title: "Select nothing",
    group: "Elements",
    keys: "Alt-Escape",
    when: withSelection,
    run: () => select(null),
  },
  {
    id: "focus-view",
    title: "Go to the view",
    group: "Panes",
    keys: "Alt-1",
    when: editing,
    run: () => focusPane("view"),
  },
  {
    id: "focus-data",
    title: "Go to the data",
    group: "Panes",
    keys: "Alt-2",
    when: editing,
    run: () => focusPane("data"),
  },
  {
    id: "focus-schema",
    title: "Go to the schema",
    group: "Panes",
    keys: "Alt-3",
    when: editing,
    run: () => focusPane("schema"),
  },
  {
    id: "sidebar",
    title: "Show or hide the side bar",
    group: "Panes",
    icon: "lucide:panel-left",
    keys: "Mod-b",
    run: () => (sidebarOpen.value = !sidebarOpen.value),
  },
  {
    id: "inspector",
    title: "Show or hide the properties",
    group: "Panes",
    icon: "lucide:panel-right",
    keys: "Alt-p",
    when: editing,
    run: () => (inspectorOpen.value = !inspectorOpen.value),
  },
  {
    id: "drawer",
    title: "Show or hide the drawer",
    group: "Panes",
    icon: "lucide:panel-bottom",
    keys: "Mod-j",
    when: editing,
    run: () => (drawerOpen.value = !drawerOpen.value),
  },
  {
    id: "problems",
    title: "Problems",
    group: "Panes",
    icon: "info",
    keys: "Alt-m",
    when: editing,
    run: () => showDrawer("problems"),
  },
  {
    id: "problem-next",
    title: "Next problem",
    group: "Problems",
    keys: "F8",
    when: editing,
    run: () => goToProblem(1),
  },
  {
    id: "problem-before",
    title: "Problem before",
    group: "Problems",
    keys: "Shift-F8",
    when: editing,
    run: () => goToProblem(-1),
  },
  {
    id: "problem-fix",
    title: "Fix the problem at the cursor",
    group: "Problems",
    icon: "check",
    keys: "Mod-.",
    when: editing,
    run: fixProblem,
  },
  {
    id: "layout",
    title: "Reset the layout",
    group: "Panes",
    when: editing,
    run: () => {
      codeShare.value = 0.48;
      viewShare.value = 0.6;
      sidebarOpen.value = true;
      inspectorOpen.value = true;
    },
  },
  {
    id: "state-next",
    title: "Next state",
    group: "Preview",
    keys: "Alt-ArrowRight",
    when: editing,
    run: () => nextState(1),
  },
  {
    id: "state-before",
    title: "State before",
    group: "Preview",
    keys: "Alt-ArrowLeft",
    when: editing,
    run: () => nextState(-1),
  },
  {
    id: "scheme",
    title: "Preview in light or dark",
    group: "Preview",
    icon: "lucide:sun-moon",
    keys: "Alt-t",
    when: editing,
    run: () => {
      const now = previewScheme.value === "app" ? appScheme() : previewScheme.value;
      previewScheme.value = now === "dark" ? "light" : "dark";
    },
  },
  {
    id: "frame",
    title: "Preview in a chat or alone",
    group: "Preview",
    icon: "lucide:message-square",
    keys: "Alt-c",
    when: editing,
    run: () => (frame.value = frame.value === "chat" ? "alone" : "chat"),
  },
  {
    id: "picking",
    title: "Select elements in the preview",
    group: "Preview",
    icon: "lucide:mouse-pointer-click",
    keys: "Alt-v",
    when: editing,
    run: () => (picking.value = !picking.value),
  },
  {
    id: "narrow",
    title: "Preview 320 px wide",
    group: "Preview",
    when: editing,
    run: () => (width.value = 320),
  },
  {
    id: "wide",
    title: "Preview 640 px wide",
    group: "Preview",
    when: editing,
    run: () => (width.value = 640),
  },
  {
    id: "stream",
    title: "Play the stream",
    group: "Preview",
    icon: "play",
    keys: "Alt-s",
    when: editing,
    run: () => {
      showDrawer("stream");
      loadStream().then(() => play());
    },
  },
  {
    id: "appearance",
    title: "Studio in light or dark",
    group: "Studio",
    icon: "lucide:moon",
    run: () => (appearance.value = appScheme() === "dark" ? "light" : "dark"),
  },
  {
    id: "rename",
    title: "Rename or move the file…",
    group: "Widget",
    when: () => editing() && origin.value?.path !== null,
    run: () => (naming.value = "rename"),
  },
  page("home", "Home and gallery", "lucide:layout-grid"),
  page("components", "Components", "cube"),
  page("icons", "Icons", "star"),
  page("tokens", "Colours and tokens", "lucide:palette"),
  page("shortcuts", "Keyboard shortcuts", "lucide:keyboard"),
];

const ofExports = (): Command[] =>
  EXPORTS.map((one) => ({
    id: `export.${one.id}`,
    title: one.title,
    icon: one.icon,
    group: "Copy and export",
    when: editing,
    run: one.run,
  }));

const files = (): Command[] =>
  folder.value.files.map((path) => ({
    id: `file.${path}`,
    title: path,
    group: "Files",
    icon: "document",
    run: () => openFile(path),
  }));

const templates = (): Command[] =>
  gallery.value.map((one) => ({
    id: `gallery.${one.id}`,
    title: `New from ${one.name ?? one.id}`,
    group: "Gallery",
    icon: "cube",
    run: () => openGallery(one),
  }));

/** All that can be done now. */
export function commands(): readonly Command[] {
  return [...FIXED, ...ofExports(), ...files(), ...templates()].filter((one) => one.when?.() ?? true);
}
