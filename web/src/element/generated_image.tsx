import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { useI18n } from "../i18n/index.ts";
import { Icon } from "../icons/index.tsx";
import type { GeneratedImageItem } from "../protocol/types.ts";
import { pictureAddress } from "./attachments.tsx";
import { useOpenImage } from "./surroundings.tsx";

const RING = 2 * Math.PI * 15;

function Progress({ value }: { value: number | undefined }): VNode {
  const { t } = useI18n();
  const part = Math.min(1, Math.max(0.04, value ?? 0.04));
  return (
    <div
      class="ck-image-progress"
      role="progressbar"
      aria-label={t("image.generating")}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(value === undefined ? {} : { "aria-valuenow": Math.round(value * 100) })}
      data-indeterminate={value === undefined || undefined}
    >
      <svg viewBox="0 0 36 36" width="36" height="36" aria-hidden="true">
        <circle cx="18" cy="18" r="15" />
        <circle cx="18" cy="18" r="15" stroke-dasharray={`${part * RING} ${RING}`} />
      </svg>
    </div>
  );
}

/** A picture the assistant makes: a shimmer, then blurred previews with progress, then the picture. */
export function GeneratedImageView({
  item,
  streaming,
}: {
  item: GeneratedImageItem;
  streaming: boolean;
}): VNode {
  const { t } = useI18n();
  const open = useOpenImage();
  const [failed, setFailed] = useState(false);
  const url = item.image ? pictureAddress(item.image.url) : undefined;
  if (!url || failed) {
    return (
      <div class="ck-genimage ck-genimage-empty" part="generated-image" data-busy={streaming || undefined}>
        {streaming ? (
          <Progress value={item.progress} />
        ) : (
          <Icon name="square-image" size={28} label={t("image.alt")} />
        )}
      </div>
    );
  }
  return (
    <div class="ck-genimage" part="generated-image" data-partial={streaming || undefined}>
      <button
        type="button"
        disabled={streaming}
        aria-label={t("image.open")}
        onClick={() => open(url, t("image.alt"))}
      >
        <img src={url} alt={t("image.alt")} referrerpolicy="no-referrer" onError={() => setFailed(true)} />
      </button>
      {streaming ? (
        <Progress value={item.progress} />
      ) : (
        <a
          class="ck-genimage-save"
          href={url}
          download="image"
          aria-label={t("action.download")}
          title={t("action.download")}
        >
          <Icon name="download" size={18} />
        </a>
      )}
    </div>
  );
}
