"""``chatkit widget``: make, check, draw and explain widgets from the command line and in CI."""

from __future__ import annotations

import contextlib
import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from chatkit._extras import missing
from chatkit.errors import ChatKitError

if TYPE_CHECKING:
    from chatkit.compiler import LoadedWidget

__all__ = ["app", "register"]

app = typer.Typer(
    no_args_is_help=True,
    help="Make, check, draw and explain widgets: `.widget` files, or views kept as NAME.tsx with NAME.schema.ts and NAME.data.json.",
    context_settings={"help_option_names": ["-h", "--help"]},
)
_VIEW = """<Card size="sm">
  <Title value={title} size="sm" />
  {note && <Text value={note} color="secondary" />}
  <Button label="OK" onClickAction={{ type: "ok", payload: { title } }} />
</Card>
"""
_SCHEMA = """import { z } from "zod"

const WidgetState = z.strictObject({
  title: z.string(),
  note: z.string().optional(),
})

export default WidgetState
"""
_DATA = {"title": "Hello", "note": "Edit me."}
_MANY = 5
_ROUND = 200  # milliseconds


class Format(StrEnum):
    """How findings are written."""

    text = "text"
    json = "json"
    sarif = "sarif"
    github = "github"


class Mode(StrEnum):
    """Which rules make the template."""

    safe = "safe"
    compat = "compat"


class Target(StrEnum):
    """What a widget is drawn to."""

    json = "json"
    html = "html"
    png = "png"


Paths = Annotated[list[Path], typer.Argument(help="Files and folders.", metavar="PATH…")]
FormatOption = Annotated[
    Format, typer.Option("--format", help="text, json, sarif (code scanning), or github (annotations).")
]
ModeOption = Annotated[
    Mode,
    typer.Option(
        "--mode", help="safe means the same everywhere; compat is the original's output, byte for byte."
    ),
]


def register(cli: typer.Typer) -> None:
    cli.add_typer(app, name="widget")


def _load(path: Path, mode: str = "safe", *, check: bool = True) -> LoadedWidget:
    from chatkit.compiler import load_widget

    return load_widget(path, "compat" if mode == "compat" else "safe", check=check)


def _load_all(paths: list[Path], mode: str = "safe") -> list[LoadedWidget]:
    """Every widget; on a terminal a line says how far it is when there are many."""
    if len(paths) < _MANY or not sys.stderr.isatty():
        return [_load(path, mode) for path in paths]
    out: list[LoadedWidget] = []
    with typer.progressbar(paths, label="Widgets", file=sys.stderr, show_pos=True) as counted:
        out.extend(_load(path, mode) for path in counted)
    return out


def _found(paths: list[Path]) -> list[Path]:
    if missing("tree_sitter", "tree_sitter_typescript"):
        raise ChatKitError(
            "extra.missing",
            "The widget compiler needs tree-sitter.",
            hint="Run: pip install 'chatkit-selfhost[compiler]'",
        )
    from chatkit.compiler import find_widgets

    try:
        found = find_widgets(paths)
    except FileNotFoundError as error:
        raise ChatKitError("file.missing", str(error)) from error
    if not found:
        raise ChatKitError(
            "file.missing", "There are no widgets here.", hint="Make one: chatkit widget new NAME"
        )
    return found


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="Name of the widget, for example draft-email.")],
    folder: Annotated[Path, typer.Option("--in", help="Folder to put it in.")] = Path(),
    split: Annotated[
        bool, typer.Option("--split", help="Keep view, schema and data in files of their own.")
    ] = False,
) -> None:
    """Make a widget to start from."""
    from chatkit.compiler import compile_widget, title_of, write_atomically

    base = folder / name.removesuffix(".widget")
    target = base.with_suffix(".tsx" if split else ".widget")
    if target.exists():
        raise ChatKitError("file.exists", f"{target} exists already.", hint="Choose another name.")
    folder.mkdir(parents=True, exist_ok=True)
    if split:
        write_atomically(target, _VIEW)
        write_atomically(base.with_name(base.name + ".schema.ts"), _SCHEMA)
        write_atomically(base.with_name(base.name + ".data.json"), json.dumps(_DATA, indent=2) + "\n")
    else:
        result = compile_widget(_VIEW, _SCHEMA, "zod", _DATA, name=title_of(base.name))
        write_atomically(target, result.file().to_text())
    typer.echo(f"✓ {target}")


