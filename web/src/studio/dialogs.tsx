import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { Button, Dialog, TextField } from "../base/index.ts";
import { origin, source } from "./draft.ts";
import { nameState, renaming } from "./states.ts";
import {
  conflict,
  folder,
  freePath,
  keepMine,
  naming,
  putAside,
  rename,
  takeTheirs,
  write,
} from "./workspace.ts";

function Form(props: {
  readonly title: string;
  readonly label: string;
  readonly initial: string;
  readonly button: string;
  readonly problem?: (text: string) => string;
  readonly onDone: (text: string) => void;
  readonly onClose: () => void;
}): JSX.Element {
  const [text, setText] = useState(props.initial);
  const problem = props.problem?.(text) ?? "";
  const form = useRef<HTMLFormElement>(null);
  // Before the next key is pressed, or it would be selected again under what is typed.
  useLayoutEffect(() => {
    const field = form.current?.querySelector("input");
    field?.focus();
    // The ending stays: what is typed takes the place of the name before it.
    field?.setSelectionRange(0, field.value.replace(/\.widget$/, "").length);
  }, []);
  return (
    <Dialog open label={props.title} onClose={props.onClose}>
      <form
        ref={form}
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!problem) props.onDone(text);
        }}
      >
        <h2>{props.title}</h2>
        <TextField
          aria-label={props.label}
          value={text}
          onInput={(event: { currentTarget: HTMLInputElement }) => setText(event.currentTarget.value)}
        />
        <p class="form-problem" role="status">
          {problem}
        </p>
        <div class="form-buttons">
          <Button variant="ghost" onClick={props.onClose}>
            Cancel
          </Button>
          <Button tone="primary" type="submit" disabled={problem !== ""}>
            {props.button}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function pathProblem(path: string): string {
  if (!path.endsWith(".widget")) return "The name must end in .widget.";
  if (path.split("/").some((part) => part === "" || part.startsWith(".")) || /[\\:\0]/.test(path)) {
    return "Give a path below the folder, such as cards/order.widget.";
  }
  return folder.value.files.includes(path) && path !== origin.value?.path
    ? "There is a file of this name already."
    : "";
}

function Naming(): JSX.Element | null {
  const what = naming.value;
  if (what === null) return null;
  const close = (): void => {
    naming.value = null;
  };
  const now = origin.value?.path ?? null;
  return (
    <Form
      key={what}
      title={what === "rename" ? "Rename or move" : what === "copy" ? "Save a copy" : "Save to the folder"}
      label="Path below the folder"
      initial={what === "rename" && now ? now : freePath(source.value.name)}
      button={what === "rename" ? "Rename" : "Save"}
      problem={pathProblem}
      onClose={close}
      onDone={(path) => {
        close();
        if (what === "rename") void rename(path);
        else void write(path, path === now ? (origin.value?.revision ?? null) : null);
      }}
    />
  );
}

function Renaming(): JSX.Element | null {
  const index = renaming.value;
  const state = index === null ? undefined : source.value.states[index];
  if (index === null || !state) return null;
  return (
    <Form
      key={index}
      title="Name of the state"
      label="Name"
      initial={state.name}
      button="Rename"
      onClose={() => {
        renaming.value = null;
      }}
      onDone={(name) => nameState(index, name)}
    />
  );
}

function Conflict(): JSX.Element | null {
  const file = conflict.value;
  if (!file) return null;
  return (
    <Dialog
      open={putAside.value !== file}
      label="The file was changed elsewhere"
      onClose={() => {
        putAside.value = file;
      }}
    >
      <div class="form">
        <h2>The file was changed elsewhere</h2>
        <p>
          {file.path} has other content than the one you changed. Nothing has been lost: choose which one
          stays, or save yours beside it.
        </p>
        <div class="form-buttons">
          <Button
            variant="ghost"
            onClick={() => {
              conflict.value = null;
              naming.value = "copy";
            }}
          >
            Save mine as a copy
          </Button>
          <Button variant="outline" onClick={takeTheirs}>
            Take theirs
          </Button>
          <Button tone="primary" onClick={() => void keepMine()}>
            Keep mine
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

/** The questions the Studio asks. */
export function Dialogs(): JSX.Element {
  return (
    <>
      <Naming />
      <Renaming />
      <Conflict />
    </>
  );
}
