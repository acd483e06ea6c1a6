"""The app inside other frameworks, over real sockets where that matters."""

import asyncio
import threading
from collections.abc import Iterator
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import flask
import httpx
import pytest
from parrot_app import frames, message, parrot, request, who

from chatkit.asgi import ChatKitApp
from chatkit.asgi.wsgi import Beside, WSGIBridge


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *arguments: Any) -> None:
        pass


@pytest.fixture
def flask_site() -> Iterator[tuple[str, ChatKitApp[Any]]]:
    site = flask.Flask(__name__)
    site.add_url_rule("/", view_func=lambda: "a page of Flask")
    chat = ChatKitApp(parrot(), auth=who)
    bridge = WSGIBridge(chat)
    site.wsgi_app = Beside(site.wsgi_app, bridge)  # type: ignore[method-assign]
    server = make_server("127.0.0.1", 0, site, handler_class=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", chat
    server.shutdown()
    server.server_close()
    thread.join()
    bridge.close()


def test_flask_serves_pages_and_the_chat(flask_site: tuple[str, ChatKitApp[Any]]) -> None:
    with httpx.Client(base_url=flask_site[0], headers={"x-user": "ann"}, timeout=10) as http:
        assert http.get("/").text == "a page of Flask"
        answer = http.post("/chatkit", content=request("threads.create", input=message("Hello from Flask")))
        assert answer.headers["content-type"].startswith("text/event-stream")
        events = frames(answer.content)
        assert events[-1][1]["item"]["content"][0]["text"] == "Hello from Flask"
        listed = http.post("/chatkit", content=request("threads.list"))
        assert [thread["id"] for thread in listed.json()["data"]] == [events[0][1]["thread"]["id"]]
        refused = http.post("/chatkit", content=b"nonsense")
        assert (refused.status_code, refused.json()["error"]["code"]) == (400, "request.invalid")
        assert http.get("/chatkit/healthz").json() == {"status": "ok"}


def test_an_answer_goes_on_when_a_flask_client_has_gone(flask_site: tuple[str, ChatKitApp[Any]]) -> None:
    address, chat = flask_site
    gate = threading.Event()

    class Gate(asyncio.Event):
        async def wait(self) -> Any:
            await asyncio.to_thread(gate.wait)

    server: Any = chat.server
    server.gate = Gate()
    with httpx.Client(base_url=address, headers={"x-user": "ann"}, timeout=10) as http:
        body = request("threads.create", input=message("one two three"))
        with http.stream("POST", "/chatkit", content=body) as answer:
            seen = b""
            for chunk in answer.iter_raw():
                seen += chunk
                if b"one " in seen:
                    break
        gate.set()
        seen_frames = frames(seen[: seen.rindex(b"\n\n") + 2])
        thread_id = seen_frames[0][1]["thread"]["id"]
        resumed = http.post(
            "/chatkit", content=request("threads.resume", thread_id=thread_id, after=seen_frames[-1][0])
        )
        last = frames(resumed.content)
        items = http.post("/chatkit", content=request("items.list", thread_id=thread_id)).json()["data"]
    assert last or any(item["type"] == "assistant_message" for item in items)
    texts = [item["content"][0]["text"] for item in items]
    assert "one two three" in texts
