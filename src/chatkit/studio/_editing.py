"""Help with a source: edits by node, completion, explanations, formatting. Run in the worker; plain data in and out."""

import json
from collections.abc import Callable
from typing import Any

from chatkit.compiler import (
    EditError,
    Expression,
    SourceNode,
    TextEdit,
    apply_edits,
    complete,
    delete_node,
    duplicate_node,
    format_jsx,
    format_zod,
    hover,
    insert_node,
    move_node,
    set_prop,
    view_nodes,
    wrap_node,
)
from chatkit.studio._places import Places

__all__ = ["completions", "edit", "explanation", "formatted", "node_answer"]

MAX_VIEW = 400_000
Edits = tuple[TextEdit, ...]


class EditRefused(ValueError):
    """The edit asked for cannot be made; the words say why."""


def edit(ask: dict[str, Any]) -> dict[str, Any]:
    """Change a view by its nodes; see ``_ACTIONS`` for what can be asked.

    ``nodes`` are those of the new view and ``selected`` is the id of the node that was changed or put in, null when
    it is gone. ``refused`` has the reason when nothing was changed.
    """
    view = str(ask.get("view") or "")[:MAX_VIEW]
    make = _ACTIONS.get(str(ask.get("action")))
    try:
        if make is None:
            raise EditRefused(f"There is no action {ask.get('action')!r}; there are {', '.join(_ACTIONS)}.")
        edits = make(view, ask)
        after = apply_edits(view, edits)
    except (EditError, EditRefused) as error:
        return {"refused": str(error)}
    nodes, places = view_nodes(after), Places(view)
    places_after = Places(after)
    return {
        "view": after,
        "edits": [
            {"from": places.units(one.start), "to": places.units(one.end), "insert": one.text}
            for one in edits
        ],
        "nodes": [node_answer(node, places_after) for node in nodes],
        "selected": _selected(str(ask.get("action")), ask, edits, nodes, after),
    }


def _set(view: str, ask: dict[str, Any]) -> Edits:
    source = ask.get("source")
    value = Expression(source) if isinstance(source, str) and source.strip() else ask.get("value")
    return set_prop(view, _number(ask, "node"), _word(ask, "name"), value)


_ACTIONS: dict[str, Callable[[str, dict[str, Any]], Edits]] = {
    "set": _set,
    "insert": lambda view, ask: insert_node(
        view, _number(ask, "parent"), _number(ask, "index"), str(ask.get("jsx") or "")
    ),
    "delete": lambda view, ask: delete_node(view, _number(ask, "node")),
    "duplicate": lambda view, ask: duplicate_node(view, _number(ask, "node")),
    "wrap": lambda view, ask: wrap_node(view, _number(ask, "node"), _word(ask, "tag")),
    "move": lambda view, ask: move_node(
        view, _number(ask, "node"), _number(ask, "parent"), _number(ask, "index")
    ),
}


def _number(ask: dict[str, Any], key: str) -> int:
    value = ask.get(key)
    if not isinstance(value, int) or isinstance(value, bool):
        raise EditRefused(f"{key!r} must be a whole number.")
    return value


def _word(ask: dict[str, Any], key: str) -> str:
    value = ask.get(key)
    if not isinstance(value, str) or not value.replace(".", "").replace("-", "").isidentifier():
        raise EditRefused(f"{key!r} must be a name.")
    return value


def _selected(
    action: str, ask: dict[str, Any], edits: Edits, nodes: list[SourceNode], after: str
) -> int | None:
    """The node that an edit was about: where its text begins now."""
    if action == "set" or not edits:
        return next((node.id for node in nodes if node.id == ask.get("node")), None)
    if action == "delete":
        return None
    put = max(edits, key=lambda one: len(one.text))
    before = sum(len(one.text) - (one.end - one.start) for one in edits if one.start < put.start)
    start = put.start + before + len(put.text) - len(put.text.lstrip(" \t\n>"))
    found = [node for node in nodes if node.start >= start]
    return min(found, key=lambda node: node.start).id if found and start < len(after) else None


def completions(ask: dict[str, Any]) -> list[dict[str, Any]]:
    """What can be written at ``offset`` of ``view``, with paths of ``schema``, best first."""
    view = str(ask.get("view") or "")[:MAX_VIEW]
    places = Places(view)
    found = complete(view, places.characters(_offset(ask)), ask.get("schema"))
    return [
        {
            "label": one.label,
            "kind": one.kind,
            "insert": one.insert,
            "detail": one.detail,
            "doc": one.doc,
            "from": places.units(one.start),
            "to": places.units(one.end),
        }
        for one in found
    ]


def explanation(ask: dict[str, Any]) -> dict[str, Any] | None:
    """What is known of the word at ``offset`` of ``view``, in Markdown."""
    view = str(ask.get("view") or "")[:MAX_VIEW]
    places = Places(view)
    found = hover(view, places.characters(_offset(ask)), ask.get("schema"))
    if found is None:
        return None
    return {"from": places.units(found.start), "to": places.units(found.end), "text": found.text}


def _offset(ask: dict[str, Any]) -> int:
    offset = ask.get("offset")
    return offset if isinstance(offset, int) else 0


def formatted(ask: dict[str, Any]) -> dict[str, str | None]:
    """``view``, ``schema`` and ``data`` in the house style; null for what has errors or was not given."""
    view, schema, data = (ask.get(key) for key in ("view", "schema", "data"))
    as_json = ask.get("schemaMode") == "jsonSchema"
    return {
        "view": _formatted_view(view) if isinstance(view, str) else None,
        "schema": (_formatted_json(schema) if as_json else format_zod(schema))
        if isinstance(schema, str)
        else None,
        "data": _formatted_json(data) if isinstance(data, str) else None,
    }


def _formatted_view(view: str) -> str | None:
    from chatkit.compiler import compile_widget

    return format_jsx(view) if compile_widget(view, check=False).template is not None else None


def _formatted_json(text: str) -> str | None:
    try:
        return json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    except (ValueError, RecursionError):
        return None


def node_answer(node: SourceNode, places: Places) -> dict[str, Any]:
    """An element of the view as the page knows it."""
    return {
        "id": node.id,
        "tag": node.tag,
        "from": places.units(node.start),
        "to": places.units(node.end),
        "open": [places.units(node.open_start), places.units(node.open_end)],
        "inner": [places.units(at) for at in node.inner] if node.inner else None,
        "parent": node.parent,
        "children": list(node.children),
        "movable": node.movable,
        "props": {name: [places.units(at) for at in place] for name, place in node.props.items()},
    }
