"""The wire format of Anthropic's messages: a script as content blocks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from secrets import token_hex
from typing import Any

from ._script import Call, Drop, Part, Raw, Refuse, Say, Think, Wait, tokens

__all__ = ["answer", "stream"]

Frame = dict[str, Any] | Wait | Drop


def stream(script: list[Part], body: dict[str, Any]) -> Iterator[Frame]:
    """Give the events of one streamed message."""
    yield {"type": "message_start", "message": _message(body, [], None)}
    yield {"type": "ping"}
    index = 0
    for part in script:
        if isinstance(part, Wait | Drop | Raw):
            yield dict(part.event) if isinstance(part, Raw) else part
            continue
        for block, deltas in _blocks(part):
            yield {"type": "content_block_start", "index": index, "content_block": block}
            yield from ({"type": "content_block_delta", "index": index, "delta": delta} for delta in deltas)
            yield {"type": "content_block_stop", "index": index}
            index += 1
    reason = _stop_reason(script)
    yield {
        "type": "message_delta",
        "delta": {"stop_reason": reason, "stop_sequence": None},
        "usage": {"output_tokens": 1},
    }
    yield {"type": "message_stop"}


def answer(script: list[Part], body: dict[str, Any]) -> dict[str, Any]:
    """Give the same message in one piece."""
    content: list[dict[str, Any]] = []
    for part in script:
        match part:
            case Say() | Refuse():
                content.append({"type": "text", "text": part.text})
            case Call():
                content.append(
                    {"type": "tool_use", "id": part.call_id, "name": part.name, "input": dict(part.arguments)}
                )
            case _:
                continue
    return _message(body, content, _stop_reason(script))


def _message(body: dict[str, Any], content: list[dict[str, Any]], reason: str | None) -> dict[str, Any]:
    return {
        "id": f"msg_{token_hex(12)}",
        "type": "message",
        "role": "assistant",
        "model": str(body.get("model", "scripted")),
        "content": content,
        "stop_reason": reason,
        "stop_sequence": None,
        "usage": {"input_tokens": 1, "output_tokens": 1},
    }


def _stop_reason(script: list[Part]) -> str:
    if any(isinstance(part, Call) for part in script):
        return "tool_use"
    return "refusal" if any(isinstance(part, Refuse) for part in script) else "end_turn"


def _blocks(part: Part) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    match part:
        case Say() | Refuse():
            yield (
                {"type": "text", "text": ""},
                [{"type": "text_delta", "text": token} for token in tokens(part.text)],
            )
        case Think():
            for text in part.texts:
                thoughts = [{"type": "thinking_delta", "thinking": token} for token in tokens(text)]
                signature = {"type": "signature_delta", "signature": token_hex(16)}
                yield {"type": "thinking", "thinking": "", "signature": ""}, [*thoughts, signature]
        case Call():
            whole = json.dumps(dict(part.arguments))
            pieces = ["", whole[: len(whole) // 2], whole[len(whole) // 2 :]]
            block: dict[str, Any] = {"type": "tool_use", "id": part.call_id, "name": part.name, "input": {}}
            yield block, [{"type": "input_json_delta", "partial_json": piece} for piece in pieces]
        case _:
            raise TypeError(
                f"Anthropic messages have no {type(part).__name__}; use Say, Think, Refuse or Call."
            )
