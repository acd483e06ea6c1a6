import { signal } from "@preact/signals";
import { type ComponentType, render } from "preact";
import { adopt, baseStyles, createTheme, RootContext, type Theme } from "../base/index.ts";
import { mergeValues, runsOutsideStream } from "../core/actions.ts";
import { type ActionRequest, WidgetError, type WidgetHost } from "./host.ts";
import { createMemory, sessionStorageOrNone, type WidgetMemory } from "./memory.ts";
import { registerComponent } from "./registry.ts";
import { WidgetView } from "./view.tsx";

/** What `chatkit-widget.action` carries. A page that needs time puts its promise into `waitUntil`. */
export interface WidgetActionDetail {
  readonly action: { readonly type: string; readonly payload?: unknown };
  readonly handler: "server" | "client";
  readonly streaming: boolean;
  readonly itemId: string | null;
  readonly widget: unknown;
  waitUntil(work: Promise<unknown>): void;
}

type MarkdownRenderer = ComponentType<{ readonly text: string; readonly streaming?: boolean }>;

let shared: WidgetMemory | undefined;

/** What outlives a reload, for widgets with an `item-id`; of the others nobody could tell which was which. */
function lasting(): WidgetMemory {
  shared ??= createMemory(sessionStorageOrNone(), "chatkit.widget");
  return shared;
}

const STYLES = ":host{display:block;min-width:0}:host([hidden]){display:none}";

/**
 * `<chatkit-widget>`: a widget outside of a chat.
 *
 * Attributes `src` (address of its JSON), `theme`, `locale`, `item-id`, `development`; properties `widget`, `theme`,
 * `fieldErrors`. Events `chatkit-widget.action`, `.error`, `.log`, `.load`.
 */
export class ChatKitWidgetElement extends HTMLElement {
  static readonly observedAttributes = ["src", "theme", "locale", "item-id", "development"];

  /** Makes a component of the page known to every widget on the page, see `registerComponent`. */
  static readonly registerComponent = registerComponent;

  /** Draws Markdown in these elements; plain text is shown without it. */
  static markdown: MarkdownRenderer | undefined;

  #widget: unknown = null;
  #theme: Theme | "light" | "dark" | undefined;
  #fieldErrors: Readonly<Record<string, string>> = {};
  #root: ShadowRoot | undefined;
  #place: HTMLElement | undefined;
  #setTheme: ((theme?: Theme | "light" | "dark") => void) | undefined;
  #loading: AbortController | undefined;
  readonly #busy = signal(false);
  readonly #locale = signal("en");
  readonly #memory = createMemory();

  /** The widget's JSON. */
  get widget(): unknown {
    return this.#widget;
  }
  set widget(widget: unknown) {
    this.#loading?.abort();
    this.#widget = widget;
    this.#draw();
  }

  /** The `theme` option of the chat element, or a colour scheme. */
  get theme(): Theme | "light" | "dark" | undefined {
    return this.#theme;
  }
  set theme(theme: Theme | "light" | "dark" | undefined) {
    this.#theme = theme;
    this.#setTheme?.(theme);
  }

  /** The server's complaints about fields, by name. */
  get fieldErrors(): Readonly<Record<string, string>> {
    return this.#fieldErrors;
  }
  set fieldErrors(errors: Readonly<Record<string, string>>) {
    this.#fieldErrors = errors;
    this.#draw();
  }

  connectedCallback(): void {
    if (!this.#root) this.#setUp();
    this.#readLocale();
    this.#draw();
  }

  attributeChangedCallback(name: string, _before: string | null, value: string | null): void {
    if (name === "src") this.#load(value);
    else if (name === "theme") this.theme = value === "dark" ? "dark" : "light";
    else if (name === "locale") this.#readLocale();
    else this.#draw();
  }

  #setUp(): void {
    this.#root = this.attachShadow({ mode: "open" });
    this.#setTheme = createTheme(this.#root, (error) => this.#report(error));
    this.#setTheme(this.#theme);
    adopt(this.#root, STYLES, ...baseStyles);
    this.#place = document.createElement("div");
    this.#place.className = "ck";
    this.#root.append(this.#place);
  }

  #readLocale(): void {
    this.#locale.value =
      this.getAttribute("locale") ?? (document.documentElement.lang || navigator.language || "en");
  }

  #dispatch(name: string, detail?: unknown): void {
    this.dispatchEvent(new CustomEvent(`chatkit-widget.${name}`, { detail }));
  }

  async #load(source: string | null): Promise<void> {
    this.#loading?.abort();
    if (source === null) return;
    const loading = new AbortController();
    this.#loading = loading;
    try {
      const response = await fetch(new URL(source, document.baseURI).href, {
        signal: loading.signal,
        headers: { Accept: "application/json" },
      });
      if (!response.ok)
        throw new WidgetError(`The widget could not be loaded: ${source} answered ${response.status}.`);
      this.#widget = await response.json();
      this.#draw();
      this.#dispatch("load");
    } catch (reason) {
      if (loading.signal.aborted) return;
      this.#report(reason instanceof Error ? reason : new WidgetError(String(reason)));
    }
  }

  #report(error: Error): void {
    this.#dispatch("error", { error });
  }

  async #perform(request: ActionRequest): Promise<void> {
    const { payload, collisions } = mergeValues(request.action.payload, request.values);
    for (const name of collisions) {
      this.#report(
        new WidgetError(
          `The value of "${name}" was left out: the action's payload says something there already.`,
        ),
      );
    }
    const work: Promise<unknown>[] = [];
    const exclusive = !runsOutsideStream(request.action);
    if (exclusive) this.#busy.value = true;
    try {
      const { type, handler = "server" } = request.action;
      this.#dispatch("action", {
        action: payload === undefined ? { type } : { type, payload },
        handler,
        streaming: exclusive,
        itemId: request.itemId,
        widget: request.widget,
        waitUntil: (promise) => work.push(promise),
      } satisfies WidgetActionDetail);
      await Promise.all(work);
    } finally {
      if (exclusive) this.#busy.value = false;
    }
  }

  #host(): WidgetHost {
    const isDevelopment = (): boolean => this.hasAttribute("development");
    const memory = (): WidgetMemory => (this.hasAttribute("item-id") ? lasting() : this.#memory);
    const { markdown } = ChatKitWidgetElement;
    return {
      perform: (request) => this.#perform(request),
      busy: this.#busy,
      log: (name, data) => this.#dispatch("log", { name, data }),
      error: (error) => this.#report(error),
      locale: this.#locale,
      get development() {
        return isDevelopment();
      },
      get memory() {
        return memory();
      },
      ...(markdown && { markdown }),
    };
  }

  #hostMade: WidgetHost | undefined;

  #draw(): void {
    if (!this.#root || !this.#place || !this.isConnected) return;
    this.#hostMade ??= this.#host();
    render(
      <RootContext.Provider value={this.#root}>
        <WidgetView
          widget={this.#widget}
          itemId={this.getAttribute("item-id")}
          host={this.#hostMade}
          fieldErrors={this.#fieldErrors}
        />
      </RootContext.Provider>,
      this.#place,
    );
  }
}

/** Defines the element under its name, once. */
export function defineWidgetElement(): void {
  if (!customElements.get("chatkit-widget")) customElements.define("chatkit-widget", ChatKitWidgetElement);
}
