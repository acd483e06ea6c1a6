"""The API reference is what the docstrings say, and every public name and fault is accounted for."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"

FAULTS = {
    **dict.fromkeys(
        [
            "D03",
            "D04",
            "D05",
            "D06",
            "D07",
            "D08",
            "D11",
            "D12",
            "D14",
            "D30",
            "D32",
            "D35",
            "D37",
            "D38",
            "D39",
            "D40",
            "D42",
            "D45",
        ],
        "bug",
    ),
    **dict.fromkeys(
        [
            "D50",
            "D51",
            "D52",
            "D53",
            "D54",
            "D55",
            "D56",
            "D57",
            "D58",
            "D59",
            "D70",
            "D71",
            "D73",
            "D74",
            "D61",
            "D62",
            "D63",
        ],
        "bug",
    ),
    **dict.fromkeys(["D01", "D02", "D33", "D34", "D36", "D80"], "security"),
}


@pytest.mark.slow
def test_the_reference_is_current() -> None:
    command = [sys.executable, str(ROOT / "scripts" / "reference.py"), "--check"]
    ran = subprocess.run(command, check=False, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout


@pytest.mark.parametrize("page", sorted(path.stem for path in REFERENCE.glob("chatkit.*.md")))
def test_every_public_name_has_its_entry(page: str) -> None:
    module = importlib.import_module(page)
    text = REFERENCE.joinpath(f"{page}.md").read_text()
    entries = set(re.findall(r"^## (\w+)$", text, re.MULTILINE))
    assert set(module.__all__) <= entries


def test_every_bug_and_security_fault_of_the_original_has_a_test() -> None:
    marked: set[str] = set()
    for path in ROOT.joinpath("tests").rglob("test_*.py"):
        marked.update(re.findall(r'behaviour\(\s*"(D\d\d)"', path.read_text()))
    assert sorted(set(FAULTS) - marked) == []
