"""Requests whose headers never end, in time or in bytes."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
import uvicorn

from chatkit._cli._heads import HeadLimits


async def _hello(scope: Any, receive: Any, send: Any) -> None:
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    told = f"{len(scope['headers'])} {len(body)}".encode()
    headers = [(b"content-length", str(len(told)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": told})


@contextmanager
def _served(protocol: type[HeadLimits]) -> Iterator[tuple[str, int]]:
    config = uvicorn.Config(
        _hello, http=protocol, ws="none", lifespan="off", log_config=None, timeout_keep_alive=60
    )
    server = uvicorn.Server(config)
    listening = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve([listening])))
    thread.start()
    try:
        yield listening.getsockname()
    finally:
        server.should_exit = True
        thread.join(30)
        listening.close()


def _answer(address: tuple[str, int], *pieces: bytes) -> bytes:
    with socket.create_connection(address, timeout=30) as caller:
        got = b""
        try:
            for piece in pieces:
                caller.sendall(piece)
            while more := caller.recv(65536):
                got += more
        except ConnectionError:  # refused while it was still sending
            pass
        return got


@pytest.mark.parametrize(
    "pieces", [(), (b"POST /chatkit HTTP/1.1\r\nHost: x\r\nX-Slow: ",), (b"GET / HTTP/1.1\r\n",)]
)
def test_headers_that_do_not_come_end_the_connection(pieces: tuple[bytes, ...]) -> None:
    class Hasty(HeadLimits):
        seconds = 0.05

    with _served(Hasty) as address:
        assert _answer(address, *pieces).startswith(b"HTTP/1.1 408 ")


def test_headers_without_end_are_refused_before_they_fill_the_memory() -> None:
    with _served(HeadLimits) as address:
        endless = _answer(address, b"GET / HTTP/1.1\r\nHost: x\r\nX: ", *[b"a" * 65536] * 80)
        many = _answer(address, b"GET / HTTP/1.1\r\n", *[b"X: a\r\n" * 10000] * 80)
    for told in (endless, many):  # whoever is still sending when it is refused may not hear why
        assert not told or told.startswith(b"HTTP/1.1 431 ")


def test_whoever_says_what_they_want_is_served_again_and_again() -> None:
    class Hasty(HeadLimits):
        seconds = 5.0
        most = 200

    with _served(Hasty) as (host, port), httpx.Client(base_url=f"http://{host}:{port}") as http:
        for size in (0, 10, 3_000_000):
            assert http.post("/", content=b"b" * size).text.split()[1] == str(size)
        with socket.create_connection((host, port), timeout=30) as caller:
            for _ in range(2):  # one connection, headers in pieces, bodies longer than headers may be
                for piece in (b"POST / HTTP/1.1\r\nHost: x\r\n", b"Content-Length: 900\r\n\r\n", b"b" * 900):
                    caller.sendall(piece)
                told = b""
                while not told.endswith(b"2 900"):
                    told += caller.recv(4096) or pytest.fail(repr(told))
