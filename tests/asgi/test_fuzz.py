"""Requests that nobody would send: damaged, mistyped, enormous. Each gets an answer of the documented shape."""

import asyncio
import copy
import json
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from parrot_app import client_of, create, frames, message, parrot, request, who

from chatkit.asgi import ChatKitApp

THREAD = "thr_of_the_test"

VALID: list[dict[str, Any]] = [
    {"type": "threads.create", "params": {"input": message("x")}},
    {"type": "threads.add_user_message", "params": {"thread_id": THREAD, "input": message("x")}},
    {"type": "threads.add_client_tool_output", "params": {"thread_id": THREAD, "result": {}}},
    {
        "type": "threads.add_structured_input",
        "params": {"thread_id": THREAD, "item_id": "i", "input": {"status": "submitted", "answers": {}}},
    },
    {"type": "threads.retry_after_item", "params": {"thread_id": THREAD, "item_id": "i"}},
    {"type": "threads.edit_message", "params": {"thread_id": THREAD, "item_id": "i", "input": message("x")}},
    {
        "type": "threads.custom_action",
        "params": {"thread_id": THREAD, "action": {"type": "a", "payload": {}}},
    },
    {
        "type": "threads.sync_custom_action",
        "params": {"thread_id": THREAD, "action": {"type": "a", "payload": {}}},
    },
    {"type": "threads.get_by_id", "params": {"thread_id": THREAD}},
    {"type": "threads.list", "params": {"limit": 5, "order": "desc", "after": None}},
    {"type": "threads.update", "params": {"thread_id": THREAD, "title": "t"}},
    {"type": "threads.resume", "params": {"thread_id": THREAD, "after": "run_x:1"}},
    {"type": "threads.stop", "params": {"thread_id": THREAD, "run_id": "run_x"}},
    {"type": "items.list", "params": {"thread_id": THREAD, "limit": 5, "order": "asc", "after": None}},
    {"type": "items.feedback", "params": {"thread_id": THREAD, "item_ids": ["i"], "kind": "positive"}},
    {"type": "attachments.create", "params": {"name": "a", "size": 1, "mime_type": "text/plain"}},
    {"type": "attachments.delete", "params": {"attachment_id": "atc_1"}},
    {"type": "input.transcribe", "params": {"audio_base64": "AAAA", "mime_type": "audio/webm"}},
]

JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
    | st.sampled_from(["", "\x00", "\ud7ff", "../..", "' OR 1=1 --", "9" * 400, THREAD]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside: list[tuple[Any, Any]] = []
    if isinstance(value, dict):
        inside = list(value.items())
    elif isinstance(value, list):
        inside = list(enumerate(value))
    return [path, *(place for key, part in inside for place in _places(part, (*path, key)))]


@st.composite
def damaged(draw: st.DrawFn) -> Any:
    """A valid request in which up to three places hold something else, or nothing."""
    sent: Any = copy.deepcopy(draw(st.sampled_from(VALID)))
    for _ in range(draw(st.integers(0, 3))):
        places = [place for place in _places(sent) if place]
        if not places:
            break
        *way, last = draw(st.sampled_from(places))
        inner = sent
        for step in way:
            inner = inner[step]
        if draw(st.booleans()):
            inner[last] = draw(JUNK)
        elif isinstance(inner, dict):
            del inner[last]
    return sent


def _check(answer: httpx.Response) -> None:
    if answer.status_code == 200:
        if answer.headers["content-type"].startswith("text/event-stream"):
            for _, event in frames(answer.content):
                assert isinstance(event["type"], str)
        else:
            json.loads(answer.content)
        return
    assert answer.status_code in (400, 403, 404, 409, 413, 415, 501), answer.text
    error = answer.json()["error"]
    assert error["code"]
    assert error["message"]
    assert error["request_id"] == answer.headers["x-request-id"]


@pytest.mark.slow
@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(sent=damaged())
def test_damaged_requests_get_documented_answers(sent: Any) -> None:
    async def go() -> None:
        app = ChatKitApp(parrot(), auth=who)
        async with app.lifespan(), client_of(app, **{"x-user": "ann"}) as http:
            real = await create(http, "hello")
            body = json.dumps(sent).replace(THREAD, real).encode("utf-8", "surrogatepass")
            _check(await http.post("/chatkit", content=body))
            after = await http.post("/chatkit", content=request("items.list", thread_id=real, order="asc"))
            first = after.json()["data"][:2] if after.status_code == 200 else None
            assert first is not None
            assert [item["type"] for item in first][:1] == ["user_message"]

    asyncio.run(go())


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(body=st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "ignore")))
def test_bodies_that_are_no_requests_get_400(body: bytes) -> None:
    async def go() -> None:
        app = ChatKitApp(parrot(), auth=who)
        async with app.lifespan(), client_of(app, **{"x-user": "ann"}) as http:
            answer = await http.post("/chatkit", content=body)
            assert answer.status_code == 400
            _check(answer)

    asyncio.run(go())


@pytest.mark.parametrize("depth", [200, 100_000])
async def test_deep_json_is_refused_and_does_not_break_the_process(
    http: httpx.AsyncClient, depth: int
) -> None:
    deep = (
        '{"type":"threads.custom_action","params":{"thread_id":"t","action":{"type":"a","payload":'
        + "[" * depth
    )
    _check(await http.post("/chatkit", content=(deep + "]" * depth + "}}}").encode()))


@pytest.mark.parametrize("limit", [-1, 0, 10**9, 2**80, "5", 1.5])
async def test_impossible_page_sizes_are_refused_or_kept_to_the_limit(
    http: httpx.AsyncClient, limit: Any
) -> None:
    thread_id = await create(http)
    for body in (
        request("items.list", thread_id=thread_id, limit=limit),
        request("threads.list", limit=limit),
    ):
        _check(await http.post("/chatkit", content=body))


async def test_headers_of_any_kind_do_no_harm(http: httpx.AsyncClient) -> None:
    for name, value in [
        ("x-request-id", "a b\tc"),
        ("x-request-id", "x" * 500),
        ("last-event-id", "nonsense"),
        ("content-length", "3"),
        ("origin", "null"),
        ("x-forwarded-proto", ",,,"),
    ]:
        answer = await http.post("/chatkit", content=request("threads.list"), headers={name: value})
        assert answer.status_code in (200, 403)
        assert len(answer.headers["x-request-id"]) <= 64
