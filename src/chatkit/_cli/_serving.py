"""Running an app with uvicorn, and the factories that its worker processes import."""

from __future__ import annotations

import errno
import inspect
import json
import logging
import os
import socket
import sys
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from chatkit._cli._page import WithPage, is_local
from chatkit._extras import missing, require
from chatkit.errors import ChatKitError
from chatkit.settings import Settings
from chatkit.streams import MemoryStreamLog, StreamLog

__all__ = [
    "JsonFormatter",
    "NotServableError",
    "check_app",
    "check_certificate",
    "check_parts",
    "claim_port",
    "demo_app",
    "is_server",
    "is_server_class",
    "load_target",
    "needs_of",
    "open_stream_log",
    "run",
    "served_app",
    "shows_page",
]

_ENVIRONMENT = "CHATKIT_SERVING"
_WATCHED = ["*.py", "*.widget", "*.html", "chatkit.toml"]


class NotServableError(ChatKitError):
    """What was named on the command line is not there, or cannot be served."""

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__("cli.target", message, hint=hint, status=500)


def run(
    factory: str,
    facts: dict[str, Any],
    settings: Settings,
    *,
    reload: bool = False,
    reload_dirs: list[str] | None = None,
) -> None:
    """Serve until told to stop.

    :param factory: ``module:function`` that makes the app in each worker.
    :param facts: what the factory wants to know; JSON values.
    """
    require("server", "uvicorn", "starlette", purpose="chatkit serve")
    import uvicorn

    os.environ[_ENVIRONMENT] = json.dumps(facts)
    uvicorn.run(
        factory,
        factory=True,
        http="auto" if missing("httptools") else "chatkit._cli._heads:HeadLimits",  # type: ignore[arg-type]
        host=settings.host,
        port=settings.port,
        workers=settings.workers if settings.workers > 1 else None,
        reload=reload,
        reload_dirs=reload_dirs,
        reload_includes=_WATCHED if reload and not missing("watchfiles") else None,
        log_level=settings.log_level,
        log_config=_log_config(settings),
        access_log=False,
        proxy_headers=False,  # BehindProxy does it
        ssl_certfile=settings.tls_certificate or None,
        ssl_keyfile=settings.tls_key or None,
        timeout_graceful_shutdown=int(settings.drain) + 5,
        server_header=False,
    )


