"""Containers and roots, and the unions of everything a widget may hold."""

# Each class narrows ``type`` to its one value and freezes it.
# pyright: reportIncompatibleVariableOverride=false

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, Field

from chatkit.actions import ActionConfig
from chatkit.widgets._base import (
    BasicRoot,
    DynamicWidgetComponent,
    DynamicWidgetRoot,
    RootAsItIs,
    WidgetComponentBase,
)
from chatkit.widgets._chart import Chart
from chatkit.widgets._controls import Button, Checkbox, DatePicker, Input, RadioGroup, Select, Textarea
from chatkit.widgets._text import Badge, Caption, Divider, Icon, Image, Label, Markdown, Spacer, Text, Title
from chatkit.widgets._values import (
    Alignment,
    BorderValue,
    CardAction,
    Color,
    Direction,
    Justification,
    Number,
    RadiusValue,
    Space,
    TextAlign,
    ThemeName,
    WidgetStatus,
)


class _Container(WidgetComponentBase, defer_build=True):
    """Built at its first use: each container knows every component, and who fills templates uses few by their class."""


class BoxBase(BaseModel, defer_build=True):
    """The properties of all layout containers."""

    children: list[WidgetComponent] | None = None
    align: Alignment | None = None
    justify: Justification | None = None
    wrap: Literal["nowrap", "wrap", "wrap-reverse"] | None = None
    flex: int | str | None = None
    gap: int | str | None = None
    height: Number | str | None = None
    width: Number | str | None = None
    size: Number | str | None = None
    minHeight: int | str | None = None
    minWidth: int | str | None = None
    minSize: int | str | None = None
    maxHeight: int | str | None = None
    maxWidth: int | str | None = None
    maxSize: int | str | None = None
    padding: Space | None = None
    margin: Space | None = None
    border: BorderValue | None = None
    radius: RadiusValue | None = None
    background: Color | None = None
    aspectRatio: Number | str | None = None


class Box(_Container, BoxBase):
    """A container; a column unless ``direction`` says row."""

    type: Literal["Box"] = Field(default="Box", frozen=True)
    direction: Direction | None = None


class Row(_Container, BoxBase):
    """A container that lays its children side by side."""

    type: Literal["Row"] = Field(default="Row", frozen=True)


class Col(_Container, BoxBase):
    """A container that stacks its children."""

    type: Literal["Col"] = Field(default="Col", frozen=True)


class Form(_Container, BoxBase):
    """A container whose fields travel with every action raised inside it."""

    type: Literal["Form"] = Field(default="Form", frozen=True)
    onSubmitAction: ActionConfig | None = None
    direction: Direction | None = None


class Transition(_Container):
    """Animates its one child when it changes."""

    type: Literal["Transition"] = Field(default="Transition", frozen=True)
    children: WidgetComponent | None


class TableCell(_Container):
    """A cell of a table."""

    type: Literal["Table.Cell"] = Field(default="Table.Cell", frozen=True)
    children: list[WidgetComponent] | None = None
    width: Number | str | None = None
    padding: Space | None = None
    colSpan: int | None = None
    rowSpan: int | None = None
    align: TextAlign | None = None
    vAlign: Literal["start", "center", "end"] | None = None
    colSize: Literal["xs", "sm", "md", "lg", "xl"] | None = None


class TableRow(_Container):
    """A row of a table; ``header`` marks the row of column names."""

    type: Literal["Table.Row"] = Field(default="Table.Row", frozen=True)
    children: list[TableCell]
    header: bool | None = None


# Inside a component class the name ``type`` is the field.
_RowClass = type[TableRow]
_CellClass = type[TableCell]


class Table(_Container):
    """Rows and columns: ``Table(children=[Table.Row(children=[Table.Cell(...)])])``."""

    Row: ClassVar[_RowClass] = TableRow
    Cell: ClassVar[_CellClass] = TableCell

    type: Literal["Table"] = Field(default="Table", frozen=True)
    children: list[TableRow]


class ListViewItem(_Container):
    """A row of a list, with an action when it is clicked."""

    type: Literal["ListViewItem"] = Field(default="ListViewItem", frozen=True)
    children: list[WidgetComponent]
    onClickAction: ActionConfig | None = None
    gap: int | str | None = None
    align: Alignment | None = None


class ListView(_Container):
    """A list of rows; ``limit`` rows show until "show more"."""

    type: Literal["ListView"] = Field(default="ListView", frozen=True)
    children: list[ListViewItem]
    limit: int | Literal["auto"] | None = None
    status: WidgetStatus | None = None
    theme: ThemeName | None = None


class Card(_Container):
    """A framed widget, optionally a form with confirm and cancel buttons."""

    type: Literal["Card"] = Field(default="Card", frozen=True)
    asForm: bool | None = None
    children: list[WidgetComponent]
    background: Color | None = None
    size: Literal["sm", "md", "lg", "full"] | None = None
    padding: Space | None = None
    border: BorderValue | None = None
    status: WidgetStatus | None = None
    collapsed: bool | None = None
    confirm: CardAction | None = None
    cancel: CardAction | None = None
    theme: ThemeName | None = None


StrictWidgetComponent = Annotated[
    Text
    | Title
    | Caption
    | Chart
    | Badge
    | Markdown
    | Box
    | Row
    | Col
    | Divider
    | Icon
    | Image
    | ListViewItem
    | Button
    | Checkbox
    | Spacer
    | Select
    | DatePicker
    | Form
    | Input
    | Label
    | RadioGroup
    | Textarea
    | Transition
    | ListView
    | Table
    | TableRow
    | TableCell,
    Field(discriminator="type"),
]
"""Any component by its own class."""

# Left to right: a known component gets its own class, anything else is kept as it is. Pydantic's "smart" choice
# would validate every subtree both ways at every level.
WidgetComponent = Annotated[
    StrictWidgetComponent | DynamicWidgetComponent,
    Field(union_mode="left_to_right"),
]
"""Any component; one this version does not know is kept as :class:`DynamicWidgetComponent`."""

StrictWidgetRoot = Annotated[Card | ListView | BasicRoot, Field(discriminator="type")]
"""A root by its own class."""

WidgetRoot = Annotated[
    Annotated[StrictWidgetRoot | DynamicWidgetRoot, Field(union_mode="left_to_right")], RootAsItIs()
]
"""Any root; what a template builds is a :class:`DynamicWidgetRoot`."""
