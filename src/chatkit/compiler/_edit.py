"""Edits of a view from outside its text: properties set, elements put in, moved and taken out.

Each gives text edits that leave the rest of the source as the author wrote it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, cast

from . import _ast as ast
from ._diagnostics import TextEdit
from ._jsvalue import number_text, quoted
from ._parse import parse_view

_PLAIN = re.compile(r'[^"\\{}<>&\n\r]*$')
_KEY = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*$")
Edits = tuple[TextEdit, ...]


class EditError(ValueError):
    """The element or place of an edit does not exist in this view."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A value that is JavaScript, for example `Expression("item.name")`."""

    source: str


def apply_edits(text: str, edits: Iterable[TextEdit]) -> str:
    """The text with edits applied; their offsets are those of the given text, and they must not overlap."""
    out: list[str] = []
    at = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if edit.start < at:
            raise EditError("The edits overlap.")
        out += [text[at : edit.start], edit.text]
        at = edit.end
    return "".join([*out, text[at:]])


def set_prop(view: str, node_id: int, name: str, value: Any) -> Edits:
    """Set a property to a JSON value or an `Expression`; None takes it away. Raises `EditError`."""
    element, _ = _find(view, node_id)
    attr = next((one for one in element.attrs if isinstance(one, ast.Attr) and one.name == name), None)
    if value is None:
        return (_cut(view, attr.span.start, attr.span.end),) if attr is not None else ()
    written = f"{name}{attribute_value(value)}"
    if attr is not None:
        return (TextEdit(attr.span.start, attr.span.end, written),)
    last = element.attrs[-1].span if element.attrs else element.tag_span
    if element.attrs and _own_line(view, last.start):
        return (TextEdit(last.end, last.end, f"\n{_indent(view, last.start)}{written}"),)
    return (TextEdit(last.end, last.end, f" {written}"),)


def insert_node(view: str, parent_id: int, index: int, jsx: str) -> Edits:
    """Put JSX among the children of an element, before the child at `index`. Raises `EditError`."""
    parent, _ = _find(view, parent_id)
    children = parent.children
    indent = _indent(view, parent.span.start)
    if not children:
        return (_first_child(view, parent, indent, jsx),)
    at = min(max(index, 0), len(children))
    if at < len(children):
        start = children[at].span.start + _leading(view, children[at])
        own = _indent(view, start)
        if _own_line(view, start):
            return (TextEdit(start, start, f"{_shifted(jsx, own)}\n{own}"),)
        return (TextEdit(start, start, jsx),)
    end = _trimmed_end(view, children[-1])
    if _own_line(view, children[-1].span.start + _leading(view, children[-1])):
        own = _indent(view, children[-1].span.start + _leading(view, children[-1]))
        return (TextEdit(end, end, f"\n{own}{_shifted(jsx, own)}"),)
    return (TextEdit(end, end, jsx),)


def delete_node(view: str, node_id: int) -> Edits:
    """Take an element out. Inside a condition it becomes `null`; the body of a `map` goes with it. Raises `EditError`."""
    element, parents = _find(view, node_id)
    if not parents:
        raise EditError("The root cannot be taken out.")
    holder = parents[-1]
    for child in holder.children:
        if child is element:
            return (_cut_line(view, element.span.start, element.span.end),)
        if isinstance(child, ast.Hole) and _inside(child, element):
            if _is_choice(child.value, element):
                return (TextEdit(element.span.start, element.span.end, "null"),)
            return (_cut_line(view, child.span.start, child.span.end),)
    return (TextEdit(element.span.start, element.span.end, "null"),)


def move_node(view: str, node_id: int, parent_id: int, index: int) -> Edits:
    """Move an element among the children of another. `index` counts as before the move. Raises `EditError`."""
    element, parents = _find(view, node_id)
    target, target_parents = _find(view, parent_id)
    if any(one.id == element.id for one in (target, *target_parents)):
        raise EditError("An element cannot move into itself.")
    holder = parents[-1] if parents else None
    child = next((one for one in holder.children if one is element), None) if holder else None
    if holder is None or child is None:
        raise EditError("Only an element that stands directly between tags can be moved.")
    source = dedented(view, element.span.start, element.span.end)
    if target.id == holder.id and index in (holder.children.index(child), holder.children.index(child) + 1):
        return ()
    return (*delete_node(view, node_id), *insert_node(view, parent_id, index, source))


def duplicate_node(view: str, node_id: int) -> Edits:
    """Put a copy of an element after it. Raises `EditError`."""
    element, parents = _find(view, node_id)
    if not parents:
        raise EditError("The root cannot be doubled.")
    source = view[element.span.start : element.span.end]
    end = element.span.end
    lead = f"\n{_indent(view, element.span.start)}" if _own_line(view, element.span.start) else ""
    return (TextEdit(end, end, f"{lead}{source}"),)


