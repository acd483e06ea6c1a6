import { call } from "./api.ts";
import { dirty, origin, refresh } from "./draft.ts";
import { complain, notify } from "./notices.ts";
import { alreadyAsked, ask, folder, listFiles, place, saving, unreadable } from "./workspace.ts";

/** A file that could not be read has other content now. */
async function showAgain(path: string): Promise<void> {
  const before = unreadable.value;
  const file = await call("open", { path });
  if (unreadable.value === before) place(file);
}

async function changed(path: string, revision: string | null): Promise<void> {
  await listFiles();
  const shown = unreadable.value;
  if (shown?.path === path && revision !== null && revision !== shown.revision) return showAgain(path);
  const from = origin.value;
  if (!from || from.path !== path || revision === from.revision || saving.value) return;
  // Some editors remove a file to write it anew: by now it may be there again.
  if (revision === null && !folder.value.files.includes(path)) {
    origin.value = { ...from, path: null, revision: null };
    notify(`${path} was removed from the folder. Your draft is still here.`, "danger");
    return;
  }
  const file = await call("open", { path });
  const now = origin.value;
  // By now another widget may be on the table, or this one may have been written.
  if (now?.path !== path || now.revision !== from.revision || saving.value) return;
  if (file.revision === now.revision) return;
  if (dirty.value) {
    if (!alreadyAsked(file)) ask(file);
  } else if (!file.document) place(file);
  else {
    refresh(file);
    notify(`${path} was changed on the disk and is shown again.`);
  }
}

/** Reads the folder again: what happened while nobody was watching is not told by anybody. */
async function lookAgain(): Promise<void> {
  await listFiles();
  const path = origin.value?.path;
  if (!path || !folder.value.files.includes(path)) return;
  const { revision } = await call("open", { path });
  await changed(path, revision);
}

const SETTLE_MS = 2000;

/** Follows the folder for as long as the page is open. */
export function watch(): () => void {
  const events = new EventSource("/api/watch");
  const look = (): void => {
    lookAgain().catch(complain);
  };
  events.onopen = () => {
    look();
    // The watcher behind the line needs a moment before it sees anything.
    setTimeout(look, SETTLE_MS);
  };
  events.onmessage = (event) => {
    const { path, revision } = JSON.parse(event.data) as { path: string; revision: string | null };
    changed(path, revision).catch(complain);
  };
  addEventListener("focus", look);
  return () => {
    removeEventListener("focus", look);
    events.close();
  };
}
