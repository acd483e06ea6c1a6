"""``chatkit new``: an app to start from, which runs at once."""

from __future__ import annotations

import re
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated

import typer

from chatkit.errors import ChatKitError

__all__ = ["register"]

_NAME = re.compile(r"[A-Za-z][\w \-]{0,60}")


def register(cli: typer.Typer) -> None:
    cli.command()(new)


def new(
    name: Annotated[str, typer.Argument(help="The app's name; a folder of that name is made.")],
    folder: Annotated[Path | None, typer.Option(help="Another folder to make it in.")] = None,
) -> None:
    """Make a small app: a server, a widget, a page and tests. It runs at once, with no key and no service."""
    if not _NAME.fullmatch(name):
        raise ChatKitError(
            "cli.name", f"{name!r} cannot be a name.", hint="Use letters, digits, spaces and dashes."
        )
    place = folder or Path(name.lower().replace(" ", "-"))
    if place.exists() and any(place.iterdir()):
        raise ChatKitError("cli.folder", f"{place} is not empty.", hint="Choose another name, or --folder.")
    written = _copy(files("chatkit._cli") / "scaffold", place, {"{{name}}": name})
    for path in written:
        typer.echo(f"  {path}")
    typer.echo(
        f"\n▸ cd {place}\n▸ python app.py          the chat, at http://127.0.0.1:8000/\n▸ python -m pytest       its tests"
    )


def _copy(source: Traversable, target: Path, words: dict[str, str]) -> list[Path]:
    target.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for entry in sorted(source.iterdir(), key=lambda part: part.name):
        if entry.is_dir():
            if entry.name != "__pycache__":
                written += _copy(entry, target / entry.name, words)
            continue
        text = entry.read_text(encoding="utf-8")
        for mark, word in words.items():
            text = text.replace(mark, word)
        # Templates end in .in, so that no tool takes them for code of the package.
        path = target / entry.name.removesuffix(".in")
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return written
