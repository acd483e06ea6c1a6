import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Spinner } from "../base/spinner.tsx";
import type { DraftAttachment } from "../core/state.ts";
import { useI18n } from "../i18n/index.ts";
import { Icon } from "../icons/index.tsx";
import { safeLink } from "../markdown/index.tsx";
import { useChat } from "./context.ts";
import { describeError } from "./errors_text.ts";
import { useSlice } from "./slice.ts";
import { useOpenImage } from "./surroundings.tsx";

/** "report.final.pdf" → "PDF". */
export function fileKind(name: string, mimeType: string): string {
  const extension = /\.([a-z\d]{1,5})$/i.exec(name)?.[1];
  const kind = extension ?? mimeType.split("/")[1] ?? "";
  return kind
    .replace(/^x-|\+.*$/g, "")
    .toUpperCase()
    .slice(0, 5);
}

/** An address under which a picture may load: http(s), or the page's own object and data addresses for images. */
export function pictureAddress(url: string): string | undefined {
  if (/^data:image\/(?:png|jpe?g|gif|webp|avif|svg\+xml)[;,]/i.test(url) || url.startsWith("blob:"))
    return url;
  const link = safeLink(url, document.baseURI);
  return link?.kind === "url" && /^https?:/.test(link.href) ? link.href : undefined;
}

/** A file in the transcript or the draft. */
export function FileChip({ name, mimeType }: { name: string; mimeType: string }): VNode {
  const { t } = useI18n();
  return (
    <span class="ck-file" part="file">
      <span class="ck-file-icon">
        <Icon name="document" size={20} />
      </span>
      <span class="ck-file-text">
        <span class="ck-file-name" dir="auto" title={name}>
          {name}
        </span>
        <span class="ck-file-kind">{fileKind(name, mimeType) || t("attachment.kind.file")}</span>
      </span>
    </span>
  );
}

/** A picture of a message; opens in the viewer. */
export function PictureTile({ url, name }: { url: string; name: string }): VNode {
  const { t } = useI18n();
  const open = useOpenImage();
  const source = pictureAddress(url);
  if (!source) return <FileChip name={name} mimeType="image" />;
  return (
    <button
      type="button"
      class="ck-picture"
      aria-label={`${t("image.open")}: ${name}`}
      onClick={() => open(source, name)}
    >
      <img src={source} alt={name} loading="lazy" referrerpolicy="no-referrer" />
    </button>
  );
}

/** Side of the small picture of a file that is being attached, in pixels of a sharp screen. */
const THUMBNAIL = 120;

/** The picture in the middle of a square, as a data: address; blob: addresses are not images under a strict policy. */
async function thumbnail(file: File): Promise<string> {
  const picture = await createImageBitmap(file);
  const canvas = document.createElement("canvas");
  canvas.width = THUMBNAIL;
  canvas.height = THUMBNAIL;
  const scale = Math.max(THUMBNAIL / picture.width, THUMBNAIL / picture.height);
  const [width, height] = [picture.width * scale, picture.height * scale];
  const [x, y] = [(THUMBNAIL - width) / 2, (THUMBNAIL - height) / 2];
  canvas.getContext("2d")?.drawImage(picture, x, y, width, height);
  picture.close();
  return canvas.toDataURL();
}

function useThumbnail(file: File | null): string | undefined {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    if (!file?.type.startsWith("image/")) return undefined;
    let current = true;
    thumbnail(file).then(
      (made) => current && setUrl(made),
      // A kind of picture this browser cannot read shows as a file.
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [file]);
  return url;
}

function previewOf(tile: DraftAttachment, local: string | undefined): string | undefined {
  if (local) return local;
  const { attachment } = tile;
  return attachment?.type === "image" ? pictureAddress(attachment.preview_url) : undefined;
}

function TileState({ tile }: { tile: DraftAttachment }): VNode | null {
  const { session } = useChat();
  const i18n = useI18n();
  if (tile.phase === "queued" || tile.phase === "uploading") {
    return (
      <span class="ck-tile-veil">
        <Spinner size={20} label={i18n.t("attachment.uploading", { name: tile.name })} />
        <span class="ck-tile-progress" />
      </span>
    );
  }
  if (tile.phase !== "failed") return null;
  return (
    <button
      type="button"
      class="ck-tile-veil ck-tile-failed"
      title={`${i18n.t("attachment.failed", { name: tile.name })} ${describeError(i18n, tile.error)}`}
      aria-label={i18n.t("attachment.retry", { name: tile.name })}
      onClick={() => session.retryAttachment(tile.key)}
    >
      <Icon name="reload" size={18} />
    </button>
  );
}

function Tile({ tile }: { tile: DraftAttachment }): VNode {
  const { session } = useChat();
  const { t } = useI18n();
  const local = useThumbnail(tile.file);
  const picture = previewOf(tile, local);
  return (
    <li class="ck-tile" data-phase={tile.phase} data-kind={picture ? "image" : "file"}>
      {picture ? (
        <img src={picture} alt={tile.name} />
      ) : (
        <FileChip name={tile.name} mimeType={tile.mimeType} />
      )}
      <TileState tile={tile} />
      <button
        type="button"
        class="ck-tile-remove"
        aria-label={t("attachment.remove", { name: tile.name })}
        onClick={() => session.removeAttachment(tile.key)}
      >
        <Icon name="close" size={12} />
      </button>
    </li>
  );
}

/** The attachments of the draft. */
export function AttachmentStrip(): VNode | null {
  const { t } = useI18n();
  const tiles = useSlice((state) => state.composer.attachments);
  if (tiles.length === 0) return null;
  return (
    <ul class="ck-strip" aria-label={t("attachment.list")}>
      {tiles.map((tile) => (
        <Tile key={tile.key} tile={tile} />
      ))}
    </ul>
  );
}
