"""The endpoint: what is answered, in what form, and what is refused."""

import asyncio
import json
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from parrot_app import Parrot, client_of, create, frames, message, parrot, request, who
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Mount

from chatkit import _request
from chatkit.asgi import ChatKitApp
from chatkit.asgi.limits import MemoryCounter, RateLimit
from chatkit.backends.memory import MemoryStore
from chatkit.streams import MemoryStreamLog

App = ChatKitApp[dict[str, Any]]


# Answers


async def test_a_message_is_answered_as_a_stream_with_numbered_frames(http: httpx.AsyncClient) -> None:
    answer = await http.post("/chatkit", content=request("threads.create", input=message("Hello there")))
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["x-accel-buffering"] == "no"
    assert "no-transform" in answer.headers["cache-control"]
    assert answer.headers["chatkit-protocol"] == "1"
    seen = frames(answer.content)
    runs = {frame_id.rpartition(":")[0] for frame_id, _ in seen}
    assert len(runs) == 1
    assert [int(frame_id.rpartition(":")[2]) for frame_id, _ in seen] == list(range(1, len(seen) + 1))
    assert [event["type"] for _, event in seen][:3] == [
        "thread.created",
        "thread.item.done",
        "stream_options",
    ]
    assert seen[-1][1]["item"]["content"][0]["text"] == "Hello there"


async def test_a_single_answer_is_json_that_nothing_caches(http: httpx.AsyncClient) -> None:
    thread_id = await create(http)
    answer = await http.post("/chatkit", content=request("items.list", thread_id=thread_id))
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["chatkit-protocol"] == "1"
    assert [item["type"] for item in answer.json()["data"]].count("assistant_message") == 1


async def test_an_answer_goes_on_when_its_reader_has_gone_and_can_be_read_again(app: App) -> None:
    server = app.server
    assert isinstance(server, Parrot)
    server.gate = asyncio.Event()
    sent: list[dict[str, Any]] = []
    started = asyncio.Event()
    leave = asyncio.Event()
    body = request("threads.create", input=message("one two three"))
    incoming = [{"type": "http.request", "body": body}]

    async def receive() -> dict[str, Any]:
        if incoming:
            return incoming.pop()
        await leave.wait()
        return {"type": "http.disconnect"}

    async def send(part: Any) -> None:
        sent.append(part)
        if b"one " in part.get("body", b""):
            started.set()

    call = asyncio.ensure_future(app(_scope("POST", "/chatkit"), receive, send))
    await asyncio.wait_for(started.wait(), 10)
    leave.set()
    await asyncio.wait_for(call, 10)
    first = frames(b"".join(part.get("body", b"") for part in sent))
    thread_id = first[0][1]["thread"]["id"]
    async with client_of(app, **{"x-user": "ann"}) as http:
        loaded = (
            await http.post("/chatkit", content=request("threads.get_by_id", thread_id=thread_id))
        ).json()
        assert loaded["run"]["id"] == first[0][0].rpartition(":")[0]
        server.gate.set()
        rest = await http.post(
            "/chatkit", content=request("threads.resume", thread_id=thread_id, after=first[-1][0])
        )
    events = frames(rest.content)
    assert int(events[0][0].rpartition(":")[2]) == len(first) + 1
    assert events[-1][1]["item"]["content"][0]["text"] == "one two three"


async def test_threads_are_searched_and_sorted_over_the_wire(http: httpx.AsyncClient) -> None:
    cheese, wine = await create(http, "About cheese"), await create(http, "About wine")
    again = request("threads.add_user_message", thread_id=cheese, input=message("more"))
    await http.post("/chatkit", content=again)

    async def ids(**params: Any) -> list[str]:
        answer = await http.post("/chatkit", content=request("threads.list", **params))
        return [thread["id"] for thread in answer.json()["data"]]

    assert await ids(query="chee") == [cheese]
    assert await ids(query="about") == [wine, cheese]
    assert await ids(query="") == [wine, cheese]
    assert await ids(sort="updated_at") == [cheese, wine]
    assert await ids(archived=True) == []


# Errors


@pytest.mark.behaviour("D32")
@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"not json", 400, "request.invalid"),
        (b"", 400, "request.invalid"),
        (b"[]", 400, "request.invalid"),
        (b'{"type":"threads.nonsense","params":{}}', 400, "request.invalid"),
        (b'{"type":"items.list","params":{"thread_id":5}}', 400, "request.invalid"),
        (request("threads.get_by_id", thread_id="thr_0"), 404, "thread.not_found"),
        (request("threads.add_user_message", thread_id="thr_0", input=message("x")), 404, "thread.not_found"),
        (request("attachments.delete", attachment_id="atc_0"), 501, "request.unsupported"),
    ],
)
async def test_bad_requests_are_json_errors_with_their_status(
    http: httpx.AsyncClient, body: bytes, status: int, code: str
) -> None:
    answer = await http.post("/chatkit", content=body, headers={"x-request-id": "abc-1"})
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (status, code)
    assert error["message"]
    assert error["request_id"] == answer.headers["x-request-id"] == "abc-1"


