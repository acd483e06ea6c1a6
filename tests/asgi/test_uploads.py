"""Uploads and the web client over HTTP."""

import gzip
import io
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from parrot_app import Parrot, client_of, frames, message, request, who
from PIL import Image

from chatkit.asgi import ChatKitApp
from chatkit.asgi._static import StaticClient
from chatkit.backends.files import FileAttachmentStore, UploadLimits
from chatkit.backends.memory import MemoryStore
from chatkit.backends.sql import SQLStore
from chatkit.store import NotFoundError, Store


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    limits = UploadLimits(max_bytes={"image/*": 100_000, "*": 1000})
    files: FileAttachmentStore[Any] = FileAttachmentStore(tmp_path / "files", limits=limits)
    app = ChatKitApp(Parrot(MemoryStore(owner=lambda context: context["owner"]), files), auth=who)
    async with app.lifespan(), client_of(app, **{"x-user": "ann"}) as http:
        yield http


def _png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (900, 600), "teal").save(out, "PNG")
    return out.getvalue()


async def _two_phase(
    site: httpx.AsyncClient, name: str, kind: str, content: bytes
) -> tuple[dict[str, Any], httpx.Response]:
    asked = request("attachments.create", name=name, size=len(content), mime_type=kind)
    attachment = (await site.post("/chatkit", content=asked)).json()
    descriptor = attachment["upload_descriptor"]
    sent = await site.request(
        descriptor["method"], descriptor["url"], content=content, headers=descriptor["headers"]
    )
    return attachment, sent


@pytest.mark.behaviour("D34")
async def test_a_picture_goes_in_in_two_phases_and_its_preview_comes_out(site: httpx.AsyncClient) -> None:
    attachment, sent = await _two_phase(site, "p.png", "image/png", _png())
    assert sent.status_code == 200
    said = {**message("Look"), "attachments": [attachment["id"]]}
    answer = await site.post("/chatkit", content=request("threads.create", input=said))
    events = [event for _, event in frames(answer.content)]
    shown = events[1]["item"]["attachments"][0]
    assert "upload_descriptor" not in shown
    assert "metadata" not in shown
    preview = await site.get(shown["preview_url"], headers={"x-user": ""})
    assert preview.headers["content-type"] == "image/webp"
    with Image.open(io.BytesIO(preview.content)) as small:
        assert small.size == (512, 341)
    listed = await site.post(
        "/chatkit", content=request("items.list", thread_id=events[0]["thread"]["id"], order="asc")
    )
    again = listed.json()["data"][0]["attachments"][0]
    assert (await site.get(again["preview_url"])).status_code == 200
    assert "upload_descriptor" not in listed.text


async def test_a_file_goes_in_by_a_form(site: httpx.AsyncClient) -> None:
    answer = await site.post("/chatkit/attachments", files={"file": ("a.csv", b"a,b\n1,2\n", "text/csv")})
    attachment = answer.json()
    assert (answer.status_code, attachment["name"], attachment["mime_type"]) == (200, "a.csv", "text/csv")
    gone = await site.post("/chatkit", content=request("attachments.delete", attachment_id=attachment["id"]))
    assert gone.json() == {}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ann\\list.csv", "list.csv"),
        ("photo\u202egnp.exe", "photognp.exe"),
        ("a\x00b\r\n.csv", "ab.csv"),
        ("x" * 300 + ".csv", "x" * 251 + ".csv"),
        ("..", "file"),
        ("Käse 👨‍👩‍👧 日本.csv", "Käse 👨‍👩‍👧 日本.csv"),
    ],
)
async def test_names_of_files_have_no_folders_and_nothing_unseen(
    site: httpx.AsyncClient, given: str, kept: str
) -> None:
    attachment, sent = await _two_phase(site, given, "text/csv", b"a,b")
    assert (attachment["name"], sent.status_code) == (kept, 200)
    if given.isprintable():  # a form cannot carry the others as they are
        answer = await site.post("/chatkit/attachments", files={"file": (given, b"a,b", "text/csv")})
        assert answer.json()["name"] == kept


