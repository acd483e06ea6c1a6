"""Rows over HTTP: CPU and memory of the server process, uvicorn on both sides."""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
from collections.abc import Iterator
from pathlib import Path

Row = tuple[str, str, str, float, float]
_TICK = os.sysconf("SC_CLK_TCK")
_HERE = Path(__file__).parent


class _Server:
    def __init__(self, python: str, side: str) -> None:
        command = [python, str(_HERE / "http_server.py"), side]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=_HERE)
        if self.process.stdout is None:
            raise RuntimeError("the server has no output")
        self.port = int(self.process.stdout.readline())

    def cpu(self) -> float:
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / _TICK

    def memory(self) -> int:
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))

    def close(self) -> None:
        self.process.kill()
        self.process.wait()


def _body(order: str, thread: int) -> bytes:
    content = [{"type": "input_text", "text": order}]
    given = {"content": content, "attachments": [], "inference_options": {}}
    return json.dumps({"type": "threads.create", "params": {"input": given}}).encode()


async def _ask(port: int, order: str, number: int, hold: asyncio.Event | None = None) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    body = _body(order, number)
    head = f"POST /chatkit HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + body)
    if hold is None:
        while await reader.read(65536):
            pass
    else:
        await reader.readuntil(b"thread.item.added")
        hold.set()
        return
    writer.close()


async def _burst(port: int, order: str, streams: int) -> None:
    await asyncio.gather(*(_ask(port, order, number) for number in range(streams)))


async def _hold(server: _Server, streams: int) -> float:
    before = server.memory()
    await asyncio.gather(*(_ask(server.port, "hold", number, asyncio.Event()) for number in range(streams)))
    return (server.memory() - before) / streams


def _paired(
    ours: _Server, theirs: _Server, order: str, streams: int, rounds: int, units: int
) -> tuple[float, float, float]:
    for server in (ours, theirs):
        asyncio.run(_burst(server.port, order, streams))
    found: list[tuple[float, float]] = []
    for _ in range(rounds):
        spent: list[float] = []
        for server in (ours, theirs):
            before = server.cpu()
            asyncio.run(_burst(server.port, order, streams))
            spent.append((server.cpu() - before) / (streams * units) * 1e6)
        found.append((spent[0], spent[1]))
    medians = [statistics.median(values) for values in zip(*found, strict=True)]
    return medians[0], medians[1], statistics.median(b / max(a, 1e-9) for a, b in found)


def http_rows(ours: str, peer: str) -> Iterator[Row]:
    """The rows, one after the other: `process()` behind a route on both sides, then our app with its resumable runs.

    The goals are for the same work, so the app has none: theirs keeps no log.
    """
    for side, how, goals in (("route", "process()", (2.5, 10, 1.4)), ("ours", "ChatKitApp", (0, 0, 0))):
        sides = _Server(ours, side), _Server(peer, "theirs")
        try:
            a, b, ratio = _paired(*sides, "burst", 50, 3, 1000)
            yield (
                f"over HTTP, {how}: burst, 50 streams, per event",
                f"{a:.2f} µs",
                f"{b:.2f} µs",
                ratio,
                goals[0],
            )
            a, b, ratio = _paired(*sides, "short", 200, 5, 1)
            yield f"over HTTP, {how}: short streaming request", f"{a:.0f} µs", f"{b:.0f} µs", ratio, goals[1]
        finally:
            for server in sides:
                server.close()
        a, b = _held(ours, side), _held(peer, "theirs")
        yield f"over HTTP, {how}: memory of an open stream", f"{a:.1f} KiB", f"{b:.1f} KiB", b / a, goals[2]


def _held(python: str, side: str) -> float:
    server = _Server(python, side)
    try:
        asyncio.run(_burst(server.port, "short", 20))
        return asyncio.run(_hold(server, 300))
    finally:
        server.close()
