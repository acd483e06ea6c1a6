"""Model output in the shape of the Responses API, which the bridge to the conversation reads."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast

from .identity import PLACEHOLDER

__all__ = ["ModelCall", "Output", "TextDelta", "raw", "step"]


@dataclass(slots=True)
class TextDelta:
    """A piece of text of the message that is open."""

    delta: str
    type: str = "response.output_text.delta"
    item_id: str = PLACEHOLDER
    content_index: int = 0


@dataclass(slots=True)
class _Raw:
    data: Any
    type: str = "raw_response_event"


@dataclass(slots=True)
class ModelCall:
    """A function call of the model, complete."""

    call_id: str
    name: str
    arguments: str

    @property
    def item(self) -> dict[str, Any]:
        """As an item of model input."""
        return {
            "type": "function_call",
            "call_id": self.call_id,
            "name": self.name,
            "arguments": self.arguments,
        }

    def parsed(self) -> dict[str, Any]:
        """The arguments; none when they are not a JSON object."""
        try:
            given = json.loads(self.arguments or "{}")
        except ValueError:
            return {}
        return cast("dict[str, Any]", given) if isinstance(given, dict) else {}


def raw(type: str, **fields: Any) -> _Raw:
    """An event of the model."""
    return _Raw(SimpleNamespace(type=type, item_id=PLACEHOLDER, **fields))


def step(name: str, /, **item: Any) -> SimpleNamespace:
    """A step of the run: a tool was called, or gave its result."""
    return SimpleNamespace(type="run_item_stream_event", name=name, item=SimpleNamespace(raw_item=item))


class Output:
    """Opens and closes messages and thoughts as pieces arrive."""

    def __init__(self) -> None:
        self._open: str | None = None
        self._pieces: list[str] = []
        self._citations: list[Mapping[str, Any]] = []

    def text(self, delta: str) -> Iterator[_Raw]:
        """A piece of text."""
        if not delta:
            return
        if self._open != "message":
            yield from self.close()
            self._begin("message")
            yield raw(
                "response.output_item.added", item={"type": "message", "id": PLACEHOLDER, "content": []}
            )
            yield raw("response.content_part.added", content_index=0, part=_text(""))
        self._pieces.append(delta)
        yield _Raw(TextDelta(delta))

    def cite(self, citation: Mapping[str, Any]) -> Iterator[_Raw]:
        """A source of the text so far, as an annotation of the Responses API."""
        if self._open != "message":
            return
        end = sum(map(len, self._pieces))
        known = {"end_index": end, "index": end, **citation}
        self._citations.append(known)
        yield raw("response.output_text.annotation.added", content_index=0, annotation=known)

    def item(self, item: Mapping[str, Any], *, done: bool) -> Iterator[_Raw]:
        """An item of the endpoint's own, such as a search, that begins or is complete."""
        yield from self.close()
        yield raw(f"response.output_item.{'done' if done else 'added'}", item=dict(item))

    def thought(self, delta: str) -> Iterator[_Raw]:
        """A piece of reasoning."""
        if not delta:
            return
        if self._open != "reasoning":
            yield from self.close()
            self._begin("reasoning")
            yield raw("response.output_item.added", item={"type": "reasoning", "id": PLACEHOLDER})
        self._pieces.append(delta)
        yield raw("response.reasoning_summary_text.delta", summary_index=0, delta=delta)

    def call(self, call: ModelCall) -> Iterator[_Raw]:
        """A complete function call."""
        yield from self.close()
        yield raw("response.output_item.done", item=call.item)

    def close(self) -> Iterator[_Raw]:
        """Nothing more of what is open."""
        kind, text = self._open, "".join(self._pieces)
        self._open = None
        if kind == "message":
            yield raw("response.output_text.done", content_index=0, text=text)
            part = {**_text(text), "annotations": self._citations}
            item = {"type": "message", "id": PLACEHOLDER, "content": [part]}
            yield raw("response.output_item.done", item=item)
        elif kind == "reasoning":
            yield raw("response.reasoning_summary_text.done", summary_index=0, text=text)

    def _begin(self, kind: str) -> None:
        self._open = kind
        self._pieces, self._citations = [], []


def _text(text: str) -> dict[str, Any]:
    return {"type": "output_text", "text": text, "annotations": []}