def claim_port(host: str, port: int) -> int:
    """The port that will be listened on: the given one, or a free one for 0.

    :raises NotServableError: somebody else has it, or it may not be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise _no_port(host, port, error) from error
        return probe.getsockname()[1]


def check_certificate(settings: Settings) -> None:
    """See that the TLS files can be used.

    :raises NotServableError: one is not there, or they do not belong together.
    """
    if not settings.tls_certificate:
        return
    import ssl

    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(
            settings.tls_certificate, settings.tls_key or None
        )
    except OSError as error:  # those of ssl are of this kind as well
        files = " and ".join(filter(None, (settings.tls_certificate, settings.tls_key)))
        raise NotServableError(
            f"TLS cannot be spoken with {files}: {error.strerror or error}.",
            hint="Give PEM files of a certificate and its key with --tls-certificate and --tls-key.",
        ) from error


def check_app(found: Any, target: str) -> None:
    """See that it is an ASGI app, or a function that makes the app.

    :raises NotServableError: it is neither.
    """
    if not callable(found):
        raise NotServableError(f"{target} is neither a ChatKitServer nor an ASGI app.")
    if not (inspect.isclass(found) or _takes(found, 0) or _takes(found, 3)):
        raise NotServableError(
            f"{target} cannot be called as an ASGI app, nor without arguments.",
            hint="Name an app, or a function without arguments that makes one.",
        )


def _takes(found: Any, count: int) -> bool:
    try:
        inspect.signature(found).bind(*range(count))
    except TypeError:
        return False
    except ValueError:  # it does not tell
        return True
    return True


def check_parts(found: Any, settings: Settings) -> None:
    """See that the addresses of the settings can be read, and that their drivers are installed.

    :raises NotServableError: an address cannot be read.
    :raises ImportError: a driver is missing; it names the extra.
    """
    from chatkit.backends.sql import SQLStore

    try:
        open_stream_log(settings, found.store if is_server(found) else SQLStore[Any](settings.database))
    except ValueError as error:
        raise NotServableError(f"{error}.", hint="`chatkit settings` shows what is set and where.") from error


def load_target(target: str, *, folder: str | None = None) -> Any:
    """The object that ``module:name`` names, looked for in the current folder too.

    :raises NotServableError: there is no such module, or nothing of that name in it.
    """
    module_name, _, name = target.partition(":")
    if not name:
        raise NotServableError(
            f"{target!r} does not name an object.", hint="Write MODULE:NAME, for example app:server."
        )
    place = folder or os.getcwd()
    if place not in sys.path:
        sys.path.insert(0, place)
    try:
        found: Any = import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name is None or not module_name.startswith(error.name):
            raise  # the module is there and lacks something itself: its own traceback says it best
        raise NotServableError(
            f"There is no module {module_name} in {place}.", hint="Run the command in the folder of the app."
        ) from error
    for part in name.split("."):
        if not hasattr(found, part):
            close = get_close_matches(part, [known for known in dir(found) if known[:1] != "_"], 1)
            raise NotServableError(
                f"{module_name} has no {name}.", hint=f"Did you mean {close[0]}?" if close else None
            )
        found = getattr(found, part)
    return found


def served_app() -> Any:
    """The app of ``chatkit serve``, made in each worker."""
    facts = json.loads(os.environ[_ENVIRONMENT])
    settings = Settings(**facts["settings"])
    app = _app_of(load_target(facts["target"], folder=facts["folder"]), facts, settings)
    if settings.proxy_headers:
        return BehindProxy(app, settings.trusted_proxies)
    return WithPage(app, app.path, facts["target"]) if shows_page(app, settings) else app


class BehindProxy:
    """What uvicorn makes of X-Forwarded-*, with who really spoke kept for those who have to know it."""

    def __init__(self, app: Any, trusted: str) -> None:
        from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

        self._app = ProxyHeadersMiddleware(app, trusted_hosts=[part.strip() for part in trusted.split(",")])

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] in ("http", "websocket"):
            scope["chatkit.peer"] = scope.get("client")
        await self._app(scope, receive, send)


def shows_page(app: Any, settings: Settings) -> bool:
    """Whether ``/`` shows the chat: where only this machine can see it, for a target that has no page of its own."""
    from chatkit.asgi import ChatKitApp

    alone = is_local(settings.host) and not settings.proxy_headers
    return alone and (isinstance(app, ChatKitApp) or is_server(app) or is_server_class(app))


def demo_app() -> Any:
    """The app of ``chatkit demo``."""
    from chatkit.demo import create_demo_app

    facts = json.loads(os.environ[_ENVIRONMENT])
    return create_demo_app(facts["folder"], seconds_per_word=facts["pace"])


def _app_of(target: Any, facts: dict[str, Any], settings: Settings) -> Any:
    from chatkit.asgi import ChatKitApp

    server: Any = target
    if not is_server(target) and not inspect.isclass(target) and _takes(target, 0) and not _takes(target, 3):
        server = target = target()  # a function that makes the app
    if is_server_class(target):
        server = _construct(target, settings, everybody=facts["open"])
    elif not is_server(target):
        if callable(target):
            return target
        raise NotServableError(f"{facts['target']} is neither a ChatKitServer nor an ASGI app.")
    from chatkit.asgi.limits import RateLimit

    auth: Any = "open" if facts["open"] else None
    if facts["auth"]:
        auth = load_target(facts["auth"], folder=facts["folder"])
    return ChatKitApp[Any](
        server,
        auth=auth,
        path=settings.path,
        log=open_stream_log(settings, server.store),
        overlap=settings.overlap,
        hangup=settings.hangup,
        allow_origins=settings.allow_origins,
        allow_credentials=settings.allow_credentials,
        max_body=settings.max_body,
        request_timeout=settings.request_timeout,
        rate=RateLimit(settings.rate) if settings.rate else (),
        drain=settings.drain,
        metrics=settings.metrics,
    )


def is_server(target: object) -> bool:
    """Whether it is a server that can be served."""
    from chatkit.server import ChatKitServer

    return isinstance(target, ChatKitServer)


def is_server_class(target: object) -> bool:
    """Whether it is a class of servers, which :func:`served_app` gives a store."""
    from chatkit.server import ChatKitServer

    return isinstance(target, type) and issubclass(target, ChatKitServer)


def owner_of_context(context: Any) -> str:
    """Whose rows a context of an unknown kind may touch: a name, or an object or mapping that has one.

    :raises NotServableError: nobody can be told; sharing rows among strangers would be worse than failing.
    """
    if isinstance(context, str):
        return context
    for name in ("user", "user_id", "owner"):
        found = cast(Any, context).get(name) if isinstance(context, dict) else getattr(context, name, None)
        if isinstance(found, str | int) and found != "":
            return str(found)
    raise NotServableError(
        "The auth function's context does not say whose threads these are.",
        hint="Give it a `user`, or make the store yourself: Server(SQLStore(url, owner=...)).",
    )


def needs_of(cls: Any) -> list[str]:
    """What a server class wants beside a store and a store of attachments; it cannot be served as a class then."""
    rest = list(inspect.signature(cls).parameters.values())[1:]
    return [
        part.name
        for part in rest
        if part.default is part.empty
        and part.kind not in (part.VAR_POSITIONAL, part.VAR_KEYWORD)
        and part.name != "attachment_store"
    ]


def _construct(cls: Any, settings: Settings, *, everybody: bool) -> Any:
    """A server class becomes a server on the database and the folder of the settings."""
    from chatkit.backends.sql import SQLStore

    store = SQLStore[Any](settings.database, owner=None if everybody else owner_of_context)
    parts = inspect.signature(cls).parameters
    passes_on = any(part.kind in (part.VAR_POSITIONAL, part.VAR_KEYWORD) for part in parts.values())
    if not settings.uploads or not ("attachment_store" in parts or passes_on):
        return cls(store)
    from chatkit.backends.files import FileAttachmentStore

    return cls(store, attachment_store=FileAttachmentStore[Any](settings.uploads))


def open_stream_log(settings: Settings, store: Any) -> StreamLog:
    """The stream log that the settings name; ``database`` is the store's own."""
    if settings.stream_log == "memory":
        return MemoryStreamLog()
    if settings.stream_log == "database":
        from chatkit.backends.sql import SQLStreamLog

        make: Any = getattr(store, "stream_log", None)
        return SQLStreamLog(settings.database) if make is None else make()
    from chatkit.backends.redis import RedisStreamLog

    return RedisStreamLog(settings.stream_log)


