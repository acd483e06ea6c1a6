"""A process of its own for what a widget file brings: it can be ended when a template takes too long."""

import asyncio
import contextlib
import multiprocessing
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from chatkit.studio._folder import StudioError

__all__ = ["Worker"]

Job = Callable[..., Any]


class Worker:
    """Runs module-level functions in one warm process, one at a time, each with a time limit in seconds.

    Starting the process is not part of that time.
    """

    def __init__(self, seconds: float = 3.0) -> None:
        self.seconds = seconds
        self._lock = asyncio.Lock()
        self._process: Any = None
        self._line: Connection | None = None

    async def run(self, job: Job, *args: Any) -> Any:
        """What ``job(*args)`` returns.

        Raises:
            StudioError: It took longer than allowed, or brought the process down; the next call gets a fresh one.
        """
        async with self._lock:
            return await asyncio.to_thread(self._run, job, args)

    async def warm(self) -> None:
        """Start the process, so that the first preview does not wait for it."""
        async with self._lock:
            with contextlib.suppress(EOFError, ConnectionResetError):  # the first call tells
                await asyncio.to_thread(self._connect)

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if self._line is not None:
            self._line.close()
            self._line = None
        if process is not None:
            process.kill()
            process.join()

    def _run(self, job: Job, args: tuple[Any, ...]) -> Any:
        try:
            line = self._connect()
            line.send((job, args))
            if not line.poll(self.seconds):
                self.close()
                raise StudioError(
                    "studio.too_slow",
                    f"The widget took longer than {self.seconds:g} seconds and was stopped.",
                    hint="Look for loops inside loops, or for very long lists in the data.",
                    status=422,
                )
            good, answer = line.recv()
        except (EOFError, BrokenPipeError, ConnectionResetError) as error:
            self.close()
            raise StudioError(
                "studio.crashed",
                "The widget brought its process down.",
                hint="It probably needed too much memory.",
                status=422,
            ) from error
        if good:
            return answer
        raise answer

    def _connect(self) -> Connection:
        if self._process is None or not self._process.is_alive() or self._line is None:
            self.close()
            context = multiprocessing.get_context("spawn")
            self._line, theirs = context.Pipe()
            self._process = context.Process(target=_serve, args=(theirs,), daemon=True)
            self._process.start()
            theirs.close()
            # Starting is not counted in the time that a widget may take: on a busy machine it takes longer.
            self._line.recv()
        return self._line


def _serve(line: Connection) -> None:
    _limit_memory()
    with contextlib.suppress(EOFError, KeyboardInterrupt):
        line.send(None)
        while True:
            job, args = line.recv()
            try:
                line.send((True, job(*args)))
            except Exception as error:  # the asker gets it, whatever it is
                line.send((False, _portable(error)))


def _limit_memory(size: int = 1_500_000_000) -> None:
    try:
        import resource
    except ImportError:  # not on Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (size, size))


def _portable(error: Exception) -> StudioError:
    return StudioError("studio.failed", f"{type(error).__name__}: {error}", status=422)
