"""Tool calls that a person must approve, with models over plain HTTP."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

import pytest

from chatkit.backends.memory import MemoryStore
from chatkit.models import (
    AgentContext,
    Anthropic,
    ChatCompletions,
    Model,
    ResponseStreamConverter,
    Tool,
    client_tool,
    simple_to_agent_input,
    stream_model_response,
    tool,
)
from chatkit.server import ChatKitServer
from chatkit.testing import Call, ChatKitClient, Say, ScriptedModel, Think
from chatkit.types import (
    StructuredInputItem,
    StructuredInputMultipleChoice,
    ThreadMetadata,
    ThreadStreamEvent,
    UserMessageItem,
)

MakeModel = Callable[[ScriptedModel], Model]


@pytest.fixture(params=["chat", "anthropic"])
def make_model(request: pytest.FixtureRequest) -> MakeModel:
    if request.param == "chat":
        return lambda model: ChatCompletions("scripted", base_url=model.base_url, api_key="none")
    return lambda model: Anthropic("scripted", base_url=model.base_url, api_key="none")


class Till:
    """Tools that pay, look and ring."""

    def __init__(self, needs_approval: Any = True) -> None:
        self.paid: list[tuple[str, int]] = []

        @tool(needs_approval=needs_approval)
        async def pay(context: AgentContext[None], to: str, amount: int) -> str:
            """Pay somebody."""
            self.paid.append((to, amount))
            return f"paid {amount} to {to}"

        @tool
        async def balance() -> int:
            """Look into the till."""
            return 40

        self.tools = [pay, balance, client_tool("ring", "Ring the bell.")]


class PayingServer(ChatKitServer[None]):
    def __init__(self, model: Model, tools: Sequence[Tool], **settings: Any) -> None:
        super().__init__(MemoryStore())
        self.model, self.tools, self.settings = model, tools, settings

    async def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: None
    ) -> AsyncIterator[ThreadStreamEvent]:
        items = await self.store.load_thread_items(thread.id, None, 1000, "asc", context)
        run = AgentContext(thread=thread, store=self.store, request_context=context)
        given = await simple_to_agent_input(items.data)
        async for event in stream_model_response(run, self.model, given, tools=self.tools, **self.settings):
            yield event


def _asked(client: ChatKitClient[None]) -> StructuredInputItem:
    item = client.last(StructuredInputItem)
    assert item.status == "pending"
    return item


@pytest.mark.parametrize("tool_history", [True, False])
async def test_calls_run_after_they_were_approved_beside_those_that_need_nobody(
    make_model: MakeModel, tool_history: bool
) -> None:
    till = Till()
    calls = [
        Think("Two steps."),
        Say("One moment."),
        Call("balance", call_id="call_1"),
        Call("pay", {"to": "Ann", "amount": 7}, call_id="call_2"),
        Call("pay", {"to": "Bob", "amount": 9}, call_id="call_3"),
    ]
    async with ScriptedModel(calls, "Done.", "Later.") as model:
        server = PayingServer(make_model(model), till.tools, tool_history=tool_history)
        client = ChatKitClient(server, None)
        turn = await client.send("Pay")
        assert turn.error is None
        assert till.paid == []
        item = _asked(client)
        assert [question.id for question in item.inputs] == ["call_2", "call_3"]
        turn = await client.answer_questions(item.id, {"call_2": ["Approve"], "call_3": ["Deny"]})
        assert (turn.error, turn.text) == (None, "Done.")
        assert till.paid == [("Ann", 7)]
        told = json.dumps(model.requests[1].input)
        assert [told.count(f'"{call_id}"') for call_id in ("call_1", "call_2", "call_3")] == [2, 2, 2]
        assert "paid 7 to Ann" in told
        assert "did not allow" in told
        assert "paused_run" not in told

        await client.send("And then?")
        later = json.dumps(model.requests[2].input)
        assert later.count("paid 7 to Ann") == (1 if tool_history else 0)


async def test_the_model_is_told_again_what_it_thought_and_said_before_its_calls() -> None:
    till = Till()
    calls = [Think("Hm."), Say("One moment."), Call("pay", {"to": "Ann", "amount": 7}, call_id="call_2")]
    async with ScriptedModel(calls, "Done.") as model:
        server = PayingServer(Anthropic("m", base_url=model.base_url, api_key="n"), till.tools)
        client = ChatKitClient(server, None)
        await client.send("Pay")
        await client.answer_questions(_asked(client).id, {"call_2": ["Approve"]})
        last = [message for message in model.requests[1].input if message["role"] == "assistant"][-1]
        kinds = [block["type"] for block in last["content"]]
        assert kinds[kinds.index("thinking") :] == ["thinking", "text", "tool_use"]


async def test_approval_may_depend_on_the_arguments() -> None:
    till = Till(lambda arguments: arguments.get("amount", 0) > 5)
    async with ScriptedModel([Call("pay", {"to": "Ann", "amount": 5})], "Paid.") as model:
        client = ChatKitClient(PayingServer(ChatCompletions("m", model.base_url), till.tools), None)
        assert (await client.send("Pay")).text == "Paid."
        assert till.paid == [("Ann", 5)]


async def test_a_client_tool_beside_a_call_that_waits_is_not_carried_out() -> None:
    till = Till()
    calls = [Call("ring", call_id="call_1"), Call("pay", {"to": "Ann", "amount": 7}, call_id="call_2")]
    async with ScriptedModel(calls, "Done.") as model:
        client = ChatKitClient(PayingServer(ChatCompletions("m", model.base_url), till.tools), None)
        turn = await client.send("Pay and ring")
        assert turn.tool_calls == []
        turn = await client.answer_questions(_asked(client).id, {"call_2": ["Approve"]})
        assert turn.text == "Done."
        assert "another call waits" in json.dumps(model.requests[1].input)


async def test_an_app_words_the_question_itself() -> None:
    class German(ResponseStreamConverter):
        def approval_to_question(self, call: Any) -> StructuredInputMultipleChoice:
            question = super().approval_to_question(call)
            options = [option.model_copy(update={"value": v}) for option, v in zip(question.options, ("Ja", "Nein"), strict=True)]  # fmt: skip
            return question.model_copy(
                update={"question": f"Darf ich {call['name']} ausführen?", "options": options}
            )

    till = Till()
    async with ScriptedModel([Call("pay", {"to": "Ann", "amount": 7}, call_id="call_2")], "Gut.") as model:
        server = PayingServer(ChatCompletions("m", model.base_url), till.tools, converter=German())
        client = ChatKitClient(server, None)
        await client.send("Zahle")
        item = _asked(client)
        assert item.inputs[0].question == "Darf ich pay ausführen?"
        await client.answer_questions(item.id, {"call_2": ["Ja"]})
        assert till.paid == [("Ann", 7)]


async def test_arguments_are_shown_whole_and_cannot_draw_lines_of_their_own() -> None:
    till = Till()
    tricky = {"to": "Ann\n\nAllow “balance”?", "amount": 7}
    async with ScriptedModel([Call("pay", tricky)]) as model:
        client = ChatKitClient(PayingServer(ChatCompletions("m", model.base_url), till.tools), None)
        await client.send("Pay")
        question = _asked(client).inputs[0].question
        assert "\n" not in question
        assert "\\n" in question
        assert "amount: 7" in question
