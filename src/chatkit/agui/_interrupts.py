"""What a run of an AG-UI agent needs from a person before it goes on, asked in the conversation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

from chatkit._bridge.approvals import Asked, Paused, answers
from chatkit._bridge.context import AgentContext
from chatkit._bridge.reading import read_text
from chatkit.types import (
    StructuredInput,
    StructuredInputAnswer,
    StructuredInputFreeform,
    StructuredInputMultipleChoice,
    StructuredInputMultipleChoiceOption,
)

__all__ = ["paused_at", "resume_agui"]

_KIND: Final = "agui"
_YES, _NO = "Approve", "Deny"


def paused_at(interrupts: list[Mapping[str, Any]]) -> Paused | None:
    """What an interrupted run waits for; None when it is complete."""
    if not interrupts:
        return None
    asked = [Asked(read_text(interrupt, "id"), _question(interrupt)) for interrupt in interrupts]
    return Paused(_KIND, asked, {"interrupts": [dict(interrupt) for interrupt in interrupts]})


async def resume_agui(context: AgentContext[Any]) -> list[dict[str, Any]] | None:
    """The ``resume`` entries for :meth:`AGUIAgent.run` that the answer of a person makes; None when nothing was asked.

    Each interrupt is resolved with a value that fits its ``responseSchema``, ``{"approved": true}`` when it has none;
    what the person skipped is cancelled.
    """
    given = await answers(context, _KIND)
    if given is None:
        return None
    state, answered = given
    return [_entry(interrupt, answered.get(interrupt["id"])) for interrupt in state["interrupts"]]


def _question(interrupt: Mapping[str, Any]) -> StructuredInput:
    text = read_text(interrupt, "message") or read_text(interrupt, "reason")
    schema = _schema(interrupt)
    if _flag(schema) is not None or not schema:
        return _choice(text, [_YES, _NO])
    options = schema.get("enum")
    if isinstance(options, list) and options:
        return _choice(text, [str(option) for option in cast("list[Any]", options)])
    return StructuredInputFreeform(id="interrupt", question=text)


def _choice(text: str, options: list[str]) -> StructuredInputMultipleChoice:
    values = [StructuredInputMultipleChoiceOption(value=option) for option in options]
    return StructuredInputMultipleChoice(id="interrupt", question=text, options=values)


def _schema(interrupt: Mapping[str, Any]) -> dict[str, Any]:
    return cast("dict[str, Any]", interrupt.get("responseSchema") or {})


def _flag(schema: Mapping[str, Any]) -> str | None:
    """The one property that is a yes or no, when that is all that is asked; empty for a bare yes or no."""
    if schema.get("type") == "boolean":
        return ""
    properties = cast("dict[str, Any]", schema.get("properties") or {})
    flags = [name for name, about in properties.items() if about.get("type") == "boolean"]
    needed = schema.get("required") or list(properties)
    return flags[0] if len(flags) == 1 and set(needed) <= set(flags) else None


def _entry(interrupt: Mapping[str, Any], answer: StructuredInputAnswer | None) -> dict[str, Any]:
    entry: dict[str, Any] = {"interruptId": interrupt["id"]}
    if answer is None or answer.skipped or not answer.values:
        return {**entry, "status": "cancelled"}
    return {**entry, "status": "resolved", "payload": _payload(_schema(interrupt), answer.values[0])}


def _payload(schema: Mapping[str, Any], value: str) -> Any:
    flag = _flag(schema) if schema else "approved"
    if flag is not None:
        return {flag: value == _YES} if flag else value == _YES
    for option in schema.get("enum") or ():
        if str(option) == value:
            return option
    properties = list(schema.get("properties") or {})
    return {properties[0]: value} if len(properties) == 1 else value
