"""JavaScript expressions as Jinja expressions that mean the same and never raise for absent data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from . import _ast as ast
from ._emit_base import DICT_METHODS, RESERVED, Deferred, Piece, Scope, Untranslatable, either
from ._emit_choices import ChoiceEmitter
from ._jsvalue import number_text, quoted
from ._shapes import (
    ANY,
    COUNT,
    LIST,
    LOST,
    NAN,
    NULL,
    NULLISH,
    NUMBER,
    OBJECT,
    STRING,
    TEXT,
    TRUTH,
    UNDEFINED,
    Shape,
)


class ExpressionEmitter(ChoiceEmitter):
    """Translates expressions. What needs a loop is written as statements before the place that uses it."""

    def expression(self, node: ast.Expr) -> Piece:
        """The Jinja of an expression."""
        handler = _EXPRESSIONS.get(type(node))
        if handler is None:
            raise self.fail(node, "CK312", f"{_label(node)} has no place here.", _HINTS.get(type(node)))
        self.depth += 1
        try:
            return handler(self, node)
        finally:
            self.depth -= 1

    def broken(self, node: ast.Broken) -> Piece:
        """A place that already has its diagnostic."""
        raise Untranslatable(str(node.span))

    def name(self, node: ast.Name) -> Piece:
        """A variable."""
        held = self.scope.names.get(node.id)
        if isinstance(held, Piece):
            return self._known(held)
        if isinstance(held, Deferred):
            if isinstance(held.node, ast.Arrow) or holds_elements(held.node):
                raise self.fail(
                    node,
                    "CK314",
                    f"`{node.id}` holds elements or a function; it can only be drawn or called.",
                )
            with self.within(held.scope):
                return self.expression(held.node)
        if node.id in {"NaN", "Infinity"}:
            return Piece(f"('{'nan' if node.id == 'NaN' else 'inf'}'.strip() | float)", Shape(NUMBER | NAN))
        if node.id in RESERVED or not node.id.isascii() or "$" in node.id:
            raise self.fail(
                node,
                "CK313",
                f"The data key `{node.id}` cannot be used in a template.",
                "Rename it in the schema and the data; the template language gives this name a meaning of its own.",
            )
        return self._known(Piece(node.id, self.data.key(node.id)))

    def _known(self, piece: Piece) -> Piece:
        if piece.code in self.scope.present and piece.shape.may(NULLISH):
            return Piece(piece.code, piece.shape.without(NULLISH), piece.tight)
        return piece

    def member(self, node: ast.Member) -> Piece:
        """`a.b`: nothing is raised when `a` is absent."""
        special = _CONSTANTS.get((_path(node.object) or "", node.name))
        if special is not None:
            return Piece(special, COUNT)
        target = self.expression(node.object)
        if node.name == "length" and in_chain(node) and target.shape.may(NULLISH):
            held = self.bound(target)
            counted = self.length(Piece(held.code, held.shape.without(NULLISH), held.tight))
            return Piece(f"({counted.wrapped} if {self.there(held)})", counted.shape.plus(UNDEFINED))
        return self._known(self.property_of(target, node.name, node))

    def property_of(self, target: Piece, name: str, node: ast.Node) -> Piece:
        """A named property of a piece."""
        if name == "length":
            return self.length(target)
        shape = target.shape
        found = shape.key(name)
        if not shape.may(OBJECT):
            return Piece(f"({target.wrapped} if false)", LOST)
        if shape.only(OBJECT | NULLISH) and not (name in DICT_METHODS and found.may(UNDEFINED)):
            holder = f"({target.wrapped} | default({{}}))" if shape.may(UNDEFINED) else target.wrapped
            return Piece(holder + _access(name), found)
        held = self.bound(target).wrapped
        key = quoted(name)
        return Piece(f"({held}[{key}] if {held} is mapping and {key} in {held})", found.plus(UNDEFINED))

    def length(self, target: Piece) -> Piece:
        """`.length`: UTF-16 units of a text, items of a list."""
        shape = target.shape
        if shape.only(LIST | NULLISH) and shape.may(LIST):
            return Piece(f"({self.as_list(target)} | length)", COUNT)
        held = self.bound(target)
        if shape.only(STRING | NULLISH) and shape.may(STRING):
            source = self.as_string_receiver(held)
            return Piece(f"({source} | length)", COUNT)
        if shape.only(OBJECT | NULLISH) and shape.may(OBJECT):
            return Piece(
                f"({held.wrapped} if {held.wrapped} is mapping else {{}})['length']",
                shape.key("length").plus(UNDEFINED),
            )
        code = held.wrapped
        return Piece(
            f"({code} | length if {code} is string or {code} is sequence and {code} is not mapping)",
            Shape(NUMBER | UNDEFINED),
        )

    def index(self, node: ast.Index) -> Piece:
        """`a[b]`."""
        target = self.expression(node.object)
        if isinstance(node.index, ast.Str):
            return self._known(self.property_of(target, node.index.value, node))
        key = self.bound(self.expression(node.index))
        held = self.bound(target)
        options: list[tuple[str, str]] = []
        shape = LOST
        if target.shape.may(LIST):
            number = self.as_number(key).wrapped
            test = (
                ""
                if target.shape.only(LIST)
                else f"{held.wrapped} is sequence and {held.wrapped} is not mapping and {held.wrapped} is not string and "
            )
            options.append(
                (f"{test}0 <= {number} < {held.wrapped} | length", f"{held.wrapped}[{number} | int]")
            )
            shape = either(shape, target.shape.items or ANY)
        if target.shape.may(STRING):
            number = self.as_number(key).wrapped
            options.append(
                (
                    f"{held.wrapped} is string and 0 <= {number} < {held.wrapped} | length",
                    f"{held.wrapped}[{number} | int]",
                )
            )
            shape = either(shape, TEXT)
        if target.shape.may(OBJECT):
            text = self.as_text(key)
            options.append(
                (f"{held.wrapped} is mapping and {text} in {held.wrapped}", f"{held.wrapped}[{text}]")
            )
            shape = either(shape, self._any_key(target.shape))
        code = "".join(f"{value} if {test} else " for test, value in options)
        return Piece(f"({code.removesuffix(' else ')})" if code else "(0 if false)", shape.plus(UNDEFINED))

    def _any_key(self, shape: Shape) -> Shape:
        if shape.keys is None:
            return ANY
        shapes = [*shape.keys.values(), *([shape.rest] if shape.rest else [])]
        out = LOST
        for one in shapes:
            out = either(out, one)
        return out

    def template(self, node: ast.Template) -> Piece:
        """A template literal: always a text."""
        parts = [
            quoted(part) if isinstance(part, str) else self.as_text(self.expression(part))
            for part in node.parts
        ]
        if not parts:
            return Piece('""', TEXT)
        if len(parts) == 1:
            only = node.parts[0]
            return (
                Piece(parts[0], TEXT)
                if isinstance(only, str) or parts[0].startswith("_s(")
                else Piece(f"({parts[0]} ~ '')", TEXT)
            )
        return Piece(f"({' ~ '.join(parts)})", TEXT)

    # ---- literals ----------------------------------------------------------------------------

    def array(self, node: ast.Array) -> Piece:
        """A list inside an expression."""
        runs: list[str] = []
        single: list[str] = []
        shape: Shape | None = None
        for item in node.items:
            piece = self.expression(item.value if isinstance(item, ast.Spread) else item)
            inner = (piece.shape.items or ANY) if isinstance(item, ast.Spread) else piece.shape
            shape = inner if shape is None else either(shape, inner)
            if isinstance(item, ast.Spread):
                runs += [f"[{', '.join(single)}]"] if single else []
                single = []
                runs.append(f"{self.as_list(piece)} | list")
            else:
                single.append(self.defined(piece))
        if single or not runs:
            runs.append(f"[{', '.join(single)}]")
        code = " + ".join(f"({run})" if "|" in run else run for run in runs)
        return Piece(code if len(runs) == 1 else f"({code})", Shape(LIST, shape))

    def object(self, node: ast.Object) -> Piece:
        """An object inside an expression; absent values leave no key."""
        code = "{}"
        entries: list[str] = []
        keys: dict[str, Shape] = {}
        open_ = False
        for prop in node.props:
            if isinstance(prop, ast.Spread):
                piece = self.bound(self.expression(prop.value))
                code = _merge(code, entries, f"({piece.wrapped} if {piece.wrapped} is mapping else {{}})")
                entries, open_ = [], True
                continue
            key = prop.key if isinstance(prop.key, str) else None
            key_code = (
                quoted(key) if key is not None else self.as_text(self.expression(cast("ast.Expr", prop.key)))
            )
            value = self.expression(prop.value)
            if key is None:
                open_ = True
            else:
                keys[key] = value.shape
            if value.shape.may(UNDEFINED):
                held = self.bound(value)
                code = _merge(
                    code, entries, f"({{{key_code}: {held.code}}} if {held.wrapped} is defined else {{}})"
                )
                entries = []
            else:
                entries.append(f"{key_code}: {self.defined(value)}")
        if entries or code == "{}":
            code = f"{{{', '.join(entries)}}}" if code == "{}" else _merge(code, entries, None)
        return Piece(code, Shape(OBJECT, keys=None if open_ else keys))

    # ---- functions ---------------------------------------------------------------------------

    def call(self, node: ast.Call) -> Piece:
        """A call: of a built-in, a method, or a function constant."""
        from ._emit_calls import emit_call

        return emit_call(self, node)

    def new(self, node: ast.New) -> Piece:
        """`new Date(x)`."""
        from ._emit_numbers import emit_new

        return emit_new(self, node)

    def let(self, node: ast.Let) -> Piece:
        """A constant inside an expression."""
        scope = Scope(dict(self.scope.names), self.scope.present)
        with self.within(scope):
            self.constant(node.pattern, node.value)
            return self.expression(node.body)

    def constant(self, pattern: ast.Pattern, value: ast.Expr) -> None:
        """Bind a constant in the present scope; elements and functions are kept for the place of use."""
        if isinstance(pattern, ast.NamePattern) and (isinstance(value, ast.Arrow) or holds_elements(value)):
            outer = Scope(dict(self.scope.names), self.scope.present)
            self.scope.names[pattern.id] = Deferred(value, outer)
            return
        self.bind(pattern, self.expression(value), None)

    def bind(self, pattern: ast.Pattern, value: Piece, default: ast.Expr | None) -> None:
        """Give names to the parts of a value, in the present scope."""
        if default is not None and value.shape.may(UNDEFINED):
            held = self.bound(value)
            fallback = self.expression(default)
            shape = either(held.shape.without(UNDEFINED), fallback.shape)
            value = Piece(f"({held.wrapped} if {held.wrapped} is defined else {fallback.wrapped})", shape)
        if isinstance(pattern, ast.NamePattern):
            self._bind_name(pattern.id, value)
            return
        held = self.bound(value)
        if isinstance(pattern, ast.ObjectPattern):
            self._bind_object(pattern, held)
            return
        for at, entry in enumerate(pattern.items):
            if entry is not None:
                items = self.as_list(held)
                inner = Piece(
                    f"({items}[{at}] if {items} | length > {at})", (held.shape.items or ANY).plus(UNDEFINED)
                )
                self.bind(entry[0], inner, entry[1])
        if pattern.rest is not None:
            self._bind_name(
                pattern.rest.id,
                Piece(f"({self.as_list(held)})[{len(pattern.items)}:]", Shape(LIST, held.shape.items)),
            )

    def _bind_object(self, pattern: ast.ObjectPattern, held: Piece) -> None:
        for key, inner, default in pattern.fields:
            self.bind(inner, self.property_of(held, key, pattern), default)
        if pattern.rest is not None:
            taken = ", ".join(quoted(key) for key, _, _ in pattern.fields)
            source = f"({held.wrapped} if {held.wrapped} is mapping else {{}})"
            self._bind_name(
                pattern.rest.id,
                Piece(f"dict({source} | items | rejectattr(0, 'in', [{taken}]))", Shape(OBJECT)),
            )

    def _bind_name(self, name: str, value: Piece) -> None:
        if value.simple:
            self.scope.names[name] = value
            return
        local = self.local(name)
        self.out.append(f"{{%-set {local} = {value.code} -%}}")
        self.scope.names[name] = Piece(local, value.shape)

    def inline(self, arrow: ast.Arrow, args: list[Piece], scope: Scope) -> ast.Expr:
        """Enter a function: bind its parameters in `scope`, and give its body."""
        if self.depth > 90 or len(scope.names) > 400:
            raise self.fail(arrow, "CK306", "Functions are nested too deeply.")
        with self.within(scope):
            for at, param in enumerate(arrow.params):
                self.bind(
                    param.pattern, args[at] if at < len(args) else Piece("(0 if false)", LOST), param.default
                )
        return arrow.body

    def applied(self, arrow: ast.Arrow, args: list[Piece]) -> Piece:
        """The value of a function for some arguments."""
        scope = Scope(dict(self.scope.names), self.scope.present)
        body = self.inline(arrow, args, scope)
        with self.within(scope):
            return self.expression(body)


def holds_elements(node: ast.Expr) -> bool:
    """Whether an expression gives elements: itself, in its branches, or through a function it maps with."""
    if isinstance(node, ast.Element):
        return True
    parts: list[Any] = []
    if isinstance(node, ast.Cond):
        parts = [node.then, node.other]
    elif isinstance(node, ast.Logical):
        parts = [node.left, node.right]
    elif isinstance(node, (ast.Let, ast.Arrow)):
        parts = [node.body]
    elif isinstance(node, ast.Array):
        parts = [item.value if isinstance(item, ast.Spread) else item for item in node.items]
    elif isinstance(node, ast.Call):
        parts = [arg for arg in node.args if isinstance(arg, ast.Arrow)]
        parts += [node.callee.object] if isinstance(node.callee, ast.Member) else []
    return any(holds_elements(part) for part in parts)


def in_chain(node: ast.Expr) -> bool:
    """Whether an expression ends early when something in it is absent: `a?.b.c`."""
    while isinstance(node, (ast.Member, ast.Index, ast.Call)):
        if node.optional:
            return True
        node = node.callee if isinstance(node, ast.Call) else node.object
    return False


def _access(name: str) -> str:
    plain = name.isidentifier() and name.isascii() and name not in DICT_METHODS and not name.startswith("_")
    return f".{name}" if plain and name not in {"none", "true", "false"} else f"[{quoted(name)}]"


def _merge(code: str, entries: list[str], extra: str | None) -> str:
    parts = [code] if code != "{}" else []
    parts += [f"{{{', '.join(entries)}}}"] if entries else []
    parts += [extra] if extra else []
    out = parts[0]
    for part in parts[1:]:
        out = f"dict({out}, **{part})"
    return out


def _path(node: ast.Expr) -> str | None:
    return node.id if isinstance(node, ast.Name) else None


def _label(node: ast.Expr) -> str:
    return _LABELS.get(type(node), type(node).__name__)


_LABELS: dict[type, str] = {
    ast.Element: "An element",
    ast.Arrow: "A function",
    ast.Regex: "A regular expression",
}
_HINTS: dict[type, str] = {
    ast.Element: "Elements are drawn between tags or held in a constant.",
    ast.Arrow: "Call it, or give it to map, filter or the like.",
    ast.Regex: "Use includes, startsWith, split or replaceAll with text.",
}
_CONSTANTS = {("Math", "PI"): "3.141592653589793", ("Math", "E"): "2.718281828459045"}
_EXPRESSIONS: dict[type, Callable[[ExpressionEmitter, Any], Piece]] = {
    ast.Name: ExpressionEmitter.name,
    ast.Str: lambda _, node: Piece(quoted(node.value), TEXT),
    ast.Num: lambda _, node: Piece(number_text(node.value), COUNT),
    ast.Bool: lambda _, node: Piece("true" if node.value else "false", TRUTH),
    ast.Null: lambda _, __: Piece("none", Shape(NULL)),
    ast.Undefined: lambda _, __: Piece("(0 if false)", LOST),
    ast.Broken: ExpressionEmitter.broken,
    ast.Template: ExpressionEmitter.template,
    ast.Member: ExpressionEmitter.member,
    ast.Index: ExpressionEmitter.index,
    ast.Call: ExpressionEmitter.call,
    ast.New: ExpressionEmitter.new,
    ast.Unary: ExpressionEmitter.unary,
    ast.Binary: ExpressionEmitter.binary,
    ast.Logical: ExpressionEmitter.logical,
    ast.Cond: ExpressionEmitter.conditional,
    ast.Array: ExpressionEmitter.array,
    ast.Object: ExpressionEmitter.object,
    ast.Let: ExpressionEmitter.let,
}
