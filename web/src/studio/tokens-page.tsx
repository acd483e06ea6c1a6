import type { ComponentChildren, JSX } from "preact";
import { notify } from "./notices.ts";
import {
  BORDER_TOKENS,
  COLOR_GROUPS,
  CONTROL_SIZES,
  RADII,
  SURFACE_TOKENS,
  TEXT_TOKENS,
  TITLE_SIZES,
} from "./tokens.ts";

function copy(name: string): void {
  navigator.clipboard.writeText(name).then(
    () => notify(`${name} copied`, "success"),
    () => notify("The browser does not allow copying here.", "danger"),
  );
}

function Token({
  name,
  children,
}: {
  readonly name: string;
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    <button type="button" class="token" title={`Copy ${name}`} onClick={() => copy(name)}>
      {children}
      <span>{name}</span>
    </button>
  );
}

function Swatch({ color }: { readonly color: string }): JSX.Element {
  return <span class="chip" style={{ background: color }} />;
}

const textColor = (name: string): string =>
  name === "primary" || name === "prose" || name === "emphasis"
    ? "var(--ck-color-text)"
    : `var(--ck-color-text-${name})`;
const borderColor = (name: string): string =>
  name === "default" ? "var(--ck-color-border)" : `var(--ck-color-border-${name})`;

/** Colours, radii and sizes by their names. */
export function TokensPage(): JSX.Element {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard
    <section class="page plain" tabIndex={0} aria-label="Colours and tokens">
      <header class="page-head">
        <h1>Colours and tokens</h1>
      </header>
      <h2>Text</h2>
      <div class="tokens">
        {TEXT_TOKENS.map((name) => (
          <Token key={name} name={name}>
            <span class="letter" style={{ color: textColor(name) }}>
              Ag
            </span>
          </Token>
        ))}
      </div>
      <h2>Surfaces</h2>
      <div class="tokens">
        {SURFACE_TOKENS.map((name) => (
          <Token key={name} name={name}>
            <Swatch color={`var(--ck-color-${name})`} />
          </Token>
        ))}
      </div>
      <h2>Borders</h2>
      <div class="tokens">
        {BORDER_TOKENS.map((name) => (
          <Token key={name} name={name}>
            <span class="chip" style={{ border: `2px solid ${borderColor(name)}` }} />
          </Token>
        ))}
      </div>
      {COLOR_GROUPS.map((group) => (
        <section key={group.title} aria-label={group.title}>
          <h2>{group.title}</h2>
          {group.doc ? <p class="dim">{group.doc}</p> : null}
          <div class="tokens">
            {group.names.map((name) => (
              <Token key={name} name={name}>
                <Swatch color={`var(--ck-${name})`} />
              </Token>
            ))}
          </div>
        </section>
      ))}
      <h2>Radii</h2>
      <div class="tokens">
        {RADII.map(([name, size]) => (
          <Token key={name} name={name}>
            <span class="chip radius" style={{ borderRadius: `${Math.min(size, 22)}px` }} />
          </Token>
        ))}
      </div>
      <h2>Control sizes</h2>
      <div class="tokens">
        {CONTROL_SIZES.map(([name, size]) => (
          <Token key={name} name={name}>
            <span class="chip bar" style={{ height: `${size}px` }} />
          </Token>
        ))}
      </div>
      <h2>Titles</h2>
      <div class="tokens">
        {TITLE_SIZES.map(([name, size]) => (
          <Token key={name} name={name}>
            <span class="letter" style={{ fontSize: `${Math.min(size, 48)}px` }}>
              Ag
            </span>
          </Token>
        ))}
      </div>
    </section>
  );
}
