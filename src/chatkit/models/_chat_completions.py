"""Any endpoint that speaks chat completions: OpenAI, Ollama, vLLM, llama.cpp, LM Studio, gateways."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import httpx

from chatkit._bridge.http import stream_json
from chatkit._bridge.output import ModelCall, Output
from chatkit._bridge.reading import read, read_text

from ._cut import Cut
from ._think_tags import ThinkTags
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
        """Give the events of one answer, that it was cut off if it was and, last, each :class:`ModelCall`.

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
        answer = _Answer()
        async for chunk in stream_json(self.client, url, headers, {**body, **self.options}):
            for event in answer.take(chunk):
                yield event
        for event in answer.end():
            yield event
        if cut := Cut.of(answer.reason):
            yield cut
        for call in answer.calls:
            yield call


class _Answer:
    """One answer as its chunks come in."""

    def __init__(self) -> None:
        self._output = Output()
        self._tags = ThinkTags()
        self._at: dict[int, ModelCall] = {}
        self.calls: list[ModelCall] = []
        self.reason = ""

    def take(self, chunk: Mapping[str, Any]) -> Iterator[Any]:
        """What to show of a chunk. Some endpoints send the whole answer as one, with a ``message``."""
        choices: list[dict[str, Any]] = chunk.get("choices") or []
        first = choices[0] if choices else {}
        self.reason = self.reason or read_text(first, "finish_reason")
        delta: dict[str, Any] = first.get("delta") or first.get("message") or {}
        yield from self._output.thought(
            read_text(delta, "reasoning_content") or read_text(delta, "reasoning")
        )
        for kind, text in self._said(delta.get("content")):
            yield from self._output.thought(text) if kind == "thinking" else self._output.text(text)
        yield from self._output.text(read_text(delta, "refusal"))
        parts: list[dict[str, Any]] = delta.get("tool_calls") or []
        for part in parts:
            self._grow(part)

    def end(self) -> Iterator[Any]:
        """Nothing more comes."""
        for kind, text in self._tags.end():
            yield from self._output.thought(text) if kind == "thinking" else self._output.text(text)
        yield from self._output.close()

    def _said(self, content: Any) -> Iterator[tuple[str, str]]:
        """Text and thoughts: a string, or a list of parts."""
        if isinstance(content, list):
            for part in cast("list[Any]", content):
                thinking = read(part, "thinking")
                if thinking is None:
                    yield from self._tags.take(read_text(part, "text"))
                else:
                    yield "thinking", thinking if isinstance(thinking, str) else _plain(thinking)
        elif content:
            yield from self._tags.take(str(content))

    def _grow(self, part: Mapping[str, Any]) -> None:
        """Put a piece of a tool call to the others.

        Endpoints differ: they number the calls, or not, or number all 0; they name a call once, or with every piece.
        """
        function: Mapping[str, Any] = part.get("function") or {}
        name, call_id = read_text(function, "name"), read_text(part, "id")
        arguments = function.get("arguments") or ""
        text = arguments if isinstance(arguments, str) else json.dumps(arguments)
        index = part.get("index")
        known = self._at.get(index) if isinstance(index, int) else self._unnumbered(call_id, name)
        if known is None or (call_id and known.call_id and call_id != known.call_id):
            known = ModelCall(call_id, name, text)
            self.calls.append(known)
            if isinstance(index, int):
                self._at[index] = known
            return
        known.call_id, known.name = known.call_id or call_id, known.name or name
        known.arguments += text

    def _unnumbered(self, call_id: str, name: str) -> ModelCall | None:
        """The call that a piece without a number goes on; None when it begins one."""
        if not self.calls or (name and not call_id):
            return None
        last = self.calls[-1]
        return last if call_id in ("", last.call_id) else None


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
