"""What the Studio asks its worker for: compile, draw, stream. Plain data in, plain data out."""

import json
from typing import Any

from chatkit.compiler import CompileResult, compile_widget, read_widget
from chatkit.errors import ChatKitError
from chatkit.types import diff_widget, wire_data
from chatkit.widgets import WidgetTemplate

__all__ = ["build", "open_file", "stream"]

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
    JavaScript would show; ``differs`` says where the two disagree.
    """
    result = compile_widget(
        str(source.get("view") or ""),
        source.get("schema") or None,
        source.get("schemaMode"),
        data=source.get("data") or {},
        states=source.get("states") or [],
        name=str(source.get("name") or "Untitled widget"),
        mode="compat" if source.get("mode") == "compat" else "safe",
    )
    texts = {"view": str(source.get("view") or ""), "schema": str(source.get("schema") or "")}
    states = [("Default", source.get("data") or {})]
    states += [
        (str(s.get("name")), s.get("data") or {}) for s in source.get("states") or [] if isinstance(s, dict)
    ]
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
        keys = sorted({*left, *right})
        return [
            p for k in keys for p in _differences(left.get(k), right.get(k), f"{path}.{k}" if path else k)
        ]
    if isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        return [
            p
            for n, (a, b) in enumerate(zip(left, right, strict=True))
            for p in _differences(a, b, f"{path}.{n}")
        ]
    return [] if left == right else [path or "."]


def _node(node: Any, text: str) -> dict[str, Any]:
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
