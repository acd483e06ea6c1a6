"""Threads of the hosted service, as records of an import: read with the API key of the project that has them."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from typing import Any, Final
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

import anyio.to_thread

from chatkit.errors import ChatKitError

__all__ = ["hosted_records"]

_Json = dict[str, Any]
_DEFAULT: Final = "https://api.openai.com/v1"
_AGAIN: Final = "Run it again: what was imported before this is replaced, and nothing is there twice."


async def hosted_records(user: str | None) -> AsyncIterator[_Json]:
    """Everything the service keeps: a thread's record and those of its items, oldest first.

    ``OPENAI_API_KEY`` is sent to ``OPENAI_BASE_URL``, by default the service's own address.

    :param user: only this user's threads.
    :raises ChatKitError: there is no key, or the service does not give them.
    """
    if not os.environ.get("OPENAI_API_KEY"):
        raise ChatKitError(
            "cli.key",
            "The hosted service gives threads to the project's API key only.",
            hint="Set OPENAI_API_KEY.",
        )
    async for thread in _listed("threads", {"user": user} if user else {}):
        owner = str(thread.get("user", ""))
        yield _thread_record(thread, owner)
        async for item in _listed(f"threads/{quote(thread['id'], safe='')}/items", {}):
            for record in _item_records(item, thread["id"], owner):
                yield record


async def _listed(what: str, query: dict[str, str]) -> AsyncIterator[_Json]:
    after: str | None = None
    while True:
        asked = {"limit": "100", "order": "asc", **query, **({"after": after} if after else {})}
        page = await anyio.to_thread.run_sync(_get, f"chatkit/{what}?{urlencode(asked)}")
        for entry in page["data"]:
            yield entry
        if not page.get("has_more") or not page["data"]:
            return
        after = page.get("last_id") or page["data"][-1]["id"]


def _get(path: str) -> _Json:
    base = os.environ.get("OPENAI_BASE_URL") or _DEFAULT
    if not base.startswith(("https://", "http://")):
        raise ChatKitError("cli.address", f"OPENAI_BASE_URL is no web address: {base}.")
    headers = {
        "Authorization": f"Bearer {os.environ['OPENAI_API_KEY']}",
        "OpenAI-Beta": "chatkit_beta=v1",
    }
    try:
        with urlopen(Request(f"{base.rstrip('/')}/{path}", headers=headers), timeout=60) as answer:  # noqa: S310
            return json.load(answer)
    except HTTPError as error:
        raise ChatKitError(
            "cli.hosted",
            f"{base} answered {error.code}: {_reason(error)}",
            hint=f"The key must be of the project that has the threads. {_AGAIN}",
        ) from error
    except (OSError, ValueError) as error:
        raise ChatKitError("cli.hosted", f"{base} gave no answer: {error}.", hint=_AGAIN) from error


def _reason(error: HTTPError) -> str:
    try:
        return str(json.load(error)["error"]["message"])
    except (ValueError, KeyError, TypeError):
        return str(error.reason)


def _thread_record(thread: _Json, owner: str) -> _Json:
    kept = {
        "id": thread["id"],
        "title": thread.get("title"),
        "created_at": _time(thread),
        "status": thread.get("status") or {"type": "active"},
        "metadata": {},
    }
    return {"kind": "thread", "owner": owner, "updated_at": kept["created_at"], "thread": kept}


def _item_records(item: _Json, thread_id: str, owner: str) -> Iterator[_Json]:
    kind = str(item["type"]).removeprefix("chatkit.")
    convert = _ITEMS.get(kind)
    if convert is None:
        raise ChatKitError(
            "cli.hosted",
            f"Item {item['id']} is of a kind that is not known: {kind}.",
            hint=_AGAIN,
        )
    base = {"id": item["id"], "thread_id": thread_id, "created_at": _time(item)}
    kept = {**base, **convert(item)}
    yield {"kind": "item", "owner": owner, "thread_id": thread_id, "item": kept}
    for attachment in kept.get("attachments", ()):
        yield {"kind": "attachment", "owner": owner, "attachment": attachment}


def _time(entry: _Json) -> str:
    return datetime.fromtimestamp(entry["created_at"], UTC).isoformat()


def _user_message(item: _Json) -> _Json:
    parts: list[_Json] = item["content"]
    quoted = [part["text"] for part in parts if part["type"] == "quoted_text"]
    return {
        "type": "user_message",
        "content": [
            {"type": "input_text", "text": part["text"]} for part in parts if part["type"] == "input_text"
        ],
        "quoted_text": "\n".join(quoted) or None,
        # The service gives names, not contents: what remains is a note that there was a file.
        "attachments": [
            {
                "type": "file",
                "id": attachment["id"],
                "name": attachment["name"],
                "mime_type": attachment["mime_type"],
                "thread_id": item["thread_id"],
            }
            for attachment in item.get("attachments") or ()
        ],
        "inference_options": item.get("inference_options") or {},
    }


def _assistant_message(item: _Json) -> _Json:
    return {
        "type": "assistant_message",
        "content": [
            {
                "type": "output_text",
                "text": part["text"],
                "annotations": [_annotation(annotation) for annotation in part.get("annotations") or ()],
            }
            for part in item["content"]
        ],
    }


def _annotation(annotation: _Json) -> _Json:
    source: _Json = annotation["source"]
    return {"type": "annotation", "source": {"title": source.get("url") or source.get("filename"), **source}}


def _widget(item: _Json) -> _Json:
    return {"type": "widget", "widget": json.loads(item["widget"])}


def _client_tool_call(item: _Json) -> _Json:
    return {
        "type": "client_tool_call",
        # The run that waited for an open call is gone with the service: a page must not answer it now.
        "status": "completed",
        "call_id": item["call_id"],
        "name": item["name"],
        "arguments": json.loads(item["arguments"] or "{}"),
        "output": _parsed(item.get("output")),
    }


def _parsed(output: str | None) -> Any:
    try:
        return None if output is None else json.loads(output)
    except ValueError:
        return output


def _task(task: _Json, kind: str) -> _Json:
    return {
        "type": kind,
        "title": task.get("heading"),
        "content": task.get("summary") or ("" if kind == "thought" else None),
        "status_indicator": "complete",
    }


def _task_group(item: _Json) -> _Json:
    tasks: list[_Json] = item["tasks"]
    thinking = all(task["type"] == "thought" for task in tasks)
    return {
        "type": "workflow",
        "workflow": {
            "type": "reasoning" if thinking else "custom",
            "tasks": [_task(task, task["type"]) for task in tasks],
            "expanded": False,
        },
    }


_ITEMS: Final[dict[str, Callable[[_Json], _Json]]] = {
    "user_message": _user_message,
    "assistant_message": _assistant_message,
    "widget": _widget,
    "client_tool_call": _client_tool_call,
    "task": lambda item: {"type": "task", "task": _task(item, item["task_type"])},
    "task_group": _task_group,
}
