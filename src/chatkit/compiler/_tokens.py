"""Names of colours and icons that the renderer knows."""

from __future__ import annotations

import re
from functools import cache
from typing import get_args

TEXT_COLORS = (
    "prose",
    "primary",
    "emphasis",
    "secondary",
    "tertiary",
    "success",
    "warning",
    "danger",
    "info",
    "discovery",
)
SURFACE_COLORS = (
    "surface",
    "surface-secondary",
    "surface-tertiary",
    "surface-elevated",
    "surface-elevated-secondary",
    "none",
)
BORDER_COLORS = ("default", "subtle", "strong")
HUES = ("gray", "red", "orange", "yellow", "green", "blue", "purple", "pink")
_STEPS = (25, 50, 75, *range(100, 1001, 100))
_GRAYS = (0, 25, 50, 75, *range(100, 1001, 50))
_ALPHAS = (2, 4, 5, 6, 8, 10, 12, 15, 16, 20, 25, 30, 35, 40, 50, 60, 70, 80, 90)
_CSS = re.compile(
    r"(#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})|[a-z-]+\(.*\).*|transparent|currentcolor|inherit|black|white)$",
    re.I | re.S,
)
_NAMED = frozenset(
    [
        "aqua",
        "beige",
        "brown",
        "coral",
        "crimson",
        "cyan",
        "fuchsia",
        "gold",
        "green",
        "grey",
        "indigo",
        "ivory",
        "khaki",
        "lavender",
        "lime",
        "magenta",
        "maroon",
        "navy",
        "olive",
        "orchid",
        "plum",
        "salmon",
        "sienna",
        "silver",
        "tan",
        "teal",
        "tomato",
        "turquoise",
        "violet",
        "wheat",
    ]
)


@cache
def color_names() -> tuple[str, ...]:
    """Every colour token."""
    steps = [f"{hue}-{step}" for hue in HUES for step in (_GRAYS if hue == "gray" else _STEPS)]
    alphas = [f"alpha-{step:02d}" for step in _ALPHAS]
    return (*TEXT_COLORS, *SURFACE_COLORS, *BORDER_COLORS, *HUES, *steps, *alphas, "white", "black")


@cache
def _color_set() -> frozenset[str]:
    return frozenset(color_names())


def is_color(value: str) -> bool:
    """Whether a text is a colour: a token, a CSS colour, a gradient or another CSS function."""
    return value in _color_set() or value.lower() in _NAMED or bool(_CSS.match(value.strip()))


@cache
def icon_names() -> tuple[str, ...]:
    """Every built-in icon."""
    from chatkit.icons import BuiltInIconName

    return tuple(str(name) for name in get_args(BuiltInIconName))


def is_icon(value: str) -> bool:
    """Whether a text names an icon that is built in, or one of Lucide or of the page."""
    return value.startswith(("lucide:", "vendor:")) or value in icon_names()
