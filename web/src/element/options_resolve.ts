import { wireContent } from "../core/content.ts";
import { DEFAULT_MAX_COUNT, DEFAULT_MAX_SIZE } from "../core/limits.ts";
import type { SessionApi, SessionOptions } from "../core/options.ts";
import { resolveLocale } from "../i18n/locales.ts";
import { IntegrationError } from "../protocol/errors.ts";
import type { WidgetNode } from "../protocol/types.ts";
import type { AllOptions, HeaderAction, ResolvedOptions } from "./options.ts";

export interface PageFacts {
  /** Relative addresses are meant from here. */
  readonly baseUri: string;
  readonly language: string;
  /** Endpoint for pages that only give `getClientSecret`. */
  readonly hostedUrl: string | null;
  readonly fetch: typeof fetch;
}

type Options = Partial<AllOptions>;

/** Options with every default filled in. */
export function resolveOptions(options: Options, page: PageFacts): ResolvedOptions {
  const locale = resolveLocale(options.locale ?? page.language);
  const composer = resolveComposer(options);
  const { api, problem } = resolveApi(options, page, composer.attachments !== null);
  const history = { enabled: true, showDelete: true, showRename: true, ...options.history };
  return {
    locale,
    theme: typeof options.theme === "string" ? { colorScheme: options.theme } : (options.theme ?? {}),
    frameTitle: options.frameTitle ?? null,
    header: resolveHeader(options),
    history,
    startScreen: resolveStart(options),
    threadItemActions: { feedback: false, retry: false, ...options.threadItemActions },
    composer,
    disclaimer: resolveDisclaimer(options),
    entities: resolveEntities(options),
    commands: resolveCommands(options),
    thread: { autoScroll: options.thread?.autoScroll ?? false },
    markdown: resolveMarkdown(options, page.baseUri),
    disabled: options.disabled ?? false,
    layout: options.layout ?? "fill",
    session: sessionOptions(options, locale, api, composer, history.enabled),
    problem,
  };
}

function resolveStart({ startScreen }: Options): ResolvedOptions["startScreen"] {
  const prompts = (startScreen?.prompts ?? []).map(({ label, prompt, icon }) => ({
    label,
    prompt: typeof prompt === "string" ? prompt : prompt.map(wireContent),
    icon: icon ?? null,
  }));
  return { greeting: startScreen?.greeting ?? null, prompts };
}

function resolveDisclaimer({ disclaimer }: Options): ResolvedOptions["disclaimer"] {
  return disclaimer?.text ? { text: disclaimer.text, highContrast: disclaimer.highContrast ?? false } : null;
}

function resolveEntities({ entities }: Options): ResolvedOptions["entities"] {
  return {
    onTagSearch: entities?.onTagSearch ?? null,
    showComposerMenu: entities?.showComposerMenu ?? false,
    onClick: entities?.onClick ?? null,
    onRequestPreview: entities?.onRequestPreview ?? null,
  };
}

function resolveCommands({ commands }: Options): ResolvedOptions["commands"] {
  return {
    enabled: commands?.enabled ?? false,
    onSearch: commands?.onSearch ?? null,
    onSelect: commands?.onSelect ?? null,
  };
}

function resolveMarkdown({ markdown }: Options, baseUri: string): ResolvedOptions["markdown"] {
  const library = markdown?.mermaid;
  const address = library && URL.canParse(library, baseUri) ? new URL(library, baseUri) : null;
  return {
    breaks: markdown?.breaks ?? false,
    mermaid: address && /^https?:$/.test(address.protocol) ? address.href : null,
  };
}

function resolveHeader({ header }: Options): ResolvedOptions["header"] {
  return {
    enabled: header?.enabled ?? true,
    title: { enabled: header?.title?.enabled ?? true, text: header?.title?.text ?? null },
    leftAction: action(header?.leftAction),
    rightAction: action(header?.rightAction),
  };
}

/** A button without a function to call is no button. */
function action(given: Partial<HeaderAction> | undefined): HeaderAction | null {
  return given?.icon && given.onClick ? { icon: given.icon, onClick: given.onClick } : null;
}

