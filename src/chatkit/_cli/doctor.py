"""``chatkit doctor``: what works here, what does not, and what to do."""

from __future__ import annotations

import asyncio
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, Literal

import typer

from chatkit._cli._database import DatabaseOption, with_store
from chatkit._cli._serving import check_certificate
from chatkit._extras import missing
from chatkit.errors import ChatKitError
from chatkit.settings import Settings, SettingsError, load_settings
from chatkit.store import StoreUnavailableError

__all__ = ["register"]

_MARKS = {"good": "✓", "note": "·", "bad": "✗"}
_EXTRAS: dict[str, tuple[str, ...]] = {
    "server": ("starlette", "uvicorn", "sqlalchemy", "aiosqlite", "alembic", "python_multipart"),
    "agents": ("agents", "openai"),
    "models": ("httpx",),
    "agui": ("ag_ui",),
    "postgres": ("asyncpg",),
    "redis": ("redis",),
    "files": ("obstore", "PIL"),
    "documents": ("pypdf", "docx", "openpyxl", "pptx"),
    "auth": ("jwt", "cryptography"),
    "compiler": ("tree_sitter", "tree_sitter_typescript"),
    "telemetry": ("opentelemetry",),
}


@dataclass(frozen=True, slots=True)
class _Finding:
    state: Literal["good", "note", "bad"]
    text: str
    cure: str = ""


def register(cli: typer.Typer) -> None:
    cli.command()(doctor)


def doctor(database: DatabaseOption = None) -> None:
    """Look at this machine: versions, what shadows what, missing parts, the database. Fails when something is wrong."""
    bad = False
    for finding in _look(database):
        bad = bad or finding.state == "bad"
        typer.echo(f"{_MARKS[finding.state]} {finding.text}")
        if finding.cure:
            typer.echo(f"    → {finding.cure}")
    if bad:
        raise typer.Exit(1)


def _look(database: str | None) -> Iterator[_Finding]:
    yield _python()
    yield _shadow()
    yield from _extras()
    yield _client()
    yield _node()
    yield from _settings(database)


def _python() -> _Finding:
    return _Finding("good", f"Python {platform.python_version()} at {sys.executable}")


def _shadow() -> _Finding:
    """Both packages are imported as ``chatkit``: whichever was installed last has written over the other's files."""
    here = Path(__file__).resolve().parent.parent
    try:
        original: Any = metadata.distribution("openai-chatkit")
    except metadata.PackageNotFoundError:
        return _Finding("good", f"chatkit is this package, at {here}")
    theirs = Path(original.locate_file("chatkit")).resolve()
    text = f"openai-chatkit {original.version} is installed too, and both are imported as `chatkit`"
    cure = "pip uninstall openai-chatkit, then pip install --force-reinstall chatkit-selfhost"
    if theirs == here:
        return _Finding("bad", f"{text}; they share the folder {here}", cure)
    return _Finding("bad", f"{text}; {here} wins now, and {theirs} is in waiting", cure)


def _extras() -> Iterator[_Finding]:
    for extra, modules in _EXTRAS.items():
        gone = missing(*modules)
        if not gone:
            yield _Finding("good", f"extra {extra}")
        else:
            state: Literal["bad", "note"] = "bad" if extra == "server" else "note"
            yield _Finding(
                state, f"extra {extra}: {', '.join(gone)} missing", f"pip install 'chatkit-selfhost[{extra}]'"
            )


def _client() -> _Finding:
    from chatkit.asgi._static import CLIENT_FOLDER, is_built

    if is_built():
        return _Finding("good", f"the web client is built, in {CLIENT_FOLDER}")
    return _Finding(
        "bad",
        "the web client is not built",
        "In a checkout run `make build`; an installed package carries it.",
    )


def _node() -> _Finding:
    path = shutil.which("node")
    if path is None:
        return _Finding("note", "Node is not here; only building the web client needs it")
    asked = subprocess.run([path, "--version"], capture_output=True, text=True, check=False, timeout=10)  # noqa: S603
    version = asked.stdout.strip()
    major = version.lstrip("v").split(".")[0]
    if major.isdigit() and int(major) < 20:
        return _Finding("note", f"Node {version}", "Building the web client needs Node 20 or newer.")
    return _Finding("good", f"Node {version}")


def _settings(database: str | None) -> Iterator[_Finding]:
    try:
        settings = load_settings(database=database).values
    except SettingsError as error:
        yield _Finding("bad", f"settings: {error}", "`chatkit settings` lists them.")
        return
    yield _Finding("good", "settings")
    if missing(*_EXTRAS["server"]):
        return
    yield _database(settings.database)
    yield from _parts(settings)


def _parts(settings: Settings) -> Iterator[_Finding]:
    """What `chatkit serve` would stand on, beside the database."""
    if settings.stream_log not in ("database", "memory"):
        yield _redis(settings.stream_log)
    if settings.uploads:
        yield _folder(Path(settings.uploads))
    if settings.tls_certificate:
        try:
            check_certificate(settings)
        except ChatKitError as error:
            yield _Finding("bad", error.message, error.hint or "")
        else:
            yield _Finding("good", f"TLS with {settings.tls_certificate}")


def _redis(address: str) -> _Finding:
    if missing(*_EXTRAS["redis"]):
        return _Finding("bad", "the stream log is a Redis", "pip install 'chatkit-selfhost[redis]'")
    from chatkit.backends.redis import RedisStreamLog

    async def ask() -> None:
        log = RedisStreamLog(address)
        try:
            await log.ping()
        finally:
            await log.aclose()

    try:
        asyncio.run(ask())
    except ChatKitError as error:
        reason = getattr(error, "reason", error.message)
        return _Finding(
            "bad", f"the stream log: {reason}", "Check stream_log in the settings and that it runs."
        )
    return _Finding("good", "the Redis of the stream log answers")


def _folder(path: Path) -> _Finding:
    there = path if path.exists() else path.resolve().parent
    if not os.access(there, os.W_OK):
        return _Finding(
            "bad", f"uploads cannot be written to {path}", "Choose another folder with `uploads`."
        )
    return _Finding("good", f"uploads go to {path.resolve()}")


def _database(address: str) -> _Finding:
    async def work(store: Any) -> tuple[str | None, str | None]:
        return await store.database.revisions()

    from chatkit._cli._database import existing

    try:
        existing(address)
        at, newest = with_store(address, work)
    except StoreUnavailableError as error:
        return _Finding("bad", error.reason, error.cure)
    except ChatKitError as error:
        if "There is no database" in error.message:
            return _Finding("note", f"{error.message} It is made when the server starts.")
        return _Finding("bad", error.message, error.hint or "")
    if at != newest:
        return _Finding(
            "note", f"the database is at version {at or 'nothing'} of {newest}", "chatkit migrate"
        )
    return _Finding("good", f"the database answers, at version {newest}")