@pytest.mark.parametrize(
    ("upload", "status"),
    [
        ({"file": ("a.csv", b"x" * 1001, "text/csv")}, 413),
        ({"file": ("p.png", b"<html>", "image/png")}, 415),
        ({"other": ("a.csv", b"x", "text/csv")}, 400),
    ],
)
async def test_a_form_with_the_wrong_file_is_refused(
    site: httpx.AsyncClient, upload: Any, status: int
) -> None:
    answer = await site.post("/chatkit/attachments", files=upload)
    assert answer.status_code == status
    assert answer.json()["error"]["message"]


async def test_a_form_from_nobody_or_from_a_foreign_page_is_refused(site: httpx.AsyncClient) -> None:
    upload = {"file": ("a.csv", b"x", "text/csv")}
    assert (await site.post("/chatkit/attachments", files=upload, headers={"x-user": ""})).status_code == 401
    foreign = {"origin": "https://evil.example"}
    assert (await site.post("/chatkit/attachments", files=upload, headers=foreign)).status_code == 403


async def test_a_body_that_is_no_form_is_a_bad_request(site: httpx.AsyncClient) -> None:
    broken = {"content-type": "multipart/form-data; boundary=x"}
    for headers in (broken, {"content-type": "text/plain"}):
        answer = await site.post("/chatkit/attachments", content=b"--y\r\nnonsense", headers=headers)
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "request.invalid")


async def test_a_signed_address_allows_one_thing_only(site: httpx.AsyncClient) -> None:
    attachment, sent = await _two_phase(site, "a.txt", "text/plain", b"hello")
    assert sent.status_code == 200
    url = attachment["upload_descriptor"]["url"]
    assert (await site.get(url)).status_code == 403
    assert (await site.put(url + "x", content=b"hello")).status_code == 403
    assert (await site.put(urlsplit(url).path, content=b"hello")).status_code == 403
    other = url.replace(attachment["id"], "atc_other")
    assert (await site.put(other, content=b"hello")).status_code == 403


async def test_more_bytes_than_announced_are_refused(site: httpx.AsyncClient) -> None:
    asked = request("attachments.create", name="a.txt", size=3, mime_type="text/plain")
    descriptor = (await site.post("/chatkit", content=asked)).json()["upload_descriptor"]
    answer = await site.put(descriptor["url"], content=b"much more")
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "limit.exceeded")


async def test_announcing_too_much_is_refused_before_any_byte(site: httpx.AsyncClient) -> None:
    asked = request("attachments.create", name="a.txt", size=1001, mime_type="text/plain")
    answer = await site.post("/chatkit", content=asked)
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "limit.exceeded")


async def test_any_page_may_send_bytes_to_an_address_it_was_given(site: httpx.AsyncClient) -> None:
    answer = await site.options("/chatkit/attachments/atc_1", headers={"origin": "https://shop.example"})
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (204, "*")


async def test_a_server_without_files_says_so() -> None:
    app = ChatKitApp(Parrot(MemoryStore(owner=lambda context: context["owner"])), auth=who)
    async with app.lifespan(), client_of(app, **{"x-user": "ann"}) as http:
        answer = await http.post("/chatkit/attachments", files={"file": ("a", b"x")})
    assert answer.status_code == 404
    assert "chatkit.backends.files" in answer.json()["error"]["hint"]


# The web client


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[tuple[httpx.AsyncClient, Path]]:
    folder = tmp_path / "static"
    (folder / "assets").mkdir(parents=True)
    (folder / "chatkit.js").write_text("/* client */" * 500)
    (folder / "assets" / "math-abc123.js").write_text("math")
    (folder / ".built").write_text("")
    (tmp_path / "secret.txt").write_text("secret")
    app = ChatKitApp(Parrot(MemoryStore()), auth="open")
    app._client = StaticClient(folder)  # pyright: ignore[reportPrivateUsage]
    async with client_of(app) as http:
        yield http, folder


