"""Ground of the safe translation: pieces of Jinja with their shape, scopes, and statements written ahead."""

from __future__ import annotations

import re
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field

from . import _ast as ast
from ._diagnostics import Findings
from ._shapes import (
    ANY,
    BOOLEAN,
    DATE,
    LIST,
    NAN,
    NULL,
    NULLISH,
    NUMBER,
    OBJECT,
    STRING,
    UNDEFINED,
    Shape,
    joined,
)

_SIMPLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*){0,3}$")
_WORDS = {"not", "and", "or", "in", "is", "if", "else", "true", "false", "none", "True", "False", "None"}
RESERVED = _WORDS | {
    "loop",
    "self",
    "super",
    "caller",
    "varargs",
    "kwargs",
    "namespace",
    "dict",
    "range",
    "cycler",
    "joiner",
    "lipsum",
}
DICT_METHODS = {
    "clear",
    "copy",
    "fromkeys",
    "get",
    "items",
    "keys",
    "pop",
    "popitem",
    "setdefault",
    "update",
    "values",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A Jinja expression and the shape of its value. `tight` means it binds as closely as a name or a call."""

    code: str
    shape: Shape
    tight: bool = True

    @property
    def wrapped(self) -> str:
        """The expression, in parentheses if it needs them beside an operator."""
        return self.code if self.tight else f"({self.code})"

    @property
    def simple(self) -> bool:
        """Whether it may be written twice without a second thought."""
        return len(self.code) < 60 and bool(_SIMPLE.match(self.code))


@dataclass(frozen=True, slots=True)
class Deferred:
    """A constant that holds elements or a function: it is drawn where it is used."""

    node: ast.Expr
    scope: Scope


@dataclass(slots=True)
class Scope:
    """Names in reach: what they are in Jinja, and what tests have shown about them."""

    names: dict[str, Piece | Deferred] = field(default_factory=dict[str, "Piece | Deferred"])
    present: frozenset[str] = frozenset()


class Untranslatable(Exception):
    """A place without a Jinja form; the diagnostic has been given."""


class EmitterBase:
    """Writes statements in order, hands out names, and coerces pieces."""

    def __init__(self, findings: Findings, data: Shape, taken: set[str]) -> None:
        self.findings = findings
        self.data = data
        self.out: list[str] = []
        self.macros: set[str] = set()
        self.scope = Scope()
        self._taken = taken
        self._count = 0
        self.depth: int = 0

    def fail(self, node: ast.Node, code: str, message: str, hint: str | None = None) -> Untranslatable:
        """Note why a place cannot be translated; raise what this gives."""
        self.findings.add(code, message, node.span, hint=hint)
        return Untranslatable(message)

    def macro(self, name: str, *args: str) -> str:
        """A call of a macro of the prelude."""
        self.macros.add(name)
        return f"{name}({', '.join(args)})"

    def fresh(self) -> str:
        """A name for a variable of ours that nothing else has."""
        while True:
            self._count += 1
            name = f"_v{self._count}"
            if name not in self._taken:
                return name

    def local(self, name: str) -> str:
        """A Jinja name for a parameter or constant: its own where nothing is in the way."""
        used = {piece.code for piece in self.scope.names.values() if isinstance(piece, Piece)}
        data = self.data.keys or {}
        candidate, at = name, 1
        while (
            candidate in RESERVED
            or candidate in used
            or candidate in data
            or not candidate.isascii()
            or "$" in candidate
            or candidate.startswith("_")
        ):
            at += 1
            candidate = f"{name.strip('_$').encode('ascii', 'ignore').decode().replace('$', '') or 'v'}_{at}"
        return candidate

    @contextmanager
    def buffer(self) -> Generator[list[str], None, None]:
        """Collect what is written inside apart from the rest."""
        outer, self.out = self.out, []
        try:
            yield self.out
        finally:
            self.out = outer

    @contextmanager
    def within(self, scope: Scope) -> Generator[None, None, None]:
        """Work in another scope."""
        outer, self.scope = self.scope, scope
        try:
            yield
        finally:
            self.scope = outer

    @contextmanager
    def knowing(self, present: frozenset[str]) -> Generator[None, None, None]:
        """Work knowing that these paths are there."""
        with self.within(Scope(self.scope.names, self.scope.present | present)):
            yield

    def bound(self, piece: Piece) -> Piece:
        """The piece under a name, when writing it twice would be long."""
        if piece.simple or len(piece.code) <= 12:
            return piece
        name = self.fresh()
        self.out.append(f"{{%-set {name} = {piece.code} -%}}")
        return Piece(name, piece.shape)

    # ---- coercions ---------------------------------------------------------------------------

    def as_text(self, piece: Piece) -> str:
        """Jinja for `String(piece)`, fit for an operand of `~`."""
        kinds = piece.shape.kinds
        if kinds == STRING:
            return piece.wrapped
        if kinds == BOOLEAN:
            return f"('true' if {piece.code} else 'false')"
        if kinds in (NULL, UNDEFINED):
            return "'null'" if kinds == NULL else "'undefined'"
        return self.macro("_s", piece.code)

    def as_number(self, piece: Piece) -> Piece:
        """Jinja for `Number(piece)`."""
        kinds = piece.shape.kinds & ~NAN
        if kinds in (NUMBER, DATE):
            return Piece(piece.code, Shape(NUMBER | piece.shape.kinds & NAN), piece.tight)
        if kinds == BOOLEAN:
            return Piece(f"(1 if {piece.code} else 0)", Shape(NUMBER))
        if kinds == NULL:
            return Piece("0", Shape(NUMBER))
        return Piece(f"({self.macro('_n', piece.code)} | float)", Shape(NUMBER | NAN))

    def as_string_receiver(self, piece: Piece) -> str:
        """A text to call methods on. JavaScript would throw for nothing; a template shows the empty text."""
        if piece.shape.kinds == STRING:
            return piece.wrapped
        if piece.shape.only(STRING | NULLISH):
            return f"({piece.wrapped} | default('', true))"
        return self.macro("_s", piece.code)

    def as_list(self, piece: Piece) -> str:
        """A list to walk over; nothing walks as the empty list."""
        if piece.shape.only(LIST):
            return piece.wrapped
        if piece.shape.only(LIST | NULLISH):
            return f"({piece.wrapped} | default([], true))"
        held = self.bound(piece)
        return f"({held.wrapped} if {held.wrapped} is sequence and {held.wrapped} is not string and {held.wrapped} is not mapping else [])"

    def truth(self, piece: Piece) -> str:
        """A Jinja test that holds when JavaScript takes the value for true."""
        kinds, shape = piece.shape.kinds, piece.shape
        if not kinds & (LIST | OBJECT | DATE):
            return self._plain_truth(piece)
        if not kinds & ~(LIST | OBJECT | DATE):
            return "true"
        if shape.only(LIST | OBJECT | DATE | NULLISH):
            return self.there(piece)
        held = self.bound(piece).wrapped
        test = f"({held} or {held} == [] or {held} == {{}})"
        return f"({held} is defined and {test})" if kinds & UNDEFINED else test

    def _plain_truth(self, piece: Piece) -> str:
        kinds = piece.shape.kinds
        if not kinds & (UNDEFINED | NAN):
            return piece.wrapped
        held = self.bound(piece).wrapped
        tests = [f"{held} is defined"] if kinds & UNDEFINED else []
        tests.append(held)
        if kinds & NAN:
            tests.append(f"{held} == {held}")
        return f"({' and '.join(tests)})"

    def there(self, piece: Piece) -> str:
        """A Jinja test that a value is neither null nor undefined."""
        kinds = piece.shape.kinds
        if not kinds & NULLISH:
            return "true"
        held = self.bound(piece).wrapped if kinds & UNDEFINED and kinds & NULL else piece.wrapped
        tests = [f"{held} is defined"] if kinds & UNDEFINED else []
        tests += [f"{held} is not none"] if kinds & NULL else []
        return f"({' and '.join(tests)})" if len(tests) > 1 else tests[0]

    def defined(self, piece: Piece) -> str:
        """The piece with undefined made null, fit for `tojson` and for lists."""
        code = piece.code
        if piece.shape.may(NAN) and not piece.shape.may(DATE):
            held = self.bound(piece).wrapped
            other = "" if piece.shape.only(NUMBER) else f"{held} is not number or "
            return f"({held} if {other}{held} - {held} == 0 else none) | default(none)"
        if piece.shape.may(DATE):
            return self.iso(piece)
        if piece.shape.may(UNDEFINED):
            return f"{piece.wrapped} | default(none)"
        return code

    def iso(self, piece: Piece) -> str:
        """`toISOString` of a date piece."""
        held = self.bound(piece)
        parts = self.fresh()
        self.out.append(
            f"{{%-set {parts} = {self.macro('_y', held.code)}.split(',') | map('int') | list -%}}"
        )
        return f"'%04d-%02d-%02dT%02d:%02d:%02d.%03dZ' | format({parts}[0], {parts}[1], {parts}[2], {parts}[4], {parts}[5], {parts}[6], {parts}[7])"


def either(left: Shape, right: Shape) -> Shape:
    """The shape of a value that is one or the other."""
    return joined(left, right)


__all__ = ["ANY", "OBJECT", "Deferred", "EmitterBase", "Piece", "Scope", "Untranslatable", "either"]
