import type { Signal } from "@preact/signals";
import { useCallback, useContext, useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { type Loading, loadingOf } from "../core/actions.ts";
import type { ActionTrigger, WidgetAction } from "./host.ts";
import type { WidgetNode } from "./node.ts";
import { FormContext, useScope } from "./scope.ts";

/** A named control of a form. */
export interface Field {
  readonly name: string;
  /** What is sent; `undefined` leaves the field out. */
  read(): unknown;
  element(): HTMLElement | null;
}

/** The named controls of one form, in the order in which they were mounted. */
export interface FormScope {
  add(field: Field): () => void;
  /** Flat, by name. */
  values(): Readonly<Record<string, unknown>>;
  /** Validates, then raises the form's action; `null` when it is invalid, refused or has no action. */
  submit(): Submission | null;
  /** What Enter in a line of text does: presses the submit button, or submits when there is none. */
  enter(): void;
}

/** A submission under way, for whoever shows it. */
export interface Submission {
  readonly done: Promise<void>;
  readonly loading: Loading;
}

interface FormParts {
  readonly element: () => HTMLFormElement | null;
  /** The form around it: it has these controls too. */
  readonly around: FormScope | null;
  readonly action: () => WidgetAction | undefined;
  readonly trigger: ActionTrigger;
  readonly raise: (action: WidgetAction, trigger: ActionTrigger) => Promise<void> | null;
  /** Fades the whole widget while a submission without a button is under way. */
  readonly inert: Signal<boolean>;
}

/** Controls of a form inside belong to that one alone, as far as the browser is concerned. */
function isValid(form: HTMLFormElement | null): boolean {
  return form === null || [form, ...form.querySelectorAll("form")].every((one) => one.reportValidity());
}

function createForm({ element, around, action, trigger, raise, inert }: FormParts): FormScope {
  const fields = new Set<Field>();

  function submit(): Submission | null {
    const raised = action();
    if (!raised || !isValid(element())) return null;
    const done = raise(raised, trigger);
    return done && { done, loading: loadingOf(raised, trigger) };
  }

  function enter(): void {
    const button = element()?.querySelector<HTMLButtonElement>('button[type="submit"]:not(:disabled)');
    if (button) {
      button.click();
      return;
    }
    const submission = submit();
    if (submission?.loading !== "self") return;
    inert.value = true;
    submission.done.finally(() => {
      inert.value = false;
    });
  }

  return {
    add(field) {
      fields.add(field);
      const leave = around?.add(field);
      return () => {
        fields.delete(field);
        leave?.();
      };
    },
    values() {
      const values: Record<string, unknown> = {};
      for (const field of fields) {
        const value = field.read();
        if (value !== undefined) values[field.name] = value;
      }
      return values;
    },
    submit,
    enter,
  };
}

const SECRET_NAME =
  /(?:^|[^a-z])(?:pass(?:word|code|phrase|wd)?|secret|token|otp|pin|cvv|cvc|ssn)(?:$|[^a-z])|password|cardnumber/i;
const SECRET_FILL = /password|one-time-code|^cc-/;

/** What is typed here is nobody's business after the page has gone: passwords, codes, card numbers. */
export function isSecret(name: string | undefined, type?: string, autoComplete?: string): boolean {
  return (
    type === "password" ||
    SECRET_FILL.test(autoComplete ?? "") ||
    SECRET_NAME.test((name ?? "").replace(/([a-z])([A-Z])/g, "$1-$2").replace(/[\s_]/g, "-"))
  );
}

/** The form that a component is: its scope for the controls inside, and a place for its element. */
export function useForm(
  node: WidgetNode,
  trigger: ActionTrigger,
  actionOf: (node: WidgetNode) => WidgetAction | undefined,
) {
  const scope = useScope();
  const around = useContext(FormContext);
  const element = useRef<HTMLFormElement>(null);
  const latest = useRef(node);
  latest.current = node;
  const form = useMemo<FormScope>(() => {
    const made: FormScope = createForm({
      element: () => element.current,
      around,
      action: () => actionOf(latest.current),
      trigger,
      raise: (raised, from) =>
        scope.raise({ node: latest.current, action: raised, trigger: from, form: made }),
      inert: scope.inert,
    });
    return made;
  }, [scope, around, trigger, actionOf]);
  useErrorFocus(useCallback(() => element.current, []));
  return { form, element };
}

interface Kept {
  readonly value: unknown;
  /** The default it was typed over, as JSON; another one from the server makes the kept value stale. */
  readonly over: string;
}

const isKept = (value: unknown): value is Kept =>
  typeof value === "object" && value !== null && "value" in value && "over" in value;

const asText = (value: unknown): string => JSON.stringify(value) ?? "";

export interface FieldOptions<Value> {
  readonly name: string | undefined;
  readonly initial: Value;
  readonly accepts: (value: unknown) => value is Value;
  /** What the form sends for this value. */
  readonly sent?: (value: Value) => unknown;
  readonly disabled: boolean;
  /** Not kept for later, see `isSecret`. */
  readonly secret?: boolean;
}

/**
 * The value of a named control. It belongs to the surrounding form, survives every change of the widget that leaves the
 * control in it, and comes back with the host's memory when the widget is drawn anew with the same default.
 */
export function useField<Value>(node: WidgetNode, options: FieldOptions<Value>) {
  const scope = useScope();
  const form = useContext(FormContext);
  const { name, initial, accepts, secret } = options;
  const memory = scope.remember(node, `value:${name}`);
  const [value, setValue] = useState<Value>(() => {
    const kept = secret ? undefined : memory.get();
    return isKept(kept) && kept.over === asText(initial) && accepts(kept.value) ? kept.value : initial;
  });
  const element = useRef<HTMLElement | null>(null);
  const touched = useRef(!Object.is(value, initial));
  const latest = useRef({ value, options });
  latest.current = { value, options };

  // A new default from the server shows in a control that nobody has touched.
  const given = useRef(initial);
  useLayoutEffect(() => {
    if (Object.is(given.current, initial)) return;
    given.current = initial;
    if (!touched.current) setValue(initial);
  }, [initial]);

  // Before anything can be pressed.
  useLayoutEffect(() => {
    if (!form || name === undefined) return;
    return form.add({
      name,
      read() {
        const { value: current, options: now } = latest.current;
        if (now.disabled) return undefined;
        return now.sent ? now.sent(current) : current;
      },
      element: () => element.current,
    });
  }, [form, name]);

  const errors = scope.fieldErrors.value;
  const answered = useRef<object | null>(null);
  const set = (next: Value): void => {
    touched.current = true;
    // A complaint is about what was sent; it goes as soon as the person has changed that.
    answered.current = errors;
    latest.current = { ...latest.current, value: next };
    setValue(next);
    if (!secret) memory.set({ value: next, over: asText(initial) });
  };
  const error = name === undefined || answered.current === errors ? undefined : errors[name];
  // A Label names its control; without one the control needs another name.
  const label = name === undefined ? undefined : scope.labels.value[name];
  return { value, set, element, error, form, label };
}

/** Brings focus to the first field the server complained about. */
function useErrorFocus(element: () => HTMLElement | null): void {
  const scope = useScope();
  const errors = scope.fieldErrors.value;
  useEffect(() => {
    if (Object.keys(errors).length > 0)
      element()?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [errors, element]);
}