async def test_an_unexpected_failure_tells_its_request_id_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch, http: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(*_args: Any, **_options: Any) -> Any:
        raise RuntimeError("secret of the database")

    monkeypatch.setattr(MemoryStore, "find_threads", fail)
    monkeypatch.setattr(MemoryStore, "load_threads", fail)
    answer = await http.post("/chatkit", content=request("threads.list"))
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert answer.json()["error"]["request_id"] in caplog.text
    assert "secret of the database" in caplog.text


async def test_a_body_over_the_limit_is_refused_unread() -> None:
    app = ChatKitApp(parrot(), auth=who, max_body=1000)
    async with app.lifespan(), client_of(app, **{"x-user": "ann"}) as http:
        announced = await http.post("/chatkit", content=b"x" * 1001)

        async def endless() -> Any:
            while True:
                yield b"x" * 400

        streamed = await http.post("/chatkit", content=endless())
    for answer in (announced, streamed):
        assert (answer.status_code, answer.json()["error"]["code"]) == (413, "limit.exceeded")


async def test_a_body_that_does_not_arrive_is_given_up() -> None:
    app = ChatKitApp(parrot(), auth=who, request_timeout=0.05)
    sent: list[Any] = []

    async def receive() -> Any:
        await asyncio.Event().wait()

    async def send(part: Any) -> None:
        sent.append(part)

    async with app.lifespan():
        await app(_scope("POST", "/chatkit"), receive, send)
    assert sent[0]["status"] == 408


# Who may ask


def test_an_app_without_auth_is_refused_before_it_starts() -> None:
    with pytest.raises(ValueError, match='auth="open"'):
        ChatKitApp(parrot())


async def test_nobody_gets_401(app: App) -> None:
    async with client_of(app) as http:
        answer = await http.post("/chatkit", content=request("threads.list"))
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "auth.required")
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_an_open_app_says_so_and_gives_the_request_as_context() -> None:
    seen: list[Any] = []

    def owner(context: Any) -> str:
        seen.append(context["request"])
        return "all"

    app = ChatKitApp(Parrot(MemoryStore(owner=owner)), auth="open")
    async with app.lifespan(), client_of(app) as http:
        assert (await http.post("/chatkit", content=request("threads.list"))).status_code == 200
    assert isinstance(seen[0], Request)


async def test_another_owners_thread_is_not_found_by_any_request(app: App, http: httpx.AsyncClient) -> None:
    thread_id = await create(http)
    items = (await http.post("/chatkit", content=request("items.list", thread_id=thread_id))).json()["data"]
    item = items[0]["id"]
    requests = [
        request("threads.get_by_id", thread_id=thread_id),
        request("threads.update", thread_id=thread_id, title="Mine"),
        request("threads.delete", thread_id=thread_id),
        request("threads.add_user_message", thread_id=thread_id, input=message("x")),
        request("threads.retry_after_item", thread_id=thread_id, item_id=item),
        request("threads.custom_action", thread_id=thread_id, action={"type": "x", "payload": {}}),
        request("threads.sync_custom_action", thread_id=thread_id, action={"type": "x", "payload": {}}),
        request("threads.add_client_tool_output", thread_id=thread_id, result={}),
        request("threads.edit_message", thread_id=thread_id, item_id=item, input=message("x")),
        request("items.list", thread_id=thread_id),
        request("items.feedback", thread_id=thread_id, item_ids=[item], kind="positive"),
        request("threads.stop", thread_id=thread_id),
        request("threads.resume", thread_id=thread_id),
    ]
    async with client_of(app, **{"x-user": "bob"}) as bob:
        for body in requests:
            answer = await bob.post("/chatkit", content=body)
            told = answer.content.decode()
            assert answer.status_code == 404 or told in ("{}", ""), (json.loads(body)["type"], told)
            assert "Hello there" not in told
        assert (await bob.post("/chatkit", content=request("threads.list"))).json()["data"] == []
    title = (await http.post("/chatkit", content=request("threads.get_by_id", thread_id=thread_id))).json()
    assert "title" not in title
    assert len(title["items"]["data"]) == 2


# Pages of other origins


