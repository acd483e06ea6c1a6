import { computed, type Signal } from "@preact/signals";
import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { IconButton, Popover } from "../base/index.ts";
import { Icon } from "../icons/index.tsx";
import { build, checkedSource, drawn, errors, failure, warnings } from "./building.ts";
import { source, stateIndex } from "./draft.ts";
import { tame } from "./foreign.ts";
import { showDrawer } from "./panes.ts";
import { Preview } from "./preview.tsx";
import {
  accent,
  appScheme,
  density,
  drawerOpen,
  frame,
  inspectorOpen,
  MAX_WIDTH,
  MIN_WIDTH,
  picking,
  previewScheme,
  radius,
  width,
} from "./settings.ts";
import { endStream, streamWidget } from "./streaming.ts";

export function Segments<Value extends string>(props: {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly (readonly [Value, string])[];
  readonly onChange: (value: Value) => void;
}): JSX.Element {
  return (
    <div class="segments" role="radiogroup" aria-label={props.label}>
      {props.options.map(([value, title]) => (
        // biome-ignore lint/a11y/useSemanticElements: buttons in a group, drawn as one control
        <button
          type="button"
          key={value}
          role="radio"
          aria-checked={props.value === value}
          onClick={() => props.onChange(value)}
        >
          {title}
        </button>
      ))}
    </div>
  );
}

function Choice<Value extends string>(props: {
  readonly label: string;
  readonly value: Signal<Value>;
  readonly options: readonly (readonly [Value, string])[];
}): JSX.Element {
  return (
    <div class="setting">
      <span>{props.label}</span>
      <Segments
        label={props.label}
        value={props.value.value}
        options={props.options}
        onChange={(value) => {
          props.value.value = value;
        }}
      />
    </div>
  );
}

const leftOut = computed(() => tame(drawn.value?.widget).hosts);
const ACCENTS = ["", "#0169cc", "#00a240", "#e25507", "#8046d9", "#e04c91"] as const;

function ThemeSettings(): JSX.Element {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  return (
    <>
      <IconButton
        buttonRef={button}
        icon="settings-slider"
        label="Theme of the preview"
        size="xs"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      />
      <Popover
        open={open}
        anchor={() => button.current}
        onClose={() => setOpen(false)}
        placement="bottom-end"
        role="dialog"
        label="Theme of the preview"
        focus
      >
        <div class="settings">
          <Choice
            label="Scheme"
            value={previewScheme}
            options={[
              ["app", "Studio"],
              ["light", "Light"],
              ["dark", "Dark"],
            ]}
          />
          <Choice
            label="Density"
            value={density}
            options={[
              ["compact", "Compact"],
              ["normal", "Normal"],
              ["spacious", "Spacious"],
            ]}
          />
          <Choice
            label="Radius"
            value={radius}
            options={[
              ["pill", "Pill"],
              ["round", "Round"],
              ["soft", "Soft"],
              ["sharp", "Sharp"],
            ]}
          />
          <div class="setting">
            <span>Accent</span>
            <div class="swatches" role="radiogroup" aria-label="Accent">
              {ACCENTS.map((color) => (
                // biome-ignore lint/a11y/useSemanticElements: buttons in a group
                <button
                  type="button"
                  key={color}
                  role="radio"
                  class="swatch"
                  aria-checked={accent.value === color}
                  aria-label={color || "None"}
                  style={{ background: color || "transparent" }}
                  onClick={() => {
                    accent.value = color;
                  }}
                />
              ))}
              <input
                type="color"
                aria-label="Accent of your own"
                value={accent.value || "#0169cc"}
                onInput={(event) => {
                  accent.value = event.currentTarget.value;
                }}
              />
            </div>
          </div>
        </div>
      </Popover>
    </>
  );
}

