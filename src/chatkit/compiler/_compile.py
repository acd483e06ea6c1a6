"""From sources to a widget: one call that the command line, CI and the Studio share."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal, cast

from . import _ast as ast
from ._compat import Dialect, emit_compat
from ._container import SchemaMode, WidgetDocument, WidgetFile
from ._diagnostics import Diagnostic, Findings
from ._emit import emit_safe
from ._evaluate import EvaluationError, Preview, evaluate_view
from ._jsvalue import as_object, too_deep
from ._literals import well_formed
from ._parse import parse_view
from ._shapes import ANY, Shape, shape_of_schema
from ._source import SourceText, Span
from ._zod import compile_zod

Mode = Literal["safe", "compat"]
_MAX_SOURCE = 400_000


@dataclass(frozen=True, slots=True)
class SourceNode:
    """One element of the view and its places in the source, as character offsets.

    `start`, `end`: the whole element; `open_start`, `open_end`: its opening tag; `inner`: between its tags, None when
    it closes itself. `parent` is the id of the element around it. `children` has what stands between its tags, in
    order: the id of an element, None for a text or an expression; `movable` says whether this one stands there itself.
    """

    id: int
    tag: str | None
    start: int
    end: int
    open_start: int
    open_end: int
    inner: tuple[int, int] | None
    parent: int | None
    props: dict[str, tuple[int, int]]
    children: tuple[int | None, ...] = ()
    movable: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """Named sample data."""

    name: str
    data: Mapping[str, Any]


@dataclass(slots=True)
class CompileResult:
    """What compiling gave. `template` and `json_schema` are None when they could not be made.

    `preview` is the first state as JavaScript would draw it, `preview_nodes` maps paths in it (`children.0.label`)
    to ids in `nodes`. `previews` and `state_nodes` hold the same for every state by name.
    """

    template: str | None
    json_schema: Any
    preview: Any
    diagnostics: list[Diagnostic]
    nodes: list[SourceNode] = field(default_factory=list[SourceNode])
    preview_nodes: dict[str, int] = field(default_factory=dict[str, int])
    previews: dict[str, Any] = field(default_factory=dict[str, Any])
    state_nodes: dict[str, dict[str, int]] = field(default_factory=dict[str, dict[str, int]])
    document: WidgetDocument | None = None

    @property
    def ok(self) -> bool:
        """Whether nothing stands in the way of using the widget."""
        return self.template is not None and not any(found.severity == "error" for found in self.diagnostics)

    def widget(self) -> dict[str, Any]:
        """The definition a `WidgetTemplate` takes. Raises ValueError when there is no template."""
        return json.loads(self.file().to_text())

    def runtime(self) -> Any:
        """The template as a `WidgetTemplate`, which does not look at data; equal templates share one.

        Raises ValueError when there is no template, WidgetTemplateError when the runtime cannot read it.
        """
        if self.template is None:
            raise ValueError("The view has errors, so there is no template to draw.")
        return _runtime(self.template)

    def file(self) -> WidgetFile:
        """The `.widget` file. Raises ValueError when there is no template."""
        if self.template is None or self.document is None:
            raise ValueError("The view has errors, so there is no template to write.")
        return WidgetFile(
            name=self.document.name,
            template=self.template,
            json_schema=self.json_schema if self.json_schema is not None else {},
            preview=self.preview,
            document=self.document,
        )


@lru_cache(maxsize=16)
def _runtime(template: str) -> Any:
    from chatkit.widgets import WidgetTemplate

    return WidgetTemplate({"version": "1.0", "name": "", "template": template, "jsonSchema": {}})


def compile_widget(
    view: str,
    schema: str | Mapping[str, Any] | None = None,
    schema_mode: SchemaMode | None = None,
    data: Mapping[str, Any] | None = None,
    states: Iterable[State | Mapping[str, Any]] = (),
    name: str = "Untitled widget",
    mode: Mode = "safe",
    *,
    dialect: Dialect | None = None,
    check: bool = True,
    document: WidgetDocument | None = None,
) -> CompileResult:
    """Compile a widget from its sources.

    `schema` is Zod source, JSON Schema text, or a JSON Schema; `data` is the default state, `states` are further
    ones (`State`, or `{"name": …, "data": …}`). Nothing is raised for faulty sources: see `diagnostics`.
    With `check` the widget is also drawn with every state and with data made up from the schema, and looked over.
    """
    view = well_formed(view)
    schema, schema_mode = _schema_source(schema, schema_mode)
    base = document or WidgetDocument.new(name, view)
    all_states = [State("Default", dict(data or {})), *_read_states(states)]
    json_schema, diagnostics = _compile_schema(schema, schema_mode)
    shape = shape_of_schema(json_schema) if isinstance(json_schema, dict) else ANY
    root, findings = _parse(view)
    template = _emit(root, findings, shape, mode, dialect) if root is not None else None
    result = CompileResult(
        template, json_schema, None, [], document=_document(base, name, view, schema, schema_mode, all_states)
    )
    if root is not None:
        result.nodes = source_nodes(root)
        draw_states(root, findings, all_states, result, text_keys=mode == "safe")
        if check:
            from ._check import check_widget

            check_widget(root, findings, all_states, result, text_keys=mode == "safe")
    result.diagnostics = [*findings.sorted(), *diagnostics, *result.diagnostics]
    return result


def compile_document(document: WidgetDocument, mode: Mode = "safe", *, check: bool = True) -> CompileResult:
    """Compile an editor document as it was read from a file."""
    schema: Any = document.json_schema if document.schema_mode == "jsonSchema" else document.schema
    return compile_widget(
        document.view,
        schema,
        document.schema_mode if document.schema is not None or document.schema_mode == "jsonSchema" else None,
        document.default_state,
        [known for state in document.states if (known := as_object(state))],
        document.name or "Untitled widget",
        mode,
        check=check,
        document=document,
    )


def _schema_source(schema: Any, mode: SchemaMode | None) -> tuple[Any, SchemaMode]:
    if isinstance(schema, str):
        schema = well_formed(schema)
        if not schema.strip():
            schema = None
        if mode is None:
            mode = "jsonSchema" if schema and schema.lstrip().startswith("{") else "zod"
    return schema, mode or ("zod" if schema is None else "jsonSchema")


def _read_states(states: Iterable[State | Mapping[str, Any]]) -> list[State]:
    out: list[State] = []
    for at, state in enumerate(states, 2):
        if isinstance(state, State):
            out.append(state)
        else:
            data = state.get("data")
            known = cast("dict[str, Any]", data) if isinstance(data, dict) else {}
            out.append(State(str(state.get("name") or f"State {at}"), known))
    return out


def _compile_schema(schema: Any, mode: SchemaMode) -> tuple[Any, list[Diagnostic]]:
    if schema is None:
        return None, []
    if mode == "zod" and isinstance(schema, str):
        json_schema, findings = compile_zod(schema)
        return json_schema, findings.sorted()
    findings = Findings(SourceText(schema if isinstance(schema, str) else ""), "schema")
    json_schema = _json_schema(schema, findings)
    return json_schema, findings.sorted()


def _json_schema(schema: Any, findings: Findings) -> Any:
    if isinstance(schema, str):
        try:
            schema = json.loads(schema)
        except json.JSONDecodeError as error:
            findings.add("CK508", f"The schema is not JSON: {error.msg}.", Span(error.pos, error.pos + 1))
            return None
        except (ValueError, RecursionError):
            findings.add("CK508", "The schema is not JSON.", Span(0, 0))
            return None
    if not isinstance(schema, Mapping) or too_deep(dict(cast("Mapping[str, Any]", schema))):
        findings.add("CK508", "The schema is not a JSON object of sensible depth.", Span(0, 0))
        return None
    from ._schema_check import schema_problem

    known = dict(cast("Mapping[str, Any]", schema))
    problem = schema_problem(known)
    if problem is not None:
        findings.add("CK509", f"The schema is not a valid JSON Schema: {problem}", Span(0, 0))
        return None
    return known


def _parse(view: str) -> tuple[ast.Element | None, Findings]:
    if len(view) > _MAX_SOURCE:
        findings = Findings(SourceText(view[:1]))
        findings.add("CK306", f"The view has more than {_MAX_SOURCE} characters.", Span(0, 0))
        return None, findings
    return parse_view(view)


def _emit(
    root: ast.Element, findings: Findings, shape: Shape, mode: Mode, dialect: Dialect | None
) -> str | None:
    if findings.failed:
        return None
    if mode == "compat":
        return emit_compat(root, findings, dialect)
    return emit_safe(root, findings, shape)


def draw_states(
    root: ast.Element, findings: Findings, states: Sequence[State], result: CompileResult, *, text_keys: bool
) -> None:
    """Evaluate the view with every state; where JavaScript would throw, say so."""
    if findings.failed:
        return
    for at, state in enumerate(states):
        drawn = _draw(root, findings, state, text_keys)
        if drawn is None:
            continue
        result.previews[state.name], result.state_nodes[state.name] = drawn.value, drawn.nodes
        if at == 0:
            result.preview, result.preview_nodes = drawn.value, drawn.nodes


def _draw(root: ast.Element, findings: Findings, state: State, text_keys: bool) -> Preview | None:
    """The preview for one state, None with a finding when the view throws."""
    try:
        return evaluate_view(root, state.data, text_keys=text_keys)
    except EvaluationError as error:
        findings.add(
            error.code, error.message, error.span, severity="warning", hint=error.hint, state=state.name
        )
        return None


def view_nodes(view: str) -> list[SourceNode]:
    """The elements of a view in source order, with the ids that editing functions take; of a broken view, those read."""
    root, _ = _parse(well_formed(view))
    return [] if root is None else source_nodes(root)


def source_nodes(root: ast.Element) -> list[SourceNode]:
    """Every element of a view in source order."""
    out: list[SourceNode] = []
    pending: list[tuple[Any, ast.Element | None]] = [(root, None)]
    while pending:
        node, parent = pending.pop()
        if isinstance(node, ast.Element):
            out.append(_source_node(node, parent))
            parent = node
        if isinstance(node, ast.Node):
            slots = ast.parts_of(type(node))
            pending.extend((getattr(node, slot), parent) for slot in slots)
        elif isinstance(node, (list, tuple)):
            pending.extend((item, parent) for item in cast("Sequence[Any]", node))
    return sorted(out, key=lambda node: (node.start, node.id))


def _source_node(node: ast.Element, parent: ast.Element | None) -> SourceNode:
    return SourceNode(
        id=node.id,
        tag=node.tag,
        start=node.span.start,
        end=node.span.end,
        open_start=node.open_span.start,
        open_end=node.open_span.end,
        inner=(node.inner.start, node.inner.end) if node.inner else None,
        parent=None if parent is None else parent.id,
        props={
            attr.name: (attr.span.start, attr.span.end) for attr in node.attrs if isinstance(attr, ast.Attr)
        },
        children=tuple(child.id if isinstance(child, ast.Element) else None for child in node.children),
        movable=parent is not None and any(child is node for child in parent.children),
    )


def _document(
    base: WidgetDocument, name: str, view: str, schema: Any, mode: SchemaMode, states: Sequence[State]
) -> WidgetDocument:
    zod = schema if mode == "zod" and isinstance(schema, str) else base.schema
    json_side = base.json_schema
    if mode == "jsonSchema" and schema is not None:
        json_side = _loads(schema) if isinstance(schema, str) else dict(schema)
    further = [{"name": state.name, "data": dict(state.data)} for state in states[1:]]
    return WidgetDocument(
        id=base.id,
        name=base.name or name,
        view=view,
        default_state=dict(states[0].data),
        schema=zod,
        schema_mode=mode,
        json_schema=json_side,
        states=further or ([] if base.states == [] else base.states),
        fields=base.fields,
    )


def _loads(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return {}
