import { useContext, useEffect, useRef, useState } from "preact/hooks";
import { loadingOf } from "../core/actions.ts";
import type { Submission } from "./form.ts";
import type { ActionTrigger, WidgetAction } from "./host.ts";
import type { WidgetNode } from "./node.ts";
import { FormContext, useScope } from "./scope.ts";

export interface RaisedAction {
  /** The component shows that its action is under way. */
  readonly loading: boolean;
  /** The last press was refused because the thread is busy; true for a moment. */
  readonly refused: boolean;
  /** Raises an action, with the control's own value for a change. */
  raise(
    action: WidgetAction | undefined,
    trigger: ActionTrigger,
    own?: Readonly<Record<string, unknown>>,
  ): void;
  /** Submits the surrounding form and shows the loading state here. */
  submit(): void;
}

const REFUSAL = 320;

/**
 * Raises the actions of one component. A press is never carried out twice: while it is under way further presses do
 * nothing. Loading ends with the action, or when the server replaces the component.
 */
export function useAction(node: WidgetNode): RaisedAction {
  const scope = useScope();
  const form = useContext(FormContext);
  const [loading, setLoading] = useState(false);
  const [refused, setRefused] = useState(false);
  const running = useRef<object | null>(null);
  const props = node.props;

  const known = useRef(props);
  useEffect(() => {
    if (known.current === props) return;
    known.current = props;
    running.current = null;
    setLoading(false);
  }, [props]);
  useEffect(() => {
    if (!refused) return;
    const timer = setTimeout(() => setRefused(false), REFUSAL);
    return () => clearTimeout(timer);
  }, [refused]);

  function track(submission: Submission | null): void {
    if (!submission) {
      setRefused(true);
      return;
    }
    const token = {};
    running.current = token;
    if (submission.loading === "self") setLoading(true);
    submission.done.finally(() => {
      if (running.current !== token) return;
      running.current = null;
      setLoading(false);
    });
  }

  function raise(
    action: WidgetAction | undefined,
    trigger: ActionTrigger,
    own?: Readonly<Record<string, unknown>>,
  ): void {
    if (!action || (running.current && !own)) return;
    const done = scope.raise({ node, action, trigger, form, ...(own && { own }) });
    track(done && { done, loading: loadingOf(action, trigger) });
  }

  function submit(): void {
    if (running.current || !form) return;
    const submission = form.submit();
    if (submission) track(submission);
  }
  return { loading, refused, raise, submit };
}
