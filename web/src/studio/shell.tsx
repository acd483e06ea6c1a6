import type { JSX } from "preact";
import { CommandPalette, InsertPalette } from "./command-palette.tsx";
import { ComponentsPage } from "./components-page.tsx";
import { Dialogs } from "./dialogs.tsx";
import { origin } from "./draft.ts";
import { Home } from "./home.tsx";
import { IconsPage } from "./icons-page.tsx";
import { dismiss, notices } from "./notices.ts";
import { route } from "./route.ts";
import { sidebarOpen } from "./settings.ts";
import { ShortcutsPage } from "./shortcuts-page.tsx";
import { Sidebar } from "./sidebar.tsx";
import { TokensPage } from "./tokens-page.tsx";
import { TopBar } from "./top-bar.tsx";
import { Unreadable } from "./unreadable.tsx";
import { Workbench } from "./workbench.tsx";
import { ready, unreadable } from "./workspace.ts";

function Page(): JSX.Element {
  const { page } = route.value;
  if (!ready.value) return <div class="page" />;
  if (page === "edit" && unreadable.value) return <Unreadable />;
  if (page === "edit") return origin.value ? <Workbench /> : <div class="page" />;
  if (page === "components") return <ComponentsPage />;
  if (page === "icons") return <IconsPage />;
  if (page === "tokens") return <TokensPage />;
  if (page === "shortcuts") return <ShortcutsPage />;
  return <Home />;
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
