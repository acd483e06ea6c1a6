"""``chatkit studio``: draw widgets in a browser, in a folder of this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from chatkit._cli._serving import claim_port
from chatkit.errors import ChatKitError

__all__ = ["register"]

HOST = "127.0.0.1"


def register(cli: typer.Typer) -> None:
    cli.command()(studio)


def studio(
    folder: Annotated[Path, typer.Argument(help="The folder whose .widget files are edited.")] = Path("."),
    port: Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.")] = 8100,
    seconds: Annotated[
        float, typer.Option(help="How long a widget may take to compile or draw.", min=0.1)
    ] = 3.0,
    open_browser: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
    export_gallery: Annotated[
        Path | None,
        typer.Option(help="Write the gallery as a page of its own into this folder, and end."),
    ] = None,
) -> None:
    """Open the Studio: draw a widget and watch it live. No account, no key, nothing leaves the machine.

    It sees the .widget files of one folder and nothing outside it, and listens on 127.0.0.1 only. With OPENAI_API_KEY
    or OPENAI_BASE_URL set (CHATKIT_STUDIO_MODEL names the model) a widget can also be described in words or by a picture;
    only what is written or dropped for that goes to that address.
    """
    from chatkit.studio import configured_model, create_studio_app, export_gallery_page, is_built

    if export_gallery is not None:
        count = export_gallery_page(export_gallery)
        typer.echo(f"▸ {count} widgets written to {export_gallery / 'index.html'}")
        return
    if not is_built():
        raise ChatKitError(
            "studio.client_missing",
            "The Studio's page is not built.",
            hint="In a checkout run `npm run build` in the folder web (Node 20 or newer); an installed package has it.",
        )
    model = configured_model()
    app = create_studio_app(folder, seconds=seconds, model=model)
    port = claim_port(HOST, port)
    address = f"http://{HOST}:{port}/"
    typer.echo(f"▸ ChatKit Studio: {address}   (Ctrl+C stops it)")
    if model is not None:
        typer.echo(f"  Widgets can be described in words: {model.model} at {model.base_url}")
    if open_browser:
        typer.launch(address)
    import uvicorn

    # The page keeps a line open to hear of changed files; it must not keep the Studio from ending.
    uvicorn.run(
        app, host=HOST, port=port, log_level="warning", server_header=False, timeout_graceful_shutdown=1
    )
