"""Writing numbers for people, as JavaScript's `toFixed` and `toLocaleString` do."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any, cast

from ._jsvalue import UNDEFINED, number_text
from ._locales import locale_facts
from ._throw import Thrown

_WHOLE = {"JPY", "KRW"}
OPTIONS = {"style", "currency", "minimumFractionDigits", "maximumFractionDigits", "useGrouping"}


class NumberStyle:
    """What locale and options ask for: digits, separators, and what stands around a number.

    `positive` and `negative` are what stands before and after; `least` is how many digits a group needs before it, 0
    for no groups; `lakh` groups by two beyond the first thousand.
    """

    def __init__(self, locale: Any, options: Any) -> None:
        facts: dict[str, Any] = locale_facts(locale)["numbers"]
        given = cast("dict[str, Any]", options) if isinstance(options, dict) else {}
        given = {key: value for key, value in given.items() if value is not UNDEFINED}
        unknown = sorted(set(given) - OPTIONS)
        if unknown:
            raise Thrown(
                f"The option {unknown[0]!r} of toLocaleString is not supported.",
                f"Supported: {', '.join(sorted(OPTIONS))}.",
            )
        self.group, self.decimal, self.lakh = str(facts["group"]), str(facts["decimal"]), bool(facts["lakh"])
        self.scale = 0
        low, high, pair = 0, 3, ["#", f"{facts['minus']}#"]
        style = given.get("style", "decimal")
        if style == "currency":
            code = str(given.get("currency", "")).upper()
            known: dict[str, list[str]] = facts["money"]
            if code not in known:
                raise Thrown(f"The currency {code!r} is not known.", f"Known: {', '.join(sorted(known))}.")
            low = high = 0 if code in _WHOLE else 2
            pair = known[code]
        elif style == "percent":
            self.scale, high = 2, 0
            pair = [facts["percent"], f"{facts['minus']}{facts['percent']}"]
        elif style != "decimal":
            raise Thrown(f"The style {style!r} is not supported.", "Use decimal, currency or percent.")
        self.positive, self.negative = (tuple(one.split("#", 1)) for one in pair)
        self.low, self.high = _digits(given, low, high)
        self.least = int(facts["least"]) if given.get("useGrouping", True) is not False else 0

    def grouped(self, whole: str) -> str:
        """Digits with the separators between their groups."""
        if not self.least or len(whole) < 3 + self.least:
            return whole
        if not self.lakh:
            return f"{int(whole):,}".replace(",", self.group)
        out, rest = whole[-3:], whole[:-3]
        while rest:
            out, rest = f"{rest[-2:]}{self.group}{out}", rest[:-2]
        return out


def _digits(given: dict[str, Any], low: int, high: int) -> tuple[int, int]:
    asked_low, asked_high = given.get("minimumFractionDigits"), given.get("maximumFractionDigits")
    for asked in (asked_low, asked_high):
        if asked is not None and (not isinstance(asked, int) or not 0 <= asked <= 20):
            raise Thrown("The number of fraction digits is a whole number from 0 to 20.")
    if asked_low is not None and asked_high is not None and asked_low > asked_high:
        raise Thrown("maximumFractionDigits is less than minimumFractionDigits.")
    if asked_low is not None:
        return asked_low, max(high, asked_low) if asked_high is None else asked_high
    return (low, high) if asked_high is None else (min(low, asked_high), asked_high)


def fixed(value: float, digits: int) -> str:
    """`value.toFixed(digits)`: halves of the exact value go away from zero."""
    exact = (
        Decimal(value).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP) if digits < 30 else Decimal(value)
    )
    out = f"{exact:.{digits}f}"
    return out.removeprefix("-") if value == 0 else out


def locale_number(value: float, locale: Any, options: Any) -> str:
    """`value.toLocaleString(locale, options)`."""
    style = NumberStyle(locale, options)
    below = value < 0 or (value == 0 and number_text(value) == "-0")
    before, after = style.negative if below else style.positive
    if value != value:
        return f"{before}NaN{after}"
    if abs(value) == float("inf"):
        return f"{before}∞{after}"
    shortest = Decimal(repr(abs(value))).scaleb(style.scale)
    out = f"{shortest.quantize(Decimal(1).scaleb(-style.high), ROUND_HALF_UP):.{style.high}f}"
    whole, _, fraction = out.partition(".")
    while len(fraction) > style.low and fraction.endswith("0"):
        fraction = fraction[:-1]
    body = f"{style.grouped(whole)}{style.decimal}{fraction}" if fraction else style.grouped(whole)
    return f"{before}{body}{after}"
