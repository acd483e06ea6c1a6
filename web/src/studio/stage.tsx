import { signal } from "@preact/signals";
import { type ComponentChildren, type JSX, render } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { adopt, baseStyles, createTheme, RootContext, type Theme } from "../base/index.ts";
import { Markdown } from "../markdown/index.tsx";
import type { ActionRequest, WidgetHost } from "../widgets/host.ts";
import { createMemory, type WidgetMemory } from "../widgets/memory.ts";
import type { WidgetNode } from "../widgets/node.ts";
import { WidgetView } from "../widgets/view.tsx";
import { tame } from "./foreign.ts";
import stageCss from "./stage.css?inline";

const idle = signal(false);
const language = signal("en-US");

function MarkdownText({
  text,
  streaming,
}: {
  readonly text: string;
  readonly streaming?: boolean;
}): JSX.Element {
  return <Markdown text={text} streaming={streaming === true} />;
}

export interface HostParts {
  readonly perform?: ((request: ActionRequest) => Promise<void>) | undefined;
  readonly drawn?: ((node: WidgetNode, element: Element | null) => void) | undefined;
  readonly memory?: WidgetMemory | undefined;
  readonly error?: ((error: Error) => void) | undefined;
}

/** The place a widget is drawn in here: nothing it does leaves the page. */
export function createHost({ perform, drawn, memory, error }: HostParts): WidgetHost {
  return {
    perform: perform ?? (() => Promise.resolve()),
    busy: idle,
    log: () => undefined,
    error: error ?? (() => undefined),
    markdown: MarkdownText,
    locale: language,
    development: true,
    memory: memory ?? createMemory(),
    ...(drawn ? { drawn } : {}),
  };
}

/** A widget as it is drawn everywhere in the Studio: without a request to anywhere. */
export function Tamed(props: {
  readonly widget: unknown;
  readonly host: WidgetHost;
  readonly fieldErrors?: Readonly<Record<string, string>>;
}): JSX.Element {
  const shown = useMemo(() => tame(props.widget).widget, [props.widget]);
  const { host, fieldErrors } = props;
  return <WidgetView widget={shown} itemId={null} host={host} {...(fieldErrors ? { fieldErrors } : {})} />;
}

/** Draws its children in a shadow root of their own, under a theme of their own. */
export function Stage(props: { readonly theme: Theme; readonly children: ComponentChildren }): JSX.Element {
  const host = useRef<HTMLDivElement>(null);
  const parts = useRef<{ setTheme(theme: Theme): void; box: HTMLElement; root: ShadowRoot } | null>(null);

  useLayoutEffect(() => {
    if (!host.current) return;
    if (!parts.current) {
      const root = host.current.attachShadow({ mode: "open" });
      const setTheme = createTheme(root);
      adopt(root, ...baseStyles, stageCss);
      const box = document.createElement("div");
      box.className = "ck stage";
      root.append(box);
      parts.current = { setTheme, box, root };
    }
    parts.current.setTheme(props.theme);
    render(
      <RootContext.Provider value={parts.current.root}>{props.children}</RootContext.Provider>,
      parts.current.box,
    );
  });

  useEffect(
    () => () => {
      if (parts.current) render(null, parts.current.box);
    },
    [],
  );
  return <div class="stage-host" ref={host} />;
}
