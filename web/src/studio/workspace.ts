import { batch, effect, signal } from "@preact/signals";
import { call, type GalleryEntry, type Opened, type OpenedFile, type Reference, StudioError } from "./api.ts";
import { build, errors, resetBuild, upToDate } from "./building.ts";
import { BLANK, dirty, origin, refresh, type Source, source, sourceOf, take } from "./draft.ts";
import { type Autosaved, allDrafts, draftOf, dropDraft, keepDraft, scopeDrafts } from "./drafts.ts";
import { complain, notify } from "./notices.ts";
import { go, route } from "./route.ts";
import { selectedId } from "./selection.ts";

export const folder = signal<{ readonly root: string; readonly files: readonly string[] }>({
  root: "",
  files: [],
});
export const gallery = signal<readonly GalleryEntry[]>([]);
export const reference = signal<Reference | null>(null);
export const drafts = signal<readonly Autosaved[]>([]);
export const ready = signal(false);
/** The file on the disk is another than the one that was opened. */
export const conflict = signal<OpenedFile | null>(null);
/** The conflict whose question was closed without an answer. */
export const putAside = signal<OpenedFile | null>(null);
/** Asked for a path: the dialog that saves, or null. */
export const naming = signal<"save" | "copy" | "rename" | null>(null);
export const saving = signal(false);
/** What was asked about last, so that the same content is not asked about twice. */
let asked: OpenedFile | null = null;
/** A file that cannot be edited, with the reason. */
export const unreadable = signal<{
  readonly path: string;
  readonly opened: Opened;
  readonly text: string;
  readonly revision: string;
} | null>(null);

export async function listFiles(): Promise<void> {
  folder.value = await call("files", {});
}

export async function start(): Promise<void> {
  const [files, shapes] = await Promise.all([call("files", {}), call("reference", {})]);
  scopeDrafts(files.root);
  batch(() => {
    folder.value = files;
    reference.value = shapes;
    drafts.value = allDrafts();
    ready.value = true;
  });
  effect(autosave);
  // The page is there without the gallery, which comes as soon as it has been drawn.
  call("gallery", {}).then((answer) => {
    gallery.value = answer.widgets;
  }, complain);
}

let told = false;

function autosave(): void {
  const from = origin.value;
  const now = source.value;
  if (!from) return;
  if (!dirty.value || (from.path === null && now === from.saved && from.key.startsWith("new-"))) {
    if (draftOf(from.key)) dropDraft(from.key);
  } else {
    const { key, path, revision, document } = from;
    const ok = keepDraft({ key, path, revision, source: now, document, at: Date.now() });
    if (!ok && !told) notify("This browser has no room for drafts. Save often.", "danger");
    told ||= !ok;
  }
}

/** Asks which content is to stay. */
export function ask(file: OpenedFile): void {
  asked = file;
  conflict.value = file;
}

/** Whether it is this content that was asked about: several may tell of the same change. */
export const alreadyAsked = (file: OpenedFile): boolean =>
  asked?.path === file.path && asked.revision === file.revision;

/** What was asked for last: an answer to what was asked before it comes too late. */
let wanted = 0;

function show(next: Source, from: Parameters<typeof take>[1]): void {
  wanted++;
  batch(() => {
    resetBuild();
    selectedId.value = null;
    unreadable.value = null;
    conflict.value = null;
    asked = null;
    take(next, from);
    drafts.value = allDrafts();
  });
}

const MADE: Readonly<Record<string, string>> = {
  template:
    "This file carried no source. The view was written from its template; saving puts it into the file.",
  tree: "This is a tree of components. The view was written from it; saving makes it a widget file.",
};

/** Says where a source comes from that was not in the file. */
function tellOrigin(opened: Opened): void {
  const text = MADE[opened.origin ?? ""];
  if (text) notify(text);
}

export function place(file: OpenedFile): void {
  if (!file.document) {
    batch(() => {
      origin.value = null;
      unreadable.value = { path: file.path, opened: file, text: file.text, revision: file.revision };
    });
    return;
  }
  const saved = sourceOf(file.document, file.name);
  const kept = draftOf(file.path);
  const from = { path: file.path, revision: file.revision, document: file.document, key: file.path };
  if (!kept) {
    show(saved, from);
    tellOrigin(file);
    return;
  }
  show(kept.source, { ...from, saved });
  notify("Unsaved changes were restored.", "plain", { label: "Discard", run: () => show(saved, from) });
  if (kept.revision !== file.revision) ask(file);
}

export async function openFile(path: string): Promise<void> {
  const mine = ++wanted;
  try {
    const file = await call("open", { path });
    await writing;
    if (mine !== wanted) return;
    place(file);
    if (route.value.page !== "edit" || route.value.detail !== path) go("edit", path);
  } catch (reason) {
    if (mine !== wanted) return;
    complain(reason);
    if (route.value.page === "edit") go("home");
    await listFiles().catch(() => undefined);
  }
}

const freshKey = (): string => `new-${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 6)}`;

/** A widget that has no file yet. */
export function openSource(next: Source): void {
  afterWriting(() => {
    const key = freshKey();
    show(next, { path: null, revision: null, document: null, key });
    go("edit", key);
  });
}

export const openBlank = (): void => openSource(BLANK);

export function openGallery(entry: GalleryEntry): void {
  if (entry.document) openSource(sourceOf(entry.document, entry.name));
}

