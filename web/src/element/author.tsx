import type { VNode } from "preact";
import type { Author } from "../protocol/types.ts";
import { pictureAddress } from "./attachments.tsx";

/** Who speaks, where the server tells. */
export function AuthorLine({ author, end = false }: { author: Author; end?: boolean }): VNode {
  const avatar = author.avatar_url ? pictureAddress(author.avatar_url) : undefined;
  return (
    <div class="ck-author" part="author" data-end={end || undefined} aria-hidden="true">
      {avatar ? (
        <img src={avatar} alt="" referrerpolicy="no-referrer" />
      ) : (
        <span class="ck-author-initial">{author.name.trim().charAt(0).toUpperCase()}</span>
      )}
      <span dir="auto">{author.name}</span>
    </div>
  );
}
