"""What the Studio asks its worker for: compile, draw, stream. Plain data in, plain data out."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from chatkit.compiler import (
    CompileResult,
    WidgetDocument,
    compile_widget,
    generated_states,
)
from chatkit.errors import ChatKitError
from chatkit.studio._editing import node_answer
from chatkit.studio._opening import open_text
from chatkit.studio._places import Places
from chatkit.types import diff_widget, wire_data
from chatkit.widgets import WidgetTemplate

__all__ = ["build", "gallery", "gallery_entry", "generate", "stream"]

MAX_FRAMES = 5_000


def build(source: dict[str, Any]) -> dict[str, Any]:
    """Compile the source and draw each of its states with the real runtime.

    ``source`` has ``view``, ``schema``, ``schemaMode``, ``name``, ``data``, ``states`` and ``mode``. ``drawn`` in the
    answer holds for each state what ``WidgetTemplate`` made of it, or the error that it raised, beside what
    JavaScript would show; ``differs`` says where the two disagree. ``previewNodes`` belongs to the state that ``show``
    names, else to the first. ``document`` is the document as it was read, whose unknown keys survive.

    For while somebody types: with ``check`` false the widget is not looked over, and with ``only`` just the state of
    that name is drawn and there is no ``file``. With both the widget is what the view evaluates to, because making the
    runtime read a template takes longer than a keystroke; the build that follows is the runtime's.
    """
    states = _states(source)
    only, show = source.get("only"), source.get("only") or source.get("show")
    if isinstance(only, str):
        states = [one for one in states if one[0] == only] or states[:1]
    result = _compiled(source, states)
    names = {states[0][0]: "Default"}
    quick = isinstance(only, str) and source.get("check") is False and source.get("mode") != "compat"
    drawn = (_evaluated(result, states[0][0]) if quick else None) or _draw(result, states, names)
    texts = {"view": str(source.get("view") or ""), "schema": str(source.get("schema") or "")}
    places = Places(texts["view"])
    whole = result.template is not None and not isinstance(only, str)
    return {
        "ok": result.ok,
        "template": result.template,
        "jsonSchema": result.json_schema,
        "diagnostics": [d.to_dict(texts.get(d.part)) for d in result.diagnostics],
        "nodes": [node_answer(node, places) for node in result.nodes],
        "previewNodes": result.state_nodes.get(names.get(str(show), str(show)), result.preview_nodes),
        "drawn": drawn,
        "file": result.file().to_text() if whole else None,
    }


def _states(source: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    given = cast("list[Any]", source.get("states") or [])
    more = [cast("dict[str, Any]", one) for one in given if isinstance(one, dict)]
    return [
        ("Default", source.get("data") or {}),
        *((str(one.get("name")), one.get("data") or {}) for one in more),
    ]


def _compiled(source: dict[str, Any], states: list[tuple[str, dict[str, Any]]]) -> CompileResult:
    name = str(source.get("name") or "Untitled widget")
    return compile_widget(
        str(source.get("view") or ""),
        source.get("schema") or None,
        source.get("schemaMode"),
        data=states[0][1],
        states=[{"name": other, "data": data} for other, data in states[1:]],
        name=name,
        mode="compat" if source.get("mode") == "compat" else "safe",
        check=source.get("check") is not False,
        document=_document(source.get("document"), name),
    )


def _document(raw: Any, name: str) -> WidgetDocument | None:
    return (
        WidgetDocument.from_dict({**cast("dict[str, Any]", raw), "name": name})
        if isinstance(raw, dict)
        else None
    )


def stream(definition: dict[str, Any], frames: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The updates that go over the wire as the data grows from frame to frame, with their sizes in bytes."""
    template = WidgetTemplate(definition)
    steps: list[dict[str, Any]] = []
    before = None
    for data in frames[:MAX_FRAMES]:
        try:
            after = template.build(data)
            updates = [] if before is None else [wire_data(update) for update in diff_widget(before, after)]
        except (ChatKitError, ValueError) as error:
            steps.append({"error": str(error), "updates": [], "bytes": 0})
            continue
        whole = wire_data(after)
        sent = [whole] if before is None else updates
        size = sum(len(json.dumps(part, separators=(",", ":"), ensure_ascii=False).encode()) for part in sent)
        steps.append({"widget": whole, "updates": updates, "bytes": size})
        before = after
    return steps


