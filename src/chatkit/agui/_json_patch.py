"""JSON Patch (RFC 6902), which AG-UI uses for changes of state."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, cast

__all__ = ["PatchError", "patched"]


MOST_VALUES: Final = 100_000
"""What one patch may put into a document, in values: a few `copy` operations would double it without end."""


class PatchError(ValueError):
    """A patch does not fit the document."""


def patched(document: Any, patch: Sequence[Any]) -> Any:
    """The document with all operations of a patch done; the given one stays as it is.

    :raises PatchError: an operation is unknown or names a place that is not there, or the patch puts more than
        `MOST_VALUES` values into the document; then nothing was done
    """
    done = copy.deepcopy(document)
    room = MOST_VALUES
    for each in patch:
        operation = cast("dict[str, Any]", each) if isinstance(each, dict) else {}
        act = _OPERATIONS.get(str(operation.get("op")))
        if act is None:
            raise PatchError(f"{each!r:.100} is no operation of JSON Patch.")
        value = _get(done, _pointer(operation, "from")) if act is _copy else operation.get("value")
        room -= _values_in(value, room)
        done = act(done, operation)
    return done


def _values_in(value: Any, room: int) -> int:
    """How many values there are in this one, itself included.

    :raises PatchError: more than there is room for
    """
    count, waiting = 0, [value]
    while waiting:
        inner = waiting.pop()
        count += 1
        if count > room:
            raise PatchError(f"The patch puts more than {MOST_VALUES:,} values into the document.")
        if isinstance(inner, dict):
            waiting.extend(cast("dict[str, Any]", inner).values())
        elif isinstance(inner, list):
            waiting.extend(cast("list[Any]", inner))
    return count


def _add(document: Any, operation: Mapping[str, Any]) -> Any:
    return _put(document, _pointer(operation), copy.deepcopy(operation.get("value")), insert=True)


def _replace(document: Any, operation: Mapping[str, Any]) -> Any:
    path = _pointer(operation)
    _get(document, path)
    return _put(document, path, copy.deepcopy(operation.get("value")), insert=False)


def _remove(document: Any, operation: Mapping[str, Any]) -> Any:
    return _take(document, _pointer(operation))


def _move(document: Any, operation: Mapping[str, Any]) -> Any:
    origin = _pointer(operation, "from")
    value = _get(document, origin)
    return _put(_take(document, origin), _pointer(operation), value, insert=True)


def _copy(document: Any, operation: Mapping[str, Any]) -> Any:
    value = copy.deepcopy(_get(document, _pointer(operation, "from")))
    return _put(document, _pointer(operation), value, insert=True)


def _test(document: Any, operation: Mapping[str, Any]) -> Any:
    if _get(document, _pointer(operation)) != operation.get("value"):
        raise PatchError(f"The value at {operation.get('path')!r} is another one.")
    return document


_OPERATIONS: Final[dict[str, Callable[[Any, Mapping[str, Any]], Any]]] = {
    "add": _add,
    "replace": _replace,
    "remove": _remove,
    "move": _move,
    "copy": _copy,
    "test": _test,
}


def _pointer(operation: Mapping[str, Any], name: str = "path") -> list[str]:
    text = operation.get(name)
    if not isinstance(text, str) or (text and not text.startswith("/")):
        raise PatchError(f"{text!r} is no JSON Pointer.")
    return [step.replace("~1", "/").replace("~0", "~") for step in text.split("/")[1:]]


def _get(document: Any, path: Sequence[str]) -> Any:
    for step in path:
        document = _child(document, step)
    return document


def _child(parent: Any, step: str) -> Any:
    if isinstance(parent, dict) and step in parent:
        return cast("dict[str, Any]", parent)[step]
    if isinstance(parent, list):
        values = cast("list[Any]", parent)
        return values[_index(step, len(values) - 1)]
    raise PatchError(f"There is nothing at {step!r}.")


def _index(step: str, most: int) -> int:
    if not step.isascii() or not step.isdigit() or len(step) > 9 or int(step) > most:
        raise PatchError(f"There is no place {step!r} in the list.")
    return int(step)


def _put(document: Any, path: Sequence[str], value: Any, *, insert: bool) -> Any:
    if not path:
        return value
    parent, last = _get(document, path[:-1]), path[-1]
    if isinstance(parent, dict):
        parent[last] = value
    elif isinstance(parent, list):
        values = cast("list[Any]", parent)
        if insert:
            values.insert(len(values) if last == "-" else _index(last, len(values)), value)
        else:
            values[_index(last, len(values) - 1)] = value
    else:
        raise PatchError(f"There is no place for {last!r}.")
    return document


def _take(document: Any, path: Sequence[str]) -> Any:
    _get(document, path)
    if not path:
        return None
    parent, last = _get(document, path[:-1]), path[-1]
    if isinstance(parent, dict):
        del parent[last]
    else:
        values = cast("list[Any]", parent)
        del values[_index(last, len(values) - 1)]
    return document
