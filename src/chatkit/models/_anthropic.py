"""Anthropic's messages endpoint."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from chatkit._bridge.http import stream_json
from chatkit._bridge.output import ModelCall, Output
from chatkit._bridge.reading import read_list, read_text

from ._anthropic_tools import citation, hosted_item, parsed
from ._cut import Cut
from ._tools import Tool

__all__ = ["Anthropic"]

_HOSTED: Final = frozenset({"server_tool_use", "mcp_tool_use"})
_MOST_PAUSES: Final = 10
_LEFT_OUT: Final = "(What was said before is left out.)"


@dataclass(frozen=True)
class Anthropic:
    """A model behind Anthropic's messages endpoint.

    :param max_tokens: the most tokens of one answer
    :param options: more fields for each request, for example ``{"thinking": {"type": "enabled", "budget_tokens": 2000}}``
    :param client: an httpx client to use instead of one for each request
    """

    model: str
    api_key: str | None = None
    base_url: str = "https://api.anthropic.com/v1"
    max_tokens: int = 4096
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    options: Mapping[str, Any] = field(default_factory=dict[str, Any])
    client: httpx.AsyncClient | None = None

    async def stream(
        self, instructions: str | None, items: Sequence[Any], tools: Sequence[Tool]
    ) -> AsyncIterator[Any]:
        """Give the events of one answer and, last, each :class:`ModelCall`.

        Between the calls of one turn the thinking goes back to the model, as the endpoint asks. An answer that the
        endpoint pauses, because its own tools take long, is gone on with; one that it cut off is told of.

        :raises ModelError: the endpoint refused or broke off
        """
        body: dict[str, Any] = {
            "model": self.model,
            "max_tokens": self.max_tokens,
            "messages": _messages(items),
            "stream": True,
        }
        if instructions:
            body["system"] = instructions
        if tools:
            body["tools"] = [_declared(tool) for tool in tools]
        blocks = _Blocks()
        async for shown in self._whole(body, blocks):
            yield shown
        for shown in blocks.output.close():
            yield shown
        if blocks.thinking and blocks.calls:
            yield {"type": "anthropic_thinking", "blocks": blocks.thinking}
        if cut := Cut.of(blocks.reason):
            yield cut
        for call in blocks.calls:
            yield call

    async def _whole(self, body: Mapping[str, Any], blocks: _Blocks) -> AsyncIterator[Any]:
        """What to show of an answer, through all its pauses."""
        key = {"x-api-key": self.api_key} if self.api_key else {}
        headers = {"anthropic-version": "2023-06-01", **key, **self.headers}
        url = f"{self.base_url.rstrip('/')}/messages"
        sent = {**body, **self.options}
        for _ in range(_MOST_PAUSES):
            async for event in stream_json(self.client, url, headers, sent):
                for shown in blocks.take(event):
                    yield shown
            if blocks.reason != "pause_turn" or blocks.calls:
                return
            said = {"role": "assistant", "content": blocks.whole()}
            sent = {**sent, "messages": [*body["messages"], said]}


class _Blocks:
    """The content blocks of one answer as they come in."""

    def __init__(self) -> None:
        self.output = Output()
        self.calls: list[ModelCall] = []
        self.thinking: list[dict[str, Any]] = []
        self.content: list[dict[str, Any]] = []
        self.reason = ""
        self._pieces: list[str] = []
        self._kind = ""
        self._hosted: dict[str, dict[str, Any]] = {}
        self._hosted_id = ""
        self._input = ""

    def take(self, event: Mapping[str, Any]) -> Iterator[Any]:
        """What to show of an event."""
        kind = event.get("type")
        if kind == "content_block_start":
            yield from self._start(event["content_block"])
        elif kind == "content_block_delta":
            yield from self._delta(event["delta"])
        elif kind == "content_block_stop":
            yield from self._stop()
        elif kind == "message_delta":
            self.reason = self.reason or read_text(event.get("delta"), "stop_reason")
        elif kind == "message_start":
            self.reason = ""

    def whole(self) -> list[dict[str, Any]]:
        """Everything so far, as the endpoint said it."""
        return [block for block in self.content if block.get("text") != ""]

    def _start(self, block: Mapping[str, Any]) -> Iterator[Any]:
        self._kind = read_text(block, "type")
        if self._kind == "tool_use":
            given: Mapping[str, Any] = block.get("input") or {}
            arguments = json.dumps(given) if given else ""
            self.calls.append(ModelCall(read_text(block, "id"), read_text(block, "name"), arguments))
        elif self._kind in ("thinking", "redacted_thinking"):
            self.thinking.append(self._keep(block))
            yield from self.output.thought(read_text(block, "thinking"))
        elif self._kind in _HOSTED:
            self._hosted_id, self._input = read_text(block, "id"), ""
            self._hosted[self._hosted_id] = self._keep(block)
        elif self._kind.endswith("_tool_result"):
            self._keep(block)
            call = self._hosted.pop(read_text(block, "tool_use_id"), None)
            if call is not None:
                yield from self.output.item(hosted_item(call, block.get("content")), done=True)
        elif self._kind == "text":
            self._keep(block)
            self._pieces = [read_text(block, "text")]
            yield from self.output.text(read_text(block, "text"))

    def _keep(self, block: Mapping[str, Any]) -> dict[str, Any]:
        self.content.append(dict(block))
        return self.content[-1]

    def _delta(self, delta: Mapping[str, Any]) -> Iterator[Any]:
        match delta.get("type"):
            case "text_delta":
                self._pieces.append(read_text(delta, "text"))
                yield from self.output.text(read_text(delta, "text"))
            case "thinking_delta":
                block = self.thinking[-1]
                block["thinking"] = read_text(block, "thinking") + read_text(delta, "thinking")
                yield from self.output.thought(read_text(delta, "thinking"))
            case "signature_delta":
                block = self.thinking[-1]
                block["signature"] = read_text(block, "signature") + read_text(delta, "signature")
            case "input_json_delta":
                self._grow(read_text(delta, "partial_json"))
            case "citations_delta":
                if self._kind == "text":
                    self.content[-1]["citations"] = [
                        *read_list(self.content[-1], "citations"),
                        delta["citation"],
                    ]
                yield from self.output.cite(citation(delta["citation"]))
            case _:
                return

    def _grow(self, piece: str) -> None:
        if self._kind == "tool_use":
            self.calls[-1].arguments += piece
        else:
            self._input += piece

    def _stop(self) -> Iterator[Any]:
        """A block is complete. Text goes on in the next text block: a cited passage is a block of its own."""
        if self._kind in _HOSTED:
            call = self._hosted[self._hosted_id]
            call["input"] = parsed(self._input) or call.get("input") or {}
            yield from self.output.item(hosted_item(call, None), done=False)
        elif self._kind == "text":
            self.content[-1]["text"] = "".join(self._pieces)
        elif self._kind in ("thinking", "redacted_thinking"):
            yield from self.output.close()


def _declared(tool: Tool) -> dict[str, Any]:
    return {"name": tool.name, "description": tool.description, "input_schema": tool.parameters}


def _messages(items: Sequence[Any]) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = []
    for item in items:
        role, blocks = _blocks(item)
        blocks = [block for block in blocks if block.get("text") != ""]
        if not blocks:
            continue
        if messages and messages[-1]["role"] == role:
            messages[-1]["content"] += blocks
        else:
            messages.append({"role": role, "content": blocks})
    if messages and messages[0]["role"] == "assistant":  # the endpoint wants the user to begin
        messages.insert(0, {"role": "user", "content": [{"type": "text", "text": _LEFT_OUT}]})
    return messages


def _blocks(item: Mapping[str, Any]) -> tuple[str, list[dict[str, Any]]]:
    match item.get("type", "message"):
        case "function_call":
            given = parsed(item["arguments"])
            return "assistant", [
                {"type": "tool_use", "id": item["call_id"], "name": item["name"], "input": given}
            ]
        case "function_call_output":
            return "user", [
                {"type": "tool_result", "tool_use_id": item["call_id"], "content": item["output"]}
            ]
        case "anthropic_thinking":
            return "assistant", list(item["blocks"])
        case _:
            role = "assistant" if item.get("role") == "assistant" else "user"
            content = item["content"]
            parts = [{"type": "input_text", "text": content}] if isinstance(content, str) else content
            return role, [_part(part) for part in parts]


def _part(part: Mapping[str, Any]) -> dict[str, Any]:
    match part.get("type"):
        case "input_image":
            return {"type": "image", "source": _source(read_text(part, "image_url"))}
        case "input_file":
            title = {"title": part["filename"]} if part.get("filename") else {}
            address = read_text(part, "file_data") or read_text(part, "file_url")
            return {"type": "document", "source": _source(address), **title}
        case _:
            return {"type": "text", "text": read_text(part, "text")}


def _source(url: str) -> dict[str, Any]:
    """Where an image or a file is: its bytes when the address holds them."""
    if not url.startswith("data:"):
        return {"type": "url", "url": url}
    media_type, _, data = url.removeprefix("data:").partition(";base64,")
    return {"type": "base64", "media_type": media_type, "data": data}
