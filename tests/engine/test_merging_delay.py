"""How long a piece of text can wait to be merged with others: told by a clock that jumps, so that it is exact."""

import asyncio
import math
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest

from chatkit._engine.runs import Runs
from chatkit._engine.writing import FrameWriter
from chatkit.backends._sql import log as sql_log
from chatkit.streams import MemoryStreamLog
from chatkit.types import AssistantMessageContentPartTextDelta, ThreadItemUpdatedEvent

LIMIT = 0.050


class JumpingLoop(asyncio.SelectorEventLoop):
    """Time stands still while there is work, and jumps to the next timer when there is none."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1000.0

    def time(self) -> float:
        return self.now

    def _run_once(self) -> None:
        waiting: Any = self
        if not waiting._ready and waiting._scheduled:
            self.now = max(self.now, waiting._scheduled[0]._when)
        super()._run_once()  # type: ignore[misc]


def _in_jumping_time(work: Callable[[], Awaitable[Any]]) -> Any:
    loop = JumpingLoop()
    try:
        return loop.run_until_complete(work())
    finally:
        loop.close()


class Timed(MemoryStreamLog):
    """Notes when each frame came; each write takes a while, as that of a database does."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds
        self.came: list[tuple[float, str]] = []
        self.writes = 0

    async def append(self, run_id: str, worker: str, first: int, frames: Sequence[bytes]) -> None:
        await asyncio.sleep(self.seconds)
        self.writes += 1
        now = asyncio.get_running_loop().time()
        for frame in frames:
            text = frame.decode().partition('"delta":"')[2].partition('"')[0]
            self.came += [(now, piece) for piece in text.split()]


def _window() -> float:
    default = Runs.__init__.__kwdefaults__["window"]
    assert isinstance(default, float)
    return default


async def _delays(pace: float, seconds: float, pieces: int = 200) -> tuple[list[float], int]:
    log, loop = Timed(seconds), asyncio.get_running_loop()
    writer = FrameWriter(log, "run_1", "w", _window(), lambda: None)
    given: dict[str, float] = {}
    for n in range(pieces):
        given[str(n)] = loop.time()
        update = AssistantMessageContentPartTextDelta(content_index=0, delta=f"{n} ")
        writer.add(ThreadItemUpdatedEvent(item_id="m", update=update))
        await asyncio.sleep(pace)
    await writer.flush()
    assert [piece for _, piece in log.came] == [str(n) for n in range(pieces)]
    return [came - given[piece] for came, piece in log.came], log.writes


@pytest.mark.behaviour("S3")
@pytest.mark.parametrize("pace", [0.001, 0.005, 0.013, 0.020, 0.029, 0.033, 0.040, 0.100])
def test_no_piece_of_text_waits_50_ms_for_others(pace: float) -> None:
    gather = sql_log._GATHER  # what the log of a database may add, to write many runs at once
    delays, writes = _in_jumping_time(lambda: _delays(pace, 0.0))
    assert max(delays) + gather < LIMIT
    assert delays[0] == 0.0, "the first piece goes at once"
    if pace < _window() / 2:
        assert writes <= math.ceil(200 * pace / (_window() * 0.85)) + 1, "pieces are merged"


def test_at_a_models_usual_pace_every_third_token_goes_at_once_with_the_two_before() -> None:
    delays, writes = _in_jumping_time(lambda: _delays(0.020, 0.0))
    assert writes == 68
    assert sum(delays) / len(delays) < 0.021


def test_what_a_model_says_in_one_go_is_sent_in_one_go_and_at_once() -> None:
    async def work() -> list[tuple[float, str]]:
        log, loop = Timed(0.0), asyncio.get_running_loop()
        writer = FrameWriter(log, "run_1", "w", _window(), lambda: None)
        for n in range(20):
            for _ in range(4):
                update = AssistantMessageContentPartTextDelta(content_index=0, delta=f"{loop.time()} ")
                writer.add(ThreadItemUpdatedEvent(item_id="m", update=update))
            await asyncio.sleep(0.060)
            assert log.writes == n + 1
        return log.came

    came = _in_jumping_time(work)
    assert len(came) == 80
    assert all(when == float(said) for when, said in came)


def test_a_model_slower_than_the_window_is_not_held_up() -> None:
    delays, writes = _in_jumping_time(lambda: _delays(0.040, 0.0))
    assert (max(delays), writes) == (0.0, 200)


def test_a_slow_log_delays_by_no_more_than_two_of_its_writes() -> None:
    delays, _ = _in_jumping_time(lambda: _delays(0.005, 0.030))
    assert max(delays) < _window() * 1.15 + 2 * 0.030
