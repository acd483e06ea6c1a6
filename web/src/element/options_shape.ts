/**
 * The shape of the page's options, for checking what a page really passes. Every key of the published types is here, or the
 * compiler complains.
 */
import type {
  AccentColor,
  ColorOption,
  CommandsOption,
  ComposerOption,
  CustomApiConfig,
  DisclaimerOption,
  EntitiesOption,
  FontObject,
  GrayscaleOptions,
  HeaderOption,
  HistoryOption,
  HostedApiConfig,
  ModelOption,
  StartScreenOption,
  StartScreenPrompt,
  SurfaceColors,
  ThemeOption,
  ThreadItemActionsOption,
  ThreadOption,
  ToolOption,
  TypographyOption,
  WidgetsOption,
} from "@openai/chatkit";
import type { AllOptions } from "./options.ts";

export interface Shape {
  /** For people: `a string`, `one of light, dark`. */
  readonly says: string;
  readonly fits: (value: unknown) => boolean;
  /** Known keys, for objects that are gone through further. */
  readonly keys?: Readonly<Record<string, Shape>>;
  /** Rows of a list. */
  readonly row?: Shape;
}

const plain = (value: unknown): boolean =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const text: Shape = { says: "a string", fits: (value) => typeof value === "string" };
const flag: Shape = { says: "true or false", fits: (value) => typeof value === "boolean" };
const amount: Shape = {
  says: "a number",
  fits: (value) => typeof value === "number" && Number.isFinite(value),
};
const call: Shape = { says: "a function", fits: (value) => typeof value === "function" };
const anyObject: Shape = { says: "an object", fits: plain };

const object = <K extends string>(keys: Readonly<Record<K, Shape>>): Shape => ({
  says: "an object",
  fits: plain,
  keys,
});
const list = (row: Shape): Shape => ({ says: "a list", fits: Array.isArray, row });
const oneOf = (...values: readonly (string | number)[]): Shape => ({
  says: `one of ${values.join(", ")}`,
  fits: (value) => values.some((one) => one === value),
});
const nullOr = (shape: Shape): Shape => ({
  says: `${shape.says} or null`,
  fits: (value) => value === null || shape.fits(value),
});
const either = (a: Shape, b: Shape): Shape => ({
  ...b,
  says: `${a.says} or ${b.says}`,
  fits: (value) => a.fits(value) || b.fits(value),
});

type KeysOf<T> = T extends unknown ? keyof T : never;
type Keys<T> = Record<KeysOf<T> & string, Shape>;

const font = object({
  family: text,
  src: text,
  weight: either(text, amount),
  style: text,
  display: text,
  unicodeRange: text,
} satisfies Keys<FontObject>);

const theme = object({
  colorScheme: oneOf("light", "dark"),
  typography: object({
    baseSize: amount,
    fontSources: list(font),
    fontFamily: text,
    fontFamilyMono: text,
  } satisfies Keys<TypographyOption>),
  radius: oneOf("pill", "round", "soft", "sharp"),
  density: oneOf("compact", "normal", "spacious"),
  color: object({
    grayscale: object({ hue: amount, tint: amount, shade: amount } satisfies Keys<GrayscaleOptions>),
    accent: object({ primary: text, level: oneOf(0, 1, 2, 3) } satisfies Keys<AccentColor>),
    surface: object({ background: text, foreground: text } satisfies Keys<SurfaceColors>),
  } satisfies Keys<ColorOption>),
} satisfies Keys<ThemeOption>);

const headerAction = object({ icon: text, onClick: call });

const tool = object({
  id: text,
  label: text,
  icon: text,
  shortLabel: text,
  placeholderOverride: text,
  pinned: flag,
  persistent: flag,
} satisfies Keys<ToolOption>);

const model = object({
  id: text,
  label: text,
  description: text,
  disabled: flag,
  default: flag,
} satisfies Keys<ModelOption>);

const prompt = object({
  label: text,
  prompt: either(text, list(anyObject)),
  icon: text,
} satisfies Keys<StartScreenPrompt>);

export const OPTIONS: Shape = object({
  api: object({
    url: text,
    domainKey: text,
    fetch: call,
    uploadStrategy: object({ type: oneOf("two_phase", "direct"), uploadUrl: text }),
    getClientSecret: call,
  } satisfies Keys<CustomApiConfig | HostedApiConfig>),
  locale: text,
  theme: either(oneOf("light", "dark"), theme),
  frameTitle: text,
  initialThread: nullOr(text),
  onClientTool: call,
  header: object({
    enabled: flag,
    title: object({ enabled: flag, text }),
    leftAction: headerAction,
    rightAction: headerAction,
  } satisfies Keys<HeaderOption>),
  history: object({ enabled: flag, showDelete: flag, showRename: flag } satisfies Keys<HistoryOption>),
  startScreen: object({ greeting: text, prompts: list(prompt) } satisfies Keys<StartScreenOption>),
  threadItemActions: object({ feedback: flag, retry: flag } satisfies Keys<ThreadItemActionsOption>),
  composer: object({
    placeholder: text,
    attachments: object({
      enabled: flag,
      maxSize: either(amount, anyObject),
      maxCount: amount,
      accept: anyObject,
    }),
    tools: list(tool),
    models: list(model),
    dictation: object({ enabled: flag }),
  } satisfies Keys<ComposerOption>),
  disclaimer: object({ text, highContrast: flag } satisfies Keys<DisclaimerOption>),
  entities: object({
    onTagSearch: call,
    showComposerMenu: flag,
    onClick: call,
    onRequestPreview: call,
  } satisfies Keys<EntitiesOption>),
  commands: object({ enabled: flag, onSearch: call, onSelect: call } satisfies Keys<CommandsOption>),
  widgets: object({ onAction: call } satisfies Keys<WidgetsOption>),
  thread: object({ autoScroll: flag } satisfies Keys<ThreadOption>),
  disabled: flag,
  layout: oneOf("fill", "document", "popup", "side-panel"),
  markdown: object({ breaks: flag, mermaid: text } satisfies Keys<NonNullable<AllOptions["markdown"]>>),
} satisfies Keys<AllOptions>);
