"""What each event of AG-UI does in a conversation."""

from __future__ import annotations

import base64
import contextlib
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from ag_ui.core import RunAgentInput
from ag_ui.core.events import EventType
from hypothesis import given
from hypothesis import strategies as st

from chatkit.agui import (
    AgentContext,
    AGUIAgent,
    agui_state,
    resume_agui,
    simple_to_agent_input,
    stream_agui_events,
    to_agui_messages,
)
from chatkit.agui._json_patch import PatchError, patched
from chatkit.backends.memory import MemoryStore
from chatkit.server import ChatKitServer
from chatkit.testing import ChatKitClient, Raw, Say, ScriptedModel
from chatkit.types import (
    StructuredInputItem,
    ThreadMetadata,
    ThreadStreamEvent,
    UserMessageItem,
    WorkflowItem,
)

DOCS = Path(__file__).parents[2] / "docs" / "models.md"


class EventServer(ChatKitServer[None]):
    """Answers with AG-UI events: those it is given, or an agent's."""

    def __init__(self, *events: dict[str, Any], url: str = "") -> None:
        super().__init__(MemoryStore())
        self.events = list(events)
        self.agent = AGUIAgent(url) if url else None
        self.states: list[Any] = []
        self.activities: list[Any] = []
        self.custom: list[Any] = []

    async def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: None
    ) -> AsyncIterator[ThreadStreamEvent]:
        run = AgentContext(thread=thread, store=self.store, request_context=context)
        source: AsyncIterator[Any] = _all(self.events)
        if self.agent is not None:
            page = await self.store.load_thread_items(thread.id, None, 1000, "asc", context)
            messages = to_agui_messages(await simple_to_agent_input(page.data))
            source = self.agent.run(
                thread.id, messages, state=agui_state(thread), resume=await resume_agui(run)
            )

        async def on_state(state: Any) -> None:
            self.states.append(state)

        async def on_activity(activity_id: str, kind: str, content: Any) -> None:
            self.activities.append((activity_id, kind, content))

        async def on_custom(name: str, value: Any) -> None:
            self.custom.append((name, value))

        async for event in stream_agui_events(
            run, source, on_state=on_state, on_activity=on_activity, on_custom=on_custom, approvals=True
        ):
            yield event


async def _all(events: list[dict[str, Any]]) -> AsyncIterator[Any]:
    for event in events:
        yield event


async def _answer(*events: dict[str, Any]) -> tuple[ChatKitClient[None], EventServer, Any]:
    server = EventServer(*events)
    client = ChatKitClient(server, None)
    turn = await client.send("Hi")
    assert turn.error is None, turn.error
    return client, server, turn


def _titles(client: ChatKitClient[None]) -> list[str]:
    return [str(task.model_dump().get("title")) for task in client.last(WorkflowItem).workflow.tasks]


def test_the_page_says_of_every_event_what_becomes_of_it() -> None:
    table = DOCS.read_text().partition("## AG-UI")[2]
    named = set(re.findall(r"`([A-Z][A-Z_]+)`", table))
    assert {event.value for event in EventType} <= named


async def test_text_that_is_not_the_assistant_s_does_not_show() -> None:
    _, _, turn = await _answer(
        {"type": "TEXT_MESSAGE_START", "messageId": "u", "role": "user"},
        {"type": "TEXT_MESSAGE_CONTENT", "messageId": "u", "delta": "an echo"},
        {"type": "TEXT_MESSAGE_END", "messageId": "u"},
        {"type": "TEXT_MESSAGE_START", "messageId": "a", "role": "assistant"},
        {"type": "TEXT_MESSAGE_CONTENT", "messageId": "a", "delta": "Hello"},
        {"type": "TEXT_MESSAGE_END", "messageId": "a"},
    )
    assert turn.text == "Hello"
    assert len(turn.items) == 1