@app.command()
def build(
    paths: Paths,
    mode: ModeOption = Mode.safe,
    format: FormatOption = Format.text,
    check_only: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail when a file would change.")
    ] = False,
) -> None:
    """Compile views to `.widget` files, and documents inside `.widget` files anew."""
    loaded = _load_all(_found(paths), mode)
    changed = [_build(widget, write=not check_only, quiet=format != Format.text) for widget in loaded]
    _report(loaded, format)
    if not all(widget.ok for widget in loaded) or (check_only and any(changed)):
        raise typer.Exit(1)


def _build(widget: LoadedWidget, *, write: bool, quiet: bool) -> bool:
    from chatkit.compiler import write_atomically

    if widget.result is None or widget.result.template is None or not widget.ok:
        return False
    target = widget.path.with_suffix(".widget")
    file = widget.result.file()
    if widget.file is not None and widget.path.suffix == ".widget":
        file.name = widget.file.name or file.name
    text = file.to_text()
    changed = not target.exists() or target.read_bytes() != text.encode("utf-8")
    if write and changed:
        write_atomically(target, text)
    if not quiet:
        typer.echo(f"{'✓' if not changed or write else '✗'} {target}{'' if changed else ' (unchanged)'}")
    return changed


@app.command()
def check(
    paths: Paths,
    format: FormatOption = Format.text,
    strict: Annotated[bool, typer.Option("--strict", help="Fail on warnings too.")] = False,
) -> None:
    """Check widgets: file, view, components, schema, data, drawing, forms and accessibility."""
    loaded = _load_all(_found(paths))
    _report(loaded, format)
    severities = {found.severity for widget in loaded for found in widget.report.diagnostics}
    if format == Format.text:
        _summary(loaded)
    if "error" in severities or (strict and "warning" in severities):
        raise typer.Exit(1)


def _summary(loaded: list[LoadedWidget]) -> None:
    counts = {"error": 0, "warning": 0, "info": 0}
    for widget in loaded:
        for found in widget.report.diagnostics:
            counts[found.severity] += 1
    noun = "widget" if len(loaded) == 1 else "widgets"
    typer.echo(
        f"{len(loaded)} {noun}: {counts['error']} errors, {counts['warning']} warnings, {counts['info']} notes"
    )


def _report(loaded: list[LoadedWidget], format: Format) -> None:
    from chatkit.compiler import as_github, as_json, as_sarif, as_text
    from chatkit.version import __version__

    reports = [widget.report for widget in loaded]
    if format == Format.text:
        for report in reports:
            if report.diagnostics:
                typer.echo(_colored(as_text(report)))
        return
    written = {
        Format.json: lambda: as_json(reports),
        Format.sarif: lambda: as_sarif(reports, __version__),
        Format.github: lambda: as_github(reports),
    }[format]()
    if written:
        typer.echo(written)


def _colored(text: str) -> str:
    if not sys.stdout.isatty():
        return text
    colors = {": error ": typer.colors.RED, ": warning ": typer.colors.YELLOW, ": info ": typer.colors.BLUE}
    lines: list[str] = []
    for line in text.split("\n"):
        color = next((color for mark, color in colors.items() if mark in line and " CK" in line), None)
        lines.append(typer.style(line, fg=color) if color else line)
    return "\n".join(lines)


