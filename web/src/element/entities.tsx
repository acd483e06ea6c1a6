import type { Entity, Widgets } from "@openai/chatkit";
import type { VNode } from "preact";
import { useRef, useState } from "preact/hooks";
import { Popover } from "../base/popover.tsx";
import { Icon } from "../icons/index.tsx";
import type { EntitySource, UserMessageTagContent, WidgetNode } from "../protocol/types.ts";
import { useChat } from "./context.ts";
import { useOption } from "./slice.ts";
import { PreviewWidget } from "./widget_item.tsx";

function texts(data: Readonly<Record<string, unknown>> | undefined): Record<string, string> {
  const entries = Object.entries(data ?? {});
  return Object.fromEntries(
    entries.map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}

/** A tag of a message as the page knows it. */
export function entityOfTag(tag: UserMessageTagContent): Entity {
  const { id, text, group, interactive } = tag;
  return {
    id,
    title: text,
    interactive: interactive ?? false,
    data: texts(tag.data),
    ...(group ? { group } : {}),
  };
}

/** A source of an annotation as the page knows it. */
export function entityOfSource(source: EntitySource): Entity {
  const { id, title, icon, group, interactive } = source;
  return {
    id,
    title,
    interactive: interactive ?? false,
    data: texts(source.data),
    ...(icon ? { icon } : {}),
    ...(group ? { group } : {}),
  };
}

/** What the page does with entities that a person touches. */
export function useEntityActions(): { open: (source: EntitySource) => void; canOpen: boolean } {
  const onClick = useOption((options) => options.entities.onClick);
  return { canOpen: onClick !== null, open: (source) => onClick?.(entityOfSource(source)) };
}

type Preview = { phase: "loading" } | { phase: "done"; widget: WidgetNode | null };

function Card({ entity, preview }: { entity: Entity; preview: Preview }): VNode {
  if (preview.phase === "loading") {
    return (
      <div class="ck-entity-skeleton" aria-busy="true">
        <span />
        <span />
        <span />
      </div>
    );
  }
  if (preview.widget) return <PreviewWidget widget={preview.widget} />;
  return (
    <div class="ck-entity-head">
      <Icon name={entity.icon ?? "at-sign"} size={18} />
      <span dir="auto">{entity.title}</span>
    </div>
  );
}

function usePreview(entity: Entity): { preview: Preview | null; load: () => void } {
  const { session } = useChat();
  const request = useOption((options) => options.entities.onRequestPreview);
  const [preview, setPreview] = useState<Preview | null>(null);
  const load = (): void => {
    if (!request || preview) return;
    setPreview({ phase: "loading" });
    Promise.resolve()
      .then(() => request(entity))
      .then(
        (answer: { preview: Widgets.BasicRoot | null } | undefined) =>
          setPreview({ phase: "done", widget: (answer?.preview ?? null) as WidgetNode | null }),
        (reason: unknown) => {
          session.report(reason instanceof Error ? reason : new Error(String(reason)));
          setPreview({ phase: "done", widget: null });
        },
      );
  };
  return { preview, load };
}

/** A tag in a message; when interactive, with a card on hover and the page's own reaction to a click. */
export function EntityTag({ entity }: { entity: Entity }): VNode {
  const onClick = useOption((options) => options.entities.onClick);
  const { preview, load } = usePreview(entity);
  const [open, setOpen] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const anchor = useRef<HTMLButtonElement>(null);
  if (!entity.interactive) return <span class="ck-tag">{entity.title}</span>;
  const later = (value: boolean, wait: number): void => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setOpen(value), wait);
  };
  const enter = (): void => {
    load();
    later(true, 200);
  };
  return (
    <span class="ck-tag-wrap" onPointerEnter={enter} onPointerLeave={() => later(false, 180)}>
      <button
        ref={anchor}
        type="button"
        class="ck-tag ck-tag-live"
        part="tag"
        onClick={() => onClick?.(entity)}
        onFocus={enter}
        onBlur={() => later(false, 180)}
      >
        {entity.title}
      </button>
      <Popover
        open={open && preview !== null}
        anchor={() => anchor.current}
        onClose={() => setOpen(false)}
        placement="top"
        focus={false}
        class="ck-entity-card"
        role="dialog"
        label={entity.title}
      >
        {preview ? <Card entity={entity} preview={preview} /> : null}
      </Popover>
    </span>
  );
}
