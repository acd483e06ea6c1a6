"""What events do to a thread, the same in both languages; and that it is what the server stores."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatkit._engine.pending import PendingItem
from chatkit._engine.reducer import apply_update, reduce
from chatkit._time import utc_now
from chatkit.backends.memory import MemoryStore
from chatkit.types import (
    Annotation,
    AssistantMessageContent,
    AssistantMessageContentPartAdded,
    AssistantMessageContentPartAnnotationAdded,
    AssistantMessageContentPartDone,
    AssistantMessageContentPartTextDelta,
    AssistantMessageItem,
    CustomTask,
    HiddenContextItem,
    Thread,
    ThreadItem,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemRemovedEvent,
    ThreadItemReplacedEvent,
    ThreadItemUpdatedEvent,
    ThreadMetadata,
    ThreadStreamEvent,
    URLSource,
    WidgetItem,
    WidgetStreamingTextValueDelta,
    Workflow,
    WorkflowItem,
    WorkflowTaskAdded,
    WorkflowTaskUpdated,
)
from chatkit.widgets import Card, Text
from tests.server.scripted import EVENT, ScriptedServer, items, stream, user_input

FIXTURES = sorted((Path(__file__).resolve().parents[2] / "spec/fixtures/turns").glob("*.jsonl"))


@pytest.mark.behaviour("E1", "E2", "E3", "E4", "E5", "E6", "E7", "E8", "E9", "E10", "E11", "E12", "E13", "F1")
@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_a_fixture_gives_the_thread_it_must(path: Path) -> None:
    head, *events, last = [json.loads(line) for line in path.read_text().strip().split("\n")]
    thread = Thread.model_validate(head["thread"])
    for event in events:
        thread = reduce(thread, EVENT.validate_python(event))
    assert json.loads(thread.model_dump_json(exclude_none=True)) == last["expect"]


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_items_that_an_event_does_not_touch_stay_the_same_object(path: Path) -> None:
    head, *events, _ = [json.loads(line) for line in path.read_text().strip().split("\n")]
    thread = Thread.model_validate(head["thread"])
    for raw in events:
        event = EVENT.validate_python(raw)
        touched = getattr(event, "item_id", None) or getattr(getattr(event, "item", None), "id", None)
        before = {item.id: item for item in thread.items.data}
        thread = reduce(thread, event)
        if event.type != "thread.created":
            for item in thread.items.data:
                assert item.id == touched or item is before[item.id]


def test_there_are_fixtures() -> None:
    assert len(FIXTURES) >= 12


# ── random turns ───────────────────────────────────────────────────────────────────────────────────────────────────

IDS = st.sampled_from(["a", "b", "c"])
TEXT = st.text(max_size=8)
INDEX = st.integers(0, 2)
_NOW = utc_now()


def _message(item_id: str, texts: list[str]) -> ThreadItem:
    content = [AssistantMessageContent(text=text) for text in texts]
    return AssistantMessageItem(id=item_id, thread_id="t", created_at=_NOW, content=content)


def _workflow(item_id: str, titles: list[str]) -> ThreadItem:
    tasks = [CustomTask(title=title) for title in titles]
    return WorkflowItem(
        id=item_id, thread_id="t", created_at=_NOW, workflow=Workflow(type="custom", tasks=list(tasks))
    )


def _widget(item_id: str, texts: list[str]) -> ThreadItem:
    lines = [Text(id=f"x{n}", value=text) for n, text in enumerate(texts)]
    return WidgetItem(id=item_id, thread_id="t", created_at=_NOW, widget=Card(children=[*lines]))


def _hidden(item_id: str, texts: list[str]) -> ThreadItem:
    return HiddenContextItem(id=f"h{item_id}", thread_id="t", created_at=_NOW, content=texts)


ITEMS = st.builds(
    lambda make, item_id, texts: make(item_id, texts),
    st.sampled_from([_message, _workflow, _widget, _hidden]),
    IDS,
    st.lists(TEXT, max_size=3),
)
_CITED = Annotation(source=URLSource(title="t", url="https://example.com"), index=1)
UPDATES: st.SearchStrategy[Any] = st.one_of(
    st.builds(AssistantMessageContentPartTextDelta, content_index=INDEX, delta=TEXT),
    st.builds(
        AssistantMessageContentPartAdded,
        content_index=INDEX,
        content=st.builds(AssistantMessageContent, text=TEXT),
    ),
    st.builds(
        AssistantMessageContentPartDone,
        content_index=INDEX,
        content=st.builds(AssistantMessageContent, text=TEXT),
    ),
    st.builds(
        AssistantMessageContentPartAnnotationAdded,
        content_index=INDEX,
        annotation_index=INDEX,
        annotation=st.just(_CITED),
    ),
    st.builds(WorkflowTaskAdded, task_index=INDEX, task=st.builds(CustomTask, title=TEXT)),
    st.builds(WorkflowTaskUpdated, task_index=INDEX, task=st.builds(CustomTask, title=TEXT)),
    st.builds(
        WidgetStreamingTextValueDelta,
        component_id=st.sampled_from(["x0", "x1"]),
        delta=TEXT,
        done=st.booleans(),
    ),
)
EVENTS: st.SearchStrategy[Any] = st.one_of(
    st.builds(ThreadItemAddedEvent, item=ITEMS),
    st.builds(ThreadItemDoneEvent, item=ITEMS),
    st.builds(ThreadItemReplacedEvent, item=ITEMS),
    st.builds(ThreadItemUpdatedEvent, item_id=IDS, update=UPDATES),
    st.builds(ThreadItemRemovedEvent, item_id=IDS),
)


def _settled(thread: Thread, events: list[Any]) -> list[Any]:
    """The items of a thread without those that are still pending."""
    pending: set[str] = set()
    for event in events:
        if event.type == "thread.item.added":
            pending.add(event.item.id)
        elif event.type in ("thread.item.done", "thread.item.replaced"):
            pending.discard(event.item.id)
        elif event.type == "thread.item.removed":
            pending.discard(event.item_id)
    return [item for item in thread.items.data if item.id not in pending]


@pytest.mark.behaviour("T10", "E14")
@settings(max_examples=2 * settings.default.max_examples, deadline=None)
@given(st.lists(EVENTS, max_size=25), st.booleans())
async def test_reducing_what_is_sent_gives_what_is_stored(events: list[Any], fails: bool) -> None:
    async def script(
        server: ScriptedServer, thread: ThreadMetadata, what: Any
    ) -> AsyncIterator[ThreadStreamEvent]:
        for event in events:
            yield event
        if fails:
            raise RuntimeError("no model")

    server = ScriptedServer(script, MemoryStore())
    sent = await stream(server, "threads.create", input=user_input())
    thread: Thread = sent[0].thread
    for event in sent:
        thread = reduce(thread, event)
    stored = [i for i in await items(server, thread.id) if not i.type.startswith("hidden")]
    reduced = {i.id: i.model_dump() for i in _settled(thread, sent)}
    assert reduced == {i.id: i.model_dump() for i in stored if i.id in reduced}
    unsettled = {i.id for i in thread.items.data} - set(reduced)
    assert {i.id for i in stored} <= set(reduced) | unsettled


@settings(max_examples=2 * settings.default.max_examples, deadline=None)
@given(ITEMS, st.lists(UPDATES, max_size=20))
def test_a_pending_item_is_what_its_updates_make_of_it(item: Any, updates: list[Any]) -> None:
    pending, expected = PendingItem(item, visible=True), item
    for update in updates:
        pending.update(update)
        expected = apply_update(expected, update)
    assert pending.item == expected
