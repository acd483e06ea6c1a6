/** Items as a server sends them, for screens without one. */
import type { Annotation, ThreadItem, ThreadMetadata, UserMessageContent } from "../protocol/types.ts";

let count = 0;

function base(): { id: string; thread_id: string; created_at: string } {
  count += 1;
  return { id: `itm_${count}`, thread_id: "thr_1", created_at: "2026-11-20T10:00:00Z" };
}

type Of<T extends ThreadItem["type"]> = Extract<ThreadItem, { type: T }>;

export function userItem(text: string, more: Partial<Of<"user_message">> = {}): Of<"user_message"> {
  const content: UserMessageContent[] = [{ type: "input_text", text }];
  return { ...base(), type: "user_message", content, attachments: [], inference_options: {}, ...more };
}

export function answerItem(
  text: string,
  annotations: Annotation[] = [],
  more: Partial<Of<"assistant_message">> = {},
): Of<"assistant_message"> {
  return {
    ...base(),
    type: "assistant_message",
    content: [{ type: "output_text", text, annotations }],
    ...more,
  };
}

export function widgetItem(widget: Of<"widget">["widget"], copy_text?: string): Of<"widget"> {
  return { ...base(), type: "widget", widget, ...(copy_text === undefined ? {} : { copy_text }) };
}

export function workflowItem(workflow: Of<"workflow">["workflow"]): Of<"workflow"> {
  return { ...base(), type: "workflow", workflow };
}

export function taskItem(task: Of<"task">["task"]): Of<"task"> {
  return { ...base(), type: "task", task };
}

export function imageItem(more: Partial<Of<"generated_image">> = {}): Of<"generated_image"> {
  return { ...base(), type: "generated_image", ...more };
}

export function questionItem(
  inputs: Of<"structured_input">["inputs"],
  status: Of<"structured_input">["status"] = "pending",
): Of<"structured_input"> {
  return { ...base(), type: "structured_input", status, inputs };
}

export function endOfTurn(): Of<"end_of_turn"> {
  return { ...base(), type: "end_of_turn" };
}

export function toolCall(): Of<"client_tool_call"> {
  return {
    ...base(),
    type: "client_tool_call",
    status: "completed",
    call_id: "c",
    name: "look",
    arguments: {},
  };
}

export function thread(id: string, title: string | undefined, created_at: string): ThreadMetadata {
  return { id, created_at, status: { type: "active" }, ...(title === undefined ? {} : { title }) };
}

export const LONG_ANSWER = `Lisbon in **three days** works well if you stay near *Baixa* and walk. Here is a plan with a little room for getting lost.

## Day one: the hills

1. Take tram 28 early, before nine.
2. Walk up to the **Castelo de São Jorge** and look at the river.
3. Eat grilled sardines in Alfama, ideally on a doorstep.

> Wear shoes with grip. The pavement is polished limestone and it knows no mercy.

| Place | Opens | Ticket |
|:------|:-----:|-------:|
| Castelo | 9:00 | €15.00 |
| Jerónimos | 10:00 | €12.00 |
| Oceanário | 10:00 | €25.00 |

The walk is short: with a grade of \`12 %\` over \\(d = 450\\,\\text{m}\\) you climb

$$
h = d \\cdot \\sin(\\arctan 0.12) \\approx 53.6\\,\\text{m}
$$

\`\`\`python
def climb(distance: float, grade: float) -> float:
    """Metres gained on a slope."""
    return distance * math.sin(math.atan(grade))  # enough for one pastel de nata
\`\`\`

- [x] Book the castle
- [ ] Find an umbrella
- Read [the tram timetable](https://www.carris.pt/en/) first`;