@app.command()
def watch(
    paths: Paths,
    mode: ModeOption = Mode.safe,
) -> None:
    """Build and check again whenever a view, schema or data file changes."""
    from watchfiles import watch as changes

    def once(found: list[Path]) -> None:
        for path in found:
            widget = _load(path, mode)
            _build(widget, write=path.suffix != ".widget", quiet=False)
            _report([widget], Format.text)

    _found(paths)
    rounds = changes(*paths, yield_on_timeout=True, rust_timeout=_ROUND)
    with contextlib.suppress(KeyboardInterrupt):
        for at, batch in enumerate(rounds):
            if at == 0:
                # By the end of the first round every later change is seen; a build before it could miss one.
                once(_found(paths))
                typer.echo("· watching; stop with Ctrl-C")
            elif batch:
                touched = {_source_of(Path(name)) for _, name in batch}
                once([path for path in _found(paths) if path.resolve() in touched])


def _source_of(path: Path) -> Path:
    """The view that a changed schema or data file belongs to."""
    for ending in (".schema.ts", ".schema.json", ".data.json"):
        if path.name.endswith(ending):
            return path.with_name(path.name.removesuffix(ending) + ".tsx").resolve()
    return path.resolve()


@app.command()
def render(
    path: Annotated[Path, typer.Argument(help="The widget.")],
    to: Annotated[
        Target,
        typer.Option(
            "--to",
            "--format",
            help="json, html (one page that needs nothing else), or png (needs a browser).",
        ),
    ] = Target.json,
    data: Annotated[
        Path | None, typer.Option("--data", help="JSON file with the data; the sample data otherwise.")
    ] = None,
    state: Annotated[
        str | None, typer.Option("--state", help="Name of a state of the document, or of made-up data.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="File to write; the standard output otherwise.")
    ] = None,
    theme: Annotated[str, typer.Option("--theme", help="light or dark.")] = "light",
    width: Annotated[
        int, typer.Option("--width", min=280, max=4000, help="Width of the picture in px.")
    ] = 560,
) -> None:
    """Draw a widget with data, by the template and the runtime that the chat uses."""
    from chatkit._cli._widget_page import widget_page, widget_picture

    widget = _load(_found([path])[0], check=False)
    tree = _drawn(widget, _data_for(widget, data, state))
    title = widget.file.name if widget.file is not None else path.stem
    if to == Target.png:
        target = out or path.with_suffix(".png")
        widget_picture(tree, title, theme, width, target)
        typer.echo(f"✓ {target}")
        return
    text = (
        json.dumps(tree, ensure_ascii=False, indent=2)
        if to == Target.json
        else widget_page(tree, title, theme)
    )
    if out is None:
        typer.echo(text)
    else:
        out.write_text(text, "utf-8")
        typer.echo(f"✓ {out}")


def _data_for(widget: LoadedWidget, data: Path | None, state: str | None) -> dict[str, Any]:
    from chatkit.compiler import generated_states

    if data is not None:
        try:
            raw = json.loads(data.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise ChatKitError("widget.data", f"{data} cannot be read: {error}") from error
        if not isinstance(raw, dict):
            raise ChatKitError("widget.data", f"{data} is not a JSON object.")
        return cast("dict[str, Any]", raw)
    known = {one.name: dict(one.data) for one in widget.states}
    schema = widget.file.json_schema if widget.file is not None else None
    made_up = generated_states(cast("dict[str, Any]", schema)) if isinstance(schema, dict) else {}
    if state is None:
        return next(iter(known.values()), made_up.get("everything", {}))
    if state not in {**known, **made_up}:
        raise ChatKitError(
            "widget.data", f"There is no state {state!r}.", hint=f"States: {', '.join([*known, *made_up])}."
        )
    return {**made_up, **known}[state]


def _drawn(widget: LoadedWidget, data: dict[str, Any]) -> Any:
    from chatkit.compiler import as_text
    from chatkit.widgets import WidgetTemplate

    if widget.file is None or (widget.result is not None and widget.result.template is None):
        typer.echo(as_text(widget.report), err=True)
        raise typer.Exit(1)
    definition = json.loads(widget.file.to_text())
    return WidgetTemplate(definition, where=widget.path.name).render(data)


@app.command()
def types(
    paths: Paths,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="Module to write; NAME_widget.py beside each widget otherwise."),
    ] = None,
    stdout: Annotated[bool, typer.Option("--stdout", help="Print instead of writing.")] = False,
) -> None:
    """Write Pydantic models of a widget's data and a typed `build()`."""
    from chatkit.compiler import python_models, write_atomically

    found = _found(paths)
    if out is not None and len(found) > 1:
        raise ChatKitError("widget.types", "--out takes one widget at a time.")
    for path in found:
        widget = _load(path, check=False)
        if widget.file is None or not widget.ok:
            _report([widget], Format.text)
            raise typer.Exit(1)
        code = python_models(
            widget.file.json_schema, widget.file.name or path.stem, path.with_suffix(".widget").name
        )
        target = out or path.with_name(f"{path.stem.replace('-', '_').replace(' ', '_').lower()}_widget.py")
        if stdout:
            typer.echo(code)
        else:
            write_atomically(target, code)
            typer.echo(f"✓ {target}")


