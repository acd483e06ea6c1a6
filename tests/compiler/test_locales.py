"""Dates and numbers as locales write them: in Node, in the evaluator and in the template."""

from __future__ import annotations

import itertools
import json
import random
import subprocess
from typing import Any

import pytest
from jinja2 import Environment, StrictUndefined
from tests.compiler.node_oracle import NODE

from chatkit.compiler import compile_widget
from chatkit.compiler._locales import locale_names

_PLAIN = Environment(undefined=StrictUndefined)


MOMENTS = ["2026-11-22T09:30:05Z", "2003-02-04T17:06:07Z", "2024-02-29T00:00:00Z", "1999-12-31T23:59:59Z", "2026-03-29T00:59:59Z", "2026-03-29T01:00:00Z"]  # fmt: skip
DATES: list[dict[str, str]] = [
    {},
    {"dateStyle": "full"},
    {"dateStyle": "long"},
    {"dateStyle": "medium"},
    {"dateStyle": "short"},
    {"dateStyle": "medium", "timeStyle": "short"},
    {"dateStyle": "full", "timeStyle": "medium"},
    {"timeStyle": "short"},
    {"month": "short", "day": "numeric"},
    {"month": "long", "day": "numeric", "year": "numeric"},
    {"weekday": "long", "month": "long", "day": "numeric"},
    {"weekday": "short", "day": "2-digit", "month": "short"},
    {"weekday": "long"},
    {"month": "long"},
    {"month": "short", "year": "numeric"},
    {"day": "2-digit", "month": "2-digit", "year": "numeric"},
    {"day": "numeric", "month": "numeric"},
    {"year": "2-digit", "month": "numeric", "day": "numeric"},
    {"hour": "2-digit", "minute": "2-digit"},
    {"hour": "numeric", "minute": "2-digit", "second": "2-digit"},
    {"month": "short", "day": "numeric", "hour": "numeric", "minute": "2-digit"},
    {"year": "numeric", "month": "long", "day": "numeric", "hour": "2-digit", "minute": "2-digit"},
    {"year": "numeric", "month": "2-digit", "day": "2-digit", "hour": "2-digit", "minute": "2-digit"},
]
ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Sydney"]
NUMBERS: list[dict[str, Any]] = [
    {},
    {"minimumFractionDigits": 2},
    {"maximumFractionDigits": 0},
    {"style": "percent"},
    {"style": "percent", "maximumFractionDigits": 1},
    {"useGrouping": False},
    *({"style": "currency", "currency": code} for code in ("USD", "EUR", "JPY", "CHF", "SEK")),
    {"style": "currency", "currency": "GBP", "maximumFractionDigits": 0},
]
VALUES = [0, 5, -5, 0.256, 1234, 12345, 1234567.891, -98765.4, 0.005, 999999.999]


