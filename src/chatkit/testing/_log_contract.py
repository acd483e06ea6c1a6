"""What every `chatkit.streams.StreamLog` must do, as tests that any backend can run."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from typing import Any

import pytest

from chatkit.streams import RunBusyError, RunInfo, RunLostError, RunNotFoundError, StreamLog

__all__ = ["StreamLogContract"]

_LEASE = 60.0
_WAIT = 10.0
_serial = itertools.count(1)


class StreamLogContract:
    """Subclass it, name the class `Test…`, and give `make_log`; pytest then runs the whole contract.

    Names of runs, threads and workers are new in each test, so one shared database may serve all of them.
    """

    async def make_log(self) -> StreamLog:
        """A log that is ready for use. Override."""
        raise NotImplementedError

    async def second_log(self, log: StreamLog) -> StreamLog:
        """The same log as another process sees it. Override where there is one; the default is `log` itself."""
        return log

    @pytest.fixture
    async def log(self) -> AsyncIterator[StreamLog]:
        log = await self.make_log()
        await log.start()
        yield log
        await log.aclose()

    @pytest.fixture
    async def other(self, log: StreamLog) -> AsyncIterator[StreamLog]:
        other = await self.second_log(log)
        if other is not log:
            await other.start()
        yield other
        if other is not log:
            await other.aclose()

    @pytest.fixture
    def names(self) -> _Names:
        return _Names(next(_serial))

    async def test_frames_come_back_in_order_with_numbers_from_one(
        self, log: StreamLog, names: _Names
    ) -> None:
        await names.open(log)
        await log.append(names.run, names.worker, 1, [b"a", b"b"])
        await log.append(names.run, names.worker, 3, [b"c"])
        chunk = await log.read(names.run, 0)
        assert [tuple(f) for f in chunk.frames] == [(1, b"a"), (2, b"b"), (3, b"c")]
        assert (chunk.state, chunk.last) == ("running", 3)

    async def test_reading_starts_after_the_given_frame_and_keeps_to_the_limit(
        self, log: StreamLog, names: _Names
    ) -> None:
        await names.open(log)
        await log.append(names.run, names.worker, 1, [b"%d" % n for n in range(1, 11)])
        assert [f.n for f in (await log.read(names.run, 4, limit=3)).frames] == [5, 6, 7]
        assert [f.n for f in (await log.read(names.run, 8, limit=3)).frames] == [9, 10]
        assert (await log.read(names.run, 10)).frames in ([], ())
        assert [f.n for f in (await log.read(names.run, -5, limit=2)).frames] == [1, 2]

    async def test_frames_keep_every_byte(self, log: StreamLog, names: _Names) -> None:
        await names.open(log)
        frames = [b'{"t":"\xc3\xa9\xe2\x82\xac \\u0000"}', b"{}", b'"' + b"x" * 200_000 + b'"']
        await log.append(names.run, names.worker, 1, frames)
        assert [f.data for f in (await log.read(names.run, 0)).frames] == frames

    async def test_repeating_an_append_writes_nothing_twice(self, log: StreamLog, names: _Names) -> None:
        await names.open(log)
        await log.append(names.run, names.worker, 1, [b"a", b"b"])
        await log.append(names.run, names.worker, 1, [b"a", b"b"])
        await log.append(names.run, names.worker, 2, [b"b", b"c"])
        await log.append(names.run, names.worker, 4, [])
        assert [f.data for f in (await log.read(names.run, 0)).frames] == [b"a", b"b", b"c"]

    async def test_an_append_that_leaves_a_gap_is_refused(self, log: StreamLog, names: _Names) -> None:
        await names.open(log)
        with pytest.raises(ValueError, match="gap"):
            await log.append(names.run, names.worker, 2, [b"b"])
        with pytest.raises(ValueError, match="gap"):
            await log.append(names.run, names.worker, 0, [b"b"])

    async def test_what_is_appended_at_once_is_there_for_every_reader(
        self, log: StreamLog, other: StreamLog, names: _Names
    ) -> None:
        await names.open(log)
        for n in (1, 2, 3):
            frames = [b"%d" % n]
            if not log.append_now(names.run, names.worker, n, frames):
                await log.append(names.run, names.worker, n, frames)
            for reader in (log, other):
                assert [f.data for f in (await reader.read(names.run, n - 1)).frames] == frames

    async def test_nothing_is_appended_at_once_that_could_not_be_appended(
        self, log: StreamLog, names: _Names
    ) -> None:
        await names.open(log)
        await log.append(names.run, names.worker, 1, [b"a"])
        assert not log.append_now(names.run, names.id("another"), 2, [b"b"])
        assert not log.append_now(names.run, names.worker, 1, [b"a"])
        assert not log.append_now(names.run, names.worker, 3, [b"c"])
        await log.close(names.run, names.worker, "done")
        assert not log.append_now(names.run, names.worker, 2, [b"b"])
        assert [f.data for f in (await log.read(names.run, 0)).frames] == [b"a"]

    async def test_a_waiting_reader_is_woken_by_a_frame(
        self, log: StreamLog, other: StreamLog, names: _Names
    ) -> None:
        await names.open(log)
        reads = [asyncio.ensure_future(r.read(names.run, 0, wait=_WAIT)) for r in (log, other, log)]
        await asyncio.sleep(0)
        await log.append(names.run, names.worker, 1, [b"a"])
        for chunk in await asyncio.wait_for(asyncio.gather(*reads), _WAIT):
            assert [f.data for f in chunk.frames] == [b"a"]

    async def test_a_waiting_reader_is_woken_by_the_end(
        self, log: StreamLog, other: StreamLog, names: _Names
    ) -> None:
        await names.open(log)
        reads = [asyncio.ensure_future(r.read(names.run, 0, wait=_WAIT)) for r in (log, other)]
        await asyncio.sleep(0)
        await log.close(names.run, names.worker, "done")
        for chunk in await asyncio.wait_for(asyncio.gather(*reads), _WAIT):
            assert (list(chunk.frames), chunk.state, chunk.last) == ([], "done", 0)

    async def test_a_read_gives_up_waiting_after_its_timeout(self, log: StreamLog, names: _Names) -> None:
        await names.open(log)
        chunk = await log.read(names.run, 0, wait=0.01)
        assert (list(chunk.frames), chunk.state) == ([], "running")

    async def test_a_cancelled_reader_leaves_the_log_working(self, log: StreamLog, names: _Names) -> None:
        await names.open(log)
        read = asyncio.ensure_future(log.read(names.run, 0, wait=_WAIT))
        await asyncio.sleep(0)
        read.cancel()
        with pytest.raises(asyncio.CancelledError):
            await read
        await log.append(names.run, names.worker, 1, [b"a"])
        assert (await log.read(names.run, 0)).last == 1

    async def test_a_closed_run_says_how_it_ended_and_takes_nothing_more(
        self, log: StreamLog, other: StreamLog, names: _Names
    ) -> None:
        await names.open(log)
        await log.append(names.run, names.worker, 1, [b"a"])
        await log.close(names.run, names.worker, "failed")
        await log.close(names.run, names.worker, "failed")
        chunk = await other.read(names.run, 0)
        assert ([f.data for f in chunk.frames], chunk.state, chunk.last) == ([b"a"], "failed", 1)
        with pytest.raises(RunLostError):
            await log.append(names.run, names.worker, 2, [b"b"])
        with pytest.raises(RunLostError):
            await log.close(names.run, names.worker, "done")

    async def test_a_run_cannot_be_closed_as_running(self, log: StreamLog, names: _Names) -> None:
        await names.open(log)
        with pytest.raises(ValueError, match="running"):
            await log.close(names.run, names.worker, "running")

    async def test_only_the_holder_writes(self, log: StreamLog, names: _Names) -> None:
        await names.open(log)
        with pytest.raises(RunLostError):
            await log.append(names.run, "someone else", 1, [b"a"])
        with pytest.raises(RunLostError):
            await log.close(names.run, "someone else", "done")
        assert (await log.read(names.run, 0)).last == 0

    async def test_an_unknown_run_is_an_error_for_readers_and_writers(
        self, log: StreamLog, names: _Names
    ) -> None:
        with pytest.raises(RunNotFoundError):
            await log.read("run_nowhere", 0)
        with pytest.raises(RunNotFoundError):
            await log.info("run_nowhere")
        with pytest.raises(RunLostError):
            await log.append("run_nowhere", names.worker, 1, [b"a"])
        with pytest.raises(RunLostError):
            await log.close("run_nowhere", names.worker, "done")
        assert await log.request_stop("run_nowhere") is False
        assert await log.take_over("run_nowhere", names.worker, lease=_LEASE, beat=0) is False

    async def test_a_thread_has_one_exclusive_run_at_a_time(
        self, log: StreamLog, other: StreamLog, names: _Names
    ) -> None:
        await names.open(log)
        with pytest.raises(RunBusyError) as caught:
            await names.open(other, run="second", worker=names.id("another"))
        assert caught.value.run.id == names.run
        await log.close(names.run, names.worker, "done")
        second = await names.open(other, run="second", worker=names.id("another"))
        active = await log.active(names.owner, names.thread)
        assert active is not None
        assert active.id == second.id

    async def test_of_many_that_open_at_once_exactly_one_gets_the_thread(
        self, log: StreamLog, other: StreamLog, names: _Names
    ) -> None:
        logs = [log, other] * 4
        results = await asyncio.gather(
            *(names.open(part, run=f"r{n}", worker=f"w{n}") for n, part in enumerate(logs)),
            return_exceptions=True,
        )
        won = [r for r in results if isinstance(r, RunInfo)]
        assert len(won) == 1
        assert all(isinstance(r, RunBusyError) for r in results if r is not won[0])

    async def test_runs_beside_the_exclusive_one_are_allowed(self, log: StreamLog, names: _Names) -> None:
        await names.open(log)
        beside = await names.open(log, run="beside", exclusive=False)
        assert beside.running
        active = await log.active(names.owner, names.thread)
        assert active is not None
        assert active.id == names.run
        await log.close(names.run, names.worker, "done")
        assert await log.active(names.owner, names.thread) is None

    async def test_another_owners_thread_of_the_same_name_is_another_thread(
        self, log: StreamLog, names: _Names
    ) -> None:
        await names.open(log)
        other = await names.open(log, run="theirs", owner=names.owner + "'s neighbour", key="k")
        assert other.running
        assert await log.find(names.owner, names.thread, "k") is None

    async def test_opening_again_gives_the_same_run(self, log: StreamLog, names: _Names) -> None:
        first = await names.open(log, key="k")
        await log.append(names.run, names.worker, 1, [b"a"])
        again = await names.open(log, key="k")
        assert (again.id, again.last, again.key) == (first.id, 1, "k")

    async def test_a_key_names_one_run_of_its_thread(self, log: StreamLog, names: _Names) -> None:
        await names.open(log, key="k")
        await log.close(names.run, names.worker, "done")
        with pytest.raises(RunBusyError) as caught:
            await names.open(log, run="again", key="k")
        assert (caught.value.run.id, caught.value.run.state) == (names.run, "done")
        found = await log.find(names.owner, names.thread, "k")
        assert found is not None
        assert found.id == names.run
        assert await log.find(names.owner, names.thread + "x", "k") is None
        assert (await names.open(log, run="fresh", key="k2")).running

    async def test_info_tells_what_was_opened(self, log: StreamLog, names: _Names) -> None:
        await names.open(log, key="k")
        await log.append(names.run, names.worker, 1, [b"a", b"b"])
        info = await log.info(names.run)
        assert (info.id, info.owner, info.thread_id) == (names.run, names.owner, names.thread)
        assert (info.worker, info.key, info.exclusive, info.last) == (names.worker, "k", True, 2)
        assert info.running
        assert 0 < info.expires_in <= _LEASE

    async def test_stop_reaches_the_holder_from_anywhere(
        self, log: StreamLog, other: StreamLog, names: _Names
    ) -> None:
        await names.open(log)
        waiting = asyncio.ensure_future(log.wait_stops(names.worker, _WAIT))
        await asyncio.sleep(0)
        assert await other.request_stop(names.run) is True
        assert list(await asyncio.wait_for(waiting, _WAIT)) == [names.run]
        assert await other.request_stop(names.run) is True

    async def test_a_stop_asked_for_before_anyone_waits_is_reported(
        self, log: StreamLog, names: _Names
    ) -> None:
        await names.open(log)
        await log.request_stop(names.run)
        assert names.run in await log.wait_stops(names.worker, _WAIT)

    async def test_stops_of_other_workers_are_not_reported(self, log: StreamLog, names: _Names) -> None:
        await names.open(log)
        await log.request_stop(names.run)
        assert list(await log.wait_stops(names.id("another"), 0.01)) == []

    async def test_a_closed_run_cannot_be_stopped(self, log: StreamLog, names: _Names) -> None:
        await names.open(log)
        await log.close(names.run, names.worker, "done")
        assert await log.request_stop(names.run) is False
        assert list(await log.wait_stops(names.worker, 0.01)) == []

    async def test_renewing_extends_the_lease_and_moves_the_beat(self, log: StreamLog, names: _Names) -> None:
        first = await names.open(log, lease=0.0)
        assert (await log.info(names.run)).expires_in <= 0
        assert list(await log.renew(names.worker, _LEASE)) == [names.run]
        info = await log.info(names.run)
        assert info.expires_in > _LEASE / 2
        assert info.beat > first.beat
        assert list(await log.renew(names.id("another"), _LEASE)) == []
        await log.close(names.run, names.worker, "done")
        assert list(await log.renew(names.worker, _LEASE)) == []

    async def test_only_an_expired_run_can_be_taken_over(self, log: StreamLog, names: _Names) -> None:
        info = await names.open(log)
        assert await log.take_over(names.run, "heir", lease=_LEASE, beat=info.beat) is False
        assert (await log.info(names.run)).worker == names.worker

    async def test_of_many_heirs_exactly_one_takes_an_expired_run_over(
        self, log: StreamLog, other: StreamLog, names: _Names
    ) -> None:
        info = await names.open(log, lease=0.0)
        await log.append(names.run, names.worker, 1, [b"a"])
        took = await asyncio.gather(
            *(
                part.take_over(names.run, f"heir{n}", lease=_LEASE, beat=info.beat)
                for n, part in enumerate([log, other] * 3)
            )
        )
        assert took.count(True) == 1
        heir = f"heir{took.index(True)}"
        with pytest.raises(RunLostError):
            await log.append(names.run, names.worker, 2, [b"late"])
        assert list(await log.renew(names.worker, _LEASE)) == []
        await other.append(names.run, heir, 2, [b"b"])
        await other.close(names.run, heir, "interrupted")
        chunk = await log.read(names.run, 0)
        assert ([f.data for f in chunk.frames], chunk.state) == ([b"a", b"b"], "interrupted")

    async def test_a_run_whose_beat_moved_is_not_taken_over(self, log: StreamLog, names: _Names) -> None:
        info = await names.open(log, lease=0.0)
        await log.renew(names.worker, 0.0)
        assert await log.take_over(names.run, "heir", lease=_LEASE, beat=info.beat) is False

    async def test_an_expired_run_still_blocks_its_thread_until_it_is_closed(
        self, log: StreamLog, names: _Names
    ) -> None:
        await names.open(log, lease=0.0)
        with pytest.raises(RunBusyError) as caught:
            await names.open(log, run="second")
        assert caught.value.run.expires_in <= 0

    async def test_packed_runs_give_the_same_frames_under_the_same_numbers(
        self, log: StreamLog, other: StreamLog, names: _Names
    ) -> None:
        await names.open(log)
        data = [b'{"n":%d}' % n for n in range(1, 300)] + [b"", b"\x00\xff", b"x" * 70_000]
        await log.append(names.run, names.worker, 1, data)
        await names.open(log, run="under way", exclusive=False)
        await log.append(names.id("under way"), names.worker, 1, [b"a", b"b"])
        await log.close(names.run, names.worker, "done")
        await log.compact(after=0.0, until=60.0)
        await other.compact(after=0.0, until=60.0)
        for reader in (log, other):
            whole = await reader.read(names.run, 0, limit=1000)
            assert [tuple(f) for f in whole.frames] == list(enumerate(data, 1))
            assert (whole.state, whole.last) == ("done", len(data))
            assert [f.n for f in (await reader.read(names.run, 150, limit=3)).frames] == [151, 152, 153]
            assert list((await reader.read(names.run, len(data))).frames) == []
            assert (await reader.info(names.run)).last == len(data)
        assert [f.data for f in (await other.read(names.id("under way"), 0)).frames] == [b"a", b"b"]
        await log.trim(frames_after=0.0, records_after=60.0)
        assert list((await other.read(names.run, 0)).frames) == []

    async def test_trimming_drops_old_frames_and_then_the_record(self, log: StreamLog, names: _Names) -> None:
        await names.open(log, key="k")
        await log.append(names.run, names.worker, 1, [b"a", b"b"])
        await log.trim(frames_after=0, records_after=0)
        assert (await log.read(names.run, 0)).last == 2
        await log.close(names.run, names.worker, "done")
        await log.trim(frames_after=3600, records_after=3600)
        assert len((await log.read(names.run, 0)).frames) == 2
        await log.trim(frames_after=0, records_after=3600)
        chunk = await log.read(names.run, 0)
        assert (list(chunk.frames), chunk.state, chunk.last) == ([], "done", 2)
        assert await log.find(names.owner, names.thread, "k") is not None
        await log.trim(frames_after=0, records_after=0)
        with pytest.raises(RunNotFoundError):
            await log.info(names.run)
        assert await log.find(names.owner, names.thread, "k") is None

    async def test_forgetting_a_thread_erases_its_runs_and_no_others(
        self, log: StreamLog, names: _Names
    ) -> None:
        await names.open(log)
        await names.open(log, run="beside", exclusive=False)
        await names.open(log, run="elsewhere", thread_id=names.thread + "x")
        assert await log.forget(names.owner, names.thread) == 2
        with pytest.raises(RunNotFoundError):
            await log.read(names.run, 0)
        assert await log.active(names.owner, names.thread) is None
        assert (await log.info(names.id("elsewhere"))).running
        assert await log.forget(names.owner) == 1

    async def test_the_log_can_be_asked_whether_it_works(self, log: StreamLog) -> None:
        await log.ping()


class _Names:
    """Names that no other test uses."""

    def __init__(self, serial: int) -> None:
        self._tag = f"{serial}_{id(self):x}"
        self.run = self.id("first")
        self.owner = f"owner {self._tag}"
        self.thread = f"thr_{self._tag}"
        self.worker = f"worker_{self._tag}"

    def id(self, run: str) -> str:
        return f"run_{run}_{self._tag}"

    async def open(self, log: StreamLog, *, run: str = "first", **given: Any) -> RunInfo:
        options: dict[str, Any] = {
            "owner": self.owner,
            "thread_id": self.thread,
            "worker": self.worker,
            "lease": _LEASE,
        }
        return await log.open(self.id(run), **{**options, **given})