export function openDraft(draft: Autosaved): void {
  if (draft.path !== null) {
    openFile(draft.path);
    return;
  }
  afterWriting(() => {
    show(draft.source, {
      path: null,
      revision: null,
      document: draft.document,
      key: draft.key,
      saved: BLANK,
    });
    go("edit", draft.key);
  });
}

export function discardDraft(draft: Autosaved): void {
  dropDraft(draft.key);
  drafts.value = allDrafts();
}

/** A text that was dropped onto the page: a `.widget` file, or the JSON of a widget. */
export async function openText(text: string): Promise<void> {
  try {
    const opened = await call("read", { text });
    if (opened.document) {
      openSource(sourceOf(opened.document, opened.name));
      tellOrigin(opened);
      return;
    }
    const first = opened.diagnostics[0];
    notify(
      opened.reason ??
        (first ? `This is not a widget file: ${first.message}` : "This file carries no source to edit."),
      "danger",
    );
  } catch (reason) {
    complain(reason);
  }
}

/** What is shown when the address of the page changes. */
export async function follow(): Promise<void> {
  const { page, detail } = route.value;
  // Who has gone elsewhere is not brought back by a file that comes late.
  if (page !== "edit") wanted++;
  if (page !== "edit" || detail === origin.peek()?.key || detail === unreadable.peek()?.path) return;
  if (!detail.startsWith("new-")) return openFile(detail);
  const kept = draftOf(detail);
  if (kept) openDraft(kept);
  else go("home");
}

const slug = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "") || "widget";

/** A path for a widget of this name that is not taken. */
export function freePath(name: string): string {
  const taken = new Set(folder.value.files);
  for (let copy = 1; ; copy++) {
    const path = `${slug(name)}${copy > 1 ? `-${copy}` : ""}.widget`;
    if (!taken.has(path)) return path;
  }
}

let writing: Promise<unknown> = Promise.resolve();

/** Runs when nothing is being written any more, so that another widget never takes the place of one on its way. */
function afterWriting(run: () => void | Promise<void>): void {
  if (saving.peek()) writing = writing.then(run);
  else void run();
}

/** Writes the draft; one without a file asks for a path first. */
export function save(): void {
  afterWriting(async () => {
    const from = origin.value;
    if (!from) return;
    if (from.path === null) naming.value = "save";
    else if (dirty.value) await write(from.path, from.revision);
  });
}

function moved(error: StudioError, path: string): boolean {
  const { text, revision } = error.body;
  if (error.status !== 409) return false;
  if (typeof text !== "string" || typeof revision !== "string") return false;
  call("read", { text }).then((opened) => {
    conflict.value = { ...opened, path, text, revision };
  }, complain);
  return true;
}

async function writeNow(path: string, revision: string | null): Promise<boolean> {
  try {
    await upToDate();
    const text = build.value?.file;
    const written = source.value;
    const from = origin.value;
    if (typeof text !== "string") {
      const count = errors.value === 1 ? "1 error" : `${errors.value} errors`;
      notify(`The widget cannot be written while it has ${count}. Your draft is kept here.`, "danger");
      return false;
    }
    const done = await call("save", { path, text, revision });
    if (from && from.key !== path) dropDraft(from.key);
    const document = from?.document ?? null;
    origin.value = { path: done.path, revision: done.revision, saved: written, document, key: done.path };
    if (route.value.detail !== done.path) go("edit", done.path, true);
    await listFiles();
    drafts.value = allDrafts();
    notify(`Saved to ${done.path}`, "success");
    return true;
  } catch (reason) {
    if (!(reason instanceof StudioError && moved(reason, path))) complain(reason);
    return false;
  } finally {
    saving.value = false;
  }
}

/** Writes the draft to a path. `revision` is what is expected there, null for nothing. */
export function write(path: string, revision: string | null): Promise<boolean> {
  saving.value = true;
  const done = writeNow(path, revision);
  writing = done;
  return done;
}

export async function rename(to: string): Promise<void> {
  const from = origin.value;
  if (!from?.path || !from.revision) return;
  try {
    const done = await call("rename", { path: from.path, to, revision: from.revision });
    dropDraft(from.key);
    origin.value = { ...from, path: done.path, revision: done.revision, key: done.path };
    go("edit", done.path, true);
    await listFiles();
  } catch (reason) {
    complain(reason);
  }
}

export async function remove(): Promise<void> {
  const from = origin.value;
  if (!from?.path || !from.revision) return;
  try {
    const { bin } = await call("remove", { path: from.path, revision: from.revision });
    dropDraft(from.key);
    origin.value = null;
    go("home");
    await listFiles();
    notify(`Moved to ${bin}`, "plain");
  } catch (reason) {
    complain(reason);
  }
}

/** The content on the disk takes the place of the draft, which undo brings back. */
export function takeTheirs(): void {
  const file = conflict.value;
  const from = origin.value;
  if (!file || !from) return;
  if (!file.document) {
    // There is nothing to edit in it; the draft stays among the unsaved work.
    conflict.value = null;
    place(file);
    return;
  }
  batch(() => {
    origin.value = { ...from, saved: source.value, revision: file.revision };
    refresh(file);
    conflict.value = null;
    asked = null;
  });
}

/** The draft takes the place of the content on the disk at the next save. */
export async function keepMine(): Promise<void> {
  const file = conflict.value;
  const from = origin.value;
  if (!file || !from) return;
  conflict.value = null;
  asked = null;
  origin.value = { ...from, revision: file.revision };
  await write(file.path, file.revision);
}