async def test_the_script_is_asked_for_each_time_and_answered_with_nothing_new(
    client: tuple[httpx.AsyncClient, Path],
) -> None:
    http, folder = client
    first = await http.get("/chatkit/chatkit.js")
    assert first.headers["content-type"] == "text/javascript; charset=utf-8"
    assert "no-cache" in first.headers["cache-control"]
    assert first.headers["access-control-allow-origin"] == "*"
    same = await http.get("/chatkit/chatkit.js", headers={"if-none-match": first.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")
    (folder / "chatkit.js").write_text("/* newer */")
    newer = await http.get("/chatkit/chatkit.js", headers={"if-none-match": first.headers["etag"]})
    assert (newer.status_code, newer.text) == (200, "/* newer */")


async def test_hashed_files_are_kept_for_ever(client: tuple[httpx.AsyncClient, Path]) -> None:
    answer = await client[0].get("/chatkit/assets/math-abc123.js")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


async def test_scripts_are_sent_compressed_to_those_who_understand(
    client: tuple[httpx.AsyncClient, Path],
) -> None:
    http, folder = client
    for accepted, length in (("gzip", None), ("identity", (folder / "chatkit.js").stat().st_size)):
        answer = await http.head("/chatkit/chatkit.js", headers={"accept-encoding": accepted})
        assert answer.content == b""
        if length is not None:
            assert int(answer.headers["content-length"]) == length
        else:
            assert answer.headers["content-encoding"] == "gzip"
            assert int(answer.headers["content-length"]) == len(
                gzip.compress((folder / "chatkit.js").read_bytes(), 6, mtime=0)
            )


@pytest.mark.parametrize(
    "name", ["nothing.js", "../secret.txt", "..%2fsecret.txt", ".built", "assets/", "assets"]
)
async def test_nothing_else_can_be_had(client: tuple[httpx.AsyncClient, Path], name: str) -> None:
    answer = await client[0].get(f"/chatkit/{name}")
    assert answer.status_code == 404
    assert "secret" not in answer.text.replace("secret.txt", "")


async def test_a_client_that_is_not_built_says_how(tmp_path: Path) -> None:
    app = ChatKitApp(Parrot(MemoryStore()), auth="open")
    app._client = StaticClient(tmp_path)  # pyright: ignore[reportPrivateUsage]
    async with client_of(app) as http:
        answer = await http.get("/chatkit/chatkit.js")
    assert answer.status_code == 404
    assert "make build" in answer.json()["error"]["hint"]


async def test_reading_what_was_never_sent_is_not_found(tmp_path: Path) -> None:
    files: FileAttachmentStore[Any] = FileAttachmentStore(tmp_path)
    with pytest.raises(NotFoundError):
        await files.about("atc_0")


# How many


async def _upload(http: httpx.AsyncClient, name: str, kind: str, content: bytes) -> str:
    answer = await http.post("/chatkit/attachments", files={"file": (name, content, kind)})
    assert answer.status_code == 200, answer.text
    return answer.json()["id"]


@pytest.fixture(params=["memory", "sqlite", "a store of one's own"])
async def counted(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    def owner(context: Any) -> str:
        return context["owner"]

    class Own(MemoryStore[Any]):
        """Knows nothing of attachments of a thread but what its items say."""

        async def load_thread_attachments(self, thread_id: str, context: Any) -> Any:
            return await Store.load_thread_attachments(self, thread_id, context)

    stores: dict[str, Any] = {"memory": MemoryStore, "a store of one's own": Own}
    store: Any = stores[request.param](owner=owner) if request.param in stores else None
    store = store or SQLStore(tmp_path / "chat.db", owner=owner)
    limits = UploadLimits(max_files={"image/*": 1, "*": 2}, max_thread_files={"image/*": 2})
    app = ChatKitApp(Parrot(store, FileAttachmentStore(tmp_path / "files", limits=limits)), auth=who)
    async with app.lifespan(), client_of(app, **{"x-user": "ann"}) as http:
        yield http


async def test_a_message_carries_only_so_many_files_of_each_type(counted: httpx.AsyncClient) -> None:
    pictures = [await _upload(counted, f"{n}.png", "image/png", _png()) for n in range(3)]
    texts = [await _upload(counted, f"{n}.txt", "text/plain", b"hi") for n in range(3)]

    async def say(thread_id: str | None, *attachments: str) -> httpx.Response:
        said = {**message("Look"), "attachments": list(attachments)}
        if thread_id is None:
            return await counted.post("/chatkit", content=request("threads.create", input=said))
        body = request("threads.add_user_message", thread_id=thread_id, input=said)
        return await counted.post("/chatkit", content=body)

    refused = await say(None, *pictures[:2])
    error = refused.json()["error"]
    assert (refused.status_code, error["code"]) == (413, "limit.exceeded")
    assert (error["path"], "at most 1 files of type image/*" in error["message"]) == (
        "params.input.attachments",
        True,
    )
    assert (await say(None, *texts)).status_code == 413
    assert (await counted.post("/chatkit", content=request("threads.list"))).json()["data"] == []
    taken = await say(None, pictures[0], *texts[:2])
    thread_id = frames(taken.content)[0][1]["thread"]["id"]
    assert (await say(thread_id, pictures[1])).status_code == 200
    full = await say(thread_id, pictures[2])
    assert (full.status_code, "A conversation" in full.json()["error"]["message"]) == (413, True)
    assert (await say(thread_id, texts[2])).status_code == 200


# Signed addresses are never stored


async def test_no_signed_address_is_anywhere_in_the_database_and_every_reader_gets_a_fresh_one(
    tmp_path: Path,
) -> None:
    store: SQLStore[Any] = SQLStore(tmp_path / "chat.db", owner=lambda context: context["owner"])
    files: FileAttachmentStore[Any] = FileAttachmentStore(tmp_path / "files")
    app = ChatKitApp(Parrot(store, files), auth=who)
    async with app.lifespan(), client_of(app, **{"x-user": "ann"}) as http:
        attachment = await _upload(http, "p.png", "image/png", _png())
        said = {**message("Look"), "attachments": [attachment]}
        made = await http.post("/chatkit", content=request("threads.create", input=said))
        events = frames(made.content)
        thread_id = events[0][1]["thread"]["id"]
        run_id = events[0][0].rpartition(":")[0]
        first = events[1][1]["item"]["attachments"][0]["preview_url"]
        assert (await http.get(first)).status_code == 200

        kept = b""
        for table in ("threads", "items", "attachments", "frames"):
            for row in await _rows(store, f"SELECT * FROM chatkit_{table}"):
                kept += b" ".join(v if isinstance(v, bytes) else str(v).encode() for v in row)
        assert attachment.encode() in kept
        addresses = re.findall(rb"[^\"]*/attachments/[^\"]*", kept)
        assert addresses, "there is something to look at"
        for address in addresses:
            assert (await http.get(address.decode())).status_code == 403, address

        again = await http.post(
            "/chatkit", content=request("threads.resume", thread_id=thread_id, after=f"{run_id}:0")
        )
        fresh = frames(again.content)[1][1]["item"]["attachments"][0]["preview_url"]
        assert (await http.get(fresh)).status_code == 200

        # Words that look like a kept address, as somebody who has read the database might write them, get no signature.
        sealed = next(address for address in addresses if b"~" in address).decode()
        echoed = await http.post("/chatkit", content=request("threads.create", input=message(sealed)))
        told = frames(echoed.content)[-1][1]["item"]["content"][0]["text"]
        assert told == sealed
        assert (await http.get(told)).status_code == 403


async def _rows(store: SQLStore[Any], query: str) -> Any:
    async with store.engine.connect() as connection:
        return (await connection.exec_driver_sql(query)).all()
