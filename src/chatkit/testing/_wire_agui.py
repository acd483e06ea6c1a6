"""The AG-UI wire format: a script as the events of one run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from secrets import token_hex
from typing import Any

from ._script import Call, Drop, Part, Raw, Refuse, Say, Search, Think, Wait, tokens

__all__ = ["answer", "stream"]

Frame = dict[str, Any] | Wait | Drop


def stream(script: list[Part], body: dict[str, Any]) -> Iterator[Frame]:
    """Give the events of one run."""
    run = {"threadId": str(body.get("threadId", "")), "runId": str(body.get("runId", ""))}
    yield {"type": "RUN_STARTED", **run}
    for part in script:
        if isinstance(part, Wait | Drop):
            yield part
        elif isinstance(part, Raw):
            yield dict(part.event)
        else:
            yield from _events(part)
    yield {"type": "RUN_FINISHED", **run}


def answer(script: list[Part], body: dict[str, Any]) -> dict[str, Any]:
    """AG-UI only streams.

    :raises TypeError: always
    """
    raise TypeError("AG-UI runs are always streamed.")


def _events(part: Part) -> Iterator[dict[str, Any]]:
    match part:
        case Say() | Refuse():
            message = {"messageId": f"m_{token_hex(4)}"}
            yield {"type": "TEXT_MESSAGE_START", **message, "role": "assistant"}
            yield from (
                {"type": "TEXT_MESSAGE_CONTENT", **message, "delta": token} for token in tokens(part.text)
            )
            yield {"type": "TEXT_MESSAGE_END", **message}
        case Think():
            for text in part.texts:
                message = {"messageId": f"r_{token_hex(4)}"}
                yield {"type": "REASONING_START", **message}
                yield {"type": "REASONING_MESSAGE_START", **message, "role": "reasoning"}
                yield from (
                    {"type": "REASONING_MESSAGE_CONTENT", **message, "delta": token} for token in tokens(text)
                )
                yield {"type": "REASONING_MESSAGE_END", **message}
                yield {"type": "REASONING_END", **message}
        case Call():
            call = {"toolCallId": part.call_id}
            yield {"type": "TOOL_CALL_START", **call, "toolCallName": part.name}
            yield {"type": "TOOL_CALL_ARGS", **call, "delta": json.dumps(dict(part.arguments))}
            yield {"type": "TOOL_CALL_END", **call}
            if part.result is not None:
                yield {
                    "type": "TOOL_CALL_RESULT",
                    **call,
                    "messageId": f"t_{token_hex(4)}",
                    "content": part.result,
                }
        case Search():
            yield {"type": "STEP_STARTED", "stepName": part.query}
            yield {"type": "STEP_FINISHED", "stepName": part.query}
        case _:
            raise TypeError(f"AG-UI has no {type(part).__name__}; use Say, Think, Call or Search (a step).")
