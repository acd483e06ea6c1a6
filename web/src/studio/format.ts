import { call } from "./api.ts";
import { edit, source } from "./draft.ts";
import { complain, notify } from "./notices.ts";

/** Sets the view, and the data of every state, in the house style. */
export async function formatView(): Promise<void> {
  const before = source.value;
  try {
    const { view } = await call("format", { view: before.view });
    if (source.value !== before) return;
    const states = before.states.map((state) => ({
      ...state,
      text: tidy(state.text),
    })) as unknown as typeof before.states;
    if (view === null) notify("The view has errors and was left as it is.");
    edit({ states, ...(view === null ? {} : { view }) }, "format");
  } catch (reason) {
    complain(reason);
  }
}

function tidy(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
