import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { composing } from "../../../base/composing.ts";
import { createTypeahead, nextIndex, Popover } from "../../../base/index.ts";
import { Icon } from "../../../icons/index.tsx";

export interface SelectOption {
  readonly value: string;
  readonly label: string;
  readonly description: string | undefined;
  readonly disabled: boolean;
}

export interface OptionListProps {
  readonly id: string;
  readonly label: string;
  readonly anchor: () => HTMLElement | null;
  readonly options: readonly SelectOption[];
  readonly value: string | null;
  readonly search: boolean;
  readonly words: { readonly search: string; readonly none: string };
  readonly onChoose: (value: string) => void;
  readonly onClose: () => void;
}

function matching(options: readonly SelectOption[], query: string): readonly SelectOption[] {
  const words = query.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return options;
  return options.filter((option) => {
    const text = `${option.label} ${option.description ?? ""}`.toLocaleLowerCase();
    return words.every((word) => text.includes(word));
  });
}

interface Navigation {
  readonly shown: readonly SelectOption[];
  readonly active: number;
  readonly query: string;
  readonly setQuery: (query: string) => void;
  readonly setActive: (index: number) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

/** Focus stays on the search field or the list; the active option moves below it. */
function useNavigation(props: OptionListProps): Navigation {
  const [query, setQuery] = useState("");
  const shown = useMemo(() => matching(props.options, query), [props.options, query]);
  const chosen = shown.findIndex((option) => option.value === props.value);
  const [active, setActive] = useState(Math.max(0, chosen));
  const typeahead = useMemo(() => createTypeahead(), []);
  const choose = (event: KeyboardEvent): void => {
    event.preventDefault();
    const option = shown[active];
    if (option && !option.disabled && !composing(event)) props.onChoose(option.value);
  };
  const move = (event: KeyboardEvent): void => {
    const labels = shown.map((each) => each.label);
    const inField = props.search && (event.key === "Home" || event.key === "End");
    const next = inField
      ? null
      : nextIndex(event.key, active, labels, { typed: props.search ? "" : typeahead(event.key) });
    if (next === null) return;
    event.preventDefault();
    setActive(next);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Tab") props.onClose();
    else if (event.key === "Enter" || (event.key === " " && !props.search)) choose(event);
    else move(event);
  };
  return {
    shown,
    active: Math.min(active, shown.length - 1),
    query,
    setQuery: (next) => {
      setQuery(next);
      setActive(0);
    },
    setActive,
    onKeyDown,
  };
}

function Option({
  option,
  chosen,
  active,
  id,
  onChoose,
  onActive,
}: {
  option: SelectOption;
  chosen: boolean;
  active: boolean;
  id: string;
  onChoose: () => void;
  onActive: () => void;
}): JSX.Element {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (active) element.current?.scrollIntoView?.({ block: "nearest" });
  }, [active]);
  return (
    // biome-ignore lint/a11y: the list has focus and the keys, as the listbox pattern wants it
    <div
      ref={element}
      class="ck-menu-item"
      role="option"
      id={id}
      aria-selected={chosen}
      aria-disabled={option.disabled || undefined}
      data-active={active || undefined}
      onClick={option.disabled ? undefined : onChoose}
      onPointerMove={active ? undefined : onActive}
    >
      <span dir="auto">
        {option.label}
        {option.description ? <small>{option.description}</small> : null}
      </span>
      {chosen ? <Icon name="check" /> : null}
    </div>
  );
}

/** The open list of a Select, with search where there is much to choose from. */
export function OptionList(props: OptionListProps): JSX.Element {
  const { id, options, value, search, words, label } = props;
  const { shown, active, query, setQuery, setActive, onKeyDown } = useNavigation(props);
  const optionId = (index: number): string => `${id}-${options.indexOf(shown[index] as SelectOption)}`;
  const current = shown[active] ? optionId(active) : undefined;
  return (
    <Popover open anchor={props.anchor} onClose={props.onClose} matchWidth class="w-options">
      {search ? (
        <div class="w-options-search">
          <Icon name="search" size={16} />
          <input
            type="text"
            data-autofocus
            role="combobox"
            aria-expanded="true"
            aria-autocomplete="list"
            aria-controls={`${id}-list`}
            aria-activedescendant={current}
            aria-label={words.search}
            placeholder={words.search}
            autocomplete="off"
            value={query}
            onInput={(event) => setQuery(event.currentTarget.value)}
            onKeyDown={onKeyDown}
          />
        </div>
      ) : null}
      <div
        id={search ? `${id}-list` : id}
        class="w-options-list"
        role="listbox"
        aria-label={label}
        tabIndex={search ? -1 : 0}
        data-autofocus={search ? undefined : true}
        aria-activedescendant={search ? undefined : current}
        onKeyDown={search ? undefined : onKeyDown}
      >
        {shown.map((option, index) => (
          <Option
            key={option.value}
            id={optionId(index)}
            option={option}
            chosen={option.value === value}
            active={index === active}
            onChoose={() => props.onChoose(option.value)}
            onActive={() => setActive(index)}
          />
        ))}
        {shown.length === 0 ? <div class="w-options-none">{words.none}</div> : null}
      </div>
    </Popover>
  );
}
