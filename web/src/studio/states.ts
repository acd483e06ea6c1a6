import { signal } from "@preact/signals";
import { call } from "./api.ts";
import { build } from "./building.ts";
import { activeState, edit, pretty, type Source, type StateText, source, stateIndex } from "./draft.ts";
import { complain, notify } from "./notices.ts";

/** Index of the state that is being given a name, or null. */
export const renaming = signal<number | null>(null);

function put(states: readonly StateText[], tag: string): void {
  edit({ states: states as unknown as Source["states"] }, tag);
}

function freeName(wanted: string): string {
  const taken = new Set(source.value.states.map((state) => state.name));
  for (let copy = 1; ; copy++) {
    const name = copy === 1 ? wanted : `${wanted} ${copy}`;
    if (!taken.has(name)) return name;
  }
}

/** A copy of the state that is shown. */
export function addState(): void {
  const { states } = source.value;
  put([...states, { name: freeName("State"), text: activeState.value.text }], "state-add");
  stateIndex.value = states.length;
  renaming.value = states.length;
}

export function renameState(index: number): void {
  if (index > 0) renaming.value = index;
}

export function nameState(index: number, name: string): void {
  const wanted = name.trim();
  renaming.value = null;
  const before = source.value.states[index];
  if (!before || wanted === "" || wanted === before.name) return;
  put(
    source.value.states.map((state, at) => (at === index ? { ...state, name: freeName(wanted) } : state)),
    "state-name",
  );
}

export function removeState(index: number): void {
  if (index === 0) return;
  put(
    source.value.states.filter((_, at) => at !== index),
    "state-remove",
  );
  stateIndex.value = Math.min(stateIndex.value, index - 1);
}

/** Adds states that strain the widget: missing optional parts, empty lists, long texts, right to left. */
export async function addGenerated(): Promise<void> {
  const schema = build.value?.jsonSchema;
  if (typeof schema !== "object" || schema === null) {
    notify("States are made from the schema, and there is none without errors.", "danger");
    return;
  }
  try {
    const { states } = await call("generate", { schema });
    const fresh = states.filter((state) => !source.value.states.some((one) => one.name === state.name));
    put(
      [...source.value.states, ...fresh.map((state) => ({ name: state.name, text: pretty(state.data) }))],
      "state-generate",
    );
    notify(fresh.length > 0 ? `${fresh.length} states added` : "They are all there already.", "success");
  } catch (reason) {
    complain(reason);
  }
}
