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

from chatkit.widgets._shapes import (
    After,
    Arr,
    Choice,
    Chosen,
    Cond,
    CondSplice,
    Const,
    Each,
    LoopSplice,
    NewSpace,
    Obj,
    Set,
    SetIn,
    Skeleton,
    Slot,
    Statement,
    TextParts,
    Unsupported,
    When,
    drops_first_comma,
)


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
class _List:
    body: list[Any]


_Token = str | nodes.Expr | _If | _For | Set | NewSpace | SetIn | _List
_NUMBER = 24


def read(tree: nodes.Template) -> Skeleton:
    """Return the shape of a template whose root is an object.

    :raises Unsupported: if it cannot be followed.
    """
    body = _without_blank(tree.body)
    count = next((place for place, node in enumerate(body) if not isinstance(node, nodes.Macro)), len(body))
    tokens = _tokens(body[count:])
    reader = _Reader(tokens)
    root = reader.value()
    reader.expect_end()
    if not isinstance(root, Obj):
        raise Unsupported("root")
    return Skeleton(root, [node for node in body[:count] if isinstance(node, nodes.Macro)], _weight(tokens))


def _without_blank(body: list[nodes.Node]) -> list[nodes.Node]:
    return [node for node in body if not (isinstance(node, nodes.Output) and all(map(_is_blank, node.nodes)))]


def _is_blank(part: nodes.Node) -> bool:
    return isinstance(part, nodes.TemplateData) and not part.data.strip()


def _weight(tokens: list[Any]) -> int:
    """The most characters these tokens write once, without the text of their values."""
    weight = 0
    for token in tokens:
        if isinstance(token, str):
            weight += len(token)
        elif isinstance(token, nodes.Expr):
            weight += _NUMBER
        elif isinstance(token, _If):
            weight += _weight(token.then) + _weight(token.other)
        elif isinstance(token, (_For, _List)):
            weight += _weight(token.body)
    return weight


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
        elif text is None and drops_first_comma(part, captured[0]):
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
    elif isinstance(node, nodes.Assign):
        return _assignment(node.target, _expr(node.node))
    raise Unsupported(type(node).__name__)


def _assignment(target: nodes.Node, value: nodes.Expr) -> _Token:
    if isinstance(target, nodes.NSRef):
        return SetIn(target.name, target.attr, value)
    if not isinstance(target, nodes.Name):
        raise Unsupported("assignment")
    if (
        isinstance(value, nodes.Call)
        and isinstance(value.node, nodes.Name)
        and value.node.name == "namespace"
    ):
        if value.args or value.dyn_args or value.dyn_kwargs:
            raise Unsupported("namespace")
        return NewSpace(target.name, {given.key: given.value for given in value.kwargs})
    return Set(target.name, value)


def _as_statement(token: Any) -> Statement | None:
    """The token as a statement, unless it writes something."""
    if isinstance(token, (Set, NewSpace, SetIn)):
        return token
    if isinstance(token, _If):
        then, other = _as_statements(token.then), _as_statements(token.other)
        return None if then is None or other is None else When(token.test, then, other)
    if isinstance(token, _For):
        body = _as_statements(token.body)
        return None if body is None else Each(token.target, token.iter, body)
    return None


def _as_statements(tokens: list[Any]) -> list[Statement] | None:
    found = [_as_statement(token) for token in tokens if not (isinstance(token, str) and not token.strip())]
    kept = [statement for statement in found if statement is not None]
    return kept if len(kept) == len(found) else None


def _otherwise(node: nodes.If) -> list[_Token]:
    if not node.elif_:
        return _tokens(node.else_)
    first, *rest = node.elif_
    return [_statement(nodes.If(first.test, first.body, rest, node.else_, lineno=first.lineno))]


