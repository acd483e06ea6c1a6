import type { JSX, Ref } from "preact";
import { useId, useMemo, useRef, useState } from "preact/hooks";
import { Icon } from "../icons/index.tsx";
import type { Placement } from "./floating.ts";
import { activeElement, Popover } from "./popover.tsx";
import { createTypeahead, nextIndex } from "./roving.ts";

export interface MenuItem {
  readonly id: string;
  readonly label: string;
  readonly description?: string | undefined;
  readonly icon?: string | undefined;
  /** Makes the entry a choice; a check marks the chosen one. */
  readonly checked?: boolean | undefined;
  readonly disabled?: boolean | undefined;
  readonly danger?: boolean | undefined;
  /** Entries of one group stand under its caption; `""` draws only a line. */
  readonly group?: string | undefined;
  readonly onSelect?: (() => void) | undefined;
}

export interface MenuTrigger {
  readonly buttonRef: Ref<HTMLButtonElement>;
  readonly onClick: () => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly "aria-haspopup": "menu";
  readonly "aria-expanded": boolean;
}

export interface MenuProps {
  readonly label: string;
  readonly items: readonly MenuItem[];
  readonly trigger: (props: MenuTrigger) => JSX.Element;
  readonly placement?: Placement | undefined;
  readonly onOpenChange?: ((open: boolean) => void) | undefined;
}

const entries = (list: HTMLElement | null): HTMLElement[] =>
  list ? [...list.querySelectorAll<HTMLElement>('[role^="menuitem"]:not([aria-disabled="true"])')] : [];

function Item(props: { item: MenuItem; start: boolean; choose: () => void }): JSX.Element {
  const { item, choose } = props;
  const choice = item.checked !== undefined;
  return (
    // biome-ignore lint/a11y: the menu has the keys; the role is one of two menu item roles
    <div
      class="ck-menu-item"
      role={choice ? "menuitemradio" : "menuitem"}
      aria-checked={choice ? item.checked : undefined}
      aria-disabled={item.disabled || undefined}
      data-danger={item.danger || undefined}
      data-id={item.id}
      data-autofocus={props.start || undefined}
      tabIndex={-1}
      onClick={item.disabled ? undefined : choose}
      onPointerMove={(event) => {
        if (!item.disabled && activeElement() !== event.currentTarget)
          event.currentTarget.focus({ preventScroll: true });
      }}
    >
      {item.icon ? <Icon name={item.icon} /> : null}
      <span>
        {item.label}
        {item.description ? <small>{item.description}</small> : null}
      </span>
      {item.checked ? <Icon name="check" /> : null}
    </div>
  );
}

/** A caption or a line wherever the group changes. */
function Separator({ item, before }: { item: MenuItem; before: MenuItem | undefined }): JSX.Element | null {
  if (item.group === before?.group) return null;
  return (
    <>
      {before ? <hr class="ck-menu-rule" /> : null}
      {item.group ? (
        <div class="ck-menu-group" role="presentation">
          {item.group}
        </div>
      ) : null}
    </>
  );
}

/** The entries of a menu inside a popover, with arrow keys, Home, End and typeahead. */
export function MenuList(props: {
  readonly items: readonly MenuItem[];
  readonly label: string;
  readonly onClose: (item?: MenuItem) => void;
  readonly startAt?: "first" | "last" | undefined;
}): JSX.Element {
  const list = useRef<HTMLDivElement>(null);
  const typeahead = useMemo(() => createTypeahead(), []);
  // The popover brings the focus there as it opens: a key may be pressed before the next picture.
  const enabled = props.items.filter((item) => !item.disabled);
  const start = enabled.find((item) => item.checked) ?? enabled.at(props.startAt === "last" ? -1 : 0);
  const onKeyDown = (event: KeyboardEvent): void => {
    const all = entries(list.current);
    const current = all.indexOf(activeElement() ?? document.body);
    if (event.key === "Tab") {
      props.onClose();
      return;
    }
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      all[current]?.click();
      return;
    }
    const labels = all.map((entry) => entry.textContent?.trim() ?? "");
    const next = nextIndex(event.key, current, labels, { typed: typeahead(event.key) });
    if (next === null) return;
    event.preventDefault();
    event.stopPropagation();
    all[next]?.focus();
  };
  return (
    <div ref={list} role="menu" aria-label={props.label} onKeyDown={onKeyDown}>
      {props.items.map((item, index) => (
        <>
          <Separator key={`${item.id}:group`} item={item} before={props.items[index - 1]} />
          <Item key={item.id} item={item} start={item === start} choose={() => props.onClose(item)} />
        </>
      ))}
    </div>
  );
}

/** A button that opens a menu. */
export function Menu({ label, items, trigger, placement, onOpenChange }: MenuProps): JSX.Element {
  const [open, setOpen] = useState<false | "first" | "last">(false);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  const change = (next: false | "first" | "last"): void => {
    if (Boolean(next) !== Boolean(open)) onOpenChange?.(Boolean(next));
    setOpen(next);
  };
  const close = (item?: MenuItem): void => {
    change(false);
    item?.onSelect?.();
  };
  return (
    <>
      {trigger({
        buttonRef: button,
        "aria-haspopup": "menu",
        "aria-expanded": Boolean(open),
        onClick: () => change(open ? false : "first"),
        onKeyDown: (event) => {
          if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
          event.preventDefault();
          change(event.key === "ArrowDown" ? "first" : "last");
        },
      })}
      <Popover
        open={Boolean(open)}
        anchor={() => button.current}
        onClose={() => close()}
        placement={placement ?? "bottom-start"}
        class="ck-menu"
        id={id}
      >
        <MenuList items={items} label={label} onClose={close} startAt={open || undefined} />
      </Popover>
    </>
  );
}