@app.command()
def fmt(
    paths: Paths,
    check_only: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail when a file would change.")
    ] = False,
) -> None:
    """Format views."""
    changed = [path for path in _found(paths) if _format(path, write=not check_only)]
    for path in changed:
        typer.echo(f"{'✗ would format' if check_only else '✓'} {path}")
    if check_only and changed:
        raise typer.Exit(1)


def _format(path: Path, *, write: bool) -> bool:
    from chatkit.compiler import format_jsx, read_widget, write_atomically

    text = path.read_bytes().decode("utf-8", "replace")
    if path.suffix != ".widget":
        formatted = format_jsx(text)
        return formatted != text and (not write or write_atomically(path, formatted))
    file, _ = read_widget(text)
    if file is None or file.document is None:
        return False
    formatted = format_jsx(file.document.view)
    if formatted.strip() == file.document.view.strip():
        return False
    file.document.view = formatted
    return not write or write_atomically(path, file.to_text())


@app.command()
def unpack(
    path: Annotated[Path, typer.Argument(help="A `.widget` file.")],
    force: Annotated[bool, typer.Option("--force", help="Write over files that are there.")] = False,
) -> None:
    """Take a `.widget` file apart into NAME.tsx, NAME.schema.ts and NAME.data.json; a view is rebuilt where there is none."""
    from chatkit.compiler import decompile, write_atomically

    widget = _load(_found([path])[0], check=False)
    if widget.file is None:
        _report([widget], Format.text)
        raise typer.Exit(1)
    document = widget.file.document
    view = document.view if document is not None else decompile(widget.file.template)
    if view is None:
        raise ChatKitError(
            "widget.template", f"{path} has no view, and its template is too free to rebuild one."
        )
    schema = document.schema if document is not None and document.schema_mode == "zod" else None
    files = {".tsx": view if view.endswith("\n") else f"{view}\n"}
    files[".schema.ts" if schema else ".schema.json"] = schema or json.dumps(
        widget.file.json_schema or {}, indent=2, ensure_ascii=False
    )
    files[".data.json"] = (
        json.dumps(document.default_state if document else {}, indent=2, ensure_ascii=False) + "\n"
    )
    targets = {path.with_name(path.stem + ending): text for ending, text in files.items()}
    taken = [str(target) for target in targets if target.exists()]
    if taken and not force:
        raise ChatKitError(
            "file.exists", f"{', '.join(taken)} exist already.", hint="Use --force to write over them."
        )
    for target, text in targets.items():
        write_atomically(target, text)
        typer.echo(f"✓ {target}")


@app.command()
def explain(code: Annotated[str, typer.Argument(help="A code such as CK405.")]) -> None:
    """Say what a diagnostic code means."""
    from chatkit.compiler import CODES
    from chatkit.compiler import explain as explanation

    found = explanation(code)
    if found is None:
        near = ", ".join(known for known in CODES if known[:3] == code.upper()[:3])
        raise ChatKitError(
            "code.unknown", f"There is no code {code}.", hint=f"Codes: {near or ', '.join(CODES)}."
        )
    typer.echo(f"{found.code}: {found.title}\n\n{found.text}")
