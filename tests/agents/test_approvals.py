"""Tool calls that a person must approve, with the real Agents SDK: asked in the chat, and resumed with the answer."""

from __future__ import annotations

import importlib.metadata
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from agent_app import AgentServer, Context, MakeModel, history, responses

from agents import Agent, HostedMCPTool, RunContextWrapper, Runner, function_tool
from chatkit._bridge.approvals import Paused, ask, decided
from chatkit._bridge.turn import Turn as BridgeTurn
from chatkit._engine.host import current_request
from chatkit._engine.structured_input import answered
from chatkit.agents import (
    AgentContext,
    ResponseStreamConverter,
    resume_run,
    simple_to_agent_input,
    stream_agent_response,
)
from chatkit.backends.memory import MemoryStore
from chatkit.testing import AskApproval, Call, ChatKitClient, Say, ScriptedModel, Think
from chatkit.types import (
    SDKHiddenContextItem,
    StructuredInputItem,
    StructuredInputSubmission,
    ThreadItemDoneEvent,
    ThreadMetadata,
    ThreadsAddStructuredInputReq,
    ThreadStreamEvent,
    UserMessageItem,
)

VERSION = tuple(int(part) for part in importlib.metadata.version("openai-agents").split(".")[:2])
pytestmark = pytest.mark.skipif(VERSION < (0, 8), reason="the Agents SDK has approvals since 0.8")


class ApprovingServer(AgentServer):
    """Asks for approval, and goes on with the answer."""

    async def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: None
    ) -> AsyncIterator[ThreadStreamEvent]:
        run_context = AgentContext(thread=thread, store=self.store, request_context=context)
        result = await resume_run(run_context, self.agent)
        if result is None:
            given = await simple_to_agent_input(await history(self, thread))
            result = Runner.run_streamed(self.agent, given, context=run_context)
        async for event in stream_agent_response(run_context, result, approvals=True, **self.settings):
            yield event


class Till:
    """A tool that must not run unasked."""

    def __init__(self) -> None:
        self.paid: list[tuple[str, int]] = []
        self.contexts: list[Any] = []

    @property
    def tool(self) -> Any:
        @function_tool(needs_approval=True)
        async def pay(ctx: RunContextWrapper[Context], to: str, amount: int) -> str:
            """Pay somebody."""
            self.contexts.append(ctx.context.thread.id)
            self.paid.append((to, amount))
            return f"paid {amount} to {to}"

        return pay


def _asked(client: ChatKitClient[None]) -> StructuredInputItem:
    item = client.last(StructuredInputItem)
    assert item.status == "pending"
    return item


async def test_a_call_runs_only_after_it_was_approved(make_model: MakeModel) -> None:
    till = Till()
    async with ScriptedModel([Call("pay", {"to": "Ann", "amount": 7})], "Done.") as model:
        agent = Agent[Context](name="a", model=make_model(model), tools=[till.tool])
        server = ApprovingServer(agent)
        client = ChatKitClient(server, None)
        turn = await client.send("Pay Ann")
        assert turn.error is None
        assert till.paid == []
        (question,) = _asked(client).inputs
        assert question.type == "multiple_choice"
        assert question.question == 'Allow “pay” with to: "Ann", amount: 7?'
        assert [option.value for option in question.options] == ["Approve", "Deny"]

        turn = await client.answer_questions(_asked(client).id, {question.id: ["Approve"]})
        assert (turn.error, turn.text) == (None, "Done.")
        assert till.paid == [("Ann", 7)]
        assert till.contexts == [client.thread.id]
        assert "paid 7 to Ann" in json.dumps(model.requests[1].input)
        assert (await client.load()).items.data == client.items


@pytest.mark.parametrize("answer", [["Deny"], ["Approve it all"], [], None])
async def test_everything_but_the_first_choice_denies(answer: list[str] | None) -> None:
    till = Till()
    async with ScriptedModel([Call("pay", {"to": "Ann", "amount": 7})], "As you wish.") as model:
        agent = Agent[Context](name="a", model=responses(model), tools=[till.tool])
        client = ChatKitClient(ApprovingServer(agent), None)
        await client.send("Pay Ann")
        item = _asked(client)
        values = None if answer is None else {item.inputs[0].id: answer}
        turn = await client.answer_questions(item.id, values)
        assert (turn.error, turn.text) == (None, "As you wish.")
        assert till.paid == []
        told = [i for i in model.requests[1].input if i.get("type") == "function_call_output"]
        assert len(told) == 1
        assert "paid" not in told[0]["output"]


