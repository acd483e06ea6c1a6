"""Choices of JavaScript as Jinja: tests, what they show to be there, and values chosen by them."""

from __future__ import annotations

from dataclasses import replace

from . import _ast as ast
from ._emit_base import Piece, Untranslatable, either
from ._emit_operators import Facts, OperatorEmitter
from ._shapes import (
    ANY,
    DATE,
    LIST,
    NULLISH,
    OBJECT,
    UNDEFINED,
    Shape,
)

_NOTHING: Facts = frozenset()


class ChoiceEmitter(OperatorEmitter):
    """Translates tests, ternaries and `&&`, `||`, `??`."""

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


def _measured(node: ast.Expr) -> ast.Expr:
    return node.object if isinstance(node, ast.Member) and node.name == "length" else node


def _bare(code: str) -> str:
    return (
        code.replace(" | default({}))", ")").replace("(", "").replace(")", "")
        if " | default({})" in code
        else code
    )