def wrap_node(view: str, node_id: int, tag: str) -> Edits:
    """Put an element into a new one. Raises `EditError`."""
    element, parents = _find(view, node_id)
    if not parents:
        raise EditError("The root cannot be wrapped.")
    indent = _indent(view, element.span.start)
    inner = _shifted(dedented(view, element.span.start, element.span.end), f"{indent}  ")
    return (TextEdit(element.span.start, element.span.end, f"<{tag}>\n{indent}  {inner}\n{indent}</{tag}>"),)


def attribute_value(value: Any) -> str:
    """What follows an attribute's name: nothing for true, `="text"`, or `={…}`."""
    if value is True:
        return ""
    if isinstance(value, str) and _PLAIN.match(value):
        return f'="{value}"'
    return f"={{{literal(value)}}}"


def literal(value: Any) -> str:
    """A JSON value as JavaScript."""
    if isinstance(value, Expression):
        return value.source
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, (int, float)):
        return number_text(value)
    if isinstance(value, list):
        return "[" + ", ".join(literal(item) for item in cast("list[Any]", value)) + "]"
    if isinstance(value, dict):
        entries = [
            f"{key if _KEY.match(key) else quoted(key)}: {literal(item)}"
            for key, item in cast("dict[str, Any]", value).items()
        ]
        return "{ " + ", ".join(entries) + " }" if entries else "{}"
    return quoted(str(value))


def elements_with_parents(root: ast.Element) -> Iterator[tuple[ast.Element, list[ast.Element]]]:
    """Every element, fragments too, with those around it."""
    pending: list[tuple[Any, list[ast.Element]]] = [(root, [])]
    while pending:
        node, parents = pending.pop()
        if isinstance(node, ast.Element):
            yield node, parents
            parents = [*parents, node]
        if isinstance(node, ast.Node):
            slots = ast.parts_of(type(node))
            pending.extend((getattr(node, slot), parents) for slot in slots)
        elif isinstance(node, (list, tuple)):
            pending.extend((item, parents) for item in cast("list[Any]", node))


def _find(view: str, node_id: int) -> tuple[ast.Element, list[ast.Element]]:
    root, _ = parse_view(view)
    if root is not None:
        for element, parents in elements_with_parents(root):
            if element.id == node_id:
                return element, parents
    raise EditError(f"The view has no element {node_id}.")


def _inside(holder: ast.Node, element: ast.Element) -> bool:
    return holder.span.start <= element.span.start and element.span.end <= holder.span.end


def _is_choice(node: ast.Expr, element: ast.Element) -> bool:
    while True:
        if isinstance(node, ast.Cond):
            node = node.then if _inside(node.then, element) else node.other
        elif isinstance(node, ast.Logical):
            return False if node.right is element else _is_choice(node.right, element)
        else:
            return node is element


def _first_child(view: str, parent: ast.Element, indent: str, jsx: str) -> TextEdit:
    inner = f"\n{indent}  {_shifted(jsx, f'{indent}  ')}\n{indent}"
    if parent.inner is not None:
        return TextEdit(parent.inner.start, parent.inner.end, inner)
    end = parent.open_span.end
    start = view.rfind("/", 0, end)
    while start > 0 and view[start - 1] in " \t\n":
        start -= 1
    return TextEdit(start, end, f">{inner}</{parent.tag or ''}>")


def _leading(view: str, child: ast.Child) -> int:
    text = view[child.span.start : child.span.end]
    return len(text) - len(text.lstrip()) if isinstance(child, ast.JsxText) else 0


def _trimmed_end(view: str, child: ast.Child) -> int:
    text = view[child.span.start : child.span.end]
    return child.span.start + len(text.rstrip()) if isinstance(child, ast.JsxText) else child.span.end


def _line_start(view: str, at: int) -> int:
    return view.rfind("\n", 0, at) + 1


def _indent(view: str, at: int) -> str:
    line = view[_line_start(view, at) :]
    return line[: len(line) - len(line.lstrip(" \t"))]


def _own_line(view: str, at: int) -> bool:
    return not view[_line_start(view, at) : at].strip() and "\n" in view[:at]


def _shifted(jsx: str, indent: str) -> str:
    return jsx.strip().replace("\n", f"\n{indent}")


def dedented(view: str, start: int, end: int) -> str:
    """A stretch of the source with the indentation of its first line taken off all lines."""
    indent = _indent(view, start)
    return view[start:end].replace(f"\n{indent}", "\n")


def _cut(view: str, start: int, end: int) -> TextEdit:
    while start > 0 and view[start - 1] in " \t\n":
        start -= 1
    return TextEdit(start, end, "")


def _cut_line(view: str, start: int, end: int) -> TextEdit:
    if _own_line(view, start) and (end == len(view) or view[end : end + 1] == "\n"):
        return TextEdit(_line_start(view, start) - 1, end, "")
    return TextEdit(start, end, "")
