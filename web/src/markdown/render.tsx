import type { Token, Tokens } from "marked";
import type { ComponentChildren, VNode } from "preact";
import { useI18n } from "../i18n/index.ts";
import { takeMarks } from "./citations.ts";
import { CodeBlock } from "./code.tsx";
import { GrowingContext, type RenderScope, useScope } from "./context.ts";
import { DiagramBlock } from "./diagram_block.tsx";
import { decodeEntities } from "./entities.ts";
import type { CitationToken } from "./lexer.ts";
import { imageAllowed, type SafeLink, safeLink } from "./links.ts";
import type { MathToken } from "./math.ts";
import { Formula } from "./math.tsx";

type Draw = (token: never, scope: RenderScope) => ComponentChildren;

function children(tokens: readonly Token[] | undefined, scope: RenderScope): ComponentChildren[] {
  return (tokens ?? []).map((token) => draw(token, scope));
}

function marks(found: readonly number[], scope: RenderScope): ComponentChildren {
  return found.map((group) => scope.citation?.(scope.groups[group] ?? []));
}

function plainText(value: string, scope: RenderScope): ComponentChildren {
  const { clean, found } = takeMarks(value);
  const text = decodeEntities(clean);
  if (found.length === 0 && !(scope.breaks && text.includes("\n"))) return text;
  const lines = scope.breaks ? text.split("\n") : [text];
  return [
    ...lines.flatMap((line, index) => (index === 0 ? [line] : [<br key={index} />, line])),
    marks(found, scope),
  ];
}

function anchor(
  link: SafeLink,
  body: ComponentChildren,
  title: string | undefined,
  scope: RenderScope,
): VNode {
  if (link.kind === "url") {
    return (
      <a href={link.href} target="_blank" rel="noopener noreferrer" {...(title ? { title } : {})}>
        {body}
      </a>
    );
  }
  const open = (event: Event): void => {
    event.preventDefault();
    scope.onDeeplink?.(link.name, link.data, link.href);
  };
  return (
    <a
      href={link.href}
      rel="noopener noreferrer"
      onClick={open}
      onAuxClick={open}
      {...(title ? { title } : {})}
    >
      {body}
    </a>
  );
}

function drawLink(token: Tokens.Link, scope: RenderScope): ComponentChildren {
  const { clean, found } = takeMarks(token.href);
  const body = children(token.tokens, scope);
  const link = safeLink(decodeEntities(clean), globalThis.document?.baseURI);
  const after = marks(token.autolink ? [] : found, scope);
  if (link) return [anchor(link, body, token.title ? decodeEntities(token.title) : undefined, scope), after];
  return [<span class="ck-md-pending-link">{body}</span>, after];
}

function BlockedImage({ href, alt }: { href: string; alt: string }): ComponentChildren {
  const scope = useScope();
  const { t } = useI18n();
  const link = safeLink(href);
  if (link?.kind !== "url") return alt;
  return anchor(link, alt || t("image.blocked", { host: new URL(link.href).hostname }), undefined, scope);
}

function LoadedImage({ href, alt, title }: { href: string; alt: string; title: string }): VNode {
  const scope = useScope();
  const { t } = useI18n();
  const image = (
    <img src={href} alt={alt} loading="lazy" referrerpolicy="no-referrer" {...(title ? { title } : {})} />
  );
  if (!scope.onImage) return <span class="ck-md-image">{image}</span>;
  const label = alt ? `${t("image.open")}: ${alt}` : t("image.open");
  return (
    <button type="button" class="ck-md-image" aria-label={label} onClick={() => scope.onImage?.(href, alt)}>
      {image}
    </button>
  );
}

function drawImage(token: Tokens.Image, scope: RenderScope): ComponentChildren {
  const { clean, found } = takeMarks(token.href);
  const href = decodeEntities(clean).trim();
  const alt = decodeEntities(takeMarks(token.text).clean);
  const title = decodeEntities(token.title ?? "");
  const body = imageAllowed(href, scope.allowedImageDomains) ? (
    <LoadedImage href={new URL(href).href} alt={alt} title={title} />
  ) : (
    <BlockedImage href={href} alt={alt} />
  );
  return [body, marks(found, scope)];
}

function drawHeading(token: Tokens.Heading, scope: RenderScope): VNode {
  const Tag = `h${Math.min(6, token.depth)}` as "h1";
  return <Tag dir="auto">{children(token.tokens, scope)}</Tag>;
}

function alignment(align: Tokens.TableCell["align"]): { class?: string } {
  return align ? { class: `ck-md-align-${align}` } : {};
}

