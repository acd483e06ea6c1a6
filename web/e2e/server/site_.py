"""What both servers share: pages, the built client, and the test's hands on the inside."""

from __future__ import annotations

import asyncio
import json
import socket
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PAGES = HERE.parent / "pages"
BUILT = HERE.parent / ".built"
STATIC = HERE.parents[2] / "src" / "chatkit" / "_static"

TYPES = {".js": "text/javascript", ".html": "text/html; charset=utf-8", ".css": "text/css", ".woff2": "font/woff2"}
STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "font-src 'self'; base-uri 'none'; require-trusted-types-for 'script'"
)

ASGI = Callable[[dict[str, Any], Any, Any], Awaitable[None]]


class Site:
    """An ASGI app around the chat app: records its requests, serves pages, and breaks lines when told to."""

    def __init__(self, chat: ASGI, control: Callable[[str, dict[str, str]], Awaitable[Any]]) -> None:
        self._chat = chat
        self._control = control
        self.requests: list[dict[str, Any]] = []
        self.disconnects = 0
        self._round = 0
        self._drop = False
        self._status: int | None = None

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self._chat(scope, receive, send)
            return
        path = scope["path"]
        if path.startswith("/_test/"):
            await self._answer(send, 200, json.dumps(await self._test(path[7:], scope)).encode(), "application/json")
        elif path.startswith(("/page/", "/built/", "/static/")):
            await self._file(send, path, scope)
        elif path == "/favicon.ico":
            await self._answer(send, 204, b"", "text/plain")
        else:
            await self._pass_on(scope, receive, send)

    async def _test(self, what: str, scope: dict[str, Any]) -> Any:
        query = dict(pair.split("=", 1) for pair in scope["query_string"].decode().split("&") if "=" in pair)
        if what == "requests":
            return self.requests
        if what == "reset":
            self.requests.clear()
            self._round += 1
            self.disconnects, self._drop, self._status = 0, False, None
            await self._control(what, query)
        elif what == "drop":
            self._drop = True
        elif what == "refuse":
            self._status = int(query["status"])
        elif what == "disconnects":
            return self.disconnects
        else:
            return await self._control(what, query)
        return {}

    async def _file(self, send: Any, path: str, scope: dict[str, Any]) -> None:
        _, kind, name = path.split("/", 2)
        folder = {"page": PAGES, "built": BUILT, "static": STATIC}[kind]
        file = (folder / (name + (".html" if kind == "page" and "." not in name else ""))).resolve()
        if folder not in file.parents or not file.is_file():
            await self._answer(send, 404, b"", "text/plain")
            return
        headers = []
        query = scope["query_string"].decode()
        if file.suffix == ".html" and "strict" in query:
            policy = STRICT + ("; frame-src 'self'" if "frames" in query else "")
            headers.append((b"content-security-policy", policy.encode()))
        if "isolated" in query or file.suffix != ".html":
            headers += [
                (b"cross-origin-opener-policy", b"same-origin"),
                (b"cross-origin-embedder-policy", b"require-corp"),
            ]
        await self._answer(send, 200, file.read_bytes(), TYPES.get(file.suffix, "application/octet-stream"), headers)

    async def _pass_on(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        record: dict[str, Any] = {"path": scope["path"], "method": scope["method"]}
        record["headers"] = {name.decode(): value.decode() for name, value in scope["headers"]}
        chunks: list[bytes] = []
        self.requests.append(record)
        # What a test left behind goes on beside the next one, and must not use up what is meant for that.
        mine = self._round
        if self._status is not None and scope["method"] == "POST":
            status, self._status = self._status, None
            while not chunks or message.get("more_body"):
                message = await receive()
                chunks.append(message.get("body", b""))
            record["body"] = b"".join(chunks).decode()
            body = {"error": {"code": "test.refused", "message": "Refused by the test", "request_id": "req_test"}}
            await self._answer(send, status, json.dumps(body).encode(), "application/json")
            return

        async def listen() -> Any:
            message = await receive()
            if message["type"] == "http.disconnect":
                self.disconnects += mine == self._round
            else:
                chunks.append(message.get("body", b""))
                if not message.get("more_body"):
                    record["body"] = b"".join(chunks).decode(errors="replace")
            return message

        streams = False

        async def speak(message: Any) -> None:
            nonlocal streams
            if message["type"] == "http.response.start":
                streams = any(value.startswith(b"text/event-stream") for _, value in message["headers"])
            elif self._drop and streams and mine == self._round:
                self._drop = False
                raise ConnectionResetError("the test dropped the line")
            await send(message)

        await self._chat(scope, listen, speak)

    async def _answer(self, send: Any, status: int, body: bytes, kind: str, headers: Any = ()) -> None:
        start = [(b"content-type", kind.encode()), (b"cache-control", b"no-store"), *headers]
        await send({"type": "http.response.start", "status": status, "headers": start})
        await send({"type": "http.response.body", "body": body})


def serve(app: ASGI, lifespan: str = "auto", listening: socket.socket | None = None) -> None:
    """Serves on a free port of 127.0.0.1 and prints it; ends when the test's end of the pipe closes."""
    import uvicorn

    config = uvicorn.Config(
        app,  # type: ignore[arg-type]
        host="127.0.0.1",
        port=0,
        log_level="critical",
        lifespan=lifespan,  # type: ignore[arg-type]
        timeout_graceful_shutdown=1,
        # The test's own fetch must be the first to let go of an idle line, or it may send on one that is being closed.
        timeout_keep_alive=600,
    )
    server = uvicorn.Server(config)

    async def main() -> None:
        running = asyncio.create_task(server.serve(None if listening is None else [listening]))
        while not server.started:
            await asyncio.sleep(0.01)
        bound = listening or server.servers[0].sockets[0]
        print(f"port {bound.getsockname()[1]}", flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
        server.should_exit = True
        await running

    asyncio.run(main())
