import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useMemo, useRef } from "preact/hooks";
import { Button } from "../base/index.ts";
import { Icon } from "../icons/index.tsx";
import type { GalleryEntry } from "./api.ts";
import { describer } from "./describe.ts";
import { DescribePanel } from "./describe-panel.tsx";
import { complain } from "./notices.ts";
import { createHost, Tamed } from "./stage.tsx";
import {
  discardDraft,
  drafts,
  folder,
  gallery,
  openBlank,
  openDraft,
  openFile,
  openGallery,
  openText,
} from "./workspace.ts";

const wanted = signal("");

/** A widget as a small picture of itself: nothing in it can be pressed. */
export function Thumbnail({ widget }: { readonly widget: unknown }): JSX.Element {
  const host = useMemo(() => createHost({}), []);
  return (
    <div class="thumb" inert aria-hidden="true">
      <div class="thumb-inner">{widget ? <Tamed widget={widget} host={host} /> : null}</div>
    </div>
  );
}

function Card({ entry }: { readonly entry: GalleryEntry }): JSX.Element {
  const name = entry.name ?? entry.id;
  return (
    <button type="button" class="card" onClick={() => openGallery(entry)}>
      <Thumbnail widget={entry.widget} />
      <span class="card-name">{name}</span>
    </button>
  );
}

function Drafts(): JSX.Element | null {
  const all = drafts.value;
  if (all.length === 0) return null;
  return (
    <section class="home-section" aria-labelledby="drafts">
      <h2 id="drafts">Unsaved work</h2>
      <ul class="drafts">
        {all.map((draft) => (
          <li key={draft.key}>
            <button type="button" class="draft" onClick={() => openDraft(draft)}>
              <Icon name="write" size={16} />
              <span>
                {draft.source.name}
                <small>
                  {draft.path ?? "not saved yet"} · {new Date(draft.at).toLocaleString()}
                </small>
              </span>
            </button>
            <button
              type="button"
              class="mode"
              aria-label={`Throw the draft of ${draft.source.name} away`}
              onClick={() => discardDraft(draft)}
            >
              Throw away
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Start(): JSX.Element {
  const file = useRef<HTMLInputElement>(null);
  return (
    <div class="start">
      <h1>Draw a widget</h1>
      <p>
        Start from blank or from one of these. It is a file in {folder.value.root || "your folder"}, and
        {describer.value ? " only what you describe leaves this machine." : " nothing leaves this machine."}
      </p>
      <div class="start-tools">
        <Button tone="primary" size="lg" iconStart="plus" onClick={openBlank}>
          Blank widget
        </Button>
        <Button variant="outline" size="lg" iconStart="lucide:upload" onClick={() => file.current?.click()}>
          Open a .widget
        </Button>
        <input
          ref={file}
          type="file"
          hidden
          accept=".widget,.json,application/json"
          onChange={(event) => {
            const [first] = event.currentTarget.files ?? [];
            first?.text().then(openText).catch(complain);
            event.currentTarget.value = "";
          }}
        />
      </div>
      <DescribePanel />
    </div>
  );
}

function Files(): JSX.Element | null {
  const { files } = folder.value;
  if (files.length === 0) return null;
  return (
    <section class="home-section only-phone" aria-labelledby="files">
      <h2 id="files">Files</h2>
      <ul class="drafts">
        {files.map((path) => (
          <li key={path}>
            <button type="button" class="draft" onClick={() => void openFile(path)}>
              <Icon name="square-code" size={16} />
              <span>{path}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Where one begins. */
export function Home(): JSX.Element {
  const words = wanted.value.trim().toLowerCase();
  const shown = gallery.value.filter((entry) =>
    `${entry.name} ${entry.document?.view}`.toLowerCase().includes(words),
  );
  return (
    <div class="page home">
      <Start />
      <Drafts />
      <Files />
      <section class="home-section" aria-labelledby="gallery">
        <div class="home-head">
          <h2 id="gallery">Gallery</h2>
          <input
            class="side-filter"
            type="search"
            aria-label="Search the gallery"
            placeholder="Search by name or component"
            value={wanted.value}
            onInput={(event) => {
              wanted.value = event.currentTarget.value;
            }}
          />
        </div>
        <div class="gallery">
          {shown.map((entry) => (
            <Card key={entry.id} entry={entry} />
          ))}
        </div>
        {shown.length === 0 && gallery.value.length > 0 ? (
          <p class="empty">Nothing in the gallery matches.</p>
        ) : null}
      </section>
    </div>
  );
}
