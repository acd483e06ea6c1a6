"""Sources and tools of Anthropic's own, in the shape that the bridge to the conversation reads."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, cast

from chatkit._bridge.reading import read_text

__all__ = ["citation", "hosted_item", "parsed"]


def parsed(arguments: str) -> dict[str, Any]:
    """The arguments of a call; none when they are not a JSON object, as broken ones in a history may be."""
    try:
        given: Any = json.loads(arguments or "{}")
    except ValueError:
        return {}
    return cast("dict[str, Any]", given) if isinstance(given, dict) else {}


def citation(source: Mapping[str, Any]) -> dict[str, Any]:
    """A citation of a page, or of a document, as an annotation of the Responses API."""
    url = read_text(source, "url")
    if url:
        return {"type": "url_citation", "url": url, "title": read_text(source, "title") or url}
    name = read_text(source, "document_title") or read_text(source, "title") or read_text(source, "source")
    return {"type": "file_citation", "filename": name or "Document"}


def hosted_item(call: Mapping[str, Any], result: Any) -> dict[str, Any]:
    """A tool that the endpoint runs by itself as an output item; ``result`` is its result's content, when it has one."""
    name, given = read_text(call, "name"), cast("dict[str, Any]", call.get("input") or {})
    known: dict[str, Any] = {"id": read_text(call, "id")}
    if name == "web_search":
        found = cast("list[Any]", result) if isinstance(result, list) else []
        sources = [{"type": "url", "url": url} for page in found if (url := read_text(page, "url"))]
        query = read_text(given, "query")
        action = {"type": "search", "query": query, "queries": [query] if query else [], "sources": sources}
        return {**known, "type": "web_search_call", "action": action}
    if name == "code_execution":
        return {**known, "type": "code_interpreter_call", "code": read_text(given, "code")}
    arguments = json.dumps(given) if given else ""
    server = read_text(call, "server_name")
    return {**known, "type": "mcp_call", "name": name, "server_label": server, "arguments": arguments}
