import type { VNode } from "preact";
import { IconButton } from "../base/button.tsx";
import { Dialog } from "../base/dialog.tsx";
import { useI18n } from "../i18n/index.ts";

/** One picture, as large as the window allows. */
export function Lightbox({ url, alt, close }: { url: string; alt: string; close: () => void }): VNode {
  const { t } = useI18n();
  return (
    <Dialog open label={alt || t("image.viewer")} onClose={close} class="ck-lightbox">
      <img src={url} alt={alt} referrerpolicy="no-referrer" />
      <div class="ck-lightbox-close">
        <IconButton icon="close" size="xl" tooltip={false} label={t("action.close")} onClick={close} />
      </div>
    </Dialog>
  );
}