async def test_a_foreign_page_is_refused_before_anything_happens(http: httpx.AsyncClient) -> None:
    answer = await http.post(
        "/chatkit", content=request("threads.list"), headers={"origin": "https://evil.example"}
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "origin.denied")
    assert "access-control-allow-origin" not in answer.headers
    asked = await http.options("/chatkit", headers={"origin": "https://evil.example"})
    assert asked.status_code == 403


async def test_a_page_of_the_same_host_may_ask_also_behind_a_proxy(http: httpx.AsyncClient) -> None:
    for headers in (
        {"origin": "http://chat.test"},
        {"origin": "https://shop.example", "x-forwarded-host": "shop.example"},
    ):
        assert (
            await http.post("/chatkit", content=request("threads.list"), headers=headers)
        ).status_code == 200


async def test_an_allowed_origin_may_ask_and_read_the_answer() -> None:
    app = ChatKitApp(parrot(), auth=who, allow_origins=["https://shop.example"], allow_credentials=True)
    async with app.lifespan(), client_of(app, **{"x-user": "ann", "origin": "https://shop.example"}) as http:
        asked = await http.options("/chatkit", headers={"access-control-request-headers": "x-mine"})
        assert asked.headers["access-control-allow-headers"] == "x-mine"
        for answer in (asked, await http.post("/chatkit", content=request("threads.list"))):
            assert answer.headers["access-control-allow-origin"] == "https://shop.example"
            assert answer.headers["access-control-allow-credentials"] == "true"
            assert "chatkit-protocol" in answer.headers["access-control-expose-headers"]
        refused = await http.post("/chatkit", content=b"{}")
        assert refused.headers["access-control-allow-origin"] == "https://shop.example"


async def test_every_origin_may_be_allowed_but_never_together_with_cookies() -> None:
    for credentials, status in ((False, 200), (True, 403)):
        app = ChatKitApp(parrot(), auth=who, allow_origins=["*"], allow_credentials=credentials)
        async with (
            app.lifespan(),
            client_of(app, **{"x-user": "ann", "origin": "https://any.example"}) as http,
        ):
            assert (await http.post("/chatkit", content=request("threads.list"))).status_code == status


# Rates


async def test_too_many_requests_get_429_and_a_time_to_come_back() -> None:
    now = 0.0
    counter = MemoryCounter(clock=lambda: now)
    rate = RateLimit(2, per=10, key=lambda _request, context: context["owner"], counter=counter)
    app = ChatKitApp(parrot(), auth=who, rate=rate)
    async with (
        app.lifespan(),
        client_of(app, **{"x-user": "ann"}) as ann,
        client_of(app, **{"x-user": "bob"}) as bob,
    ):

        async def ask(client: httpx.AsyncClient) -> httpx.Response:
            return await client.post("/chatkit", content=request("threads.list"))

        assert [(await ask(ann)).status_code for _ in range(3)] == [200, 200, 429]
        refused = await ask(ann)
        assert (refused.json()["error"]["code"], refused.headers["retry-after"]) == ("rate.limited", "10")
        assert refused.json()["error"]["retry_after"] == 10
        assert (await ask(bob)).status_code == 200
        now = 21.0
        assert (await ask(ann)).status_code == 200


async def test_a_quota_for_the_day_counts_beside_the_rate_of_the_minute() -> None:
    now = 0.0
    counter = MemoryCounter(clock=lambda: now)
    rates = [RateLimit(2, per=60, counter=counter), RateLimit(3, per=86_400, counter=counter)]
    app = ChatKitApp(parrot(), auth=who, rate=rates)
    statuses: list[int] = []
    async with app.lifespan(), client_of(app, **{"x-user": "ann"}) as http:
        for minute in range(4):
            now = minute * 180.0
            statuses.append((await http.post("/chatkit", content=request("threads.list"))).status_code)
        now = 3 * 86_400.0
        statuses.append((await http.post("/chatkit", content=request("threads.list"))).status_code)
    assert statuses == [200, 200, 200, 429, 200]


# Health, ends, mounts


async def test_health_and_readiness_are_told(http: httpx.AsyncClient) -> None:
    assert (await http.get("/chatkit/healthz")).json() == {"status": "ok"}
    assert (await http.get("/chatkit/readyz")).json() == {"status": "ready"}


async def test_a_process_that_cannot_reach_its_log_is_not_ready() -> None:
    class Broken(MemoryStreamLog):
        async def ping(self) -> None:
            raise ConnectionError("no route")

    app = ChatKitApp(parrot(), auth=who, log=Broken())
    async with app.lifespan(), client_of(app) as http:
        answer = await http.get("/chatkit/readyz")
    assert (answer.status_code, answer.json()["problems"]) == (503, {"stream_log": "ConnectionError"})