async def test_several_calls_are_decided_one_by_one() -> None:
    till = Till()
    calls = [
        Call("pay", {"to": "Ann", "amount": 1}, call_id="call_ann"),
        Call("pay", {"to": "Bob", "amount": 2}, call_id="call_bob"),
    ]
    async with ScriptedModel([Think("Two."), *calls], "One of them.") as model:
        agent = Agent[Context](name="a", model=responses(model), tools=[till.tool])
        client = ChatKitClient(ApprovingServer(agent, tool_history=True), None)
        await client.send("Pay both")
        item = _asked(client)
        assert [question.id for question in item.inputs] == ["call_ann", "call_bob"]
        turn = await client.answer_questions(item.id, {"call_ann": ["Deny"], "call_bob": ["Approve"]})
        assert turn.text == "One of them."
        assert till.paid == [("Bob", 2)]


@pytest.mark.parametrize(
    ("first", "second", "approved"),
    [("Approve", "Approve", True), ("Approve", "Deny", False), ("Deny", "Approve", False)],
)
async def test_of_calls_under_one_id_none_is_approved_unless_each_was(
    first: str, second: str, approved: bool
) -> None:
    store: MemoryStore[None] = MemoryStore()
    thread = ThreadMetadata(id="thr_1", created_at=datetime.now(UTC))
    await store.save_thread(thread, None)
    context = AgentContext[None](thread=thread, store=store, request_context=None)
    calls = [{"type": "function_call", "call_id": "call_1", "name": "pay", "arguments": "{}"}] * 2
    turn = BridgeTurn(context, ResponseStreamConverter())
    events = await ask(turn, Paused("agents", calls, {}))
    hidden, asked = [event.item for event in events if isinstance(event, ThreadItemDoneEvent)]
    assert isinstance(asked, StructuredInputItem)
    one, two = (question.id for question in asked.inputs)
    assert one != two
    answers = {one: {"values": [first]}, two: {"values": [second]}}
    given = StructuredInputSubmission.model_validate({"answers": answers})
    for item in (hidden, answered(asked, given)):
        await store.add_thread_item(thread.id, item, None)
    params = {"thread_id": thread.id, "item_id": asked.id, "input": given}
    outside = current_request.set(ThreadsAddStructuredInputReq.model_validate({"params": params}))
    try:
        decision = await decided(context, "agents")
    finally:
        current_request.reset(outside)
    assert decision is not None
    assert decision.approved == {"call_1": approved}


async def test_a_question_that_came_along_into_a_branch_is_answered_there() -> None:
    till = Till()
    script: list[Any] = [
        [Call("pay", {"to": "Ann", "amount": 7})],
        "Fine.",
        "Fine again.",
        "Done here.",
        "And there.",
    ]
    async with ScriptedModel(*script) as model:
        agent = Agent[Context](name="a", model=responses(model), tools=[till.tool])
        server = ApprovingServer(agent)
        client = ChatKitClient(server, None)
        await client.send("Pay Ann")
        await client.send("Never mind")
        first, asked = client.thread.id, _asked(client)
        edited = [i for i in await history(server, client.thread) if isinstance(i, UserMessageItem)][-1]
        said = {
            "content": [{"type": "input_text", "text": "Well"}],
            "attachments": [],
            "inference_options": {},
        }
        edit = {"thread_id": first, "item_id": edited.id, "input": said}
        assert [event async for event in client.events("threads.edit_message", edit)]
        assert client.thread.id != first
        copy = _asked(client)
        assert copy.id != asked.id
        turn = await client.answer_questions(copy.id, {copy.inputs[0].id: ["Approve"]})
        assert (turn.error, turn.text) == (None, "Done here.")
        assert till.paid == [("Ann", 7)]
        assert till.contexts == [client.thread.id]


async def test_the_history_of_later_turns_has_the_approved_call_and_nothing_of_the_paused_run() -> None:
    till = Till()
    script: list[Any] = [[Call("pay", {"to": "Ann", "amount": 7}, call_id="call_ann")], "Done.", "Seven."]
    async with ScriptedModel(*script) as model:
        agent = Agent[Context](name="a", model=responses(model), tools=[till.tool])
        server = ApprovingServer(agent, tool_history=True)
        client = ChatKitClient(server, None)
        await client.send("Pay Ann")
        hidden = [i for i in await history(server, client.thread) if isinstance(i, SDKHiddenContextItem)]
        assert len(hidden) == 1
        assert "request_context" not in hidden[0].content
        await client.answer_questions(_asked(client).id, {"call_ann": ["Approve"]})
        await client.send("How much?")
        told = json.dumps(model.requests[2].input)
        assert told.count("call_ann") == 2
        assert "paused_run" not in told
        kept = [i for i in await history(server, client.thread) if isinstance(i, SDKHiddenContextItem)]
        assert not any("paused_run" in item.content for item in kept)


