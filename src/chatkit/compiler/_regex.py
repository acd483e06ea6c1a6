"""Regular expressions as tables: what matches is found in one pass, without going back, in the evaluator and in Jinja.

An expression becomes a deterministic machine whose states are lists of threads in order of preference, so it finds what
JavaScript's backtracking finds. A character is looked at when the next one is known, which decides `$` and `\\b`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from ._regex_parse import (
    LAST,
    LINES,
    WORD,
    Anchor,
    Chars,
    Choice,
    Group,
    Part,
    Ranges,
    RegexError,
    Repeat,
    Sequence,
    parse_regex,
)

_MAX_STATES = 250
_MAX_NODES = 600
_END = -1


@dataclass(slots=True)
class _Node:
    """A step of the machine: `chars` consumes, `anchor` tests, neither only leads on; `next` in order of preference."""

    chars: Ranges | None = None
    anchor: str = ""
    next: list[int] = field(default_factory=list[int])
    final: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A machine. `bounds[k]` begins class k + 1 of characters; the last class is the end of the text.

    `rows[state][class]` is `2 * (next state + 1)`, and 1 more when a match ends before the character; 0 leads nowhere.
    `starts` are the states to begin in: at the start of the text, after a word character, after a line end, else.
    `words` and `lines` say of each class whether its characters are of words, or end lines.
    """

    bounds: tuple[int, ...]
    rows: tuple[tuple[int, ...], ...]
    starts: tuple[int, int, int, int]
    words: tuple[bool, ...]
    lines: tuple[bool, ...]
    groups: int
    widths: tuple[tuple[int, int] | None, ...]
    """For each group its start and end in a match: counted from the match's start, or, negative, from its end; see `group_cut`."""


@lru_cache(maxsize=256)
def compile_regex(source: str, flags: str) -> Table:
    """The table of an expression. Raises RegexError."""
    part, groups = parse_regex(source, flags)
    nodes: list[_Node] = [_Node(final=True)]
    start = _build(part, 0, nodes)
    return _Machine(nodes, start, "m" in flags).table(groups, _group_places(part, groups))


def _add(nodes: list[_Node], node: _Node) -> int:
    nodes.append(node)
    if len(nodes) > _MAX_NODES:
        raise RegexError("it is too large")
    return len(nodes) - 1


def _build(part: Part, after: int, nodes: list[_Node]) -> int:
    """The first node of a part that leads on to `after`."""
    match part:
        case Chars():
            return _add(nodes, _Node(chars=part.ranges, next=[after]))
        case Anchor():
            return _add(nodes, _Node(anchor=part.kind, next=[after]))
        case Group():
            return _build(part.part, after, nodes)
        case Sequence():
            for one in reversed(part.parts):
                after = _build(one, after, nodes)
            return after
        case Choice():
            return _add(nodes, _Node(next=[_build(one, after, nodes) for one in part.options]))
        case Repeat():
            return _repeat(part, after, nodes)


def _repeat(part: Repeat, after: int, nodes: list[_Node]) -> int:
    if part.high is None:
        if _widths(part.part)[0] == 0:
            raise RegexError("what is repeated without end must not be empty")
        loop = _add(nodes, _Node())
        body = _build(part.part, loop, nodes)
        nodes[loop].next = [body, after] if part.greedy else [after, body]
        after = loop
    else:
        for _ in range(part.high - part.low):
            body = _build(part.part, after, nodes)
            after = _add(nodes, _Node(next=[body, after] if part.greedy else [after, body]))
    for _ in range(part.low):
        after = _build(part.part, after, nodes)
    return after


def _widths(part: Part) -> tuple[int, int | None]:
    """Fewest and most characters of a part."""
    match part:
        case Chars():
            return 1, 1
        case Anchor():
            return 0, 0
        case Group():
            return _widths(part.part)
        case Sequence():
            pairs = [_widths(one) for one in part.parts]
            highs = [high for _, high in pairs]
            return sum(low for low, _ in pairs), None if None in highs else sum(high or 0 for high in highs)
        case Choice():
            pairs = [_widths(one) for one in part.options]
            highs = [high for _, high in pairs]
            return min(low for low, _ in pairs), None if None in highs else max(high or 0 for high in highs)
        case Repeat():
            low, high = _widths(part.part)
            return low * part.low, None if high is None or part.high is None else high * part.high


def _group_places(part: Part, groups: int) -> tuple[tuple[int, int] | None, ...]:
    """Where groups stand in a match, for those that stand at a fixed distance from its start or its end."""
    out: list[tuple[int, int] | None] = [None] * groups
    parts = part.parts if isinstance(part, Sequence) else (part,)
    for at, one in enumerate(parts):
        if not isinstance(one, Group):
            continue
        before, after = _fixed(parts[:at]), _fixed(parts[at + 1 :])
        width = _fixed((one,))
        if before is not None and width is not None:
            out[one.number - 1] = (before, before + width)
        elif after is not None and width is not None:
            out[one.number - 1] = (-after - width - 1, -after - 1)
        elif before is not None and after is not None:
            out[one.number - 1] = (before, -after - 1)
    return tuple(out)


def _fixed(parts: tuple[Part, ...]) -> int | None:
    low, high = _widths(Sequence(parts))
    return low if low == high else None


def group_cut(place: tuple[int, int], start: int, end: int) -> tuple[int, int]:
    """A group of the match from `start` to `end`."""
    low, high = (start + at if at >= 0 else end + at + 1 for at in place)
    return low, high


