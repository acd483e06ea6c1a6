"""Attachments: limits, sniffing, signed addresses, previews, and the object stores behind one interface."""

import io
import tracemalloc
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import httpx
import pytest
from object_servers import azure, azure_store, gcs, gcs_store
from obstore.store import AzureStore, GCSStore, S3Store
from obstore.store import MemoryStore as MemoryObjects
from PIL import Image

from chatkit import _request
from chatkit.backends._files.tickets import Ticket, Tickets
from chatkit.backends.files import (
    FileAttachmentStore,
    FilesUnavailableError,
    ObjectAttachmentStore,
    StoredFile,
    UploadLimits,
    UploadRefusedError,
    sniff,
)
from chatkit.errors import AccessDeniedError, LimitExceededError, NotFoundError
from chatkit.types import AttachmentCreateParams, ImageAttachment

SECRET = "a secret of more than sixteen bytes"


@pytest.fixture(scope="module")
def s3_address() -> Iterator[str]:
    server = pytest.importorskip("moto.server", reason="moto is not installed: no S3 server to test against")
    running = server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    yield f"http://{host}:{port}"
    running.stop()


def _s3(address: str) -> Any:
    bucket = f"chatkit-{uuid4().hex}"
    httpx.put(f"{address}/{bucket}").raise_for_status()
    return S3Store(
        bucket,
        endpoint=address,
        access_key_id="key",
        secret_access_key="secret",
        region="us-east-1",
        virtual_hosted_style_request=False,
        client_options={"allow_http": True},
    )


@pytest.fixture(scope="module")
def gcs_address() -> Iterator[str]:
    with gcs() as address:
        yield address


@pytest.fixture(scope="module")
def azure_address() -> Iterator[str]:
    with azure() as address:
        yield address


SERVERS = [pytest.param(name, marks=pytest.mark.slow) for name in ("s3", "gcs", "azure")]


@pytest.fixture(params=["folder", "memory", *SERVERS])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectAttachmentStore[Any]:
    options: dict[str, Any] = {"public_url": "https://chat.example/chatkit"}
    if request.param == "folder":
        return FileAttachmentStore(tmp_path / "files", **options)
    if request.param == "memory":
        return ObjectAttachmentStore(MemoryObjects(), secret=SECRET, **options)
    make: dict[str, Any] = {"s3": _s3, "gcs": gcs_store, "azure": azure_store}
    objects = make[request.param](request.getfixturevalue(f"{request.param}_address"))
    return ObjectAttachmentStore(objects, secret=SECRET, **options)


async def test_a_file_comes_back_byte_for_byte(files: ObjectAttachmentStore[Any]) -> None:
    content = b"a,b\n" * 300_000
    about = await files.write("atc_1", "t.csv", "text/csv", _chunks(content))
    assert (about.size, about.name, about.mime_type) == (len(content), "t.csv", "text/csv")
    assert await files.about("atc_1") == about
    assert await _read(files, "atc_1") == content


@pytest.mark.slow
async def test_a_large_file_goes_in_in_parts(files: ObjectAttachmentStore[Any]) -> None:
    content = b"0123456789abcdef" * (13 * 65_536)  # 13 MiB: three parts
    await files.write("atc_1", "t.txt", "text/plain", _chunks(content))
    assert await _read(files, "atc_1") == content
    assert [i async for i in files.stored()] == ["atc_1"]


async def test_a_deleted_file_is_gone_and_deleting_again_is_no_error(
    files: ObjectAttachmentStore[Any],
) -> None:
    await files.write("atc_1", "p.png", "image/png", _chunks(_png()))
    await files.delete_attachment("atc_1", None)
    await files.delete_attachment("atc_1", None)
    with pytest.raises(NotFoundError):
        await files.about("atc_1")
    with pytest.raises(NotFoundError):
        await _read(files, "atc_1")
    assert await files.read_preview("atc_1") is None
    assert [i async for i in files.stored()] == []


async def test_an_image_gets_a_small_preview(files: ObjectAttachmentStore[Any]) -> None:
    await files.write("atc_1", "p.png", "image/png", _chunks(_png(1600, 900)))
    preview = await files.read_preview("atc_1")
    assert preview is not None
    with Image.open(io.BytesIO(preview)) as small:
        assert (small.format, small.size) == ("WEBP", (512, 288))


async def test_a_broken_image_has_no_preview_and_is_kept(files: ObjectAttachmentStore[Any]) -> None:
    await files.write("atc_1", "p.png", "image/png", _chunks(b"\x89PNG\r\n\x1a\n" + b"\x00" * 100))
    assert await files.read_preview("atc_1") is None
    assert (await files.about("atc_1")).size == 108


async def test_bytes_that_are_not_what_they_say_are_refused_and_not_kept(
    files: ObjectAttachmentStore[Any],
) -> None:
    with pytest.raises(UploadRefusedError, match="text/html"):
        await files.write("atc_1", "p.png", "image/png", _chunks(b"<html><script>alert(1)</script>"))
    with pytest.raises(NotFoundError):
        await files.about("atc_1")
    assert [i async for i in files.stored()] == []


