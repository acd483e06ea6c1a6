"""The thread as the model gets it."""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime
from typing import Any

import pytest

from chatkit.agents import ThreadItemConverter, simple_to_agent_input
from chatkit.types import (
    AssistantMessageContent,
    AssistantMessageItem,
    ClientToolCallItem,
    FileAttachment,
    GeneratedImage,
    GeneratedImageItem,
    HiddenContextItem,
    InferenceOptions,
    UserMessageItem,
    UserMessageTagContent,
    UserMessageTextContent,
)

BASE: dict[str, Any] = {"thread_id": "thr_1", "created_at": datetime(2026, 1, 1, tzinfo=UTC)}


def user(*parts: Any, **fields: Any) -> UserMessageItem:
    content = [UserMessageTextContent(text=part) if isinstance(part, str) else part for part in parts]
    return UserMessageItem(
        id="msg_u", content=content, inference_options=InferenceOptions(), **BASE, **fields
    )


def tag(id: str, text: str, **data: Any) -> UserMessageTagContent:
    return UserMessageTagContent(id=id, text=text, data=data)


def client_tool_call(output: Any) -> ClientToolCallItem:
    return ClientToolCallItem(
        id="tc_1",
        call_id="call_1",
        name="look",
        arguments={"at": 1},
        status="completed",
        output=output,
        **BASE,
    )


@pytest.mark.behaviour("D70")
async def test_two_mentions_with_one_label_both_reach_the_model() -> None:
    message = user("Compare ", tag("acc_1", "Acme", tier="gold"), " and ", tag("acc_2", "Acme", tier="tin"))
    text, mentions = [item["content"] for item in await simple_to_agent_input([message])]  # type: ignore[typeddict-item]
    assert text[0]["text"] == "Compare @Acme and @Acme"
    told = json.dumps(mentions)
    assert "acc_1" in told
    assert "acc_2" in told
    assert "gold" in told
    assert "tin" in told


@pytest.mark.behaviour("D71")
async def test_quoted_text_reaches_the_model_although_something_follows_the_message() -> None:
    message = user("What does it mean?", quoted_text="the quick brown fox")
    told = await simple_to_agent_input([message, client_tool_call({"ok": True})])
    assert "the quick brown fox" in json.dumps(told)
    again = await simple_to_agent_input([message, user("And now?")])
    assert "the quick brown fox" not in json.dumps(again)


@pytest.mark.behaviour("D72")
async def test_attachments_and_mentions_do_not_stop_the_default_converter(
    caplog: pytest.LogCaptureFixture,
) -> None:
    attachment = FileAttachment(id="atc_1", name="plan.pdf", mime_type="application/pdf")
    with caplog.at_level(logging.WARNING, "chatkit"):
        told = json.dumps(await simple_to_agent_input(user("See ", tag("x", "X"), attachments=[attachment])))
    assert "plan.pdf" in told
    assert "DocumentConverter" in caplog.text


@pytest.mark.behaviour("D85")
async def test_only_the_newest_inline_image_is_sent_again() -> None:
    def image(id: str, url: str) -> GeneratedImageItem:
        return GeneratedImageItem(id=id, image=GeneratedImage(id=id, url=url), **BASE)

    items = [
        image("a", "data:image/png;base64,AAA"),
        image("b", "https://x.example/b.png"),
        image("c", "data:image/png;base64,CCC"),
    ]
    told = json.dumps(await simple_to_agent_input(items))
    assert "AAA" not in told
    assert "https://x.example/b.png" in told
    assert "CCC" in told


async def test_a_completed_client_tool_is_a_call_with_its_output_and_a_pending_one_is_left_out() -> None:
    pending = client_tool_call(None).model_copy(update={"status": "pending"})
    call, output = await simple_to_agent_input([client_tool_call({"x": 1}), pending])
    assert call == {"type": "function_call", "call_id": "call_1", "name": "look", "arguments": '{"at": 1}'}
    assert output == {"type": "function_call_output", "call_id": "call_1", "output": '{"x": 1}'}


async def test_hidden_context_that_is_not_a_string_asks_for_an_override() -> None:
    item = HiddenContextItem(id="h", content={"a": 1}, **BASE)
    with pytest.raises(NotImplementedError, match="hidden_context_to_input"):
        await simple_to_agent_input([item])

    class Mine(ThreadItemConverter):
        async def hidden_context_to_input(self, item: HiddenContextItem) -> Any:
            return {"role": "user", "content": str(item.content)}

    assert await Mine().to_agent_input(item) == [{"role": "user", "content": "{'a': 1}"}]


async def test_citations_can_be_left_out() -> None:
    item = AssistantMessageItem.model_validate(
        {
            "id": "msg_1",
            **BASE,
            "content": [
                {
                    "text": "Fact.",
                    "annotations": [
                        {"source": {"type": "url", "url": "https://a.example", "title": "A"}, "index": 4}
                    ],
                }
            ],
        }
    )

    class Plain(ThreadItemConverter):
        include_citations = False

    assert "https://a.example" in json.dumps(await ThreadItemConverter().to_agent_input([item]))
    assert "https://a.example" not in json.dumps(await Plain().to_agent_input([item]))


@pytest.mark.parametrize("given", ["msg_1", "6b1c7d0e-1f", "conv:7/answer 3", "ä" * 90, "m" * 200])
async def test_endpoints_take_the_ids_of_answers_whatever_ids_a_store_gives(given: str) -> None:
    answer = AssistantMessageItem(id=given, content=[AssistantMessageContent(text="Hello")], **BASE)
    twin = AssistantMessageItem(id=given + "2", content=[AssistantMessageContent(text="Hello")], **BASE)
    ids = [json.loads(json.dumps(message))["id"] for message in await simple_to_agent_input([answer, twin])]
    assert all(re.fullmatch(r"msg_[A-Za-z0-9_-]{1,60}", id) for id in ids)
    assert len(set(ids)) == 2
