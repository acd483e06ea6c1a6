"""A database that cannot be used is told to the operator with the cure, and to nobody else."""

import socket
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import event

from chatkit.asgi import ChatKitApp
from chatkit.backends._sql.address import driver_options, parse_url
from chatkit.backends.redis import RedisStreamLog
from chatkit.backends.sql import SQLStore
from chatkit.server import ChatKitServer
from chatkit.store import StoreUnavailableError
from chatkit.types import ThreadMetadata


def _nobody() -> int:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        return closed.getsockname()[1]


async def _fault(address: str) -> StoreUnavailableError:
    store: SQLStore[Any] = SQLStore(address)
    with pytest.raises(StoreUnavailableError) as caught:
        await store.start()
    await store.close()
    return caught.value


async def test_a_file_of_another_kind_is_told(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("Nothing that a database would begin with. " * 50)
    error = await _fault(f"sqlite:///{tmp_path}/notes.txt")
    assert (
        str(error) == f"The database {tmp_path}/notes.txt cannot be used: file is not a database. "
        f"{tmp_path}/notes.txt is a file of another kind: name another one."
    )


async def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "chat.db").mkdir()
    error = await _fault(f"sqlite:///{tmp_path}/chat.db")
    assert f"Let this process write to {tmp_path}, or name another file." in str(error)


async def test_a_server_that_is_away_is_told_without_its_password() -> None:
    port = _nobody()
    error = await _fault(f"postgresql://ann:secret@127.0.0.1:{port}/chat")
    assert str(error).startswith(f"The database 127.0.0.1:{port}/chat does not answer: ")
    assert str(error).endswith("Check its address and that it runs.")
    assert "secret" not in str(error)


async def test_a_full_disk_is_told_and_what_was_there_stays(tmp_path: Path) -> None:
    store: SQLStore[Any] = SQLStore(f"sqlite:///{tmp_path}/chat.db")

    @event.listens_for(store.engine.sync_engine, "checkout")
    def small(connection: Any, _record: Any, _proxy: Any) -> None:  # pyright: ignore[reportUnusedFunction]
        connection.cursor().execute("PRAGMA max_page_count = 120")

    def thread(name: str, title: str) -> ThreadMetadata:
        return ThreadMetadata(id=name, title=title, created_at=datetime.now(UTC))

    await store.save_thread(thread("thr_1", "small"), {})
    with pytest.raises(StoreUnavailableError) as caught:
        await store.save_thread(thread("thr_2", "x" * 2_000_000), {})
    assert caught.value.cure == f"Make room on the disk of {tmp_path}."
    assert (await store.load_thread("thr_1", {})).title == "small"
    await store.close()


class _Silent(ChatKitServer[dict[str, Any]]):
    async def respond(self, thread: Any, input_user_message: Any, context: Any) -> Any:
        return
        yield


_LIST = {"type": "threads.list", "params": {}}
_CREATE = {
    "type": "threads.create",
    "params": {
        "input": {
            "content": [{"type": "input_text", "text": "Hi"}],
            "attachments": [],
            "inference_options": {},
        }
    },
}


async def test_a_client_is_told_nothing_of_the_database_and_the_log_everything(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "chat.db").mkdir()
    app = ChatKitApp(_Silent(SQLStore(f"sqlite:///{tmp_path}/chat.db")), auth="open")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://chat") as http:
        answer = await http.post("/chatkit", json=_LIST)
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "store.unavailable")
    assert str(tmp_path) not in answer.text
    assert "unable to open database file" in caplog.text


async def test_a_client_is_told_nothing_of_the_stream_log_and_the_log_everything(
    caplog: pytest.LogCaptureFixture,
) -> None:
    port = _nobody()
    log = RedisStreamLog(f"redis://:secret@127.0.0.1:{port}/0")
    app = ChatKitApp(_Silent(SQLStore("sqlite:///:memory:")), auth="open", log=log)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://chat") as http:
        answer = await http.post("/chatkit", json=_CREATE)
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "stream_log.unavailable")
    assert str(port) not in answer.text
    assert str(port) in caplog.text
    assert "secret" not in caplog.text
    await app.server.store.close()  # type: ignore[attr-defined]
    await log.aclose()


async def test_an_app_that_cannot_start_says_why_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "chat.db").mkdir()
    app = ChatKitApp(_Silent(SQLStore(f"sqlite:///{tmp_path}/chat.db")), auth="open")
    told: list[Any] = []

    async def receive() -> Any:
        return {"type": "lifespan.startup"}

    async def send(message: Any) -> None:
        told.append(message)

    with pytest.raises(StoreUnavailableError) as caught:
        await app({"type": "lifespan", "state": {}}, receive, send)
    assert told == [{"type": "lifespan.startup.failed", "message": str(caught.value)}]


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("sqlite://chat.db", "write sqlite:///chat.db"),
        ("postgresql://u:secret@h:port/d", "%-codes"),
        ("://", "cannot be read"),
        ("mysql://u:secret@h/d", "use sqlite:///file.db"),
    ],
)
def test_an_address_that_cannot_be_meant_is_refused_without_its_password(address: str, told: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        parse_url(address)
    assert told in str(caught.value)
    assert "secret" not in str(caught.value)


def test_addresses_as_hosts_give_them_are_taken() -> None:
    given = parse_url(
        "postgres://u:p@db.example/d?sslmode=require&channel_binding=require&connect_timeout=5"
        "&application_name=chat&command_timeout=9&pgbouncer=true"
    )
    url, options = driver_options(given)
    assert options == {"dsn": "postgresql://?sslmode=require&application_name=chat", "timeout": 5.0}
    assert dict(url.query) == {"command_timeout": "9"}
    with pytest.raises(ValueError, match="an option 'sslmod'"):
        driver_options(parse_url("postgresql://u@h/d?sslmod=require"))
