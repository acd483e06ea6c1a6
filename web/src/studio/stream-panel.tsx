import type { JSX } from "preact";
import { Button, IconButton } from "../base/index.ts";
import {
  endStream,
  goToStep,
  loadingSteps,
  loadStream,
  pause,
  play,
  playing,
  redrawn,
  stepIndex,
  steps,
} from "./streaming.ts";

const bytes = (count: number): string => (count < 1024 ? `${count} B` : `${(count / 1024).toFixed(1)} kB`);

function stepBy(by: number): void {
  pause();
  goToStep(stepIndex.value + by);
}

function Intro(): JSX.Element {
  return (
    <div class="empty center">
      <p>Let the data of this state grow word by word, and see which updates go over the wire.</p>
      <Button
        size="sm"
        tone="primary"
        iconStart="play"
        loading={loadingSteps.value}
        onClick={() => void loadStream().then(() => play())}
      >
        Play
      </Button>
    </div>
  );
}

function Bars(): JSX.Element {
  const all = steps.value;
  const most = Math.max(1, ...all.slice(1).map((step) => step.bytes));
  return (
    <div class="bars" aria-hidden="true">
      {all.map((step, index) => (
        <span
          // biome-ignore lint/suspicious/noArrayIndexKey: steps have no other name
          key={index}
          data-now={index === stepIndex.value || undefined}
          style={{ height: `${Math.max(4, Math.min(100, (step.bytes / most) * 100))}%` }}
          onPointerDown={() => {
            pause();
            goToStep(index);
          }}
        />
      ))}
    </div>
  );
}

/** Names with how often each of them stands there: `Text × 2, Badge`. */
function counted(names: readonly string[]): string {
  const times = new Map<string, number>();
  for (const name of names) times.set(name, (times.get(name) ?? 0) + 1);
  return [...times].map(([name, count]) => (count > 1 ? `${name} × ${count}` : name)).join(", ");
}

/** The stream, step by step. */
export function StreamPanel(): JSX.Element {
  const all = steps.value;
  if (all.length === 0) return <Intro />;
  const now = all[stepIndex.value];
  const sent = all.slice(0, stepIndex.value + 1).reduce((sum, step) => sum + step.bytes, 0);
  return (
    <div class="stream">
      <div class="drawer-tools">
        <IconButton
          icon="chevron-left"
          label="Step back"
          size="xs"
          disabled={stepIndex.value === 0}
          onClick={() => stepBy(-1)}
        />
        <IconButton
          icon={playing.value ? "lucide:pause" : "play"}
          label={playing.value ? "Pause" : "Play"}
          size="xs"
          onClick={() => (playing.value ? pause() : play())}
        />
        <IconButton
          icon="chevron-right"
          label="Step on"
          size="xs"
          disabled={stepIndex.value >= all.length - 1}
          onClick={() => stepBy(1)}
        />
        <input
          class="grow"
          type="range"
          aria-label="Step"
          min={0}
          max={all.length - 1}
          value={stepIndex.value}
          onInput={(event) => {
            pause();
            goToStep(Number(event.currentTarget.value));
          }}
        />
        <span class="dim">
          {stepIndex.value + 1} of {all.length} · {bytes(sent)} sent
        </span>
        <button type="button" class="mode" onClick={endStream}>
          End
        </button>
      </div>
      <Bars />
      <p class="redrawn">
        <span class="dim">Drawn again</span> {redrawn.value.length === 0 ? "nothing" : counted(redrawn.value)}
      </p>
      <div class="updates">
        {now?.error ? (
          <p class="trouble" data-tone="danger">
            {now.error}
          </p>
        ) : null}
        {stepIndex.value === 0 ? (
          <p class="dim">The whole widget, {bytes(now?.bytes ?? 0)}.</p>
        ) : now && now.updates.length === 0 && !now.error ? (
          <p class="dim">Nothing goes over the wire.</p>
        ) : (
          now?.updates.map((update, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: updates have no other name
            <code key={index}>{JSON.stringify(update)}</code>
          ))
        )}
      </div>
    </div>
  );
}
