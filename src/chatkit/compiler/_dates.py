"""Dates in views: read from ISO text or milliseconds, and written in UTC, in English."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from ._jsvalue import UNDEFINED, Date, Value, iso_text, text, to_number
from ._throw import Thrown

_ISO = re.compile(
    r"(\d{4})-(\d{2})(?:-(\d{2}))?(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:\d{2})?)?$"
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LIMIT = 62_135_596_800_000
WEEKDAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
DATE_OPTIONS: dict[str, tuple[str, ...]] = {
    "weekday": ("long", "short"),
    "year": ("numeric", "2-digit"),
    "month": ("long", "short", "numeric", "2-digit"),
    "day": ("numeric", "2-digit"),
    "hour": ("numeric", "2-digit"),
    "minute": ("2-digit", "numeric"),
    "second": ("2-digit", "numeric"),
    "timeZone": ("UTC",),
}


def date_from(args: list[Value]) -> Date:
    """`new Date(value)`; a text without a time zone is taken as UTC."""
    value = args[0]
    if isinstance(value, Date):
        return value
    if isinstance(value, str):
        return Date(_parse(value))
    ms = to_number(value)
    return Date(ms if math.isfinite(ms) and abs(ms) <= _LIMIT else math.nan)


def _parse(value: str) -> float:
    match = _ISO.match(value.strip())
    if not match:
        return math.nan
    year, month, day, hour, minute, second = (int(part) if part else None for part in match.groups()[:6])
    try:
        moment = datetime(year or 0, month or 1, day or 1, hour or 0, minute or 0, second or 0, tzinfo=UTC)
    except ValueError:
        return math.nan
    moment += timedelta(milliseconds=int(((match[7] or "") + "000")[:3]))
    zone = match[8]
    if zone and zone != "Z":
        hours, minutes = int(zone[1:3]), int(zone[4:6])
        moment -= (1 if zone[0] == "+" else -1) * timedelta(hours=hours, minutes=minutes)
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def _moment(value: Date) -> datetime | None:
    return None if math.isnan(value.ms) else _EPOCH + timedelta(milliseconds=int(value.ms))


def _iso(value: Date) -> str:
    out = iso_text(value.ms)
    if out is None:
        raise Thrown(
            "This date is not valid.", 'Dates are read from text like "2026-11-22" or "2026-11-22T09:30:00Z".'
        )
    return out


def _field(pick: Callable[[datetime], float]) -> Callable[[Any, list[Value]], Value]:
    def get(value: Date, args: list[Value]) -> Value:
        del args
        moment = _moment(value)
        return math.nan if moment is None else pick(moment)

    return get


class DateStyle:
    """Which parts of a date to write, and how."""

    def __init__(self, locale: Any, options: Any, default: tuple[str, ...]) -> None:
        if locale is not UNDEFINED and locale not in ("en-US", "en"):
            raise Thrown(
                f"Dates can be written for en-US only, not for {text(locale)!r}.",
                'Use "en-US", or put the finished text into the data.',
            )
        given = dict(cast("dict[str, Any]", options)) if isinstance(options, dict) else {}
        self.hour12 = given.pop("hour12", True) is not False
        for key, value in given.items():
            if key not in DATE_OPTIONS or value not in DATE_OPTIONS[key]:
                raise Thrown(
                    f"The option {key}: {text(value)!r} is not supported.",
                    f"Supported: {', '.join(DATE_OPTIONS)}, hour12; time zone UTC.",
                )
        given.pop("timeZone", None)
        self.parts: dict[str, str] = given or dict.fromkeys(default, "numeric")


def write_date(moment: datetime, style: DateStyle) -> str:
    """A moment in English, the parts in the order en-US has."""
    date, time = _date_part(moment, style.parts), _time_part(moment, style)
    return ", ".join(part for part in (date, time) if part)


def _date_part(moment: datetime, parts: dict[str, str]) -> str:
    weekday = WEEKDAYS[(moment.weekday() + 1) % 7] if "weekday" in parts else ""
    weekday = weekday[:3] if parts.get("weekday") == "short" else weekday
    year = (
        f"{moment.year % 100:02d}"
        if parts.get("year") == "2-digit"
        else str(moment.year)
        if "year" in parts
        else ""
    )
    day = _padded(moment.day, parts.get("day"))
    month_style = parts.get("month")
    if month_style in ("long", "short"):
        name = MONTHS[moment.month - 1]
        name = name[:3] if month_style == "short" else name
        head = f"{name} {day}" if day else name
        body = (f"{head}, {year}" if day else f"{head} {year}") if year else head
        return f"{weekday}, {body}" if weekday else body
    body = "/".join(part for part in (_padded(moment.month, month_style), day, year) if part)
    if not weekday or not body:
        return weekday or body
    return f"{day} {weekday}" if body == day else f"{weekday}, {body}"


def _padded(value: int, style: str | None) -> str:
    return "" if style is None else f"{value:02d}" if style == "2-digit" else str(value)


def _time_part(moment: datetime, style: DateStyle) -> str:
    parts = style.parts
    if "hour" not in parts:
        return ":".join(
            f"{value:02d}"
            for key, value in (("minute", moment.minute), ("second", moment.second))
            if key in parts
        )
    hour = (moment.hour % 12 or 12) if style.hour12 else moment.hour
    padded = parts["hour"] == "2-digit" or not style.hour12
    fields = [f"{hour:02d}" if padded else str(hour)]
    fields += [
        f"{value:02d}"
        for key, value in (("minute", moment.minute), ("second", moment.second))
        if key in parts
    ]
    suffix = (" AM" if moment.hour < 12 else " PM") if style.hour12 else ""
    return ":".join(fields) + suffix


_DAY = ("month", "day", "year")
_CLOCK = ("hour", "minute", "second")


def _written(default: tuple[str, ...]) -> Callable[[Any, list[Value]], Value]:
    def write(value: Date, args: list[Value]) -> Value:
        style = DateStyle(args[0] if args else UNDEFINED, args[1] if len(args) > 1 else UNDEFINED, default)
        moment = _moment(value)
        return "Invalid Date" if moment is None else write_date(moment, style)

    return write


_FIELDS: dict[str, Callable[[datetime], float]] = {
    "FullYear": lambda moment: moment.year,
    "Month": lambda moment: moment.month - 1,
    "Date": lambda moment: moment.day,
    "Day": lambda moment: (moment.weekday() + 1) % 7,
    "Hours": lambda moment: moment.hour,
    "Minutes": lambda moment: moment.minute,
    "Seconds": lambda moment: moment.second,
}
DATE_METHODS: dict[str, Callable[[Any, list[Value]], Value]] = {
    **{f"get{name}": _field(pick) for name, pick in _FIELDS.items()},
    **{f"getUTC{name}": _field(pick) for name, pick in _FIELDS.items()},
    "getTime": lambda value, _: value.ms,
    "toISOString": lambda value, _: _iso(value),
    "toJSON": lambda value, _: iso_text(value.ms),
    "toLocaleDateString": _written(_DAY),
    "toLocaleTimeString": _written(_CLOCK),
    "toLocaleString": _written((*_DAY, *_CLOCK)),
}
