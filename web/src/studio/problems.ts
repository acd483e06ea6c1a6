import { signal } from "@preact/signals";
import type { Diagnostic } from "./api.ts";
import { diagnostics } from "./building.ts";
import { source, stateIndex } from "./draft.ts";
import { afterDraw } from "./panes.ts";
import { editors, reveal } from "./selection.ts";
import { drawerOpen, drawerTab, lowerTab } from "./settings.ts";

/** The problem that was gone to last, by what it says and where. */
export const currentProblem = signal<string | null>(null);

export const problemKey = (one: Diagnostic): string =>
  [one.code, one.part, one.state, one.path, one.from, one.message].join("\n");

/** Puts the cursor at a problem, in whichever pane it is. */
export function show(one: Diagnostic): void {
  const key = problemKey(one);
  currentProblem.value = key;
  if (one.part === "view") reveal("view", one.from, one.to);
  if (one.part !== "data" && one.part !== "schema") return;
  const pane = one.part;
  lowerTab.value = pane;
  const index = source.value.states.findIndex((state) => state.name === (one.state ?? "Default"));
  if (pane === "data" && index >= 0) stateIndex.value = index;
  afterDraw(() => {
    const text = source.value.states[index]?.text ?? "";
    if (pane !== "data" || !one.path || one.code === "data.json") reveal(pane, one.from, one.to);
    else
      import("./diagnostics.ts").then(({ placeInJson }) => {
        // Somebody may have gone on to the next one, in another pane.
        if (currentProblem.value === key) reveal(pane, ...placeInJson(text, one.path ?? ""));
      });
  });
}

/** Goes to the next problem, or the one before; after the last comes the first. */
export function goToProblem(by: 1 | -1): void {
  const all = diagnostics.value;
  if (all.length === 0) return;
  const at = all.findIndex((one) => problemKey(one) === currentProblem.value);
  const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : (at + by + all.length) % all.length];
  if (!next) return;
  drawerTab.value = "problems";
  drawerOpen.value = true;
  show(next);
}

/** Carries out the first fix of the problem at the cursor, or of the one that was gone to. */
export function fixProblem(): void {
  for (const pane of ["view", "schema"] as const) {
    const view = editors[pane];
    if (!view?.hasFocus) continue;
    const at = view.state.selection.main;
    const found = diagnostics.value.find(
      (one) => one.part === pane && one.fixes?.length && one.from <= at.to && at.from <= one.to,
    );
    const [fix] = found?.fixes ?? [];
    if (!fix) continue;
    view.dispatch({ changes: [...fix.edits], userEvent: "input.fix" });
    return;
  }
}