function resolveComposer({ composer }: Options): ResolvedOptions["composer"] {
  const files = composer?.attachments;
  return {
    placeholder: composer?.placeholder ?? null,
    attachments: files?.enabled
      ? {
          maxSize: files.maxSize ?? DEFAULT_MAX_SIZE,
          maxCount: files.maxCount ?? DEFAULT_MAX_COUNT,
          accept: files.accept ?? null,
        }
      : null,
    tools: (composer?.tools ?? []).filter(({ id, label }) => id && label),
    models: (composer?.models ?? []).filter(({ id, label }) => id && label),
    dictation: composer?.dictation?.enabled ?? false,
  };
}

function sessionOptions(
  options: Options,
  locale: string,
  api: SessionApi,
  composer: ResolvedOptions["composer"],
  historyEnabled: boolean,
): SessionOptions {
  const onAction = options.widgets?.onAction;
  return {
    api,
    locale,
    initialThread: options.initialThread ?? null,
    tools: composer.tools.map(({ id, label, persistent }) => ({
      id,
      label,
      persistent: persistent ?? false,
    })),
    models: composer.models.map((model) => ({
      id: model.id,
      label: model.label,
      disabled: model.disabled ?? false,
      default: model.default ?? false,
    })),
    attachments: composer.attachments,
    historyEnabled,
    disabled: options.disabled ?? false,
    onClientTool: options.onClientTool ?? null,
    onAction: onAction
      ? (what, item) => onAction(what as PublishedAction, { id: item.id, widget: asPublished(item.widget) })
      : null,
  };
}

type PublishedAction = Parameters<NonNullable<NonNullable<AllOptions["widgets"]>["onAction"]>>[0];
type PublishedWidget = Parameters<NonNullable<NonNullable<AllOptions["widgets"]>["onAction"]>>[1]["widget"];

/** The page's types know three roots; what arrives is whatever the server built. */
function asPublished(widget: WidgetNode): PublishedWidget {
  return widget as unknown as PublishedWidget;
}

interface LooseApi {
  url?: string;
  fetch?: typeof fetch;
  uploadStrategy?: { type: string; uploadUrl?: string };
  getClientSecret?: SessionApi["getClientSecret"];
}

function resolveApi(
  options: Options,
  page: PageFacts,
  attachments: boolean,
): { api: SessionApi; problem: string | null } {
  const given: LooseApi = options.api ?? {};
  const url = given.url ?? (given.getClientSecret ? page.hostedUrl : null);
  const problem = problemOf(options, given, url, attachments);
  const absolute =
    url === null || url === undefined || !URL.canParse(url, page.baseUri)
      ? ""
      : new URL(url, page.baseUri).href;
  return {
    api: {
      url: absolute,
      fetch: problem === null ? (given.fetch ?? page.fetch) : refusing(problem),
      uploadStrategy: strategy(given, page.baseUri),
      getClientSecret: given.getClientSecret ?? null,
    },
    problem,
  };
}

function problemOf(
  options: Options,
  api: LooseApi,
  url: string | null | undefined,
  attachments: boolean,
): string | null {
  if (options.api === undefined)
    return 'The option "api" is missing. Pass setOptions({ api: { url, domainKey } }).';
  if (url === null && api.getClientSecret) {
    return 'The option "api.getClientSecret" needs an address: add "api.url", or data-api="…" to the script tag.';
  }
  if (url === null || url === undefined || url === "")
    return 'The option "api.url" is missing. It is the address of the chat endpoint, for example "/chatkit".';
  if (attachments && strategy(api, "https://localhost") === null) {
    return 'The option "api.uploadStrategy" is missing, but composer.attachments.enabled is true.';
  }
  return null;
}

/** Pages of the hosted service name no strategy: there the service took the files, here the server does. */
function strategy(
  { uploadStrategy, getClientSecret }: LooseApi,
  baseUri: string,
): SessionApi["uploadStrategy"] {
  if (uploadStrategy === undefined && getClientSecret) return { type: "two_phase" };
  if (uploadStrategy?.type === "two_phase") return { type: "two_phase" };
  const url = uploadStrategy?.uploadUrl;
  if (uploadStrategy?.type !== "direct" || url === undefined || !URL.canParse(url, baseUri)) return null;
  return { type: "direct", uploadUrl: new URL(url, baseUri).href };
}

function refusing(problem: string): typeof fetch {
  return () => Promise.reject(new IntegrationError("options.api", problem));
}
