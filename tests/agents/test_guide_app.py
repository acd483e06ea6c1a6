"""An app written for openai-chatkit runs on ours as it is, with every version of the Agents SDK, on both of its wires."""

from __future__ import annotations

import json
from typing import Any

from agent_app import MakeModel
from guide_app import DictStore, GuestServer

from chatkit.server import NonStreamingResult, StreamingResult
from chatkit.testing import Call, Say, ScriptedModel, Think

ANN: dict[str, Any] = {"user": "ann"}


async def _ask(server: GuestServer, kind: str, **params: Any) -> Any:
    result = await server.process(json.dumps({"type": kind, "params": params}), ANN)
    if isinstance(result, StreamingResult):
        return [json.loads(frame.decode().removeprefix("data: ")) async for frame in result]
    assert isinstance(result, NonStreamingResult)
    return json.loads(result.json)


def _said(text: str) -> dict[str, Any]:
    return {"content": [{"type": "input_text", "text": text}], "attachments": [], "inference_options": {}}


def _done(events: list[Any]) -> list[str]:
    return [event["item"]["type"] for event in events if event["type"] == "thread.item.done"]


def _item(events: list[Any], kind: str) -> dict[str, Any]:
    return next(
        event["item"]
        for event in events
        if event["type"] == "thread.item.done" and event["item"]["type"] == kind
    )


async def test_an_app_for_the_public_package_runs_as_it_is(make_model: MakeModel) -> None:
    script: list[Any] = [
        [Think("A list will do."), Call("show_guests")],
        Say("Here they are."),
        [Call("read_selection")],
        Say("Ann is selected."),
        Say("Seven."),
    ]
    async with ScriptedModel(*script) as model:
        server = GuestServer(DictStore(), make_model(model))
        events = await _ask(server, "threads.create", input=_said("Who is here?"))
        thread_id = events[0]["thread"]["id"]
        assert _done(events)[0] == "user_message"
        assert _done(events)[-2:] == ["widget", "assistant_message"]
        assert [e["name"] for e in events if e["type"] == "client_effect"] == ["highlight"]
        assert next(e for e in events if e["type"] == "thread.updated")["thread"]["title"] == "Who is here?"

        widget = _item(events, "widget")
        row = widget["widget"]["children"][0]["onClickAction"]
        action = {"type": row["type"], "payload": row["payload"]}
        events = await _ask(
            server, "threads.custom_action", thread_id=thread_id, item_id=widget["id"], action=action
        )
        deltas = [e["update"]["delta"] for e in events if e["type"] == "thread.item.updated"]
        assert "".join(deltas) == "Ann, room 7"

        events = await _ask(
            server, "threads.add_user_message", thread_id=thread_id, input=_said("Who is selected?")
        )
        call = _item(events, "client_tool_call")
        assert (call["name"], call["status"]) == ("read_selection", "pending")
        events = await _ask(server, "threads.add_client_tool_output", thread_id=thread_id, result={"id": 7})
        assert _item(events, "assistant_message")["content"][0]["text"] == "Ann is selected."
        told = json.dumps(model.requests[3].input)
        assert "opened guest 7" in told
        assert '{\\"id\\": 7}' in json.dumps(model.requests[3].body)

        events = await _ask(server, "threads.add_user_message", thread_id=thread_id, input=_said("Room?"))
        assert _item(events, "assistant_message")["content"][0]["text"] == "Seven."
        loaded = await _ask(server, "threads.get_by_id", thread_id=thread_id)
        assert loaded["title"] == "Who is here?"
        kinds = [item["type"] for item in loaded["items"]["data"]]
        assert "hidden_context_item" not in kinds
        assert kinds.count("assistant_message") == 3
        stored = server.store.items[thread_id]  # type: ignore[attr-defined]
        assert len({item.id for item in stored}) == len(stored)

        first = loaded["items"]["data"][0]["id"]
        model.add("Nobody but Ann.")
        events = await _ask(server, "threads.retry_after_item", thread_id=thread_id, item_id=first)
        assert _item(events, "assistant_message")["content"][0]["text"] == "Nobody but Ann."
        assert [item.type for item in server.store.items[thread_id]] == ["user_message", "assistant_message"]  # type: ignore[attr-defined]

        await _ask(server, "threads.update", thread_id=thread_id, title="Guests")
        listed = await _ask(server, "threads.list", limit=10, order="desc")
        assert [thread["title"] for thread in listed["data"]] == ["Guests"]
        await _ask(server, "threads.delete", thread_id=thread_id)
        assert (await _ask(server, "threads.list", limit=10, order="desc"))["data"] == []