def _ask_node(script: str, cases: list[Any]) -> list[str]:
    if NODE is None:
        pytest.skip("Node is not here to compare with")
    head = (
        "const c=JSON.parse(require('fs').readFileSync(0,'utf8'));process.stdout.write(JSON.stringify(c.map("
    )
    done = subprocess.run(
        [NODE, "-e", f"{head}{script})))"],
        input=json.dumps(cases),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def _ours(expression: str, data: dict[str, Any]) -> tuple[Any, Any]:
    """The value of an expression in the evaluator and in the template on plain Jinja."""
    result = compile_widget(f"<Card v={{{expression}}} />", None, data=data, check=False)
    assert result.template is not None, [found.message for found in result.diagnostics]
    return result.preview["v"], json.loads(_PLAIN.from_string(result.template).render(**data))["v"]


@pytest.mark.slow
@pytest.mark.parametrize("locale", locale_names())
def test_dates_are_written_as_node_writes_them(locale: str) -> None:
    chance = random.Random(locale)
    cases = [
        (locale, {**options, "timeZone": chance.choice(ZONES)}, chance.choice(MOMENTS)) for options in DATES
    ]
    wanted = _ask_node("([l,o,d])=>new Date(d).toLocaleString(l,o).replace(/\\u202f(?=[AP]M)/g,' ')", cases)
    for (_, options, moment), text in zip(cases, wanted, strict=True):
        found = _ours(
            f"new Date(d).toLocaleString({json.dumps(locale)}, {json.dumps(options)})", {"d": moment}
        )
        assert found == (text, text), (options, moment)


@pytest.mark.slow
@pytest.mark.parametrize("locale", locale_names())
def test_numbers_are_written_as_node_writes_them(locale: str) -> None:
    cases = [(locale, options, value) for options, value in itertools.product(NUMBERS, VALUES)]
    wanted = _ask_node("([l,o,n])=>n.toLocaleString(l,o)", cases)
    listed = ", ".join(
        f"n.toLocaleString({json.dumps(locale)}, {json.dumps(options)})" for options in NUMBERS
    )
    for value in VALUES:
        texts = [text for (_, _, one), text in zip(cases, wanted, strict=True) if one == value]
        assert _ours(f"[{listed}]", {"n": value}) == (texts, texts), value


@pytest.mark.parametrize(
    "expression",
    [
        "new Date(d).toLocaleDateString()",
        "new Date(d).toLocaleDateString([])",
        "new Date(d).toLocaleDateString('en')",
        "new Date(d).toLocaleDateString(['en-US', 'de-DE'])",
        "new Date(d).toLocaleDateString(undefined, {})",
        "new Intl.DateTimeFormat('en-US').format(new Date(d))",
    ],
)
def test_without_a_locale_dates_are_american(expression: str) -> None:
    assert _ours(expression, {"d": "2026-11-22"}) == ("11/22/2026", "11/22/2026")


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("new Date(d).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })", "09:30 AM"),
        ("new Date(d).toLocaleTimeString('de')", "09:30:05"),
        ("new Date(d).toLocaleTimeString('en-US', { hour12: false, timeStyle: 'short' })", "09:30"),
        ("new Date(d).toLocaleTimeString('en-GB', { hour: 'numeric', hour12: true })", "9 am"),
        ("new Date(d).toLocaleTimeString('en-US', { hourCycle: 'h23', hour: '2-digit', minute: '2-digit' })", "09:30"),
        ("new Intl.DateTimeFormat('de-DE', { dateStyle: 'long', timeZone: 'Asia/Tokyo' }).format(new Date(d))", "22. November 2026"),
        ("new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' }).format(new Date(d))", "09:30"),
        ("new Intl.NumberFormat('de-DE', { style: 'currency', currency: 'EUR' }).format(n)", "1.234,50\u00a0€"),
        ("n.toLocaleString('en-IN') + (12345678).toLocaleString('en-IN')", "1,234.51,23,45,678"),
        ("new Date('x').toLocaleString('de-DE')", "Invalid Date"),
    ],
)  # fmt: skip
def test_the_usual_ways_of_writing(expression: str, text: str) -> None:
    assert _ours(expression, {"d": "2026-11-22T09:30:05Z", "n": 1234.5}) == (text, text)


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("new Date(d).toLocaleDateString('tlh')", "tlh"),
        ("n.toLocaleString('xx-XX')", "xx-XX"),
        ("new Date(d).toLocaleString('en-US', { timeZone: 'Mars/Olympus' })", "Mars/Olympus"),
        ("new Date(d).toLocaleString('en-US', { timeZone: '../../etc/passwd' })", "time zone"),
        ("new Date(d).toLocaleString('en-US', { era: 'long' })", "era"),
        ("new Date(d).toLocaleString('en-US', { month: 'narrow' })", "month takes"),
        ("new Date(d).toLocaleString('en-US', { dateStyle: 'full', month: 'long' })", "alone"),
        ("n.toLocaleString('en-US', { notation: 'compact' })", "notation"),
        ("n.toLocaleString('en-US', { style: 'currency', currency: 'XXX' })", "XXX"),
        ("new Date(d).toLocaleString(locale)", "written out"),
        ("new Intl.RelativeTimeFormat('en').format(1, 'day')", "Intl.DateTimeFormat"),
    ],
)
def test_what_is_not_known_is_told_at_its_place(expression: str, words: str) -> None:
    result = compile_widget(
        f"<Card v={{{expression}}} />", None, data={"d": "2026-11-22", "n": 1}, check=False
    )
    assert result.template is None
    errors = [found for found in result.diagnostics if found.severity == "error"]
    assert len(errors) == 1
    assert errors[0].column >= 10
    assert words in f"{errors[0].message} {errors[0].hint}"
