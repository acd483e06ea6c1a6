"""Components, properties, values and children rules, against the component definitions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

import jsonschema_rs

from chatkit.widgets.definitions import COMPONENTS, ROOTS, Component, Prop

from . import _ast as ast
from ._check_pasted import component_for_html, report_text_inside
from ._diagnostics import Findings, Fix, Severity, TextEdit, closest, did_you_mean
from ._jsvalue import as_object, json_text
from ._literals import well_formed_value
from ._source import Span
from ._tokens import color_names, icon_names, is_color, is_icon

_UNKNOWN = object()
_COLOR_KEYS = {"color", "background"}


def check_elements(root: ast.Element, findings: Findings) -> None:
    """Check every element of a view where it is written."""
    if root.tag not in ROOTS:
        findings.add(
            "CK402",
            f"A widget cannot start with <{root.tag or ''}>.",
            root.tag_span,
            hint=f"Start with {', '.join(f'<{name}>' for name in ROOTS)}.",
        )
    for element, parents in walk_elements(root):
        _check_element(element, parents, findings)


def walk_elements(root: ast.Element) -> Iterator[tuple[ast.Element, list[ast.Element]]]:
    """Every element with the elements around it, outermost first; fragments are left out of both."""
    pending: list[tuple[Any, list[ast.Element]]] = [(root, [])]
    while pending:
        node, parents = pending.pop()
        if isinstance(node, ast.Element):
            if node.tag is not None:
                yield node, parents
                parents = [*parents, node]
            pending.extend((child, parents) for child in reversed(node.children))
            pending.extend((attr, parents) for attr in node.attrs)
        elif isinstance(node, ast.Node):
            slots = ast.parts_of(type(node))
            pending.extend((getattr(node, slot), parents) for slot in reversed(slots))
        elif isinstance(node, (list, tuple)):
            pending.extend((item, parents) for item in reversed(cast("list[Any]", node)))


def _check_element(element: ast.Element, parents: list[ast.Element], findings: Findings) -> None:
    component = COMPONENTS.get(element.tag or "")
    if component is None:
        _unknown_component(element, findings)
        return
    _check_place(element, component, parents, findings)
    given = {attr.name for attr in element.attrs if isinstance(attr, ast.Attr)}
    spread = any(isinstance(attr, ast.Spread) for attr in element.attrs)
    for attr in element.attrs:
        if isinstance(attr, ast.Attr):
            _check_attribute(attr, component, findings)
    for name in component.required:
        if name not in given and not spread and name != _text_prop(element, component):
            findings.add(
                "CK404",
                f"<{component.name}> needs `{name}`.",
                element.tag_span,
                hint=component.props[name].doc,
                fixes=[_insertion(element, component.props[name])],
            )


def _insertion(element: ast.Element, prop: Prop) -> Fix:
    at = element.tag_span.end
    value = (
        '""'
        if prop.kind.name in {"string", "text", "icon", "url", "date"}
        else "{}"
        if prop.kind.name != "options"
        else "{[]}"
    )
    return Fix(f"Add {prop.name}", (TextEdit(at, at, f" {prop.name}={value}"),))


def _unknown_component(element: ast.Element, findings: Findings) -> None:
    tag = element.tag or ""
    near = component_for_html(tag) or closest(tag, COMPONENTS)
    fixes: list[Fix] = []
    if near:
        edits = [TextEdit(element.tag_span.start, element.tag_span.end, near)]
        if element.close_tag_span:
            edits.append(TextEdit(element.close_tag_span.start, element.close_tag_span.end, near))
        fixes.append(Fix(f"Change to <{near}>", tuple(edits)))
    hint = f"Did you mean <{near}>?" if near else f"Components: {', '.join(COMPONENTS)}."
    if component_for_html(tag):
        hint = f"A widget has no HTML elements; <{near}> is the component for it."
    findings.add("CK401", f"There is no component <{tag}>.", element.tag_span, hint=hint, fixes=fixes)


def _check_place(
    element: ast.Element, component: Component, parents: list[ast.Element], findings: Findings
) -> None:
    parent = parents[-1] if parents else None
    holder = COMPONENTS.get(parent.tag or "") if parent else None
    if component.only_inside and parent is not None and parent.tag not in component.only_inside:
        findings.add(
            "CK406",
            f"<{component.name}> belongs directly into {' or '.join(f'<{name}>' for name in component.only_inside)}.",
            element.tag_span,
        )
    elif holder is not None and holder.only_children and component.name not in holder.only_children:
        findings.add(
            "CK406",
            f"<{holder.name}> takes only {' and '.join(f'<{name}>' for name in holder.only_children)} as children.",
            element.tag_span,
        )
    elif parent is not None and component.root and component.name != "Basic":
        findings.add(
            "CK409",
            f"<{component.name}> is meant as the root of a widget.",
            element.tag_span,
            severity="warning",
            hint="The original's documentation forbids it here; it is drawn all the same. <Box> or <Col> may do.",
        )
    if element.children and component.children == "none":
        prop = _text_prop(element, component)
        if prop is not None:
            report_text_inside(element, prop, findings)
        else:
            findings.add(
                "CK406", f"<{component.name}> takes no children.", element.inner or element.open_span
            )


def _text_prop(element: ast.Element, component: Component) -> str | None:
    """The property that takes the text somebody wrote between the tags, when it is not given yet."""
    given = {attr.name for attr in element.attrs if isinstance(attr, ast.Attr)}
    if component.children != "none" or not element.children:
        return None
    return next((name for name in ("value", "label") if name in component.props and name not in given), None)


def _check_attribute(attr: ast.Attr, component: Component, findings: Findings) -> None:
    prop = component.props.get(attr.name)
    if prop is None:
        if attr.name == "children":
            return
        near = closest(attr.name, component.props)
        fixes = (
            [Fix(f"Change to {near}", (TextEdit(attr.name_span.start, attr.name_span.end, near),))]
            if near
            else []
        )
        fixes.append(Fix("Remove it", (TextEdit(attr.span.start, attr.span.end, ""),)))
        findings.add(
            "CK403",
            f"<{component.name}> has no property `{attr.name}`.",
            attr.name_span,
            severity="warning",
            hint=did_you_mean(attr.name, component.props) or f"It has {', '.join(component.props)}.",
            fixes=fixes,
        )
        return
    for value, node in _literals(attr):
        check_value(value, prop, component.name, node.span, findings, node)


def _literals(attr: ast.Attr) -> Iterator[tuple[Any, ast.Node]]:
    """The values an attribute may have as far as they are written out, with their places."""
    pending: list[ast.Expr] = [] if attr.value is None else [attr.value]
    if attr.value is None:
        yield True, attr
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Cond):
            pending.extend((node.other, node.then))
            continue
        value = constant(node)
        if value is not _UNKNOWN and value is not None:
            yield value, node


def constant(node: ast.Expr) -> Any:
    """The value of an expression that is written out, `_UNKNOWN` for others."""
    if isinstance(node, (ast.Str, ast.Num, ast.Bool)):
        return node.value
    if isinstance(node, (ast.Null, ast.Undefined)):
        return None
    if isinstance(node, ast.Template) and all(isinstance(part, str) for part in node.parts):
        return "".join(cast("list[str]", node.parts))
    if isinstance(node, ast.Array):
        items = [_UNKNOWN if isinstance(item, ast.Spread) else constant(item) for item in node.items]
        return _UNKNOWN if _UNKNOWN in items else items
    if isinstance(node, ast.Object):
        out: dict[str, Any] = {}
        for prop in node.props:
            if isinstance(prop, ast.Spread) or not isinstance(prop.key, str):
                return _UNKNOWN
            out[prop.key] = constant(prop.value)
        return _UNKNOWN if _UNKNOWN in out.values() else out
    return _UNKNOWN


def check_value(
    value: Any,
    prop: Prop,
    component: str,
    span: Span,
    findings: Findings,
    node: ast.Node | None = None,
    *,
    state: str | None = None,
    path: str | None = None,
) -> None:
    """Check one value of a property; `node` is given when the value stands in the source."""
    if value is None:
        return
    severity: Severity = "error" if node is not None else "warning"
    if not _fits(prop, value):
        _misfit(value, prop, component, span, findings, severity, node, state, path)
    elif prop.kind.name == "icon" and isinstance(value, str) and not is_icon(value):
        _unknown_name("CK407", "icon", value, icon_names(), span, findings, node, state)
    else:
        for color in _colors(prop, value):
            if not is_color(color):
                _unknown_name("CK408", "colour", color, color_names(), span, findings, node, state)


def _colors(prop: Prop, value: Any) -> list[str]:
    kind = prop.kind.name
    if kind == "color":
        values = list(cast("dict[str, Any]", value).values()) if isinstance(value, dict) else [value]
    elif kind == "border" and isinstance(value, dict):
        sides = cast("dict[str, Any]", value)
        values = [known.get("color") for border in (sides, *sides.values()) if (known := as_object(border))]
    else:
        return []
    return [color for color in values if isinstance(color, str)]


def _misfit(
    value: Any,
    prop: Prop,
    component: str,
    span: Span,
    findings: Findings,
    severity: Severity,
    node: ast.Node | None,
    state: str | None,
    path: str | None,
) -> None:
    shown = json_text(value)
    shown = shown if len(shown) <= 48 else shown[:48] + "…"
    fixes: list[Fix] = []
    hint = f"It takes {prop.kind.text}."
    if prop.enum and isinstance(value, str):
        near = closest(value, prop.enum)
        if near:
            hint = f"Did you mean {json_text(near)}? It takes {prop.kind.text}."
            fixes = [_replacement(near, node)] if isinstance(node, ast.Str) else []
    elif (
        isinstance(value, str)
        and prop.kind.name in {"boolean", "number", "integer"}
        and isinstance(node, ast.Str)
    ):
        bare = (
            value in {"true", "false"} if prop.kind.name == "boolean" else value.replace(".", "", 1).isdigit()
        )
        fixes = (
            [Fix(f"Write {{{value}}}", (TextEdit(node.span.start, node.span.end, f"{{{value}}}"),))]
            if bare
            else []
        )
    findings.add(
        "CK405",
        f"{shown} is not a value for `{prop.name}` of <{component}>.",
        span,
        severity=severity,
        hint=hint,
        fixes=fixes,
        state=state,
        path=path,
    )


def _replacement(text: str, node: ast.Str) -> Fix:
    return Fix(f'Change to "{text}"', (TextEdit(node.span.start, node.span.end, f'"{text}"'),))


def _unknown_name(
    code: str,
    what: str,
    value: str,
    known: tuple[str, ...],
    span: Span,
    findings: Findings,
    node: ast.Node | None,
    state: str | None,
) -> None:
    near = closest(value, known)
    findings.add(
        code,
        f"There is no {what} `{value}`.",
        span,
        severity="warning",
        hint=f"Did you mean `{near}`?" if near else _NAME_HINTS[what],
        fixes=[_replacement(near, node)] if near and isinstance(node, ast.Str) else [],
        state=state,
    )


_NAME_HINTS = {
    "icon": "Built-in names, `lucide:<name>` for the Lucide set, or `vendor:<name>` for icons of the page.",
    "colour": "A token such as secondary, surface or blue-500, or a CSS colour.",
}


def _fits(prop: Prop, value: Any) -> bool:
    if prop.enum:
        return value in prop.enum
    if not prop.kind.schema:
        return True
    # The definitions are never rebuilt, so a prop's identity stands for its schema.
    validator = _VALIDATORS.get(id(prop))
    if validator is None:
        validator = _VALIDATORS[id(prop)] = jsonschema_rs.validator_for(dict(prop.kind.schema))
    return bool(validator.is_valid(well_formed_value(value)))


_VALIDATORS: dict[int, Any] = {}


def check_drawn(
    tree: Any,
    nodes: Mapping[str, int],
    elements: Mapping[int, ast.Element],
    findings: Findings,
    state: str,
    *,
    made_up: bool = False,
) -> None:
    """Check the values of a drawn state that come from data, and report them where the source reads the data."""
    for path, node_id in nodes.items():
        element = elements.get(node_id)
        drawn = _at(tree, path)
        component = COMPONENTS.get(element.tag or "") if element is not None else None
        if element is None or component is None or not isinstance(drawn, dict):
            continue
        values = cast("dict[str, Any]", drawn)
        for attr in element.attrs:
            if not isinstance(attr, ast.Attr) or attr.value is None or constant(attr.value) is not _UNKNOWN:
                continue
            prop = component.props.get(attr.name)
            if prop is not None and attr.name in values and made_up:
                _check_made_up(values[attr.name], prop, component.name, attr.value.span, findings, state)
            elif prop is not None and attr.name in values:
                place = f"{path}.{attr.name}" if path else attr.name
                check_value(
                    values[attr.name],
                    prop,
                    component.name,
                    attr.value.span,
                    findings,
                    state=state,
                    path=place,
                )
            elif (
                prop is not None and prop.required and not findings.told(("CK330", "CK331"), attr.value.span)
            ):
                findings.add(
                    "CK404",
                    f"`{attr.name}` of <{component.name}> is missing with this data.",
                    attr.value.span,
                    severity="warning",
                    hint=f"Give it a fallback: {attr.name}={{… ?? …}}.",
                    state=state,
                )


def _check_made_up(
    value: Any, prop: Prop, component: str, span: Span, findings: Findings, state: str
) -> None:
    """Made-up data shows what the schema lets through; colours and icons in it prove nothing."""
    if value is None or _fits(prop, value):
        return
    findings.add(
        "CK411",
        f"The schema allows values that `{prop.name}` of <{component}> does not take.",
        span,
        severity="info",
        hint=f"Narrow the schema to {prop.kind.text}" + (", with z.enum." if prop.enum else "."),
        state=state,
    )


def _at(tree: Any, path: str) -> Any:
    for part in path.split(".") if path else []:
        if isinstance(tree, dict):
            tree = cast("dict[str, Any]", tree).get(part)
        elif isinstance(tree, list):
            items = cast("list[Any]", tree)
            tree = items[int(part)] if part.isdecimal() and int(part) < len(items) else None
    return tree