async def test_a_snapshot_of_messages_shows_only_answers_that_were_not_streamed() -> None:
    history = [
        {"id": "0", "role": "assistant", "content": "An older answer"},
        {"id": "1", "role": "user", "content": "Hi"},
        {"id": "a", "role": "assistant", "content": "Streamed"},
        {"id": "renamed", "role": "assistant", "content": "Streamed"},
        {"id": "t", "role": "tool", "toolCallId": "c", "content": "a result"},
        {"id": "b", "role": "assistant", "content": "Said at once"},
    ]
    _, _, turn = await _answer(
        {"type": "TEXT_MESSAGE_CHUNK", "messageId": "a", "role": "assistant", "delta": "Stre"},
        {"type": "TEXT_MESSAGE_CHUNK", "messageId": "a", "delta": "amed"},
        {"type": "MESSAGES_SNAPSHOT", "messages": history},
        {"type": "MESSAGES_SNAPSHOT", "messages": history},
    )
    assert [item.content[0].text for item in turn.items] == ["Streamed", "Said at once"]


async def test_state_is_told_after_each_change_and_given_to_the_next_run() -> None:
    first = [
        Raw({"type": "STATE_SNAPSHOT", "snapshot": {"steps": ["a"], "none": None}}),
        Raw({"type": "STATE_DELTA", "delta": [{"op": "add", "path": "/steps/-", "value": "b"}]}),
        Raw({"type": "STATE_DELTA", "delta": [{"op": "replace", "path": "/missing/x", "value": 1}]}),
        Say("One."),
    ]
    async with ScriptedModel(first, [Say("Two.")]) as model:
        server = EventServer(url=f"{model.base_url}/agui")
        client = ChatKitClient(server, None)
        await client.send("Hi")
        await client.send("Again")
        whole = {"steps": ["a", "b"], "none": None}
        assert server.states == [{"steps": ["a"], "none": None}, whole]
        assert model.requests[0].body["state"] == {}
        assert model.requests[1].body["state"] == whole
        assert "steps" not in client.thread.model_dump_json()
        RunAgentInput.model_validate(model.requests[1].body)


async def test_activities_are_told_after_each_change() -> None:
    plan = {"messageId": "p", "activityType": "PLAN"}
    _, server, _ = await _answer(
        {"type": "ACTIVITY_SNAPSHOT", **plan, "content": {"done": 0}},
        {
            "type": "ACTIVITY_DELTA",
            **plan,
            "patch": [{"op": "replace", "path": "/done", "value": 1}],
        },
        {"type": "ACTIVITY_SNAPSHOT", **plan, "content": {"done": 9}, "replace": False},
    )
    assert server.activities == [("p", "PLAN", {"done": 0}), ("p", "PLAN", {"done": 1})]


async def test_subagents_show_as_steps() -> None:
    client, _, _ = await _answer(
        {"type": "SUBAGENT_STARTED", "subagentRunId": "1", "name": "Researcher"},
        {"type": "SUBAGENT_STARTED", "subagentRunId": "2", "name": "Writer"},
        {"type": "SUBAGENT_ERROR", "subagentRunId": "2", "message": "out of ink"},
        {"type": "SUBAGENT_FINISHED", "subagentRunId": "1"},
    )
    assert _titles(client) == ["Researcher", "Writer failed"]
    stored = (await client.load()).items.data[-1]
    assert isinstance(stored, WorkflowItem)
    assert [task.status_indicator for task in stored.workflow.tasks] == ["complete", "complete"]


async def test_parts_of_a_tool_s_result_become_its_text() -> None:
    client, server, _ = await _answer(
        {"type": "TOOL_CALL_START", "toolCallId": "c", "toolCallName": "look"},
        {"type": "TOOL_CALL_END", "toolCallId": "c"},
        {
            "type": "TOOL_CALL_RESULT",
            "toolCallId": "c",
            "messageId": "m",
            "content": [{"type": "text", "text": "sunny "}, {"type": "text", "text": "today"}],
        },
    )
    page = await server.store.load_thread_items(client.thread.id, None, 10, "desc", None)
    assert "sunny today" in page.data[0].model_dump_json()


