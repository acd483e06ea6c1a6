import type { VNode } from "preact";
import { useId, useRef, useState } from "preact/hooks";
import { Popover } from "../base/popover.tsx";
import { useI18n } from "../i18n/index.ts";
import { Icon } from "../icons/index.tsx";
import { safeLink } from "../markdown/index.tsx";
import type { Annotation, Source } from "../protocol/types.ts";
import { useEntityActions } from "./entities.tsx";
import { distinctSources, groupedSources, hostOf, markerText, originOf, sourceKey } from "./sources.ts";

function sourceIcon(source: Source): string {
  if (source.type === "url") return "globe";
  if (source.type === "file") return "document";
  return source.icon ?? "at-sign";
}

/** A letter tile in place of a favicon: pictures would have to come from other hosts. */
export function SourceBadge({ source }: { source: Source }): VNode {
  if (source.type !== "url") return <Icon name={sourceIcon(source)} size={16} />;
  const letter = (hostOf(source.url) || source.title).charAt(0).toUpperCase();
  const tone = ([...hostOf(source.url)].reduce((sum, character) => sum + character.charCodeAt(0), 0) % 7) + 1;
  return (
    <span class="ck-source-badge" data-tone={tone} aria-hidden="true">
      {letter}
    </span>
  );
}

function sourceTime(source: Source, locale: (value: Date) => string): string {
  if (!source.timestamp) return "";
  const date = new Date(source.timestamp);
  return Number.isNaN(date.getTime()) ? source.timestamp : locale(date);
}

/** One source as a row: a link for an address, a button for an entity the page reacts to, else plain. */
export function SourceRow({ source, onUse }: { source: Source; onUse?: () => void }): VNode {
  const i18n = useI18n();
  const { open, canOpen } = useEntityActions();
  const time = sourceTime(source, (value) => i18n.date(value, { dateStyle: "medium" }));
  const origin = [originOf(source), time].filter((part) => part !== "").join(" · ");
  const body = (
    <>
      <span class="ck-source-origin">
        <SourceBadge source={source} />
        <span>{origin || markerText(source)}</span>
      </span>
      <span class="ck-source-title" dir="auto">
        {source.title}
      </span>
      {source.description ? (
        <span class="ck-source-text" dir="auto">
          {source.description}
        </span>
      ) : null}
    </>
  );
  const link = source.type === "url" ? safeLink(source.url) : undefined;
  if (link?.kind === "url") {
    return (
      <a class="ck-source" href={link.href} target="_blank" rel="noopener noreferrer">
        {body}
      </a>
    );
  }
  if (source.type === "entity" && source.interactive && canOpen) {
    const use = (): void => {
      open(source);
      onUse?.();
    };
    return (
      <button type="button" class="ck-source" onClick={use}>
        {body}
      </button>
    );
  }
  return <div class="ck-source">{body}</div>;
}

function useHover(): {
  open: boolean;
  set: (open: boolean) => void;
  handlers: { onPointerEnter: (event: PointerEvent) => void; onPointerLeave: (event: PointerEvent) => void };
} {
  const [open, setOpen] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const later = (value: boolean, wait: number) => (event: PointerEvent) => {
    if (event.pointerType === "touch") return;
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setOpen(value), wait);
  };
  const set = (value: boolean): void => {
    clearTimeout(timer.current);
    setOpen(value);
  };
  return { open, set, handlers: { onPointerEnter: later(true, 120), onPointerLeave: later(false, 180) } };
}

/** The pill in the text that stands for one or more sources, with their details on hover, focus or press. */
export function CitationMarker({ sources }: { sources: readonly Source[] }): VNode | null {
  const { t } = useI18n();
  const hover = useHover();
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  const first = sources[0];
  if (!first) return null;
  const more = sources.length - 1;
  const title = more > 0 ? t("sources.marker_many", { title: first.title, count: more }) : first.title;
  const iconOnly = first.type === "entity" && !first.inline_label && first.icon !== undefined;
  return (
    <span class="ck-cite-wrap" {...hover.handlers}>
      <button
        ref={button}
        type="button"
        class="ck-cite"
        part="citation"
        aria-label={t("sources.marker", { title })}
        aria-expanded={hover.open}
        aria-controls={hover.open ? id : undefined}
        onClick={() => hover.set(!hover.open)}
      >
        {first.type === "url" ? null : <Icon name={sourceIcon(first)} size={12} />}
        {iconOnly ? null : <span>{markerText(first)}</span>}
        {more > 0 ? <span class="ck-cite-more">+{more}</span> : null}
      </button>
      <Popover
        open={hover.open}
        anchor={() => button.current}
        onClose={() => hover.set(false)}
        placement="top"
        focus={false}
        class="ck-cite-card"
        id={id}
        role="dialog"
        label={title}
      >
        {sources.map((source) => (
          <SourceRow key={sourceKey(source)} source={source} onUse={() => hover.set(false)} />
        ))}
      </Popover>
    </span>
  );
}

/** All sources of an answer, folded away until asked for. */
export function SourceList({ annotations }: { annotations: readonly Annotation[] }): VNode | null {
  const { t } = useI18n();
  const [open, setOpen] = useState(false);
  const id = useId();
  const sources = distinctSources(annotations);
  if (sources.length === 0) return null;
  return (
    <div class="ck-sources" part="sources">
      <button
        type="button"
        class="ck-sources-toggle"
        aria-expanded={open}
        aria-controls={id}
        aria-label={`${t("sources.title")}, ${t("sources.count", { count: sources.length })}`}
        onClick={() => setOpen(!open)}
      >
        <span class="ck-sources-stack" aria-hidden="true">
          {sources.slice(0, 3).map((source) => (
            <SourceBadge key={sourceKey(source)} source={source} />
          ))}
        </span>
        <span>{t("sources.title")}</span>
        <span class="ck-sources-count">{sources.length}</span>
        <Icon name={open ? "chevron-up" : "chevron-down"} size={14} />
      </button>
      <div id={id} class="ck-sources-list" hidden={!open}>
        {open
          ? groupedSources(sources).map(([group, members]) => (
              <div key={group} class="ck-sources-group">
                {group ? <div class="ck-sources-caption">{group}</div> : null}
                {members.map((source) => (
                  <SourceRow key={sourceKey(source)} source={source} />
                ))}
              </div>
            ))
          : null}
      </div>
    </div>
  );
}
