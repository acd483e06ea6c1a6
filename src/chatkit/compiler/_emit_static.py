"""What a template says as it stands: static text made harmless, and the names a view mentions."""

from __future__ import annotations

from typing import Any

from . import _ast as ast
from ._jsvalue import quoted


def static_text(text: str) -> str:
    """A JSON string in the template's own text, with everything that Jinja would read made harmless."""
    out = quoted(text)
    for mark in ("{{", "{%", "{#"):
        while mark in out:
            out = out.replace(mark, f"{{\\u{ord(mark[1]):04x}")
    return out


def names_in(root: ast.Element) -> set[str]:
    """Every name that a view mentions."""
    names: set[str] = set()
    pending: list[Any] = [root]
    while pending:
        node = pending.pop()
        if isinstance(node, (ast.Name, ast.NamePattern)):
            names.add(node.id)
        if isinstance(node, ast.Node):
            slots = ast.parts_of(type(node))
            pending.extend(getattr(node, slot) for slot in slots)
        elif isinstance(node, (list, tuple)):
            pending.extend(node)  # type: ignore[arg-type]
    return names
