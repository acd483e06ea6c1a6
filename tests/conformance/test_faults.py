"""Every known fault is answered on the page of differences, and has tests that carry its number."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from differences import DIFFERENCES, page
from faults import FAULTS

ROOT = Path(__file__).parents[2]
KNOWN = [
    *(f"D{n:02}" for n in (*range(1, 16), *range(30, 46), *range(50, 60), *range(61, 64), 66, 67)),
    *(f"D{n}" for n in (*range(70, 75), 80, *range(84, 88))),
]
ELSEWHERE = ROOT.parent / "shared" / "reference" / "faults.md"


def _marked() -> set[str]:
    """The numbers that tests of both languages carry."""
    python = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    scripts = [
        path.read_text() for kind in ("ts", "tsx") for path in (ROOT / "web" / "src").rglob(f"*.test.{kind}")
    ]
    marks = " ".join(re.findall(r"behaviour\(([^)]*)\)", python))
    return set(re.findall(r"D\d\d", marks)) | set(re.findall(r"\bD\d\d\b", "\n".join(scripts)))


@pytest.mark.parametrize("fault", KNOWN)
def test_a_fault_is_answered_once(fault: str) -> None:
    assert (fault in FAULTS) != (fault in DIFFERENCES)


@pytest.mark.parametrize("fault", KNOWN)
def test_a_fault_has_a_test_of_its_own(fault: str) -> None:
    assert fault in _marked()


def test_nothing_unknown_is_answered() -> None:
    assert set(FAULTS) | {name for name in DIFFERENCES if name.startswith("D")} == set(KNOWN)


def test_the_known_faults_are_all_there_are() -> None:
    if not ELSEWHERE.exists():
        pytest.skip("the list of faults is not beside this checkout")
    assert set(re.findall(r"^\* (D\d\d) ", ELSEWHERE.read_text(), re.MULTILINE)) == set(KNOWN)


def test_the_page_of_differences_is_current() -> None:
    shown = (ROOT / "docs" / "differences.md").read_text()
    assert shown == page(), "run: python tests/conformance/write_page.py"