async def test_a_process_that_ends_lets_answers_finish_and_takes_no_new_ones(
    app: App, http: httpx.AsyncClient
) -> None:
    server = app.server
    assert isinstance(server, Parrot)
    thread_id = await create(http, "first")
    await _until(lambda: app.runs.running == 0)
    server.gate = asyncio.Event()
    running = asyncio.ensure_future(
        http.post(
            "/chatkit",
            content=request("threads.add_user_message", thread_id=thread_id, input=message("a b c")),
        )
    )
    await _until(lambda: app.runs.running == 1)
    app.drain()
    refused = await http.post("/chatkit", content=request("threads.create", input=message("x")))
    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "server.stopping")
    assert refused.headers["retry-after"]
    assert (await http.get("/chatkit/readyz")).status_code == 503
    assert (await http.get("/chatkit/healthz")).status_code == 200
    server.gate.set()
    answer = await asyncio.wait_for(running, 10)
    assert frames(answer.content)[-1][1]["item"]["content"][0]["text"] == "a b c"


async def test_metrics_are_told_only_when_asked_for(http: httpx.AsyncClient) -> None:
    assert (await http.get("/chatkit/metrics")).status_code == 404
    app = ChatKitApp(parrot(), auth=who, metrics=True)
    async with app.lifespan(), client_of(app, **{"x-user": "ann"}) as told:
        await create(told)
        text = (await told.get("/chatkit/metrics")).text
    assert 'chatkit_requests_total{method="POST",status="200",type="threads.create"} 1' in text
    assert "chatkit_runs_running 0" in text


async def test_requests_are_logged_with_their_id_and_without_what_was_said(
    http: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "chatkit.access")
    await http.post(
        "/chatkit",
        content=request("threads.create", input=message("my secret")),
        headers={"x-request-id": "r1"},
    )
    record = next(r for r in caplog.records if r.name == "chatkit.access")
    fields = record.__dict__["chatkit"]
    assert (fields["request_id"], fields["status"], fields["path"]) == ("r1", 200, "/chatkit")
    assert fields["bytes"] > 0
    assert fields["request"] == "threads.create"
    assert fields["run_id"].startswith("run_")
    caplog.clear()
    await http.post("/chatkit", content=request("threads.resume", thread_id="thr_1"))
    await http.post("/chatkit", content=request("items.list", thread_id=await create(http)))
    assert caplog.records[-1].__dict__["chatkit"]["thread_id"].startswith("thr_")
    assert "my secret" not in caplog.text


@pytest.mark.parametrize(
    ("at", "url"), [("/", "/chatkit"), ("/deep", "/deep/chatkit"), ("/chatkit", "/chatkit/")]
)
async def test_it_mounts_into_fastapi(at: str, url: str) -> None:
    chat = ChatKitApp(parrot(), auth=who)
    api = FastAPI(lifespan=chat.lifespan)
    api.mount(at, chat)
    async with chat.lifespan(), client_of(api, **{"x-user": "ann"}) as http:
        assert (await http.post(url, content=request("threads.list"))).json() == {
            "data": [],
            "has_more": False,
        }
        assert (await http.get(f"{url.rstrip('/')}/healthz")).status_code == 200


async def test_it_mounts_into_starlette_beside_other_pages() -> None:
    chat = ChatKitApp(parrot(), auth=who)
    app = Starlette(routes=[Mount("/", chat)], lifespan=chat.router.lifespan_context)
    async with chat.lifespan(), client_of(app, **{"x-user": "ann"}) as http:
        assert (await http.post("/chatkit", content=request("threads.list"))).status_code == 200
        missing = await http.get("/elsewhere")
        assert (missing.status_code, missing.json()["error"]["code"]) == (404, "not_found")


async def test_handlers_know_the_request_id_and_the_address_of_the_app() -> None:
    seen: list[tuple[str | None, str | None]] = []

    def look(_request_: Request) -> dict[str, str]:
        seen.append((_request.request_id.get(), _request.base_url.get()))
        return {"owner": "ann"}

    app = ChatKitApp(parrot(), auth=look)
    proxy = {"x-request-id": "r9", "x-forwarded-proto": "https", "x-forwarded-host": "shop.example"}
    async with app.lifespan(), client_of(app, **proxy) as http:
        await http.post("/chatkit", content=request("threads.list"))
    assert seen == [("r9", "https://shop.example/chatkit")]


def _scope(method: str, path: str) -> dict[str, Any]:
    return {
        "type": "http",
        "method": method,
        "path": path,
        "root_path": "",
        "scheme": "http",
        "query_string": b"",
        "headers": [(b"host", b"chat.test"), (b"x-user", b"ann")],
        "client": ("127.0.0.1", 1),
    }


async def _until(true: Any) -> None:
    async with asyncio.timeout(10):
        while not true():
            await asyncio.sleep(0)