def _expr(node: nodes.Node) -> nodes.Expr:
    if isinstance(node, nodes.Expr):
        return node
    raise Unsupported(type(node).__name__)


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

    def _statements(self) -> list[Statement]:
        found: list[Statement] = []
        while (statement := _as_statement(self._peek())) is not None:
            found.append(statement)
            self._next()
        return found

    def value(self) -> Any:
        before = self._statements()
        shape = self._value()
        return After(before, shape) if before else shape

    def _value(self) -> Any:
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
        found = self._peek()
        if isinstance(found, _List):
            self._next()
            members = _Reader(found.body).members(None, comma=True)
        else:
            members = self.members("}", comma=False)
        self._expect("}")
        return Obj(members)

    def members(self, end: str | None, *, comma: bool) -> dict[str, Any]:
        """Members up to ``end``, each after a comma, except the first unless ``comma``."""
        members: dict[str, Any] = {}
        while True:
            before = self._statements()
            found = self._peek()
            if found == end:
                break
            if comma and isinstance(found, _If):
                self._next()
                more = _choice(found, before)
            else:
                if comma:
                    self._expect(",")
                more = self._member(before)
            comma = True
            if more.keys() & members.keys():
                raise Unsupported("key")
            members.update(more)
        if before:
            raise Unsupported("statement")
        return members

    def _member(self, before: list[Statement]) -> dict[str, Any]:
        if self._peek() != '"':
            raise Unsupported("key")
        key = self._string()
        if not isinstance(key, Const):
            raise Unsupported("key")
        self._expect(":")
        shape = self.value()
        return {key.value: After(before, shape) if before else shape}

    def _array(self) -> Arr:
        self._expect("[")
        found = self._peek()
        alone = self._at + 1 < len(self._tokens) and self._ends_array(self._at + 1)
        if isinstance(found, _List):
            self._next()
            entries = _spliced(found.body)
        elif isinstance(found, _For) and alone:
            self._next()
            entries = [_separated(found)]
        else:
            entries = self._mixed_entries()
        self._expect("]")
        return Arr(entries)

    def _ends_array(self, place: int) -> bool:
        token = self._tokens[place]
        return isinstance(token, str) and token.lstrip()[:1] == "]"

    def _mixed_entries(self) -> list[Any]:
        """Values with commas between them; loops and conditions bring theirs, before or after each entry."""
        entries: list[Any] = []
        comma = False
        while True:
            before = self._statements()
            if before:
                entries.append(After(before, None))
            found = self._peek()
            if found == "]":
                break
            if isinstance(found, (_If, _For)) and (comma or not _is_value(found)):
                self._next()
                entries.append(_splice(found, leading=comma))
                continue
            if comma:
                self._expect(",")
                comma = False
                continue
            entries.append(self.value())
            comma = True
        if entries and not comma:
            raise Unsupported("comma at the end")
        return entries

    def spliced(self, *, leading: bool) -> list[Any]:
        """Entries that each begin (or else end) with a comma, with loops and conditions among them."""
        entries: list[Any] = []
        while True:
            before = self._statements()
            if before:
                entries.append(After(before, None))
            found = self._peek()
            if found is None:
                return entries
            if isinstance(found, (_If, _For)) and (leading or not _is_value(found)):
                self._next()
                entries.append(_splice(found, leading=leading))
                continue
            if leading:
                self._expect(",")
            entries.append(self.value())
            if not leading:
                self._expect(",")

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


def _is_value(token: _If | _For) -> bool:
    """Whether a condition is one value either way."""
    try:
        return isinstance(token, _If) and bool((_one(token.then), _one(token.other)))
    except Unsupported:
        return False


def _choice(token: _If, before: list[Statement]) -> dict[str, Any]:
    then = _Reader(token.then).members(None, comma=True)
    other = _Reader(token.other).members(None, comma=True)
    names = [*then, *(name for name in other if name not in then)]
    if [name for name in names if name in other] != list(other):
        raise Unsupported("order of members")
    choice = Choice(before, token.test, then, other)
    return {name: Chosen(choice) for name in names}


def _splice(token: _If | _For, *, leading: bool) -> CondSplice | LoopSplice:
    if isinstance(token, _If):
        then, other = (_spliced(branch, leading=leading) for branch in (token.then, token.other))
        return CondSplice(token.test, then, other)
    sets, body = _leading_sets(token.body)
    entries = _spliced(body, leading=leading)
    return LoopSplice(token.target, token.iter, sets, entries, _weight(body))


def _spliced(tokens: list[Any], *, leading: bool = True) -> list[Any]:
    return _Reader(tokens).spliced(leading=leading)


def _separated(loop: _For) -> LoopSplice:
    sets, body = _leading_sets(loop.body)
    return LoopSplice(loop.target, loop.iter, sets, _Reader(body).separated(), _weight(body))


def _leading_sets(body: list[Any]) -> tuple[list[tuple[str, nodes.Expr]], list[Any]]:
    sets: list[tuple[str, nodes.Expr]] = []
    for place, token in enumerate(body):
        if isinstance(token, Set):
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
