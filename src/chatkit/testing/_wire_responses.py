"""The Responses wire format: a script as server-sent events."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Any

from ._script import AskApproval, Call, Draw, Drop, Part, Raw, Refuse, Say, Search, Think, Wait, tokens

__all__ = ["answer", "stream"]

Frame = dict[str, Any] | Wait | Drop


@dataclass
class _Output:
    """The response as it grows: what is complete, and the number of the next event."""

    model: str
    id: str = field(default_factory=lambda: f"resp_{token_hex(24)}")
    items: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    sequence: int = 0

    def event(self, type: str, **fields: Any) -> dict[str, Any]:
        self.sequence += 1
        return {"type": type, "sequence_number": self.sequence - 1, **fields}

    def response(self, status: str) -> dict[str, Any]:
        usage = {
            "input_tokens": 1,
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": 1,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": 2,
        }
        return {
            "id": self.id,
            "object": "response",
            "created_at": 0,
            "status": status,
            "model": self.model,
            "output": list(self.items),
            "parallel_tool_calls": True,
            "tool_choice": "auto",
            "tools": [],
            "error": None,
            "usage": usage if status == "completed" else None,
        }

    def added(self, item: dict[str, Any]) -> dict[str, Any]:
        return self.event("response.output_item.added", output_index=len(self.items), item=item)

    def done(self, item: dict[str, Any]) -> dict[str, Any]:
        self.items.append(item)
        return self.event("response.output_item.done", output_index=len(self.items) - 1, item=item)

    def place(self, item_id: str) -> dict[str, Any]:
        return {"item_id": item_id, "output_index": len(self.items)}


def stream(script: list[Part], body: dict[str, Any]) -> Iterator[Frame]:
    """Give the events of one streamed response."""
    output = _Output(str(body.get("model", "scripted")))
    yield output.event("response.created", response=output.response("in_progress"))
    yield output.event("response.in_progress", response=output.response("in_progress"))
    for part in script:
        yield from _part(part, output)
    yield output.event("response.completed", response=output.response("completed"))


def answer(script: list[Part], body: dict[str, Any]) -> dict[str, Any]:
    """Give the same response in one piece."""
    output = _Output(str(body.get("model", "scripted")))
    for part in script:
        for _ in _part(part, output):
            pass
    return output.response("completed")


def _part(part: Part, output: _Output) -> Iterator[Frame]:
    match part:
        case Say() | Refuse():
            yield from _message(part, output)
        case Think():
            yield from _reasoning(part, output)
        case Call():
            yield from _function_call(part, output)
        case Search():
            yield from _search(part, output)
        case Draw():
            yield from _image(part, output)
        case AskApproval():
            yield from _approval(part, output)
        case Raw():
            yield dict(part.event)
        case Wait() | Drop():
            yield part
        case _:
            raise TypeError(f"{part!r} cannot be part of a stream.")


def _message(part: Say | Refuse, output: _Output) -> Iterator[Frame]:
    message: dict[str, Any] = {"id": f"msg_{token_hex(24)}", "type": "message", "role": "assistant"}
    place = {**output.place(message["id"]), "content_index": 0}
    yield output.added({**message, "status": "in_progress", "content": []})
    content: dict[str, Any]
    if isinstance(part, Say):
        content = {"type": "output_text", "text": part.text, "annotations": _annotations(part)}
        yield output.event(
            "response.content_part.added", **place, part={**content, "text": "", "annotations": []}
        )
        for token in tokens(part.text):
            yield output.event("response.output_text.delta", **place, delta=token, logprobs=[])
        for index, annotation in enumerate(content["annotations"]):
            yield output.event(
                "response.output_text.annotation.added",
                **place,
                annotation_index=index,
                annotation=annotation,
            )
        yield output.event("response.output_text.done", **place, text=part.text, logprobs=[])
    else:
        content = {"type": "refusal", "refusal": part.text}
        yield output.event("response.content_part.added", **place, part={"type": "refusal", "refusal": ""})
        for token in tokens(part.text):
            yield output.event("response.refusal.delta", **place, delta=token)
        yield output.event("response.refusal.done", **place, refusal=part.text)
    yield output.event("response.content_part.done", **place, part=content)
    yield output.done({**message, "status": "completed", "content": [content]})


def _annotations(part: Say) -> list[dict[str, Any]]:
    return [
        {
            "type": "url_citation",
            "start_index": 0,
            "end_index": len(part.text) if cite.end is None else cite.end,
            "url": cite.url,
            "title": cite.title,
        }
        for cite in part.cites
    ]


def _reasoning(part: Think, output: _Output) -> Iterator[Frame]:
    item: dict[str, Any] = {"id": f"rs_{token_hex(24)}", "type": "reasoning", "summary": []}
    yield output.added(item)
    for index, text in enumerate(part.texts):
        place = {**output.place(item["id"]), "summary_index": index}
        summary = {"type": "summary_text", "text": text}
        yield output.event("response.reasoning_summary_part.added", **place, part={**summary, "text": ""})
        for token in tokens(text):
            yield output.event("response.reasoning_summary_text.delta", **place, delta=token)
        yield output.event("response.reasoning_summary_text.done", **place, text=text)
        yield output.event("response.reasoning_summary_part.done", **place, part=summary)
    yield output.done({**item, "summary": [{"type": "summary_text", "text": text} for text in part.texts]})


def _function_call(part: Call, output: _Output) -> Iterator[Frame]:
    arguments = json.dumps(dict(part.arguments))
    item: dict[str, Any] = {"type": "function_call", "call_id": part.call_id, "name": part.name}
    if part.item_id is not None:
        item["id"] = part.item_id
    place = output.place(part.item_id or "")
    yield output.added({**item, "arguments": "", "status": "in_progress"})
    yield output.event("response.function_call_arguments.delta", **place, delta=arguments)
    yield output.event("response.function_call_arguments.done", **place, arguments=arguments, name=part.name)
    yield output.done({**item, "arguments": arguments, "status": "completed"})


def _approval(part: AskApproval, output: _Output) -> Iterator[Frame]:
    item = {
        "type": "mcp_approval_request",
        "id": f"mcpr_{token_hex(24)}",
        "name": part.name,
        "arguments": json.dumps(dict(part.arguments)),
        "server_label": part.server_label,
    }
    yield output.added(item)
    yield output.done(item)


def _search(part: Search, output: _Output) -> Iterator[Frame]:
    sources = [{"type": "url", "url": url} for url in part.urls]
    item: dict[str, Any] = {"id": f"ws_{token_hex(24)}", "type": "web_search_call"}
    action = {"type": "search", "query": part.query, "queries": [part.query], "sources": sources}
    place = output.place(item["id"])
    yield output.added({**item, "status": "in_progress", "action": {"type": "search", "query": part.query}})
    for phase in ("in_progress", "searching", "completed"):
        yield output.event(f"response.web_search_call.{phase}", **place)
    yield output.done({**item, "status": "completed", "action": action})


def _image(part: Draw, output: _Output) -> Iterator[Frame]:
    item: dict[str, Any] = {"id": f"ig_{token_hex(24)}", "type": "image_generation_call"}
    place = output.place(item["id"])
    yield output.added({**item, "status": "in_progress", "result": None})
    for index, preview in enumerate(part.previews):
        yield output.event(
            "response.image_generation_call.partial_image",
            **place,
            partial_image_index=index,
            partial_image_b64=preview,
        )
    yield output.event("response.image_generation_call.completed", **place)
    yield output.done({**item, "status": "completed", "result": part.image})
