"""Help while writing a view: completions and explanations at a place of the source."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

from chatkit.widgets.definitions import COMPONENTS, Component, Prop

from . import _ast as ast
from ._check_components import walk_elements
from ._edit import elements_with_parents
from ._emit_functions import FUNCTIONS
from ._emit_lists import LIST_TABLE
from ._emit_numbers import NUMBER_TABLE
from ._emit_texts import STRING_TABLE
from ._evaluate import mapped_list
from ._jsvalue import quoted
from ._parse import parse_view
from ._shapes import ANY, BOOLEAN, LIST, NULL, NUMBER, OBJECT, STRING, UNDEFINED, Shape, shape_of_schema
from ._tokens import color_names, icon_names

CompletionKind = Literal["component", "property", "value", "variable", "method", "function"]
_WORD = re.compile(r"[\w$.-]*$")
_PATH = re.compile(r"([A-Za-z_$][\w$]*(?:\??\.[A-Za-z_$][\w$]*)*\??\.)?([A-Za-z_$][\w$]*)?$")
_TAG = re.compile(r"</?([A-Za-z][\w.]*)?$")
_ATTR_VALUE = re.compile(r"([\w-]+)\s*=\s*([\"'])([^\"']*)$")


@dataclass(frozen=True, slots=True)
class Completion:
    """One suggestion: what is shown, what is put in for the characters from `start` to `end`."""

    label: str
    kind: CompletionKind
    insert: str
    detail: str
    doc: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Hover:
    """What is known of the word from `start` to `end`, in Markdown."""

    start: int
    end: int
    text: str


def complete(view: str, offset: int, json_schema: Any = None) -> list[Completion]:
    """What can be written at a place (a character offset) of a view, best first."""
    before = view[:offset]
    tag = _TAG.search(before)
    if tag:
        word = tag[1] or ""
        names = _closing(before) if tag[0].startswith("</") else list(COMPONENTS)
        return [
            Completion(name, "component", name, _children_rule(name), _doc(name), offset - len(word), offset)
            for name in names
            if name.lower().startswith(word.lower())
        ]
    opened = _open_tag(before)
    if opened is not None:
        component, rest = opened
        inside = _attribute_completions(component, rest, offset)
        if inside is not None:
            return inside
    return _expression_completions(view, before, offset, json_schema)


def _closing(before: str) -> list[str]:
    open_tags: list[str] = []
    for match in re.finditer(r"<(/?)([A-Za-z][\w.]*)((?:\"[^\"]*\"|'[^']*'|=>|[^>\"'])*?)(/?)>", before):
        if match[1]:
            if match[2] in open_tags:
                while open_tags.pop() != match[2]:
                    pass
        elif not match[4]:
            open_tags.append(match[2])
    return open_tags[::-1]


def _children_rule(name: str) -> str:
    component = COMPONENTS.get(name)
    return "" if component is None else ", ".join(component.required)


def _doc(name: str) -> str:
    component = COMPONENTS.get(name)
    return component.doc if component is not None else ""


def _open_tag(before: str) -> tuple[Component, str] | None:
    """The component whose opening tag the place is in, and what is written of the tag."""
    depth, at, quote = 0, len(before) - 1, ""
    while at >= 0:
        char = before[at]
        if quote:
            quote = "" if char == quote else quote
        elif char == "}":
            depth += 1
        elif char == "{":
            if depth == 0:
                return None
            depth -= 1
        elif char == ">" and depth == 0 and before[at - 1 : at] != "=":
            return None
        elif char == "<" and depth == 0:
            match = re.match(r"<([A-Za-z][\w.]*)\s", before[at:])
            component = COMPONENTS.get(match[1]) if match else None
            return (component, before[at + len(match[0]) :]) if match and component else None
        at -= 1
    return None


def _attribute_completions(component: Component, rest: str, offset: int) -> list[Completion] | None:
    value = _ATTR_VALUE.search(rest)
    if value and rest.count(value[2]) % 2:
        prop = component.props.get(value[1])
        return _value_completions(prop, value[3], offset) if prop else []
    word = _WORD.search(rest)
    typed = word[0] if word else ""
    if rest[: len(rest) - len(typed)].rstrip().endswith("=") or not re.search(
        r"(^|\s)$", rest[: len(rest) - len(typed)]
    ):
        return None
    present = set(re.findall(r"([\w-]+)\s*=", rest))
    props = sorted(component.props.values(), key=lambda prop: (not prop.required, prop.name in {"key", "id"}))
    return [
        Completion(
            prop.name,
            "property",
            _attribute_snippet(prop),
            prop.kind.text,
            prop.doc,
            offset - len(typed),
            offset,
        )
        for prop in props
        if prop.name.lower().startswith(typed.lower()) and prop.name not in present
    ]


def _attribute_snippet(prop: Prop) -> str:
    kind = prop.kind.name
    if kind == "boolean":
        return prop.name
    if kind == "action":
        return f'{prop.name}={{{{ type: "" }}}}'
    if kind == "card_action":
        return f'{prop.name}={{{{ label: "", action: {{ type: "" }} }}}}'
    if prop.enum or kind in {"string", "text", "icon", "color", "url", "date"}:
        return f'{prop.name}=""'
    return f"{prop.name}={{}}"


def _value_completions(prop: Prop, typed: str, offset: int) -> list[Completion]:
    if prop.enum:
        names: tuple[Any, ...] = prop.enum
    elif prop.kind.name == "icon":
        names = icon_names()
    elif prop.kind.name in {"color", "border"}:
        names = color_names()
    else:
        return []
    return [
        Completion(str(name), "value", str(name), prop.name, "", offset - len(typed), offset)
        for name in names
        if str(name).lower().startswith(typed.lower())
    ]


# ---- inside braces ---------------------------------------------------------------------------


def _expression_completions(view: str, before: str, offset: int, json_schema: Any) -> list[Completion]:
    if not _in_braces(before):
        return []
    path = _PATH.search(before)
    parents, word = (path[1] or "", path[2] or "") if path else ("", "")
    start = offset - len(word)
    scope = _scope_at(view, offset, json_schema)
    if not parents:
        found = [
            Completion(name, "variable", name, describe(shape), "", start, offset)
            for name, shape in scope.items()
            if name.startswith(word)
        ]
        return found + [
            Completion(name, "function", name, "", "", start, offset)
            for name in sorted(FUNCTIONS)
            if name.startswith(word) and word
        ]
    shape = ANY
    for at, part in enumerate(parents.replace("?", "").rstrip(".").split(".")):
        shape = scope.get(part, ANY) if at == 0 else shape.key(part)
    return [one for one in _members(shape, start, offset) if one.label.startswith(word)]


def _in_braces(before: str) -> bool:
    return before.count("{") > before.count("}")


def _members(shape: Shape, start: int, end: int) -> list[Completion]:
    out: list[Completion] = []
    if shape.may(OBJECT):
        out += [
            Completion(name, "variable", name, describe(inner), "", start, end)
            for name, inner in (shape.keys or {}).items()
        ]
    if shape.kinds == ANY.kinds:
        return out
    for kind, table in ((STRING, STRING_TABLE), (LIST, LIST_TABLE), (NUMBER, NUMBER_TABLE)):
        if shape.may(kind):
            out += [Completion(name, "method", f"{name}()", "", "", start, end) for name in table]
    if shape.may(STRING | LIST):
        out.append(Completion("length", "variable", "length", "number", "", start, end))
    return out


def _scope_at(view: str, offset: int, json_schema: Any) -> dict[str, Shape]:
    data = shape_of_schema(json_schema) if isinstance(json_schema, dict) else ANY
    scope: dict[str, Shape] = dict(data.keys or {})
    root, _ = parse_view(view)
    if root is not None:
        _enter(root, offset, scope)
    return scope


def _enter(node: Any, offset: int, scope: dict[str, Shape]) -> None:
    """Add the names bound around a place, from the outside in."""
    if isinstance(node, (list, tuple)):
        for item in node:  # type: ignore[reportUnknownVariableType]
            _enter(item, offset, scope)
        return
    if not isinstance(node, ast.Node) or not node.span.start <= offset <= node.span.end:
        return
    if isinstance(node, ast.Let) and isinstance(node.pattern, ast.NamePattern):
        scope[node.pattern.id] = ANY
    mapped = mapped_list(node) if isinstance(node, ast.Call) else None
    if mapped and mapped[1].span.start <= offset:
        source = _shape_of(mapped[0].object, scope)
        _bind_params(mapped[1], source.items or ANY, scope)
    slots = ast.parts_of(type(node))
    for slot in slots:
        _enter(getattr(node, slot), offset, scope)


def _shape_of(node: ast.Expr, scope: dict[str, Shape]) -> Shape:
    if isinstance(node, ast.Name):
        return scope.get(node.id, ANY)
    if isinstance(node, ast.Member):
        return _shape_of(node.object, scope).key(node.name)
    if isinstance(node, ast.Call) and isinstance(node.callee, ast.Member):
        return _shape_of(node.callee.object, scope)
    return ANY


def _bind_params(arrow: ast.Arrow, item: Shape, scope: dict[str, Shape]) -> None:
    for at, param in enumerate(arrow.params):
        pattern = param.pattern
        if isinstance(pattern, ast.NamePattern):
            scope[pattern.id] = item if at == 0 else Shape(NUMBER)
        elif isinstance(pattern, ast.ObjectPattern):
            for key, inner, _ in pattern.fields:
                if isinstance(inner, ast.NamePattern):
                    scope[inner.id] = item.key(key)


def describe(shape: Shape) -> str:
    """A shape in TypeScript's words."""
    if shape.kinds == ANY.kinds:
        return "any"
    if shape.values and len(shape.values) <= 6:
        return " | ".join(quoted(value) if isinstance(value, str) else str(value) for value in shape.values)
    words = [
        (STRING, "string"),
        (NUMBER, "number"),
        (BOOLEAN, "boolean"),
        (LIST, f"{_grouped(describe(shape.items))}[]" if shape.items else "any[]"),
        (OBJECT, "object"),
        (NULL, "null"),
        (UNDEFINED, "undefined"),
    ]
    optional = shape.may(UNDEFINED) and shape.may(NULL)
    names = [word for kind, word in words if shape.may(kind) and not (optional and kind in (NULL, UNDEFINED))]
    return " | ".join(names) + (" (optional)" if optional else "")