def gallery(folder: str) -> list[dict[str, Any]]:
    """The widget files of a folder: what is in them, and what they look like with their default state."""
    return [gallery_entry(str(path)) for path in sorted(Path(folder).glob("*.widget"))]


def gallery_entry(place: str) -> dict[str, Any]:
    """One widget file: what is in it, and what it looks like with its default state."""
    path = Path(place)
    text = path.read_text("utf-8")
    opened = open_text(text)
    document: dict[str, Any] = opened["document"] or {}
    drawn = WidgetTemplate(json.loads(text)).build(document.get("defaultState") or {})
    return {"id": path.stem, "text": text, **opened, "widget": wire_data(drawn)}


def generate(schema: Any) -> list[dict[str, Any]]:
    """States made up from a JSON Schema: shortest, longest, without what is optional, right to left."""
    if not isinstance(schema, dict):
        return []
    made = generated_states(cast("Mapping[str, Any]", schema))
    return [{"name": name, "data": data} for name, data in made.items()]


def _evaluated(result: CompileResult, name: str) -> dict[str, Any] | None:
    """The one state as the view evaluates, None when it does not or cannot be written as a template."""
    preview = result.previews.get("Default")
    if preview is None or result.template is None:
        return None
    return {name: {"widget": _present(preview), "preview": preview, "differs": []}}


def _present(value: Any) -> Any:
    """A tree without what is null, as it goes over the wire."""
    if isinstance(value, list):
        return [_present(one) for one in cast("list[Any]", value)]
    if isinstance(value, dict):
        known = cast("dict[str, Any]", value)
        return {key: _present(one) for key, one in known.items() if one is not None}
    return value


def _draw(
    result: CompileResult, states: list[tuple[str, dict[str, Any]]], names: dict[str, str]
) -> dict[str, Any]:
    previews = {name: result.previews.get(names.get(name, name)) for name, _ in states}
    if result.template is None:
        return {name: {"preview": previews[name]} for name, _ in states}
    try:
        template = WidgetTemplate(
            {
                "version": "1.0",
                "name": "",
                "template": result.template,
                "jsonSchema": result.json_schema or {},
            }
        )
    except (ChatKitError, ValueError) as error:
        return {name: {"preview": previews[name], "error": _problem(error)} for name, _ in states}
    return {name: _draw_state(template, data, previews[name]) for name, data in states}


def _draw_state(template: WidgetTemplate, data: dict[str, Any], preview: Any) -> dict[str, Any]:
    try:
        widget = wire_data(template.build(data))
    except (ChatKitError, ValueError) as error:
        return {"preview": preview, "error": _problem(error)}
    return {"widget": widget, "preview": preview, "differs": _differences(preview, widget)}


def _problem(error: Exception) -> dict[str, Any]:
    if isinstance(error, ChatKitError):
        return error.as_json()
    return {"code": "widget.template", "message": str(error)}


def _differences(left: Any, right: Any, path: str = "") -> list[str]:
    """The paths at which two trees disagree; a missing key and a null are the same."""
    if isinstance(left, dict) and isinstance(right, dict):
        first, second = cast("dict[str, Any]", left), cast("dict[str, Any]", right)
        pairs = [(key, first.get(key), second.get(key)) for key in sorted({*first, *second})]
    elif isinstance(left, list) and isinstance(right, list):
        ones, others = cast("list[Any]", left), cast("list[Any]", right)
        if len(ones) != len(others):
            return [path or "."]
        pairs = [(str(at), one, other) for at, (one, other) in enumerate(zip(ones, others, strict=True))]
    else:
        return [] if left == right else [path or "."]
    return [
        found
        for key, one, other in pairs
        for found in _differences(one, other, f"{path}.{key}" if path else key)
    ]
