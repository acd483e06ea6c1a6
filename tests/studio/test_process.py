"""The process that draws widgets is ended when one takes too long; the folder is watched."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chatkit.studio import StudioError
from chatkit.studio._folder import Folder
from chatkit.studio._watch import changes
from chatkit.studio._worker import Worker

pytestmark = pytest.mark.slow  # processes are started


def forever() -> None:
    while True:
        pass


def crash() -> None:
    os._exit(3)


def fail() -> None:
    raise ValueError("a fault of the widget")


def pid() -> int:
    return os.getpid()


@pytest.fixture
async def worker() -> AsyncIterator[Worker]:
    made = Worker(seconds=10.0)
    await made.warm()
    yield made
    made.close()


async def test_work_is_done_in_another_process_that_stays(worker: Worker) -> None:
    first = await worker.run(pid)
    assert first != os.getpid()
    assert await worker.run(pid) == first


async def test_what_takes_too_long_is_ended_and_the_next_gets_a_fresh_process(worker: Worker) -> None:
    before = await worker.run(pid)
    worker.seconds = 0.2
    started = time.monotonic()
    with pytest.raises(StudioError) as slow:
        await worker.run(forever)
    assert slow.value.code == "studio.too_slow"
    assert time.monotonic() - started < 5
    with pytest.raises(ProcessLookupError):
        os.kill(before, 0)
    worker.seconds = 10.0
    assert await worker.run(pid) != before


async def test_a_process_that_dies_is_told_and_replaced(worker: Worker) -> None:
    with pytest.raises(StudioError) as crashed:
        await worker.run(crash)
    assert crashed.value.code == "studio.crashed"
    assert await worker.run(pid) > 0


async def test_a_fault_comes_back_as_an_answer(worker: Worker) -> None:
    with pytest.raises(StudioError, match="a fault of the widget"):
        await worker.run(fail)


async def test_a_template_that_loops_for_long_is_told_so_and_the_process_stays(worker: Worker) -> None:
    from chatkit.studio import _preview

    template = (
        '{"type":"Card","children":[{% for a in range(9999) %}{% for b in range(9999) %}'
        "{% endfor %}{% endfor %}]}"
    )
    definition = {"version": "1.0", "name": "x", "template": template, "jsonSchema": {}}
    before = await worker.run(pid)
    [step] = await worker.run(_preview.stream, definition, [{}])
    assert "go round more than" in step["error"]
    assert await worker.run(pid) == before


async def test_changes_of_the_folder_are_told_with_their_revision(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    events = changes(folder)
    assert await anext(events) == ": watching\n\n"
    told = asyncio.ensure_future(_next_change(events))

    async def write_until_told() -> None:
        # The watcher starts at some moment after it was asked to; what is written before that is not seen.
        count = 0
        while not told.done():
            count += 1
            (tmp_path / "a.widget").write_text(f"{count}")
            (tmp_path / "other.txt").write_text(f"{count}")
            await asyncio.wait({told}, timeout=0.5)

    await asyncio.wait_for(write_until_told(), 30)
    change = told.result()
    assert change["path"] == "a.widget"
    assert isinstance(change["revision"], str)


async def test_a_file_that_is_removed_and_written_anew_is_there(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    place = tmp_path / "a.widget"
    events = changes(folder)
    assert await anext(events) == ": watching\n\n"
    told = asyncio.ensure_future(_change_with_a_revision(events))

    async def write_anew_until_told() -> None:
        count = 0
        while not told.done():
            count += 1
            place.unlink(missing_ok=True)
            place.write_text(f"{count}")
            await asyncio.wait({told}, timeout=0.5)

    await asyncio.wait_for(write_anew_until_told(), 30)
    assert told.result()["path"] == "a.widget"


async def _change_with_a_revision(events: AsyncIterator[str]) -> dict[str, object]:
    while True:
        change = await _next_change(events)
        if change["revision"] is not None:
            return change


async def _next_change(events: AsyncIterator[str]) -> dict[str, object]:
    async for event in events:
        if event.startswith("data: "):
            return json.loads(event.removeprefix("data: "))
    raise AssertionError("the watcher ended")
