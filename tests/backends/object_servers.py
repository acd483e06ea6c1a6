"""Google Cloud Storage and Azure Blob Storage on 127.0.0.1: as much of their HTTP interfaces as object stores need.

Objects are kept in memory. Both refuse requests that carry no credentials.
"""

import base64
import hashlib
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import uuid4
from xml.sax.saxutils import escape

from obstore.store import AzureStore, GCSStore

__all__ = ["azure", "azure_store", "gcs", "gcs_store"]

ACCOUNT = "storage-account"
KEY = base64.b64encode(b"the key of the account").decode()


class _Objects:
    """Bytes by name, and the parts of uploads that are not whole yet."""

    def __init__(self) -> None:
        self.whole: dict[str, tuple[bytes, datetime]] = {}
        self.parts: dict[str, dict[str, bytes]] = {}
        self.lock = threading.Lock()
        self.largest = 0

    def put(self, name: str, body: bytes) -> None:
        with self.lock:
            self.whole[name] = body, datetime.now(UTC)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    objects: ClassVar[_Objects]
    credential: ClassVar[str]

    def log_message(self, format: str, *_: Any) -> None:
        pass

    def handle_one(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        self.objects.largest = max(self.objects.largest, len(body))
        split = urlsplit(self.path)
        self.asked = {key: values[0] for key, values in parse_qs(split.query, keep_blank_values=True).items()}
        # The name begins with that of its bucket or container; Azure's account stands before it.
        self.name = unquote(split.path).strip("/").removeprefix(f"{ACCOUNT}/")
        if not (self.headers.get("authorization") or "").startswith(self.credential):
            self.answer(401)
            return
        self.deal(body)

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = handle_one

    def deal(self, body: bytes) -> None:
        raise NotImplementedError

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def give(self) -> None:
        found = self.objects.whole.get(self.name)
        if found is None:
            self.answer(404)
            return
        body, changed = found
        span = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("range") or "")
        headers = {"etag": _tag(body), "last_modified": format_datetime(changed, usegmt=True)}
        if span is None:
            self.answer(200, body, **headers)
            return
        start, end = int(span[1]), min(int(span[2] or len(body)), len(body) - 1)
        headers["content_range"] = f"bytes {start}-{end}/{len(body)}"
        self.answer(206, body[start : end + 1], **headers)

    def remove(self) -> bool:
        with self.objects.lock:
            return self.objects.whole.pop(self.name, None) is not None

    def listed(self) -> list[tuple[str, bytes, datetime]]:
        box = f"{self.name}/"
        prefix = box + self.asked.get("prefix", "")
        found = sorted(self.objects.whole.items())
        return [
            (name[len(box) :], body, changed) for name, (body, changed) in found if name.startswith(prefix)
        ]


class _Google(_Handler):
    """The XML interface: objects, uploads of several parts, lists."""

    credential = "Bearer token"

    def deal(self, body: bytes) -> None:
        upload = self.asked.get("uploadId") or self.asked.get("upload_id")
        if self.command == "POST" and "uploads" in self.asked:
            upload = uuid4().hex
            self.objects.parts[upload] = {}
            told = f"<InitiateMultipartUploadResult><UploadId>{upload}</UploadId></InitiateMultipartUploadResult>"
            self.answer(200, told.encode())
        elif upload is not None:
            self.part(upload, body)
        elif self.command == "PUT":
            self.objects.put(self.name, body)
            self.answer(200, etag=_tag(body))
        elif self.command == "DELETE":
            self.answer(204 if self.remove() else 404)
        elif "list-type" in self.asked:
            self.answer(200, self.as_list().encode())
        else:
            self.give()

    def part(self, upload: str, body: bytes) -> None:
        parts = self.objects.parts[upload]
        if self.command == "PUT":
            parts[self.asked["partNumber"]] = body
            self.answer(200, etag=_tag(body))
        elif self.command == "DELETE":
            del self.objects.parts[upload]
            self.answer(204)
        else:
            order = re.findall(rb"<PartNumber>(\d+)</PartNumber>", body)
            whole = b"".join(parts[number.decode()] for number in order)
            self.objects.put(self.name, whole)
            del self.objects.parts[upload]
            told = f"<CompleteMultipartUploadResult><ETag>{escape(_tag(whole))}</ETag></CompleteMultipartUploadResult>"
            self.answer(200, told.encode())

    def as_list(self) -> str:
        rows = [
            f"<Contents><Key>{escape(name)}</Key><Size>{len(body)}</Size><ETag>{escape(_tag(body))}</ETag>"
            f"<LastModified>{changed.isoformat().replace('+00:00', 'Z')}</LastModified></Contents>"
            for name, body, changed in self.listed()
        ]
        return f"<ListBucketResult>{''.join(rows)}<IsTruncated>false</IsTruncated></ListBucketResult>"


