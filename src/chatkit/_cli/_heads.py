"""HTTP as uvicorn speaks it, to callers who do not take for ever to say what they want.

uvicorn waits without end for the headers of a request, and takes any number of them.
"""

from __future__ import annotations

import asyncio
from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

__all__ = ["HeadLimits"]

_TOO_LARGE: Final = "431 Request Header Fields Too Large"
_TOO_SLOW: Final = "408 Request Timeout"


class HeadLimits(HttpToolsProtocol):
    """uvicorn's protocol, with limits for the headers of a request."""

    seconds = 20.0
    """How long the headers may take, from the connection or the first byte on."""
    most = 64 * 1024
    """How many bytes of headers are waited for; what comes in one piece is taken up to the size of a read."""

    _timer: asyncio.TimerHandle | None = None
    _head: int | None = 0

    def connection_made(self, transport: asyncio.Transport) -> None:
        super().connection_made(transport)
        self._timer = self.loop.call_later(self.seconds, self._refuse, _TOO_SLOW)

    def connection_lost(self, exc: Exception | None) -> None:
        self._rest()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._head is None or self.transport.is_closing():
            return
        self._head += len(data)
        if self._head > self.most:
            self._refuse(_TOO_LARGE)
        elif self._timer is None:
            self._timer = self.loop.call_later(self.seconds, self._refuse, _TOO_SLOW)

    def on_message_begin(self) -> None:
        self._head = 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._head = None
        self._rest()
        super().on_headers_complete()

    def _rest(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _refuse(self, status: str) -> None:
        self._rest()
        if not self.transport.is_closing():
            head = f"HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
            self.transport.write(head.encode())
            self.transport.close()
