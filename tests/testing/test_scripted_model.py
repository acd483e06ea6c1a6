"""The scripted endpoint speaks the real wire formats, checked with the SDK that reads them."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from openai import APIConnectionError, APIStatusError, AsyncOpenAI

from chatkit.testing import Call, Drop, Fail, Refuse, Say, ScriptedModel, Think, Wait


def openai(model: ScriptedModel) -> AsyncOpenAI:
    return AsyncOpenAI(base_url=model.base_url, api_key="none", max_retries=0)


async def test_responses_in_one_piece_and_streamed_say_the_same() -> None:
    script = [Think("Hm."), Call("look", {"at": 1}, call_id="call_1"), Say("Done now.")]
    async with ScriptedModel(script, script) as model, openai(model) as client:
        whole = await client.responses.create(model="m", input="Hi")
        stream = await client.responses.create(model="m", input="Hi", stream=True)
        last: Any = None
        kinds: list[str] = []
        async for event in stream:
            kinds.append(event.type)
            last = event
        assert whole.output_text == last.response.output_text == "Done now."
        assert [item.type for item in whole.output] == ["reasoning", "function_call", "message"]
        assert [item.type for item in last.response.output] == ["reasoning", "function_call", "message"]
        assert kinds[0] == "response.created"
        assert kinds.count("response.output_text.delta") == 2
        assert [request.wire for request in model.requests] == ["responses", "responses"]


async def test_chat_completions_in_one_piece_and_streamed_say_the_same() -> None:
    script = [Call("look", {"at": 1}, call_id="call_1"), Say("Done now.")]
    async with ScriptedModel(script, script, Refuse("No.")) as model, openai(model) as client:
        messages: Any = [{"role": "user", "content": "Hi"}]
        whole = await client.chat.completions.create(model="m", messages=messages)
        assert whole.choices[0].message.content == "Done now."
        calls: Any = whole.choices[0].message.tool_calls
        assert calls[0].function.arguments == '{"at": 1}'
        text, arguments = "", ""
        async for chunk in await client.chat.completions.create(model="m", messages=messages, stream=True):
            delta = chunk.choices[0].delta
            text += delta.content or ""
            for call in delta.tool_calls or []:
                arguments += (call.function.arguments or "") if call.function else ""
        assert (text, arguments) == ("Done now.", '{"at": 1}')
        refused = await client.chat.completions.create(model="m", messages=messages)
        assert refused.choices[0].message.refusal == "No."


async def test_a_request_beyond_the_script_says_that_the_script_has_ended() -> None:
    async with ScriptedModel() as model, openai(model) as client:
        with pytest.raises(APIStatusError, match="The script has ended: request 1 has no reply"):
            await client.responses.create(model="m", input="Hi")


async def test_a_reply_may_depend_on_the_request() -> None:
    async with (
        ScriptedModel(lambda request: f"You offer {request.tool_names}") as model,
        openai(model) as client,
    ):
        tools: Any = [{"type": "function", "name": "look", "parameters": {}, "strict": False}]
        found = await client.responses.create(model="m", input="Hi", tools=tools)
        assert found.output_text == "You offer ['look']"


async def test_failures_breaks_and_waits_happen_where_the_script_says() -> None:
    wait = Wait()
    script = (Fail(429, "slow"), [Say("a"), Drop()], [Say("b"), wait, Say("c")])
    async with ScriptedModel(*script) as model, openai(model) as client:
        with pytest.raises(APIStatusError, match="slow"):
            await client.responses.create(model="m", input="Hi")
        with pytest.raises((APIConnectionError, httpx.HTTPError)):
            async for _ in await client.responses.create(model="m", input="Hi", stream=True):
                pass
        heard: list[str] = []
        async for event in await client.responses.create(model="m", input="Hi", stream=True):
            if event.type == "response.output_text.delta":
                heard.append(event.delta)
                wait.gate.set()
        assert heard == ["b", "c"]
        assert model.requests[2].sent.is_set()


async def test_a_client_that_leaves_is_noticed() -> None:
    async with ScriptedModel([Say("a"), Wait()]) as model, httpx.AsyncClient() as client:
        body = {"model": "m", "input": "Hi", "stream": True}
        async with client.stream("POST", f"{model.base_url}/responses", json=body) as response:
            await anext(response.aiter_bytes())
        await asyncio.wait_for(model.requests[0].hung_up.wait(), 1)


async def test_what_is_not_an_endpoint_is_not_found() -> None:
    async with ScriptedModel() as model, httpx.AsyncClient() as client:
        assert (await client.get(f"{model.base_url}/nothing")).status_code == 404
        assert (await client.get(f"{model.base_url}/models")).json()["data"][0]["id"] == "scripted"
