"""Dates in views: read from ISO text or milliseconds, and written as a locale does, in UTC or another time zone."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from ._jsvalue import UNDEFINED, Date, Value, iso_text, text, to_number
from ._locales import locale_facts, name_of, offset_at, patterns, zone_offsets
from ._throw import Thrown

_ISO = re.compile(
    r"(\d{4})-(\d{2})(?:-(\d{2}))?(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:\d{2})?)?$"
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LIMIT = 62_135_596_800_000
_WORDS = {"long": "L", "short": "s", "numeric": "n", "2-digit": "2"}
_TAKEN: dict[str, tuple[str, ...]] = {
    "weekday": ("long", "short"),
    "year": ("numeric", "2-digit"),
    "month": ("long", "short", "numeric", "2-digit"),
    "day": ("numeric", "2-digit"),
    "hour": ("numeric", "2-digit"),
    "minute": ("2-digit", "numeric"),
    "second": ("2-digit", "numeric"),
    "dateStyle": ("full", "long", "medium", "short"),
    "timeStyle": ("medium", "short"),
    "hourCycle": ("h12", "h23"),
}
_DAY = ("year", "month", "day")
_CLOCK = ("hour", "minute", "second")
_PART = re.compile(r"\{(\w+)\}")


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
    """How a date is to be written: `pattern` with parts such as `{dd}`, the locale's names, and the time zone."""

    def __init__(self, locale: Any, options: Any, default: tuple[str, ...]) -> None:
        self.facts = locale_facts(locale)
        self.name = name_of(self.facts)
        given = dict(cast("dict[str, Any]", options)) if isinstance(options, dict) else {}
        given = {key: value for key, value in given.items() if value is not UNDEFINED}
        self.zone = str(given.pop("timeZone", "UTC"))
        if self.zone not in ("UTC", "GMT", "Etc/UTC"):
            zone_offsets(self.zone)
        hour12 = given.pop("hour12", None)
        for key, value in given.items():
            if key not in _TAKEN or value not in _TAKEN[key]:
                taken = f"{key} takes {', '.join(_TAKEN[key])}." if key in _TAKEN else None
                raise Thrown(
                    f"The option {key}: {text(value)!r} is not supported.",
                    taken or f"Supported: {', '.join(_TAKEN)}, hour12, timeZone.",
                )
        if "hourCycle" in given:
            hour12 = given.pop("hourCycle") == "h12"
        self.hour12 = cast("bool | None", hour12)
        self.pattern = self._whole(given, default)

    def _whole(self, given: dict[str, Any], default: tuple[str, ...]) -> str:
        if "dateStyle" in given or "timeStyle" in given:
            return self._styled(given, default)
        asked = [key for key in given if key in (*_DAY, *_CLOCK, "weekday")]
        wanted_day = any(key in _DAY for key in default)
        wanted_clock = any(key in _CLOCK for key in default)
        has_day = any(key in (*_DAY, "weekday") for key in asked)
        has_clock = any(key in _CLOCK for key in asked)
        if (wanted_day and wanted_clock and not asked) or (
            wanted_day != wanted_clock and not (has_day if wanted_day else has_clock)
        ):
            given = {**given, **dict.fromkeys(default, "numeric")}
        date, time = self._date(given), self._time(given)
        if not date or not time:
            return date or time
        month = {"long": "L", "short": "s"}.get(str(given.get("month")), "n")
        return f"{date}{self.facts['joints'][month]}{time}"

    def _styled(self, given: dict[str, Any], default: tuple[str, ...]) -> str:
        date, time = given.pop("dateStyle", None), given.pop("timeStyle", None)
        if given or (date and not set(default) & set(_DAY)) or (time and not set(default) & set(_CLOCK)):
            raise Thrown("dateStyle and timeStyle stand alone.", "Leave out the other options.")
        first = patterns(self.name, "dates")[date] if date else ""
        second = self._clock("n", "n", "n" if time == "medium" else "-") if time else ""
        return f"{first}{self.facts['joints'][date]}{second}" if date and time else first or second

    def _date(self, given: dict[str, Any]) -> str:
        key = "".join(_WORDS.get(str(given.get(part)), "-") for part in ("weekday", *_DAY))
        if key == "----":
            return ""
        found = patterns(self.name, "dates").get(key)
        if found is None:
            raise Thrown(
                f"This mixture of parts is not known for {self.name}.",
                'Use dateStyle: "medium", or other parts.',
            )
        return found

    def _time(self, given: dict[str, Any]) -> str:
        if "hour" not in given:
            parts = [("minute", "{MM}"), ("second", "{SS}")]
            return ":".join(part for key, part in parts if key in given)
        hour = _WORDS[str(given["hour"])]
        minute, second = (_WORDS.get(str(given.get(key)), "-") for key in ("minute", "second"))
        return self._clock(hour, minute, second)

    def _clock(self, hour: str, minute: str, second: str) -> str:
        kind = "-" if self.hour12 is None else "t" if self.hour12 else "f"
        return patterns(self.name, "times")[f"{hour}{minute}{second}{kind}"]

    def pieces(self) -> list[tuple[str, bool]]:
        """The pattern cut up: a text, or the name of a part and True."""
        out: list[tuple[str, bool]] = []
        for at, piece in enumerate(_PART.split(self.pattern)):
            if piece:
                out.append((piece, at % 2 == 1))
        return out

    def names(self, part: str) -> list[str]:
        """The names that a part `a0`, `b1` or `p` stands for, from January or Sunday on."""
        if part == "p":
            return cast("list[str]", self.facts["halves"])
        kind = "weekdays" if part[0] == "a" else "months"
        return cast("list[str]", self.facts[kind][int(part[1:])])


PARTS: dict[str, tuple[int, bool]] = {
    "Y": (0, False),
    "m": (1, False),
    "mm": (1, True),
    "d": (2, False),
    "dd": (2, True),
    "H": (4, False),
    "HH": (4, True),
    "MM": (5, True),
    "SS": (6, True),
}
"""Parts that are a field of the moment as it is: which, and whether with two digits."""


def write_date(moment: datetime, style: DateStyle) -> str:
    """A moment as a style has it."""
    if style.zone not in ("UTC", "GMT", "Etc/UTC"):
        moment += timedelta(seconds=offset_at(style.zone, (moment - _EPOCH).total_seconds()))
    fields = (
        moment.year,
        moment.month,
        moment.day,
        (moment.weekday() + 1) % 7,
        moment.hour,
        moment.minute,
        moment.second,
    )
    return "".join(_part(piece, fields, style) if part else piece for piece, part in style.pieces())


def _part(part: str, fields: tuple[int, ...], style: DateStyle) -> str:
    plain = PARTS.get(part)
    if plain is not None:
        return f"{fields[plain[0]]:02d}" if plain[1] else str(fields[plain[0]])
    if part == "y":
        return f"{fields[0] % 100:02d}"
    if part[0] in "hK":
        hour = (fields[4] + 11) % 12 + 1 if part[0] == "h" else fields[4] % 12
        return f"{hour:02d}" if len(part) == 2 else str(hour)
    if part == "p":
        return style.names(part)[fields[4] // 12]
    return style.names(part)[fields[3] if part[0] == "a" else fields[1] - 1]


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
