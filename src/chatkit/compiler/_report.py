"""Diagnostics for people and machines: text with the line they are about, JSON, SARIF, GitHub annotations."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ._codes import CODES
from ._diagnostics import Diagnostic
from ._source import SourceText


@dataclass(frozen=True, slots=True)
class Report:
    """The findings of one file, and the texts (by part: view, schema, file …) they point into."""

    path: str
    diagnostics: Sequence[Diagnostic]
    sources: Mapping[str, str]


def as_text(report: Report) -> str:
    """Each finding with its place, the line it is about, and what to do."""
    return "\n".join(_excerpt(report, found) for found in report.diagnostics)


def _excerpt(report: Report, found: Diagnostic) -> str:
    place = f"{report.path} ({found.part}):{found.line}:{found.column}"
    lines = [f"{place}: {found.severity} {found.code}: {found.message}"]
    text = report.sources.get(found.part)
    if text and found.end > 0:
        source = SourceText(text)
        line = source.line(found.line)
        number = str(found.line)
        width = max(1, (found.end_column if found.end_line == found.line else len(line) + 1) - found.column)
        shown, shift = _window(line, found.column - 1, width)
        lines.append(f"  {number} | {shown}")
        lines.append(
            f"  {' ' * len(number)} | {' ' * (found.column - 1 - shift)}{'^' * min(width, len(shown) + 1)}"
        )
    lines += [f"  with: {found.state}"] if found.state else []
    lines += [f"  at: {found.path}"] if found.path else []
    lines += [f"  hint: {found.hint}"] if found.hint else []
    return "\n".join(lines)


def _window(line: str, column: int, width: int) -> tuple[str, int]:
    """At most a hundred characters of a line around a column, tabs as spaces."""
    line = line.replace("\t", " ")
    if len(line) <= 100:
        return line, 0
    start = max(0, min(column - 30, len(line) - 100))
    del width
    return line[start : start + 100], start


def as_json(reports: Sequence[Report]) -> str:
    """All findings as one JSON document."""
    out = [
        {
            "path": report.path,
            "diagnostics": [found.to_dict(report.sources.get(found.part)) for found in report.diagnostics],
        }
        for report in reports
    ]
    return json.dumps(out, ensure_ascii=False, indent=2)


_LEVELS = {"error": "error", "warning": "warning", "info": "note"}


def as_sarif(reports: Sequence[Report], version: str) -> str:
    """All findings as SARIF 2.1.0."""
    used = sorted({found.code for report in reports for found in report.diagnostics})
    rules = [
        {
            "id": code,
            "shortDescription": {"text": CODES[code].title},
            "fullDescription": {"text": CODES[code].text},
        }
        for code in used
        if code in CODES
    ]
    results = [_sarif_result(report, found) for report in reports for found in report.diagnostics]
    driver = {"name": "chatkit", "version": version, "rules": rules}
    document = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}],
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


def _sarif_result(report: Report, found: Diagnostic) -> dict[str, Any]:
    message = found.message if found.hint is None else f"{found.message} {found.hint}"
    location: dict[str, Any] = {"artifactLocation": {"uri": report.path}}
    if found.part == "file":
        location["region"] = {
            "startLine": found.line,
            "startColumn": found.column,
            "endLine": found.end_line,
            "endColumn": found.end_column,
        }
    else:
        # The source is packed inside the file, so only the words can say where in it.
        message = f"{found.part}:{found.line}:{found.column}: {message}"
    return {
        "ruleId": found.code,
        "level": _LEVELS[found.severity],
        "message": {"text": message},
        "locations": [{"physicalLocation": location}],
    }


def as_github(reports: Sequence[Report]) -> str:
    """All findings as workflow commands, which GitHub shows beside the file."""
    lines: list[str] = []
    for report in reports:
        for found in report.diagnostics:
            level = {"error": "error", "warning": "warning", "info": "notice"}[found.severity]
            place = f"file={_escaped(report.path)}" + (
                f",line={found.line},col={found.column}" if found.part == "file" else ""
            )
            where = "" if found.part == "file" else f"{found.part} {found.line}:{found.column}: "
            hint = f" {found.hint}" if found.hint else ""
            lines.append(
                f"::{level} {place},title={found.code}::{_escaped(where + found.message + hint, message=True)}"
            )
    return "\n".join(lines)


def _escaped(text: str, *, message: bool = False) -> str:
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return text if message else text.replace(":", "%3A").replace(",", "%2C")
