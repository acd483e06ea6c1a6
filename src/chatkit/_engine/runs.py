"""Runs: turns that belong to the server and not to a connection.

A turn writes its frames to the stream log, and responses read the log. A dropped line is not a stop; a second tab or
another worker reads the same run; Stop is a request of its own; and the run of a worker that died is ended honestly by
whoever looks.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from typing import Any, Final, Literal

from chatkit._engine.answers import ANSWERS, thread_answer
from chatkit._engine.claims import busy
from chatkit._engine.faults import UnfitRequestError, error_event, interrupted_event
from chatkit._engine.host import Host, Overlap, current_request
from chatkit._engine.keeping import INTERRUPTED
from chatkit._engine.messages import load_thread
from chatkit._engine.openings import OPENINGS
from chatkit._engine.protocol import parse_request
from chatkit._engine.run_keeper import PING, RunKeeper
from chatkit._engine.sealing import sealed
from chatkit._engine.turn import Opening
from chatkit._engine.wire import event_json
from chatkit._ids import new_id
from chatkit._telemetry import open_span, tell, time_it
from chatkit.errors import NotFoundError
from chatkit.streams import RunBusyError, RunInfo, RunNotFoundError, StreamLog
from chatkit.types import (
    StreamingReq,
    ThreadMetadata,
    ThreadsDeleteReq,
    ThreadsGetByIdReq,
    ThreadsResumeReq,
    ThreadsStopReq,
    ThreadsSyncCustomActionReq,
    is_streaming_req,
)

__all__ = ["Hangup", "Runs", "SingleReply", "StreamReply"]

Hangup = Literal["continue", "stop"]
"""What it means when the reader that asked goes away: nothing, or Stop (for a page that knows no other way)."""

_NOTHING: Final = b"{}"
_NO_THREAD: Final = ""
_MOMENT: Final = 0.1
_MOST_ATTEMPTS: Final = 20


class SingleReply:
    """An answer in one piece: `json` is its body."""

    __slots__ = ("json",)

    def __init__(self, json: bytes) -> None:
        self.json = json


class StreamReply:
    """An answer that streams. Iterate over it and send each chunk as it is; close it when the reader has gone.

    `chunks` is what it iterates over; `run_id` names the run that is read, None when there is none.
    """

    __slots__ = ("chunks", "run_id")

    def __init__(self, chunks: AsyncGenerator[bytes, None], run_id: str | None = None) -> None:
        self.chunks = chunks
        self.run_id = run_id

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self.chunks

    async def aclose(self) -> None:
        """Stop reading."""
        await self.chunks.aclose()


class Runs:
    """Answers requests for a server, with runs that outlive their response.

    :param server: the app.
    :param log: where frames are kept; every worker of the app uses the same one. It is started, and not closed, by this.
    :param owner: gives the owner of a request's threads, where thread ids are not unique between owners.
    :param overlap: what a message does while its thread is answering; by default what the server says.
    :param hangup: what it means when the reader that asked goes away.
    :param lease: seconds after which a worker that says nothing counts as dead; others learn of it in half as much again.
    :param heartbeat: seconds between signs of life in a silent stream.
    :param window: seconds that text is collected before it is sent on; the first piece goes at once.
    :param keep_frames: seconds that the frames of a finished run can still be read.
    :param keep_records: seconds that a finished run is remembered, and with it the idempotency key of its request.
    """

    def __init__(
        self,
        server: Host[Any],
        log: StreamLog,
        *,
        owner: Callable[[Any], str] | None = None,
        overlap: Overlap | None = None,
        hangup: Hangup = "continue",
        lease: float = 9.0,
        heartbeat: float = 15.0,
        window: float = 0.036,
        keep_frames: float = 600.0,
        keep_records: float = 86_400.0,
    ) -> None:
        self._server = server
        self._log = log = sealed(log, server.attachment_store)
        self._owner: Callable[[Any], str] = owner or _nobody
        self._overlap: Overlap = overlap or server.overlap
        self._hangup: Hangup = hangup
        self._heartbeat = heartbeat
        self._keeper = RunKeeper(
            server, log, lease=lease, window=window, keep_frames=keep_frames, keep_records=keep_records
        )

    async def start(self) -> None:
        """Connect the log. Called once before the first request."""
        await self._log.start()

    async def drain(self, seconds: float) -> None:
        """Begin no more runs, and let those under way end.

        Those that are not done in time are ended as interrupted: what was said is kept, and their readers are told.
        """
        await self._keeper.drain(seconds)

    async def aclose(self) -> None:
        """End everything. The log stays open: its owner closes it."""
        await self._keeper.drain(0.0)
        await self._keeper.aclose()

    @property
    def running(self) -> int:
        """How many runs are under way in this process."""
        return self._keeper.running

    async def handle(
        self, body: str | bytes | bytearray, context: Any, last_event_id: str | None = None
    ) -> SingleReply | StreamReply:
        """Answer one request body.

        :param last_event_id: the id of the last frame the client has seen, for `threads.resume`.
        :raises ChatKitError: whatever can be known before an answer begins.
        """
        request = parse_request(body)
        outside = current_request.set(request)
        try:
            if isinstance(request, ThreadsResumeReq):
                return await self._resume(request, context, last_event_id)
            if is_streaming_req(request):
                return await self._start_run(request, context)
            if isinstance(request, ThreadsStopReq):
                return await self._stop(request, context)
            if isinstance(request, ThreadsGetByIdReq):
                return await self._get_thread(request, context)
            if isinstance(request, ThreadsDeleteReq):
                return await self._delete_thread(request, context)
            if isinstance(request, ThreadsSyncCustomActionReq) and request.params.client_request_id:
                return await self._sync_action_once(request, request.params.client_request_id, context)
            return SingleReply(await ANSWERS[request.type](self._server, request.params, context))
        finally:
            current_request.reset(outside)

    # ── streaming ──────────────────────────────────────────────────────────────────────────────────────────────

    async def _start_run(self, request: StreamingReq, context: Any) -> StreamReply:
        with self._keeper.opening():
            return await self._open_run(request, context)

    async def _open_run(self, request: StreamingReq, context: Any) -> StreamReply:
        owner, key = self._owner(context), getattr(request.params, "client_request_id", None)
        known, run_id, name = await self._known(request, owner, key, context)
        if known is not None:
            return self._reading(known.id, 0, context)
        opening = await OPENINGS[request.type](self._server, request.params, context)
        if name is not None:
            first = await self._keeper.remember(owner, _NO_THREAD, name, run_id.encode())
            run_id = run_id if first is None else first.decode()
        try:
            await self._open(run_id, owner, opening, key)
        except RunBusyError as error:
            return self._when_busy(error.run, run_id, request, opening, owner, key, context)
        return self._begin(run_id, request, opening, context)

    async def _known(
        self, request: StreamingReq, owner: str, key: str | None, context: Any
    ) -> tuple[RunInfo | None, str, str | None]:
        """The run that performed this very request before; or the id of the one that will.

        A thread that is yet to be created cannot be asked for its runs: the third is what the id is remembered under.
        """
        if key is None:
            return None, new_id("run"), None
        if request.type != "threads.create":
            return await self._log.find(owner, request.params.thread_id, key), new_id("run"), None
        for attempt in range(_MOST_ATTEMPTS):
            name = key if attempt == 0 else f"{key}#{attempt}"
            pointer = await self._keeper.recall(owner, _NO_THREAD, name)
            if pointer is None:
                return None, new_id("run"), name
            try:
                return await self._begun(pointer.decode(), context), "", None
            except RunNotFoundError:  # whoever remembered it has not opened it yet, or never will
                return None, pointer.decode(), None
            except NotFoundError:  # it ended before it had stored anything
                continue
        raise busy(_NO_THREAD)

    async def _begun(self, run_id: str, context: Any) -> RunInfo:
        """A run that creates a thread, when the thread is there.

        :raises NotFoundError: it ended without one, or the thread is another's.
        """
        run = await self._log.info(run_id)
        while run.running and not run.last:
            await self._log.read(run_id, 0, limit=1, wait=min(max(run.expires_in, 0.0) + _MOMENT, 1.0))
            await self._keeper.bury_if_dead(run, context)
            run = await self._log.info(run_id)
        await load_thread(self._server, run.thread_id, context)
        return run

    async def _open(self, run_id: str, owner: str, opening: Opening[Any], key: str | None) -> None:
        exclusive = opening.exclusive
        try:
            await self._keeper.open(run_id, owner, opening.thread.id, key, exclusive=exclusive)
        except RunBusyError as error:
            if self._overlap != "allow" or (key is not None and error.run.key == key):
                raise
            await self._keeper.open(run_id, owner, opening.thread.id, key, exclusive=False)

    def _begin(self, run_id: str, request: StreamingReq, opening: Opening[Any], context: Any) -> StreamReply:
        self._keeper.begin(run_id, request, opening, context)
        return StreamReply(self._tail(run_id, 0, context, asked=True), run_id)

    def _when_busy(
        self,
        run: RunInfo,
        run_id: str,
        request: StreamingReq,
        opening: Opening[Any],
        owner: str,
        key: str | None,
        context: Any,
    ) -> StreamReply:
        if key is not None and run.key == key:
            return self._reading(run.id, 0, context)
        if self._overlap == "reject" and not self._keeper.looks_dead(run):
            raise busy(opening.thread.id)
        return StreamReply(self._wait_and_tail(run_id, request, opening, owner, key, context), run_id)

    async def _wait_and_tail(
        self,
        run_id: str,
        request: StreamingReq,
        opening: Opening[Any],
        owner: str,
        key: str | None,
        context: Any,
    ) -> AsyncGenerator[bytes, None]:
        thread_id = opening.thread.id

        async def wait() -> None:
            await self._keeper.wait_for_thread(
                owner, thread_id, context, stop=self._overlap == "replace", seconds=self._server.overlap_wait
            )
            with self._keeper.opening():
                again = await OPENINGS[request.type](self._server, request.params, context)
                await self._open(run_id, owner, again, key)
                self._keeper.begin(run_id, request, again, context)

        waiting = asyncio.ensure_future(self._keeper.in_line(owner, thread_id, wait))
        queued = open_span("chatkit.queue", {"chatkit.thread.id": thread_id})
        tell("chatkit.queue.waiting")
        try:
            while not waiting.done():
                await asyncio.wait({waiting}, timeout=self._heartbeat)
                if not waiting.done():
                    yield PING
            error = waiting.exception()
            if error is not None:
                yield b"data: " + event_json(error_event(error, f"A turn of thread {thread_id}")) + b"\n\n"
                return
        finally:
            waiting.cancel()
            tell("chatkit.queue.waiting", -1)
            time_it("chatkit.queue.delay", queued.seconds)
            queued.end()
        async with aclosing(self._tail(run_id, 0, context, asked=True)) as frames:
            async for frame in frames:
                yield frame

    def _reading(self, run_id: str, after: int, context: Any) -> StreamReply:
        return StreamReply(self._tail(run_id, after, context, asked=False), run_id)

    def _tail(self, run_id: str, after: int, context: Any, *, asked: bool) -> AsyncGenerator[bytes, None]:
        """The frames of a run after one, as they come, until its end."""
        frames = self._keeper.tail(run_id, after, context, self._heartbeat)
        return self._stopped_on_hangup(run_id, frames) if asked and self._hangup == "stop" else frames

    async def _stopped_on_hangup(
        self, run_id: str, frames: AsyncGenerator[bytes, None]
    ) -> AsyncGenerator[bytes, None]:
        complete = False
        try:
            async with aclosing(frames):
                async for frame in frames:
                    yield frame
            complete = True
        finally:
            if not complete:
                self._keeper.stop_here(run_id)

    async def _resume(
        self, request: ThreadsResumeReq, context: Any, last_event_id: str | None
    ) -> StreamReply:
        thread = await load_thread(self._server, request.params.thread_id, context)
        owner = self._owner(context)
        seen = request.params.after or last_event_id
        if seen is not None:
            run_id, n = _frame_id(seen)
            run = await self._run_of(owner, thread.id, run_id)
            if run is not None:
                return self._reading(run.id, n, context)
        run = await self._log.active(owner, thread.id)
        if run is not None:
            return self._reading(run.id, 0, context)
        return StreamReply(_only(interrupted_frame() if INTERRUPTED in thread.metadata else None))

    async def _run_of(self, owner: str, thread_id: str, run_id: str) -> RunInfo | None:
        """A run by its id, if it is one of that thread."""
        try:
            run = await self._log.info(run_id)
        except RunNotFoundError:
            return None
        return run if (run.owner, run.thread_id) == (owner, thread_id) else None

    # ── single answers ─────────────────────────────────────────────────────────────────────────────────────────

    async def _stop(self, request: ThreadsStopReq, context: Any) -> SingleReply:
        thread = await load_thread(self._server, request.params.thread_id, context)
        owner, run_id = self._owner(context), request.params.run_id
        if run_id is not None:
            run = await self._run_of(owner, thread.id, run_id)
        else:
            run = await self._log.active(owner, thread.id)
        if run is not None and run.running:
            await self._keeper.stop(run, context)
        return SingleReply(_NOTHING)

    async def _get_thread(self, request: ThreadsGetByIdReq, context: Any) -> SingleReply:
        owner = self._owner(context)

        async def run_of(thread: ThreadMetadata) -> str | None:
            run = await self._log.active(owner, thread.id)
            return thread.metadata.get(INTERRUPTED) if run is None else run.id

        return SingleReply(await thread_answer(self._server, request.params.thread_id, context, run_of))

    async def _delete_thread(self, request: ThreadsDeleteReq, context: Any) -> SingleReply:
        owner, thread_id = self._owner(context), request.params.thread_id
        run = await self._log.active(owner, thread_id)
        if run is not None:
            await load_thread(self._server, thread_id, context)
            await self._keeper.stop(run, context)
            await self._keeper.wait_for_end(run.id)
        answer = await ANSWERS[request.type](self._server, request.params, context)
        await self._log.forget(owner, thread_id)
        return SingleReply(answer)

    async def _sync_action_once(
        self, request: ThreadsSyncCustomActionReq, key: str, context: Any
    ) -> SingleReply:
        thread = await load_thread(self._server, request.params.thread_id, context)

        async def perform() -> bytes:
            return await ANSWERS[request.type](self._server, request.params, context)

        return SingleReply(await self._keeper.once(self._owner(context), thread.id, key, perform))


def _nobody(context: Any) -> str:
    return ""


def interrupted_frame() -> bytes:
    """The frame for a reader who comes when an interrupted run has long been ended."""
    return b"data: " + event_json(interrupted_event()) + b"\n\n"


async def _only(frame: bytes | None) -> AsyncGenerator[bytes, None]:
    if frame is not None:
        yield frame


def _frame_id(text: str) -> tuple[str, int]:
    run_id, _, n = text.rpartition(":")
    if not run_id or not n.isdecimal() or len(n) > 12:
        raise UnfitRequestError(
            f"{text[:80]!r} is no frame id.",
            path="params.after",
            hint="Send the id of a frame: <run id>:<number>.",
        )
    return run_id, int(n)
