"""Reads the regular expressions that views use: classes, groups, alternatives, counts and anchors.

What a machine without memory cannot decide (references to groups, looking ahead or behind) is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

LAST: Final = 0x10FFFF
Range = tuple[int, int]
Ranges = tuple[Range, ...]
_DIGIT: Ranges = ((48, 57),)
_WORD: Ranges = ((48, 57), (65, 90), (95, 95), (97, 122))
_SPACE: Ranges = (
    (9, 13), (32, 32), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029), (0x202F, 0x202F),
    (0x205F, 0x205F), (0x3000, 0x3000), (0xFEFF, 0xFEFF),
)  # fmt: skip
LINES: Ranges = ((10, 10), (13, 13), (0x2028, 0x2029))
WORD = _WORD
_CONTROLS = {"n": 10, "r": 13, "t": 9, "v": 11, "f": 12, "0": 0}
_MAX_COUNT = 40
_MAX_LENGTH = 300


class RegexError(ValueError):
    """An expression that cannot be read, or that no template can follow."""


@dataclass(frozen=True, slots=True)
class Chars:
    """One character out of ranges."""

    ranges: Ranges


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place between characters: `^`, `$`, `b` or `B`."""

    kind: str


@dataclass(frozen=True, slots=True)
class Sequence:
    """Parts one after the other."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Alternatives, the first preferred."""

    options: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """A part `low` to `high` times; `high` None for any number."""

    part: Part
    low: int
    high: int | None
    greedy: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A part that is kept under a number, counted from 1."""

    number: int
    part: Part


Part = Chars | Anchor | Sequence | Choice | Repeat | Group


def inverted(ranges: Ranges) -> Ranges:
    """Every other character."""
    out: list[Range] = []
    at = 0
    for low, high in sorted(ranges):
        if low > at:
            out.append((at, low - 1))
        at = max(at, high + 1)
    return (*out, (at, LAST)) if at <= LAST else tuple(out)


def parse_regex(source: str, flags: str) -> tuple[Part, int]:
    """The parts of an expression, and how many groups it has. Raises RegexError."""
    if len(source) > _MAX_LENGTH:
        raise RegexError(f"it is longer than {_MAX_LENGTH} characters")
    unknown = set(flags) - set("gimsu")
    if unknown:
        raise RegexError(f"the flag {min(unknown)} is not supported")
    reader = _Reader(source, flags)
    part = reader.choice()
    if reader.at < len(source):
        raise RegexError(f"`{source[reader.at]}` at {reader.at + 1} has no beginning")
    return part, reader.groups


class _Reader:
    def __init__(self, source: str, flags: str) -> None:
        self.source, self.flags = source, flags
        self.at, self.groups = 0, 0

    def peek(self, count: int = 1) -> str:
        return self.source[self.at : self.at + count]

    def take(self, text: str) -> bool:
        if self.source.startswith(text, self.at):
            self.at += len(text)
            return True
        return False

    def choice(self) -> Part:
        options = [self.sequence()]
        while self.take("|"):
            options.append(self.sequence())
        return options[0] if len(options) == 1 else Choice(tuple(options))

    def sequence(self) -> Part:
        parts: list[Part] = []
        while self.at < len(self.source) and self.peek() not in "|)":
            parts.append(self.counted(self.atom()))
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def counted(self, part: Part) -> Part:
        low, high = 1, 1
        if self.take("*"):
            low, high = 0, None
        elif self.take("+"):
            low, high = 1, None
        elif self.take("?"):
            low, high = 0, 1
        elif (counts := self.counts()) is not None:
            low, high = counts
        else:
            return part
        if isinstance(part, Anchor):
            raise RegexError("an anchor cannot be repeated")
        return Repeat(part, low, high, not self.take("?"))

    def counts(self) -> tuple[int, int | None] | None:
        end = self.source.find("}", self.at)
        if self.peek() != "{" or end < 0:
            return None
        low, comma, high = self.source[self.at + 1 : end].partition(",")
        if not low.isdecimal() or (high and not high.isdecimal()):
            return None
        self.at = end + 1
        first = int(low)
        last = first if not comma else int(high) if high else None
        if max(first, last or 0) > _MAX_COUNT or (last is not None and last < first):
            raise RegexError(f"a count goes up to {_MAX_COUNT}")
        return first, last

    def atom(self) -> Part:
        char = self.peek()
        if char in "*+?":
            raise RegexError(f"`{char}` has nothing to repeat")
        self.at += 1
        if char == "(":
            return self.group()
        if char == "[":
            return Chars(self.folded(self.set()))
        if char == ".":
            return Chars(((0, LAST),) if "s" in self.flags else inverted(LINES))
        if char in "^$":
            return Anchor(char)
        if char == "\\":
            return self.escape()
        return Chars(self.folded(((ord(char), ord(char)),)))

    def group(self) -> Part:
        if self.take("?:"):
            number = 0
        elif self.peek(2) == "?<" and self.peek(3) not in ("?<=", "?<!"):
            end = self.source.find(">", self.at)
            self.at = end + 1 if end > 0 else len(self.source)
            self.groups += 1
            number = self.groups
        elif self.peek() == "?":
            raise RegexError("looking ahead or behind is not supported")
        else:
            self.groups += 1
            number = self.groups
        inner = self.choice()
        if not self.take(")"):
            raise RegexError("a group is never closed")
        return Group(number, inner) if number else inner

    def escape(self) -> Part:
        char = self.peek()
        if char in ("b", "B"):
            self.at += 1
            return Anchor(char)
        if char.isdecimal() and char != "0":
            raise RegexError("references to groups are not supported")
        if char == "k":
            raise RegexError("references to groups are not supported")
        return Chars(self.folded(self.escaped()))

    def escaped(self) -> Ranges:
        """What stands after a backslash, in a class or outside."""
        char = self.peek()
        self.at += 1
        named = {"d": _DIGIT, "w": _WORD, "s": _SPACE}.get(char.lower())
        if named is not None:
            return named if char.islower() else inverted(named)
        if char in _CONTROLS:
            return ((_CONTROLS[char], _CONTROLS[char]),)
        if char in "ux":
            code = self.code(char)
            return ((code, code),)
        if char in "pP" or not char:
            raise RegexError("classes by property are not supported" if char else "a backslash stands alone")
        return ((ord(char), ord(char)),)

    def code(self, kind: str) -> int:
        if kind == "u" and self.take("{"):
            end = self.source.find("}", self.at)
            digits, self.at = self.source[self.at : end], end + 1
        else:
            width = 4 if kind == "u" else 2
            digits, self.at = self.peek(width), self.at + width
        try:
            code = int(digits, 16)
        except ValueError as error:
            raise RegexError(f"`\\{kind}{digits}` is no character") from error
        if code > LAST:
            raise RegexError(f"`\\{kind}{digits}` is no character")
        return code

    def set(self) -> Ranges:
        negative = self.take("^")
        out: list[Range] = []
        while not self.take("]"):
            if self.at >= len(self.source):
                raise RegexError("a class is never closed")
            low = self.member()
            if self.peek() == "-" and self.peek(2) != "-]" and len(low) == 1 and low[0][0] == low[0][1]:
                self.at += 1
                high = self.member()
                if high[0][1] < low[0][0]:
                    raise RegexError("a range goes backwards")
                out.append((low[0][0], high[0][1]))
            else:
                out.extend(low)
        return inverted(self.folded(tuple(out))) if negative else tuple(out)

    def member(self) -> Ranges:
        if self.take("\\"):
            if self.take("b"):
                return ((8, 8),)
            return self.escaped()
        char = self.peek()
        if not char:
            raise RegexError("a class is never closed")
        self.at += 1
        return ((ord(char), ord(char)),)

    def folded(self, ranges: Ranges) -> Ranges:
        """With the flag i the other case belongs to it as well, for the Latin, Greek and Cyrillic letters."""
        if "i" not in self.flags:
            return ranges
        out = list(ranges)
        for low, high in ranges:
            for code in range(low, min(high, 0x52F) + 1):
                for other in (chr(code).lower(), chr(code).upper()):
                    if len(other) == 1 and ord(other) != code and (ord(other) < 128) == (code < 128):
                        out.append((ord(other), ord(other)))
        return tuple(sorted(set(out)))
