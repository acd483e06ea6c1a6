"""``chatkit export`` and ``chatkit import``."""

from __future__ import annotations

import codecs
import json
import math
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Annotated, Any, Final, Literal, TextIO, cast

import typer

from chatkit._cli._database import DatabaseOption, existing, with_store
from chatkit._cli._hosted import hosted_records
from chatkit._cli._serving import load_target
from chatkit.errors import ChatKitError, RequestInvalidError
from chatkit.types import ThreadItem, ThreadMetadata

__all__ = ["register"]

_MOST_LINE: Final = 32_000_000
"""Bytes of a line of an import: what takes more is no thread, item or attachment."""


def register(cli: typer.Typer) -> None:
    cli.command("export")(export_threads)
    cli.command("import")(import_threads)


def export_threads(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write; by default the terminal.")
    ] = None,
    database: DatabaseOption = None,
    owner: Annotated[str | None, typer.Option(help="Only this owner's threads.")] = None,
    thread: Annotated[str | None, typer.Option(help="Only this thread.")] = None,
    form: Annotated[
        Literal["jsonl", "markdown"], typer.Option("--format", help="JSON Lines can be imported.")
    ] = "jsonl",
) -> None:
    """Write threads to a file: JSON Lines with everything, or Markdown to read."""
    address = existing(database)
    with output.open("w", encoding="utf-8") if output else nullcontext(sys.stdout) as file:
        write = _write_markdown if form == "markdown" else _write_lines
        count = with_store(address, lambda store: write(store, file, owner, thread))
    typer.echo(f"✓ {count} threads", err=True)


def import_threads(
    file: Annotated[
        Path | None, typer.Argument(help="JSON Lines, as `chatkit export` writes; - reads the terminal.")
    ] = None,
    database: DatabaseOption = None,
    owner: Annotated[
        str | None, typer.Option(help="Whose the threads become; by default whose they were.")
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(
            "--from", metavar="MODULE:STORE", help="A store written for openai-chatkit, to copy from."
        ),
    ] = None,
    context: Annotated[str, typer.Option(help="The context for that store, as JSON.")] = "{}",
    hosted: Annotated[
        bool, typer.Option("--hosted", help="What the hosted service keeps, read with OPENAI_API_KEY.")
    ] = False,
    user: Annotated[str | None, typer.Option(help="Only this user's threads of the hosted service.")] = None,
) -> None:
    """Read threads into a database: from a file, from any store of the public shape, or from the hosted service.

    A file is read through before anything is written: one bad line, and nothing is. Threads that are there already are
    replaced, so an import that was cut short is simply run again.
    """
    if (file is not None) + (source is not None) + hosted != 1:
        raise ChatKitError(
            "cli.usage", "Name a file, a store with --from, or --hosted.", hint="Exactly one of them."
        )

    async def work(store: Any) -> dict[str, int]:
        from chatkit.backends.sql import SQLAdmin, records_of

        if hosted:
            return await SQLAdmin(store).add(hosted_records(user), owner=owner)
        if source is not None:
            records = records_of(load_target(source), json.loads(context), owner or "")
            return await SQLAdmin(store).add(records)
        with _readable(file or Path("-")) as place:
            await SQLAdmin(store).check(_lines(place, str(file)), owner=owner)
            return await SQLAdmin(store).add(_lines(place, str(file)), owner=owner)

    counts = with_store(database, work)
    typer.echo(
        f"✓ {counts['thread']} threads, {counts['item']} items, {counts['attachment']} attachments", err=True
    )


async def _write_lines(store: Any, file: TextIO, owner: str | None, thread: str | None) -> int:
    from chatkit.backends.sql import SQLAdmin

    count = 0
    async for record in SQLAdmin(store).export(owner, thread):
        file.write(json.dumps(record, ensure_ascii=False) + "\n")
        count += record["kind"] == "thread"
    return count


async def _write_markdown(store: Any, file: TextIO, owner: str | None, thread: str | None) -> int:
    from chatkit.backends._markdown import thread_markdown
    from chatkit.backends._rows import parse_item, parse_thread
    from chatkit.backends.sql import SQLAdmin

    count = 0
    head: ThreadMetadata | None = None
    items: list[ThreadItem] = []
    async for record in SQLAdmin(store).export(owner, thread):
        if record["kind"] == "item":
            items.append(parse_item(json.dumps(record["item"])))
            continue
        if head is not None:
            file.write(thread_markdown(head, items) + "\n---\n\n")
        head, items = None, []
        if record["kind"] == "thread":
            head, count = parse_thread(json.dumps(record["thread"]), 0), count + 1
    if head is not None:
        file.write(thread_markdown(head, items))
    return count


class _Line(dict[str, Any]):
    """A record, and the number of its line."""

    line: int


@contextmanager
def _readable(file: Path) -> Generator[Path]:
    """The file; for what comes through a pipe a copy, because it is read twice."""
    if str(file) != "-":
        yield file
        return
    with tempfile.NamedTemporaryFile(prefix="chatkit-import-") as copy:
        try:
            shutil.copyfileobj(sys.stdin.buffer, copy)
            copy.flush()
        except OSError as error:
            raise ChatKitError(
                "cli.file",
                f"What comes in cannot be kept in {tempfile.gettempdir()}: {error.strerror}.",
                hint="Make room there, name another folder in TMPDIR, or import a file.",
            ) from error
        yield Path(copy.name)


async def _lines(place: Path, name: str | None = None) -> AsyncIterator[_Line]:
    file = name or str(place)
    try:
        source = place.open("rb")
    except OSError as error:
        raise ChatKitError("cli.file", f"{file} cannot be read: {error.strerror}.") from error
    with source as opened:
        number = 0
        while data := opened.readline(_MOST_LINE + 1):
            number += 1
            if len(data) > _MOST_LINE:
                raise _bad_line(file, number, f"This line is longer than {_MOST_LINE // 1_000_000} MB.")
            if data.strip():
                yield _record(data.removeprefix(codecs.BOM_UTF8) if number == 1 else data, file, number)


def _record(data: bytes, file: str, number: int) -> _Line:
    try:
        record = json.loads(data.decode(), parse_constant=_no_number, parse_float=_number)
        if b"\\ud" in data or b"\\uD" in data:
            json.dumps(record, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise _bad_line(file, number, "This holds half a character (a lone surrogate).") from error
    except UnicodeDecodeError as error:
        raise _bad_line(file, number, f"This is not UTF-8: byte {error.start + 1} of the line.") from error
    except json.JSONDecodeError as error:
        raise _bad_line(file, number, f"This is not JSON: {error.msg}.") from error
    except (ValueError, RecursionError) as error:
        raise _bad_line(file, number, f"This cannot be read: {error}.") from error
    if not isinstance(record, dict):
        raise _bad_line(file, number, "This is not a record.")
    line = _Line(cast("dict[str, Any]", record))
    line.line = number
    return line


def _bad_line(file: str, number: int, what: str) -> RequestInvalidError:
    return RequestInvalidError(what, path=f"{file}:{number}", hint="Nothing was imported.")


def _no_number(name: str) -> float:
    raise ValueError(f"JSON has no {name}")


def _number(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _no_number(text[:20])
