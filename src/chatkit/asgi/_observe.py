"""What an operator sees: one log record a request, counts for Prometheus, spans when OpenTelemetry is installed."""

from __future__ import annotations

import logging
import re
import time
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any

from starlette.types import Message, Scope, Send

from chatkit._engine.runs import Runs

__all__ = ["Observer", "note"]

_access = logging.getLogger("chatkit.access")
# What a request is about, for the log alone: cheaper than a second parse, and a wrong guess only mislabels a line.
_TYPE = re.compile(rb'"type"\s*:\s*"((?:threads|items|attachments|input)\.[a-z_]+)"')
_THREAD = re.compile(rb'"thread_id"\s*:\s*"([\w.:\-]{1,128})"')
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


def note(scope: Scope, body: bytes, run_id: str | None) -> None:
    """Keep what the log will say of a protocol request: its type, its thread, its run."""
    kind, thread = _TYPE.search(body), _THREAD.search(body)
    about = {
        "request": kind and kind[1].decode(),
        "thread_id": thread and thread[1].decode(),
        "run_id": run_id,
    }
    scope["chatkit.about"] = {name: value for name, value in about.items() if value}


class _Seen:
    """One request: its status, its bytes, and the time to the first byte."""

    __slots__ = ("_began", "bytes", "first", "status")

    def __init__(self, began: float) -> None:
        self._began = began
        self.status = 0
        self.bytes = 0
        self.first: float | None = None

    def sender(self, send: Send) -> Send:
        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.status = message["status"]
            elif message["type"] == "http.response.body":
                if self.first is None:
                    self.first = time.perf_counter() - self._began
                self.bytes += len(message.get("body", b""))
            await send(message)

        return counted


class Observer:
    """Counts since the process began."""

    def __init__(self, runs: Runs) -> None:
        self._runs = runs
        self._tracer = _tracer()
        self._open = 0
        self._requests: Counter[tuple[str, int]] = Counter()
        self._bytes = 0
        self._first: Counter[float] = Counter()
        self._first_sum = 0.0

    @contextmanager
    def request(self, scope: Scope, request_id: str) -> Generator[_Seen]:
        began = time.perf_counter()
        seen = _Seen(began)
        self._open += 1
        span = None if self._tracer is None else self._tracer.start_span(f"{scope['method']} {scope['path']}")
        try:
            yield seen
        finally:
            self._open -= 1
            self._count(scope, seen)
            seconds = time.perf_counter() - began
            fields = {
                "request_id": request_id,
                "method": scope["method"],
                "path": scope["path"],
                "status": seen.status,
                "bytes": seen.bytes,
                "seconds": round(seconds, 6),
                **scope.get("chatkit.about", {}),
            }
            if span is not None:
                span.set_attributes({f"chatkit.{name}": value for name, value in fields.items()})
                span.end()
            _access.info("%(method)s %(path)s %(status)s %(request_id)s", fields, extra={"chatkit": fields})

    def _count(self, scope: Scope, seen: _Seen) -> None:
        self._requests[scope["method"], seen.status] += 1
        self._bytes += seen.bytes
        if seen.first is not None:
            self._first_sum += seen.first
            for bucket in _BUCKETS:
                if seen.first <= bucket:
                    self._first[bucket] += 1

    async def send_metrics(self, send: Send) -> None:
        body = "\n".join(self._lines()).encode() + b"\n"
        headers = [
            (b"content-type", b"text/plain; version=0.0.4"),
            (b"content-length", str(len(body)).encode()),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _lines(self) -> Iterator[str]:
        yield "# TYPE chatkit_requests_total counter"
        for (method, status), count in sorted(self._requests.items()):
            yield f'chatkit_requests_total{{method="{method}",status="{status}"}} {count}'
        yield "# TYPE chatkit_requests_open gauge"
        yield f"chatkit_requests_open {self._open}"
        yield "# TYPE chatkit_runs_running gauge"
        yield f"chatkit_runs_running {self._runs.running}"
        yield "# TYPE chatkit_sent_bytes_total counter"
        yield f"chatkit_sent_bytes_total {self._bytes}"
        yield "# TYPE chatkit_first_byte_seconds histogram"
        total = sum(self._requests.values())
        for bucket in _BUCKETS:
            yield f'chatkit_first_byte_seconds_bucket{{le="{bucket:g}"}} {self._first[bucket]}'
        yield f'chatkit_first_byte_seconds_bucket{{le="+Inf"}} {total}'
        yield f"chatkit_first_byte_seconds_sum {self._first_sum:.6f}"
        yield f"chatkit_first_byte_seconds_count {total}"


def _tracer() -> Any:
    try:
        from opentelemetry import trace
    except ImportError:
        return None
    return trace.get_tracer("chatkit")
