"""JSON Schema: whether one is valid, and whether data fits it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import jsonschema_rs

from ._jsvalue import json_text
from ._literals import well_formed_value


@dataclass(frozen=True, slots=True)
class Misfit:
    """A place in data that does not fit: its path in dots, and what is wrong."""

    path: str
    message: str


def schema_problem(schema: dict[str, Any]) -> str | None:
    """Why a JSON Schema is not valid, or None when it is."""
    try:
        _validator(json_text(schema))
    except ValueError as error:
        return str(error).splitlines()[0]
    return None


def misfits(schema: Any, data: Any, limit: int = 20) -> list[Misfit]:
    """Where data does not fit a schema; empty when it fits, or when the schema is not valid."""
    try:
        validator = _validator(json_text(schema))
    except ValueError:
        return []
    out: list[Misfit] = []
    for error in validator.iter_errors(well_formed_value(data)):
        out.append(Misfit(".".join(str(part) for part in error.instance_path), error.message))
        if len(out) >= limit:
            break
    return out


@lru_cache(maxsize=64)
def _validator(schema: str) -> Any:
    import json

    return jsonschema_rs.Draft202012Validator(
        json.loads(schema), pattern_options=jsonschema_rs.RegexOptions()
    )
