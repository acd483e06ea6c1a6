import type { VNode } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import { useCopy } from "../base/clipboard.ts";
import { useI18n } from "../i18n/index.ts";
import { Icon } from "../icons/index.tsx";
import { takeMarks } from "./citations.ts";
import { GrowingContext, useScope } from "./context.ts";
import { type CodeNode, languageLabel, loadHighlighter } from "./highlight.ts";

// Colouring while a block grows re-reads all of it, so a long one waits until it is complete.
const LIVE_LIMIT = 4000;

function useHighlight(code: string, language: string, growing: boolean): readonly CodeNode[] | undefined {
  const [result, setResult] = useState<{ code: string; nodes: readonly CodeNode[] }>();
  const wanted = language !== "" && !(growing && code.length > LIVE_LIMIT);
  useEffect(() => {
    if (!wanted) return undefined;
    let current = true;
    void loadHighlighter(language).then((highlight) => {
      if (current && highlight) setResult({ code, nodes: highlight(code) });
    });
    return () => {
      current = false;
    };
  }, [code, language, wanted]);
  return result?.code === code ? result.nodes : undefined;
}

function drawn(node: CodeNode, key: number): VNode | string {
  if (typeof node === "string") return node;
  return (
    <span key={key} class={node.scope}>
      {node.children.map(drawn)}
    </span>
  );
}

function CopyButton({ text }: { text: string }): VNode {
  const { t } = useI18n();
  const { copied, copy } = useCopy(text);
  const label = copied ? t("code.copied") : t("code.copy");
  return (
    <button
      type="button"
      class="ck-md-code-copy"
      onClick={() => void copy()}
      aria-label={label}
      title={label}
    >
      <Icon name={copied ? "check" : "copy"} size={16} />
    </button>
  );
}

/** A block of code with its language, a copy button and colours once the highlighter is there. */
export function CodeBlock({ text, lang }: { text: string; lang: string }): VNode {
  const scope = useScope();
  const growing = useContext(GrowingContext);
  const { clean, found } = takeMarks(text);
  const language =
    takeMarks(lang)
      .clean.trim()
      .split(/[\s{,]/)[0] ?? "";
  const nodes = useHighlight(clean, language, growing);
  return (
    <div class="ck-md-code" part="code-block">
      <div class="ck-md-code-head">
        <span class="ck-md-code-lang">{languageLabel(language)}</span>
        <CopyButton text={clean} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard */}
      <pre dir="ltr" tabIndex={0}>
        <code>{nodes ? nodes.map(drawn) : clean}</code>
      </pre>
      {found.map((group) => scope.citation?.(scope.groups[group] ?? []))}
    </div>
  );
}
