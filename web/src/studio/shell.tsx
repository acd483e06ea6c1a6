import type { JSX } from "preact";
import { type Chunk, chunk } from "../widgets/lazy.tsx";
import { CommandPalette, InsertPalette } from "./command-palette.tsx";
import { Dialogs } from "./dialogs.tsx";
import { origin } from "./draft.ts";
import { Home } from "./home.tsx";
import { Later } from "./later.tsx";
import { dismiss, notices } from "./notices.ts";
import { type Page as PageName, route } from "./route.ts";
import { sidebarOpen } from "./settings.ts";
import { Sidebar } from "./sidebar.tsx";
import { TopBar } from "./top-bar.tsx";
import { ready, unreadable } from "./workspace.ts";

type Screen = Chunk<Record<string, never>>;

// The first screen comes with the page; the others, and with them the editors, when they are gone to.
const workbench: Screen = chunk(() => import("./workbench.tsx").then((module) => module.Workbench));
const unreadableFile: Screen = chunk(() => import("./unreadable.tsx").then((module) => module.Unreadable));
const PAGES: Partial<Record<PageName, Screen>> = {
  components: chunk(() => import("./components-page.tsx").then((module) => module.ComponentsPage)),
  icons: chunk(() => import("./icons-page.tsx").then((module) => module.IconsPage)),
  tokens: chunk(() => import("./tokens-page.tsx").then((module) => module.TokensPage)),
  shortcuts: chunk(() => import("./shortcuts-page.tsx").then((module) => module.ShortcutsPage)),
};

/** Loads the editors before somebody goes to them. */
export const prefetchWorkbench = (): void => workbench.prefetch();

function Page(): JSX.Element {
  const { page } = route.value;
  if (!ready.value) return <div class="page" />;
  if (page === "edit") {
    if (unreadable.value) return <Later key="unreadable" of={unreadableFile} />;
    return origin.value ? <Later key="edit" of={workbench} /> : <div class="page" />;
  }
  const later = PAGES[page];
  return later ? <Later key={page} of={later} /> : <Home />;
}

function Notices(): JSX.Element {
  return (
    <div class="notices" role="status" aria-live="polite">
      {notices.value.map((one) => (
        <div key={one.id} class="notice" data-tone={one.tone}>
          <span>{one.text}</span>
          {one.action ? (
            <button
              type="button"
              onClick={() => {
                one.action?.run();
                dismiss(one.id);
              }}
            >
              {one.action.label}
            </button>
          ) : null}
          <button type="button" aria-label="Dismiss" onClick={() => dismiss(one.id)}>
            ×
          </button>
        </div>
      ))}
    </div>
  );
}

/** The whole page. */
export function Shell(): JSX.Element {
  return (
    <div class="shell" data-sidebar={sidebarOpen.value || undefined} data-page={route.value.page}>
      <TopBar />
      <Sidebar />
      <main class="main">
        <Page />
      </main>
      <Dialogs />
      <CommandPalette />
      <InsertPalette />
      <Notices />
    </div>
  );
}
