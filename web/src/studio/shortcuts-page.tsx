import type { JSX } from "preact";
import { keyNames, withKeys } from "./shortcuts.ts";

/** The shortcuts, by what they are for. */
export function ShortcutsPage(): JSX.Element {
  const all = withKeys();
  const groups = [...new Set(all.map((one) => one.group))];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard
    <section class="page plain" tabIndex={0} aria-label="Keyboard shortcuts">
      <header class="page-head">
        <h1>Keyboard shortcuts</h1>
      </header>
      <p class="dim">In the sources Tab indents; press Escape first to leave an editor with Tab.</p>
      <div class="shortcuts">
        {groups.map((group) => (
          <section key={group} aria-label={group}>
            <h2>{group}</h2>
            <dl>
              {all
                .filter((one) => one.group === group)
                .map((one) => (
                  <div key={one.id}>
                    <dt>{one.title.replace("…", "")}</dt>
                    <dd>
                      {keyNames(one.keys ?? "").map((key) => (
                        <kbd key={key}>{key}</kbd>
                      ))}
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
    </section>
  );
}
