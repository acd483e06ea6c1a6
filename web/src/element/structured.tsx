import type { RefObject, VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Button, IconButton } from "../base/button.tsx";
import { composing } from "../base/composing.ts";
import { useI18n } from "../i18n/index.ts";
import { Icon } from "../icons/index.tsx";
import type { StructuredInput, StructuredInputItem, StructuredInputSubmission } from "../protocol/types.ts";
import { useChat } from "./context.ts";
import { useSlice } from "./slice.ts";

/** What a person has answered so far: chosen options and own words. */
export interface Answer {
  readonly chosen: readonly string[];
  readonly own: string;
}

const NOTHING: Answer = { chosen: [], own: "" };

/** The values of an answer as they are sent. */
export function answerValues(input: StructuredInput, answer: Answer): string[] {
  const own = answer.own.trim();
  if (input.type === "freeform") return own === "" ? [] : [own];
  if (input.multiple) return own === "" ? [...answer.chosen] : [...answer.chosen, own];
  return own === "" ? answer.chosen.slice(0, 1) : [own];
}

/** All answers of a form; a question without an answer counts as skipped. */
export function submissionOf(
  inputs: readonly StructuredInput[],
  answers: Readonly<Record<string, Answer>>,
): StructuredInputSubmission {
  const entries = inputs.map((input) => {
    const values = answerValues(input, answers[input.id] ?? NOTHING);
    return [input.id, { values, skipped: values.length === 0 }] as const;
  });
  return { status: "answered", answers: Object.fromEntries(entries) };
}

function Options(props: {
  input: Extract<StructuredInput, { type: "multiple_choice" }>;
  answer: Answer;
  change: (answer: Answer) => void;
  next: () => void;
}): VNode {
  const { input, answer, change, next } = props;
  const { t } = useI18n();
  const single = !input.multiple;
  const toggle = (value: string): void => {
    if (single) {
      change({ chosen: [value], own: "" });
      return;
    }
    const chosen = answer.chosen.includes(value)
      ? answer.chosen.filter((each) => each !== value)
      : [...answer.chosen, value];
    change({ ...answer, chosen });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target instanceof HTMLInputElement && event.target.type === "text") return;
    const number = Number(event.key);
    const option = Number.isInteger(number) && number >= 1 ? input.options[number - 1] : undefined;
    if (option) {
      event.preventDefault();
      toggle(option.value);
    }
    if (event.key === "Enter" && !composing(event)) {
      event.preventDefault();
      next();
    }
  };
  return (
    <fieldset class="ck-options" onKeyDown={onKeyDown} aria-label={input.question}>
      {input.options.map((option, index) => {
        const checked = answer.chosen.includes(option.value);
        return (
          <label key={option.value} class="ck-option" data-checked={checked || undefined}>
            <input
              type={single ? "radio" : "checkbox"}
              name={`ck-${input.id}`}
              checked={checked}
              onChange={() => toggle(option.value)}
            />
            <span class="ck-option-number" aria-hidden="true">
              {checked ? <Icon name="check" size={14} /> : index + 1}
            </span>
            <span dir="auto">{option.value}</span>
          </label>
        );
      })}
      <input
        type="text"
        class="ck-option-own"
        dir={answer.own === "" ? undefined : "auto"}
        placeholder={t("structured.other")}
        aria-label={t("structured.other")}
        value={answer.own}
        onInput={(event) => {
          const own = event.currentTarget.value;
          change(single && own !== "" ? { chosen: [], own } : { ...answer, own });
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter" && !composing(event)) {
            event.preventDefault();
            next();
          }
        }}
      />
    </fieldset>
  );
}

/** A question longer than this is read like a text: a tool that asks to be allowed names all its arguments. */
const LONG = 160;

function QuestionText({ text }: { text: string }): VNode {
  if (text.length <= LONG) return <h2 dir="auto">{text}</h2>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard
    <h2 dir="auto" data-long tabIndex={0}>
      {text}
    </h2>
  );
}

