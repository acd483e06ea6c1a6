"""JavaScript expressions as Jinja expressions that mean the same and never raise for absent data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

from . import _ast as ast
from ._emit_base import DICT_METHODS, RESERVED, Deferred, EmitterBase, Piece, Scope, Untranslatable, either
from ._jsvalue import number_text, quoted
from ._shapes import (
    ANY,
    BOOLEAN,
    COUNT,
    DATE,
    FUNCTION,
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

Facts = frozenset[str]
_NOTHING: Facts = frozenset()
_MAX_INLINE = 12


class ExpressionEmitter(EmitterBase):
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
            return Piece(_units(source), COUNT)
        if shape.only(OBJECT | NULLISH) and shape.may(OBJECT):
            return Piece(
                f"({held.wrapped} if {held.wrapped} is mapping else {{}})['length']",
                shape.key("length").plus(UNDEFINED),
            )
        code = held.wrapped
        return Piece(
            f"({_units(code)} if {code} is string else {code} | length if {code} is sequence and {code} is not mapping)",
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

    def unary(self, node: ast.Unary) -> Piece:
        """`!x`, `-x`, `+x`, `typeof x`."""
        if node.op == "!":
            return Piece(f"(not {self.test(node.value)[0]})", TRUTH)
        value = self.expression(node.value)
        if node.op == "typeof":
            return self._typeof(value)
        if node.op == "void":
            return Piece("(0 if false)", LOST)
        if node.op not in {"-", "+"}:
            raise self.fail(node, "CK312", f"`{node.op}` has no place in a view.")
        number = self.as_number(value)
        return Piece(f"(-{number.wrapped})", number.shape) if node.op == "-" else number

    def _typeof(self, value: Piece) -> Piece:
        held = self.bound(value).wrapped
        return Piece(
            f"('undefined' if {held} is undefined else 'string' if {held} is string else 'boolean' if {held} is boolean"
            f" else 'number' if {held} is number else 'object')",
            TEXT,
        )

    def binary(self, node: ast.Binary) -> Piece:
        """Arithmetic and comparison."""
        handler = _OPERATORS.get(node.op)
        if handler is None:
            raise self.fail(
                node, "CK312", f"`{node.op}` has no place in a view.", _OPERATOR_HINTS.get(node.op)
            )
        return handler(self, node, self.expression(node.left), self.expression(node.right))

    def plus(self, node: ast.Binary, left: Piece, right: Piece) -> Piece:
        """`a + b`: text when either is not a number."""
        textual = STRING | LIST | OBJECT | DATE
        if left.shape.only(textual) or right.shape.only(textual):
            return Piece(f"({self.as_text(left)} ~ {self.as_text(right)})", TEXT)
        if not (left.shape.may(textual) or right.shape.may(textual)):
            first, second = self.as_number(left), self.as_number(right)
            return Piece(f"({first.wrapped} + {second.wrapped})", _arithmetic(first, second))
        first, second = self.bound(left), self.bound(right)
        tests = " or ".join(
            f"{side.wrapped} is string or {side.wrapped} is iterable"
            for side in (first, second)
            if side.shape.may(textual)
        )
        text = f"{self.as_text(first)} ~ {self.as_text(second)}"
        sum_ = f"{self.as_number(first).wrapped} + {self.as_number(second).wrapped}"
        return Piece(f"({text} if {tests} else {sum_})", Shape(STRING | NUMBER | NAN))

    def arithmetic(self, node: ast.Binary, left: Piece, right: Piece) -> Piece:
        """`-` and `*`."""
        first, second = self.as_number(left), self.as_number(right)
        return Piece(f"({first.wrapped} {node.op} {second.wrapped})", _arithmetic(first, second))

    def divide(self, node: ast.Binary, left: Piece, right: Piece) -> Piece:
        """`/`: by zero gives infinity or NaN, not an error."""
        first, second = self.as_number(left), self.as_number(right)
        if isinstance(node.right, ast.Num) and node.right.value != 0:
            return Piece(f"({first.wrapped} / {second.wrapped})", _arithmetic(first, second))
        over, under = self.bound(first).wrapped, self.bound(second).wrapped
        zero = (
            f"('nan' if {over} == 0 or {over} != {over} else 'inf' if {over} > 0 else '-inf').strip() | float"
        )
        return Piece(f"({over} / {under} if {under} else {zero})", Shape(NUMBER | NAN))

    def remainder(self, node: ast.Binary, left: Piece, right: Piece) -> Piece:
        """`%`: the sign of the left side."""
        first, second = self.bound(self.as_number(left)), self.bound(self.as_number(right))
        over, under = first.wrapped, second.wrapped
        if isinstance(node.right, ast.Num) and node.right.value != 0:
            code = f"({over} % {under} if {over} >= 0 else -(-{over} % {under}))"
            return Piece(code, _arithmetic(first, second))
        inner = f"{over} | abs % {under} | abs if {over} >= 0 else -({over} | abs % {under} | abs)"
        return Piece(f"(({inner}) if {under} else 'nan'.strip() | float)", Shape(NUMBER | NAN))

    def power(self, node: ast.Binary, left: Piece, right: Piece) -> Piece:
        """`**`."""
        first, second = self.as_number(left), self.as_number(right)
        return Piece(f"({first.wrapped} ** {second.wrapped})", Shape(NUMBER | NAN))

    def compare(self, node: ast.Binary, left: Piece, right: Piece) -> Piece:
        """`<`, `<=`, `>`, `>=`."""
        texts = f"{left.wrapped} {node.op} {right.wrapped}"
        if left.shape.kinds == STRING and right.shape.kinds == STRING:
            return Piece(f"({texts})", TRUTH)
        first, second = self.as_number(left), self.as_number(right)
        numbers = f"{first.wrapped} {node.op} {second.wrapped}"
        if not (left.shape.may(STRING) and right.shape.may(STRING)):
            return Piece(f"({numbers})", TRUTH)
        one, other = self.bound(left).wrapped, self.bound(right).wrapped
        return Piece(
            f"({one} {node.op} {other} if {one} is string and {other} is string else {numbers})", TRUTH
        )

    def equal(self, node: ast.Binary, left: Piece, right: Piece) -> Piece:
        """`===`, `==` and their opposites."""
        nothing = self._nothing_test(node, left, right)
        test = nothing if nothing is not None else self._same(node, left, right)
        return Piece(f"(not {test})" if node.op.startswith("!") else test, TRUTH)

    def _nothing_test(self, node: ast.Binary, left: Piece, right: Piece) -> str | None:
        for side, other in ((node.left, right), (node.right, left)):
            if not isinstance(side, (ast.Null, ast.Undefined)):
                continue
            if node.op in {"==", "!="}:
                held = self.bound(other).wrapped
                return f"({held} is undefined or {held} is none)"
            return f"({other.wrapped} is {'none' if isinstance(side, ast.Null) else 'undefined'})"
        return None

    def _same(self, node: ast.Binary, left: Piece, right: Piece) -> str:
        if left.shape.only(LIST | OBJECT | DATE) and right.shape.only(LIST | OBJECT | DATE):
            self.findings.add(
                "CK315",
                "Lists and objects are equal only to themselves, so this is false.",
                node.span,
                severity="warning",
                hint="Compare a key, for example an id.",
            )
            return "false" if left.code != right.code else "true"
        loose = node.op in {"==", "!="}
        if (
            loose
            and not left.shape.kinds & right.shape.kinds & ~NULLISH
            and not (left.shape.may(NULLISH) and right.shape.may(NULLISH))
        ):
            first, second = self.as_number(left), self.as_number(right)
            return f"({first.wrapped} == {second.wrapped})"
        return self._strictly_same(left, right)

    def _strictly_same(self, left: Piece, right: Piece) -> str:
        first, second = left, right
        absent = [side.shape.may(UNDEFINED) for side in (left, right)]
        mixed = (left.shape.may(BOOLEAN) and right.shape.may(NUMBER)) or (
            left.shape.may(NUMBER) and right.shape.may(BOOLEAN)
        )
        if any(absent) or mixed:
            first, second = self.bound(left), self.bound(right)
        one, other = first.wrapped, second.wrapped
        tests = [
            f"{side.wrapped} is defined" for side, may in zip((first, second), absent, strict=True) if may
        ]
        tests.append(f"{one} == {other}")
        if mixed:
            tests.append(f"({one} is boolean) == ({other} is boolean)")
        code = f"({' and '.join(tests)})"
        return f"(({one} is undefined and {other} is undefined) or {code})" if all(absent) else code

    # ---- choices -----------------------------------------------------------------------------

    def test(self, node: ast.Expr) -> tuple[str, Facts, Facts]:
        """A Jinja test, and which paths are there when it holds and when it does not."""
        if isinstance(node, ast.Unary) and node.op == "!":
            code, yes, no = self.test(node.value)
            return f"(not {code})", no, yes
        if isinstance(node, ast.Logical) and node.op != "??":
            return self._logical_test(node)
        piece = self.expression(node)
        yes, no = self._facts(node)
        return self.truth(piece), yes, no

    def _logical_test(self, node: ast.Logical) -> tuple[str, Facts, Facts]:
        left, yes, no = self.test(node.left)
        both = node.op == "&&"
        with self.buffer() as statements, self.knowing(yes if both else no):
            right, right_yes, right_no = self.test(node.right)
        if statements:
            piece = self._chosen(node, left, yes if both else no)
            return self.truth(piece), _NOTHING, _NOTHING
        code = f"({left} {'and' if both else 'or'} {right})"
        return (code, yes | right_yes, no & right_no) if both else (code, yes & right_yes, no | right_no)

    def _chosen(self, node: ast.Logical, left: str, known: Facts) -> Piece:
        """A test whose right side needs statements: they run only when the left side asks for them."""
        name = self.fresh()
        both = node.op == "&&"
        self.out.append(
            f"{{%-set {name} = namespace(v={left}) -%}}{{%-if {'' if both else 'not '}{name}.v -%}}"
        )
        with self.knowing(known):
            right = self.test(node.right)[0]
        self.out.append(f"{{%-set {name}.v = {right} -%}}{{%-endif-%}}")
        return Piece(f"{name}.v", ANY.without(UNDEFINED))

    def _facts(self, node: ast.Expr) -> tuple[Facts, Facts]:
        """Which paths are there when a test holds, and when it does not."""
        if isinstance(node, (ast.Name, ast.Member, ast.Index)):
            return self._path_facts(node), _NOTHING
        if isinstance(node, ast.Binary):
            return self._comparison_facts(node)
        return _NOTHING, _NOTHING

    def _comparison_facts(self, node: ast.Binary) -> tuple[Facts, Facts]:
        if node.op in {"<", ">", "<=", ">="}:
            return self._path_facts(_measured(node.left)) | self._path_facts(_measured(node.right)), _NOTHING
        nothing = isinstance(node.right, (ast.Null, ast.Undefined))
        if node.op in {"==", "==="} and not nothing:
            constant = isinstance(node.right, (ast.Str, ast.Num, ast.Bool))
            return (self._path_facts(node.left) if constant else _NOTHING), _NOTHING
        if nothing and node.op in {"!=", "=="}:
            facts = self._path_facts(node.left)
            return (facts, _NOTHING) if node.op == "!=" else (_NOTHING, facts)
        return _NOTHING, _NOTHING

    def _path_facts(self, node: ast.Expr) -> Facts:
        """The Jinja text of a path and of every part it goes through."""
        facts: set[str] = set()
        with self.buffer() as statements:
            while isinstance(node, (ast.Name, ast.Member, ast.Index)):
                try:
                    facts.add(self.expression(node).code)
                except Untranslatable:
                    break
                if isinstance(node, ast.Name):
                    break
                node = node.object
        return _NOTHING if statements else frozenset(facts) | frozenset(_bare(code) for code in facts)

    def conditional(self, node: ast.Cond) -> Piece:
        """`t ? a : b`, inline where both sides need no statements."""
        code, yes, no = self.test(node.test)
        return self._either(node.then, node.other, code, yes, no)

    def _either(self, then: ast.Expr, other: ast.Expr, code: str, yes: Facts, no: Facts) -> Piece:
        with self.buffer() as before, self.knowing(yes):
            first = self.expression(then)
        with self.buffer() as after, self.knowing(no):
            second = self.expression(other)
        shape = either(first.shape, second.shape)
        if not before and not after:
            return Piece(f"({first.wrapped} if {code} else {second.wrapped})", shape)
        name = self.fresh()
        self.out += [
            f"{{%-set {name} = namespace() -%}}{{%-if {code} -%}}",
            *before,
            f"{{%-set {name}.v = {first.code} -%}}{{%-else-%}}",
            *after,
            f"{{%-set {name}.v = {second.code} -%}}{{%-endif-%}}",
        ]
        return Piece(f"{name}.v", shape)

    def logical(self, node: ast.Logical) -> Piece:
        """`a && b`, `a || b`, `a ?? b` as values."""
        left = self.bound(self.expression(node.left))
        yes, no = self._facts(node.left)
        if node.op == "??":
            if not left.shape.may(NULLISH):
                return left
            return self._fallback(node, left, self.there(left), left.shape.without(NULLISH), _NOTHING)
        if node.op == "||":
            shape = left.shape if left.shape.only(NULLISH) else left.shape.without(NULLISH)
            return self._fallback(node, left, self.truth(left), shape, no)
        test = self.truth(left)
        with self.buffer() as statements, self.knowing(yes):
            right = self.expression(node.right)
        falsy = replace(left.shape, kinds=left.shape.kinds & ~(LIST | OBJECT | DATE))
        shape = either(falsy, right.shape)
        if not statements:
            return Piece(f"({right.wrapped} if {test} else {left.wrapped})", shape)
        name = self.fresh()
        self.out += [
            f"{{%-set {name} = namespace() -%}}{{%-set {name}.v = {left.code} -%}}{{%-if {test} -%}}",
            *statements,
            f"{{%-set {name}.v = {right.code} -%}}{{%-endif-%}}",
        ]
        return Piece(f"{name}.v", shape)

    def _fallback(self, node: ast.Logical, left: Piece, test: str, shape: Shape, no: Facts) -> Piece:
        with self.buffer() as statements, self.knowing(no):
            right = self.expression(node.right)
        whole = either(shape, right.shape)
        if not statements:
            return Piece(f"({left.wrapped} if {test} else {right.wrapped})", whole)
        name = self.fresh()
        self.out += [
            f"{{%-set {name} = namespace() -%}}{{%-set {name}.v = {left.code} -%}}{{%-if not {test} -%}}",
            *statements,
            f"{{%-set {name}.v = {right.code} -%}}{{%-endif-%}}",
        ]
        return Piece(f"{name}.v", whole)

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
        from ._emit_calls import emit_new

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


def _units(code: str) -> str:
    return f"({code} | length + {code} | select('gt', '\\uffff') | list | length)"


def _bare(code: str) -> str:
    return (
        code.replace(" | default({}))", ")").replace("(", "").replace(")", "")
        if " | default({})" in code
        else code
    )


def _arithmetic(left: Piece, right: Piece) -> Shape:
    return Shape(NUMBER | (left.shape.kinds | right.shape.kinds) & NAN)


def _merge(code: str, entries: list[str], extra: str | None) -> str:
    parts = [code] if code != "{}" else []
    parts += [f"{{{', '.join(entries)}}}"] if entries else []
    parts += [extra] if extra else []
    out = parts[0]
    for part in parts[1:]:
        out = f"dict({out}, **{part})"
    return out


def _measured(node: ast.Expr) -> ast.Expr:
    return node.object if isinstance(node, ast.Member) and node.name == "length" else node


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
_OPERATOR_HINTS = {
    "in": "Compare with undefined: item.key !== undefined.",
    "instanceof": "Test a key instead.",
}
_CONSTANTS = {("Math", "PI"): "3.141592653589793", ("Math", "E"): "2.718281828459045"}
_Operator = Callable[[ExpressionEmitter, ast.Binary, Piece, Piece], Piece]
_OPERATORS: dict[str, _Operator] = {
    "+": ExpressionEmitter.plus,
    "-": ExpressionEmitter.arithmetic,
    "*": ExpressionEmitter.arithmetic,
    "/": ExpressionEmitter.divide,
    "%": ExpressionEmitter.remainder,
    "**": ExpressionEmitter.power,
    **dict.fromkeys(("<", "<=", ">", ">="), ExpressionEmitter.compare),
    **dict.fromkeys(("===", "!==", "==", "!="), ExpressionEmitter.equal),
}
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
_ = FUNCTION