function DrawnTable({ token }: { token: Tokens.Table }): VNode {
  const scope = useScope();
  const { t } = useI18n();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard
    <section class="ck-md-table" tabIndex={0} aria-label={t("table.label")}>
      <table dir="auto">
        <thead>
          <tr>
            {token.header.map((cell, column) => (
              <th key={column} scope="col" {...alignment(cell.align)}>
                {children(cell.tokens, scope)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {token.rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => (
                <td key={column} {...alignment(cell.align)}>
                  {children(cell.tokens, scope)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function drawList(token: Tokens.List, scope: RenderScope): VNode {
  const items = token.items.map((item, index) => (
    <li key={index} {...(item.task ? { class: "ck-md-task" } : {})}>
      {children(item.tokens, scope)}
    </li>
  ));
  if (!token.ordered) return <ul dir="auto">{items}</ul>;
  const start = token.start === "" || token.start === 1 ? {} : { start: token.start };
  return (
    <ol dir="auto" {...start}>
      {items}
    </ol>
  );
}

function drawText(token: Tokens.Text, scope: RenderScope): ComponentChildren {
  return token.tokens ? children(token.tokens, scope) : plainText(token.text, scope);
}

function drawHtml(token: Tokens.HTML | Tokens.Tag, scope: RenderScope): ComponentChildren {
  if (/^<br\s*\/?>$/i.test(token.raw.trim())) return <br />;
  const { clean, found } = takeMarks(token.raw.trimEnd());
  const body = [clean, marks(found, scope)];
  return token.block ? <p class="ck-md-html">{body}</p> : body;
}

function drawCodespan(token: Tokens.Codespan, scope: RenderScope): ComponentChildren {
  const { clean, found } = takeMarks(token.text);
  return [<code dir="ltr">{clean}</code>, marks(found, scope)];
}

function drawCode(token: Tokens.Code, scope: RenderScope): VNode {
  if (scope.mermaid && /^mermaid\b/i.test(token.lang ?? ""))
    return <DiagramBlock text={token.text} lang={token.lang ?? ""} />;
  return <CodeBlock text={token.text} lang={token.lang ?? ""} />;
}

/** A box that cannot be changed: seen by the eye, spoken as a word. */
function DrawnCheckbox({ checked }: { checked: boolean }): VNode {
  const { t } = useI18n();
  return (
    <>
      {/* biome-ignore lint/a11y/noAriaHiddenOnFocusable: a disabled box takes no focus */}
      <input type="checkbox" checked={checked} disabled aria-hidden="true" />
      {checked ? <span class="ck-hidden">{t("workflow.done_step")}: </span> : null}
    </>
  );
}

const PLAIN: Readonly<Record<string, "strong" | "em" | "del">> = { strong: "strong", em: "em", del: "del" };

const DRAW: Readonly<Record<string, Draw>> = {
  paragraph: (token: Tokens.Paragraph, scope) => <p dir="auto">{children(token.tokens, scope)}</p>,
  heading: drawHeading,
  blockquote: (token: Tokens.Blockquote, scope) => (
    <blockquote dir="auto">{children(token.tokens, scope)}</blockquote>
  ),
  list: drawList,
  code: drawCode,
  table: (token: Tokens.Table) => <DrawnTable token={token} />,
  hr: () => <hr />,
  html: drawHtml,
  math: (token: MathToken) => <Formula tex={token.tex} display={token.display} />,
  citation: (token: CitationToken, scope) => scope.citation?.(scope.groups[token.group] ?? []),
  text: drawText,
  escape: (token: Tokens.Escape) => token.text,
  link: drawLink,
  image: drawImage,
  codespan: drawCodespan,
  checkbox: (token: Tokens.Checkbox) => <DrawnCheckbox checked={token.checked} />,
  br: () => <br />,
  space: () => null,
  def: () => null,
};

function draw(token: Token, scope: RenderScope): ComponentChildren {
  const Tag = PLAIN[token.type];
  if (Tag && "tokens" in token) return <Tag>{children(token.tokens, scope)}</Tag>;
  const drawer = Object.hasOwn(DRAW, token.type) ? DRAW[token.type] : undefined;
  // A kind the table does not know is shown as its source, never dropped.
  return drawer ? drawer(token as never, scope) : token.raw;
}

/** One top-level block; `growing` while its text is still being written. */
export function DrawnBlock({ token, growing }: { token: Token; growing: boolean }): VNode {
  const scope = useScope();
  return <GrowingContext.Provider value={growing}>{draw(token, scope)}</GrowingContext.Provider>;
}
