"""Charts: rows of data, and the series drawn over them."""

# Each class narrows ``type`` to its one value and freezes it.
# pyright: reportIncompatibleVariableOverride=false

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from chatkit.widgets._base import WidgetComponentBase
from chatkit.widgets._values import Color, CurveType, Number, XAxisConfig


class BarSeries(BaseModel):
    """A column of data drawn as bars."""

    type: Literal["bar"] = Field(default="bar", frozen=True)
    label: str | None
    dataKey: str
    stack: str | None = None
    color: Color | None = None


class AreaSeries(BaseModel):
    """A column of data drawn as an area."""

    type: Literal["area"] = Field(default="area", frozen=True)
    label: str | None
    dataKey: str
    stack: str | None = None
    color: Color | None = None
    curveType: CurveType | None = None


class LineSeries(BaseModel):
    """A column of data drawn as a line."""

    type: Literal["line"] = Field(default="line", frozen=True)
    label: str | None
    dataKey: str
    color: Color | None = None
    curveType: CurveType | None = None


Series = Annotated[BarSeries | AreaSeries | LineSeries, Field(discriminator="type")]
"""One column of the data, drawn."""


class Chart(WidgetComponentBase):
    """Bars, areas and lines over rows of data."""

    type: Literal["Chart"] = Field(default="Chart", frozen=True)
    data: list[dict[str, str | int | float]]
    series: list[Series]
    xAxis: str | XAxisConfig
    showYAxis: bool | None = None
    showLegend: bool | None = None
    showTooltip: bool | None = None
    barGap: int | None = None
    barCategoryGap: int | None = None
    flex: int | str | None = None
    height: int | str | None = None
    width: int | str | None = None
    size: int | str | None = None
    minHeight: int | str | None = None
    minWidth: int | str | None = None
    minSize: int | str | None = None
    maxHeight: int | str | None = None
    maxWidth: int | str | None = None
    maxSize: int | str | None = None
    aspectRatio: Number | str | None = None
