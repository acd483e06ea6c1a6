"""Tool calls that a person must approve: asked as a structured input, with the rest of the run kept in the thread, hidden."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, cast

from chatkit._engine.host import current_request
from chatkit._engine.keeping import OF_ITEM
from chatkit.logger import logger
from chatkit.store import NotFoundError
from chatkit.types import (
    SDKHiddenContextItem,
    StructuredInput,
    StructuredInputAnswer,
    StructuredInputItem,
    StructuredInputMultipleChoice,
    ThreadItemDoneEvent,
    ThreadsAddStructuredInputReq,
    ThreadStreamEvent,
)

from .context import AgentContext
from .reading import read_text
from .turn import Turn

__all__ = ["Asked", "Decided", "Paused", "answers", "ask", "call_id_of", "decided", "is_paused_run"]

_KEY: Final = "paused_run"


@dataclass(frozen=True)
class Asked:
    """A question that is put as it is."""

    id: str
    question: StructuredInput


@dataclass(frozen=True)
class Paused:
    """A run that waits: what is asked, and what is needed to go on, as JSON values.

    What is asked are calls to approve, as the model made them, or questions of its own.
    """

    kind: str
    asked: Sequence[Any]
    state: Any


@dataclass(frozen=True)
class Decided:
    """What a person decided about the calls of a paused run."""

    state: Any
    approved: Mapping[str, bool]
    """By id of the call."""


def call_id_of(call: Any) -> str:
    """What tells a call from others: a function call has a call id, a request for approval only its own."""
    return read_text(call, "call_id") or read_text(call, "id")


def is_paused_run(content: str) -> bool:
    """Whether a hidden item holds a paused run, which is nothing for a model to read."""
    return content.startswith(f'{{"{_KEY}"')


async def ask(turn: Turn, paused: Paused) -> list[ThreadStreamEvent]:
    """The events that put the question: the paused run first, so that whoever sees the question can answer it."""
    questions = _told_apart([_question(turn, asked) for asked in paused.asked])
    item_id = turn.context.generate_id("message")
    calls = [asked.id if isinstance(asked, Asked) else call_id_of(asked) for asked in paused.asked]
    kept = json.dumps({_KEY: {"kind": paused.kind, "state": paused.state, "calls": calls}})
    hidden = SDKHiddenContextItem(**turn.base(_hidden_id(item_id)), content=kept)
    item = StructuredInputItem(**turn.base(item_id), inputs=questions)
    return [ThreadItemDoneEvent(item=hidden), ThreadItemDoneEvent(item=item)]


def _question(turn: Turn, asked: Any) -> StructuredInput:
    if isinstance(asked, Asked):
        return asked.question.model_copy(update={"id": asked.id})
    question = turn.converter.approval_to_question(asked)
    return question.model_copy(update={"id": call_id_of(asked), "multiple": False, "answer": None})


def _told_apart(questions: list[StructuredInput]) -> list[StructuredInput]:
    """Questions under ids of their own: some models give several calls the same one."""
    seen: Counter[str] = Counter()
    for n, question in enumerate(questions):
        seen[question.id] += 1
        if seen[question.id] > 1:
            questions[n] = question.model_copy(update={"id": f"{question.id}#{seen[question.id]}"})
    return questions


def _hidden_id(item_id: str) -> str:
    return OF_ITEM + item_id


async def decided(context: AgentContext[Any], kind: str) -> Decided | None:
    """What the request that is being answered decides; None when it is not about a paused run of that kind.

    The paused run is taken out of the thread, so that no call is ever carried out twice.
    """
    found = await _taken(context, kind)
    if found is None:
        return None
    kept, item = found
    calls = kept.get("calls") or [question.id for question in item.inputs]
    approved: dict[str, bool] = {}
    for call_id, question in zip(calls, item.inputs, strict=False):
        # Whoever carries calls out knows them by their ids: of several with the same one, a no to any is a no to all.
        approved[call_id] = _approves(question) and approved.get(call_id, True)
    return Decided(kept["state"], approved)


async def answers(
    context: AgentContext[Any], kind: str
) -> tuple[Any, dict[str, StructuredInputAnswer | None]] | None:
    """The state of the paused run that the request answers, and the answers by question; None when there is none."""
    found = await _taken(context, kind)
    if found is None:
        return None
    kept, item = found
    return kept["state"], {question.id: question.answer for question in item.inputs}


async def _taken(context: AgentContext[Any], kind: str) -> tuple[dict[str, Any], StructuredInputItem] | None:
    request = current_request.get()
    if not isinstance(request, ThreadsAddStructuredInputReq) or request.params.thread_id != context.thread.id:
        return None
    item_id = request.params.item_id
    store, asking = context.store, context.request_context
    try:
        item = await store.load_item(context.thread.id, item_id, asking)
        hidden = await store.load_item(context.thread.id, _hidden_id(item_id), asking)
    except (NotFoundError, LookupError):
        return None
    if not isinstance(item, StructuredInputItem) or not isinstance(hidden, SDKHiddenContextItem):
        return None
    kept = _kept(hidden.content, kind)
    if kept is None:
        return None
    with suppress(NotFoundError):
        await store.delete_thread_item(context.thread.id, hidden.id, asking)
    return kept, item


def _kept(content: str, kind: str) -> dict[str, Any] | None:
    if not is_paused_run(content):
        return None
    try:
        kept = cast("dict[str, Any]", json.loads(content)[_KEY])
        return {"state": kept["state"], "calls": kept.get("calls")} if kept["kind"] == kind else None
    except (ValueError, LookupError, TypeError) as error:
        logger.error("A paused run in the thread cannot be read", exc_info=error)
        return None


def _approves(question: Any) -> bool:
    """Only the first choice is a yes; everything else, an answer left out included, is a no."""
    if not isinstance(question, StructuredInputMultipleChoice) or question.answer is None:
        return False
    answer = question.answer
    return not answer.skipped and answer.values[:1] == [question.options[0].value]
