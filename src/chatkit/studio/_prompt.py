"""What a model is told of the widget language, and how its answer is read."""

import json
import re
from functools import cache
from typing import Any, NamedTuple

from chatkit.widgets.definitions import COMPONENTS, Component

__all__ = ["Answer", "instructions", "read_answer", "repair"]

_RULES = """You draw widgets for a chat. A widget is a view in a JSX dialect, a Zod schema of its data, and sample data.

Answer with one line "# Name of the widget" and then exactly three fenced blocks, in this order and with nothing else:
```jsx
the view
```
```ts
the schema
```
```json
the sample data
```

The view
- One root element: Card, ListView or Basic. No imports, functions, statements or hooks around it, no HTML elements.
- Every text that changes comes from the data by its name: {title}, {user.name}. Names at the top of the data are variables.
- Expressions are JavaScript: conditions with && and ?:, lists with items.map((item) => <Row key={item.id}>…</Row>),
  template strings, optional chaining, ??, and the usual methods of texts, lists and numbers.
- Text stands in <Text value={…} />, <Title value="…" />, <Caption value="…" />, <Markdown value={…} />.
- Actions are objects: onClickAction={{ type: "order.cancel", payload: { id } }}. Never functions.
- Fields (Input, Select, Checkbox …) have a `name` and stand inside <Form onSubmitAction={…}> or <Card asForm …>.
- Images need `alt`; controls need a label.
- gap, padding and margin count in steps of 4 px; width, height and size are px; colours are tokens: prose, primary,
  emphasis, secondary, tertiary, success, warning, danger, info, discovery, surface-secondary, or gray-500 and its like.
- Keep it small, calm and clear: one purpose, two or three sizes of text, at most one solid button.

The schema
import { z } from "zod"

const WidgetState = z.strictObject({ … })

export default WidgetState

- Describe exactly the data the view uses. What may be absent is .optional().

Components and their properties (* must be given):
"""
_FENCE = re.compile(r"```([\w+-]*)[^\n]*\n(.*?)(?:\n```|\Z)", re.DOTALL)
_TITLE = re.compile(r"^#+\s*(.{1,80}?)\s*$", re.MULTILINE)
_SKIPPED = {"key", "id"}


class Answer(NamedTuple):
    """The parts of a model's answer; None for a part that is missing."""

    name: str | None
    view: str | None
    schema: str | None
    data: str | None


@cache
def instructions() -> str:
    """The language in short, with every component."""
    return _RULES + "\n".join(_component(one) for one in COMPONENTS.values())


def _component(component: Component) -> str:
    props = ", ".join(
        f"{prop.name}{'*' if prop.required else ''}: {prop.kind.text}"
        for prop in component.props.values()
        if prop.name not in _SKIPPED
    )
    inside = f" Only inside {', '.join(component.only_inside)}." if component.only_inside else ""
    children = "" if component.children != "none" else " No children."
    return f"- {component.name} ({props}): {component.doc}{inside}{children}"


def read_answer(text: str) -> Answer:
    """The parts of an answer. Blocks are told apart by their language, else by what stands in them."""
    parts: dict[str, str] = {}
    for language, body in _FENCE.findall(text):
        parts.setdefault(_kind(language.lower(), body), body.strip())
    title = _TITLE.search(text.split("```", 1)[0])
    if "view" not in parts and text.lstrip().startswith("<"):
        parts["view"] = text.split("```", 1)[0].strip()
    return Answer(title[1] if title else None, parts.get("view"), parts.get("schema"), parts.get("data"))


def _kind(language: str, body: str) -> str:
    if language == "json":
        return "data"
    if language in {"jsx", "html", "xml"} or body.lstrip().startswith("<"):
        return "view"
    if "z." in body and "export" in body:
        return "schema"
    return "schema" if language in {"ts", "typescript", "zod"} else "data"


def repair(diagnostics: list[dict[str, Any]], answer: Answer) -> str:
    """What the model is told of an answer that has faults."""
    missing = [what for what, part in zip(("jsx", "ts", "json"), answer[1:], strict=True) if part is None]
    lines = [f"The block {what} is missing." for what in missing]
    for one in diagnostics[:20]:
        place = f"{one.get('part', 'view')}, line {one.get('line')}, column {one.get('column')}"
        hint = f" {one['hint']}" if one.get("hint") else ""
        source = _line({"view": answer.view, "schema": answer.schema}.get(str(one.get("part"))), one)
        lines.append(f"- {one['code']} ({place}): {one['message']}{hint}{source}")
    return (
        "Our compiler finds these faults. Mend them and answer with the whole widget again, in the same form.\n\n"
        + "\n".join(lines)
    )


def _line(text: str | None, found: dict[str, Any]) -> str:
    line = found.get("line")
    lines = (text or "").split("\n")
    if not isinstance(line, int) or not 0 < line <= len(lines) or not lines[line - 1].strip():
        return ""
    return f"\n  {json.dumps(lines[line - 1].strip()[:200], ensure_ascii=False)}"
