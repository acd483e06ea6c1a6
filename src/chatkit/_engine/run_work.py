"""One run under way in this process: a turn whose events go to the log."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from typing import Any, Final

from chatkit._engine.faults import error_event
from chatkit._engine.host import Host, current_request
from chatkit._engine.notes import replaced_note
from chatkit._engine.turn import Opening, StopReason, Turn
from chatkit._engine.writing import FrameWriter
from chatkit._telemetry import span, tell, time_it
from chatkit.logger import logger
from chatkit.streams import RunLostError, RunState, StreamLog
from chatkit.types import ChatKitReq, ThreadItem

__all__ = ["RunWork"]

_CLOSE_PATIENCE: Final = 20.0
_BREATHE: Final = 100


class RunWork:
    """Runs one turn to its end, whoever reads. `stop` ends it early."""

    def __init__(
        self,
        host: Host[Any],
        log: StreamLog,
        run_id: str,
        worker: str,
        *,
        request: ChatKitReq,
        opening: Opening[Any],
        context: Any,
        window: float,
        on_lost: Callable[[], None],
    ) -> None:
        self.run_id = run_id
        self._log, self._worker = log, worker
        self._request = request
        self._opening = opening
        self._turn: Turn[Any] = Turn(host, opening, context, run_id)
        self._writer = writer = FrameWriter(log, run_id, worker, window, on_lost)
        # Nothing that a run holds leads back to it: it goes when it ends, and not when the garbage collector comes.
        opening.before_replacing = lambda items: _note_replaced(writer, items)
        self._task: asyncio.Task[None] | None = None

    def start(self, on_end: Callable[[RunWork], None]) -> None:
        """Begin, in a task of its own."""
        self._task = asyncio.get_running_loop().create_task(self._run(), name=f"chatkit run {self.run_id}")
        self._task.add_done_callback(lambda _: on_end(self))

    def stop(self, reason: StopReason = "stopped") -> None:
        """End the run early: the model call is cancelled now, and what was said is kept."""
        self._turn.stop(reason)

    def ended(self) -> Awaitable[Any]:
        """Wait for this until the run has ended and all of it is in the log."""
        task = self._task
        return asyncio.wait({task}) if task is not None else asyncio.sleep(0)

    async def _run(self) -> None:
        current_request.set(self._request)
        kind, state = self._request.type, "failed"
        about = {
            "chatkit.run.id": self.run_id,
            "chatkit.thread.id": self._opening.thread.id,
            "chatkit.request.type": kind,
        }
        tell("chatkit.runs.running")
        with span("chatkit.run", about) as step:
            try:
                state = await self._perform()
            finally:
                step.note({"chatkit.run.outcome": state, "chatkit.run.events": self._turn.count})
                if state == "failed":
                    step.fail("the run failed")
                tell("chatkit.runs.running", -1)
                tell("chatkit.runs", outcome=state, type=kind)
                tell("chatkit.events", self._turn.count)
                time_it("chatkit.run.duration", step.seconds)

    async def _perform(self) -> RunState:
        """Run the turn and close its log; gives how it ended."""
        state: RunState = "failed"
        try:
            await self._write_events()
            state = self._turn.outcome
        except Exception as error:
            self._writer.add(error_event(error, f"A turn of thread {self._opening.thread.id}"))
        finally:
            await self._close(state)
        return state

    async def _write_events(self) -> None:
        writer, clock = self._writer, asyncio.get_running_loop().time
        began, silent = clock(), True
        async with aclosing(self._turn.events()) as events:
            async for event in events:
                writer.add(event)
                if silent and self._turn.count:
                    silent = False
                    time_it("chatkit.run.first_event", clock() - began)
                if writer.full:
                    await writer.flush()
                elif self._turn.count % _BREATHE == 0:
                    await asyncio.sleep(0)  # a handler that never waits would hold up everybody else

    async def _close(self, state: RunState) -> None:
        await self._writer.flush()
        until = asyncio.get_running_loop().time() + _CLOSE_PATIENCE
        while True:
            try:
                await self._log.close(self.run_id, self._worker, state)
            except RunLostError:
                return
            except Exception as error:
                if asyncio.get_running_loop().time() > until:
                    logger.error("Run %s could not be closed in the log", self.run_id, exc_info=error)
                    return
                await asyncio.sleep(0.2)
            else:
                return


async def _note_replaced(writer: FrameWriter, items: list[ThreadItem]) -> None:
    """Whoever ends this run in our place must be able to bring the old answer back."""
    writer.add_frame(replaced_note(items))
    await writer.flush()
