"""Any endpoint that speaks chat completions: OpenAI, Ollama, vLLM, llama.cpp, LM Studio, gateways."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from chatkit._bridge.http import stream_json
from chatkit._bridge.output import ModelCall, Output
from chatkit._bridge.reading import read_text

from ._tools import Tool

__all__ = ["ChatCompletions"]


@dataclass(frozen=True)
class ChatCompletions:
    """A model behind a chat-completions endpoint.

    :param model: the model's name, for example ``qwen3:8b``
    :param base_url: the address up to ``/v1``
    :param options: more fields for each request, for example ``{"temperature": 0}``
    :param client: an httpx client to use instead of one for each request
    """

    model: str
    base_url: str = "https://api.openai.com/v1"
    api_key: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    options: Mapping[str, Any] = field(default_factory=dict[str, Any])
    client: httpx.AsyncClient | None = None

    async def stream(
        self, instructions: str | None, items: Sequence[Any], tools: Sequence[Tool]
    ) -> AsyncIterator[Any]:
        """Give the events of one answer and, last, each :class:`ModelCall`.

        :raises ModelError: the endpoint refused or broke off
        """
        body: dict[str, Any] = {
            "model": self.model,
            "messages": _messages(instructions, items),
            "stream": True,
        }
        if tools:
            body["tools"] = [_declared(tool) for tool in tools]
        headers = {**({"Authorization": f"Bearer {self.api_key}"} if self.api_key else {}), **self.headers}
        url = f"{self.base_url.rstrip('/')}/chat/completions"
        output, calls = Output(), dict[int, ModelCall]()
        async for chunk in stream_json(self.client, url, headers, {**body, **self.options}):
            for event in _chunk(chunk, output, calls):
                yield event
        for event in output.close():
            yield event
        for call in calls.values():
            yield call


def _chunk(chunk: Mapping[str, Any], output: Output, calls: dict[int, ModelCall]) -> Iterator[Any]:
    choices: list[dict[str, Any]] = chunk.get("choices") or []
    delta: dict[str, Any] = (choices[0].get("delta") or {}) if choices else {}
    yield from output.thought(read_text(delta, "reasoning_content") or read_text(delta, "reasoning"))
    yield from output.text(read_text(delta, "content") or read_text(delta, "refusal"))
    parts: list[dict[str, Any]] = delta.get("tool_calls") or []
    for part in parts:
        _grow(calls, part)


def _grow(calls: dict[int, ModelCall], part: Mapping[str, Any]) -> None:
    """Put a piece of a tool call to the others; some endpoints number them, some send each whole."""
    function: Mapping[str, Any] = part.get("function") or {}
    index = part.get("index")
    at = index if isinstance(index, int) else len(calls)
    name, call_id, arguments = (
        read_text(function, "name"),
        read_text(part, "id"),
        function.get("arguments") or "",
    )
    text = arguments if isinstance(arguments, str) else json.dumps(arguments)
    known = calls.get(at)
    if known is None:
        calls[at] = ModelCall(call_id, name, text)
        return
    known.call_id, known.name = known.call_id or call_id, known.name or name
    known.arguments += text


def _declared(tool: Tool) -> dict[str, Any]:
    function = {"name": tool.name, "description": tool.description, "parameters": tool.parameters}
    return {"type": "function", "function": function}


def _messages(instructions: str | None, items: Sequence[Any]) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = [{"role": "system", "content": instructions}] if instructions else []
    for item in items:
        kind = item.get("type", "message")
        if kind == "function_call":
            _add_call(messages, item)
        elif kind == "function_call_output":
            messages.append(
                {"role": "tool", "tool_call_id": item["call_id"], "content": _plain(item["output"])}
            )
        elif item.get("role") == "assistant":
            messages.append({"role": "assistant", "content": _plain(item["content"])})
        elif kind == "message":
            messages.append({"role": item.get("role", "user"), "content": _content(item["content"])})
    return messages


def _add_call(messages: list[dict[str, Any]], item: Mapping[str, Any]) -> None:
    function = {"name": item["name"], "arguments": item["arguments"] or "{}"}
    call = {"id": item["call_id"], "type": "function", "function": function}
    last = messages[-1] if messages else {}
    if last.get("role") == "assistant":
        last.setdefault("tool_calls", []).append(call)
    else:
        messages.append({"role": "assistant", "content": None, "tool_calls": [call]})


def _plain(content: Any) -> str:
    if isinstance(content, str):
        return content
    return "".join(read_text(part, "text") or read_text(part, "refusal") for part in content)


def _content(content: Any) -> Any:
    """User content: one string when it is only text, which the simplest endpoints need; else parts."""
    if isinstance(content, str) or all(part["type"] == "input_text" for part in content):
        return _plain(content)
    return [_part(part) for part in content]


def _part(part: Mapping[str, Any]) -> dict[str, Any]:
    if part["type"] == "input_image":
        return {"type": "image_url", "image_url": {"url": part["image_url"]}}
    if part["type"] == "input_file":
        return {
            "type": "file",
            "file": {name: part[name] for name in ("file_id", "filename", "file_data") if name in part},
        }
    return {"type": "text", "text": read_text(part, "text")}