function Toolbar(): JSX.Element {
  const dark = (previewScheme.value === "app" ? appScheme() : previewScheme.value) === "dark";
  return (
    <div class="pane-head preview-bar" role="toolbar" aria-label="Preview">
      <select
        class="pick"
        aria-label="State"
        value={String(stateIndex.value)}
        onChange={(event) => {
          endStream();
          stateIndex.value = Number(event.currentTarget.value);
        }}
      >
        {source.value.states.map((state, index) => (
          <option key={state.name} value={String(index)} selected={index === stateIndex.value}>
            {state.name}
          </option>
        ))}
      </select>
      <span class="grow" />
      <label class="width">
        <input
          type="range"
          aria-label="Width of the preview"
          min={MIN_WIDTH}
          max={MAX_WIDTH}
          step={10}
          value={width.value}
          onInput={(event) => {
            width.value = Number(event.currentTarget.value);
          }}
        />
        <span>{width.value} px</span>
      </label>
      <IconButton
        class="not-phone"
        icon="lucide:mouse-pointer-click"
        label="Select elements"
        size="xs"
        aria-pressed={picking.value}
        selected={picking.value}
        onClick={() => {
          picking.value = !picking.value;
        }}
      />
      <IconButton
        icon="lucide:message-square"
        label="In a chat"
        size="xs"
        aria-pressed={frame.value === "chat"}
        selected={frame.value === "chat"}
        onClick={() => {
          frame.value = frame.value === "chat" ? "alone" : "chat";
        }}
      />
      <IconButton
        icon={dark ? "lucide:sun" : "lucide:moon"}
        label={dark ? "Preview in light" : "Preview in dark"}
        size="xs"
        onClick={() => {
          previewScheme.value = dark ? "light" : "dark";
        }}
      />
      <ThemeSettings />
      <IconButton
        class="not-phone"
        icon="lucide:panel-right"
        label="Properties"
        size="xs"
        aria-pressed={inspectorOpen.value}
        onClick={() => {
          inspectorOpen.value = !inspectorOpen.value;
        }}
      />
    </div>
  );
}

function Trouble(): JSX.Element | null {
  const now = drawn.value;
  const lost = failure.value;
  if (lost)
    return (
      <p class="trouble" data-tone="danger" role="alert">
        {lost.message} {lost.hint ?? ""}
      </p>
    );
  // Half a word is not an error yet: nothing is said before the widget has been looked over.
  if (checkedSource.value !== source.value) return null;
  if (now?.error)
    return (
      <p class="trouble" data-tone="danger" role="alert">
        {now.error.message}
      </p>
    );
  if (build.value && build.value.template === null) {
    return (
      <p class="trouble" data-tone="danger">
        The view has errors; this is the widget as it last was.
      </p>
    );
  }
  if (now?.differs && now.differs.length > 0) {
    const [first] = now.differs;
    return (
      <p class="trouble" data-tone="warning">
        JavaScript and the template disagree at <code>{first}</code>
        {now.differs.length > 1 ? ` and ${now.differs.length - 1} more` : ""}. This is what the template
        draws.
      </p>
    );
  }
  return null;
}

const several = (count: number, what: string): string =>
  count === 0 ? "" : `${count} ${what}${count > 1 ? "s" : ""}`;

const SIGNS = { danger: "lucide:circle-x", warning: "lucide:triangle-alert", good: "check-circle" } as const;

/** How many problems there are; shows them when pressed. */
export function Status(): JSX.Element {
  const [bad, odd] = [errors.value, warnings.value];
  const tone = bad > 0 ? "danger" : odd > 0 ? "warning" : "good";
  const text = [several(bad, "error"), several(odd, "warning")].filter(Boolean).join(", ");
  return (
    <button
      type="button"
      class="status"
      data-tone={tone}
      aria-pressed={drawerOpen.value}
      onClick={() => showDrawer("problems")}
    >
      <Icon name={SIGNS[tone]} size={14} />
      {text || "No problems"}
    </button>
  );
}

/** Says that pictures of other hosts are not here. */
function LeftOut(): JSX.Element | null {
  const hosts = leftOut.value;
  if (hosts.length === 0) return null;
  return (
    <p class="left-out">
      Pictures of {hosts.join(", ")} are left out: the Studio loads nothing from elsewhere.
    </p>
  );
}

/** A region that scrolls must be reachable by keyboard. */
const SCROLLED = { tabIndex: 0 } as const;

/** The live widget and what changes how it is shown. */
export function PreviewPane(): JSX.Element {
  return (
    <section class="pane preview" aria-label="Preview">
      <Toolbar />
      <Trouble />
      <section
        {...SCROLLED}
        class="backdrop"
        aria-label="Widget"
        data-streaming={streamWidget.value ? "" : undefined}
      >
        <Preview />
        <LeftOut />
      </section>
    </section>
  );
}
