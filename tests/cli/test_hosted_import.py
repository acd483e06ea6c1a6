"""Threads of the hosted service come over with one command, from a server that answers as the service's own client reads."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from openai.types.beta import chatkit as service
from openai.types.beta.chatkit.chatkit_thread import ChatKitThread
from test_cli import run

pytestmark = pytest.mark.slow

KEY = "sk-only-for-this-test"
THREAD = {"object": "chatkit.thread", "created_at": 1_760_000_000, "status": {"type": "active"}}
THREADS = [
    {**THREAD, "id": "cthr_1", "title": "Cheese", "user": "ann"},
    {**THREAD, "id": "cthr_2", "title": None, "user": "bob", "status": {"type": "locked", "reason": "Full"}},
]
CARD = {"type": "Card", "children": [{"type": "Text", "value": "Gouda"}]}
SOURCE = {"type": "url", "url": "https://cheese.example/"}


def item(number: int, kind: str, **fields: Any) -> dict[str, Any]:
    base = {"object": "chatkit.thread_item", "created_at": 1_760_000_000 + number, "thread_id": "cthr_1"}
    return {**base, "id": f"cthi_{number}", "type": f"chatkit.{kind}", **fields}


ITEMS = [
    item(
        1,
        "user_message",
        content=[{"type": "quoted_text", "text": "It smells"}, {"type": "input_text", "text": "Which one?"}],
        attachments=[{"id": "file_1", "type": "image", "name": "rind.png", "mime_type": "image/png"}],
        inference_options={"model": "gpt-5", "tool_choice": {"id": "nose"}},
    ),
    item(
        2,
        "task_group",
        tasks=[
            {"type": "thought", "heading": "Thinking", "summary": "Mould?"},
            {"type": "custom", "heading": "Sniffed"},
        ],
    ),
    item(3, "client_tool_call", status="in_progress", call_id="c1", name="sniff", arguments='{"hard": true}'),
    item(4, "task", task_type="custom", heading="Tasted"),
    item(5, "widget", widget=json.dumps(CARD)),
    item(
        6,
        "assistant_message",
        content=[
            {"type": "output_text", "text": "Gouda.", "annotations": [{"type": "url", "source": SOURCE}]}
        ],
    ),
]


class Service(BaseHTTPRequestHandler):
    """Pages of two, as ``after`` and ``has_more`` make them."""

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        if self.headers["authorization"] != f"Bearer {KEY}":
            self._answer(401, {"error": {"message": "Incorrect API key provided."}})
        elif address.path == "/v1/chatkit/threads":
            self._page([thread for thread in THREADS if query.get("user") in (None, thread["user"])], query)
        elif address.path == "/v1/chatkit/threads/cthr_1/items":
            self._page(ITEMS, query)
        else:
            self._page([], query)

    def _page(self, rows: list[Any], query: dict[str, str]) -> None:
        assert query["order"] == "asc"
        ids = [row["id"] for row in rows]
        start = ids.index(query["after"]) + 1 if "after" in query else 0
        data = rows[start : start + 2]
        more = start + 2 < len(rows)
        self._answer(
            200,
            {"object": "list", "data": data, "has_more": more, "last_id": data[-1]["id"] if data else None},
        )

    def _answer(self, status: int, body: Any) -> None:
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, format: str, *arguments: Any) -> None:
        pass


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_service_is_told_as_its_own_client_reads_it() -> None:
    for thread in THREADS:
        ChatKitThread.model_validate(thread, strict=True)
    page = {"object": "list", "data": ITEMS, "has_more": False}
    assert len(service.ChatKitThreadItemList.model_validate(page, strict=True).data) == len(ITEMS)


def test_everything_the_service_keeps_is_imported(address: str, tmp_path: Path) -> None:
    told = run("import", "--hosted", cwd=tmp_path, OPENAI_API_KEY=KEY, OPENAI_BASE_URL=address)
    assert told.returncode == 0, told.stderr
    assert "2 threads, 6 items, 1 attachments" in told.stderr
    lines = [json.loads(line) for line in run("export", cwd=tmp_path).stdout.splitlines()]
    threads = {line["thread"]["id"]: line for line in lines if line["kind"] == "thread"}
    assert {name: line["owner"] for name, line in threads.items()} == {"cthr_1": "ann", "cthr_2": "bob"}
    assert threads["cthr_2"]["thread"]["status"] == {"type": "locked", "reason": "Full"}
    asked, thought, called, tasted, drawn, said = [line["item"] for line in lines if line["kind"] == "item"]
    assert (asked["content"][0]["text"], asked["quoted_text"]) == ("Which one?", "It smells")
    assert asked["inference_options"]["tool_choice"] == {"id": "nose"}
    assert asked["attachments"][0]["name"] == "rind.png"
    assert [task.get("content") for task in thought["workflow"]["tasks"]] == ["Mould?", None]
    assert (called["status"], called["arguments"]) == ("completed", {"hard": True})
    assert tasted["task"]["title"] == "Tasted"
    assert drawn["widget"]["children"][0]["value"] == "Gouda"
    assert said["content"][0]["annotations"][0]["source"]["url"] == SOURCE["url"]


def test_one_user_is_imported_as_somebody_else(address: str, tmp_path: Path) -> None:
    command = ["import", "--hosted", "--user", "bob", "--owner", "robert"]
    assert (
        "1 threads, 0 items"
        in run(*command, cwd=tmp_path, OPENAI_API_KEY=KEY, OPENAI_BASE_URL=address).stderr
    )
    (line,) = run("export", cwd=tmp_path).stdout.splitlines()
    assert json.loads(line)["owner"] == "robert"


@pytest.mark.parametrize(
    ("key", "told"), [("sk-of-somebody-else", "401: Incorrect API key"), ("", "Set OPENAI_API_KEY")]
)
def test_a_refusal_is_told_and_nothing_is_kept(address: str, tmp_path: Path, key: str, told: str) -> None:
    shown = run("import", "--hosted", cwd=tmp_path, OPENAI_API_KEY=key, OPENAI_BASE_URL=address)
    assert shown.returncode == 1
    assert told in shown.stderr
    assert "Traceback" not in shown.stderr
    assert run("export", cwd=tmp_path).stdout == ""
