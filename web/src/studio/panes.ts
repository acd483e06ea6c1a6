import { source, stateIndex } from "./draft.ts";
import { editors, type Pane } from "./selection.ts";
import { type DrawerTab, drawerOpen, drawerTab, lowerTab } from "./settings.ts";

export function showDrawer(tab: DrawerTab): void {
  drawerTab.value = tab;
  drawerOpen.value = true;
}

/** Runs when what was just changed is drawn, and before the next key is pressed. */
export function afterDraw(run: () => void): void {
  queueMicrotask(run);
}

export function focusPane(pane: Pane): void {
  if (pane !== "view") lowerTab.value = pane;
  afterDraw(() => editors[pane]?.focus());
}

/** Opens the search of the view. */
export async function find(): Promise<void> {
  const { openSearchPanel } = await import("@codemirror/search");
  const view = editors.view;
  if (view) openSearchPanel(view);
}

export function nextState(by: number): void {
  const count = source.value.states.length;
  stateIndex.value = (stateIndex.value + by + count) % count;
}
