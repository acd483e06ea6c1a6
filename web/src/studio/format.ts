import { call } from "./api.ts";
import { edit, source } from "./draft.ts";
import { complain, notify } from "./notices.ts";

const NAMES = { view: "The view", schema: "The schema" } as const;

/** Sets the view, the schema and the data of every state in the house style. */
export async function format(): Promise<void> {
  const before = source.value;
  const { view, schema, schemaMode } = before;
  try {
    const set = await call("format", { view, schema, schemaMode });
    if (source.value !== before) return;
    const states = before.states.map((state) => ({
      ...state,
      text: tidy(state.text),
    })) as unknown as typeof before.states;
    const faulty = (["view", "schema"] as const).filter(
      (part) => before[part].trim() !== "" && typeof set[part] !== "string",
    );
    if (faulty.length > 0)
      notify(
        `${faulty.map((part) => NAMES[part]).join(" and ")} cannot be formatted while there are errors.`,
      );
    edit({ states, view: set.view ?? view, schema: set.schema ?? schema }, "format");
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
