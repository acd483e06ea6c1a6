"""Citations of the model as annotations of the conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from openai.types.responses import response_output_text as wire
from pydantic import BaseModel

from chatkit.types import Annotation

from ._reading import read_text

if TYPE_CHECKING:
    from ._converter import ResponseStreamConverter

__all__ = ["convert"]

_KINDS: Final[dict[str, tuple[type[BaseModel], str]]] = {
    "file_citation": (wire.AnnotationFileCitation, "file_citation_to_annotation"),
    "container_file_citation": (
        wire.AnnotationContainerFileCitation,
        "container_file_citation_to_annotation",
    ),
    "url_citation": (wire.AnnotationURLCitation, "url_citation_to_annotation"),
}


async def convert(citation: Any, converter: ResponseStreamConverter) -> Annotation | None:
    """The annotation for a citation, or None when the converter drops it or its kind is unknown."""
    kind = _KINDS.get(read_text(citation, "type"))
    if kind is None:
        return None
    model, method = kind
    typed = citation if isinstance(citation, model) else model.model_construct(**_fields(citation, model))
    return await getattr(converter, method)(typed)


def _fields(citation: Any, model: type[BaseModel]) -> dict[str, Any]:
    """The fields of a citation: the classes of the two places where the SDK has citations differ by name only."""
    if isinstance(citation, BaseModel):
        given = citation.model_dump()
    elif isinstance(citation, dict):
        given = cast("dict[str, Any]", citation)
    else:
        given = vars(citation)
    return {name: given.get(name) for name in model.model_fields}
