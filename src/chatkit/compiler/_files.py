"""Widgets on disk: `.widget` files, and views kept as `NAME.tsx` with `NAME.schema.ts` and `NAME.data.json` beside."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from chatkit.errors import ChatKitError

from ._compile import CompileResult, Mode, State, compile_document, compile_widget
from ._container import WidgetDocument, WidgetFile, read_widget
from ._diagnostics import Diagnostic, Findings
from ._jsvalue import as_object
from ._report import Report
from ._samples import generated_states
from ._schema_check import schema_problem
from ._source import SourceText, Span

VIEW_SUFFIXES = (".tsx", ".jsx")
_MAX_FILE = 8_000_000


@dataclass(slots=True)
class LoadedWidget:
    """A widget from disk: its file, what compiling its document gave, and a report of all findings."""

    path: Path
    report: Report
    file: WidgetFile | None = None
    result: CompileResult | None = None
    states: list[State] = field(default_factory=list[State])

    @property
    def ok(self) -> bool:
        """Whether no error was found."""
        return not any(found.severity == "error" for found in self.report.diagnostics)


def find_widgets(paths: list[Path]) -> list[Path]:
    """Every widget in files and folders: `.widget` files, and views that no `.widget` file of the same name stands for.

    Raises FileNotFoundError for a path that is not there.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            for pattern in ("*.widget", *(f"*{suffix}" for suffix in VIEW_SUFFIXES)):
                found += sorted(
                    one for one in path.rglob(pattern) if "node_modules" not in one.parts and _is_source(one)
                )
        elif path.exists():
            found.append(path)
        else:
            raise FileNotFoundError(f"There is no file or folder {path}.")
    return list(dict.fromkeys(found))


def _is_source(path: Path) -> bool:
    if path.suffix == ".widget":
        return not any(path.with_suffix(suffix).exists() for suffix in VIEW_SUFFIXES)
    return True


def load_widget(path: Path, mode: Mode = "safe", *, check: bool = True) -> LoadedWidget:
    """Read and compile a widget. Raises OSError when the file cannot be read."""
    if path.suffix in VIEW_SUFFIXES:
        return _load_sources(path, mode, check)
    if path.stat().st_size > _MAX_FILE:
        problem = Diagnostic("CK101", "error", f"The file is larger than {_MAX_FILE} bytes.", "file")
        return LoadedWidget(path, Report(str(path), [problem], {}))
    text = path.read_bytes().decode("utf-8", "replace")
    file, found = read_widget(text)
    sources = {"file": text}
    if file is None:
        return LoadedWidget(path, Report(str(path), found, sources))
    if file.document is None:
        found = [*found, *check_template(file, text)]
        return LoadedWidget(path, Report(str(path), found, sources), file)
    document = file.document
    result = compile_document(document, mode, check=check)
    sources |= {"view": document.view, "schema": document.schema or ""}
    states = [State("Default", document.default_state), *_states(document.states)]
    drift = _drift(file, document, result, text) if check else []
    return LoadedWidget(
        path, Report(str(path), [*found, *drift, *result.diagnostics], sources), file, result, states
    )


def _states(raw: list[Any]) -> list[State]:
    out: list[State] = []
    for at, state in enumerate(raw, 2):
        if isinstance(state, dict):
            known = cast("dict[str, Any]", state)
            out.append(State(str(known.get("name") or f"State {at}"), as_object(known.get("data")) or {}))
    return out


def _load_sources(path: Path, mode: Mode, check: bool) -> LoadedWidget:
    base = path.with_suffix("")
    sources = {"view": _read(path)}
    schema: str | None = None
    zod, plain, data_path = (
        base.with_name(base.name + end) for end in (".schema.ts", ".schema.json", ".data.json")
    )
    if zod.exists() or plain.exists():
        schema = sources["schema"] = _read(zod if zod.exists() else plain)
    problems: list[Diagnostic] = []
    states = [State("Default", {})]
    if data_path.exists():
        sources["data"] = _read(data_path)
        states = _read_data(sources["data"], problems)
    before = _existing_document(base.with_suffix(".widget"), sources["view"])
    result = compile_widget(
        sources["view"],
        schema,
        None if schema is None else "zod" if zod.exists() else "jsonSchema",
        states[0].data,
        states[1:],
        before.name or title_of(base.name),
        mode,
        check=check,
        document=before,
    )
    file = result.file() if result.template is not None else None
    return LoadedWidget(
        path, Report(str(path), [*problems, *result.diagnostics], sources), file, result, states
    )


