"""The end of a process: nothing new begins, what runs may finish, and then it is cut off honestly."""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from chatkit._engine.runs import Runs
from chatkit.errors import ChatKitError

__all__ = ["Drain"]

_log = logging.getLogger("chatkit.asgi")


class Drain:
    """What happens between the signal to stop and the end."""

    def __init__(self, runs: Runs, seconds: float) -> None:
        self._runs = runs
        self._seconds = seconds
        self._task: asyncio.Task[None] | None = None

    @property
    def draining(self) -> bool:
        return self._task is not None

    def check(self, body: bytes) -> None:
        """Send new turns to another worker.

        :raises ChatKitError: ``server.stopping``, with a time to come back after.
        """
        if self.draining and not any(name in body for name in (b"threads.stop", b"threads.resume")):
            raise StoppingError

    def begin(self) -> None:
        """Stop taking turns; let the running ones end."""
        if self._task is None:
            _log.info("Draining: running answers get %g seconds to end", self._seconds)
            self._task = asyncio.get_running_loop().create_task(self._runs.drain(self._seconds))

    async def finish(self) -> None:
        self.begin()
        if self._task is not None:
            await self._task
        self._task = None

    @contextmanager
    def on_signal(self) -> Generator[None]:
        """Begin at SIGTERM, and hand the signal on to whoever listened before, such as uvicorn.

        Servers tell an app that the process ends only after its last connection has closed; a stream keeps its
        connection open, so that the app has to hear the signal itself.
        """
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        loop = asyncio.get_running_loop()
        before = signal.getsignal(signal.SIGTERM)

        def heard(number: int, frame: Any) -> None:
            loop.call_soon_threadsafe(self.begin)
            if callable(before):
                before(number, frame)

        if not callable(before):  # nobody stops the process but the signal's own effect: leave it
            yield
            return
        signal.signal(signal.SIGTERM, heard)
        try:
            yield
        finally:
            signal.signal(signal.SIGTERM, before)


class StoppingError(ChatKitError):
    """This process is about to end."""

    retry_after = 1.0

    def __init__(self) -> None:
        super().__init__(
            "server.stopping",
            "This server is restarting.",
            hint="Send the message again in a moment.",
            status=503,
        )
