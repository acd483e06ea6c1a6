import type { JSX } from "preact";
import { Button, IconButton, Menu } from "../base/index.ts";
import { Icon } from "../icons/index.tsx";
import { paletteOpen } from "./commands.ts";
import { dirty, edit, future, origin, past, redo, source, undo } from "./draft.ts";
import { EXPORTS } from "./exports.ts";
import { go, route } from "./route.ts";
import { appearance, appScheme, sidebarOpen } from "./settings.ts";
import { keyNames } from "./shortcuts.ts";
import { conflict, naming, putAside, remove, save, saving } from "./workspace.ts";

function Name(): JSX.Element {
  const from = origin.value;
  return (
    <div class="crumbs">
      <h1 class="ck-hidden">{source.value.name}</h1>
      <input
        class="name"
        aria-label="Name of the widget"
        value={source.value.name}
        size={Math.max(6, source.value.name.length)}
        onInput={(event) => edit({ name: event.currentTarget.value }, "name")}
      />
      <span class="path" title={from?.path ?? ""}>
        {from?.path ?? "not saved yet"}
      </span>
      {dirty.value ? <span class="dot" role="img" aria-label="Unsaved changes" /> : null}
      {conflict.value && putAside.value === conflict.value ? (
        <button
          type="button"
          class="fix"
          onClick={() => {
            putAside.value = null;
          }}
        >
          Changed elsewhere
        </button>
      ) : null}
    </div>
  );
}

function FileMenu(): JSX.Element {
  const hasFile = origin.value?.path !== null;
  return (
    <Menu
      label="Export and file"
      placement="bottom-end"
      items={[
        ...EXPORTS.map((one) => ({
          id: one.id,
          label: one.title,
          icon: one.icon,
          onSelect: one.run,
          group: "Export",
        })),
        {
          id: "copy",
          label: "Save a copy as…",
          icon: "lucide:copy",
          group: "File",
          onSelect: () => (naming.value = "copy"),
        },
        {
          id: "rename",
          label: "Rename or move…",
          icon: "write",
          group: "File",
          disabled: !hasFile,
          onSelect: () => (naming.value = "rename"),
        },
        {
          id: "remove",
          label: "Remove",
          icon: "lucide:trash-2",
          group: "File",
          disabled: !hasFile,
          danger: true,
          onSelect: remove,
        },
      ].map((item) => ({ ...item, onSelect: () => void item.onSelect() }))}
      trigger={(trigger) => (
        <Button {...trigger} variant="ghost" size="sm" iconEnd="chevron-down">
          Export
        </Button>
      )}
    />
  );
}

function Editing(): JSX.Element {
  return (
    <>
      <Name />
      <div class="bar-group">
        <IconButton
          icon="lucide:undo-2"
          label="Undo"
          size="sm"
          disabled={past.value.length === 0}
          onClick={undo}
        />
        <IconButton
          icon="lucide:redo-2"
          label="Redo"
          size="sm"
          disabled={future.value.length === 0}
          onClick={redo}
        />
      </div>
      <FileMenu />
      <Button tone="primary" size="sm" loading={saving.value} disabled={!dirty.value} onClick={save}>
        Save
      </Button>
    </>
  );
}

/** The bar at the head of the page. */
export function TopBar(): JSX.Element {
  const editing = route.value.page === "edit" && origin.value !== null;
  return (
    <header class="top">
      <IconButton
        class="not-phone"
        icon="lucide:panel-left"
        label="Side bar"
        size="sm"
        aria-pressed={sidebarOpen.value}
        onClick={() => {
          sidebarOpen.value = !sidebarOpen.value;
        }}
      />
      <button type="button" class="brand" onClick={() => go("home")}>
        <Icon name="square-code" size={18} />
        <span>Studio</span>
      </button>
      <button type="button" class="search" onClick={() => (paletteOpen.value = true)}>
        <Icon name="search" size={14} />
        <span>Search</span>
        <kbd>{keyNames("Mod-k").join(" ")}</kbd>
      </button>
      {editing ? <Editing /> : <span class="grow" />}
      <IconButton
        icon={appScheme() === "dark" ? "lucide:sun" : "lucide:moon"}
        label={appScheme() === "dark" ? "Light Studio" : "Dark Studio"}
        size="sm"
        onClick={() => {
          appearance.value = appScheme() === "dark" ? "light" : "dark";
        }}
      />
    </header>
  );
}
