import type { JSX } from "preact";
import { clearActions, type Fired, fired, type Reply, replies, setReply } from "./actions.ts";
import { source } from "./draft.ts";
import { replyDelay } from "./settings.ts";

const clock = (at: number): string => new Date(at).toLocaleTimeString("en-GB");

function replyOf(kind: string): Reply | null {
  if (kind === "message") return { kind: "message", text: "Done." };
  if (kind === "errors") return { kind: "errors", text: "Please check this." };
  return kind.startsWith("state:") ? { kind: "state", state: kind.slice(6) } : null;
}

function ReplyChoice({ type }: { readonly type: string }): JSX.Element {
  const reply = replies.value[type];
  const value = !reply ? "" : reply.kind === "state" ? `state:${reply.state}` : reply.kind;
  return (
    <>
      <label class="reply">
        <span>Reply</span>
        <select
          class="pick"
          value={value}
          onChange={(event) => setReply(type, replyOf(event.currentTarget.value))}
        >
          <option value="">nothing</option>
          <option value="message">a message</option>
          <option value="errors">errors at the fields</option>
          {source.value.states.map((state) => (
            <option key={state.name} value={`state:${state.name}`}>
              the state {state.name}
            </option>
          ))}
        </select>
      </label>
      {reply && reply.kind !== "state" ? (
        <input
          class="side-filter"
          aria-label={`Text of the reply to ${type}`}
          value={reply.text}
          onInput={(event) => setReply(type, { ...reply, text: event.currentTarget.value })}
        />
      ) : null}
    </>
  );
}

function Entry({ one }: { readonly one: Fired }): JSX.Element {
  return (
    <li class="fired">
      <div class="fired-head">
        <strong>{one.type}</strong>
        <span class="tag">{one.handler}</span>
        <span class="dim">{one.trigger}</span>
        <span class="grow" />
        <span class="dim">{one.status === "done" ? `${one.took} ms` : "under way…"}</span>
        <time class="dim">{clock(one.at)}</time>
      </div>
      <dl>
        <dt>Payload</dt>
        <dd>
          <code>{JSON.stringify(one.payload) ?? "none"}</code>
        </dd>
        <dt>Form</dt>
        <dd>
          <code>{Object.keys(one.values).length > 0 ? JSON.stringify(one.values) : "none"}</code>
        </dd>
        <dt>Loading</dt>
        <dd>{one.loading}</dd>
      </dl>
      {one.collisions.length > 0 ? (
        <p class="trouble" data-tone="warning">
          Left out, because the payload has the name already: {one.collisions.join(", ")}
        </p>
      ) : null}
      <div class="fired-foot">
        <ReplyChoice type={one.type} />
      </div>
    </li>
  );
}

/** What the widget has fired, newest first. */
export function ActionsPanel(): JSX.Element {
  return (
    <div class="actions">
      <div class="drawer-tools">
        <label>
          A reply takes
          <input
            type="range"
            min={0}
            max={4000}
            step={100}
            value={replyDelay.value}
            onInput={(event) => {
              replyDelay.value = Number(event.currentTarget.value);
            }}
          />
          {replyDelay.value} ms
        </label>
        <span class="grow" />
        <button type="button" class="mode" onClick={clearActions}>
          Clear
        </button>
      </div>
      {fired.value.length === 0 ? (
        <p class="empty center">
          Press something in the preview. Its action shows here, with payload, handler and form values.
        </p>
      ) : (
        <ul>
          {fired.value.map((one) => (
            <Entry key={one.id} one={one} />
          ))}
        </ul>
      )}
    </div>
  );
}