async def test_events_without_a_form_of_their_own_pass_without_harm() -> None:
    _, server, turn = await _answer(
        {"type": "RUN_STARTED", "threadId": "t", "runId": "r"},
        {"type": "RAW", "event": {"anything": 1}},
        {"type": "REASONING_ENCRYPTED_VALUE", "subtype": "message", "entityId": "x", "encryptedValue": "z"},
        {"type": "CUSTOM", "name": "score", "value": 3},
        {"type": "AN_EVENT_OF_TOMORROW", "more": True},
        {"type": "TEXT_MESSAGE_CHUNK", "messageId": "a", "role": "assistant", "delta": "Still here"},
        {"type": "RUN_FINISHED", "threadId": "t", "runId": "r", "outcome": {"type": "cancelled"}},
    )
    assert turn.text == "Still here"
    assert server.custom == [("score", 3)]


@pytest.mark.parametrize(
    ("schema", "options", "answer", "payload"),
    [
        (None, ["Approve", "Deny"], "Approve", {"approved": True}),
        (None, ["Approve", "Deny"], "Deny", {"approved": False}),
        ({"type": "boolean"}, ["Approve", "Deny"], "Approve", True),
        (
            {"type": "object", "properties": {"ok": {"type": "boolean"}, "why": {"type": "string"}}, "required": ["ok"]},
            ["Approve", "Deny"],
            "Deny",
            {"ok": False},
        ),
        ({"enum": [1, 2]}, ["1", "2"], "2", 2),
        ({"type": "string"}, None, "Ann", "Ann"),
        ({"type": "object", "properties": {"name": {"type": "string"}}}, None, "Ann", {"name": "Ann"}),
    ],
)  # fmt: skip
async def test_an_interrupted_run_asks_and_is_resumed_with_the_answer(
    schema: dict[str, Any] | None, options: list[str] | None, answer: str, payload: Any
) -> None:
    interrupt = {"id": "int_1", "reason": "approval", "message": "Really?"}
    if schema is not None:
        interrupt["responseSchema"] = schema
    finished = {
        "type": "RUN_FINISHED",
        "threadId": "t",
        "runId": "r",
        "outcome": {"type": "interrupt", "interrupts": [interrupt]},
    }
    async with ScriptedModel([Raw(finished)], [Say("Done.")]) as model:
        client = ChatKitClient(EventServer(url=f"{model.base_url}/agui"), None)
        await client.send("Do it")
        item = client.last(StructuredInputItem)
        (question,) = item.inputs
        assert (question.id, question.question) == ("int_1", "Really?")
        shown = [o.value for o in question.options] if question.type == "multiple_choice" else None
        assert shown == options
        turn = await client.answer_questions(item.id, {"int_1": [answer]})
        assert turn.text == "Done."
        body = model.requests[1].body
        assert body["resume"] == [{"interruptId": "int_1", "status": "resolved", "payload": payload}]
        RunAgentInput.model_validate(body)
        assert "resume" not in model.requests[0].body


async def test_a_skipped_interrupt_is_cancelled() -> None:
    outcome = {"type": "interrupt", "interrupts": [{"id": "int_1", "reason": "approval"}]}
    finished = {"type": "RUN_FINISHED", "threadId": "t", "runId": "r", "outcome": outcome}
    async with ScriptedModel([Raw(finished)], [Say("Fine.")]) as model:
        client = ChatKitClient(EventServer(url=f"{model.base_url}/agui"), None)
        await client.send("Do it")
        await client.answer_questions(client.last(StructuredInputItem).id, None)
        assert model.requests[1].body["resume"] == [{"interruptId": "int_1", "status": "cancelled"}]


def test_images_and_files_go_to_the_agent_as_parts() -> None:
    data = base64.b64encode(b"png").decode()
    content = [
        {"type": "input_text", "text": "Look"},
        {"type": "input_image", "image_url": f"data:image/png;base64,{data}"},
        {"type": "input_file", "filename": "a.pdf", "file_data": f"data:application/pdf;base64,{data}"},
        {"type": "input_image", "image_url": "https://images.example/a.png"},
    ]
    (message,) = to_agui_messages([{"type": "message", "role": "user", "content": content}])
    RunAgentInput.model_validate({"threadId": "t", "runId": "r", "messages": [message]})
    assert [part["type"] for part in message["content"]] == ["text", "image", "document", "image"]
    assert message["content"][1]["source"] == {"type": "data", "value": data, "mimeType": "image/png"}