async def test_more_bytes_than_announced_are_refused_and_not_kept(files: ObjectAttachmentStore[Any]) -> None:
    with pytest.raises(LimitExceededError):
        await files.write("atc_1", "a.txt", "text/plain", _chunks(b"x" * 5000), size=4000)
    assert [i async for i in files.stored()] == []


async def test_a_scan_sees_the_whole_file_and_can_throw_it_away(tmp_path: Path) -> None:
    seen: list[bytes] = []

    async def scan(file: StoredFile, chunks: AsyncIterator[bytes]) -> None:
        content = b"".join([chunk async for chunk in chunks])
        seen.append(content)
        if b"EICAR" in content:
            raise UploadRefusedError("A virus was found.")

    store: ObjectAttachmentStore[Any] = FileAttachmentStore(tmp_path, scan=scan)
    await store.write("atc_1", "a.txt", "text/plain", _chunks(b"harmless"))
    with pytest.raises(UploadRefusedError, match="virus"):
        await store.write("atc_2", "a.txt", "text/plain", _chunks(b"EICAR"))
    assert seen == [b"harmless", b"EICAR"]
    assert [i async for i in store.stored()] == ["atc_1"]


async def test_old_files_can_be_told_from_new_ones(files: ObjectAttachmentStore[Any]) -> None:
    await files.write("atc_1", "a.txt", "text/plain", _chunks(b"x"))
    assert [i async for i in files.stored()] == ["atc_1"]
    assert [i async for i in files.stored(older_than=timedelta(hours=1))] == []


@pytest.mark.behaviour("D34")
async def test_two_phase_upload_gives_a_signed_address_that_the_record_does_not_keep(tmp_path: Path) -> None:
    files: ObjectAttachmentStore[Any] = FileAttachmentStore(
        tmp_path, public_url="https://chat.example/chatkit"
    )
    asked = AttachmentCreateParams(name="ä.png", size=10, mime_type="image/png")
    attachment = await files.create_attachment(asked, None)
    assert isinstance(attachment, ImageAttachment)
    assert attachment.upload_descriptor is not None
    assert "ticket" not in str(attachment.preview_url)
    url = urlsplit(str(attachment.upload_descriptor.url))
    assert url.path == f"/chatkit/attachments/{attachment.id}"
    ticket = files.ticket(attachment.id, parse_qs(url.query)["ticket"][0])
    assert (ticket.deed, ticket.name, ticket.mime_type, ticket.size) == ("write", "ä.png", "image/png", 10)
    shown = await files.present_attachment(attachment, None)
    assert isinstance(shown, ImageAttachment)
    preview = parse_qs(urlsplit(str(shown.preview_url)).query)["ticket"][0]
    assert files.ticket(attachment.id, preview).deed == "preview"


async def test_the_address_of_the_app_is_taken_from_the_request(tmp_path: Path) -> None:
    files: ObjectAttachmentStore[Any] = FileAttachmentStore(tmp_path)
    with pytest.raises(RuntimeError, match="public_url"):
        files.download_url("atc_1")
    token = _request.base_url.set("http://here/chatkit")
    assert files.download_url("atc_1").startswith("http://here/chatkit/attachments/atc_1?ticket=")
    _request.base_url.reset(token)


async def test_types_and_sizes_are_limited_by_pattern(tmp_path: Path) -> None:
    limits = UploadLimits(max_bytes={"image/*": 10, "*": 100}, accept=("image/*", "text/csv"))
    files: ObjectAttachmentStore[Any] = FileAttachmentStore(tmp_path, limits=limits, public_url="http://h/c")
    for name, size, kind, error in [
        ("a.png", 11, "image/png", LimitExceededError),
        ("a.csv", 101, "text/csv", LimitExceededError),
        ("a.exe", 1, "application/x-dosexec", UploadRefusedError),
    ]:
        with pytest.raises(error):
            await files.create_attachment(AttachmentCreateParams(name=name, size=size, mime_type=kind), None)
    with pytest.raises(UploadRefusedError):
        await files.upload("a.exe", "application/x-dosexec", _chunks(b"MZ"), None)
    with pytest.raises(LimitExceededError):
        await files.upload("a.csv", "text/csv", _chunks(b"x" * 101), None)


