"""``chatkit serve``: an app's server over HTTP."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from chatkit._cli._serving import (
    NotServableError,
    check_app,
    check_certificate,
    check_parts,
    claim_port,
    is_server,
    is_server_class,
    load_target,
    needs_of,
    run,
    shows_page,
)
from chatkit.settings import Settings, load_settings

__all__ = ["register"]

_Flag = typer.Option


def register(cli: typer.Typer) -> None:
    cli.command()(serve)


def serve(
    target: Annotated[
        str,
        typer.Argument(
            metavar="MODULE:SERVER",
            help="A ChatKitServer, its class, an ASGI app, or a function that makes one of them.",
        ),
    ],
    auth: Annotated[
        str | None, _Flag(metavar="MODULE:FUNCTION", help="From the request to your context.")
    ] = None,
    everybody: Annotated[bool, _Flag("--open", help="Let everybody in, without auth.")] = False,
    config: Annotated[
        Path | None, _Flag(help="File of settings; by default chatkit.toml, when there is one.")
    ] = None,
    host: Annotated[str | None, _Flag(help="Address to listen on.")] = None,
    port: Annotated[int | None, _Flag(help="Port to listen on; 0 takes a free one.")] = None,
    path: Annotated[str | None, _Flag(help="Where the endpoint is.")] = None,
    workers: Annotated[int | None, _Flag(help="Processes.")] = None,
    database: Annotated[str | None, _Flag(help="Address of the database, when SERVER is a class.")] = None,
    stream_log: Annotated[str | None, _Flag(help="database, memory, or the address of a Redis.")] = None,
    allow_origins: Annotated[
        str | None, _Flag(help="Other origins whose pages may ask, with commas between.")
    ] = None,
    rate: Annotated[int | None, _Flag(help="Requests per minute and caller; 0 sets no limit.")] = None,
    proxy_headers: Annotated[bool | None, _Flag("--proxy-headers", help="Believe X-Forwarded-*.")] = None,
    trusted_proxies: Annotated[str | None, _Flag(help="Proxies whose headers are believed.")] = None,
    tls_certificate: Annotated[str | None, _Flag(help="File of the TLS certificate.")] = None,
    tls_key: Annotated[str | None, _Flag(help="File of the certificate's key.")] = None,
    metrics: Annotated[bool | None, _Flag("--metrics", help="Tell counts at PATH/metrics.")] = None,
    log_format: Annotated[str | None, _Flag(help="text or json.")] = None,
    log_level: Annotated[str | None, _Flag(help="debug, info, warning or error.")] = None,
    reload: Annotated[bool, _Flag("--reload", help="Start again when a file of the folder changes.")] = False,
) -> None:
    """Serve a chat server: `chatkit serve app:server --auth app:who`.

    Every setting can also stand in chatkit.toml or in the environment; `chatkit settings` lists them.
    """
    flags = {name: value for name, value in locals().items() if name in Settings.model_fields}
    settings = load_settings(config, **flags).values
    found = _check(target, auth, everybody, settings)
    settings = settings.model_copy(update={"port": claim_port(settings.host, settings.port)})
    facts: dict[str, Any] = {
        "target": target,
        "auth": auth,
        "open": everybody,
        "folder": os.getcwd(),
        "settings": settings.model_dump(mode="json"),
    }
    scheme = "https" if settings.tls_certificate else "http"
    server = is_server(found) or is_server_class(found)
    place = "/" if shows_page(found, settings) else getattr(found, "path", settings.path if server else "/")
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    typer.echo(f"▸ {target} at {scheme}://{host}:{settings.port}{place}   (Ctrl+C stops it)")
    run("chatkit._cli._serving:served_app", facts, settings, reload=reload)


def _check(target: str, auth: str | None, everybody: bool, settings: Settings) -> Any:
    """The target. Says what is wrong before any worker starts."""
    found = load_target(target)
    server = is_server(found) or is_server_class(found)
    if not server:
        check_app(found, target)
    if server and auth is None and not everybody:
        raise NotServableError(
            f"{target} has no auth.", hint="Add --auth MODULE:FUNCTION, or --open when everybody may use it."
        )
    if is_server_class(found) and (needs := needs_of(found)):
        raise NotServableError(
            f"{target} wants more than a store: {', '.join(needs)}.",
            hint="Make the server in the module, server = Server(SQLStore(...), ...), and name that.",
        )
    if auth is not None and not callable(load_target(auth)):
        raise NotServableError(f"{auth} is no function from the request to your context.")
    if server:
        check_parts(found, settings)
    check_certificate(settings)
    return found
