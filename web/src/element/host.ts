import type { Attachment, OpenAIChatKit, ToolChoice, UserMessageContent } from "@openai/chatkit";
import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { h, render } from "preact";
import { createTheme } from "../base/index.ts";
import { adopt } from "../base/sheet.ts";
import { type LooseContent, wireContent } from "../core/content.ts";
import type { SessionEvents } from "../core/kernel.ts";
import { Session } from "../core/session.ts";
import { parseDeeplink } from "../markdown/links.ts";
import { IntegrationError, isAbort, toError } from "../protocol/errors.ts";
import type * as wire from "../protocol/types.ts";
import { registerComponent } from "../widgets/registry.ts";
import { type Chat, ChatContext } from "./context.ts";
import { listenersAttached, nextFrame, wait } from "./host_clock.ts";
import { hostCss } from "./host_styles.ts";
import type { AllOptions, ResolvedOptions } from "./options.ts";
import { checkOptions } from "./options_check.ts";
import { type PageFacts, resolveOptions } from "./options_resolve.ts";
import { ChatView } from "./view.tsx";

/** What the composer holds, as `getComposerValue()` answers it. */
export interface ComposerValue {
  text: string;
  content: UserMessageContent[];
  reply: string | null;
  attachments: Attachment[];
  selectedToolId: string | null;
  selectedModelId: string | null;
}

type Published = Pick<
  OpenAIChatKit,
  | "setOptions"
  | "focusComposer"
  | "setThreadId"
  | "sendCustomAction"
  | "sendUserMessage"
  | "setComposerValue"
  | "showHistory"
  | "hideHistory"
  | "fetchUpdates"
>;

/** Address for pages that give only `api.getClientSecret`, from the script tag's `data-api`. */
let hostedUrl: string | null = null;

export function setHostedUrl(url: string | null): void {
  hostedUrl = url;
}

/**
 * `<openai-chatkit>`: the published methods and events, and nothing else on the instance, because React assigns a property
 * wherever a name is in the element.
 */
export class ChatKitElement extends HTMLElement implements Published {
  static readonly observedAttributes = ["classname"];

  /** Makes a component of the page known to the widgets of every chat of the page. */
  static readonly registerComponent = registerComponent;

