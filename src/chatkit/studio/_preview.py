"""What the Studio asks its worker for: compile, draw, stream. Plain data in, plain data out."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from chatkit.compiler import (
    CompileResult,
    SourceNode,
    WidgetDocument,
    compile_widget,
    format_jsx,
    generated_states,
    read_widget,
)
from chatkit.errors import ChatKitError
from chatkit.types import diff_widget, wire_data
from chatkit.widgets import WidgetTemplate

__all__ = ["build", "format_view", "gallery", "generate", "open_file", "stream"]

MAX_FRAMES = 5_000


def open_file(text: str) -> dict[str, Any]:
    """A file as the editor shows it: its document, or its template when it has none."""
    file, findings = read_widget(text)
    found = [finding.to_dict(text) for finding in findings]
    if file is None:
        return {"document": None, "template": None, "jsonSchema": None, "name": None, "diagnostics": found}
    document = file.document.to_dict() if file.document else None
    return {
        "document": document,
        "name": file.name,
        "template": file.template,
        "jsonSchema": file.json_schema,
        "diagnostics": found,
    }


def build(source: dict[str, Any]) -> dict[str, Any]:
    """Compile the source and draw each of its states with the real runtime.

    ``source`` has ``view``, ``schema``, ``schemaMode``, ``name``, ``data``, ``states`` and ``mode``. ``drawn`` in the
    answer holds for each state what ``WidgetTemplate`` made of it, or the error that it raised, beside what
    JavaScript would show; ``differs`` says where the two disagree. ``document`` is the document as it was read, whose
    unknown keys survive. With ``check`` false the widget is not looked over, which is faster.
    """
    document = source.get("document")
    name = str(source.get("name") or "Untitled widget")
    result = compile_widget(
        str(source.get("view") or ""),
        source.get("schema") or None,
        source.get("schemaMode"),
        data=source.get("data") or {},
        states=source.get("states") or [],
        name=name,
        mode="compat" if source.get("mode") == "compat" else "safe",
        check=source.get("check") is not False,
        document=_document(document, name),
    )
    texts = {"view": str(source.get("view") or ""), "schema": str(source.get("schema") or "")}
    given = cast("list[Any]", source.get("states") or [])
    more = [cast("dict[str, Any]", one) for one in given if isinstance(one, dict)]
    states: list[tuple[str, dict[str, Any]]] = [("Default", source.get("data") or {})]
    states += [(str(one.get("name")), one.get("data") or {}) for one in more]
    drawn = _draw(result, states)
    return {
        "ok": result.ok,
        "template": result.template,
        "jsonSchema": result.json_schema,
        "diagnostics": [d.to_dict(texts.get(d.part)) for d in result.diagnostics],
        "nodes": [_node(node, texts["view"]) for node in result.nodes],
        "previewNodes": result.preview_nodes,
        "drawn": drawn,
        "file": result.file().to_text() if result.template is not None else None,
    }


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
    return [_gallery_entry(path) for path in sorted(Path(folder).glob("*.widget"))]


def _gallery_entry(path: Path) -> dict[str, Any]:
    text = path.read_text("utf-8")
    opened = open_file(text)
    document: dict[str, Any] = opened["document"] or {}
    drawn = WidgetTemplate(json.loads(text)).build(document.get("defaultState") or {})
    return {"id": path.stem, "text": text, **opened, "widget": wire_data(drawn)}


def format_view(view: str) -> str | None:
    """The view in the house style; None when it has errors."""
    if compile_widget(view, check=False).template is None:
        return None
    return format_jsx(view)


def generate(schema: Any) -> list[dict[str, Any]]:
    """States made up from a JSON Schema: shortest, longest, without what is optional, right to left."""
    if not isinstance(schema, dict):
        return []
    made = generated_states(cast("Mapping[str, Any]", schema))
    return [{"name": name, "data": data} for name, data in made.items()]


def _draw(result: CompileResult, states: list[tuple[str, dict[str, Any]]]) -> dict[str, Any]:
    if result.template is None:
        return {name: {"preview": result.previews.get(name)} for name, _ in states}
    try:
        template = WidgetTemplate(result.widget())
    except (ChatKitError, ValueError) as error:
        return {name: {"preview": result.previews.get(name), "error": _problem(error)} for name, _ in states}
    return {name: _draw_state(template, data, result.previews.get(name)) for name, data in states}


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


def _node(node: SourceNode, text: str) -> dict[str, Any]:
    def units(at: int) -> int:
        return len(text[:at].encode("utf-16-le")) // 2

    return {
        "id": node.id,
        "tag": node.tag,
        "from": units(node.start),
        "to": units(node.end),
        "open": [units(node.open_start), units(node.open_end)],
        "inner": [units(at) for at in node.inner] if node.inner else None,
        "parent": node.parent,
        "props": {name: [units(at) for at in place] for name, place in node.props.items()},
    }
