"""An answer that an endpoint ended before the model had said everything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from chatkit._bridge.converter import CutOff

__all__ = ["Cut"]

_REASONS: Final[dict[str, CutOff]] = {
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

    reason: CutOff

    @classmethod
    def of(cls, told: str) -> Cut | None:
        """What an endpoint's reason to stop means; None when the answer is whole."""
        reason = _REASONS.get(told)
        return None if reason is None else cls(reason)
