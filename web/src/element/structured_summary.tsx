import type { VNode } from "preact";
import { useI18n } from "../i18n/index.ts";
import type { StructuredInputItem } from "../protocol/types.ts";

/** Questions and answers as they stay in the transcript. */
export function StructuredSummary({ item }: { item: StructuredInputItem }): VNode | null {
  const { t } = useI18n();
  return (
    <dl class="ck-answers" part="structured-input" data-status={item.status}>
      {item.inputs.map((input) => {
        const values = input.answer?.values ?? [];
        const answered = values.length > 0 && !input.answer?.skipped;
        return (
          <div key={input.id}>
            <dt dir="auto">{input.question}</dt>
            <dd dir="auto" data-empty={!answered || undefined}>
              {answered ? values.join(", ") : t("structured.skipped")}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
