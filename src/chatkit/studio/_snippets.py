"""Code to take along: a widget's types, how a server shows it, and a test of its states."""

import json
import keyword
import pprint
import re
from pathlib import PurePosixPath
from typing import Any, cast

from chatkit.compiler import python_models

__all__ = ["snippet"]


def snippet(ask: dict[str, Any]) -> dict[str, str]:
    """``text`` of ``kind``: ``types``, ``python`` or ``pytest``, for the widget in ``file`` with its ``states``."""
    file = PurePosixPath(str(ask.get("file") or "widget.widget")).name
    stem = file.removesuffix(".widget")
    states = [_state(one) for one in cast("list[Any]", ask.get("states") or [])[:100]]
    if ask.get("kind") == "pytest":
        return {"text": _pytest(file, stem, states)}
    models = python_models(ask.get("jsonSchema"), _title(stem), file)
    if ask.get("kind") == "types":
        return {"text": models}
    data: Any = states[0][1] if states else {}
    return {"text": _with_example(models, stem, data)}


def _state(raw: Any) -> tuple[str, Any]:
    known: dict[str, Any] = cast("dict[str, Any]", raw) if isinstance(raw, dict) else {}
    return str(known.get("name") or "state"), known.get("data") or {}


def _title(stem: str) -> str:
    words = re.findall(r"[A-Za-z0-9]+", stem)
    return " ".join(word[:1].upper() + word[1:] for word in words) or "Widget"


def _with_example(models: str, stem: str, data: Any) -> str:
    root = re.search(r"^def build\(data: (\w+)\)", models, re.MULTILINE)
    name = root[1] if root else "Data"
    return (
        f"{models}\n\n"
        f"EXAMPLE = {name}.model_validate(\n{_indented(_literal(data), 4)}\n)\n\n"
        "# In respond() or action():\n"
        f"#     async for event in stream_widget(thread, build({name}(...))):\n"
        "#         yield event\n"
    )


def _pytest(file: str, stem: str, states: list[tuple[str, Any]]) -> str:
    params = "".join(
        f"    pytest.param(\n{_indented(_literal(data), 8)},\n        id={json.dumps(name)},\n    ),\n"
        for name, data in states
    )
    return f"""import pytest

from chatkit.widgets import WidgetTemplate

STATES = [
{params}]


@pytest.mark.parametrize("data", STATES)
def test_{_identifier(stem)}_builds_with_every_state(data):
    WidgetTemplate.from_file({json.dumps(file)}, strict=True).build(data)
"""


def _identifier(stem: str) -> str:
    name = re.sub(r"\W+", "_", stem, flags=re.ASCII).strip("_").lower() or "widget"
    return f"{name}_widget" if keyword.iskeyword(name) or name[0].isdigit() else name


def _literal(value: Any) -> str:
    return pprint.pformat(value, width=88, sort_dicts=False)


def _indented(text: str, by: int) -> str:
    return "\n".join(f"{' ' * by}{line}" for line in text.split("\n"))
