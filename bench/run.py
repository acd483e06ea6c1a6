"""Ours against openai-chatkit 1.6.5: ratios, side by side in one run on the same work.

Each case runs in two (for requests: three) processes turn by turn, and the median of the paired ratios is shown.
CPU time is what counts. `python bench/run.py [--rounds N] [--only WORDS]`
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Final

from http_case import http_rows

ROOT: Final = Path(__file__).parents[1]
PEER: Final = ROOT / ".cache" / "peer" / "bin" / "python"
WORKER: Final = str(Path(__file__).with_name("worker.py"))

GOALS: Final = {
    "text deltas, ready-made events": 4.5,
    "text deltas, built by the app": 2.2,
    "widget per token, 9 nodes": 15,
    "widget per token, 200 nodes static": 80,
    "widget per token, 200 nodes in a loop": 35,
    "template build, small": 20,
    "template build, list of 200 rows": 40,
    "build + item + event as bytes, small": 10,
    "build + item + event as bytes, list of 200 rows": 28,
    "a page of 20 stored items, JSON store": 10,
    "a page of 1,000 stored items, JSON store": 3,
    "Agents SDK text, conversion to bytes": 6,
    "items.list of 20 items in memory": 25,
    "threads.update": 25,
    "first event of a stream": 25,
}
REQUESTS: Final = {
    "a page of 20 stored items, JSON store",
    "a page of 1,000 stored items, JSON store",
    "items.list of 20 items in memory",
    "threads.update",
    "first event of a stream",
}


class Side:
    """A worker process."""

    def __init__(self, python: str, *args: str) -> None:
        self._process = subprocess.Popen(
            [python, WORKER, *args],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT / "bench",
        )

    def measure(self, name: str) -> float:
        """CPU microseconds per unit."""
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("the worker has no pipes")
        print(name, file=self._process.stdin, flush=True)
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the worker ended in the case {name!r}")
        return float(json.loads(line)["us"])

    def close(self) -> None:
        """End the worker."""
        self._process.communicate()


def compare(name: str, ours: Side, theirs: Side, rounds: int) -> tuple[float, float, float]:
    """Median microseconds of both, and the median of the paired ratios."""
    pairs: list[tuple[float, float]] = []
    for number in range(rounds):
        order = (ours, theirs) if number % 2 else (theirs, ours)
        found = {side: side.measure(name) for side in order}
        pairs.append((found[ours], found[theirs]))
    medians = [statistics.median(values) for values in zip(*pairs, strict=True)]
    return medians[0], medians[1], statistics.median(theirs_us / ours_us for ours_us, theirs_us in pairs)


def imports(python: str, rounds: int) -> float:
    """CPU milliseconds of importing the server, less those of starting Python."""
    found: list[float] = []
    for _ in range(rounds):
        code = (
            "import time; a=time.process_time(); import chatkit.server; print((time.process_time()-a)*1000)"
        )
        ran = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
        found.append(float(ran.stdout))
    return statistics.median(found)


def show(name: str, ours: str, theirs: str, ratio: float, goal: float, cached: str = "") -> None:
    reached = f"{'✓' if ratio >= goal else '✗'} ≥{goal:<5g}" if goal else ""
    print(f"{name:55s} {ours:>12s} {theirs:>12s} {ratio:8.1f}× {reached} {cached}".rstrip(), flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="")
    args = parser.parse_args()
    if not PEER.exists():
        print("openai-chatkit is not installed in .cache/peer: run `make .cache/peer/.ready` first")
        return 2
    os.environ.setdefault("PYTHONHASHSEED", "0")
    print(
        f"{'median, CPU':55s} {'ours':>12s} {'theirs':>12s} {'ratio':>9s}   goal   theirs with cached adapters"
    )
    ours, theirs, cached = Side(sys.executable), Side(str(PEER)), Side(str(PEER), "--cached")
    for name, goal in GOALS.items():
        if args.only not in name:
            continue
        mine, other, ratio = compare(name, ours, theirs, args.rounds)
        note = ""
        if name in REQUESTS:
            note = f"{compare(name, ours, cached, args.rounds)[2]:.1f}×"
        show(name, f"{mine:.2f} µs", f"{other:.2f} µs", ratio, goal, note)
    for side in (ours, theirs, cached):
        side.close()
    if args.only in "import chatkit.server":
        mine, other = imports(sys.executable, args.rounds), imports(str(PEER), args.rounds)
        show("import chatkit.server", f"{mine:.0f} ms", f"{other:.0f} ms", other / mine, 5)
    if args.only in "over HTTP, process() and ChatKitApp":
        for row in http_rows(sys.executable, str(PEER)):
            show(*row)
    return 0


if __name__ == "__main__":
    sys.exit(main())
