"""Text and other content that a person reads."""

# Each class narrows ``type`` to its one value and freezes it.
# pyright: reportIncompatibleVariableOverride=false

from __future__ import annotations

from typing import Literal

from pydantic import Field

from chatkit.widgets._base import WidgetComponentBase
from chatkit.widgets._values import (
    CaptionSize,
    Color,
    EditableProps,
    FontWeight,
    IconSize,
    Number,
    RadiusValue,
    Spacing,
    TextAlign,
    TextSize,
    TitleSize,
    WidgetIcon,
)


class Markdown(WidgetComponentBase):
    """Formatted text; give it an ``id`` to stream into it."""

    type: Literal["Markdown"] = Field(default="Markdown", frozen=True)
    value: str
    streaming: bool | None = None


class Text(WidgetComponentBase):
    """Plain text; give it an ``id`` to stream into it, or make it editable."""

    type: Literal["Text"] = Field(default="Text", frozen=True)
    value: str
    streaming: bool | None = None
    italic: bool | None = None
    lineThrough: bool | None = None
    color: Color | None = None
    weight: FontWeight | None = None
    width: Number | str | None = None
    size: TextSize | None = None
    textAlign: TextAlign | None = None
    truncate: bool | None = None
    minLines: int | None = None
    maxLines: int | None = None
    editable: Literal[False] | EditableProps | None = None


class Title(WidgetComponentBase):
    """A heading."""

    type: Literal["Title"] = Field(default="Title", frozen=True)
    value: str
    color: Color | None = None
    weight: FontWeight | None = None
    size: TitleSize | None = None
    textAlign: TextAlign | None = None
    truncate: bool | None = None
    maxLines: int | None = None


class Caption(WidgetComponentBase):
    """Small print."""

    type: Literal["Caption"] = Field(default="Caption", frozen=True)
    value: str
    color: Color | None = None
    weight: FontWeight | None = None
    size: CaptionSize | None = None
    textAlign: TextAlign | None = None
    truncate: bool | None = None
    maxLines: int | None = None


class Label(WidgetComponentBase):
    """The label of a field."""

    type: Literal["Label"] = Field(default="Label", frozen=True)
    value: str
    fieldName: str
    size: TextSize | None = None
    weight: FontWeight | None = None
    textAlign: TextAlign | None = None
    color: Color | None = None


class Badge(WidgetComponentBase):
    """A short label on a tinted ground."""

    type: Literal["Badge"] = Field(default="Badge", frozen=True)
    label: str
    color: Literal["secondary", "success", "danger", "warning", "info", "discovery"] | None = None
    variant: Literal["solid", "soft", "outline"] | None = None
    size: CaptionSize | None = None
    pill: bool | None = None


class Icon(WidgetComponentBase):
    """An icon."""

    type: Literal["Icon"] = Field(default="Icon", frozen=True)
    name: WidgetIcon
    color: Color | None = None
    size: IconSize | None = None


class Image(WidgetComponentBase):
    """A picture."""

    type: Literal["Image"] = Field(default="Image", frozen=True)
    src: str
    alt: str | None = None
    fit: Literal["cover", "contain", "fill", "scale-down", "none"] | None = None
    position: (
        Literal[
            "top left", "top", "top right", "left", "center", "right", "bottom left", "bottom", "bottom right"
        ]
        | None
    ) = None
    radius: RadiusValue | None = None
    frame: bool | None = None
    flush: bool | None = None
    height: int | str | None = None
    width: int | str | None = None
    size: int | str | None = None
    minHeight: int | str | None = None
    minWidth: int | str | None = None
    minSize: int | str | None = None
    maxHeight: int | str | None = None
    maxWidth: int | str | None = None
    maxSize: int | str | None = None
    margin: int | str | Spacing | None = None
    background: Color | None = None
    aspectRatio: Number | str | None = None
    flex: int | str | None = None


class Divider(WidgetComponentBase):
    """A line between parts."""

    type: Literal["Divider"] = Field(default="Divider", frozen=True)
    color: Color | None = None
    size: int | str | None = None
    spacing: int | str | None = None
    flush: bool | None = None


class Spacer(WidgetComponentBase):
    """Takes the room that is left."""

    type: Literal["Spacer"] = Field(default="Spacer", frozen=True)
    minSize: int | str | None = None
