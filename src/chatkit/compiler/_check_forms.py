"""Forms and accessibility: names that collide, submits that reach nothing, controls that nobody can name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from . import _ast as ast
from ._diagnostics import Findings, Fix, TextEdit
from ._jsvalue import quoted

_FIELDS = {"Input", "Textarea", "Select", "DatePicker", "Checkbox", "RadioGroup"}
_ACTIONS = ("onClickAction", "onSubmitAction", "onChangeAction")
_Walk = Iterable[tuple[ast.Element, list[ast.Element]]]


def check_forms(walk: _Walk, findings: Findings) -> None:
    """Check what a form's fields and actions do to each other."""
    elements = list(walk)
    forms: dict[int, dict[str, ast.Node]] = {}
    for element, parents in elements:
        name = _field_name(element)
        form = _form_of(parents)
        if name is None or form is None:
            continue
        names = forms.setdefault(form.id, {})
        if name[0] in names and not _repeated(element, parents, form) and element.tag != "RadioGroup":
            findings.add(
                "CK801",
                f"Two fields of this form are named `{name[0]}`; only one value arrives.",
                name[1].span,
                severity="warning",
                hint="Give each field a name of its own.",
            )
        names.setdefault(name[0], name[1])
    for element, parents in elements:
        _check_actions(element, parents, forms, findings)
        _check_submit(element, parents, findings)
    _check_labels(elements, findings)


def check_accessibility(walk: _Walk, findings: Findings) -> None:
    """Check that pictures and controls can be named by those who do not see them."""
    elements = list(walk)
    labelled = {
        label for element, _ in elements if element.tag == "Label" and (label := _text(element, "fieldName"))
    }
    dynamic = any(
        element.tag == "Label"
        and _attr(element, "fieldName") is not None
        and _text(element, "fieldName") is None
        for element, _ in elements
    )
    for element, _ in elements:
        if any(isinstance(attr, ast.Spread) for attr in element.attrs):
            continue
        at = element.tag_span.end
        if element.tag == "Image" and _attr(element, "alt") is None:
            findings.add(
                "CK901",
                "This image has no `alt`.",
                element.tag_span,
                severity="warning",
                hint='Say what it shows, or alt="" when it only decorates.',
                fixes=[Fix('Add alt=""', (TextEdit(at, at, ' alt=""'),))],
            )
        elif element.tag in _FIELDS and not _is_named(element, labelled, dynamic):
            name = _text(element, "name") or "…"
            findings.add(
                "CK902",
                f"This <{element.tag}> has no label.",
                element.tag_span,
                severity="warning",
                hint=f'Put <Label value="…" fieldName={quoted(name)} /> before it, or give it a placeholder.',
            )
        elif element.tag == "Button" and _attr(element, "label") is None:
            findings.add(
                "CK903",
                "This button has no `label` to read out.",
                element.tag_span,
                severity="info",
                hint="A button with only an icon is read out by the icon's name.",
            )


def _is_named(element: ast.Element, labelled: set[str], dynamic: bool) -> bool:
    name = _text(element, "name")
    if any(_attr(element, own) is not None for own in ("label", "ariaLabel", "placeholder")):
        return True
    return name in labelled if name is not None else dynamic


def _attr(element: ast.Element, name: str) -> ast.Attr | None:
    return next((attr for attr in element.attrs if isinstance(attr, ast.Attr) and attr.name == name), None)


def _text(element: ast.Element, name: str) -> str | None:
    attr = _attr(element, name)
    return attr.value.value if attr is not None and isinstance(attr.value, ast.Str) else None


def _field_name(element: ast.Element) -> tuple[str, ast.Node] | None:
    if element.tag in _FIELDS:
        attr = _attr(element, "name")
        return (attr.value.value, attr) if attr is not None and isinstance(attr.value, ast.Str) else None
    editable = _attr(element, "editable")
    if editable is not None and isinstance(editable.value, ast.Object):
        for prop in editable.value.props:
            if isinstance(prop, ast.Prop) and prop.key == "name" and isinstance(prop.value, ast.Str):
                return prop.value.value, prop
    return None


def _form_of(parents: list[ast.Element]) -> ast.Element | None:
    for element in reversed(parents):
        if element.tag == "Form" or (element.tag == "Card" and _is_form_card(element)):
            return element
    return None


def _is_form_card(element: ast.Element) -> bool:
    return any(_attr(element, name) is not None for name in ("asForm", "confirm", "cancel"))


def _repeated(element: ast.Element, parents: list[ast.Element], form: ast.Element) -> bool:
    """Whether an alternative of a condition may be why a name stands twice."""
    del element
    inside = parents[parents.index(form) :]
    return any(_drawn_by_choice(parent) for parent in inside)


def _drawn_by_choice(parent: ast.Element) -> bool:
    return any(
        isinstance(child, ast.Hole) and isinstance(child.value, (ast.Cond, ast.Logical))
        for child in parent.children
    )


def _check_actions(
    element: ast.Element,
    parents: list[ast.Element],
    forms: dict[int, dict[str, ast.Node]],
    findings: Findings,
) -> None:
    form = element if element.tag == "Form" or _is_form_card(element) else _form_of(parents)
    fields = forms.get(form.id, {}) if form is not None else {}
    tops = {name.split(".")[0] for name in fields}
    for action in _actions(element):
        payload = _value(action, "payload")
        if not isinstance(payload, ast.Object):
            continue
        for prop in payload.props:
            if isinstance(prop, ast.Prop) and isinstance(prop.key, str) and prop.key in tops:
                findings.add(
                    "CK802",
                    f"The payload key `{prop.key}` and a field of the form have the same name; the field's value wins.",
                    prop.span,
                    severity="warning",
                    hint="Rename one of them.",
                )


def _actions(element: ast.Element) -> Iterable[ast.Object]:
    for name in _ACTIONS:
        attr = _attr(element, name)
        if attr is not None and isinstance(attr.value, ast.Object):
            yield attr.value
    for name in ("confirm", "cancel"):
        attr = _attr(element, name)
        if attr is not None and isinstance(attr.value, ast.Object):
            inner = _value(attr.value, "action")
            if isinstance(inner, ast.Object):
                yield inner


def _value(node: ast.Object, key: str) -> ast.Expr | None:
    return next((prop.value for prop in node.props if isinstance(prop, ast.Prop) and prop.key == key), None)


def _check_submit(element: ast.Element, parents: list[ast.Element], findings: Findings) -> None:
    submit = _attr(element, "submit")
    off = submit is not None and isinstance(submit.value, ast.Bool) and not submit.value.value
    if element.tag == "Button" and submit is not None and not off and _form_of(parents) is None:
        findings.add(
            "CK803",
            "This button submits, but there is no form around it.",
            submit.span,
            severity="warning",
            hint="Put it into a <Form>, or use onClickAction.",
        )


def _check_labels(elements: list[tuple[ast.Element, list[ast.Element]]], findings: Findings) -> None:
    names = {name[0] for element, _ in elements if (name := _field_name(element))}
    computed = any(
        element.tag in _FIELDS
        and (attr := _attr(element, "name")) is not None
        and not isinstance(attr.value, ast.Str)
        for element, _ in elements
    )
    for element, _ in elements:
        wanted = _text(element, "fieldName") if element.tag == "Label" else None
        if wanted is not None and wanted not in names and not computed:
            attr = cast("ast.Attr", _attr(element, "fieldName"))
            findings.add(
                "CK804",
                f"No field is named `{wanted}`.",
                attr.span,
                severity="warning",
                hint=f"Fields: {', '.join(sorted(names))}." if names else "Add the field, or use <Caption>.",
            )