  #given: Partial<AllOptions> = {};
  #options: Signal<ResolvedOptions> | null = null;
  #session: Session | null = null;
  #setTheme: ReturnType<typeof createTheme> | null = null;
  #focus: (() => void)[] = [];
  #started = false;
  #opened = false;
  #disposed = false;
  #released = false;
  #outbox: CustomEvent[] = [];
  #releaseCommands: () => void = () => undefined;
  readonly #commandsReady = new Promise<void>((resolve) => {
    this.#releaseCommands = resolve;
  });
  #connection: AbortController | null = null;
  #internals: ElementInternals | null = null;
  #classNames: string[] = [];

  connectedCallback(): void {
    this.#connection ??= this.#listen();
    if (this.#disposed) this.#revive();
    this.#start();
  }

  disconnectedCallback(): void {
    // A move in the document disconnects and connects in one task: only what stays away is over.
    setTimeout(() => {
      if (this.isConnected || this.#connection === null) return;
      this.#connection.abort();
      this.#connection = null;
      this.#disposed = true;
      this.#session?.dispose();
    }, 0);
  }

  /** React 18 writes `className` on a custom element as this attribute. */
  attributeChangedCallback(_name: string, _before: string | null, value: string | null): void {
    this.classList.remove(...this.#classNames);
    this.#classNames = (value ?? "").split(/\s+/).filter((name) => name !== "");
    this.classList.add(...this.#classNames);
  }

  setOptions(options: AllOptions): void {
    const { options: sound, faults, unknown } = checkOptions(options, this.#given);
    this.#given = sound;
    const resolved = resolveOptions(sound, this.#page());
    const before = this.#options?.peek().problem ?? null;
    this.#apply(resolved);
    for (const name of unknown) this.#emit("log", { name: "options.unknown_key", data: { key: name } });
    for (const fault of faults)
      this.#emit("error", { error: new IntegrationError("options.invalid", fault) });
    if (resolved.problem !== null && resolved.problem !== before) {
      this.#emit("error", { error: new IntegrationError("options.api", resolved.problem) });
    }
    this.#start();
  }

  focusComposer(): Promise<void> {
    return this.#command(async (session) => {
      if (session.state.peek().thread.load.phase === "loading") throw busy("focusComposer");
      await new Promise<void>((resolve) => nextFrame(resolve));
      const focus = this.#focus.at(-1);
      if (focus === undefined) throw new IntegrationError("composer.absent", "There is no composer to focus");
      focus();
    });
  }

  setThreadId(threadId: string | null): Promise<void> {
    return this.#command((session) => {
      if (session.busy) throw busy("setThreadId");
      return session.openThread(threadId);
    });
  }

  sendCustomAction(
    action: { type: string; payload?: Record<string, unknown> },
    itemId?: string,
  ): Promise<void> {
    return this.#command((session) => session.sendCustomAction(action, itemId));
  }

  sendUserMessage(params: {
    text?: string;
    content?: UserMessageContent[];
    reply?: string;
    attachments?: Attachment[];
    newThread?: boolean;
    toolChoice?: ToolChoice;
    model?: string;
  }): Promise<void> {
    return this.#command((session) =>
      session.sendMessage({
        content: contentOf(params) ?? [],
        quote: params.reply ?? null,
        attachments: params.attachments ?? [],
        newThread: params.newThread ?? false,
        toolChoice: params.toolChoice ?? null,
        model: params.model ?? null,
      }),
    );
  }

  setComposerValue(params: {
    text?: string;
    content?: UserMessageContent[];
    reply?: string;
    attachments?: Attachment[];
    files?: File[];
    selectedToolId?: string | null;
    selectedModelId?: string;
  }): Promise<void> {
    return this.#command((session) => {
      if (session.state.peek().thread.load.phase === "loading") throw busy("setComposerValue");
      const content = contentOf(params);
      if (params.selectedToolId !== undefined) session.selectTool(params.selectedToolId);
      if (params.selectedModelId !== undefined) session.selectModel(params.selectedModelId);
      if (content !== null) session.composer.write(content);
      if (params.reply !== undefined) session.setQuote(params.reply);
      if (params.attachments !== undefined) session.composer.setAttachments(params.attachments);
      if (params.files !== undefined) session.addFiles(params.files);
    });
  }

  getComposerValue(): Promise<ComposerValue> {
    return this.#command((session) => {
      const { draft, toolId, modelId } = session.state.peek().composer;
      return {
        text: draft.content.map((part) => part.text).join(""),
        content: draft.content.map((part) => ({ ...part })),
        reply: draft.quote,
        attachments: session.composer.attachments.uploaded.map(published),
        selectedToolId: toolId,
        selectedModelId: modelId,
      };
    });
  }

  showHistory(): Promise<void> {
    return this.#command((session) => session.openHistory());
  }

  hideHistory(): Promise<void> {
    return this.#command((session) => {
      if (!this.#options?.peek().history.enabled)
        throw new IntegrationError("history.disabled", "history.enabled is false");
      session.closeHistory();
    });
  }

  fetchUpdates(): Promise<void> {
    return this.#command((session) => {
      if (session.busy) throw busy("fetchUpdates");
      return session.fetchUpdates();
    });
  }

  /** Commands wait until the element is ready; what they throw becomes a rejection. */
  async #command<T>(run: (session: Session) => T | Promise<T>): Promise<T> {
    await this.#commandsReady;
    const problem = this.#options?.peek().problem ?? null;
    if (this.#session === null || problem !== null)
      throw new IntegrationError("options.api", problem ?? "setOptions was not called");
    return run(this.#session);
  }

  #page(): PageFacts {
    return {
      baseUri: document.baseURI,
      language: navigator.language,
      hostedUrl,
      fetch: (input, init) => fetch(input, init),
    };
  }

  #apply(resolved: ResolvedOptions): void {
    if (this.#session === null || this.#options === null) {
      this.#options = signal(resolved);
      this.#session = new Session(resolved.session, {
        emit: (name, detail) => this.#emit(name, detail),
        schedule: nextFrame,
        wait,
      });
      return;
    }
    this.#options.value = resolved;
    this.#session.configure(resolved.session);
    if (this.#started) void this.#openInitial(this.#session, resolved);
    this.#setTheme?.(resolved.theme);
    if (this.shadowRoot !== null) this.#layout(resolved.layout);
  }

  /** Once there are options and a document around: the surface, the first thread, then `ready`. */
  #start(): void {
    if (this.#started || !this.isConnected || this.#session === null || this.#options === null) return;
    this.#started = true;
    const session = this.#session;
    const options = this.#options;
    this.#draw(session, options);
    void this.#becomeReady(session, options);
  }

  async #becomeReady(session: Session, options: ReadonlySignal<ResolvedOptions>): Promise<void> {
    const loaded = this.#openInitial(session, options.peek());
    void session.prepare();
    await listenersAttached();
    this.#dispatch(new CustomEvent("chatkit.ready"));
    this.#released = true;
    for (const event of this.#outbox.splice(0)) this.#dispatch(event);
    await loaded;
    this.#releaseCommands();
  }

  /** The thread to begin with, once: options that come later do not lead the person away. */
  async #openInitial(
    session: Session,
    { problem, session: { initialThread } }: ResolvedOptions,
  ): Promise<void> {
    if (problem !== null || this.#opened) return;
    this.#opened = true;
    if (initialThread === null) return;
    try {
      await session.openThread(initialThread);
    } catch (error) {
      if (!isAbort(error)) session.log("thread.initial_failed", { name: toError(error).name });
    }
  }

  #draw(session: Session, options: ReadonlySignal<ResolvedOptions>): void {
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open", delegatesFocus: false });
    this.#setTheme = createTheme(root, (error) => session.report(error));
    this.#setTheme(options.peek().theme);
    this.#layout(options.peek().layout);
    const chat: Chat = {
      session,
      options,
      host: this,
      root,
      deeplink: (href) => {
        const link = parseDeeplink(href);
        if (link === undefined) return;
        this.#send("chatkit.deeplink", link.data === undefined ? { name: link.name } : link);
      },
      registerFocus: (focus) => {
        this.#focus.push(focus);
        return () => {
          this.#focus = this.#focus.filter((one) => one !== focus);
        };
      },
    };
    render(h(ChatContext.Provider, { value: chat, children: h(ChatView, {}) }), root);
  }

  #layout(layout: ResolvedOptions["layout"]): void {
    if (this.shadowRoot !== null) adopt(this.shadowRoot, hostCss);
    this.#internals ??= this.attachInternals();
    const { states } = this.#internals;
    for (const name of ["fill", "document", "popup", "side-panel"]) states.delete(name);
    states.add(layout);
  }

  /** Listeners outside of the element, for as long as it is in a document. */
  #listen(): AbortController {
    const connection = new AbortController();
    const { signal: until } = connection;
    document.addEventListener("visibilitychange", () => !document.hidden && this.#catchUp(), {
      signal: until,
    });
    for (const name of ["online", "pageshow"])
      addEventListener(name, () => this.#catchUp(), { signal: until });
    return connection;
  }

  #catchUp(): void {
    void this.#session?.catchUp();
  }

  #revive(): void {
    this.#disposed = false;
    void this.#session
      ?.fetchUpdates()
      .catch((error: unknown) => this.#emit("error", { error: toError(error) }));
  }

  #emit<K extends keyof SessionEvents>(name: K, detail: SessionEvents[K]): void {
    this.#send(`chatkit.${name}`, detail);
  }

  /** Nothing is heard before `ready`: until then events wait their turn. */
  #send(type: string, detail: unknown): void {
    const event = new CustomEvent(type, detail === undefined ? {} : { detail });
    if (this.#released) this.#dispatch(event);
    else this.#outbox.push(event);
  }

  #dispatch(event: CustomEvent): void {
    this.dispatchEvent(event);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "openai-chatkit": ChatKitElement;
  }
}

function busy(method: string): IntegrationError {
  return new IntegrationError(
    "busy",
    `${method} was called while a thread loads or an answer is being written`,
  );
}

/** `content` counts before `text`; null when neither is given. */
function contentOf(params: { text?: string; content?: LooseContent[] }): wire.UserMessageContent[] | null {
  if (params.content !== undefined) return params.content.map(wireContent);
  return params.text === undefined ? null : [{ type: "input_text", text: params.text }];
}

function published(attachment: wire.Attachment): Attachment {
  const { id, name, mime_type } = attachment;
  return attachment.type === "image"
    ? { type: "image", id, name, mime_type, preview_url: attachment.preview_url }
    : { type: "file", id, name, mime_type };
}
