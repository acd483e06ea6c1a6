import type { SessionEvents } from "../core/kernel.ts";
import type { SessionOptions } from "../core/options.ts";
import { Session } from "../core/session.ts";
import { type ChatState, isBusy } from "../core/state.ts";
import type { ScriptedServer } from "./scripted_server.ts";

export interface Heard {
  readonly name: keyof SessionEvents;
  readonly detail: unknown;
}

/** A session on a scripted server, with what the page would hear. Commits happen at once; waits are over at once. */
export function openSession(server: ScriptedServer, options: Partial<SessionOptions> = {}) {
  const heard: Heard[] = [];
  const waits: number[] = [];
  const session = new Session(sessionOptions(server, options), {
    emit: (name, detail) => heard.push({ name, detail }),
    schedule: (commit) => commit(),
    wait: async (milliseconds) => {
      waits.push(milliseconds);
    },
  });
  return {
    session,
    heard,
    waits,
    /** Names of events without the diagnostics. */
    names: () => heard.map(({ name }) => name).filter((name) => name !== "log"),
    errors: () =>
      heard.filter(({ name }) => name === "error").map(({ detail }) => (detail as { error: Error }).error),
    state: () => session.state.peek(),
    items: () => session.state.peek().thread.items,
    /** Resolves when nothing runs or loads. */
    idle: () => until(session, (state) => !isBusy(state)),
    /** Resolves when the state satisfies the condition. */
    until: (condition: (state: ChatState) => boolean) => until(session, condition),
  };
}

function until(session: Session, condition: (state: ChatState) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const stop = session.state.subscribe((state) => {
      if (!condition(state)) return;
      queueMicrotask(() => stop());
      resolve();
    });
  });
}

export function sessionOptions(
  server: ScriptedServer,
  options: Partial<SessionOptions> = {},
): SessionOptions {
  return {
    api: {
      url: "http://127.0.0.1/chatkit",
      fetch: server.fetch,
      uploadStrategy: null,
      getClientSecret: null,
    },
    locale: "de-DE",
    initialThread: null,
    tools: [],
    models: [],
    attachments: null,
    historyEnabled: true,
    disabled: false,
    onClientTool: null,
    onAction: null,
    ...options,
  };
}
