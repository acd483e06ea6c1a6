"""A browser driven over WebDriver BiDi, which Firefox speaks by itself: no driver program is needed."""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import websockets


class Page:
    """One tab."""

    def __init__(self, socket: websockets.ClientConnection) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self._context = ""

    async def start(self) -> None:
        await self.command("session.new", {"capabilities": {}})
        self._context = (await self.command("browsingContext.create", {"type": "tab"}))["context"]

    async def command(self, method: str, params: dict[str, Any]) -> Any:
        number = next(self._numbers)
        await self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        async for message in self._socket:
            answer = json.loads(message)
            if answer.get("id") != number:
                continue
            if answer["type"] == "error":
                raise RuntimeError(f"{method}: {answer['message']}")
            return answer["result"]
        raise ConnectionError(f"The browser hung up before it answered {method}")

    async def open(self, url: str) -> None:
        await self.command(
            "browsingContext.navigate", {"context": self._context, "url": url, "wait": "complete"}
        )

    async def run(self, script: str) -> Any:
        """Runs an expression in the page, awaits it, and gives its value back as JSON."""
        result = await self.command(
            "script.evaluate",
            {
                "expression": f"(async () => JSON.stringify((await ({script})) ?? null))()",
                "target": {"context": self._context},
                "awaitPromise": True,
            },
        )
        if result["type"] == "exception":
            raise RuntimeError(result["exceptionDetails"]["text"])
        return json.loads(result["result"]["value"])

    async def type(self, text: str) -> None:
        """Presses keys, as a person does, in whatever has the focus."""
        keys = [{"type": kind, "value": key} for key in text for kind in ("keyDown", "keyUp")]
        source = {"type": "key", "id": "keyboard", "actions": keys}
        await self.command("input.performActions", {"context": self._context, "actions": [source]})


@asynccontextmanager
async def firefox(program: str) -> AsyncIterator[Page]:
    """A fresh headless Firefox with a profile of its own."""
    profile = tempfile.mkdtemp(prefix="chatkit-firefox-")
    process = await asyncio.create_subprocess_exec(
        program,
        *("--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0", "about:blank"),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stderr is not None
    try:
        address = await asyncio.wait_for(_address(process.stderr), 30)
        async with websockets.connect(f"{address}/session", max_size=None) as socket:
            page = Page(socket)
            await page.start()
            yield page
    finally:
        process.terminate()
        await process.wait()
        shutil.rmtree(profile, ignore_errors=True)


async def _address(stream: asyncio.StreamReader) -> str:
    async for line in stream:
        found = re.search(rb"WebDriver BiDi listening on (ws://\S+)", line)
        if found:
            return found[1].decode()
    raise RuntimeError("Firefox ended before it listened")
