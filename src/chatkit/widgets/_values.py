"""Values that properties take: sizes, colours, distances, borders."""

from __future__ import annotations

from typing import Annotated, Literal, NotRequired

from pydantic import ConfigDict, WithJsonSchema
from typing_extensions import TypedDict

from chatkit.actions import ActionConfig
from chatkit.icons import IconName

Number = Annotated[int | float, WithJsonSchema({"type": "number"})]
"""A number that stays an int when it is one, so that a stored widget reads back unchanged."""

RadiusValue = Literal["2xs", "xs", "sm", "md", "lg", "xl", "2xl", "3xl", "4xl", "full", "100%", "none"]
TextAlign = Literal["start", "center", "end"]
TextSize = Literal["xs", "sm", "md", "lg", "xl"]
IconSize = Literal["xs", "sm", "md", "lg", "xl", "2xl", "3xl"]
TitleSize = Literal["sm", "md", "lg", "xl", "2xl", "3xl", "4xl", "5xl"]
CaptionSize = Literal["sm", "md", "lg"]
Alignment = Literal["start", "center", "end", "baseline", "stretch"]
Justification = Literal["start", "center", "end", "between", "around", "evenly", "stretch"]
ControlVariant = Literal["solid", "soft", "outline", "ghost"]
ControlSize = Literal["3xs", "2xs", "xs", "sm", "md", "lg", "xl", "2xl", "3xl"]
CurveType = Literal[
    "basis",
    "basisClosed",
    "basisOpen",
    "bumpX",
    "bumpY",
    "bump",
    "linear",
    "linearClosed",
    "natural",
    "monotoneX",
    "monotoneY",
    "monotone",
    "step",
    "stepBefore",
    "stepAfter",
]
FontWeight = Literal["normal", "medium", "semibold", "bold"]
ThemeName = Literal["light", "dark"]
Direction = Literal["row", "col"]
GutterSize = Literal["2xs", "xs", "sm", "md", "lg", "xl"]
WidgetIcon = IconName

# A property this version does not know is kept, so that a stored widget reloads whole.
_KEEP_ALL = ConfigDict(extra="allow")


class ThemeColor(TypedDict):
    """A colour for each theme."""

    __pydantic_config__ = _KEEP_ALL  # pyright: ignore[reportGeneralTypeIssues]

    dark: str
    light: str


Color = str | ThemeColor
"""A token (``blue-500``, ``secondary``), any CSS colour, or one for each theme."""


class Spacing(TypedDict):
    """Distances by side; numbers count in steps of 4 px, ``x`` and ``y`` set two sides at once."""

    __pydantic_config__ = _KEEP_ALL  # pyright: ignore[reportGeneralTypeIssues]

    top: NotRequired[Number | str]
    right: NotRequired[Number | str]
    bottom: NotRequired[Number | str]
    left: NotRequired[Number | str]
    x: NotRequired[Number | str]
    y: NotRequired[Number | str]


Space = Number | str | Spacing
"""A distance in steps of 4 px, a CSS length, or one for each side."""


class Border(TypedDict):
    """A border line; ``size`` in px."""

    __pydantic_config__ = _KEEP_ALL  # pyright: ignore[reportGeneralTypeIssues]

    size: int
    color: NotRequired[Color]
    style: NotRequired[Literal["solid", "dashed", "dotted", "double", "groove", "ridge", "inset", "outset"]]


class Borders(TypedDict):
    """Border lines by side; numbers are widths in px."""

    __pydantic_config__ = _KEEP_ALL  # pyright: ignore[reportGeneralTypeIssues]

    top: NotRequired[int | Border]
    right: NotRequired[int | Border]
    bottom: NotRequired[int | Border]
    left: NotRequired[int | Border]
    x: NotRequired[int | Border]
    y: NotRequired[int | Border]


BorderValue = int | Border | Borders
"""A width in px, a line, or lines by side."""


class MinMax(TypedDict):
    """A lower and an upper bound."""

    __pydantic_config__ = _KEEP_ALL  # pyright: ignore[reportGeneralTypeIssues]

    min: NotRequired[int]
    max: NotRequired[int]


class EditableProps(TypedDict):
    """Makes a text editable in place, as a field of the form around it."""

    __pydantic_config__ = _KEEP_ALL  # pyright: ignore[reportGeneralTypeIssues]

    name: str
    autoFocus: NotRequired[bool]
    autoSelect: NotRequired[bool]
    autoComplete: NotRequired[str]
    allowAutofillExtensions: NotRequired[bool]
    pattern: NotRequired[str]
    placeholder: NotRequired[str]
    required: NotRequired[bool]


class WidgetStatusWithFavicon(TypedDict):
    """A line above the widget with the icon of a site."""

    __pydantic_config__ = _KEEP_ALL  # pyright: ignore[reportGeneralTypeIssues]

    text: str
    favicon: NotRequired[str]
    frame: NotRequired[bool]


class WidgetStatusWithIcon(TypedDict):
    """A line above the widget with an icon."""

    __pydantic_config__ = _KEEP_ALL  # pyright: ignore[reportGeneralTypeIssues]

    text: str
    icon: NotRequired[IconName]


WidgetStatus = WidgetStatusWithFavicon | WidgetStatusWithIcon
"""A line above the widget."""


class CardAction(TypedDict):
    """A button at the foot of a card."""

    __pydantic_config__ = _KEEP_ALL  # pyright: ignore[reportGeneralTypeIssues]

    label: str
    action: ActionConfig


class SelectOption(TypedDict):
    """One choice of a select."""

    __pydantic_config__ = _KEEP_ALL  # pyright: ignore[reportGeneralTypeIssues]

    value: str
    label: str
    disabled: NotRequired[bool]
    description: NotRequired[str]


class RadioOption(TypedDict):
    """One choice of a radio group."""

    __pydantic_config__ = _KEEP_ALL  # pyright: ignore[reportGeneralTypeIssues]

    label: str
    value: str
    disabled: NotRequired[bool]


class XAxisConfig(TypedDict):
    """Which column names the points of a chart's x axis, and how they are labelled."""

    __pydantic_config__ = _KEEP_ALL  # pyright: ignore[reportGeneralTypeIssues]

    dataKey: str
    hide: NotRequired[bool]
    labels: NotRequired[dict[str, str]]
