import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { Button, IconButton } from "../base/index.ts";
import {
  attempts,
  describer,
  describing,
  drawDescribed,
  picture,
  stopDescribing,
  takePicture,
  words,
} from "./describe.ts";
import { complain } from "./notices.ts";

function Progress(): JSX.Element | null {
  const last = attempts.value.at(-1);
  if (!last) return null;
  const { number, of, text, found } = last;
  return (
    <div class="describe-progress">
      <p role="status">
        {number === 1 ? "Drawing…" : `Putting it right, attempt ${number} of ${of}…`}
        {found.length > 0 ? ` ${found.length === 1 ? "1 problem" : `${found.length} problems`} found.` : ""}
      </p>
      <pre>{text.slice(-1200)}</pre>
    </div>
  );
}

/** The place where a widget is described in words, or by a picture. */
export function DescribePanel({ change = false }: { readonly change?: boolean }): JSX.Element | null {
  const file = useRef<HTMLInputElement>(null);
  const model = describer.value?.model;
  if (!model) return null;
  const ready = words.value.trim() !== "" || picture.value !== null;
  return (
    <form
      class="describe"
      onSubmit={(event) => {
        event.preventDefault();
        void drawDescribed(change);
      }}
    >
      <div class="describe-box">
        <textarea
          aria-label={change ? "What to change" : "Describe a widget"}
          placeholder={
            change
              ? "What should be different? “Add a price, right-aligned, and a button to buy.”"
              : "Describe a widget, or drop a picture here. “A boarding pass with gate, seat and a button to check in.”"
          }
          rows={change ? 3 : 2}
          value={words.value}
          onInput={(event) => {
            words.value = event.currentTarget.value;
          }}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            void drawDescribed(change);
          }}
          onPaste={(event) => {
            const [first] = event.clipboardData?.files ?? [];
            if (!first) return;
            event.preventDefault();
            takePicture(first).catch(complain);
          }}
        />
        <div class="describe-tools">
          {picture.value ? (
            <span class="describe-picture">
              <img src={picture.value} alt="What to draw after" />
              <IconButton
                icon="lucide:x"
                label="Take the picture away"
                size="3xs"
                tooltip={false}
                onClick={() => {
                  picture.value = null;
                }}
              />
            </span>
          ) : (
            <IconButton icon="images" label="Add a picture" size="sm" onClick={() => file.current?.click()} />
          )}
          <input
            ref={file}
            type="file"
            hidden
            accept="image/*"
            onChange={(event) => {
              const [first] = event.currentTarget.files ?? [];
              if (first) takePicture(first).catch(complain);
              event.currentTarget.value = "";
            }}
          />
          <span class="dim grow">Goes to {model}</span>
          {describing.value ? (
            <Button size="sm" variant="outline" onClick={stopDescribing}>
              Stop
            </Button>
          ) : (
            <Button size="sm" tone="primary" type="submit" iconStart="sparkle" disabled={!ready}>
              {change ? "Change" : "Draw"}
            </Button>
          )}
        </div>
      </div>
      <Progress />
    </form>
  );
}
