import type { VNode } from "preact";
import { useId, useState } from "preact/hooks";
import { Spinner } from "../base/spinner.tsx";
import { type I18n, useI18n } from "../i18n/index.ts";
import { Icon } from "../icons/index.tsx";
import { Markdown } from "../markdown/index.tsx";
import type { Source, Task, TaskItem, Workflow, WorkflowItem } from "../protocol/types.ts";
import { SourceRow } from "./citations.tsx";
import { markerText, sourceKey } from "./sources.ts";
import { useMarkdownHost } from "./surroundings.tsx";

function taskTitle(task: Task, i18n: I18n): string {
  const { t } = i18n;
  const running = task.status_indicator === "loading";
  if (task.type === "web_search") {
    const about = task.title ?? task.title_query;
    return about ?? (running ? t("workflow.searching") : t("workflow.searched"));
  }
  if (task.title) return task.title;
  if (task.type === "thought") return t("workflow.thought");
  if (task.type === "file") return t("workflow.files");
  if (task.type === "image") return t("workflow.image");
  return running ? t("workflow.working") : t("workflow.done");
}

function taskIcon(task: Task): string {
  if (task.type === "custom") return task.icon ?? "empty-circle";
  const icons = {
    web_search: "search",
    thought: "lightbulb",
    file: "document",
    image: "square-image",
  } as const;
  return icons[task.type];
}

function Indicator({ task, plain }: { task: Task; plain: boolean }): VNode {
  const { t } = useI18n();
  if (!plain && task.status_indicator === "loading")
    return <Spinner size={16} label={t("workflow.working")} />;
  if (!plain && task.status_indicator === "complete") {
    return <Icon name="check" size={16} label={t("workflow.done_step")} class="ck-step-done" />;
  }
  const bare = task.type === "custom" && !task.icon;
  return bare ? <span class="ck-step-dot" /> : <Icon name={taskIcon(task)} size={16} />;
}

function SourceChip({ source }: { source: Source }): VNode {
  if (source.type !== "url") {
    return (
      <span class="ck-chip">
        <Icon name="document" size={14} />
        {markerText(source)}
      </span>
    );
  }
  return (
    <span class="ck-chip-link">
      <SourceRow source={source} />
    </span>
  );
}

function Queries({ queries }: { queries: readonly string[] }): VNode | null {
  if (queries.length === 0) return null;
  return (
    <div class="ck-chips">
      {queries.map((query) => (
        <span key={query} class="ck-chip" dir="auto">
          <Icon name="search" size={14} />
          {query}
        </span>
      ))}
    </div>
  );
}

function TaskBody({ task, running }: { task: Task; running: boolean }): VNode | null {
  const host = useMarkdownHost();
  const content = task.type === "custom" || task.type === "thought" ? (task.content ?? "") : "";
  const sources: readonly Source[] =
    task.type === "web_search" || task.type === "file" ? (task.sources ?? []) : [];
  const queries = task.type === "web_search" ? (task.queries ?? []) : [];
  if (content === "" && sources.length === 0 && queries.length === 0) return null;
  return (
    <div class="ck-step-body">
      {content ? <Markdown text={content} streaming={running} host={host} /> : null}
      <Queries queries={queries} />
      {sources.length > 0 ? (
        <div class="ck-chips">
          {sources.map((source) => (
            <SourceChip key={sourceKey(source)} source={source} />
          ))}
        </div>
      ) : null}
    </div>
  );
}

function Step({ task, plain = false, running }: { task: Task; plain?: boolean; running: boolean }): VNode {
  const i18n = useI18n();
  return (
    <li class="ck-step" data-status={task.status_indicator ?? "none"}>
      <span class="ck-step-mark">
        <Indicator task={task} plain={plain} />
      </span>
      <div class="ck-step-main">
        <div class="ck-step-title">
          <bdi>{taskTitle(task, i18n)}</bdi>
        </div>
        <TaskBody task={task} running={running} />
      </div>
    </li>
  );
}

/** Seconds in words, minutes from a minute on. */
export function spokenDuration(seconds: number, i18n: I18n): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return i18n.t("time.seconds", { count: whole });
  const rest = whole % 60;
  const minutes = i18n.t("time.minutes", { count: Math.floor(whole / 60) });
  return rest === 0 ? minutes : `${minutes} ${i18n.t("time.seconds", { count: rest })}`;
}

function finishedTitle(workflow: Workflow, i18n: I18n): string {
  const { summary } = workflow;
  if (summary && "title" in summary) return summary.title;
  const reasoning = workflow.type === "reasoning";
  if (summary && "duration" in summary) {
    const time = spokenDuration(summary.duration, i18n);
    return i18n.t(reasoning ? "workflow.thought_for" : "workflow.worked_for", { time });
  }
  return i18n.t(reasoning ? "workflow.thought" : "workflow.done");
}

function runningTitle(workflow: Workflow, i18n: I18n): string {
  const current =
    workflow.tasks.findLast((task) => task.status_indicator === "loading") ?? workflow.tasks.at(-1);
  if (!current || (current.type === "thought" && !current.title)) return i18n.t("workflow.thinking");
  return taskTitle(current, i18n);
}

/** Steps the assistant takes, on one line; a press unfolds them. The person's choice wins over the server's. */
export function WorkflowView({ item, streaming }: { item: WorkflowItem; streaming: boolean }): VNode {
  const i18n = useI18n();
  const id = useId();
  const [chosen, setChosen] = useState<boolean | null>(null);
  const { workflow } = item;
  const running = streaming && !workflow.summary;
  const foldable = workflow.tasks.length > 0;
  const open = foldable && (chosen ?? workflow.expanded);
  const title = running ? runningTitle(workflow, i18n) : finishedTitle(workflow, i18n);
  const summary = workflow.summary;
  const icon = !running && summary && "icon" in summary ? summary.icon : undefined;
  return (
    <div class="ck-workflow" part="workflow" data-running={running || undefined}>
      <button
        type="button"
        class="ck-workflow-head"
        aria-expanded={open}
        aria-controls={id}
        disabled={!foldable}
        onClick={() => setChosen(!open)}
      >
        {icon ? <Icon name={icon} size={16} /> : null}
        <span class={running ? "ck-shimmer" : ""} dir="auto">
          {title}
        </span>
        {foldable ? <Icon name="chevron-right" size={14} class="ck-workflow-chevron" /> : null}
      </button>
      <ol id={id} class="ck-steps" hidden={!open}>
        {open
          ? workflow.tasks.map((task, index) => <Step key={index} task={task} running={running} />)
          : null}
      </ol>
    </div>
  );
}

/** One step on its own, without an indicator. */
export function TaskView({ item }: { item: TaskItem }): VNode {
  return (
    <ol class="ck-steps ck-steps-single" part="task">
      <Step task={item.task} plain running={false} />
    </ol>
  );
}
