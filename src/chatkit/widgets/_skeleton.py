"""A template's shape: its JSON as a tree, with slots where the data goes.

Built once from Jinja's own syntax tree. Anything that is not plainly JSON with values, conditions and loops raises
:class:`Unsupported`, and the template is rendered by Jinja instead.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from jinja2 import nodes


class Unsupported(Exception):
    """The template does something this module does not follow."""


@dataclass(slots=True)
class Const:
    value: Any


@dataclass(slots=True)
class Slot:
    expr: nodes.Expr


@dataclass(slots=True)
class TextParts:
    parts: list[str | nodes.Expr]


@dataclass(slots=True)
class Cond:
    test: nodes.Expr
    then: Any
    other: Any


@dataclass(slots=True)
class Obj:
    members: dict[str, Any]


@dataclass(slots=True)
class Arr:
    entries: list[Any]


@dataclass(slots=True)
class CondSplice:
    test: nodes.Expr
    then: list[Any]
    other: list[Any]


@dataclass(slots=True)
class LoopSplice:
    target: str
    iter: nodes.Expr
    sets: list[tuple[str, nodes.Expr]]
    entries: list[Any]


Shape = Const | Slot | TextParts | Cond | Obj | Arr


@dataclass(slots=True)
class _If:
    test: nodes.Expr
    then: list[Any]
    other: list[Any]


@dataclass(slots=True)
class _For:
    target: str
    iter: nodes.Expr
    body: list[Any]


@dataclass(slots=True)
class _Set:
    name: str
    expr: nodes.Expr


@dataclass(slots=True)
class _List:
    body: list[Any]


_Token = str | nodes.Expr | _If | _For | _Set | _List


def read(tree: nodes.Template) -> Obj:
    """Return the shape of a template whose root is an object.

    :raises Unsupported: if it cannot be followed.
    """
    reader = _Reader(_tokens(tree.body))
    root = reader.value()
    reader.expect_end()
    if not isinstance(root, Obj):
        raise Unsupported("root")
    return root


def _tokens(body: Iterable[nodes.Node]) -> list[_Token]:
    flow = _Flow()
    for node in body:
        if isinstance(node, nodes.Output):
            for part in node.nodes:
                flow.output(part)
        else:
            flow.statement(node)
    return flow.finish()


class _Flow:
    """Collects tokens; a capture must be followed by the output that drops its first comma."""

    def __init__(self) -> None:
        self._out: list[_Token] = []
        self._captured: tuple[str, list[_Token]] | None = None

    def output(self, part: nodes.Expr) -> None:
        captured = self._captured
        text = part.data if isinstance(part, nodes.TemplateData) else None
        if captured is None:
            self._out.append(part if text is None else text)
        elif text is None and _drops_first_comma(part, captured[0]):
            self._out.append(_List(captured[1]))
            self._captured = None
        elif text is None or text.strip():
            raise Unsupported("capture")

    def statement(self, node: nodes.Node) -> None:
        if self._captured is not None:
            raise Unsupported("capture")
        if isinstance(node, nodes.AssignBlock):
            self._captured = _capture(node)
        else:
            self._out.append(_statement(node))

    def finish(self) -> list[_Token]:
        if self._captured is not None:
            raise Unsupported("capture")
        return self._out


def _capture(node: nodes.AssignBlock) -> tuple[str, list[_Token]]:
    if node.filter is not None or not isinstance(node.target, nodes.Name):
        raise Unsupported("capture")
    return node.target.name, _tokens(node.body)


def _statement(node: nodes.Node) -> _Token:
    if isinstance(node, nodes.If):
        return _If(_expr(node.test), _tokens(node.body), _otherwise(node))
    if isinstance(node, nodes.For) and not node.else_ and node.test is None and not node.recursive:
        if isinstance(node.target, nodes.Name):
            return _For(node.target.name, _expr(node.iter), _tokens(node.body))
    elif isinstance(node, nodes.Assign) and isinstance(node.target, nodes.Name):
        return _Set(node.target.name, _expr(node.node))
    raise Unsupported(type(node).__name__)


def _otherwise(node: nodes.If) -> list[_Token]:
    if not node.elif_:
        return _tokens(node.else_)
    first, *rest = node.elif_
    return [_statement(nodes.If(first.test, first.body, rest, node.else_, lineno=first.lineno))]


def _expr(node: nodes.Node) -> nodes.Expr:
    if isinstance(node, nodes.Expr):
        return node
    raise Unsupported(type(node).__name__)


def _drops_first_comma(part: nodes.Node, name: str) -> bool:
    """Whether an output is ``_c[1:] if _c and _c[0] == ',' else _c``."""
    if not isinstance(part, nodes.CondExpr) or not isinstance(part.expr1, nodes.Getitem):
        return False
    piece = part.expr1.arg
    if not isinstance(piece, nodes.Slice) or piece.stop is not None or piece.step is not None:
        return False
    if not isinstance(piece.start, nodes.Const) or piece.start.value != 1:
        return False
    ours = {found.name for found in part.find_all(nodes.Name)} == {name}
    comma = any(found.value == "," for found in part.test.find_all(nodes.Const))
    return ours and comma and isinstance(part.test, nodes.And) and isinstance(part.expr2, nodes.Name)


_LITERAL = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null")
_PLAIN_TEXT = re.compile(r'(?:[^"\\\x00-\x1f]|\\.)*')


class _Reader:
    """Reads JSON from text mixed with expressions and statements."""

    def __init__(self, tokens: list[_Token]):
        self._tokens = tokens
        self._at = 0
        self._offset = 0

    def _peek(self) -> Any:
        """The next character that is not blank, the next statement or expression, or None at the end."""
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            if not isinstance(token, str):
                return token
            while self._offset < len(token) and token[self._offset] in " \t\r\n":
                self._offset += 1
            if self._offset < len(token):
                return token[self._offset]
            self._next()
        return None

    def _next(self) -> None:
        self._at += 1
        self._offset = 0

    def _take(self, char: str) -> bool:
        if self._peek() == char:
            self._offset += 1
            return True
        return False

    def _expect(self, char: str) -> None:
        if not self._take(char):
            raise Unsupported(f"expected {char}")

    def expect_end(self) -> None:
        if self._peek() is not None:
            raise Unsupported("more text")

    def value(self) -> Any:
        found = self._peek()
        if isinstance(found, str):
            return self._text_value(found)
        if isinstance(found, _If):
            self._next()
            return Cond(found.test, _one(found.then), _one(found.other))
        if isinstance(found, nodes.Filter) and found.name == "tojson" and not found.args and not found.kwargs:
            self._next()
            if found.node is None:
                raise Unsupported("filter block")
            return Slot(found.node)
        raise Unsupported("value")

    def _text_value(self, char: str) -> Any:
        if char == "{":
            return self._object()
        if char == "[":
            return self._array()
        if char == '"':
            return self._string()
        token = self._tokens[self._at]
        literal = _LITERAL.match(token, self._offset) if isinstance(token, str) else None
        if literal is None:
            raise Unsupported("literal")
        self._offset = literal.end()
        return Const(json.loads(literal[0]))

    def _string(self) -> Const | TextParts:
        self._expect('"')
        parts: list[str | nodes.Expr] = []
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            if isinstance(token, str):
                text = _PLAIN_TEXT.match(token, self._offset)
                end = text.end() if text else self._offset
                parts.append(json.loads(f'"{token[self._offset : end]}"'))
                self._offset = end
                if end < len(token):
                    self._expect('"')
                    return _joined(parts)
                self._next()
            elif isinstance(token, nodes.Filter) and token.name == "_json_part" and token.node is not None:
                parts.append(token.node)
                self._next()
            else:
                raise Unsupported("in a string")
        raise Unsupported("open string")

    def _object(self) -> Obj:
        self._expect("{")
        members: dict[str, Any] = {}
        while not self._take("}"):
            if members:
                self._expect(",")
            if self._peek() != '"':
                raise Unsupported("key")
            key = self._string()
            if not isinstance(key, Const) or key.value in members:
                raise Unsupported("key")
            self._expect(":")
            members[key.value] = self.value()
        return Obj(members)

    def _array(self) -> Arr:
        self._expect("[")
        found = self._peek()
        if isinstance(found, _List):
            self._next()
            entries = _spliced(found.body)
        elif isinstance(found, _For):
            self._next()
            entries = [_separated(found)]
        else:
            entries = self._plain_entries()
        self._expect("]")
        return Arr(entries)

    def _plain_entries(self) -> list[Any]:
        entries: list[Any] = []
        while self._peek() != "]":
            if entries:
                self._expect(",")
            entries.append(self.value())
        return entries

    def spliced(self) -> list[Any]:
        """Entries that each begin with a comma, with loops and conditions among them."""
        entries: list[Any] = []
        while (found := self._peek()) is not None:
            if isinstance(found, _If):
                self._next()
                entries.append(CondSplice(found.test, _spliced(found.then), _spliced(found.other)))
            elif isinstance(found, _For):
                self._next()
                sets, body = _leading_sets(found.body)
                entries.append(LoopSplice(found.target, found.iter, sets, _spliced(body)))
            else:
                self._expect(",")
                entries.append(self.value())
        return entries

    def separated(self) -> list[Any]:
        """One entry, and a comma unless the loop ends."""
        entry = self.value()
        found = self._peek()
        comma = isinstance(found, _If) and _not_last(found.test) and found.then == [","] and not found.other
        if not comma:
            raise Unsupported("separator")
        self._next()
        self.expect_end()
        return [entry]


def _one(tokens: list[Any]) -> Any:
    reader = _Reader(tokens)
    value = reader.value()
    reader.expect_end()
    return value


def _spliced(tokens: list[Any]) -> list[Any]:
    return _Reader(tokens).spliced()


def _separated(loop: _For) -> LoopSplice:
    sets, body = _leading_sets(loop.body)
    return LoopSplice(loop.target, loop.iter, sets, _Reader(body).separated())


def _leading_sets(body: list[Any]) -> tuple[list[tuple[str, nodes.Expr]], list[Any]]:
    sets: list[tuple[str, nodes.Expr]] = []
    for place, token in enumerate(body):
        if isinstance(token, _Set):
            sets.append((token.name, token.expr))
        elif not (isinstance(token, str) and not token.strip()):
            return sets, body[place:]
    return sets, []


def _not_last(test: nodes.Expr) -> bool:
    inner = test.node if isinstance(test, nodes.Not) else None
    return (
        isinstance(inner, nodes.Getattr)
        and inner.attr == "last"
        and isinstance(inner.node, nodes.Name)
        and inner.node.name == "loop"
    )


def _joined(parts: list[str | nodes.Expr]) -> Const | TextParts:
    texts = [part for part in parts if isinstance(part, str)]
    return Const("".join(texts)) if len(texts) == len(parts) else TextParts(parts)