function Freeform(props: {
  input: StructuredInput;
  answer: Answer;
  change: (answer: Answer) => void;
  next: () => void;
}): VNode {
  const { input, answer, change, next } = props;
  const { t } = useI18n();
  return (
    <div class="ck-grow" data-value={`${answer.own} `}>
      <textarea
        rows={1}
        dir={answer.own === "" ? undefined : "auto"}
        aria-label={input.question}
        placeholder={t("structured.answer")}
        value={answer.own}
        onInput={(event) => change({ chosen: [], own: event.currentTarget.value })}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.shiftKey || composing(event)) return;
          event.preventDefault();
          next();
        }}
      />
    </div>
  );
}

function useStartFocus(step: number): RefObject<HTMLElement | null> {
  const card = useRef<HTMLElement>(null);
  const chat = useChat();
  // biome-ignore lint/correctness/useExhaustiveDependencies: each question takes the focus when it comes up
  useEffect(() => {
    const focus = (): void =>
      card.current?.querySelector<HTMLElement>("input,textarea")?.focus({ preventScroll: true });
    focus();
    return chat.registerFocus(focus);
  }, [step, chat]);
  return card;
}

/** Takes the composer's place while the assistant asks; one question at a time. */
export function StructuredComposer({ item }: { item: StructuredInputItem }): VNode | null {
  const { session } = useChat();
  const i18n = useI18n();
  const { t } = i18n;
  const [answers, setAnswers] = useState<Readonly<Record<string, Answer>>>({});
  const [step, setStep] = useState(0);
  const busy = useSlice((state) => state.turn.phase !== "idle");
  const card = useStartFocus(step);
  const input = item.inputs[Math.min(step, item.inputs.length - 1)];
  if (!input) return null;
  const answer = answers[input.id] ?? NOTHING;
  const last = step >= item.inputs.length - 1;
  const send = (submission: StructuredInputSubmission): void => {
    session.submitStructuredInput(item.id, submission).catch(() => undefined);
  };
  const next = (): void => {
    if (busy) return;
    if (!last) setStep(step + 1);
    else if (answerable) send(submissionOf(item.inputs, answers));
  };
  const given = item.inputs.some((each) => answerValues(each, answers[each.id] ?? NOTHING).length > 0);
  const answerable = given || answerValues(input, answer).length > 0;
  const change = (value: Answer): void => setAnswers({ ...answers, [input.id]: value });
  const many = item.inputs.length > 1;
  return (
    <section
      ref={card}
      class="ck-composer ck-structured"
      part="structured-composer"
      aria-label={t("structured.label")}
    >
      <div class="ck-structured-head">
        <QuestionText text={input.question} />
        {many ? (
          <div class="ck-stepper">
            <IconButton
              icon="chevron-left"
              size="sm"
              label={t("structured.back")}
              disabled={step === 0}
              onClick={() => setStep(step - 1)}
            />
            <span>{t("structured.step", { number: step + 1, total: item.inputs.length })}</span>
            <IconButton
              icon="chevron-right"
              size="sm"
              label={t("structured.next")}
              disabled={last}
              onClick={() => setStep(step + 1)}
            />
          </div>
        ) : null}
      </div>
      {input.type === "freeform" && input.description ? <p dir="auto">{input.description}</p> : null}
      {input.type === "multiple_choice" ? (
        <Options key={input.id} input={input} answer={answer} change={change} next={next} />
      ) : (
        <Freeform key={input.id} input={input} answer={answer} change={change} next={next} />
      )}
      <div class="ck-row-end">
        <Button
          variant="ghost"
          size="lg"
          pill
          disabled={busy}
          onClick={() => send({ status: "skipped", answers: {} })}
        >
          {t("structured.skip")}
        </Button>
        <Button tone="primary" size="lg" pill disabled={busy || (last && !answerable)} onClick={next}>
          {last ? t("structured.continue") : t("structured.next")}
        </Button>
      </div>
    </section>
  );
}