def _grouped(text: str) -> str:
    return f"({text})" if " " in text else text


# ---- hover -----------------------------------------------------------------------------------


def hover(view: str, offset: int, json_schema: Any = None) -> Hover | None:
    """What is known of the word at a place of a view, None when nothing is."""
    root, _ = parse_view(view)
    if root is None:
        return None
    for element, _ in walk_elements(root):
        found = _hover_element(element, offset)
        if found is not None:
            return found
    return _hover_path(view, offset, json_schema)


def _hover_element(element: ast.Element, offset: int) -> Hover | None:
    component = COMPONENTS.get(element.tag or "")
    if component is None:
        return None
    if offset in element.tag_span:
        props = "\n".join(
            f"- `{prop.name}`{' *' if prop.required else ''}: {prop.kind.text}"
            for prop in component.props.values()
        )
        return Hover(
            element.tag_span.start, element.tag_span.end, f"**{component.name}**: {component.doc}\n\n{props}"
        )
    for attr in element.attrs:
        if isinstance(attr, ast.Attr) and offset in attr.name_span and attr.name in component.props:
            prop = component.props[attr.name]
            default = f"\n\nDefault: `{prop.default}`" if prop.default is not None else ""
            return Hover(
                attr.name_span.start,
                attr.name_span.end,
                f"`{prop.name}`: {prop.kind.text}\n\n{prop.doc}{default}",
            )
    return None


def _hover_path(view: str, offset: int, json_schema: Any) -> Hover | None:
    end = offset
    while end < len(view) and (view[end].isalnum() or view[end] in "_$"):
        end += 1
    path = _PATH.search(view[:end])
    if path is None or not path[0] or not _in_braces(view[:offset]):
        return None
    scope = _scope_at(view, offset, json_schema)
    parts = path[0].replace("?", "").split(".")
    if parts[0] not in scope:
        return None
    shape = scope[parts[0]]
    for part in parts[1:]:
        shape = shape.key(part)
    return Hover(end - len(parts[-1]), end, f"`{path[0]}`: {describe(shape)}")


__all__ = ["Completion", "CompletionKind", "Hover", "complete", "describe", "elements_with_parents", "hover"]
