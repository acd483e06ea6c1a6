"""What all components share, and the dynamic ones that keep whatever they are given."""

# Each class narrows ``type`` to its one value and freezes it.
# pyright: reportIncompatibleVariableOverride=false

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    SerializationInfo,
    SerializerFunctionWrapHandler,
    model_serializer,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from chatkit.widgets._serialize import component_data, dynamic_data, is_partial, plain


class WidgetComponentBase(BaseModel):
    """What all components share. Properties a class does not know are kept, so that nothing is lost in a store."""

    model_config = ConfigDict(extra="allow")
    null_children: ClassVar[bool] = False

    key: str | None = None
    id: str | None = None
    type: str

    @model_serializer(mode="wrap")
    def serialize(self, next_: SerializerFunctionWrapHandler, info: SerializationInfo) -> Any:
        """Write the component without properties that are None; action payloads keep theirs."""
        if (build := build_of(self)) is not None and not is_partial(info):
            return _dumped(build, info)
        return component_data(self, next_, info)


class DynamicWidgetComponent(WidgetComponentBase):
    """A component as a template wrote it: every property is kept as given."""

    null_children: ClassVar[bool] = True
    children: DynamicWidgetComponent | list[DynamicWidgetComponent] | None = None


class BasicRoot(DynamicWidgetComponent):
    """A plain root without a frame."""

    type: Literal["Basic"] = Field(default="Basic", frozen=True)


_real_dict: Any = BaseModel.__dict__["__dict__"]


class DynamicWidgetRoot(DynamicWidgetComponent):
    """The root a template builds. What it holds is worked out when it is first looked into."""

    __slots__ = ("_build",)

    type: Literal["Card", "ListView", "Basic"]

    if not TYPE_CHECKING:

        @property
        def __dict__(self):
            fill(self)
            return _real_dict.__get__(self)

        @__dict__.setter
        def __dict__(self, value):
            _build_slot.__set__(self, None)
            _real_dict.__set__(self, value)

        def __getattr__(self, name):
            if fill(self):
                return getattr(self, name)
            return super().__getattr__(name)


_build_slot: Any = type.__getattribute__(DynamicWidgetRoot, "__dict__")["_build"]


def lazy_root(program: Any, frame: tuple[Any, ...]) -> DynamicWidgetRoot:
    """Return a root that becomes real on first touch."""
    root = DynamicWidgetRoot.__new__(DynamicWidgetRoot)
    _build_slot.__set__(root, (program, frame))
    return root


def build_of(widget: Any) -> tuple[Any, tuple[Any, ...]] | None:
    """Return the program and frame of a root that nobody has looked into yet."""
    if type(widget) is not DynamicWidgetRoot:
        return None
    try:
        return _build_slot.__get__(widget)
    except AttributeError:
        return None


def data_of(component: BaseModel) -> Any:
    """Return a component as it is written, without making a lazy root real."""
    build = build_of(component)
    return plain(component) if build is None else build[0].plain(build[1])


def fill(root: DynamicWidgetRoot) -> bool:
    """Make a lazy root real; False when it already is."""
    build = build_of(root)
    if build is None:
        return False
    program, frame = build
    real = DynamicWidgetComponent.model_validate(program.raw(frame))
    _build_slot.__set__(root, None)
    _real_dict.__set__(root, real.__dict__)
    for name in ("__pydantic_fields_set__", "__pydantic_extra__", "__pydantic_private__"):
        object.__setattr__(root, name, getattr(real, name))
    return True


class RootAsItIs:
    """Takes and writes the root a template built without looking into it; every other root is validated."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        roots = handler(source)
        return core_schema.union_schema(
            [core_schema.is_instance_schema(DynamicWidgetRoot), roots],
            mode="left_to_right",
            serialization=core_schema.wrap_serializer_function_ser_schema(
                _write, info_arg=True, schema=roots
            ),
        )

    def __get_pydantic_json_schema__(self, schema: Any, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return handler(schema["choices"][1])


def _write(root: Any, next_: Any, info: SerializationInfo) -> Any:
    if is_partial(info) or not isinstance(root, WidgetComponentBase):
        return next_(root)
    build = build_of(root)
    return component_data(root, next_, info) if build is None else _dumped(build, info)


def _dumped(build: tuple[Any, tuple[Any, ...]], info: SerializationInfo) -> dict[str, Any]:
    program, frame = build
    data = program.plain(frame)
    return data if info.exclude_none else dynamic_data(data)
