"""The client for tests sees what a browser sees."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from chatkit._time import utc_now
from chatkit.actions import Action
from chatkit.backends.memory import MemoryStore
from chatkit.server import ChatKitServer, stream_widget
from chatkit.testing import ChatKitClient, assert_widget, find_components
from chatkit.types import (
    AssistantMessageContent,
    AssistantMessageItem,
    StructuredInputFreeform,
    StructuredInputItem,
    ThreadItemDoneEvent,
    ThreadItemReplacedEvent,
    ThreadMetadata,
    ThreadStreamEvent,
    UserMessageItem,
    WidgetItem,
)
from chatkit.widgets import Button, Card, Text


class Desk(ChatKitServer[str]):
    """Echoes; `widget`, `ask` and `fail` do what they say."""

    async def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: str
    ) -> AsyncIterator[ThreadStreamEvent]:
        said = input_user_message.content[0].text if input_user_message else "thanks"
        base: dict[str, Any] = {"thread_id": thread.id, "created_at": utc_now()}
        if said == "fail":
            raise RuntimeError("inner")
        if said == "ask":
            question = StructuredInputFreeform(id="why", question="Why?")
            yield ThreadItemDoneEvent(item=StructuredInputItem(id="q1", inputs=[question], **base))
            return
        if said == "widget":
            async for event in stream_widget(thread, Card(children=[Button(label="Go"), Text(value="x")])):
                yield event
            return
        content = [AssistantMessageContent(text=f"{context}: {said}")]
        message_id = self.store.generate_item_id("message", thread, context)
        yield ThreadItemDoneEvent(item=AssistantMessageItem(id=message_id, content=content, **base))

    async def action(
        self, thread: ThreadMetadata, action: Action[str, Any], sender: WidgetItem | None, context: str
    ) -> AsyncIterator[ThreadStreamEvent]:
        assert sender is not None
        done = sender.model_copy(update={"widget": Card(children=[Text(value=f"did {action.payload}")])})
        yield ThreadItemReplacedEvent(item=done)


@pytest.fixture
def client() -> ChatKitClient[str]:
    return ChatKitClient(Desk(MemoryStore()), "ann")


async def test_a_conversation_keeps_the_thread_that_the_server_has(client: ChatKitClient[str]) -> None:
    first = await client.send("one")
    assert first.text == "ann: one"
    second = await client.send("two")
    assert second.text == "ann: two"
    seen = client.thread
    assert (await client.load()).items.data == seen.items.data
    assert [item.type for item in client.items] == ["user_message", "assistant_message"] * 2


async def test_actions_questions_and_retries_go_the_way_of_the_browser(client: ChatKitClient[str]) -> None:
    await client.send("widget")
    widget = client.last(WidgetItem)
    turn = await client.act("go", {"n": 1}, item=widget)
    assert_widget(turn.widgets[0], "Text", value="did {'n': 1}")
    assert client.last(WidgetItem).id == widget.id
    await client.send("ask")
    answered = await client.answer_questions("q1", {"why": ["because"]})
    assert answered.text == "ann: thanks"
    question = client.items[3]
    assert isinstance(question, StructuredInputItem)
    assert question.inputs[0].answer is not None
    assert question.inputs[0].answer.values == ["because"]
    again = await client.retry(client.items[0].id)
    assert len(again.widgets) == 1
    assert [item.type for item in client.items] == ["user_message", "widget"]


async def test_errors_are_part_of_the_turn(client: ChatKitClient[str]) -> None:
    turn = await client.send("fail")
    assert turn.error is not None
    assert turn.error.allow_retry
    assert turn.text == ""


async def test_requests_with_one_answer_give_their_json(client: ChatKitClient[str]) -> None:
    await client.send("one")
    listed = await client.request("threads.list", {"limit": 5})
    assert [thread["id"] for thread in listed["data"]] == [client.thread.id]
    with pytest.raises(TypeError, match="answers with a stream"):
        await client.request(
            "threads.create", {"input": {"content": [], "attachments": [], "inference_options": {}}}
        )
    with pytest.raises(TypeError, match="single answer"):
        async for _ in client.events("threads.list", {}):
            pass


def test_a_client_without_a_thread_says_what_to_do() -> None:
    client = ChatKitClient(Desk(MemoryStore()), "ann")
    with pytest.raises(RuntimeError, match=r"send\(\) a message"):
        _ = client.thread


async def test_the_newest_item_of_a_kind_and_a_clear_word_when_there_is_none(
    client: ChatKitClient[str],
) -> None:
    await client.send("one")
    assert client.last(AssistantMessageItem).content[0].text == "ann: one"
    with pytest.raises(AssertionError, match="has no WidgetItem; it has user_message, assistant_message"):
        client.last(WidgetItem)


def test_components_are_found_wherever_they_nest_and_a_miss_lists_what_is_there() -> None:
    card = {
        "type": "Card",
        "children": [
            {"type": "Transition", "children": {"type": "Text", "value": "deep"}},
            {"type": "Button", "label": "Go", "onClickAction": {"type": "Text", "payload": {"type": "Text"}}},
        ],
    }
    assert [node["value"] for node in find_components(card, "Text")] == ["deep"]
    assert assert_widget(card, "Button", label="Go")["onClickAction"]["type"] == "Text"
    with pytest.raises(
        AssertionError, match=r"(?s)Button with \{'label': 'Stop'\}.*Button \{'label': 'Go'\}"
    ):
        assert_widget(card, "Button", label="Stop")
    with pytest.raises(AssertionError, match="Expected 2 of Text, found 1"):
        assert_widget(card, "Text", count=2)
