"""The app: one endpoint of the protocol, the web client, uploads and health."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from typing import Any, Generic, Literal, TypeVar

from starlette.requests import ClientDisconnect, Request
from starlette.routing import Router
from starlette.types import Receive, Scope, Send

from chatkit import _request
from chatkit._engine.runs import Runs, SingleReply
from chatkit._engine.sending import send_json, send_stream
from chatkit._ids import new_id
from chatkit._telemetry import Telemetry
from chatkit.asgi._answers import send_error
from chatkit.asgi._auth import Auth, context_of
from chatkit.asgi._body import header, read_body
from chatkit.asgi._drain import Drain
from chatkit.asgi._observe import Observer, Seen, note
from chatkit.asgi._origin import Origins
from chatkit.asgi._static import StaticClient
from chatkit.asgi._uploads import Uploads
from chatkit.asgi.limits import RateLimit, check_rate
from chatkit.errors import AccessDeniedError, ChatKitError, NotFoundError
from chatkit.server import ChatKitServer
from chatkit.streams import MemoryStreamLog, StreamLog

__all__ = ["ChatKitApp"]

TContext = TypeVar("TContext")

_log = logging.getLogger("chatkit.asgi")
_REQUEST_ID = re.compile(r"[\w.\-]{1,64}")
_PROTOCOL = (b"chatkit-protocol", b"1")
_Handler = Callable[[Scope, Receive, Send], Awaitable[None]]


class ChatKitApp(Generic[TContext]):
    """An ASGI app that serves one :class:`~chatkit.server.ChatKitServer`.

    It answers ``POST <path>``, and below it serves ``chatkit.js``, ``assets/``, ``attachments``, ``healthz`` and
    ``readyz``. Mount it at ``/``, or at ``path`` itself. Where it is mounted, pass :attr:`lifespan` on, so that runs
    are drained when the process ends::

        api = FastAPI(lifespan=chat.lifespan)
        api.mount("/chatkit", chat)

    :param server: the app's server.
    :param auth: from the request to the app's context, plain or async; raising
        :class:`~chatkit.errors.AuthRequiredError` or giving None is 401. ``"open"`` lets everybody in and gives
        ``{"request": request}`` as the context.
    :param path: where the endpoint is.
    :param log: where the frames of running answers are kept; by default the store's own log, such as that of SQLStore,
        else memory.
    :param owner: from the context to whose runs it may see; by default the store's own rule, when it has one.
    :param overlap: what a message does that arrives while its thread is still answering: ``queue``, ``reject`` or
        ``replace``. By default the server's own rule.
    :param hangup: what a dropped connection means: the answer goes on (``continue``) or ends (``stop``, for the
        original browser script, which has no other way to say it).
    :param allow_origins: other origins whose pages may use the endpoint; ``["*"]`` for every one.
    :param allow_credentials: whether those pages may send cookies.
    :param max_body: the longest request in bytes. Uploads have limits of their own.
    :param request_timeout: seconds for a request to arrive, and for an answer that is not a stream.
    :param rate: how often one caller may ask, one limit or several such as per minute and per day; see
        :mod:`chatkit.asgi.limits`.
    :param drain: seconds that running answers get to end when the process is told to stop.
    :param lease: seconds after which a worker that says nothing counts as dead, and its answers as interrupted.
    :param heartbeat: seconds between signs of life in a stream that is silent.
    :param metrics: whether ``<path>/metrics`` tells counts in the format of Prometheus.
    :raises ValueError: ``auth`` is missing.
    """

    def __init__(
        self,
        server: ChatKitServer[TContext],
        *,
        auth: Auth[TContext] | Literal["open"] | None = None,
        path: str = "/chatkit",
        log: StreamLog | None = None,
        owner: Callable[[TContext], str] | None = None,
        overlap: Literal["queue", "reject", "replace"] | None = None,
        hangup: Literal["continue", "stop"] = "continue",
        allow_origins: Collection[str] = (),
        allow_credentials: bool = False,
        max_body: int = 16 * 1024 * 1024,
        request_timeout: float = 60.0,
        rate: RateLimit | Sequence[RateLimit] = (),
        drain: float = 30.0,
        lease: float = 9.0,
        heartbeat: float = 15.0,
        metrics: bool = False,
    ) -> None:
        if auth is None:
            raise ValueError(
                "ChatKitApp needs auth=, a function from the request to your context. "
                'Write auth="open" if everybody may use it.'
            )
        self.server = server
        self.log = log or _log_of(server)
        self._auth: Auth[TContext] | Literal["open"] = auth
        self._path = "/" + path.strip("/") if path.strip("/") else ""
        self._origins = Origins(frozenset(allow_origins), allow_credentials)
        self._max_body = max_body
        self._timeout = request_timeout
        self._rates = [rate] if isinstance(rate, RateLimit) else list(rate)
        self._metrics = metrics
        self.runs = Runs(
            server,
            self.log,
            owner=owner or _store_owner(server),
            overlap=overlap,
            hangup=hangup,
            lease=lease,
            heartbeat=heartbeat,
        )
        self._draining = Drain(self.runs, drain)
        self._telemetry = Telemetry()
        self._observer = Observer(self._telemetry, self._path)
        self._client = StaticClient()
        self._uploads: Uploads[TContext] = Uploads(server, self._context, self._origins)
        self._started = False
        self._starting = asyncio.Lock()
        self.router = Router(lifespan=self.lifespan)
        self._routes: dict[tuple[str, str], _Handler] = {
            ("POST", ""): self._protocol,
            ("OPTIONS", ""): self._preflight,
            ("GET", "healthz"): self._healthz,
            ("GET", "readyz"): self._readyz,
            ("GET", "metrics"): self._tell_metrics,
            ("POST", "attachments"): self._uploads.direct,
            ("OPTIONS", "attachments"): self._preflight,
        }

    @property
    def path(self) -> str:
        """Where the endpoint is, such as ``/chatkit``; empty at the root."""
        return self._path

    @asynccontextmanager
    async def lifespan(self, app: Any = None) -> AsyncGenerator[None]:
        """Start before the first request; at the end let running answers finish."""
        await self._start()
        with self._draining.on_signal():
            yield
        await self._draining.finish()
        await self.runs.aclose()
        await self.log.aclose()
        await _call(self.server.store, "close")
        self._started = False

    def drain(self) -> None:
        """Take no new turns and let the running ones end, as at SIGTERM. For servers that tell an app in another way."""
        self._draining.begin()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.router(scope, receive, _in_words(send))
        elif scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1003})

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        request_id = _request_id(scope)
        id_token = _request.request_id.set(request_id)
        base_token = _request.base_url.set(self._base_url(scope))
        try:
            with self._observer.request(scope, send, request_id) as seen:
                await self._answer(scope, receive, seen, request_id)
        finally:
            _request.base_url.reset(base_token)
            _request.request_id.reset(id_token)

    async def _answer(self, scope: Scope, receive: Receive, send: Seen, request_id: str) -> None:
        try:
            await self._dispatch(scope, receive, send)
        except ClientDisconnect:
            return
        except ChatKitError as error:
            if error.status >= 500:
                _log.warning("Request %s: %s", request_id, error)
            await self._refuse(scope, send, error, request_id)
        except Exception:
            _log.exception("Request %s failed", request_id)
            error = ChatKitError(
                "internal", "The server failed.", hint="Its log has the cause under this request id."
            )
            await self._refuse(scope, send, error, request_id)

    async def _refuse(self, scope: Scope, send: Seen, error: ChatKitError, request_id: str) -> None:
        self._telemetry.add("chatkit.errors", code=error.code)
        if not send.status:
            headers = [*self._origins.headers(scope), _PROTOCOL, (b"x-request-id", request_id.encode())]
            await send_error(send, error, request_id, headers)

    async def _dispatch(self, scope: Scope, receive: Receive, send: Send) -> None:
        name, method = self._name(scope), scope["method"]
        handler = self._routes.get((method, name))
        if handler is not None:
            await handler(scope, receive, send)
        elif name.startswith("attachments/"):
            if method == "OPTIONS":  # the address itself is the permission, from whichever page
                await self._uploads.preflight(send)
            else:
                await self._uploads.signed(name.removeprefix("attachments/"), scope, receive, send)
        elif method in ("GET", "HEAD") and name:
            await self._client.serve(name, scope, send, _request.request_id.get() or "")
        else:
            raise self._no_such_place(scope)

    # The protocol

    async def _protocol(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._origins.check(scope)
        await self._start()
        context = await self._context(scope, receive)
        body = await read_body(scope, receive, limit=self._max_body, seconds=self._timeout)
        headers = [
            *self._cors(scope),
            _PROTOCOL,
            (b"x-request-id", (_request.request_id.get() or "").encode()),
        ]
        about = note(scope, body)
        self._draining.check(body)
        reply = await self._reply(body, context, header(scope, b"last-event-id"))
        run_id = getattr(reply, "run_id", None)
        if run_id is not None:
            about["run_id"] = run_id
        if isinstance(reply, SingleReply):
            await send_json(send, 200, reply.json, headers)
        else:
            await send_stream(reply.chunks, receive, send, headers)

    async def _reply(self, body: bytes, context: TContext, last_event_id: str | None) -> Any:
        try:
            async with asyncio.timeout(self._timeout):
                return await self.runs.handle(body, context, last_event_id=last_event_id)
        except TimeoutError as error:
            raise ChatKitError(
                "request.timeout",
                f"No answer within {self._timeout:g} seconds.",
                hint="Try again.",
                status=504,
            ) from error

    async def _context(self, scope: Scope, receive: Receive) -> TContext:
        request = Request(scope, receive)
        context = await context_of(self._auth, request)
        for rate in self._rates:
            await check_rate(rate, request, context)
        return context

    async def _preflight(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = self._origins.preflight(scope)
        if header(scope, b"origin") and not headers:
            raise AccessDeniedError(
                "Pages of this origin may not use this server.", code="origin.denied", status=403
            )
        await send(
            {
                "type": "http.response.start",
                "status": 204,
                "headers": [*headers, (b"allow", b"POST, OPTIONS")],
            }
        )
        await send({"type": "http.response.body", "body": b""})

    # Health

    async def _healthz(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send_json(send, 200, b'{"status":"ok"}')

    async def _readyz(self, scope: Scope, receive: Receive, send: Send) -> None:
        problems: dict[str, str] = {}
        if self._draining.draining:
            problems["process"] = "shutting down"
        for name, part in (("store", self.server.store), ("stream_log", self.log)):
            try:
                async with asyncio.timeout(5):
                    await _call(part, "ping")
            except Exception as error:  # any failure means the same: not ready
                _log.warning("Not ready: %s: %s", name, error)
                problems[name] = type(error).__name__
        state = {"status": "unready", "problems": problems} if problems else {"status": "ready"}
        await send_json(send, 503 if problems else 200, json.dumps(state).encode())

    async def _tell_metrics(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self._metrics:
            raise self._no_such_place(scope)
        await self._observer.send_metrics(send)

    # Where things are

    async def _start(self) -> None:
        if self._started:
            return
        async with self._starting:
            if not self._started:
                await _call(self.server.store, "start")
                await self.runs.start()
                self._started = True

    def _cors(self, scope: Scope) -> list[tuple[bytes, bytes]]:
        return self._origins.headers(scope)

    def _name(self, scope: Scope) -> str:
        """What is asked for below the endpoint: "" is the endpoint itself."""
        full, root = scope["path"], scope.get("root_path", "")
        local = full.removeprefix(root) if root and full.startswith(root) else full
        if self._path and (local == self._path or local.startswith(self._path + "/")):
            return local[len(self._path) :].strip("/")
        if not self._path or root.endswith(self._path):
            return local.strip("/")
        raise self._no_such_place(scope)

    def _base_url(self, scope: Scope) -> str:
        root = scope.get("root_path", "")
        here = root if self._path and root.endswith(self._path) else root + self._path
        host = (
            (header(scope, b"x-forwarded-host") or header(scope, b"host") or "localhost")
            .split(",")[0]
            .strip()
        )
        scheme = (header(scope, b"x-forwarded-proto") or scope.get("scheme", "http")).split(",")[0].strip()
        return f"{scheme}://{host}{here}"

    def _no_such_place(self, scope: Scope) -> NotFoundError:
        return NotFoundError(
            f"There is nothing at {scope['method']} {scope['path']}.",
            hint=f"The endpoint is POST {self._path or '/'}.",
        )


def _in_words(send: Send) -> Send:
    """A send that tells why the app does not start in one sentence, where that was raised on purpose."""

    async def told(message: Any) -> None:
        error = sys.exception()
        if message["type"].endswith(".failed") and isinstance(error, ChatKitError):
            message = {**message, "message": str(error)}
        await send(message)

    return told


def _request_id(scope: Scope) -> str:
    given = header(scope, b"x-request-id")
    return given if given is not None and _REQUEST_ID.fullmatch(given) else new_id("req")


def _log_of(server: ChatKitServer[Any]) -> StreamLog:
    """The log that comes with the store, so that runs are as durable as threads without being asked for."""
    make: Any = getattr(server.store, "stream_log", None)
    return MemoryStreamLog() if make is None else make()


def _store_owner(server: ChatKitServer[Any]) -> Callable[[Any], str]:
    owner: Any = getattr(server.store, "owner", None)
    return (lambda _context: "") if owner is None else owner


async def _call(part: Any, method: str) -> None:
    found = getattr(part, method, None)
    if callable(found):
        await found()  # type: ignore[misc]
