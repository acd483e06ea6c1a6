"""The examples of the page about deploying, each served over a socket by the server its framework wants."""

import asyncio
import importlib
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import httpx
import pytest
import uvicorn
from parrot_app import frames, message, request

SOURCES = Path(__file__).parents[2] / "docs_src"


@pytest.fixture(autouse=True)
def _examples(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.syspath_prepend(str(SOURCES))
    yield
    for name in [name for name in sys.modules if name.startswith("in_") or name == "hello_app"]:
        del sys.modules[name]


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *arguments: Any) -> None:
        pass


def _over_asgi(app: Any) -> Iterator[str]:
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error"))
    started = threading.Event()
    ports: list[int] = []

    async def serve() -> None:
        task = asyncio.ensure_future(server.serve())
        async with asyncio.timeout(30):
            while not server.started:
                await asyncio.sleep(0.01)
        ports.append(server.servers[0].sockets[0].getsockname()[1])
        started.set()
        await task

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert started.wait(30)
    try:
        yield f"http://127.0.0.1:{ports[0]}"
    finally:
        server.should_exit = True
        thread.join()


def _over_wsgi(app: Any) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, handler_class=_Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(params=["fastapi", "starlette", "django", "flask"])
def site(request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    pytest.importorskip(request.param)
    module = importlib.import_module(f"in_{request.param}")
    if request.param == "flask":
        for address in _over_wsgi(module.app):
            yield request.param, address
        module.bridge.close()
    else:
        for address in _over_asgi(module.app):
            yield request.param, address


def test_pages_and_chat_live_in_one_process(site: tuple[str, str]) -> None:
    framework, address = site
    with httpx.Client(base_url=address, headers={"x-user": "Ann"}, timeout=20) as http:
        assert framework in http.get("/hello").text.lower()
        answer = http.post("/chatkit", content=request("threads.create", input=message("Hi")))
        assert answer.headers["content-type"].startswith("text/event-stream")
        said = [event["item"] for _, event in frames(answer.content) if event["type"] == "thread.item.done"]
        assert said[1]["content"][0]["text"] == "Hello, Ann!"
        assert said[2]["widget"]["children"][0]["value"] == "Ann"
        listed = http.post("/chatkit", content=request("threads.list")).json()
        assert len(listed["data"]) == 1
        assert (
            http.post("/chatkit", content=request("threads.list"), headers={"x-user": ""}).status_code == 401
        )
        assert http.get("/chatkit/readyz").json() == {"status": "ready"}
        assert http.get("/nowhere").status_code == 404


def test_a_route_of_ones_own_answers_with_what_process_gives() -> None:
    pytest.importorskip("starlette")
    for address in _over_asgi(importlib.import_module("in_own_route").app):
        with httpx.Client(base_url=address, headers={"x-user": "Ann"}, timeout=20) as http:
            answer = http.post("/chatkit", content=request("threads.create", input=message("Hi")))
            assert answer.headers["content-type"].startswith("text/event-stream")
            assert [event["type"] for _, event in frames(answer.content)][-1] == "thread.item.done"
            assert len(http.post("/chatkit", content=request("threads.list")).json()["data"]) == 1
            refused = http.post("/chatkit", content=request("threads.get_by_id", thread_id="thr_none"))
            assert (refused.status_code, refused.json()["error"]["code"]) == (404, "thread.not_found")
            assert http.get("/hello").text == "beside an own route"
