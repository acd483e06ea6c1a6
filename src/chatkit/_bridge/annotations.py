"""Citations of the model as annotations of the conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from chatkit.types import Annotation

from .reading import read_text

if TYPE_CHECKING:
    from .turn import Turn

__all__ = ["convert"]

_METHODS: Final = {
    "file_citation": "file_citation_to_annotation",
    "container_file_citation": "container_file_citation_to_annotation",
    "url_citation": "url_citation_to_annotation",
}


async def convert(citation: Any, turn: Turn) -> Annotation | None:
    """The annotation for a citation, or None when the converter drops it or its kind is unknown."""
    kind = read_text(citation, "type")
    method = _METHODS.get(kind)
    if method is None:
        return None
    return await getattr(turn.converter, method)(turn.typed_citation(kind, citation))
