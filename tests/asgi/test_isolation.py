"""Two people over HTTP on real databases: whatever Bob asks with Ann's ids, he finds nothing and changes nothing."""

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from parrot_app import client_of, frames, message, request, who
from services import postgres
from tests.server.test_owners import NOTHING_TO_REFUSE, REQUESTS

from chatkit._time import utc_now
from chatkit.asgi import ChatKitApp
from chatkit.backends.files import FileAttachmentStore
from chatkit.backends.sql import SQLAdmin, SQLStore
from chatkit.server import ChatKitServer
from chatkit.types import (
    AssistantMessageContent,
    AssistantMessageItem,
    ClientToolCallItem,
    StructuredInputFreeform,
    StructuredInputItem,
    ThreadItemDoneEvent,
    WidgetItem,
)
from chatkit.widgets import Card, Text


class Server(ChatKitServer[dict[str, Any]]):
    """Answers with one of each thing that a request can be about, and notes who made it do anything."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.asked: list[str] = []

    async def respond(self, thread: Any, input_user_message: Any, context: Any) -> AsyncIterator[Any]:
        self.asked.append(context["owner"])
        common: dict[str, Any] = {"thread_id": thread.id, "created_at": utc_now()}
        content = [AssistantMessageContent(text="Ann's secret")]
        for item in (
            AssistantMessageItem(id="m_1", content=content, **common),
            WidgetItem(id="w_1", widget=Card(children=[Text(value="secret")]), **common),
            StructuredInputItem(id="si_1", inputs=[StructuredInputFreeform(id="q", question="?")], **common),
            ClientToolCallItem(id="tc_1", call_id="c", name="tool", arguments={}, **common),
        ):
            yield ThreadItemDoneEvent(item=item)

    async def action(self, thread: Any, action: Any, sender: Any, context: Any) -> AsyncIterator[Any]:
        self.asked.append(context["owner"])
        return
        yield

    async def sync_action(self, thread: Any, action: Any, sender: Any, context: Any) -> Any:
        self.asked.append(context["owner"])

    async def add_feedback(self, thread_id: Any, item_ids: Any, feedback: Any, context: Any) -> None:
        self.asked.append(context["owner"])


class Ann:
    """Ann's ids."""

    def __init__(self, thread: str, message: str, attachment: str) -> None:
        self.thread, self.message, self.attachment = thread, message, attachment


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=[pytest.mark.slow, pytest.mark.service])])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/chat.db"
        return
    with postgres() as (url, _):
        yield url


async def _dump(store: Any) -> list[Any]:
    """Every row of Ann's, without the times at which they were last looked after."""
    rows = [record async for record in SQLAdmin(store).export("ann")]
    return [{key: value for key, value in row.items() if key != "updated_at"} for row in rows]


async def test_no_request_reaches_what_belongs_to_another(database: str, tmp_path: Path) -> None:
    store: SQLStore[Any] = SQLStore(database, owner=lambda context: context["owner"])
    server = Server(store, FileAttachmentStore[Any](tmp_path / "files"))
    app = ChatKitApp(server, auth=who)
    async with (
        app.lifespan(),
        client_of(app, **{"x-user": "ann"}) as http,
        client_of(app, **{"x-user": "bob"}) as bob,
    ):
        upload = {"file": ("a.txt", b"Ann's secret", "text/plain")}
        attachment = (await http.post("/chatkit/attachments", files=upload)).json()["id"]
        made = await http.post("/chatkit", content=request("threads.create", input=message("Ann's secret")))
        events = [event for _, event in frames(made.content)]
        ann = Ann(events[0]["thread"]["id"], events[1]["item"]["id"], attachment)
        before = await _dump(store)
        server.asked.clear()
        for kind in sorted(REQUESTS):
            answer = await bob.post("/chatkit", content=request(kind, **REQUESTS[kind](ann)))
            told = answer.text
            assert "secret" not in told, kind
            assert ann.thread not in told or answer.status_code == 404, kind
            if kind not in NOTHING_TO_REFUSE:
                assert answer.status_code == 404, (kind, told)
            assert server.asked == [], f"{kind}: a handler of the app was asked"
        assert await _dump(store) == before
        await _uploads_stay_apart(bob, http, ann)
    await store.close()


async def _uploads_stay_apart(bob: httpx.AsyncClient, ann: httpx.AsyncClient, of: Ann) -> None:
    said = {**message("Mine now"), "attachments": [of.attachment]}
    taken = await bob.post("/chatkit", content=request("threads.create", input=said))
    assert (taken.status_code, taken.json()["error"]["code"]) == (404, "attachment.not_found")
    assert (await bob.get(f"/chatkit/attachments/{of.attachment}")).status_code == 403
    gone = await bob.post("/chatkit", content=request("attachments.delete", attachment_id=of.attachment))
    assert gone.status_code == 404
    kept = await ann.post(
        "/chatkit",
        content=request("threads.create", input={**message("Hi"), "attachments": [of.attachment]}),
    )
    assert (
        json.loads(kept.text.split("data: ")[2].split("\n")[0])["item"]["attachments"][0]["id"]
        == of.attachment
    )
