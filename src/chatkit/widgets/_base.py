"""What all components share, and the dynamic ones that keep whatever they are given."""

# Each class narrows ``type`` to its one value and freezes it.
# pyright: reportIncompatibleVariableOverride=false

from __future__ import annotations

from typing import Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializationInfo,
    SerializerFunctionWrapHandler,
    model_serializer,
)

from chatkit.widgets._serialize import component_data


class WidgetComponentBase(BaseModel):
    """What all components share. Properties a class does not know are kept, so that nothing is lost in a store."""

    model_config = ConfigDict(extra="allow")

    key: str | None = None
    id: str | None = None
    type: str

    @model_serializer(mode="wrap")
    def serialize(self, next_: SerializerFunctionWrapHandler, info: SerializationInfo) -> Any:
        """Write the component without properties that are None; action payloads keep theirs."""
        return component_data(self, next_, info)


class DynamicWidgetComponent(WidgetComponentBase):
    """A component as a template wrote it: every property is kept as given."""

    children: DynamicWidgetComponent | list[DynamicWidgetComponent] | None = None


class BasicRoot(DynamicWidgetComponent):
    """A plain root without a frame."""

    type: Literal["Basic"] = Field(default="Basic", frozen=True)


class DynamicWidgetRoot(DynamicWidgetComponent):
    """The root a template builds."""

    type: Literal["Card", "ListView", "Basic"]
