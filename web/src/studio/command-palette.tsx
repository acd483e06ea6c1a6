import type { Signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { Icon } from "../icons/index.tsx";
import { type Command, commands, insertOpen, paletteOpen } from "./commands.ts";
import { go } from "./route.ts";
import { nodes, selected } from "./selection.ts";
import { keyNames } from "./shortcuts.ts";
import { snippet } from "./snippets.ts";
import { insertInto } from "./source-edits.ts";
import { reference } from "./workspace.ts";

/** How well words fit a text: every letter in order, earlier and closer is better; -1 when they do not. */
export function closeness(words: string, text: string): number {
  const wanted = words.toLowerCase().replace(/\s+/g, "");
  const lower = text.toLowerCase();
  const whole = lower.indexOf(words.trim().toLowerCase());
  if (whole >= 0) return 1000 - whole;
  let at = -1;
  let gaps = 0;
  for (const letter of wanted) {
    const next = lower.indexOf(letter, at + 1);
    if (next < 0) return -1;
    gaps += at < 0 ? 0 : next - at - 1;
    at = next;
  }
  return 500 - gaps;
}

const MOST = 60;

function matching(all: readonly Command[], words: string): readonly Command[] {
  if (words.trim() === "") return all.slice(0, MOST);
  return all
    .map((command) => ({ command, score: closeness(words, `${command.title} ${command.group}`) }))
    .filter(({ score }) => score > 380)
    .sort((a, b) => b.score - a.score)
    .slice(0, MOST)
    .map(({ command }) => command);
}

function List(props: {
  readonly label: string;
  readonly placeholder: string;
  readonly all: readonly Command[];
  readonly open: Signal<boolean>;
}): JSX.Element {
  const [words, setWords] = useState("");
  const [at, setAt] = useState(0);
  const box = useRef<HTMLDialogElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const shown = useMemo(() => matching(props.all, words), [props.all, words]);
  // Before the next key is pressed: what is typed at once belongs here, not to the editor below.
  useLayoutEffect(() => {
    box.current?.showModal();
  }, []);
  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: "nearest" });
  }, [at]);
  const close = (): void => {
    props.open.value = false;
  };
  const run = (command: Command | undefined): void => {
    if (!command) return;
    close();
    // The palette has gone first, so that what runs may take the focus.
    setTimeout(command.run);
  };
  const move = (by: number): void => setAt((now) => (now + by + shown.length) % Math.max(1, shown.length));
  return (
    <dialog
      ref={box}
      class="palette"
      aria-label={props.label}
      onClose={close}
      onPointerDown={(event) => {
        if (event.target === box.current) close();
      }}
    >
      <div class="palette-box">
        <div class="palette-head">
          <Icon name="search" size={16} />
          <input
            autofocus
            role="combobox"
            aria-label={props.label}
            aria-expanded="true"
            aria-controls="palette-list"
            aria-activedescendant={shown[at] ? `command-${at}` : undefined}
            placeholder={props.placeholder}
            value={words}
            onInput={(event) => {
              setWords(event.currentTarget.value);
              setAt(0);
            }}
            onKeyDown={(event) => {
              if (event.key === "ArrowDown") move(1);
              else if (event.key === "ArrowUp") move(-1);
              else if (event.key === "Enter") run(shown[at]);
              else return;
              event.preventDefault();
            }}
          />
        </div>
        <div ref={list} id="palette-list" class="palette-list" role="listbox" aria-label={props.label}>
          {shown.map((command, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys
            // biome-ignore lint/a11y/useFocusableInteractive: focus stays in the field above
            <div
              key={command.id}
              id={`command-${index}`}
              class="palette-item"
              role="option"
              aria-selected={index === at}
              onPointerMove={() => setAt(index)}
              onClick={() => run(command)}
            >
              {command.icon ? <Icon name={command.icon} size={16} /> : <span class="no-icon" />}
              <span class="row-text">{command.title}</span>
              <span class="dim">{command.group}</span>
              {command.keys ? <kbd>{keyNames(command.keys).join(" ")}</kbd> : null}
            </div>
          ))}
          {shown.length === 0 ? <p class="empty">Nothing matches.</p> : null}
        </div>
      </div>
    </dialog>
  );
}

/** Everything that can be done or gone to, by its name. */
export function CommandPalette(): JSX.Element | null {
  if (!paletteOpen.value) return null;
  const components = (reference.value?.components ?? []).map((one) => ({
    id: `component.${one.name}`,
    title: one.name,
    group: "Components",
    icon: "cube",
    run: () => go("components", one.name),
  }));
  return (
    <List
      label="Search everything"
      placeholder="Search commands, files, components…"
      all={[...commands(), ...components]}
      open={paletteOpen}
    />
  );
}

/** Puts a component into the selected element. */
export function InsertPalette(): JSX.Element | null {
  if (!insertOpen.value) return null;
  const all = (reference.value?.components ?? []).map((one) => ({
    id: one.name,
    title: one.name,
    group: one.doc,
    icon: "plus",
    run: () => {
      const target = selected.value ?? nodes.value.find((node) => node.parent === null);
      if (target) insertInto(target, snippet(one.name));
    },
  }));
  return <List label="Insert a component" placeholder="Insert a component…" all={all} open={insertOpen} />;
}
