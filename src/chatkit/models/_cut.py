"""An answer that an endpoint ended before the model had said everything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from chatkit.types import NoticeEvent

__all__ = ["Cut"]

_WORDS: Final = {
    "length": "The answer ends here: it reached the longest length that is set for one answer.",
    "context": "The answer ends here: the conversation has become as long as the model can take.",
    "filter": "The answer ends here: a content filter of the model's provider held the rest back.",
    "pause": "The answer ends here: the model took more steps than one answer may have.",
}
_KINDS: Final = {
    "length": "length",
    "max_tokens": "length",
    "model_context_window_exceeded": "context",
    "content_filter": "filter",
    "refusal": "filter",
    "pause_turn": "pause",
}


@dataclass(frozen=True)
class Cut:
    """Why an answer was cut off; the person is told."""

    kind: str

    @classmethod
    def of(cls, reason: str) -> Cut | None:
        """What an endpoint's reason to stop means; None when the answer is whole."""
        kind = _KINDS.get(reason)
        return None if kind is None else cls(kind)

    @property
    def notice(self) -> NoticeEvent:
        """As an event of the conversation."""
        return NoticeEvent(level="warning", message=_WORDS[self.kind])
