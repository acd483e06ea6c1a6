"""Every rule of spec/PROTOCOL.md has a test, and every rule that a test names is in it."""

from __future__ import annotations

import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RULE = re.compile(r"^[RETSWAF]\d{1,2}$")


def _rules_of_document() -> list[str]:
    return re.findall(r"^- \*\*([A-Z]\d+)\*\*", (ROOT / "spec/PROTOCOL.md").read_text(), re.MULTILINE)


def _rules_of_tests() -> set[str]:
    named: set[str] = set()
    for path in (ROOT / "tests").rglob("test_*.py"):
        for marks in re.findall(r"mark\.behaviour\(([^)]*)\)", path.read_text()):
            named |= set(re.findall(r"[\"']([^\"']+)[\"']", marks))
    return {name for name in named if RULE.match(name)}


def test_no_rule_is_numbered_twice() -> None:
    rules = _rules_of_document()
    assert len(rules) == len(set(rules))


def test_every_rule_has_a_test() -> None:
    assert set(_rules_of_document()) - _rules_of_tests() == set()


def test_every_rule_that_a_test_names_is_written_down() -> None:
    assert _rules_of_tests() - set(_rules_of_document()) == set()


def test_fixtures_name_rules_that_are_written_down() -> None:
    for path in sorted((ROOT / "spec/fixtures/turns").glob("*.jsonl")):
        first = json.loads(path.read_text().partition("\n")[0])
        assert set(first["rules"]) <= set(_rules_of_document()), path.name


def test_every_promise_of_the_docs_has_its_test() -> None:
    promised = re.findall(r"\| `(test_[a-z0-9_]+)` \|", (ROOT / "docs/runs.md").read_text())
    written = {
        name
        for folder in ("promises", "engine")
        for path in (ROOT / "tests" / folder).glob("test_*.py")
        for name in re.findall(r"async def (test_[a-z0-9_]+)", path.read_text())
    }
    assert len(promised) >= 20
    assert set(promised) - written == set()
