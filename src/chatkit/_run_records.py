"""What a stream log says of a run: its frames, its record, and what can go wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from chatkit.errors import ChatKitError

__all__ = [
    "Chunk",
    "Frame",
    "RunBusyError",
    "RunInfo",
    "RunLostError",
    "RunNotFoundError",
    "RunState",
    "StreamLogUnavailableError",
]

RunState = Literal["running", "done", "stopped", "failed", "interrupted"]
"""`running`, or how it ended: by itself, by Stop, by an error, or because its worker died."""


class Frame(NamedTuple):
    """One event of a run: its number, from 1, and its JSON without any framing."""

    n: int
    data: bytes


class Chunk(NamedTuple):
    """What a read gave: the next frames in order, the run's state, and the number of its last frame.

    A reader has everything when `state != "running"` and it has seen frame `last`. When such a run gives no
    frames although `last` was not reached, they have been trimmed away: read the thread from the store.
    """

    frames: Sequence[Frame]
    state: RunState
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunInfo:
    """What the log knows of a run without its frames."""

    id: str
    owner: str
    """Whose thread it is; "" when the app has no owners."""
    thread_id: str
    worker: str
    """The worker that holds it, or held it last."""
    key: str | None = None
    """The request's idempotency key, if it had one."""
    exclusive: bool = True
    """Whether it is *the* run of its thread; others, such as an action's, may go on beside it."""
    state: RunState = "running"
    last: int = 0
    """Number of the last frame; 0 before the first."""
    expires_in: float = 0.0
    """Seconds until the lease runs out, by the log's clock; negative when it has. Meaningless once closed."""
    beat: int = 0
    """How often the lease was renewed. A worker whose `beat` moves is alive, whatever a clock says."""

    @property
    def running(self) -> bool:
        return self.state == "running"


class RunBusyError(ChatKitError):
    """The thread already has a running exclusive run, or the key was used; `run` is that run."""

    def __init__(self, run: RunInfo) -> None:
        super().__init__(
            "thread.busy",
            f"Thread {run.thread_id} is still answering.",
            hint="Wait for the answer, or stop it.",
            status=409,
        )
        self.run = run


class RunNotFoundError(ChatKitError):
    """The log does not know the run: it never existed, or its record has expired."""

    def __init__(self, run_id: str) -> None:
        super().__init__(
            "run.not_found",
            f"Run {run_id} is unknown or has expired.",
            hint="Load the thread again.",
            status=404,
        )
        self.run_id = run_id


class RunLostError(ChatKitError):
    """This worker does not hold the run any more: it is closed, expired, or was taken over."""

    def __init__(self, run_id: str) -> None:
        super().__init__("run.lost", f"Run {run_id} is no longer held by this worker.", status=409)
        self.run_id = run_id


class StreamLogUnavailableError(ChatKitError):
    """The log cannot be reached now. What was asked may be tried again; no frame is written twice.

    :param reason: what the backend says. It is for the operator: ``str(error)`` has it, and no client is told.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(
            "stream_log.unavailable",
            "Running answers cannot be reached now.",
            hint="Try again in a moment. The server's log has the cause.",
            status=503,
        )
        self.reason = reason

    def __str__(self) -> str:
        return f"The stream log does not answer: {self.reason}. Check its address and that it runs."
