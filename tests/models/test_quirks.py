"""What real endpoints do beside the letter of their wire: each is taken as it is meant."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit.backends.memory import MemoryStore
from chatkit.models import (
    AgentContext,
    Anthropic,
    ChatCompletions,
    Model,
    ResponseStreamConverter,
    Tool,
    simple_to_agent_input,
    stream_model_response,
    tool,
)
from chatkit.models._think_tags import ThinkTags
from chatkit.server import ChatKitServer
from chatkit.testing import Call, ChatKitClient, Raw, Say, ScriptedModel, Think
from chatkit.types import (
    AssistantMessageItem,
    NoticeEvent,
    ThreadMetadata,
    ThreadStreamEvent,
    UserMessageItem,
    WorkflowItem,
)


@tool
async def add(a: int, b: int) -> int:
    """Add."""
    return a + b


class ModelServer(ChatKitServer[None]):
    def __init__(self, model: Model, tools: tuple[Tool, ...] = (add,), newest: int = 1000) -> None:
        super().__init__(MemoryStore())
        self.model, self.tools, self.newest = model, tools, newest
        self.converter = ResponseStreamConverter()

    async def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: None
    ) -> AsyncIterator[ThreadStreamEvent]:
        items = await self.store.load_thread_items(thread.id, None, self.newest, "desc", context)
        run = AgentContext(thread=thread, store=self.store, request_context=context)
        given_ = await simple_to_agent_input(items.data[::-1])
        async for event in stream_model_response(
            run, self.model, given_, tools=self.tools, converter=self.converter
        ):
            yield event


def chat(model: ScriptedModel) -> ChatKitClient[None]:
    return ChatKitClient(ModelServer(ChatCompletions("m", base_url=model.base_url)), None)


def anthropic(model: ScriptedModel, **settings: Any) -> ChatKitClient[None]:
    return ChatKitClient(ModelServer(Anthropic("m", base_url=model.base_url), **settings), None)


def chunk(delta: Any = None, **fields: Any) -> Raw:
    return Raw({"choices": [{"index": 0, "delta": delta, **fields}]})


def calls(*parts: Mapping[str, Any]) -> list[Raw]:
    return [chunk({"tool_calls": [part]}) for part in parts]


def thoughts(client: ChatKitClient[None]) -> list[str]:
    return [task.model_dump()["content"] for task in client.last(WorkflowItem).workflow.tasks]


# ── chat completions ───────────────────────────────────────────────────────────────────────────────────────────


async def test_empty_and_odd_chunks_are_passed_over() -> None:
    odd = [
        Raw({}),
        Raw({"choices": []}),
        Raw({"choices": None, "usage": None}),
        chunk(None),
        chunk({}),
        chunk({"content": None, "tool_calls": None, "reasoning_content": None}),
        chunk({"content": "Hel"}, logprobs=None),
        chunk({"content": "lo", "role": None}, finish_reason="length"),
        Raw({"choices": [], "usage": {"prompt_tokens": 1}}),
    ]
    async with ScriptedModel(odd) as model:
        turn = await chat(model).send("Hi")
        assert (turn.error, turn.text) == (None, "Hello")
        assert len(turn.items) == 1


@pytest.mark.parametrize("field", ["reasoning_content", "reasoning"])
async def test_reasoning_has_several_names(field: str) -> None:
    async with ScriptedModel([chunk({field: "Hm, "}), chunk({field: "well."}), Say("Yes.")]) as model:
        client = chat(model)
        assert (await client.send("Hi")).text == "Yes."
        assert thoughts(client) == ["Hm, well."]


@pytest.mark.parametrize(
    "pieces",
    [
        ["<think>Hm, well.</think>Yes."],
        ["<think>", "\nHm, well.\n", "</think>", "\n\nYes."],
        ["\n<th", "ink>Hm, we", "ll.</", "think>", "Yes", "."],
        list("<think>Hm, well.</think>Yes."),
    ],
)
async def test_think_tags_are_reasoning(pieces: list[str]) -> None:
    async with ScriptedModel([chunk({"content": piece}) for piece in pieces]) as model:
        client = chat(model)
        turn = await client.send("Hi")
        assert turn.text == "Yes."
        assert [thought.strip() for thought in thoughts(client)] == ["Hm, well."]


@pytest.mark.parametrize("text", ["Use <think> like this: <think>x</think>", "<thinker>", "a < b", "<", " "])
async def test_text_that_only_mentions_the_tags_stays(text: str) -> None:
    async with ScriptedModel([chunk({"content": text[:1]}), chunk({"content": text[1:]}), Say("!")]) as model:
        assert (await chat(model).send("Hi")).text == f"{text}!"


def _cut(text: str, places: list[int]) -> Iterator[str]:
    ends = sorted({min(place, len(text)) for place in places} | {len(text)})
    start = 0
    for end in ends:
        yield text[start:end]
        start = end


@given(
    thought=st.text(st.sampled_from("ab</think> "), max_size=12),
    said=st.text(st.sampled_from("xy<>k/"), max_size=12),
    places=st.lists(st.integers(0, 40), max_size=8),
)
def test_however_the_pieces_are_cut_nothing_is_lost(thought: str, said: str, places: list[int]) -> None:
    def read(pieces: Iterator[str]) -> dict[str, str]:
        tags, found = ThinkTags(), {"thinking": "", "text": ""}
        for piece in pieces:
            for kind, text in tags.take(piece):
                found[kind] += text
        for kind, text in tags.end():
            found[kind] += text
        return {kind: text.strip() for kind, text in found.items()}

    whole = f"<think>{thought}</think>{said}"
    # Space around the tags may stay or go, depending on where the pieces end.
    assert read(_cut(whole, places)) == read(iter([whole]))


async def test_pieces_of_a_call_without_number_or_id_belong_together() -> None:
    script = calls(
        {"id": "c1", "function": {"name": "add", "arguments": ""}},
        {"function": {"arguments": '{"a": 1,'}},
        {"function": {"arguments": ' "b": 2}'}},
        {"id": "c2", "function": {"name": "add", "arguments": '{"a": 3, "b": 4}'}},
    )
    async with ScriptedModel(script, "Done.") as model:
        assert (await chat(model).send("Hi")).text == "Done."
        told = json.dumps(model.requests[1].input)
        assert '"content": "3"' in told
        assert '"content": "7"' in told


async def test_calls_that_are_all_number_0_are_told_apart_by_their_ids() -> None:
    script = calls(
        {"index": 0, "id": "c1", "function": {"name": "add", "arguments": '{"a": 1, "b": 2}'}},
        {"index": 0, "id": "c2", "function": {"name": "add", "arguments": '{"a": 3, "b": 4}'}},
    )
    async with ScriptedModel(script, "Done.") as model:
        await chat(model).send("Hi")
        results = [m["content"] for m in model.requests[1].input if m["role"] == "tool"]
        assert results == ["3", "7"]


async def test_whole_calls_without_ids_and_with_arguments_as_an_object_are_carried_out() -> None:
    script = calls(
        {"function": {"name": "add", "arguments": {"a": 1, "b": 2}}},
        {"function": {"name": "add", "arguments": {"a": 3, "b": 4}}},
    )
    async with ScriptedModel(script, "Done.") as model:
        await chat(model).send("Hi")
        told = model.requests[1].input
        ids = [call["id"] for m in told for call in m.get("tool_calls") or ()]
        assert len(set(ids)) == 2
        assert [m["tool_call_id"] for m in told if m["role"] == "tool"] == ids


async def test_ids_that_begin_at_0_in_every_answer_do_not_collide() -> None:
    one = Call("add", {"a": 1, "b": 2}, call_id="call_0")
    two = Call("add", {"a": 5, "b": 5}, call_id="call_0")
    async with ScriptedModel([one], [two], "Done.", [one], "Again.") as model:
        client = chat(model)
        assert (await client.send("Hi")).text == "Done."
        assert (await client.send("And?")).text == "Again."
        told = model.requests[4].input
        ids = [call["id"] for m in told for call in m.get("tool_calls") or ()]
        assert len(set(ids)) == len(ids) == 3
        assert [m["content"] for m in told if m["role"] == "tool"] == ["3", "10", "3"]


async def test_content_may_come_in_parts() -> None:
    thinking = {"type": "thinking", "thinking": [{"type": "text", "text": "Hm."}]}
    async with ScriptedModel(
        [chunk({"content": [thinking]}), chunk({"content": [{"type": "text", "text": "Yes."}]})]
    ) as model:
        client = chat(model)
        assert (await client.send("Hi")).text == "Yes."
        assert thoughts(client) == ["Hm."]


@pytest.mark.parametrize("error", [{"message": "out of memory", "code": 500}, "out of memory"])
async def test_an_error_in_the_middle_keeps_what_was_said_and_offers_retry(error: Any) -> None:
    async with ScriptedModel([Say("Half an answer"), Raw({"error": error})]) as model:
        client = chat(model)
        turn = await client.send("Hi")
        assert turn.error is not None
        assert turn.error.allow_retry
        assert "memory" not in turn.error.model_dump_json()
        assert "Half an answer" in (await client.load()).model_dump_json()


def _answering(status: int, kind: str, body: str) -> httpx.AsyncClient:
    def handle(request: httpx.Request) -> httpx.Response:
        return httpx.Response(status, headers={"content-type": kind}, text=body)

    return httpx.AsyncClient(transport=httpx.MockTransport(handle))


async def test_an_endpoint_that_does_not_stream_is_taken_whole() -> None:
    body = {
        "choices": [{"message": {"role": "assistant", "content": "All at once."}, "finish_reason": "stop"}]
    }
    client = _answering(200, "application/json", json.dumps(body))
    model = ChatCompletions("m", base_url="http://127.0.0.1/v1", client=client)
    assert (await ChatKitClient(ModelServer(model), None).send("Hi")).text == "All at once."


async def test_a_web_page_in_place_of_an_answer_is_said_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    client = _answering(200, "text/html", "<html>Welcome</html>")
    model = ChatCompletions("m", base_url="http://127.0.0.1/", client=client)
    turn = await ChatKitClient(ModelServer(model), None).send("Hi")
    assert turn.error is not None
    assert "web page" in caplog.text
    assert "Check the base URL" in caplog.text


# ── Anthropic ──────────────────────────────────────────────────────────────────────────────────────────────────


def block(index: int, start: Mapping[str, Any], *deltas: Mapping[str, Any]) -> list[Raw]:
    return [
        Raw({"type": "content_block_start", "index": index, "content_block": dict(start)}),
        *(Raw({"type": "content_block_delta", "index": index, "delta": dict(delta)}) for delta in deltas),
        Raw({"type": "content_block_stop", "index": index}),
    ]


def text(said: str) -> dict[str, Any]:
    return {"type": "text_delta", "text": said}


async def test_cited_passages_are_one_message_with_their_sources() -> None:
    page = {"type": "web_search_result_location", "url": "https://a.example", "title": "A", "cited_text": "x"}
    document = {"type": "char_location", "document_title": "House rules", "document_index": 0}
    script = [
        *block(0, {"type": "text", "text": ""}, text("It rains")),
        *block(
            1, {"type": "text", "text": ""}, text(" in Rome"), {"type": "citations_delta", "citation": page}
        ),
        *block(2, {"type": "text", "text": ""}, text("."), {"type": "citations_delta", "citation": document}),
    ]
    async with ScriptedModel(script) as model:
        client = anthropic(model)
        turn = await client.send("Weather?")
        assert turn.error is None
        (message,) = turn.items
        assert isinstance(message, AssistantMessageItem)
        assert message.content[0].text == "It rains in Rome."
        sources = [(a.source.title, a.index) for a in message.content[0].annotations]
        assert sources == [("A", 16), ("House rules", 17)]
        assert (await client.load()).items.data[-1] == message


async def test_a_search_of_the_endpoint_s_own_shows_as_a_step() -> None:
    found = [{"type": "web_search_result", "url": "https://a.example/x", "title": "A"}]
    script = [
        *block(
            0,
            {"type": "server_tool_use", "id": "srv_1", "name": "web_search", "input": {}},
            {"type": "input_json_delta", "partial_json": '{"query": "rain'},
            {"type": "input_json_delta", "partial_json": ' in Rome"}'},
        ),
        *block(1, {"type": "web_search_tool_result", "tool_use_id": "srv_1", "content": found}),
        *block(2, {"type": "text", "text": ""}, text("It rains.")),
    ]
    async with ScriptedModel(script) as model:
        client = anthropic(model)
        assert (await client.send("Weather?")).text == "It rains."
        (task,) = client.last(WorkflowItem).workflow.tasks
        shown = task.model_dump()
        assert (shown["type"], shown["title_query"]) == ("web_search", "rain in Rome")
        assert [source["url"] for source in shown["sources"]] == ["https://a.example/x"]
        assert len(model.requests) == 1


@pytest.mark.parametrize("name", ["code_execution", "weather"])
async def test_other_tools_of_the_endpoint_s_own_show_too(name: str) -> None:
    kind = "mcp_tool_use" if name == "weather" else "server_tool_use"
    result = "mcp_tool_result" if name == "weather" else "code_execution_tool_result"
    start = {"type": kind, "id": "srv_1", "name": name, "server_name": "sky", "input": {"code": "1+1"}}
    script = [
        *block(0, start),
        *block(1, {"type": result, "tool_use_id": "srv_1", "content": {"type": "x"}}),
        *block(2, {"type": "text", "text": ""}, text("Done.")),
    ]
    async with ScriptedModel(script) as model:
        client = anthropic(model)
        assert (await client.send("Go")).text == "Done."
        (task,) = client.last(WorkflowItem).workflow.tasks
        assert task.status_indicator == "complete"


def ends(reason: str) -> Raw:
    return Raw({"type": "message_delta", "delta": {"stop_reason": reason}, "usage": {"output_tokens": 1}})


def notices(turn: Any) -> list[str]:
    return [event.message for event in turn.events if event.type == "notice"]


@pytest.mark.parametrize(
    ("reason", "words"), [("length", "longest length"), ("content_filter", "content filter")]
)
async def test_the_person_is_told_that_an_answer_was_cut_off(reason: str, words: str) -> None:
    async with ScriptedModel([Say("Once upon a"), chunk({}, finish_reason=reason)]) as model:
        turn = await chat(model).send("Tell a story")
        assert turn.error is None
        assert turn.text == "Once upon a"
        (notice,) = notices(turn)
        assert words in notice
        assert turn.events[-1].type == "notice"


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("max_tokens", "longest length"),
        ("model_context_window_exceeded", "conversation"),
        ("refusal", "filter"),
    ],
)
async def test_the_person_is_told_that_an_answer_of_anthropic_was_cut_off(reason: str, words: str) -> None:
    async with ScriptedModel([Say("Once upon a"), ends(reason)]) as model:
        turn = await anthropic(model).send("Tell a story")
        assert turn.text == "Once upon a"
        (notice,) = notices(turn)
        assert words in notice


async def test_an_author_words_the_notice_of_a_cut_off_answer_or_leaves_it_out() -> None:
    class German(ResponseStreamConverter):
        def cut_off_to_notice(self, reason: str) -> NoticeEvent | None:
            return NoticeEvent(level="info", message="Zu lang.") if reason == "length" else None

    for reason, told in (("length", ["Zu lang."]), ("content_filter", [])):
        async with ScriptedModel([Say("Once upon a"), chunk({}, finish_reason=reason)]) as model:
            server = ModelServer(ChatCompletions("m", base_url=model.base_url))
            server.converter = German()
            assert notices(await ChatKitClient(server, None).send("Tell a story")) == told


async def test_a_whole_answer_and_one_that_calls_a_tool_are_not_called_cut_off() -> None:
    call = [Call("add", {"a": 1, "b": 2}), chunk({}, finish_reason="length")]
    async with ScriptedModel(call, "3") as model:
        turn = await chat(model).send("1 + 2?")
        assert turn.text == "3"
        assert notices(turn) == []


async def test_an_answer_that_anthropic_pauses_is_gone_on_with_as_one() -> None:
    search = {"type": "server_tool_use", "id": "srv_1", "name": "web_search", "input": {}}
    found = [
        {"type": "web_search_result", "url": "https://a.example/x", "title": "A", "encrypted_content": "e"}
    ]
    result = {"type": "web_search_tool_result", "tool_use_id": "srv_1", "content": found}
    cited = {"type": "web_search_result_location", "url": "https://a.example/x", "title": "A"}
    thought = [
        {"type": "thinking_delta", "thinking": "Hm"},
        {"type": "signature_delta", "signature": "si"},
    ]
    first = [
        *block(0, {"type": "thinking", "thinking": ""}, *thought),
        *block(
            1,
            {"type": "text", "text": ""},
            text("It"),
            text(" rains"),
            {"type": "citations_delta", "citation": cited},
        ),
        *block(2, {"type": "text", "text": ""}),
        *block(3, search, {"type": "input_json_delta", "partial_json": '{"query": "rain"}'}),
        *block(4, result),
        ends("pause_turn"),
    ]
    async with ScriptedModel(first, " in Rome.") as model:
        client = anthropic(model)
        turn = await client.send("Weather?")
        assert turn.text == "It rains in Rome."
        assert notices(turn) == []
        assert model.requests[1].body["messages"] == [
            *model.requests[0].body["messages"],
            {
                "role": "assistant",
                "content": [
                    {"type": "thinking", "thinking": "Hm", "signature": "si"},
                    {"type": "text", "text": "It rains", "citations": [cited]},
                    {**search, "input": {"query": "rain"}},
                    result,
                ],
            },
        ]


async def test_an_answer_that_anthropic_pauses_again_and_again_has_an_end() -> None:
    paused = [Say("Still "), ends("pause_turn")]
    async with ScriptedModel(*[paused] * 10) as model:
        turn = await anthropic(model).send("Go")
        assert turn.error is None
        assert turn.text == "Still " * 10
        assert len(model.requests) == 10
        (notice,) = notices(turn)
        assert "more steps" in notice


async def test_an_overloaded_endpoint_in_the_middle_is_an_error_with_retry() -> None:
    failed = Raw({"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}})
    async with ScriptedModel([Say("Half"), failed]) as model:
        turn = await anthropic(model).send("Hi")
        assert turn.error is not None
        assert turn.error.allow_retry


async def test_hidden_thinking_and_its_signature_go_back_within_the_turn() -> None:
    redacted = block(0, {"type": "redacted_thinking", "data": "abc"})
    thinking = block(
        1,
        {"type": "thinking"},
        {"type": "thinking_delta", "thinking": "Hm"},
        {"type": "signature_delta", "signature": "si"},
        {"type": "signature_delta", "signature": "gn"},
    )
    async with ScriptedModel([*redacted, *thinking, Call("add", {"a": 1, "b": 2})], "Three.") as model:
        assert (await anthropic(model).send("Hi")).text == "Three."
        blocks = model.requests[1].input[1]["content"]
        assert [part["type"] for part in blocks] == ["redacted_thinking", "thinking", "tool_use"]
        assert blocks[1] == {"type": "thinking", "thinking": "Hm", "signature": "sign"}


async def test_broken_arguments_in_the_history_do_not_break_the_conversation() -> None:
    broken = block(
        0,
        {"type": "tool_use", "id": "t1", "name": "add", "input": {}},
        {"type": "input_json_delta", "partial_json": '{"a": 1, "b"'},
    )
    async with ScriptedModel(broken, "I mean three.", "Still three.") as model:
        client = anthropic(model)
        assert (await client.send("Hi")).text == "I mean three."
        assert (await client.send("Sure?")).text == "Still three."
        assert "do not fit" in json.dumps(model.requests[1].input)


async def test_a_history_that_was_cut_still_begins_with_the_user() -> None:
    async with ScriptedModel("One.", [Think("Hm."), Say("Two.")]) as model:
        client = anthropic(model, newest=2)
        await client.send("First")
        await client.send("Second")
        roles = [message["role"] for message in model.requests[1].input]
        assert roles == ["user", "assistant", "user"]
