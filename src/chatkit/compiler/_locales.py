"""How locales write dates and numbers: facts from `_locales.json`, which `scripts/locales.mjs` writes."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ._jsvalue import UNDEFINED, text
from ._throw import Thrown

DEFAULT = "en-US"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_YEAR, _LAST_YEAR = 1970, 2050


@cache
def _facts() -> dict[str, dict[str, Any]]:
    return json.loads((Path(__file__).parent / "_locales.json").read_text("utf-8"))


def locale_names() -> list[str]:
    """The locales that are known."""
    return list(_facts())


def locale_facts(locale: Any) -> dict[str, Any]:
    """What is known of a locale; `undefined`, `[]` and nothing mean en-US, a language alone its first country.

    Raises Thrown for a locale that is not known.
    """
    if isinstance(locale, list):
        listed = cast("list[Any]", locale)
        locale = listed[0] if listed else UNDEFINED
    if locale is UNDEFINED or locale is None:
        return _facts()[DEFAULT]
    wanted = text(locale).lower()
    for name, facts in _facts().items():
        if name.lower() == wanted or ("-" not in wanted and name.lower().startswith(f"{wanted}-")):
            return facts
    raise Thrown(
        f"How {text(locale)!r} writes dates and numbers is not known here.",
        f"Known: {', '.join(locale_names())}. Or put the finished text into the data.",
    )


@cache
def patterns(locale: str, kind: str) -> dict[str, str]:
    """The patterns of `dates` or `times` by their keys."""
    table: dict[str, str] = _facts()[locale][kind]
    return {key: pattern for pattern, keys in table.items() for key in keys.split(" ")}


def name_of(facts: dict[str, Any]) -> str:
    """The name of a locale's facts."""
    return next(name for name, known in _facts().items() if known is facts)


@lru_cache(maxsize=64)
def zone_offsets(name: str) -> tuple[tuple[int, int], ...]:
    """When a time zone's distance from UTC changes: seconds since 1970, and seconds to add from then on.

    Covers 1970 to 2050; before and after, the first and last distance hold. Raises Thrown for an unknown zone.
    """
    try:
        zone = ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Thrown(f"There is no time zone {name!r}.", 'For example "Europe/Berlin" or "UTC".') from error
    at = datetime(_FIRST_YEAR, 1, 1, tzinfo=UTC)
    out = [(-(2**40), _offset(zone, at))]
    while at.year < _LAST_YEAR:
        after = at + timedelta(days=20)
        if _offset(zone, after) != _offset(zone, at):
            low, high = at, after
            while high - low > timedelta(seconds=1):
                middle = low + max((high - low) // 2 // timedelta(seconds=1), 1) * timedelta(seconds=1)
                low, high = (middle, high) if _offset(zone, middle) == _offset(zone, at) else (low, middle)
            out.append(((high - _EPOCH) // timedelta(seconds=1), _offset(zone, high)))
        at = after
    return tuple(out)


def _offset(zone: ZoneInfo, at: datetime) -> int:
    return int(cast("timedelta", at.astimezone(zone).utcoffset()).total_seconds())


def offset_at(name: str, seconds: float) -> int:
    """Seconds to add to UTC in a time zone at a moment."""
    found = 0
    for start, offset in zone_offsets(name):
        if start <= seconds:
            found = offset
    return found
