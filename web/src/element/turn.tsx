import type { VNode } from "preact";
import { useI18n } from "../i18n/index.ts";
import type { Author, ThreadItem } from "../protocol/types.ts";
import { ActionRow } from "./actions.tsx";
import { AuthorLine } from "./author.tsx";
import { AnswerItem } from "./item.tsx";
import { memo } from "./memo.ts";
import { isShown, type Turn } from "./turns.ts";
import { UserMessage } from "./user.tsx";

export interface TurnProps {
  turn: Turn;
  last: boolean;
  running: boolean;
}

function authorOf(group: readonly ThreadItem[]): Author | undefined {
  for (const item of group) if (item.type === "assistant_message" && item.author) return item.author;
  return undefined;
}

function Answer(props: TurnProps & { group: readonly ThreadItem[]; final: boolean }): VNode | null {
  const { turn, group, last, running, final } = props;
  const { marks } = turn;
  const { t } = useI18n();
  const author = authorOf(group);
  const shown = group.some(isShown);
  if (!shown) return null;
  const writing = running && last && final;
  return (
    <article class="ck-answer" aria-busy={writing || undefined}>
      <h3 class="ck-hidden">{t("message.said", { author: author?.name ?? t("message.assistant") })}</h3>
      {author ? <AuthorLine author={author} /> : null}
      {group.map((item) => (
        <AnswerItem key={marks[item.id]?.key ?? item.id} item={item} mark={marks[item.id]} />
      ))}
      {writing ? null : (
        <ActionRow group={group} retryId={last && !running ? (turn.user?.id ?? null) : null} />
      )}
    </article>
  );
}

/** A message of a person and what answers it. */
export const TurnView = memo(function TurnView(props: TurnProps): VNode {
  const { turn } = props;
  const { marks } = turn;
  const { t } = useI18n();
  const mark = turn.user ? marks[turn.user.id] : undefined;
  return (
    <>
      {turn.user ? (
        <article class="ck-asked">
          <h3 class="ck-hidden">
            {t("message.said", { author: turn.user.author?.name ?? t("message.you") })}
          </h3>
          {turn.user.author ? <AuthorLine author={turn.user.author} end /> : null}
          <UserMessage item={turn.user} mark={mark} />
        </article>
      ) : null}
      {turn.groups.map((group, index) => (
        <Answer
          key={group[0]?.id ?? index}
          {...props}
          group={group}
          final={index === turn.groups.length - 1}
        />
      ))}
    </>
  );
});
