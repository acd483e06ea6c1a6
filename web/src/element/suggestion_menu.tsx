import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useI18n } from "../i18n/index.ts";
import { Icon } from "../icons/index.tsx";
import type { Suggestion, Suggestions } from "./suggest.ts";

function Row(props: { row: Suggestion; id: string; active: boolean; onEnter: () => void }): VNode {
  const { row, id, active, onEnter } = props;
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (active) element.current?.scrollIntoView?.({ block: "nearest" });
  }, [active]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys go to the field, which names the active row
    <div
      ref={element}
      id={id}
      class="ck-suggestion"
      role="option"
      tabIndex={-1}
      aria-selected={active}
      data-active={active || undefined}
      onPointerMove={onEnter}
      // The field keeps the focus.
      onPointerDown={(event) => event.preventDefault()}
      onClick={row.choose}
    >
      {row.icon ? <Icon name={row.icon} size={18} /> : null}
      <span class="ck-suggestion-label" dir="auto">
        {row.label}
      </span>
      {row.description ? <span class="ck-suggestion-text">{row.description}</span> : null}
    </div>
  );
}

/** The list above the field; the field keeps the focus and names the active row. */
export function SuggestionMenu({ id, suggestions }: { id: string; suggestions: Suggestions }): VNode | null {
  const { t } = useI18n();
  const { open, mark, phase, rows, active } = suggestions;
  if (!open) return null;
  const empty = phase === "loading" ? t("mention.loading") : t("mention.empty");
  return (
    <>
      <div
        id={id}
        class="ck-suggestions ck-surface"
        part="suggestions"
        role="listbox"
        aria-label={t(mark === "@" ? "mention.label" : "command.label")}
      >
        {rows.length === 0 ? <div class="ck-suggestions-empty">{empty}</div> : null}
        {rows.map((row, index) => (
          <>
            {row.group && row.group !== rows[index - 1]?.group ? (
              <div key={`group:${row.group}`} class="ck-suggestions-group" role="presentation">
                {row.group}
              </div>
            ) : null}
            <Row
              key={row.id}
              row={row}
              id={`${id}-${index}`}
              active={index === active}
              onEnter={() => suggestions.setActive(index)}
            />
          </>
        ))}
      </div>
      <div class="ck-hidden" role="status" aria-live="polite">
        {phase === "ready" ? t("mention.results", { count: rows.length }) : ""}
      </div>
    </>
  );
}