@pytest.mark.parametrize(
    ("document", "patch", "expected"),
    [
        ({"a": 1}, [{"op": "add", "path": "/b", "value": 2}], {"a": 1, "b": 2}),
        ({"a": [1, 3]}, [{"op": "add", "path": "/a/1", "value": 2}], {"a": [1, 2, 3]}),
        ({"a": [1]}, [{"op": "add", "path": "/a/-", "value": 2}], {"a": [1, 2]}),
        ({"a": 1}, [{"op": "remove", "path": "/a"}], {}),
        ({"a": [1, 2]}, [{"op": "remove", "path": "/a/0"}], {"a": [2]}),
        ({"a": 1}, [{"op": "replace", "path": "/a", "value": None}], {"a": None}),
        ({"a": 1}, [{"op": "replace", "path": "", "value": [1]}], [1]),
        ({"a": {"b": 1}}, [{"op": "move", "from": "/a/b", "path": "/c"}], {"a": {}, "c": 1}),
        ({"a": {"b": 1}}, [{"op": "copy", "from": "/a", "path": "/c"}], {"a": {"b": 1}, "c": {"b": 1}}),
        ({"a/b": 1, "m~n": 2}, [{"op": "remove", "path": "/a~1b"}, {"op": "test", "path": "/m~0n", "value": 2}], {"m~n": 2}),
        (None, [{"op": "add", "path": "", "value": {}}], {}),
    ],
)  # fmt: skip
def test_a_patch_changes_a_copy(document: Any, patch: list[dict[str, Any]], expected: Any) -> None:
    before = repr(document)
    assert patched(document, patch) == expected
    assert repr(document) == before


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "replace", "path": "/missing", "value": 1},
        {"op": "remove", "path": "/a/9"},
        {"op": "add", "path": "/a/-1", "value": 1},
        {"op": "add", "path": "/a/9", "value": 1},
        {"op": "add", "path": "/x/y", "value": 1},
        {"op": "add", "path": "/s/y", "value": 1},
        {"op": "test", "path": "/s", "value": "other"},
        {"op": "rename", "path": "/s"},
        {"op": "add", "path": "s", "value": 1},
        {"op": "move", "path": "/z"},
    ],
)
def test_a_patch_that_does_not_fit_is_refused(operation: dict[str, Any]) -> None:
    with pytest.raises(PatchError):
        patched({"a": [1, 2], "s": "text"}, [operation])


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(
    document=_JSON,
    patch=st.lists(
        st.fixed_dictionaries(
            {
                "op": st.sampled_from(["add", "remove", "replace", "move", "copy", "test"]),
                "path": st.text("/a01-~", max_size=6),
                "from": st.text("/a01-~", max_size=6),
                "value": _JSON,
            }
        ),
        max_size=4,
    ),
)
def test_any_patch_is_done_or_refused_and_leaves_the_document_alone(
    document: Any, patch: list[dict[str, Any]]
) -> None:
    before = repr(document)
    with contextlib.suppress(PatchError):
        patched(document, patch)
    assert repr(document) == before


def test_a_place_with_thousands_of_digits_is_a_patch_that_does_not_fit() -> None:
    with pytest.raises(PatchError):
        patched({"l": [1]}, [{"op": "add", "path": "/l/" + "9" * 5000, "value": 1}])


def test_a_patch_that_doubles_itself_without_end_is_refused() -> None:
    double = [{"op": "copy", "from": "", "path": f"/k{step}"} for step in range(40)]
    with pytest.raises(PatchError, match="100,000 values"):
        patched({"a": 1}, double)


@pytest.mark.parametrize("operation", [None, 1, "add", ["op", "add"]])
def test_an_operation_that_is_no_object_is_refused(operation: Any) -> None:
    with pytest.raises(PatchError, match="no operation"):
        patched({}, [operation])
