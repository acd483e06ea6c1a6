"""What an operator sees of requests: one log record each, numbers, and a span."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Awaitable, Generator
from contextlib import contextmanager
from typing import Any, Final, get_args

from starlette.types import Message, Scope, Send

from chatkit._telemetry import Span, Telemetry, current
from chatkit.types import NonStreamingReq, StreamingReq

__all__ = ["Observer", "Seen", "note"]

_access = logging.getLogger("chatkit.access")
# What a request is about, for the log alone: cheaper than a second parse, and a wrong guess only mislabels a line.
_TYPE = re.compile(rb'"type"\s*:\s*"((?:threads|items|attachments|input)\.[a-z_]+)"')
_THREAD = re.compile(rb'"thread_id"\s*:\s*"([\w.:\-]{1,128})"')


def note(scope: Scope, body: bytes) -> dict[str, str]:
    """Keep what the log will say of a protocol request: its type and its thread. What is put beside them is told too."""
    about: dict[str, str] = {}
    for name, found in (("request", _TYPE.search(body)), ("thread_id", _THREAD.search(body))):
        if found is not None:
            about[name] = found[1].decode()
    scope["chatkit.about"] = about
    return about


class Seen:
    """The send of one request: it notes the status, the bytes, and the time to the first byte."""

    __slots__ = ("_began", "_send", "bytes", "first", "status")

    def __init__(self, send: Send, began: float) -> None:
        self._send, self._began = send, began
        self.status = 0
        self.bytes = 0
        self.first: float | None = None

    def __call__(self, message: Message) -> Awaitable[None]:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        elif message["type"] == "http.response.body":
            if self.first is None:
                self.first = time.perf_counter() - self._began
            self.bytes += len(message.get("body", b""))
        return self._send(message)


class Observer:
    """Watches the requests of one app."""

    def __init__(self, telemetry: Telemetry, path: str) -> None:
        self._telemetry = telemetry
        self._path = path

    @contextmanager
    def request(self, scope: Scope, send: Send, request_id: str) -> Generator[Seen]:
        """Watch a request; its answer goes to what this gives, which knows what has been sent."""
        telemetry, seen = self._telemetry, Seen(send, time.perf_counter())
        outside = current.set(telemetry)
        telemetry.add("chatkit.requests.open")
        try:
            with telemetry.span(self._name(scope), kind="SERVER", carrier=_carrier(scope, telemetry)) as span:
                try:
                    yield seen
                finally:
                    self._end(scope, request_id, seen, span)
        finally:
            telemetry.add("chatkit.requests.open", -1)
            current.reset(outside)

    def _end(self, scope: Scope, request_id: str, seen: Seen, span: Span) -> None:
        about: dict[str, str] = scope.get("chatkit.about", {})
        self._count(scope, seen, about)
        span.note(
            {
                "http.request.method": scope["method"],
                "http.response.status_code": seen.status,
                "url.path": scope["path"],
                "chatkit.request.id": request_id,
                "chatkit.request.type": about.get("request"),
                "chatkit.thread.id": about.get("thread_id"),
                "chatkit.run.id": about.get("run_id"),
            }
        )
        if seen.status >= 500:
            span.fail(f"status {seen.status}")
        fields = {
            "request_id": request_id,
            "method": scope["method"],
            "path": scope["path"],
            "status": seen.status,
            "bytes": seen.bytes,
            "seconds": round(span.seconds, 6),
            **about,
        }
        _access.info("%(method)s %(path)s %(status)s %(request_id)s", fields, extra={"chatkit": fields})

    def _count(self, scope: Scope, seen: Seen, about: dict[str, str]) -> None:
        # Of a stranger's words only those that are known become a label: each new one is kept for ever.
        kind = about.get("request", "")
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._telemetry.add(
            "chatkit.requests", method=method, status=str(seen.status), type=kind if kind in _KINDS else ""
        )
        self._telemetry.add("chatkit.sent", seen.bytes)
        if seen.first is not None:
            self._telemetry.observe("chatkit.first_byte", seen.first)

    def _name(self, scope: Scope) -> str:
        """What is asked for, without ids: spans of one kind have one name."""
        below = scope["path"].rpartition(self._path)[2].strip("/") if self._path else scope["path"].strip("/")
        first = below.split("/")[0]
        known = {"": "", "attachments": "/attachments", "healthz": "/healthz", "readyz": "/readyz"}
        return f"{scope['method']} {self._path}{known.get(first, '/{file}')}"

    async def send_metrics(self, send: Send) -> None:
        """Answer with every number, in the format of Prometheus."""
        body = "\n".join(self._telemetry.prometheus()).encode() + b"\n"
        headers = [
            (b"content-type", b"text/plain; version=0.0.4; charset=utf-8"),
            (b"content-length", str(len(body)).encode()),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def _carrier(scope: Scope, telemetry: Telemetry) -> dict[str, str] | None:
    """The headers by which a caller's trace goes on here."""
    if not telemetry.traces:
        return None
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}


def _kinds() -> frozenset[str]:
    found: set[str] = set()
    for union in (StreamingReq, NonStreamingReq):
        for part in get_args(get_args(union)[0]) or get_args(union):
            fields: dict[str, Any] = getattr(part, "model_fields", {})
            if "type" in fields:
                found.update(get_args(fields["type"].annotation))
    return frozenset(found)


_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "OPTIONS", "DELETE"})
_KINDS: Final = _kinds()
