import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Icon } from "../icons/index.tsx";
import { complain, notify } from "./notices.ts";
import { reference } from "./workspace.ts";

const wanted = signal("");
const lucide = signal<readonly string[]>([]);
const MOST = 400;

async function loadNames(): Promise<void> {
  if (lucide.value.length > 0) return;
  const { shards } = await import("virtual:lucide/index");
  const modules = await Promise.all(shards.map((load) => load()));
  lucide.value = modules.flatMap((module) => Object.keys(module.default)).sort();
}

function copy(name: string): void {
  navigator.clipboard.writeText(name).then(
    () => notify(`${name} copied`, "success"),
    () => notify("The browser does not allow copying here.", "danger"),
  );
}

function Tile({ name, text }: { readonly name: string; readonly text: string }): JSX.Element {
  return (
    <button type="button" class="icon-tile" title={text} onClick={() => copy(text)}>
      <Icon name={name} size={22} />
      <span>{name.replace("lucide:", "")}</span>
    </button>
  );
}

/** All icons a widget can name. */
export function IconsPage(): JSX.Element {
  const [most, setMost] = useState(MOST);
  useEffect(() => {
    loadNames().catch(complain);
  }, []);
  const words = wanted.value.trim().toLowerCase();
  const own = (reference.value?.icons ?? []).filter((name) => name.includes(words));
  const more = lucide.value.filter((name) => name.includes(words));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard
    <section class="page plain" tabIndex={0} aria-label="Icons">
      <header class="page-head">
        <h1>Icons</h1>
        <input
          class="side-filter wide"
          type="search"
          aria-label="Search icons"
          placeholder="Search by name"
          value={wanted.value}
          onInput={(event) => {
            wanted.value = event.currentTarget.value;
            setMost(MOST);
          }}
        />
      </header>
      <h2>
        Built in <span class="count">{own.length}</span>
      </h2>
      <div class="icon-grid">
        {own.map((name) => (
          <Tile key={name} name={name} text={name} />
        ))}
      </div>
      <h2>
        Lucide <span class="count">{more.length}</span>
      </h2>
      <div class="icon-grid">
        {more.slice(0, most).map((name) => (
          <Tile key={name} name={`lucide:${name}`} text={`lucide:${name}`} />
        ))}
      </div>
      {more.length > most ? (
        <button type="button" class="mode" onClick={() => setMost(most + MOST)}>
          Show more
        </button>
      ) : null}
    </section>
  );
}
