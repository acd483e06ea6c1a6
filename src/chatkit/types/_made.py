"""Models made of values that are known to be right."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel

_Model = TypeVar("_Model", bound=BaseModel)
_slots: Any = BaseModel.__dict__
_set_fields, _set_given, _set_extra, _set_private = (
    _slots[name].__set__
    for name in ("__dict__", "__pydantic_fields_set__", "__pydantic_extra__", "__pydantic_private__")
)
_new: Any = object.__new__


def made(kind: type[_Model], fields: dict[str, Any], given: set[str]) -> _Model:
    """Return a model with these fields, unchecked.

    What ``model_construct`` does, without looking for defaults and aliases, which costs more than validating.

    :param fields: all fields, in the order of the class; the model keeps this dict.
    :param given: the names of those that were given, for ``model_fields_set``.
    """
    model = _new(kind)
    _set_fields(model, fields)
    _set_given(model, given)
    _set_extra(model, None)
    _set_private(model, None)
    return model
