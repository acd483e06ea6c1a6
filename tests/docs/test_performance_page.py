"""The page of figures has every row of the benchmark, and says what the code holds to."""

from __future__ import annotations

import re
import runpy
import sys
from pathlib import Path

import pytest

from chatkit.widgets import _bounds, _check

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "performance.md").read_text("utf-8")


def test_every_row_of_the_benchmark_is_on_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(ROOT / "bench"), *sys.path])
    rows = runpy.run_path(str(ROOT / "bench" / "run.py"), run_name="bench")["GOALS"]
    shown = re.findall(r"^\| ([^|]+) \| [\d.,]+ (?:µs|ms|KiB) \|", PAGE, re.MULTILINE)
    assert [row for row in rows if row not in shown] == []
    assert [row for row in shown if row not in rows and not row.startswith(("over HTTP, ", "import "))] == []


def test_the_bounds_on_the_page_are_those_of_the_code() -> None:
    for bound in (_check.MAX_NODES, _bounds.MAX_TEXT, _bounds.MAX_TURNS, _bounds.MOST_WRITTEN):
        assert f" {bound:,} " in PAGE
    assert f" {_check.MAX_DEPTH} components" in PAGE