def test_a_ticket_that_was_changed_has_expired_or_is_for_another_file_is_refused() -> None:
    now = 1000.0
    tickets = Tickets(SECRET.encode(), clock=lambda: now)
    text = tickets.write(Ticket("atc_1", "write", tickets.expiry(60)))
    assert tickets.read(text, "atc_1").deed == "write"
    body, signature = text.split(".")
    for forged in (
        f"{body}x.{signature}",
        f"{body}.{signature[:-2]}AA",
        body,
        "",
        "é.é",
        f"{body}.{signature}.{signature}",
    ):
        with pytest.raises(AccessDeniedError):
            tickets.read(forged, "atc_1")
    with pytest.raises(AccessDeniedError):
        tickets.read(text, "atc_2")
    with pytest.raises(AccessDeniedError):
        Tickets(b"another secret, also long", clock=lambda: now).read(text, "atc_1")
    now = 1061.0
    with pytest.raises(AccessDeniedError, match="expired"):
        tickets.read(text, "atc_1")


def test_a_ticket_that_has_run_out_is_not_sealed_so_that_saying_it_in_a_chat_does_not_revive_it() -> None:
    now = 1000.0
    tickets = Tickets(SECRET.encode(), clock=lambda: now)
    text = tickets.write(Ticket("atc_1", "read", tickets.expiry(60)))
    sealed = tickets.seal(text, "thr_1")
    assert sealed is not None
    now = 1061.0
    assert tickets.seal(text, "thr_1") is None
    fresh = tickets.unseal(sealed, "thr_1", 60)
    assert fresh is not None
    assert tickets.read(fresh, "atc_1").deed == "read"


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="too short"):
        Tickets(b"short")


def test_the_secret_of_a_folder_stays_the_same_and_is_for_its_owner_only(tmp_path: Path) -> None:
    first: ObjectAttachmentStore[Any] = FileAttachmentStore(tmp_path, public_url="http://h/c")
    text = parse_qs(urlsplit(first.download_url("atc_1")).query)["ticket"][0]
    again: ObjectAttachmentStore[Any] = FileAttachmentStore(tmp_path, public_url="http://h/c")
    assert again.ticket("atc_1", text).deed == "read"
    assert (tmp_path / "secret").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8", "image/webp"),
        (b"%PDF-1.7", "application/pdf"),
        (b"PK\x03\x04rest", "application/zip"),
        (b"  <!DOCTYPE html>", "text/html"),
        (b"<?xml version='1.0'?><svg onload='x'>", "text/html"),
        (b"a,b\n1,2", "text/plain"),
        ("é".encode() * 1023 + b"x\xc3", "text/plain"),
        (b"\x00\x01\x02", "application/octet-stream"),
        (b"", "text/plain"),
    ],
)
def test_bytes_show_their_type(head: bytes, kind: str) -> None:
    assert sniff(head) == kind


async def test_a_large_file_passes_through_little_memory(tmp_path: Path) -> None:
    files: ObjectAttachmentStore[Any] = FileAttachmentStore(tmp_path)
    piece = b"0123456789abcdef" * 16384  # 256 kB
    tracemalloc.start()

    async def many() -> AsyncIterator[bytes]:
        for _ in range(100 * 4):
            yield piece

    await files.write("atc_1", "big.txt", "text/plain", many())
    size = 0
    async for chunk in files.read("atc_1"):
        size += len(chunk)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size == 100 * 1024 * 1024
    assert peak < 16 * 1024 * 1024


def _png(width: int = 4, height: int = 4) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "red").save(out, "PNG")
    return out.getvalue()


async def _chunks(content: bytes, size: int = 1000) -> AsyncIterator[bytes]:
    for start in range(0, max(len(content), 1), size):
        yield content[start : start + size]


async def _read(files: ObjectAttachmentStore[Any], attachment_id: str) -> bytes:
    return b"".join([chunk async for chunk in files.read(attachment_id)])


async def test_an_object_store_that_is_away_is_said_to_be_without_its_address() -> None:
    with gcs() as address:
        objects = GCSStore(
            "bucket",
            base_url=address,
            credential_provider=lambda: {"token": "token", "expires_at": None},
            client_options={"allow_http": True},
            retry_config={"max_retries": 0},
        )
    store: ObjectAttachmentStore[Any] = ObjectAttachmentStore(objects, secret=SECRET)
    for work in (
        store.write("atc_1", "a.txt", "text/plain", _chunks(b"x")),
        store.about("atc_1"),
        _read(store, "atc_1"),
        store.delete_attachment("atc_1", None),
    ):
        with pytest.raises(FilesUnavailableError) as caught:
            await work
        assert caught.value.status == 503
        assert "127.0.0.1" not in str(caught.value)


async def test_wrong_credentials_are_said_in_the_log_and_not_to_the_caller(
    azure_address: str, caplog: pytest.LogCaptureFixture
) -> None:
    objects = AzureStore(
        "box",
        account_name="stranger",
        account_key="c2VjcmV0",
        endpoint=f"{azure_address}/storage-account",
        client_options={"allow_http": True},
        retry_config={"max_retries": 0},
    )
    store: ObjectAttachmentStore[Any] = ObjectAttachmentStore(objects, secret=SECRET)
    with pytest.raises(FilesUnavailableError):
        await store.write("atc_1", "a.txt", "text/plain", _chunks(b"x"))
    assert "401" in caplog.text
