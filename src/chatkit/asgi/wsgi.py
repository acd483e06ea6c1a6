"""The same app inside Flask, and everything else that speaks WSGI.

::

    flask_app.wsgi_app = Beside(flask_app.wsgi_app, WSGIBridge(ChatKitApp(server, auth=who)))

A stream holds one thread of the WSGI server while it is open. For more than some dozens at once serve the chat with
``chatkit serve`` and leave the rest of the site where it is.
"""

from __future__ import annotations

import asyncio
import atexit
import queue
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from http import HTTPStatus
from typing import Any

from chatkit.asgi._app import ChatKitApp

__all__ = ["Beside", "WSGIBridge"]

_PIECE = 64 * 1024
_AHEAD = 64
_Environ = dict[str, Any]
_StartResponse = Callable[..., Any]
_App = Callable[[_Environ, _StartResponse], Iterable[bytes]]
_END = None


class Beside:
    """One WSGI app at a path, another one everywhere else."""

    def __init__(self, rest: _App, chat: _App, path: str = "/chatkit") -> None:
        self._rest = rest
        self._chat = chat
        self._path = path

    def __call__(self, environ: _Environ, start_response: _StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        mine = path == self._path or path.startswith(self._path + "/")
        return (self._chat if mine else self._rest)(environ, start_response)


class WSGIBridge:
    """A WSGI app that runs a :class:`~chatkit.asgi.ChatKitApp` on an event loop of its own, in a thread.

    :param app: the app. Its runs go on when a response is dropped, as anywhere else.
    """

    def __init__(self, app: ChatKitApp[Any]) -> None:
        self._app = app
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ended: asyncio.Event | None = None
        self._thread: threading.Thread | None = None

    def __call__(self, environ: _Environ, start_response: _StartResponse) -> Iterator[bytes]:
        exchange = _Exchange(environ, self._running_loop(), self._app)
        status, headers = exchange.begin()
        start_response(status, headers)
        return exchange

    def close(self) -> None:
        """Let running answers end, and stop the loop. Called at the end of the process by itself."""
        with self._lock:
            if self._loop is None or self._ended is None or self._thread is None:
                return
            self._loop.call_soon_threadsafe(self._ended.set)
            self._thread.join()
            self._loop = self._thread = None

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        # On the first request and not before: servers that fork would leave a thread made earlier behind.
        with self._lock:
            if self._loop is None:
                ready = threading.Event()
                self._thread = threading.Thread(target=self._run, args=(ready,), name="chatkit", daemon=True)
                self._thread.start()
                ready.wait()
                atexit.register(self.close)
            if self._loop is None:
                raise RuntimeError("The chat could not start; the log has the cause.")
            return self._loop

    def _run(self, ready: threading.Event) -> None:
        async def live() -> None:
            self._ended = asyncio.Event()
            async with self._app.lifespan():
                self._loop = asyncio.get_running_loop()
                ready.set()
                await self._ended.wait()

        try:
            asyncio.run(live())
        finally:
            ready.set()


class _Exchange(Iterator[bytes]):
    """One request and its answer: the body is read here, in the server's thread, and handed to the loop."""

    def __init__(self, environ: _Environ, loop: asyncio.AbstractEventLoop, app: ChatKitApp[Any]) -> None:
        self._input = environ["wsgi.input"]
        self._left = int(environ.get("CONTENT_LENGTH") or 0)
        self._loop = loop
        self._out: queue.Queue[dict[str, Any] | None] = queue.Queue(_AHEAD)
        self._gone = threading.Event()
        self._task = asyncio.run_coroutine_threadsafe(self._serve(app, _scope(environ)), loop)

    def begin(self) -> tuple[str, list[tuple[str, str]]]:
        message = self._out.get()
        if message is None:
            self._task.result()
            raise RuntimeError("The chat gave no answer.")
        code = message["status"]
        headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in message["headers"]]
        return f"{code} {HTTPStatus(code).phrase}", headers

    def __next__(self) -> bytes:
        while True:
            message = self._out.get()
            if message is None:
                raise StopIteration
            if message.get("body"):
                return message["body"]

    def close(self) -> None:
        """The server has sent everything, or its client has gone."""
        self._gone.set()
        self._task.cancel()
        while not self._out.empty():
            self._out.get_nowait()

    async def _serve(self, app: ChatKitApp[Any], scope: dict[str, Any]) -> None:
        try:
            await app(scope, self._receive, self._send)
        finally:
            await self._put(_END)

    async def _receive(self) -> dict[str, Any]:
        if self._left >= 0 and not self._gone.is_set():
            piece = await asyncio.to_thread(self._input.read, min(self._left, _PIECE)) if self._left else b""
            self._left = self._left - len(piece) if piece else 0
            more = self._left > 0
            if not more:
                self._left = -1
            return {"type": "http.request", "body": piece, "more_body": more}
        await asyncio.Event().wait()  # the end comes as a cancellation, from close()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        await self._put(message)

    async def _put(self, message: dict[str, Any] | None) -> None:
        # A reader that is slow slows the writer down: the queue is short, and full means wait.
        while not self._gone.is_set():
            try:
                self._out.put_nowait(message)
            except queue.Full:
                await asyncio.sleep(0.005)
            else:
                return


def _scope(environ: _Environ) -> dict[str, Any]:
    headers = [
        (name[5:].replace("_", "-").lower().encode("latin-1"), value.encode("latin-1"))
        for name, value in environ.items()
        if name.startswith("HTTP_")
    ]
    headers += [
        (name.replace("_", "-").lower().encode("latin-1"), str(environ[name]).encode("latin-1"))
        for name in ("CONTENT_TYPE", "CONTENT_LENGTH")
        if environ.get(name)
    ]
    root = environ.get("SCRIPT_NAME", "")
    path = (root + environ.get("PATH_INFO", "")).encode("latin-1").decode("utf-8", "replace")
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": environ["REQUEST_METHOD"],
        "scheme": environ.get("wsgi.url_scheme", "http"),
        "path": path,
        "root_path": root,
        "query_string": environ.get("QUERY_STRING", "").encode("latin-1"),
        "headers": headers,
        "client": (environ.get("REMOTE_ADDR", ""), int(environ.get("REMOTE_PORT") or 0)),
        "server": (environ.get("SERVER_NAME", ""), int(environ.get("SERVER_PORT") or 0)),
        "platform": sys.platform,
    }
