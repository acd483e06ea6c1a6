import { source, stateIndex } from "./draft.ts";
import { editors, type Pane } from "./selection.ts";
import { type DrawerTab, drawerOpen, drawerTab, lowerTab } from "./settings.ts";

export function showDrawer(tab: DrawerTab): void {
  drawerTab.value = tab;
  drawerOpen.value = true;
}

export function focusPane(pane: Pane): void {
  if (pane !== "view") lowerTab.value = pane;
  requestAnimationFrame(() => editors[pane]?.focus());
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
