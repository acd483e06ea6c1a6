"""Writing numbers for people, as JavaScript's `toFixed` and `toLocaleString` do."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any, cast

from ._jsvalue import UNDEFINED, number_text
from ._throw import Thrown

CURRENCIES: dict[str, tuple[str, int]] = {
    "USD": ("$", 2),
    "EUR": ("€", 2),
    "GBP": ("£", 2),
    "JPY": ("¥", 0),
    "INR": ("₹", 2),
    "CNY": ("CN¥", 2),
    "KRW": ("₩", 0),
    "CAD": ("CA$", 2),
    "AUD": ("A$", 2),
    "MXN": ("MX$", 2),
    "BRL": ("R$", 2),
    "NZD": ("NZ$", 2),
    "CHF": ("CHF\u00a0", 2),
    "SEK": ("SEK\u00a0", 2),
    "NOK": ("NOK\u00a0", 2),
    "PLN": ("PLN\u00a0", 2),
}
OPTIONS = {"style", "currency", "minimumFractionDigits", "maximumFractionDigits", "useGrouping"}


class NumberStyle:
    """What the options of `toLocaleString` ask for."""

    def __init__(self, locale: Any, options: Any) -> None:
        if locale is not UNDEFINED and locale not in ("en-US", "en", None):
            raise Thrown(
                f"Numbers can be written for en-US only, not for {locale!r}.",
                'Use "en-US", or put the finished text into the data.',
            )
        given = cast("dict[str, Any]", options) if isinstance(options, dict) else {}
        unknown = sorted(set(given) - OPTIONS)
        if unknown:
            raise Thrown(
                f"The option {unknown[0]!r} of toLocaleString is not supported.",
                f"Supported: {', '.join(sorted(OPTIONS))}.",
            )
        self.prefix, self.suffix, self.scale = "", "", 0
        low, high = 0, 3
        style = given.get("style", "decimal")
        if style == "currency":
            code = str(given.get("currency", "")).upper()
            if code not in CURRENCIES:
                raise Thrown(
                    f"The currency {code!r} is not known.", f"Known: {', '.join(sorted(CURRENCIES))}."
                )
            self.prefix, low = CURRENCIES[code]
            high = low
        elif style == "percent":
            self.suffix, self.scale, high = "%", 2, 0
        elif style != "decimal":
            raise Thrown(f"The style {style!r} is not supported.", "Use decimal, currency or percent.")
        self.low, self.high = _digits(given, low, high)
        self.grouping = given.get("useGrouping", True) is not False


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
    """`value.toLocaleString(locale, options)` for en-US."""
    style = NumberStyle(locale, options)
    if value != value:
        return f"{style.prefix}NaN{style.suffix}"
    sign = "-" if value < 0 or (value == 0 and number_text(value) == "-0") else ""
    if abs(value) == float("inf"):
        return f"{sign}{style.prefix}∞{style.suffix}"
    shortest = Decimal(repr(abs(value))).scaleb(style.scale)
    out = f"{shortest.quantize(Decimal(1).scaleb(-style.high), ROUND_HALF_UP):.{style.high}f}"
    whole, _, fraction = out.partition(".")
    while len(fraction) > style.low and fraction.endswith("0"):
        fraction = fraction[:-1]
    grouped = f"{int(whole):,}" if style.grouping else whole
    body = f"{grouped}.{fraction}" if fraction else grouped
    return f"{sign}{style.prefix}{body}{style.suffix}"
