"""The ``chatkit`` command. Each verb is a file in ``_cli``; nothing heavy is imported before a verb runs."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from chatkit._extras import missing
from chatkit.errors import ChatKitError
from chatkit.version import __version__, compatible_with

__all__ = ["main"]

_VERBS = (
    "demo",
    "new",
    "serve",
    "doctor",
    "settings",
    "migrate",
    "transfer",
    "erase",
    "backup",
    "widget",
    "studio",
)


def main() -> None:
    """Run the command line. What a person can put right ends with one clear line, not with a traceback."""
    if missing("typer", "rich"):
        sys.exit("The chatkit command needs typer and rich. Run: pip install 'chatkit-selfhost[server]'")
    import typer

    cli = typer.Typer(
        name="chatkit",
        help="ChatKit, open and self-hosted: chats with living widgets from your own server.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode="markdown",
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    for verb in _VERBS:
        if find_spec(f"chatkit._cli.{verb}") is not None:
            import_module(f"chatkit._cli.{verb}").register(cli)
    cli.callback(invoke_without_command=True)(_about(typer))
    try:
        cli()
    except ChatKitError as error:
        _fail(str(error))
    except ImportError as error:
        if "pip install" not in str(error):
            raise
        _fail(str(error))


def _about(typer: Any) -> Callable[[bool], None]:
    """What the command does without a verb."""

    def about(
        version: bool = typer.Option(False, "--version", help="Say the version, and end.", is_eager=True),
    ) -> None:
        """ChatKit, open and self-hosted: chats with living widgets from your own server."""
        if version:
            typer.echo(f"chatkit-selfhost {__version__}, for apps of {compatible_with}")
            raise typer.Exit

    return about


def _fail(message: str) -> None:
    sys.stderr.write(f"✗ {message}\n")
    sys.exit(1)
