import type { JSX } from "preact";

/** What the server has to say about a field, below it. */
export function FieldError({ id, message }: { id: string; message: string | undefined }): JSX.Element | null {
  return message === undefined ? null : (
    <div class="w-field-error" id={id} role="alert" part="widget-field-error" dir="auto">
      {message}
    </div>
  );
}
