"""Templates back to JSX, where their grammar is regular: JSON with values, conditions and loops."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, cast

from chatkit.errors import ChatKitError

from ._edit import Expression, attribute_value, literal
from ._format import format_jsx
from ._jsvalue import as_object, too_deep

_TAG = re.compile(r"[A-Za-z][\w.]*", re.ASCII)
_ATTRIBUTE = re.compile(r"[A-Za-z_][\w-]*", re.ASCII)
_COMPARE = {"eq": "===", "ne": "!==", "lt": "<", "lteq": "<=", "gt": ">", "gteq": ">="}
_ARITHMETIC = {"Add": "+", "Sub": "-", "Mul": "*", "Div": "/", "Mod": "%", "Pow": "**"}


class _Irregular(Exception):
    """The template does something that has no plain form in JSX."""


def decompile(template: str) -> str | None:
    """A JSX view that draws what the template draws, or None when the template is not regular."""
    from chatkit.widgets._jinja import parse
    from chatkit.widgets._shapes import Unsupported
    from chatkit.widgets._skeleton import read

    try:
        skeleton = read(parse(template))
        if skeleton.macros:
            return None
        view = _element(skeleton.root)
    except (Unsupported, _Irregular, ChatKitError, RecursionError):
        return None
    except Exception as error:
        # A template that Jinja itself cannot parse is not regular; anything else is a fault of ours.
        if type(error).__name__ in {"TemplateSyntaxError", "TemplateError"}:
            return None
        raise
    return format_jsx(view)


def decompile_tree(tree: Any) -> str | None:
    """A JSX view of a tree of components as a chat gets it, or None when it is not one."""
    known = as_object(tree)
    if known is None or too_deep(known):
        return None
    try:
        return format_jsx(_constant_element(known))
    except _Irregular:
        return None


def _kind(shape: Any) -> str:
    return type(shape).__name__


def _element(shape: Any) -> str:
    constant = as_object(shape.value) if _kind(shape) == "Const" else None
    if constant is not None:
        return _constant_element(constant)
    if _kind(shape) != "Obj":
        raise _Irregular
    members: dict[str, Any] = shape.members
    tag = members.get("type")
    if tag is None or _kind(tag) != "Const" or not isinstance(tag.value, str):
        raise _Irregular
    attributes = "".join(
        _attribute(name, value) for name, value in members.items() if name not in {"type", "children"}
    )
    if "children" not in members:
        return f"<{tag.value}{attributes} />"
    inner = _children(members["children"])
    return f"<{tag.value}{attributes}>{inner}</{tag.value}>" if inner else f"<{tag.value}{attributes} />"


def _constant_element(value: dict[str, Any]) -> str:
    tag = value.get("type")
    if not isinstance(tag, str) or not _TAG.fullmatch(tag) or not all(map(_ATTRIBUTE.fullmatch, value)):
        raise _Irregular
    attributes = "".join(
        f" {name}{attribute_value(item)}"
        for name, item in value.items()
        if name not in {"type", "children"} and item is not None
    )
    children = value.get("children")
    inner = "\n".join(_constant_element(child) for child in _listed(children))
    return f"<{tag}{attributes}>\n{inner}\n</{tag}>" if inner else f"<{tag}{attributes} />"


def _listed(value: Any) -> list[dict[str, Any]]:
    if value is None:
        return []
    listed = cast("list[Any]", value if isinstance(value, list) else [value])
    if not all(isinstance(child, dict) for child in listed):
        raise _Irregular
    return listed


def _children(shape: Any) -> str:
    kind = _kind(shape)
    if kind == "Const":
        return "".join(f"\n{_constant_element(child)}\n" for child in _listed(shape.value))
    if kind == "Obj":
        return f"\n{_element(shape)}\n"
    if kind != "Arr":
        raise _Irregular
    return "".join(f"\n{_child(entry)}\n" for entry in shape.entries)


def _child(entry: Any) -> str:
    kind = _kind(entry)
    if kind == "CondSplice":
        then, other = _branch(entry.then), _branch(entry.other)
        if other == "null":
            return f"{{{_expression(entry.test, 4)} && {then}}}"
        return f"{{{_expression(entry.test, 3)} ? {then} : {other}}}"
    if kind == "LoopSplice":
        return f"{{{_loop(entry)}}}"
    if kind == "Cond":
        return f"{{{_expression(entry.test, 3)} ? {_element(entry.then)} : {_element(entry.other)}}}"
    if kind == "Slot":
        return f"{{{_expression(entry.expr)}}}"
    return _element(entry)


def _branch(entries: list[Any]) -> str:
    if not entries:
        return "null"
    if len(entries) > 1:
        return f"<>{''.join(f'{chr(10)}{_child(entry)}{chr(10)}' for entry in entries)}</>"
    child = _child(entries[0])
    return child[1:-1] if child.startswith("{") else child


def _loop(loop: Any) -> str:
    params = [loop.target]
    for name, value in loop.sets:
        if type(value).__name__ != "Getattr" or getattr(value, "attr", "") != "index0" or len(params) > 1:
            raise _Irregular
        params.append(name)
    body = _branch(loop.entries)
    return f"{_expression(loop.iter, 17)}.map(({', '.join(params)}) => {body})"


def _attribute(name: str, shape: Any) -> str:
    if _kind(shape) == "Const":
        return "" if shape.value is None else f" {name}{attribute_value(shape.value)}"
    return f" {name}={{{_value(shape)}}}"


def _value(shape: Any) -> str:
    kind = _kind(shape)
    if kind == "Const":
        return "undefined" if shape.value is None else literal(shape.value)
    if kind == "Slot":
        source = _expression(shape.expr)
        return "undefined" if source in {"null", "undefined"} else source
    if kind == "Cond":
        return f"({_expression(shape.test, 3)} ? {_value(shape.then)} : {_value(shape.other)})"
    if kind == "Obj":
        return literal({name: Expression(_value(value)) for name, value in shape.members.items()})
    if kind == "TextParts":
        return "`" + "".join(_chunk(part) for part in shape.parts) + "`"
    if kind == "Arr":
        return _list(shape.entries)
    raise _Irregular


def _list(entries: list[Any]) -> str:
    if len(entries) == 1 and _kind(entries[0]) == "LoopSplice":
        loop = entries[0]
        if len(loop.entries) == 1 and not loop.sets:
            body = _value(loop.entries[0])
            return f"{_expression(loop.iter, 17)}.map(({loop.target}) => {f'({body})' if body.startswith('{') else body})"
        raise _Irregular
    return "[" + ", ".join(_value(entry) for entry in entries) + "]"


def _chunk(part: Any) -> str:
    if isinstance(part, str):
        return part.replace("\\", "\\\\").replace("`", "\\`").replace("${", "\\${").replace("\n", "\\n")
    return f"${{{_expression(part)}}}"


def _expression(node: Any, above: int = 0) -> str:
    writer = _WRITERS.get(type(node).__name__)
    if writer is None:
        raise _Irregular
    text, level = writer(node)
    return f"({text})" if level < above else text


def _constant(node: Any) -> tuple[str, int]:
    return literal(node.value), 20


def _member(node: Any) -> tuple[str, int]:
    return f"{_expression(node.node, 17)}.{node.attr}", 17


def _item(node: Any) -> tuple[str, int]:
    if type(node.arg).__name__ == "Slice":
        raise _Irregular
    return f"{_expression(node.node, 17)}[{_expression(node.arg)}]", 17


def _filter(node: Any) -> tuple[str, int]:
    if node.name == "length":
        return f"{_expression(node.node, 17)}.length", 17
    if node.name == "default" and len(node.args) >= 1:
        return f"{_expression(node.node, 4)} ?? {_expression(node.args[0], 4)}", 3
    if node.name in {"tojson", "safe"}:
        return _expression(node.node), 0
    if node.name == "string":
        return f"`${{{_expression(node.node)}}}`", 20
    if node.name in {"upper", "lower", "trim"}:
        method = {"upper": "toUpperCase", "lower": "toLowerCase", "trim": "trim"}[node.name]
        return f"{_expression(node.node, 17)}.{method}()", 17
    if node.name == "join":
        mark = _expression(node.args[0]) if node.args else '""'
        return f"{_expression(node.node, 17)}.join({mark})", 17
    raise _Irregular


def _concat(node: Any) -> tuple[str, int]:
    parts: list[Any] = []
    for part in node.nodes:
        value = getattr(part, "value", None)
        parts.append(value if type(part).__name__ == "Const" and isinstance(value, str) else part)
    return "`" + "".join(_chunk(part) for part in parts) + "`", 20


def _compare(node: Any) -> tuple[str, int]:
    if len(node.ops) != 1 or node.ops[0].op not in _COMPARE:
        raise _Irregular
    op = _COMPARE[node.ops[0].op]
    level = 8 if op in {"===", "!=="} else 9
    return f"{_expression(node.expr, level)} {op} {_expression(node.ops[0].expr, level + 1)}", level


def _test(node: Any) -> tuple[str, int]:
    operand = _expression(node.node, 9)
    if node.name == "none":
        return f"{operand} == null", 8
    if node.name == "defined":
        return f"{operand} !== undefined", 8
    if node.name == "undefined":
        return f"{operand} === undefined", 8
    raise _Irregular


def _not(node: Any) -> tuple[str, int]:
    inner = node.node
    if type(inner).__name__ == "Test" and inner.name == "none":
        return f"{_expression(inner.node, 9)} != null", 8
    return f"!{_expression(inner, 14)}", 14


def _conditional(node: Any) -> tuple[str, int]:
    other = _expression(node.expr2) if node.expr2 is not None else "undefined"
    fallback = _coalesced(node)
    if fallback is not None:
        return fallback, 3
    return f"{_expression(node.test, 3)} ? {_expression(node.expr1)} : {other}", 2


def _coalesced(node: Any) -> str | None:
    """`a if a is defined and a is not none else b` is `a ?? b`."""
    test = node.test
    if type(test).__name__ != "And" or node.expr2 is None:
        return None
    first, second = test.left, test.right
    if (
        type(first).__name__ != "Test"
        or first.name != "defined"
        or type(second).__name__ != "Not"
        or first.node != node.expr1
    ):
        return None
    return f"{_expression(node.expr1, 4)} ?? {_expression(node.expr2, 4)}"


def _logical(op: str, level: int) -> Callable[[Any], tuple[str, int]]:
    return lambda node: (f"{_expression(node.left, level)} {op} {_expression(node.right, level + 1)}", level)


def _arithmetic(name: str, op: str) -> Callable[[Any], tuple[str, int]]:
    level = {"Add": 11, "Sub": 11, "Pow": 13}.get(name, 12)
    return lambda node: (f"{_expression(node.left, level)} {op} {_expression(node.right, level + 1)}", level)


_WRITERS: dict[str, Callable[[Any], tuple[str, int]]] = {
    "Name": lambda node: ("null" if node.name == "none" else node.name, 20),
    "Const": _constant,
    "Getattr": _member,
    "Getitem": _item,
    "Filter": _filter,
    "Concat": _concat,
    "Compare": _compare,
    "Test": _test,
    "Not": _not,
    "And": _logical("&&", 4),
    "Or": _logical("||", 3),
    "CondExpr": _conditional,
    "Neg": lambda node: (f"-{_expression(node.node, 14)}", 14),
    "List": lambda node: ("[" + ", ".join(_expression(item) for item in node.items) + "]", 20),
    **{name: _arithmetic(name, op) for name, op in _ARITHMETIC.items()},
}
