"""The same scenarios on ours and on openai-chatkit, in two interpreters; equal but for the table of differences."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from differences import DIFFERENCES, page
from scenarios import SCENARIOS

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PEER = ROOT / ".cache" / "peer" / "bin" / "python"

pytestmark = pytest.mark.slow


def results(python: str) -> dict[str, Any]:
    asked = json.dumps(SCENARIOS)
    command = [python, str(HERE / "runner.py")]
    ran = subprocess.run(command, input=asked, capture_output=True, text=True, timeout=180, check=False)
    assert ran.returncode == 0, ran.stderr[-2000:]
    return without_times(json.loads(ran.stdout))


def without_times(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: "TIME" if name in ("created_at", "updated_at", "duration") else without_times(each)
            for name, each in value.items()
        }
    return [without_times(each) for each in value] if isinstance(value, list) else value


@pytest.fixture(scope="module")
def both() -> tuple[dict[str, Any], dict[str, Any]]:
    if not PEER.exists():
        pytest.skip("openai-chatkit is not installed in .cache/peer: run `make .cache/peer/.ready`")
    return results(sys.executable), results(str(PEER))


@pytest.mark.parametrize("scenario", [s for s in SCENARIOS if not s.get("differs")], ids=lambda s: s["name"])
def test_ours_answers_as_the_original_does(scenario: dict[str, Any], both: tuple[Any, Any]) -> None:
    ours, theirs = both
    assert ours[scenario["name"]] == theirs[scenario["name"]]


@pytest.mark.parametrize("scenario", [s for s in SCENARIOS if s.get("differs")], ids=lambda s: s["name"])
def test_what_the_table_says_differs_does(scenario: dict[str, Any], both: tuple[Any, Any]) -> None:
    ours, theirs = both
    assert ours[scenario["name"]] != theirs[scenario["name"]]


def test_each_row_of_the_table_has_a_scenario_and_each_difference_a_row() -> None:
    named = {row for scenario in SCENARIOS for row in scenario.get("differs", ())}
    assert named == set(DIFFERENCES)


def test_the_page_of_differences_is_the_table() -> None:
    shown = ROOT / "docs" / "differences.md"
    assert shown.read_text() == page(), "run: python tests/conformance/write_page.py"


def test_names_of_scenarios_are_unique() -> None:
    assert len({scenario["name"] for scenario in SCENARIOS}) == len(SCENARIOS)