async def test_a_paused_run_is_resumed_at_most_once_and_a_question_answered_at_most_once() -> None:
    till = Till()
    async with ScriptedModel([Call("pay", {"to": "Ann", "amount": 7})], "Done.", "Again.") as model:
        agent = Agent[Context](name="a", model=responses(model), tools=[till.tool])
        client = ChatKitClient(ApprovingServer(agent), None)
        await client.send("Pay Ann")
        item = _asked(client)
        answer = {item.inputs[0].id: ["Approve"]}
        await client.answer_questions(item.id, answer)
        with pytest.raises(ValueError, match="no structured input that waits"):
            await client.answer_questions(item.id, answer)
        await client.send("More?")
        assert till.paid == [("Ann", 7)]


async def test_a_new_message_leaves_the_question_and_runs_nothing() -> None:
    till = Till()
    async with ScriptedModel([Call("pay", {"to": "Ann", "amount": 7})], "Fine.", "Done after all.") as model:
        agent = Agent[Context](name="a", model=responses(model), tools=[till.tool])
        client = ChatKitClient(ApprovingServer(agent), None)
        await client.send("Pay Ann")
        item = _asked(client)
        assert (await client.send("Never mind")).text == "Fine."
        assert till.paid == []
        turn = await client.answer_questions(item.id, {item.inputs[0].id: ["Approve"]})
        assert turn.text == "Done after all."
        assert till.paid == [("Ann", 7)]


async def test_two_rounds_of_approval_follow_each_other() -> None:
    till = Till()
    script: list[Any] = [
        [Call("pay", {"to": "Ann", "amount": 1})],
        [Call("pay", {"to": "Bob", "amount": 2})],
        "Both paid.",
    ]
    async with ScriptedModel(*script) as model:
        agent = Agent[Context](name="a", model=responses(model), tools=[till.tool])
        client = ChatKitClient(ApprovingServer(agent), None)
        await client.send("Pay both, one after the other")
        for _ in range(2):
            item = _asked(client)
            turn = await client.answer_questions(item.id, {item.inputs[0].id: ["Approve"]})
        assert turn.text == "Both paid."
        assert till.paid == [("Ann", 1), ("Bob", 2)]


@pytest.mark.behaviour("D67")
@pytest.mark.parametrize(("choice", "approve"), [("Approve", True), ("Deny", False)])
async def test_a_tool_of_a_hosted_mcp_server_is_approved_in_the_chat(choice: str, approve: bool) -> None:
    ask = AskApproval("send_mail", {"to": "ann@example.org"}, server_label="mail")
    async with ScriptedModel([ask], Say("Settled.")) as model:
        tool = HostedMCPTool(
            tool_config={
                "type": "mcp",
                "server_label": "mail",
                "server_url": "https://mail.example",
                "require_approval": "always",
            }
        )
        agent = Agent[Context](name="a", model=responses(model), tools=[tool])
        client = ChatKitClient(ApprovingServer(agent), None)
        turn = await client.send("Write to Ann")
        assert [item.type for item in turn.items] == ["structured_input"]
        item = _asked(client)
        assert item.inputs[0].question == 'Allow “mail: send_mail” with to: "ann@example.org"?'
        turn = await client.answer_questions(item.id, {item.inputs[0].id: [choice]})
        assert turn.text == "Settled."
        answer = model.requests[1].input[-1]
        assert answer["type"] == "mcp_approval_response"
        assert answer["approval_request_id"] == item.inputs[0].id
        assert answer["approve"] is approve


async def test_without_approvals_nothing_is_asked_and_the_app_sees_the_interruption() -> None:
    till = Till()
    async with ScriptedModel([Call("pay", {"to": "Ann", "amount": 7})]) as model:
        server = AgentServer(Agent[Context](name="a", model=responses(model), tools=[till.tool]))
        client = ChatKitClient(server, None)
        turn = await client.send("Pay Ann")
        assert turn.items == []
        assert len(server.results[0].interruptions) == 1
