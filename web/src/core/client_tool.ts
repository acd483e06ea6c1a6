import type { WireRequest } from "../protocol/client.ts";
import { IntegrationError, toError } from "../protocol/errors.ts";
import type { ClientToolCallItem } from "../protocol/types.ts";
import { deferred } from "./deferred.ts";
import { type Kernel, randomId } from "./kernel.ts";

export interface ToolOutcome {
  /** Always present on the wire: a missing key would be refused. */
  readonly result: unknown;
  readonly error: string | null;
}

/** Runs the page's handler. A missing or failing one, or a result that is no JSON, becomes an outcome with an error. */
export async function runClientTool(
  kernel: Kernel,
  call: ClientToolCallItem,
  signal: AbortSignal,
): Promise<ToolOutcome> {
  const { onClientTool } = kernel.options();
  kernel.log("client_tool.start", { name: call.name });
  try {
    if (onClientTool === null) {
      throw new IntegrationError(
        "client_tool.missing",
        `The server called the client tool "${call.name}" but onClientTool is not set`,
      );
    }
    const result = await untilAborted(
      Promise.resolve(onClientTool({ name: call.name, params: call.arguments })),
      signal,
    );
    return { result: jsonValue(result), error: null };
  } catch (thrown) {
    const error = toError(thrown);
    if (!signal.aborted) kernel.report(error);
    return { result: { error: error.message }, error: error.message };
  }
}

export function toolOutput(kernel: Kernel, call: ClientToolCallItem, outcome: ToolOutcome): WireRequest {
  const params = { thread_id: kernel.store.now.thread.id ?? call.thread_id, result: outcome.result };
  if (!kernel.client.extended) return { type: "threads.add_client_tool_output", params };
  const error = outcome.error === null ? {} : { error: outcome.error };
  return {
    type: "threads.add_client_tool_output",
    params: { ...params, item_id: call.id, client_request_id: randomId("req"), ...error },
  };
}

function jsonValue(value: unknown): unknown {
  const json = JSON.stringify(value);
  return json === undefined ? null : JSON.parse(json);
}

async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = deferred<never>();
  const abort = (): void => aborted.reject(new Error("Stopped"));
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
