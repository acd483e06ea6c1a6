"""Bytes to typed requests, and a fault in them to an error that says where."""

from __future__ import annotations

from typing import Any, Final

from pydantic import ConfigDict, TypeAdapter, ValidationError

from chatkit._engine.faults import UnfitRequestError
from chatkit.types import ChatKitReq

__all__ = ["parse_request"]

_REQUEST: Final[TypeAdapter[ChatKitReq]] = TypeAdapter(ChatKitReq, config=ConfigDict(defer_build=True))
_WORDS_SHOWN = 80
_TAGS = frozenset({"input_text", "input_tag"})


def parse_request(body: str | bytes | bytearray) -> ChatKitReq:
    """Read a request.

    :raises RequestInvalidError: when it is none; the path says where.
    """
    try:
        return _REQUEST.validate_json(body)
    except ValidationError as error:
        raise _fault(error) from error
    except (ValueError, RecursionError) as error:
        raise UnfitRequestError(
            "The request body cannot be read as JSON.", hint="Send UTF-8 encoded JSON."
        ) from error


def _fault(error: ValidationError) -> UnfitRequestError:
    first = error.errors(include_url=False, include_context=False)[0]
    kind = first["type"]
    if kind == "json_invalid":
        return UnfitRequestError(f"The request body is not JSON: {first['msg']}.", hint="Send a JSON object.")
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        return UnfitRequestError(
            f"The request type {_shown(first['input'])} is unknown.",
            path="type",
            hint='A request is {"type": …, "params": {…}} with one of the types in spec/PROTOCOL.md.',
        )
    path = _path(first["loc"][1:])
    return UnfitRequestError(
        f"{first['msg']}.", path=path or None, hint="Correct the request and send it again."
    )


def _shown(given: Any) -> str:
    if isinstance(given, dict):
        given = given.get("type")  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
    return repr(given)[:_WORDS_SHOWN]  # pyright: ignore[reportUnknownArgumentType]


def _path(location: tuple[int | str, ...]) -> str:
    text = ""
    for step in location:
        if step in _TAGS:
            continue
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text