def _existing_document(path: Path, view: str) -> WidgetDocument:
    """The document written before keeps its id and name."""
    if path.exists():
        file, _ = read_widget(path.read_bytes().decode("utf-8", "replace"))
        if file is not None and file.document is not None:
            return file.document
    return WidgetDocument.new(title_of(path.stem), view)


def _read_data(text: str, problems: list[Diagnostic]) -> list[State]:
    findings = Findings(SourceText(text), "data")
    raw: Any = None
    try:
        raw = json.loads(text)
    except json.JSONDecodeError as error:
        findings.add("CK602", f"The data is not JSON: {error.msg}.", Span(error.pos, error.pos + 1))
    except RecursionError:
        findings.add("CK602", "The data is nested too deeply.", Span(0, 0))
    if raw is not None and not isinstance(raw, dict):
        findings.add("CK602", "The data is not a JSON object.", Span(0, min(1, len(text))))
    problems += findings.sorted()
    return [State("Default", cast("dict[str, Any]", raw) if isinstance(raw, dict) else {})]


def _read(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "replace").replace("\r\n", "\n")


def title_of(name: str) -> str:
    """A title for a file name: `draft-email` → `Draft email`."""
    words = name.replace("_", " ").replace("-", " ").strip()
    return words[:1].upper() + words[1:] if words else "Untitled widget"


def _drift(file: WidgetFile, document: WidgetDocument, result: CompileResult, text: str) -> list[Diagnostic]:
    """Whether the template in the file is one its own document compiles to."""
    if result.template is None or file.template == result.template:
        return []
    if compile_document(document, "compat", check=False).template == file.template:
        return []
    findings = Findings(SourceText(text), "file")
    at = text.find('"template"')
    findings.add(
        "CK203",
        "The template is not what the file's own view compiles to.",
        Span(max(at, 0), max(at, 0) + 10),
        severity="info",
        hint="It was changed by hand or made by an older compiler. `chatkit widget build` writes it anew.",
    )
    return findings.sorted()


def check_template(file: WidgetFile, text: str) -> list[Diagnostic]:
    """Check a widget that is only a template: does it parse, and draw for its own preview's schema?"""
    from chatkit.widgets import WidgetTemplate

    findings = Findings(SourceText(text), "file")
    at = max(text.find('"template"'), 0)
    place = Span(at, at + 10)
    schema = as_object(file.json_schema) or {}
    problem = schema_problem(schema) if schema else None
    if problem is not None:
        findings.add("CK509", f"`jsonSchema` is not a valid JSON Schema: {problem}", place)
        schema = {}
    try:
        template = WidgetTemplate(
            {"version": "1.0", "name": file.name, "template": file.template}, strict=True
        )
    except ChatKitError as error:
        findings.add("CK704", f"The template cannot be read: {error}", place)
        return findings.sorted()
    for name, data in generated_states(schema).items() if schema.get("properties") else ():
        try:
            template.build(data)
        except ChatKitError as error:
            findings.add(
                "CK705",
                f"With data made up from the schema ({name}) it fails: {error}",
                place,
                severity="warning",
                hint="Guard what may be absent with `is defined`, or make it required.",
                state=name,
            )
            break
    return findings.sorted()


def write_atomically(path: Path, text: str) -> bool:
    """Write a file whole or not at all; False when it already had this text."""
    data = text.encode("utf-8")
    if path.exists() and path.read_bytes() == data:
        return False
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
        Path(temporary).chmod(mode)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return True
