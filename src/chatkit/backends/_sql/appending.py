"""Appends of many runs in one transaction: which of them may be written."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from chatkit.streams import RunLostError

__all__ = ["Append", "Decided", "decide"]


@dataclass(slots=True)
class Append:
    """Frames that a run's holder wants to have written, and who waits for it."""

    run_id: str
    worker: str
    first: int
    frames: Sequence[bytes]
    done: asyncio.Future[int]


class Decided(NamedTuple):
    """What a batch comes to."""

    results: list[int | Exception]
    """For each append how many of its frames were there already, or why it is refused."""
    rows: list[tuple[str, int, bytes]]
    """The frames to write."""
    last: list[tuple[int, str]]
    """The last frame of each run that moves."""


def decide(held: Iterable[tuple[str, str, str, int]], batch: Sequence[Append]) -> Decided:
    """See which appends may be written.

    :param held: id, worker, state and last frame of each run that the batch is about.
    """
    known = {run_id: (worker, state, last) for run_id, worker, state, last in held}
    last = {run_id: row[2] for run_id, row in known.items()}
    results: list[int | Exception] = []
    rows: list[tuple[str, int, bytes]] = []
    moved: dict[str, None] = {}
    for append in batch:
        have = last.get(append.run_id, 0)
        if known.get(append.run_id, ("", "", 0))[:2] != (append.worker, "running"):
            results.append(RunLostError(append.run_id))
        elif not 1 <= append.first <= have + 1:
            results.append(_gap(append, have))
        else:
            there = have + 1 - append.first
            fresh = append.frames[there:]
            rows += [(append.run_id, have + n, data) for n, data in enumerate(fresh, 1)]
            last[append.run_id] = have + len(fresh)
            if fresh:
                moved[append.run_id] = None
            results.append(there)
    return Decided(results, rows, [(last[run_id], run_id) for run_id in sorted(moved)])


def _gap(append: Append, last: int) -> ValueError:
    return ValueError(
        f"Frame {append.first} of run {append.run_id} would leave a gap: the last one is {last}."
    )
