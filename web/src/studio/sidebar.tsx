import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { IconButton } from "../base/index.ts";
import { Icon } from "../icons/index.tsx";
import { insertOpen } from "./commands.ts";
import { dirty, origin } from "./draft.ts";
import { Layers } from "./layers.tsx";
import { go, type Page, route } from "./route.ts";
import { sidebarOpen } from "./settings.ts";
import { drafts, folder, listFiles, openBlank, openFile } from "./workspace.ts";

const LINKS: readonly { readonly page: Page; readonly title: string; readonly icon: string }[] = [
  { page: "home", title: "Gallery", icon: "lucide:layout-grid" },
  { page: "components", title: "Components", icon: "cube" },
  { page: "icons", title: "Icons", icon: "star" },
  { page: "tokens", title: "Tokens", icon: "lucide:palette" },
];

const filter = signal("");

function File({ path }: { readonly path: string }): JSX.Element {
  const open = origin.value?.path === path && route.value.page === "edit";
  const changed = open ? dirty.value : drafts.value.some((draft) => draft.path === path);
  const at = path.lastIndexOf("/");
  return (
    <button
      type="button"
      class="row"
      aria-current={open ? "page" : undefined}
      title={path}
      onClick={() => void openFile(path)}
    >
      <Icon name="square-code" size={14} />
      <span class="row-text">
        {at > 0 ? <span class="dim">{path.slice(0, at + 1)}</span> : null}
        {path.slice(at + 1).replace(/\.widget$/, "")}
      </span>
      {changed ? <span class="dot" role="img" aria-label="Unsaved changes" /> : null}
    </button>
  );
}

function Files(): JSX.Element {
  const { root, files } = folder.value;
  const wanted = filter.value.trim().toLowerCase();
  const shown = files.filter((path) => path.toLowerCase().includes(wanted));
  return (
    <section class="side-section files" aria-label="Files">
      <div class="side-head">
        <h2 title={root}>{root || "Folder"}</h2>
        <IconButton icon="reload" label="Read the folder again" size="2xs" onClick={() => void listFiles()} />
        <IconButton icon="plus" label="New widget" size="2xs" onClick={openBlank} />
      </div>
      {files.length > 8 ? (
        <input
          class="side-filter"
          type="search"
          aria-label="Filter files"
          placeholder="Filter"
          value={filter.value}
          onInput={(event) => {
            filter.value = event.currentTarget.value;
          }}
        />
      ) : null}
      <nav class="side-list" aria-label="Widget files">
        {shown.map((path) => (
          <File key={path} path={path} />
        ))}
        {files.length === 0 ? (
          <p class="empty">No widgets here yet. Start from the gallery, or drop a .widget file in.</p>
        ) : null}
      </nav>
    </section>
  );
}

/** Files and elements at the left. */
export function Sidebar(): JSX.Element | null {
  if (!sidebarOpen.value) return null;
  const editing = route.value.page === "edit" && origin.value !== null;
  return (
    <aside class="side" aria-label="Side bar">
      <nav class="side-links" aria-label="Pages">
        {LINKS.map(({ page, title, icon }) => (
          <button
            type="button"
            key={page}
            class="row"
            aria-current={route.value.page === page ? "page" : undefined}
            onClick={() => go(page)}
          >
            <Icon name={icon} size={14} />
            <span class="row-text">{title}</span>
          </button>
        ))}
      </nav>
      <Files />
      {editing ? (
        <section class="side-section elements" aria-label="Elements">
          <div class="side-head">
            <h2>Elements</h2>
            <IconButton
              icon="plus"
              label="Insert a component"
              size="2xs"
              onClick={() => (insertOpen.value = true)}
            />
          </div>
          <Layers />
        </section>
      ) : null}
    </aside>
  );
}