def _no_port(host: str, port: int, error: OSError) -> NotServableError:
    if error.errno == errno.EADDRINUSE:
        return NotServableError(
            f"Port {port} on {host} is taken.", hint="Choose another with --port, or --port 0 for a free one."
        )
    if error.errno == errno.EACCES:
        return NotServableError(
            f"Port {port} is for the administrator.", hint="Choose one above 1023 with --port."
        )
    return NotServableError(f"Cannot listen on {host}:{port}: {error.strerror or error}.")


class JsonFormatter(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        fields: dict[str, Any] = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **record.__dict__.get("chatkit", {}),
        }
        if record.exc_info:
            fields["exception"] = self.formatException(record.exc_info)
        return json.dumps(fields, ensure_ascii=False, default=str)


def _log_config(settings: Settings) -> dict[str, Any]:
    text = {"format": "%(asctime)s %(levelname)-7s %(name)s: %(message)s", "datefmt": "%H:%M:%S"}
    level = settings.log_level.upper()
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"chatkit": {"()": JsonFormatter} if settings.log_format == "json" else text},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "chatkit"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "chatkit": {"level": level},
            "uvicorn": {"level": "WARNING" if level == "INFO" and settings.log_format == "text" else level},
        },
    }


def folder_of(path: str) -> str:
    """The folder as an absolute path, so that workers find the same one."""
    return str(Path(path).resolve())
