"""Messages as AG-UI has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from chatkit._bridge.reading import read_text

__all__ = ["new_answers", "plain", "to_agui_messages"]


def to_agui_messages(items: Sequence[Any]) -> list[dict[str, Any]]:
    """AG-UI messages for model input, which ``simple_to_agent_input`` and :class:`ThreadItemConverter` give."""
    return [_message(index, item) for index, item in enumerate(items)]


def _message(index: int, item: Mapping[str, Any]) -> dict[str, Any]:
    kind = item.get("type", "message")
    message_id = read_text(item, "id") or f"m{index}"
    if kind == "function_call":
        function = {"name": item["name"], "arguments": item["arguments"]}
        call = {"id": item["call_id"], "type": "function", "function": function}
        return {"id": message_id, "role": "assistant", "toolCalls": [call]}
    if kind == "function_call_output":
        return {
            "id": message_id,
            "role": "tool",
            "toolCallId": item["call_id"],
            "content": plain(item["output"]),
        }
    return {"id": message_id, "role": item.get("role", "user"), "content": _content(item["content"])}


def plain(content: Any) -> str:
    """The text of a message, or of a tool's result, whose content may be a list of parts."""
    if content is None or isinstance(content, str):
        return content or ""
    return "".join(read_text(part, "text") for part in content)


def new_answers(messages: Sequence[Any]) -> list[Mapping[str, Any]]:
    """The assistant's messages after the newest one of the user; none when the user said nothing."""
    asked = [n for n, message in enumerate(messages) if message.get("role") == "user"]
    after: Sequence[Any] = messages[asked[-1] + 1 :] if asked else ()
    return [
        message for message in after if message.get("role") == "assistant" and plain(message.get("content"))
    ]


def _content(content: Any) -> Any:
    """One string when it is only text, which the simplest agents need; else parts."""
    if isinstance(content, str) or all(read_text(part, "type").endswith("_text") for part in content):
        return plain(content)
    return [_part(part) for part in content]


def _part(part: Mapping[str, Any]) -> dict[str, Any]:
    match part.get("type"):
        case "input_image":
            return {"type": "image", "source": _source(read_text(part, "image_url"))}
        case "input_file":
            source = _source(read_text(part, "file_data") or read_text(part, "file_url"))
            return {
                "type": "document",
                "source": source,
                "metadata": {"filename": read_text(part, "filename")},
            }
        case _:
            return {"type": "text", "text": read_text(part, "text")}


def _source(url: str) -> dict[str, Any]:
    if not url.startswith("data:"):
        return {"type": "url", "value": url}
    mime_type, _, data = url.removeprefix("data:").partition(";base64,")
    return {"type": "data", "value": data, "mimeType": mime_type}
