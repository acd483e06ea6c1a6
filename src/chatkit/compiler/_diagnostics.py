"""What the compiler has to say: one diagnostic, its fix, and a list that collects them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from ._source import SourceText, Span, utf16_offset

Severity = Literal["error", "warning", "info"]
Part = Literal["file", "view", "schema", "data", "template"]


@dataclass(frozen=True, slots=True)
class TextEdit:
    """Replace the characters from `start` to `end` by `text`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """A change that cures a diagnostic: a title for a button, and the edits of the same part."""

    title: str
    edits: tuple[TextEdit, ...]


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding.

    `part` says which text the place is in: the file, the view (JSX), the schema source, the sample data, or the template.
    `start` and `end` are character offsets into that text; `line` and `column` count from 1. `path` is a path into data or into the drawn widget.
    """

    code: str
    severity: Severity
    message: str
    part: Part = "view"
    start: int = 0
    end: int = 0
    line: int = 1
    column: int = 1
    end_line: int = 1
    end_column: int = 1
    hint: str | None = None
    path: str | None = None
    state: str | None = None
    fixes: tuple[Fix, ...] = ()

    def to_dict(self, text: str | None = None) -> dict[str, Any]:
        """A JSON form; with the source text given, `from` and `to` are offsets in UTF-16 units for editors."""
        out: dict[str, Any] = {
            "code": self.code,
            "severity": self.severity,
            "message": self.message,
            "part": self.part,
            "line": self.line,
            "column": self.column,
            "endLine": self.end_line,
            "endColumn": self.end_column,
        }

        def place(at: int) -> int:
            return at if text is None else utf16_offset(text, at)

        out["from"], out["to"] = place(self.start), place(self.end)
        optional = {"hint": self.hint, "path": self.path, "state": self.state}
        out.update({key: value for key, value in optional.items() if value is not None})
        if self.fixes:
            out["fixes"] = [
                {
                    "title": fix.title,
                    "edits": [
                        {"from": place(e.start), "to": place(e.end), "insert": e.text} for e in fix.edits
                    ],
                }
                for fix in self.fixes
            ]
        return out


class Findings:
    """Collects diagnostics of one text; equal findings at one place are kept once."""

    def __init__(self, source: SourceText, part: Part = "view") -> None:
        self.source = source
        self.part: Part = part
        self._found: dict[tuple[str, int, int, str], Diagnostic] = {}

    def add(
        self,
        code: str,
        message: str,
        span: Span,
        *,
        severity: Severity = "error",
        hint: str | None = None,
        path: str | None = None,
        state: str | None = None,
        fixes: Iterable[Fix] = (),
    ) -> None:
        """Note a finding at a place of this text."""
        start, end = self.source.position(span.start), self.source.position(max(span.end, span.start))
        found = Diagnostic(
            code,
            severity,
            message,
            self.part,
            span.start,
            span.end,
            start.line,
            start.column,
            end.line,
            end.column,
            hint,
            path,
            state,
            tuple(fixes),
        )
        self._found.setdefault((code, span.start, span.end, message), found)

    def extend(self, others: Iterable[Diagnostic]) -> None:
        """Take over findings made elsewhere."""
        for found in others:
            self._found.setdefault((found.code, found.start, found.end, found.message), found)

    def told(self, codes: Iterable[str], span: Span) -> bool:
        """Whether one of these codes was given inside a place."""
        wanted = set(codes)
        return any(
            found.code in wanted and span.start <= found.start < max(span.end, span.start + 1)
            for found in self._found.values()
        )

    @property
    def failed(self) -> bool:
        """Whether an error was found."""
        return any(found.severity == "error" for found in self._found.values())

    def sorted(self) -> list[Diagnostic]:
        """All findings in the order of the text."""
        return sorted(self._found.values(), key=lambda found: (found.start, found.end, found.code))


def closest(word: str, known: Iterable[str]) -> str | None:
    """The known word that someone who wrote `word` most likely meant."""
    candidates = list(known)
    lowered = {candidate.lower(): candidate for candidate in candidates}
    if word.lower() in lowered:
        return lowered[word.lower()]
    near = difflib.get_close_matches(word.lower(), list(lowered), n=1, cutoff=0.66)
    return lowered[near[0]] if near else None


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """A hint in words for a misspelt name, or nothing when none is near."""
    near = closest(word, known)
    return f"Did you mean `{near}`?" if near else None
