"""Writes docs/differences.md from the table."""

from pathlib import Path

from differences import page

Path(__file__).parents[2].joinpath("docs", "differences.md").write_text(page())
