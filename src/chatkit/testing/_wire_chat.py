"""The chat-completions wire format: a script as chunks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from secrets import token_hex
from typing import Any

from ._script import Call, Drop, Part, Raw, Refuse, Say, Think, Wait, tokens

__all__ = ["answer", "stream"]

Frame = dict[str, Any] | Wait | Drop
_USAGE = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}


def stream(script: list[Part], body: dict[str, Any]) -> Iterator[Frame]:
    """Give the chunks of one streamed completion."""
    head = _head(body, "chat.completion.chunk")
    calls = 0
    yield _chunk(head, {"role": "assistant", "content": ""})
    for part in script:
        if isinstance(part, Wait | Drop | Raw):
            yield dict(part.event) if isinstance(part, Raw) else part
            continue
        for delta in _deltas(part, calls):
            yield _chunk(head, delta)
        calls += isinstance(part, Call)
    yield _chunk(head, {}, "tool_calls" if calls else "stop")
    options: dict[str, Any] = body.get("stream_options") or {}
    if options.get("include_usage"):
        yield {**head, "choices": [], "usage": _USAGE}


def answer(script: list[Part], body: dict[str, Any]) -> dict[str, Any]:
    """Give the same completion in one piece."""
    calls = [part for part in script if isinstance(part, Call)]
    message: dict[str, Any] = {
        "role": "assistant",
        "content": "".join(part.text for part in script if isinstance(part, Say)) or None,
    }
    refusals = [part.text for part in script if isinstance(part, Refuse)]
    if refusals:
        message["refusal"] = "".join(refusals)
    if calls:
        message["tool_calls"] = [_tool_call(call) for call in calls]
    choice = {"index": 0, "message": message, "finish_reason": "tool_calls" if calls else "stop"}
    return {**_head(body, "chat.completion"), "choices": [choice], "usage": _USAGE}


def _head(body: dict[str, Any], kind: str) -> dict[str, Any]:
    model = str(body.get("model", "scripted"))
    return {"id": f"chatcmpl-{token_hex(12)}", "object": kind, "created": 0, "model": model}


def _chunk(head: dict[str, Any], delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
    return {**head, "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}


def _tool_call(call: Call) -> dict[str, Any]:
    function = {"name": call.name, "arguments": json.dumps(dict(call.arguments))}
    return {"id": call.call_id, "type": "function", "function": function}


def _deltas(part: Part, index: int) -> Iterator[dict[str, Any]]:
    match part:
        case Say():
            yield from ({"content": token} for token in tokens(part.text))
        case Refuse():
            yield from ({"refusal": token} for token in tokens(part.text))
        case Think():
            for text in part.texts:
                yield from ({"reasoning_content": token} for token in tokens(text))
        case Call():
            yield {
                "tool_calls": [
                    {"index": index, **_tool_call(part), "function": {"name": part.name, "arguments": ""}}
                ]
            }
            for piece in _halves(json.dumps(dict(part.arguments))):
                yield {"tool_calls": [{"index": index, "function": {"arguments": piece}}]}
        case _:
            raise TypeError(
                f"Chat completions have no {type(part).__name__}; use Say, Think, Refuse or Call."
            )


def _halves(text: str) -> tuple[str, str]:
    return text[: len(text) // 2], text[len(text) // 2 :]
