"""WebKit (WebKitGTK's MiniBrowser) driven over classic WebDriver, on a display of its own."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

QUIET: dict[str, Any] = {
    "start_new_session": True,
    "stdout": asyncio.subprocess.DEVNULL,
    "stderr": asyncio.subprocess.DEVNULL,
}
PARTS = ("WebKitWebDriver", "Xvfb")

# No accelerated drawing, no accessibility bus, no desktop settings: none of them is there without a desktop.
HEADLESS = {
    "WEBKIT_DISABLE_COMPOSITING_MODE": "1",
    "WEBKIT_DISABLE_DMABUF_RENDERER": "1",
    "LIBGL_ALWAYS_SOFTWARE": "1",
    "NO_AT_BRIDGE": "1",
    "GTK_A11Y": "none",
    "GSETTINGS_BACKEND": "memory",
    "DBUS_SESSION_BUS_ADDRESS": "disabled:",
}


def mini_browser() -> str | None:
    """Where Debian puts the browser that the driver starts."""
    found = sorted(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"))
    return str(found[-1]) if found and all(map(shutil.which, PARTS)) else None


class Page:
    """One window, with the same calls as the page of the BiDi driver."""

    def __init__(self, client: httpx.AsyncClient, session: str) -> None:
        self._client = client
        self._session = session

    async def _post(self, path: str, body: dict[str, Any]) -> Any:
        answer = (await self._client.post(f"/session/{self._session}/{path}", json=body)).json()["value"]
        if isinstance(answer, dict) and "error" in answer:
            raise RuntimeError(f"{path}: {answer['message']}")
        return answer

    async def open(self, url: str) -> None:
        await self._post("url", {"url": url})

    async def run(self, script: str) -> Any:
        """Runs an expression in the page, awaits it, and gives its value back as JSON."""
        body = f"return (async () => JSON.stringify((await ({script})) ?? null))()"
        return json.loads(await self._post("execute/sync", {"script": body, "args": []}))

    async def type(self, text: str) -> None:
        """Presses keys, as a person does, in whatever has the focus."""
        keys = [{"type": kind, "value": key} for key in text for kind in ("keyDown", "keyUp")]
        await self._post("actions", {"actions": [{"type": "key", "id": "keyboard", "actions": keys}]})


@asynccontextmanager
async def webkit(browser: str) -> AsyncIterator[Page]:
    """A fresh MiniBrowser on a display of its own."""
    read, write = os.pipe()
    display = await asyncio.create_subprocess_exec(
        *("Xvfb", "-displayfd", str(write), "-screen", "0", "1000x800x24"), pass_fds=(write,), **QUIET
    )
    os.close(write)
    # The whole line: Xvfb writes the number and the end of the line one after the other, and dies when nobody reads.
    with os.fdopen(read) as announced:
        number = (await asyncio.get_running_loop().run_in_executor(None, announced.readline)).strip()
    environment = {**os.environ, "DISPLAY": f":{number}", **HEADLESS}
    try:
        async with _driver(browser, environment) as (client, session):
            yield Page(client, session)
    finally:
        await _end(display)


@asynccontextmanager
async def _driver(browser: str, environment: dict[str, str]) -> AsyncIterator[tuple[httpx.AsyncClient, str]]:
    """A driver with a session."""
    port = _free_port()
    process = await asyncio.create_subprocess_exec(
        "WebKitWebDriver", f"--port={port}", env=environment, **QUIET
    )
    try:
        address = f"http://127.0.0.1:{port}"
        async with httpx.AsyncClient(base_url=address, timeout=30, trust_env=False) as client:
            try:
                session = await _session(client, browser)
            except httpx.TimeoutException:
                pytest.skip("WebKit's MiniBrowser does not report to its driver on this machine")
            yield client, session
    finally:
        await _end(process)


async def _end(process: asyncio.subprocess.Process) -> None:
    """Ends a program and what it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    await process.wait()


async def _session(client: httpx.AsyncClient, browser: str) -> str:
    for _ in range(200):
        with suppress(httpx.TransportError):
            if (await client.get("/status", timeout=2)).json()["value"]["ready"]:
                break
        await asyncio.sleep(0.05)
    options = {"binary": browser, "args": ["--automation"]}
    wanted = {"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": options}}}
    answer = (await client.post("/session", json=wanted)).json()["value"]
    if "error" in answer:
        raise RuntimeError(answer["message"])
    return answer["sessionId"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
