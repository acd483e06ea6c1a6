"""``chatkit demo``: the product in a browser, with one command."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from chatkit._cli._serving import claim_port, folder_of, run
from chatkit.errors import ChatKitError
from chatkit.settings import Settings

__all__ = ["register"]


def register(cli: typer.Typer) -> None:
    cli.command()(demo)


def demo(
    port: Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.")] = 8000,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    folder: Annotated[Path, typer.Option(help="Where the demo keeps its database and files.")] = Path(
        ".chatkit"
    ),
    pace: Annotated[
        float, typer.Option(help="Seconds for each word of the scripted assistant.", min=0)
    ] = 0.03,
    reload: Annotated[bool, typer.Option("--reload", help="Start again when the code changes.")] = False,
    open_browser: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
) -> None:
    """Start the demo: a chat that shows everything the product can do. No key, no service.

    With `OPENAI_API_KEY` or `OPENAI_BASE_URL` in the environment a model answers instead of the script.
    """
    from chatkit.asgi._static import is_built

    if not is_built():
        raise ChatKitError(
            "demo.client_missing",
            "The web client is not built.",
            hint="In a checkout run `make demo`, which builds it (Node 20 or newer); an installed package carries it.",
        )
    port = claim_port(host, port)
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
    typer.echo(f"▸ ChatKit demo: {address}   (Ctrl+C stops it)")
    if open_browser:
        typer.launch(address)
    settings = Settings().model_copy(
        update={"host": host, "port": port, "drain": 2.0, "log_level": "warning"}
    )
    facts = {"folder": folder_of(str(folder)), "pace": pace}
    source = str(Path(__file__).parent.parent)
    run(
        "chatkit._cli._serving:demo_app",
        facts,
        settings,
        reload=reload,
        reload_dirs=[source] if reload else None,
    )
