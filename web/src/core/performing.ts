import { IntegrationError, toError, WidgetError } from "../protocol/errors.ts";
import { isRecord } from "../protocol/fields.ts";
import { parseItem } from "../protocol/guards.ts";
import { loadingOf, mergeValues, routeOf } from "./actions.ts";
import type { ActionRequest } from "./api.ts";
import { type Kernel, nextNumber, randomId } from "./kernel.ts";
import type { RaisedAction } from "./options.ts";
import { reduceItems } from "./reduce.ts";
import { isBusy, type PendingAction } from "./state.ts";
import type { Turns } from "./turn.ts";

/** Carries out what widgets raise and what the page sends: to the page's handler, in a turn, or as a single request. */
export class Performing {
  readonly #kernel: Kernel;
  readonly #turns: Turns;
  /** By component: what it does just now, and what a control was changed to meanwhile. */
  readonly #underWay = new Map<string, Promise<void>>();
  readonly #changed = new Map<string, ActionRequest>();

  constructor(kernel: Kernel, turns: Turns) {
    this.#kernel = kernel;
    this.#turns = turns;
  }

  /**
   * Resolves when what shows as loading is over. Failures are reported, not thrown: a widget can do nothing about them.
   * A component whose action is under way is not heard again, but what was last chosen in a control is sent afterwards.
   */
  async perform(request: ActionRequest): Promise<void> {
    const name = nameOf(request);
    const before = name === null ? undefined : this.#underWay.get(name);
    if (name === null) return this.#carryOut(request);
    if (before !== undefined) {
      if (request.trigger.endsWith(".onChangeAction")) this.#changed.set(name, request);
      return before;
    }
    const all = this.#inTurn(name, request).finally(() => this.#underWay.delete(name));
    this.#underWay.set(name, all);
    return all;
  }

  async #inTurn(name: string, first: ActionRequest): Promise<void> {
    for (let next: ActionRequest | undefined = first; next !== undefined; ) {
      await this.#carryOut(next);
      next = this.#changed.get(name);
      this.#changed.delete(name);
    }
  }

  async #carryOut(request: ActionRequest): Promise<void> {
    const { store, log, report } = this.#kernel;
    const { payload, collisions } = mergeValues(request.action.payload, request.values);
    for (const name of collisions) report(collision(name, request.action.type));
    const action: RaisedAction = {
      type: request.action.type,
      ...(payload === undefined || payload === null ? {} : { payload }),
    };
    const pending: PendingAction = {
      id: nextNumber(),
      itemId: request.itemId,
      source: request.source ?? null,
      loading: loadingOf(request.action, request.trigger),
    };
    log("widget.action", { type: action.type, handler: request.action.handler ?? "server" });
    store.update((state) => ({ ...state, actions: [...state.actions, pending] }));
    try {
      await this.#route(request, action);
    } catch (error) {
      report(toError(error));
    } finally {
      store.update((state) => ({ ...state, actions: state.actions.filter(({ id }) => id !== pending.id) }));
    }
  }

  /** A streaming action of the page's own making. */
  async send(action: RaisedAction, itemId: string | undefined): Promise<void> {
    const { store } = this.#kernel;
    const threadId = store.now.thread.id;
    if (isBusy(store.now))
      throw new IntegrationError(
        "busy",
        "sendCustomAction was called while a thread loads or an answer is being written",
      );
    if (threadId === null)
      throw new IntegrationError("thread.not_found", "sendCustomAction needs an open thread");
    await this.#stream(threadId, action, itemId ?? null);
  }

  async #route({ action: config, itemId, widget }: ActionRequest, action: RaisedAction): Promise<void> {
    const route = routeOf(config);
    if (route === "page") return this.#callPage(action, itemId, widget);
    const { store, log } = this.#kernel;
    const threadId = store.now.thread.id;
    if (threadId === null || itemId === null) {
      log("widget.action.dropped", { type: action.type, reason: "no thread item to act on" });
      return;
    }
    if (route === "sync") return this.#sync(threadId, action, itemId);
    if (isBusy(store.now)) {
      log("widget.action.dropped", { type: action.type, reason: "an answer is being written" });
      return;
    }
    await this.#stream(threadId, action, itemId);
  }

  async #callPage(
    action: RaisedAction,
    itemId: string | null,
    widget: ActionRequest["widget"],
  ): Promise<void> {
    const { onAction } = this.#kernel.options();
    if (onAction === null) {
      this.#kernel.log("widget.action.dropped", { type: action.type, reason: "widgets.onAction is not set" });
      return;
    }
    await onAction(action, { id: itemId ?? "", widget });
  }

  async #stream(threadId: string, action: RaisedAction, itemId: string | null): Promise<void> {
    const { client } = this.#kernel;
    await this.#turns.start({
      request: (requestId) => ({
        type: "threads.custom_action",
        params: {
          thread_id: threadId,
          ...(itemId === null ? {} : { item_id: itemId }),
          action,
          ...(client.extended ? { client_request_id: requestId } : {}),
        },
      }),
    }).ended;
  }

  async #sync(threadId: string, action: RaisedAction, itemId: string): Promise<void> {
    const { client, store } = this.#kernel;
    const params = {
      thread_id: threadId,
      item_id: itemId,
      action,
      ...(client.extended ? { client_request_id: randomId("req") } : {}),
    };
    const answer = await client.single(
      { type: "threads.sync_custom_action", params },
      new AbortController().signal,
    );
    const item = isRecord(answer) ? parseItem(answer.updated_item) : null;
    if (item === null || store.now.thread.id !== threadId) return;
    store.update((state) => ({
      ...state,
      thread: {
        ...state.thread,
        items: reduceItems(state.thread.items, { type: "thread.item.replaced", item }),
      },
    }));
  }
}

/** Which component raises it, or null when that is not known. */
function nameOf({ itemId, source }: ActionRequest): string | null {
  return source === undefined ? null : `${itemId ?? ""}\n${source}`;
}

function collision(name: string, type: string): WidgetError {
  return new WidgetError(
    "widget.form_collision",
    `The form value "${name}" is ignored: the payload of "${type}" has that key`,
  );
}
