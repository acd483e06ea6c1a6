"""Load figures for the sizing page: ours with resumable streams against openai-chatkit behind FastAPI, side by side.

Run: python bench/load.py [--rounds 3] [--only burst,paced,idle]

CPU is the server's own, per token of a model; delay is from the moment a token was due to the moment the reader had it.
Server and reader have a core each. Rounds alternate between the sides, and what is told is the median of pairs.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

HERE = Path(__file__).parent
PEER = HERE.parent / ".cache" / "peer" / "bin" / "python"
SIDES = ("theirs", "memory", "sqlite")
_STAMP = re.compile(rb"@(\d+)@")
_BURST, _PACED = 500, 150
_PAUSE = 0.02


class Server:
    """A server process of one side."""

    def __init__(self, side: str, python: str, folder: str) -> None:
        command = [python, str(HERE / "load_server.py"), side, f"{folder}/{side}.db"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=HERE)
        if self.process.stdout is None:
            raise RuntimeError("the server has no output")
        self.port = int(self.process.stdout.readline())

    def cpu(self) -> float:
        """Seconds of CPU so far, of all threads, to the nanosecond."""
        threads = Path(f"/proc/{self.process.pid}/task").iterdir()
        return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e9

    def memory(self) -> int:
        """KiB in memory."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))

    def close(self) -> None:
        """End it."""
        self.process.kill()
        self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()


class Reader(asyncio.Protocol):
    """Reads one answer as fast as it comes."""

    def __init__(self, body: bytes, delays: list[float] | None, ended: asyncio.Future[None]) -> None:
        self._request, self._delays, self._ended = body, delays, ended
        self.said = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        transport.write(self._request)  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        self.said += len(data)
        if self._delays is not None and b"@" in data:
            now = time.monotonic()
            self._delays += [now - int(stamp) / 1e6 for stamp in _STAMP.findall(data)]
        if data.endswith(b"0\r\n\r\n"):
            self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._ended.done():
            self._ended.set_result(None)


def _request(port: int, tokens: int, pause: float) -> bytes:
    content = [{"type": "input_text", "text": f"tokens={tokens} pause={pause}"}]
    given = {"content": content, "attachments": [], "inference_options": {}}
    body = json.dumps({"type": "threads.create", "params": {"input": given}}).encode()
    head = f"POST /chatkit HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


async def _read(
    port: int, streams: int, tokens: int, pause: float, delays: list[float] | None
) -> list[Reader]:
    loop = asyncio.get_running_loop()
    request, readers, ends = _request(port, tokens, pause), [], []
    for _ in range(streams):
        ended = loop.create_future()
        _, reader = await loop.create_connection(
            lambda ended=ended: Reader(request, delays, ended), "127.0.0.1", port
        )
        readers.append(reader)
        ends.append(ended)
        if pause:  # people do not all begin at once
            await asyncio.sleep(pause / streams)
    await asyncio.wait_for(asyncio.gather(*ends), 300)
    return readers


async def _hold(server: Server, streams: int) -> float:
    """KiB of one stream that is open and silent."""
    request = _request(server.port, 2, 3600)
    loop, before, readers = asyncio.get_running_loop(), server.memory(), []
    for _ in range(streams):
        _, reader = await loop.create_connection(
            lambda: Reader(request, None, loop.create_future()), "127.0.0.1", server.port
        )
        readers.append(reader)
    while not all(reader.said for reader in readers):  # noqa: ASYNC110
        await asyncio.sleep(0.05)
    await asyncio.sleep(1)
    each = (server.memory() - before) / streams
    for reader in readers:
        reader.transport.abort()  # type: ignore[attr-defined]
    return each


@contextmanager
def _servers(peer: str) -> Iterator[dict[str, Server]]:
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        found: dict[str, Server] = {}
        for side in SIDES:
            found[side] = Server(side, peer if side == "theirs" else sys.executable, folder)
            stack.callback(found[side].close)
        yield found


def _cost(server: Server, streams: int, tokens: int, pause: float, delays: list[float] | None) -> float:
    before = server.cpu()
    asyncio.run(_read(server.port, streams, tokens, pause, delays))
    return (server.cpu() - before) / (streams * tokens) * 1e6


def _rounds(
    servers: dict[str, Server], streams: int, tokens: int, pause: float, rounds: int
) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    cpu: dict[str, list[float]] = {side: [] for side in servers}
    delays: dict[str, list[float]] = {side: [] for side in servers}
    for number in range(rounds):
        for side in SIDES if number % 2 else reversed(SIDES):
            cpu[side].append(_cost(servers[side], streams, tokens, pause, delays[side] if pause else None))
    return cpu, delays


def _show(name: str, cpu: dict[str, list[float]], delays: dict[str, list[float]]) -> None:
    theirs = cpu["theirs"]
    for side, found in cpu.items():
        ratio = statistics.median(a / b for a, b in zip(found, theirs, strict=True))
        line = f"{name:28s} {side:8s} {statistics.median(found):8.1f} µs a token  {ratio:5.2f} of theirs"
        waits = sorted(delays[side])
        if waits:
            line += f"   delay p50 {waits[len(waits) // 2] * 1e3:6.1f} ms  p99 {waits[int(len(waits) * 0.99)] * 1e3:7.1f} ms"
        print(line, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="burst,paced,idle")
    parser.add_argument("--streams", default="1,50,500")
    parser.add_argument("--peer", default=str(PEER), help="a Python that has openai-chatkit and FastAPI")
    args = parser.parse_args()
    if len(os.sched_getaffinity(0)) > 1:
        os.sched_setaffinity(0, {1})
    counts = [int(count) for count in args.streams.split(",")]
    with _servers(args.peer) as servers:
        for server in servers.values():
            _cost(server, 5, 50, 0, None)
        for streams in counts if "burst" in args.only else ():
            cpu, delays = _rounds(servers, streams, _BURST * (8 if streams == 1 else 1), 0, args.rounds)
            _show(f"burst, {streams} streams", cpu, delays)
        for streams in counts if "paced" in args.only else ():
            tokens = _PACED * (2 if streams == 1 else 1)
            cpu, delays = _rounds(servers, streams, tokens, _PAUSE, args.rounds)
            _show(f"20 ms a token, {streams} streams", cpu, delays)
    if "idle" in args.only:
        with _servers(args.peer) as servers:
            for side, server in servers.items():
                _cost(server, 5, 50, 0, None)
                print(f"an open, silent stream       {side:8s} {asyncio.run(_hold(server, 500)):6.1f} KiB")


if __name__ == "__main__":
    import uvloop

    uvloop.install()
    main()
