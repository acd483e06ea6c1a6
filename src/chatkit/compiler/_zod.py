"""Reads a schema source (a TypeScript module that uses Zod) and gives its JSON Schema."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from . import _ast as ast
from ._diagnostics import Findings, did_you_mean
from ._grammar import faults, parse_tsx
from ._jsvalue import UNDEFINED, Function, text
from ._parse import ViewReader
from ._source import SourceText, Span
from ._throw import Thrown
from ._zod_calls import FUNCTIONS, method_names, zod_method, zod_property
from ._zod_types import ZodType, to_json_schema

if TYPE_CHECKING:
    from tree_sitter import Node as SyntaxNode


class _Failed(Exception):
    """A diagnostic has been given; this part of the schema has no value."""


@dataclass(frozen=True, slots=True)
class _Namespace:
    """`z`, or a part of it such as `z.iso`."""

    path: str


@dataclass(slots=True)
class _Module:
    constants: dict[str, ast.Expr] = field(default_factory=dict[str, ast.Expr])
    namespaces: set[str] = field(default_factory=set[str])
    default: ast.Expr | None = None


def compile_zod(source: str, findings: Findings | None = None) -> tuple[dict[str, Any] | None, Findings]:
    """The JSON Schema of a Zod source, or None with findings that say why there is none."""
    found = findings or Findings(SourceText(source), "schema")
    module = _SchemaReader(found.source, found).module()
    if module.default is None:
        if not found.failed:
            found.add(
                "CK501",
                "The schema exports nothing.",
                Span(0, len(source)),
                hint="End it with `export default WidgetState`.",
            )
        return None, found
    reader = _ZodReader(module, found)
    try:
        value = reader.value(module.default, {})
        if not isinstance(value, ZodType):
            found.add("CK502", "The default export is not a Zod type.", module.default.span)
            return None, found
        schema = to_json_schema(value)
    except _Failed:
        return None, found
    except Thrown as thrown:
        found.add("CK503", str(thrown), module.default.span, hint=thrown.hint)
        return None, found
    except RecursionError:
        found.add("CK503", "The schema is nested too deeply.", module.default.span)
        return None, found
    return (None if found.failed else schema), found


class _SchemaReader(ViewReader):
    """Reads the statements of a schema module."""

    def module(self) -> _Module:
        tree = parse_tsx(self.source)
        out = _Module()
        for node in tree.named_children:
            reader = _STATEMENTS.get(node.type)
            if reader is not None:
                reader(self, node, out)
        for fault in faults(tree):
            shown = " ".join(self.text(fault).split())[:24]
            self.findings.add(
                "CK504",
                f"Cannot read `{shown}` here." if shown else "Something is missing here.",
                self.span(fault),
            )
        return out

    def import_(self, node: SyntaxNode, out: _Module) -> None:
        clause = next((child for child in node.named_children if child.type == "import_clause"), None)
        source = node.child_by_field_name("source")
        package = self.text(source).strip("'\"") if source is not None else ""
        if package not in {"zod", "zod/v4", "zod/v3"}:
            self.findings.add(
                "CK505",
                f"A schema cannot import `{package}`.",
                self.span(node),
                hint='Only `import { z } from "zod"`.',
            )
            return
        names = [self.text(child) for child in (clause.named_children if clause else [])]
        for name in (
            " ".join(names).replace("{", " ").replace("}", " ").replace(",", " ").replace("* as", " ").split()
        ):
            out.namespaces.add(name)

    def constants(self, node: SyntaxNode, out: _Module) -> None:
        for one in node.named_children:
            name, value = one.child_by_field_name("name"), one.child_by_field_name("value")
            if one.type == "variable_declarator" and name is not None and value is not None:
                out.constants[self.text(name)] = self.expression(value)

    def export(self, node: SyntaxNode, out: _Module) -> None:
        value = node.child_by_field_name("value")
        if value is not None:
            out.default = self.expression(value)
        declaration = node.child_by_field_name("declaration")
        if declaration is not None and declaration.type in _DECLARED:
            _DECLARED[declaration.type](self, declaration, out)

    def enum(self, node: SyntaxNode, out: _Module) -> None:
        """A TypeScript enum as the object that it is when the module runs."""
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        if name is None or body is None:
            return
        props: list[ast.Prop | ast.Spread] = []
        following = 0
        for child in body.named_children:
            if child.type == "comment":
                continue
            key = child.child_by_field_name("name") or child
            written = child.child_by_field_name("value")
            value = (
                self.expression(written) if written is not None else ast.Num(self.span(child), following, "")
            )
            if isinstance(value, ast.Num):
                following = int(value.value) + 1
            props.append(ast.Prop(self.span(child), self.text(key).strip("\"'"), value))
        out.constants[self.text(name)] = ast.Object(self.span(node), props)

    def _unsupported(self, node: SyntaxNode) -> ast.Broken:
        return ast.Broken(self.span(node))


_DECLARED: dict[str, Callable[[_SchemaReader, SyntaxNode, _Module], None]] = {
    "lexical_declaration": _SchemaReader.constants,
    "enum_declaration": _SchemaReader.enum,
}
_STATEMENTS: dict[str, Callable[[_SchemaReader, SyntaxNode, _Module], None]] = {
    **_DECLARED,
    "import_statement": _SchemaReader.import_,
    "export_statement": _SchemaReader.export,
}


class _ZodReader:
    """Evaluates the expressions of a schema module."""

    def __init__(self, module: _Module, findings: Findings) -> None:
        self.module = module
        self.findings = findings
        self._known: dict[str, Any] = {}
        self._open: list[str] = []

    def value(self, node: ast.Expr, scope: dict[str, Any]) -> Any:
        """The value of an expression: a Zod type, a namespace, or plain data."""
        handler = _HANDLERS.get(type(node))
        if handler is None:
            return self._fail(node, "CK504", "This cannot stand in a schema.")
        return handler(self, node, scope)

    def _fail(self, node: ast.Node, code: str, message: str, hint: str | None = None) -> Any:
        self.findings.add(code, message, node.span, hint=hint)
        raise _Failed

    def name(self, node: ast.Name, scope: dict[str, Any]) -> Any:
        if node.id in scope:
            return scope[node.id]
        if node.id in self.module.constants:
            return self._constant(node)
        if node.id in self.module.namespaces or node.id == "z":
            return _Namespace("")
        names = [*self.module.constants, "z"]
        return self._fail(node, "CK506", f"`{node.id}` is not defined.", did_you_mean(node.id, names))

    def _constant(self, node: ast.Name) -> Any:
        name = node.id
        if name in self._known:
            return self._known[name]
        if name in self._open:
            return ZodType("lazy", {}, lazy=lambda: self._known[name])
        self._open.append(name)
        try:
            self._known[name] = self.value(self.module.constants[name], {})
        finally:
            self._open.remove(name)
        return self._known[name]

    def member(self, node: ast.Member, scope: dict[str, Any]) -> Any:
        target = self.value(node.object, scope)
        if isinstance(target, _Namespace):
            return _Namespace(f"{target.path}.{node.name}" if target.path else node.name)
        if isinstance(target, ZodType):
            found = zod_property(target, node.name)
            if found is not None:
                return found
            return self._fail(
                node,
                "CK507",
                f"This type has no `{node.name}`.",
                did_you_mean(node.name, method_names(target)),
            )
        if isinstance(target, dict):
            return cast("dict[str, Any]", target).get(node.name, UNDEFINED)
        return self._fail(node, "CK504", f"`{node.name}` cannot be read here.")

    def index(self, node: ast.Index, scope: dict[str, Any]) -> Any:
        target, key = self.value(node.object, scope), self.value(node.index, scope)
        if isinstance(target, dict):
            return cast("dict[str, Any]", target).get(text(key), UNDEFINED)
        return self._fail(node, "CK504", "This cannot be read here.")

    def call(self, node: ast.Call, scope: dict[str, Any]) -> Any:
        callee = node.callee
        if isinstance(callee, ast.Member):
            target = self.value(callee.object, scope)
            if isinstance(target, _Namespace):
                return self._function(
                    node, f"{target.path}.{callee.name}".lstrip("."), callee.name_span, scope
                )
            if isinstance(target, ZodType):
                return self._method(node, callee, target, scope)
        return self._fail(node, "CK507", "This cannot be called in a schema.")

    def _function(self, node: ast.Call, name: str, span: Span, scope: dict[str, Any]) -> Any:
        if name == "lazy":
            return self._lazy(node)
        if name in _IGNORED_IN_CHECK:
            return UNDEFINED
        function = FUNCTIONS.get(name)
        if function is None:
            self.findings.add(
                "CK507", f"Zod has no `z.{name}` here.", span, hint=did_you_mean(name, FUNCTIONS)
            )
            raise _Failed
        return self._run(node, function, self._arguments(node.args, scope, name in _LENIENT))

    def _lazy(self, node: ast.Call) -> ZodType:
        arrow = node.args[0] if node.args else None
        if not isinstance(arrow, ast.Arrow):
            return self._fail(node, "CK502", "z.lazy takes a function.", "z.lazy(() => Item)")
        return self.value(arrow.body, {})

    def _method(self, node: ast.Call, callee: ast.Member, target: ZodType, scope: dict[str, Any]) -> Any:
        function = zod_method(target, callee.name)
        if function is None:
            hint = did_you_mean(callee.name, method_names(target))
            if target.inner is not None and zod_method(target.inner, callee.name):
                hint = f"Write .{callee.name}(…) before .{target.kind}()."
            self.findings.add(
                "CK507", f"This {target.kind} has no `.{callee.name}()`.", callee.name_span, hint=hint
            )
            raise _Failed
        return self._run(node, function, self._arguments(node.args, scope, callee.name in _LENIENT))

    def _run(self, node: ast.Call, function: Callable[[list[Any]], Any], args: list[Any]) -> Any:
        try:
            return function(args)
        except Thrown as thrown:
            return self._fail(node, "CK502", str(thrown), thrown.hint)
        except (IndexError, KeyError):
            return self._fail(node, "CK502", "An argument is missing here.")

    def _arguments(
        self, nodes: list[ast.Expr | ast.Spread], scope: dict[str, Any], lenient: bool
    ) -> list[Any]:
        out: list[Any] = []
        for node in nodes:
            if lenient and isinstance(node, (ast.Arrow, ast.Broken)):
                out.append(UNDEFINED)
            elif isinstance(node, ast.Spread):
                out.extend(cast("list[Any]", self.value(node.value, scope)))
            else:
                out.append(self.value(node, scope))
        return out

    def array(self, node: ast.Array, scope: dict[str, Any]) -> Any:
        out: list[Any] = []
        for item in node.items:
            if isinstance(item, ast.Spread):
                value = self.value(item.value, scope)
                out.extend(cast("list[Any]", value) if isinstance(value, list) else [])
            else:
                out.append(self.value(item, scope))
        return out

    def object(self, node: ast.Object, scope: dict[str, Any]) -> Any:
        out: dict[str, Any] = {}
        failed = False
        for prop in node.props:
            try:
                if isinstance(prop, ast.Spread):
                    value = self.value(prop.value, scope)
                    out.update(cast("dict[str, Any]", value) if isinstance(value, dict) else {})
                else:
                    key = prop.key if isinstance(prop.key, str) else text(self.value(prop.key, scope))
                    out[key] = self.value(prop.value, scope)
            except _Failed:
                failed = True
        if failed:
            raise _Failed
        return out

    def new(self, node: ast.New, scope: dict[str, Any]) -> Any:
        if isinstance(node.callee, ast.Name) and node.callee.id == "RegExp":
            args = self._arguments(node.args, scope, False)
            return {"source": text(args[0]) if args else "", "flags": "", "/": True}
        return self._fail(node, "CK504", "`new` has no place in a schema.")

    def unary(self, node: ast.Unary, scope: dict[str, Any]) -> Any:
        value = self.value(node.value, scope)
        if node.op == "-" and isinstance(value, (int, float)):
            return -value
        return self._fail(node, "CK504", "This cannot be computed in a schema.")

    def template(self, node: ast.Template, scope: dict[str, Any]) -> Any:
        return "".join(
            part if isinstance(part, str) else text(self.value(part, scope)) for part in node.parts
        )


_LENIENT = frozenset(
    [
        "refine",
        "superRefine",
        "check",
        "transform",
        "overwrite",
        "preprocess",
        "default",
        "prefault",
        "catch",
        "custom",
        "string",
        "number",
        "instanceof",
        "meta",
        "object",
        "min",
        "max",
        "length",
        "brand",
        "register",
        "function",
    ]
)
_IGNORED_IN_CHECK = {"minLength", "maxLength", "globalRegistry", "overwrite", "refine"}
_HANDLERS: dict[type, Callable[[_ZodReader, Any, dict[str, Any]], Any]] = {
    ast.Name: _ZodReader.name,
    ast.Member: _ZodReader.member,
    ast.Index: _ZodReader.index,
    ast.Call: _ZodReader.call,
    ast.New: _ZodReader.new,
    ast.Array: _ZodReader.array,
    ast.Object: _ZodReader.object,
    ast.Unary: _ZodReader.unary,
    ast.Template: _ZodReader.template,
    ast.Str: lambda _, node, __: node.value,
    ast.Num: lambda _, node, __: node.value,
    ast.Bool: lambda _, node, __: node.value,
    ast.Null: lambda _, __, ___: None,
    ast.Undefined: lambda _, __, ___: UNDEFINED,
    ast.Arrow: lambda _, __, ___: Function("", lambda _: UNDEFINED),
    ast.Regex: lambda _, node, __: {"source": node.pattern, "flags": node.flags, "/": True},
}