class _Machine:
    """Builds the table: states are lists of nodes and the kind of character before them."""

    def __init__(self, nodes: list[_Node], start: int, multiline: bool) -> None:
        self.nodes, self.start, self.multiline = nodes, start, multiline
        self.bounds = self._bounds()
        firsts = (0, *self.bounds)
        self.words = tuple(_within(code, WORD) for code in firsts)
        self.lines = tuple(_within(code, LINES) for code in firsts)
        self.states: dict[tuple[tuple[int, ...], str], int] = {}
        self.pending: list[tuple[tuple[int, ...], str]] = []

    def _bounds(self) -> tuple[int, ...]:
        edges: set[int] = set()
        ranges = [node.chars for node in self.nodes if node.chars is not None]
        if any(node.anchor in ("b", "B") for node in self.nodes):
            ranges.append(WORD)
        if any(node.anchor in ("^", "$") for node in self.nodes):
            ranges.append(LINES)
        for low, high in (pair for one in ranges for pair in one):
            edges.update({low, high + 1})
        return tuple(sorted(edge for edge in edges if 0 < edge <= LAST))

    def table(self, groups: int, widths: tuple[tuple[int, int] | None, ...]) -> Table:
        starts = tuple(self._state((self.start,), before) for before in ("start", "word", "line", "other"))
        rows: list[tuple[int, ...]] = []
        while len(rows) < len(self.pending):
            threads, before = self.pending[len(rows)]
            codes = [*(0, *self.bounds), _END]
            rows.append(tuple(self._entry(threads, before, at, code) for at, code in enumerate(codes)))
        return Table(
            self.bounds,
            tuple(rows),
            (starts[0], starts[1], starts[2], starts[3]),
            self.words,
            self.lines,
            groups,
            widths,
        )

    def _state(self, threads: tuple[int, ...], before: str) -> int:
        key = (threads, before if self._looks_back() else "other")
        if key not in self.states:
            if len(self.states) >= _MAX_STATES:
                raise RegexError("it is too complex")
            self.states[key] = len(self.pending)
            self.pending.append(key)
        return self.states[key]

    def _looks_back(self) -> bool:
        return any(node.anchor for node in self.nodes)

    def _entry(self, threads: tuple[int, ...], before: str, kind: int, code: int) -> int:
        reached, matched = self._closure(threads, before, kind, code)
        onward: list[int] = []
        for at in reached:
            node = self.nodes[at]
            if code != _END and node.chars is not None and _within(code, node.chars):
                onward.extend(one for one in node.next if one not in onward)
        if not onward:
            return int(matched)
        after = "word" if self.words[kind] else "line" if self.lines[kind] else "other"
        return 2 * (self._state(tuple(onward), after) + 1) + int(matched)

    def _closure(self, threads: tuple[int, ...], before: str, kind: int, code: int) -> tuple[list[int], bool]:
        """The consuming nodes that threads lead to, in order, cut off where a match is preferred."""
        seen: set[int] = set()
        reached: list[int] = []
        pending = list(reversed(threads))
        while pending:
            at = pending.pop()
            if at in seen:
                continue
            seen.add(at)
            node = self.nodes[at]
            if node.final:
                return reached, True
            if node.chars is not None:
                reached.append(at)
            elif not node.anchor or self._holds(node.anchor, before, kind, code):
                pending.extend(reversed(node.next))
        return reached, False

    def _holds(self, anchor: str, before: str, kind: int, code: int) -> bool:
        ended = code == _END
        if anchor == "^":
            return before == "start" or (self.multiline and before == "line")
        if anchor == "$":
            return ended or (self.multiline and self.lines[kind])
        word_ahead = not ended and self.words[kind]
        return ((before == "word") != word_ahead) == (anchor == "b")


def _within(code: int, ranges: Ranges) -> bool:
    return any(low <= code <= high for low, high in ranges)


@dataclass(slots=True)
class _Run:
    start: int
    state: int
    end: int = -1


def spans(table: Table, text: str) -> Iterator[tuple[int, int]]:
    """Where the expression matches, as `matchAll` finds it: from left to right, never overlapping."""
    runs: list[_Run] = []
    before, barrier = table.starts[0], 0
    for at in range(len(text) + 1):
        kind = len(table.bounds) + 1 if at == len(text) else bisect_right(table.bounds, ord(text[at]))
        if at >= barrier:
            runs.append(_Run(at, before))
        runs = _advanced(table, runs, kind, at)
        while runs and runs[0].state < 0:
            done = runs.pop(0)
            if done.end >= 0:
                yield done.start, done.end
                barrier = done.end + (done.end == done.start)
                runs = [run for run in runs if run.start >= barrier]
        if at < len(text):
            before = table.starts[1 if table.words[kind] else 2 if table.lines[kind] else 3]


def _advanced(table: Table, runs: list[_Run], kind: int, at: int) -> list[_Run]:
    """Each run one character on. A run that matches ends those that began inside its match."""
    out: list[_Run] = []
    taken: set[int] = set()
    for run in runs:
        if out and out[0].end > run.start:
            continue
        if run.state < 0:
            out.append(run)
            continue
        entry = table.rows[run.state][kind]
        if entry % 2:
            run.end = at
        run.state = entry // 2 - 1
        if run.state >= 0:
            if run.state in taken and run.end < 0:
                continue
            taken.add(run.state)
        if run.state >= 0 or run.end >= 0:
            out.append(run)
    return out


def first(table: Table, text: str) -> tuple[int, int] | None:
    """The first match, or None."""
    return next(spans(table, text), None)
