"""Real exports to test against, where they are at hand; our own fixtures hold the same rules everywhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

_SHARED = Path(__file__).resolve().parents[3] / "shared" / "corpus"
PAIRS: list[dict[str, Any]] = (
    [json.loads(line) for line in (_SHARED / "pairs.jsonl").read_text("utf-8").splitlines()]
    if (_SHARED / "pairs.jsonl").exists()
    else []
)
FILES = sorted((_SHARED / "widgets").glob("*.widget")) if (_SHARED / "widgets").exists() else []
needs_corpus = pytest.mark.skipif(not PAIRS, reason="the corpus of real exports is not here")


def pairs(flag: str) -> list[Any]:
    """The pairs with a flag set, as parameters named by their file."""
    return [pytest.param(pair, id=pair["file"]) for pair in PAIRS if pair.get(flag)] or [
        pytest.param({}, id="none", marks=pytest.mark.skip(reason="the corpus of real exports is not here"))
    ]
