"""Checks of a compiled widget: components, names, forms, accessibility, data, and what is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from chatkit.errors import ChatKitError

from . import _ast as ast
from ._check_components import check_drawn, check_elements, walk_elements
from ._check_forms import check_accessibility, check_forms
from ._check_names import check_names
from ._diagnostics import Diagnostic, Findings
from ._evaluate import EvaluationError, Preview, evaluate_view
from ._jsvalue import as_object
from ._samples import generated_states
from ._schema_check import misfits
from ._shapes import shape_of_schema
from ._source import Span

if TYPE_CHECKING:
    from ._compile import CompileResult, State

_MAX_NODES = 2_000
_MAX_BYTES = 200_000


def check_widget(
    root: ast.Element, findings: Findings, states: Sequence[State], result: CompileResult, *, text_keys: bool
) -> None:
    """Look a widget over; findings go to `findings` (the view) and `result.diagnostics` (schema and data)."""
    check_elements(root, findings)
    schema = as_object(result.json_schema)
    if schema is not None:
        check_names(root, shape_of_schema(schema), findings)
    walk = list(walk_elements(root))
    check_forms(walk, findings)
    check_accessibility(walk, findings)
    for state in states:
        result.diagnostics += data_findings(result.json_schema, state)
    if result.template is not None:
        _check_states(root, findings, states, result, text_keys)


def data_findings(schema: Any, state: State) -> list[Diagnostic]:
    """Where the data of a state does not fit the schema."""
    if not isinstance(schema, dict):
        return []
    return [
        Diagnostic(
            "CK601",
            "warning",
            f"{misfit.message} ({state.name})",
            "data",
            path=misfit.path or None,
            state=state.name,
            hint="Change the data or the schema; the server checks data against the schema.",
        )
        for misfit in misfits(cast("dict[str, Any]", schema), state.data)
    ]


def _check_states(
    root: ast.Element, findings: Findings, states: Sequence[State], result: CompileResult, text_keys: bool
) -> None:
    template = _template(result, findings, root)
    if template is None:
        return
    elements = {element.id: element for element, _ in walk_elements(root)}
    for state in states:
        _check_state(root, findings, state.name, dict(state.data), template, elements, text_keys=text_keys)
    schema = as_object(result.json_schema)
    if schema is not None:
        tried = [dict(state.data) for state in states]
        for name, data in generated_states(schema).items():
            if data in tried:
                continue
            tried.append(data)
            _check_state(
                root,
                findings,
                f"made up: {name}",
                data,
                template,
                elements,
                made_up=True,
                text_keys=text_keys,
            )


def _template(result: CompileResult, findings: Findings, root: ast.Element) -> Any:
    try:
        return result.runtime()
    except ChatKitError as error:
        findings.add("CK704", f"The template cannot be read: {error}", root.tag_span)
        return None


def _check_state(
    root: ast.Element,
    findings: Findings,
    name: str,
    data: dict[str, Any],
    template: Any,
    elements: dict[int, ast.Element],
    *,
    made_up: bool = False,
    text_keys: bool,
) -> None:
    try:
        preview = evaluate_view(root, data, text_keys=text_keys)
    except EvaluationError as error:
        findings.add(error.code, error.message, error.span, severity="warning", hint=error.hint, state=name)
        return
    check_drawn(preview.value, preview.nodes, elements, findings, name, made_up=made_up)
    if len(preview.nodes) > _MAX_NODES:
        findings.add(
            "CK710",
            f"This draws {len(preview.nodes)} components.",
            root.tag_span,
            severity="warning",
            hint=f"Above {_MAX_NODES} a chat becomes slow; show fewer items.",
            state=name,
        )
    _compare(root, findings, name, data, template, preview, made_up)


def _compare(
    root: ast.Element,
    findings: Findings,
    name: str,
    data: dict[str, Any],
    template: Any,
    preview: Preview,
    made_up: bool,
) -> None:
    try:
        rendered = template.render(data)
    except ChatKitError as error:
        findings.add(
            "CK705",
            f"The template fails with this data: {error}",
            root.tag_span,
            severity="warning",
            hint="Compile in safe mode, which guards what may be absent.",
            state=name,
        )
        return
    difference = first_difference(preview.value, rendered)
    if difference is not None:
        findings.add(
            "CK706",
            f"The template draws `{difference}` otherwise than the preview.",
            _place(root, preview, difference),
            severity="warning",
            hint="Compile in safe mode, where both are the same." if not made_up else None,
            state=name,
        )


def _place(root: ast.Element, preview: Preview, path: str) -> Span:
    elements = {element.id: element for element, _ in walk_elements(root)}
    parts = path.split(".")
    while parts:
        parts.pop()
        node = preview.nodes.get(".".join(parts))
        if node is not None and node in elements:
            return elements[node].tag_span
    return root.tag_span


def first_difference(left: Any, right: Any, path: str = "") -> str | None:
    """The path of the first difference of two drawn widgets; an absent key and a null one are the same."""
    if isinstance(left, dict) and isinstance(right, dict):
        first, second = cast("dict[str, Any]", left), cast("dict[str, Any]", right)
        for key in {**first, **second}:
            found = first_difference(first.get(key), second.get(key), f"{path}.{key}" if path else key)
            if found is not None:
                return found
        return None
    if isinstance(left, list) and isinstance(right, list):
        ones, others = cast("list[Any]", left), cast("list[Any]", right)
        if len(ones) != len(others):
            return path or "the root"
        for at, (one, other) in enumerate(zip(ones, others, strict=True)):
            found = first_difference(one, other, f"{path}.{at}" if path else str(at))
            if found is not None:
                return found
        return None
    same = left == right and isinstance(left, bool) == isinstance(right, bool)
    return None if same else path or "the root"
