"""``chatkit settings``: every setting, its value, and where that came from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from chatkit.settings import Settings, load_settings

__all__ = ["register"]


def register(cli: typer.Typer) -> None:
    cli.command()(settings)


def settings(
    config: Annotated[Path | None, typer.Option(help="File of settings; by default chatkit.toml.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """List every setting: name, value, where the value came from, and what it means. Checks them too."""
    loaded = load_settings(config)
    values = loaded.values.model_dump(mode="json")
    if as_json:
        typer.echo(
            json.dumps({name: {"value": values[name], "source": loaded.sources[name]} for name in values})
        )
        return
    for name, field in Settings.model_fields.items():
        shown = _hidden(name, json.dumps(values[name]))
        typer.echo(f"{name} = {shown}  ({loaded.sources[name]})\n    {field.description}")


def _hidden(name: str, value: str) -> str:
    """An address without its password."""
    if name not in ("database", "stream_log") or "@" not in value:
        return value
    scheme, _, rest = value.partition("://")
    who, _, where = rest.rpartition("@")
    return f"{scheme}://{who.split(':')[0]}:***@{where}"