class _Azure(_Handler):
    """Block blobs: whole ones, blocks with a list of them, lists, and deletes by the batch."""

    credential = f"SharedKey {ACCOUNT}:"

    def deal(self, body: bytes) -> None:
        what = self.asked.get("comp", "")
        if what == "block":
            self.objects.parts.setdefault(self.name, {})[self.asked["blockid"]] = body
            self.answer(201)
        elif what == "blocklist":
            parts = self.objects.parts.pop(self.name, {})
            order = re.findall(rb"<Uncommitted>([^<]+)</Uncommitted>", body)
            self.objects.put(self.name, b"".join(parts[block.decode()] for block in order))
            self.answer(201, etag='"blocks"')
        elif what == "batch":
            self.batch(body)
        elif what == "list":
            self.answer(200, self.as_list().encode())
        elif self.command == "PUT":
            self.objects.put(self.name, body)
            self.answer(201, etag=_tag(body))
        elif self.command == "DELETE":
            self.answer(202 if self.remove() else 404)
        else:
            self.give()

    def batch(self, body: bytes) -> None:
        told: list[str] = []
        for number, path in enumerate(re.findall(rb"DELETE (\S+) HTTP", body)):
            self.name = unquote(path.decode()).strip("/").removeprefix(f"{ACCOUNT}/")
            status = "202 Accepted" if self.remove() else "404 The specified blob does not exist."
            code = "" if status.startswith("2") else "x-ms-error-code: BlobNotFound\r\n"
            told.append(
                f"--batch\r\nContent-Type: application/http\r\nContent-ID: {number}\r\n\r\n"
                f"HTTP/1.1 {status}\r\n{code}x-ms-request-id: 1\r\n\r\n"
            )
        answer = "".join(told) + "--batch--\r\n"
        self.answer(202, answer.encode(), content_type="multipart/mixed; boundary=batch")

    def as_list(self) -> str:
        rows = [
            f"<Blob><Name>{escape(name)}</Name><Properties><Last-Modified>{format_datetime(changed, usegmt=True)}"
            f"</Last-Modified><Content-Length>{len(body)}</Content-Length><Content-Type>a/b</Content-Type>"
            f"<Etag>{escape(_tag(body))}</Etag></Properties></Blob>"
            for name, body, changed in self.listed()
        ]
        return f"<EnumerationResults><Blobs>{''.join(rows)}</Blobs><NextMarker/></EnumerationResults>"


def _tag(body: bytes) -> str:
    return f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'


@contextmanager
def _serving(handler: type[_Handler]) -> Iterator[str]:
    bound = type(handler.__name__, (handler,), {"objects": _Objects()})
    server = ThreadingHTTPServer(("127.0.0.1", 0), bound)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def gcs() -> Iterator[str]:
    """A Google Cloud Storage; gives its address."""
    with _serving(_Google) as address:
        yield address


@contextmanager
def azure() -> Iterator[str]:
    """An Azure Blob Storage; gives its address."""
    with _serving(_Azure) as address:
        yield address


def gcs_store(address: str) -> GCSStore:
    """A bucket there, named anew."""
    return GCSStore(
        f"bucket-{uuid4().hex}",
        base_url=address,
        credential_provider=lambda: {"token": "token", "expires_at": None},
        client_options={"allow_http": True},
    )


def azure_store(address: str) -> AzureStore:
    """A container there, named anew."""
    return AzureStore(
        f"box-{uuid4().hex}",
        account_name=ACCOUNT,
        account_key=KEY,
        endpoint=f"{address}/{ACCOUNT}",
        client_options={"allow_http": True},
    )
