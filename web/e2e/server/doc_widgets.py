"""Prints the widgets that the pages of the widget language show, as the server would send them, with what must be seen."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from chatkit.compiler import compile_widget
from chatkit.widgets import WidgetTemplate

DOCS = Path(__file__).resolve().parents[3] / "docs"
DATA: dict[str, Any] = {
    "title": "Groceries",
    "note": "For Sunday",
    "items": [{"id": "1", "name": "Apples"}, {"id": "2", "name": "Pears"}],
    "orders": [
        {"id": "1", "open": True, "total": 1234.5, "lines": [1]},
        {"id": "2", "open": False, "total": 7, "lines": [1, 2]},
    ],
}
# Components whose text stands in the page as it is written; a field shows its placeholder otherwise.
_SHOWN = {
    "Text": "value",
    "Title": "value",
    "Caption": "value",
    "Label": "value",
    "Badge": "label",
    "Button": "label",
    "Checkbox": "label",
}


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for one in value:
            yield from _nodes(one)
    elif isinstance(value, dict):
        if isinstance(value.get("type"), str):
            yield value
        yield from _nodes(value.get("children"))


def _example(page: str, name: str, view: str) -> dict[str, Any]:
    result = compile_widget(view, data=DATA)
    widget = WidgetTemplate(result.widget()).render(DATA)
    nodes = list(_nodes(widget))
    texts = [str(node[_SHOWN[node["type"]]]) for node in nodes if node.get(_SHOWN.get(node["type"], ""))]
    return {"page": page, "name": name, "widget": widget, "texts": texts}


def examples() -> Iterator[dict[str, Any]]:
    """Every example with the page it is from."""
    for section in (DOCS / "components.md").read_text("utf-8").split("\n## ")[1:]:
        for view in re.findall(r"```jsx\n(.*?)```", section, re.DOTALL):
            yield _example("components.md", section.split("\n", 1)[0], view)
    language = (DOCS / "widget-language.md").read_text("utf-8")
    for at, view in enumerate(re.findall(r"```jsx\n(.*?)```", language, re.DOTALL), 1):
        yield _example("widget-language.md", f"view {at}", view)
    for at, code in enumerate(re.findall(r"```python\n(.*?)```", language, re.DOTALL), 1):
        names: dict[str, Any] = {}
        exec(compile(code, "widget-language.md", "exec"), names)  # noqa: S102 - our own page
        widget = names["widget"].model_dump(exclude_none=True)
        texts = [node["value"] for node in _nodes(widget) if "value" in node]
        yield {
            "page": "widget-language.md",
            "name": f"Python {at}",
            "widget": widget,
            "texts": texts,
        }


if __name__ == "__main__":
    json.dump(list(examples()), sys.stdout)
