"""Bytes of attachments: in by a form or to a signed address, out to whoever holds a signed address."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Generator
from contextlib import contextmanager
from typing import Any, Generic, Protocol, TypeVar, runtime_checkable
from urllib.parse import parse_qs, quote

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send

from chatkit._engine.sending import send_json
from chatkit._telemetry import tell
from chatkit.asgi._body import chunks_of
from chatkit.asgi._origin import Origins
from chatkit.errors import (
    AccessDeniedError,
    ChatKitError,
    LimitExceededError,
    NotFoundError,
    RequestInvalidError,
)
from chatkit.server import ChatKitServer
from chatkit.types import Attachment, wire_json

__all__ = ["HoldsFiles", "Uploads"]

TContext = TypeVar("TContext")

_PAUSE = 60.0
_FORM_OVERHEAD = 64 * 1024
_INLINE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "application/pdf"})
_CAUTION = [
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"sandbox; default-src 'none'"),
    (b"cross-origin-resource-policy", b"cross-origin"),
]


@runtime_checkable
class HoldsFiles(Protocol):
    """An attachment store that takes and gives bytes itself, as those of ``chatkit.backends.files`` do."""

    limits: Any

    async def upload(
        self, name: str, mime_type: str, chunks: AsyncIterable[bytes], context: Any
    ) -> Attachment: ...

    def ticket(self, attachment_id: str, text: str) -> Any: ...

    async def write(
        self,
        attachment_id: str,
        name: str,
        mime_type: str,
        chunks: AsyncIterable[bytes],
        *,
        size: int | None = None,
    ) -> Any: ...

    async def about(self, attachment_id: str) -> Any: ...

    def read(self, attachment_id: str) -> AsyncIterator[bytes]: ...

    async def read_preview(self, attachment_id: str) -> bytes | None: ...

    async def present_attachment(self, attachment: Attachment, context: Any) -> Attachment: ...

    async def delete_attachment(self, attachment_id: str, context: Any) -> None: ...


class Uploads(Generic[TContext]):
    """The addresses below ``attachments``."""

    def __init__(
        self,
        server: ChatKitServer[TContext],
        context: Callable[[Scope, Receive], Awaitable[TContext]],
        origins: Origins,
    ) -> None:
        self._server = server
        self._context = context
        self._origins = origins

    async def direct(self, scope: Scope, receive: Receive, send: Send) -> None:
        """``POST attachments`` with a form whose field ``file`` is the file: the answer is the attachment."""
        self._origins.check(scope)
        files = self._files()
        context = await self._context(scope, receive)
        most = max(files.limits.max_bytes.values(), default=0) + _FORM_OVERHEAD
        request = Request(scope, _counted(receive, most))
        try:
            async with request.form(max_files=1, max_fields=8) as form:
                file = form.get("file")
                if not isinstance(file, UploadFile):
                    raise RequestInvalidError(
                        "The form has no file.", path="file", hint="Send it in the field `file`."
                    )
                attachment = await self._keep(files, file, context)
        except MultiPartException as error:
            raise RequestInvalidError(f"The form cannot be read: {error.message}") from error
        await send_json(send, 200, wire_json(attachment), self._origins.headers(scope))

    async def signed(self, attachment_id: str, scope: Scope, receive: Receive, send: Send) -> None:
        """``PUT`` or ``GET attachments/<id>?ticket=…``: whoever has the address may do what it says, for a while."""
        files = self._files()
        text = (parse_qs(scope["query_string"].decode("latin-1")).get("ticket") or [""])[0]
        ticket = files.ticket(attachment_id, text)
        deed = (scope["method"], ticket.deed)
        if deed == ("PUT", "write"):
            chunks = chunks_of(scope, receive, limit=files.limits.limit(ticket.mime_type), seconds=_PAUSE)
            with _told():
                file = await files.write(
                    attachment_id, ticket.name, ticket.mime_type, chunks, size=ticket.size
                )
            tell("chatkit.uploaded", file.size)
            await send_json(send, 200, b"{}", [(b"access-control-allow-origin", b"*")])
        elif deed == ("GET", "read"):
            await self._send_file(files, attachment_id, send)
        elif deed == ("GET", "preview"):
            await self._send_preview(files, attachment_id, send)
        else:
            raise AccessDeniedError(f"This address is not for {scope['method']}.", code="attachment.denied")

    async def preflight(self, send: Send) -> None:
        """Any page that has a signed address may use it."""
        headers = [
            (b"access-control-allow-origin", b"*"),
            (b"access-control-allow-methods", b"GET, PUT"),
            (b"access-control-allow-headers", b"*, content-type"),
            (b"access-control-max-age", b"600"),
        ]
        await send({"type": "http.response.start", "status": 204, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    async def _keep(self, files: HoldsFiles, file: UploadFile, context: TContext) -> Attachment:
        mime_type = file.content_type or "application/octet-stream"
        with _told():
            attachment = await files.upload(file.filename or "file", mime_type, _pieces(file), context)
        tell("chatkit.uploaded", file.size or 0)
        try:
            await self._server.store.save_attachment(attachment, context)
        except BaseException:
            await files.delete_attachment(attachment.id, context)
            raise
        return (await files.present_attachment(attachment, context)).model_copy(update={"metadata": None})

    async def _send_file(self, files: HoldsFiles, attachment_id: str, send: Send) -> None:
        about = await files.about(attachment_id)
        place = "inline" if about.mime_type in _INLINE else "attachment"
        headers = [
            (b"content-type", about.mime_type.encode("latin-1", "replace")),
            (b"content-length", str(about.size).encode()),
            (b"content-disposition", f"{place}; filename*=UTF-8''{quote(about.name)}".encode()),
            (b"cache-control", b"private, max-age=600"),
            *_CAUTION,
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        async for piece in files.read(attachment_id):
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    async def _send_preview(self, files: HoldsFiles, attachment_id: str, send: Send) -> None:
        small = await files.read_preview(attachment_id)
        if small is None:
            await self._send_file(files, attachment_id, send)
            return
        headers = [
            (b"content-type", b"image/webp"),
            (b"content-length", str(len(small)).encode()),
            (b"cache-control", b"private, max-age=600"),
            *_CAUTION,
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": small})

    def _files(self) -> HoldsFiles:
        store = self._server.attachment_store
        if not isinstance(store, HoldsFiles):
            raise NotFoundError(
                "This server takes no files.",
                hint="Give the server an attachment store of chatkit.backends.files.",
                code="attachment.not_found",
            )
        return store


@contextmanager
def _told() -> Generator[None]:
    """Count a file by what becomes of it."""
    try:
        yield
    except ChatKitError:
        tell("chatkit.uploads", outcome="refused")
        raise
    except BaseException:
        tell("chatkit.uploads", outcome="failed")
        raise
    tell("chatkit.uploads", outcome="kept")


async def _pieces(file: UploadFile) -> AsyncIterator[bytes]:
    while piece := await file.read(256 * 1024):
        yield piece


def _counted(receive: Receive, limit: int) -> Receive:
    size = 0

    async def counted() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > limit:
            raise LimitExceededError(f"The upload is longer than {limit:,} bytes.")
        return message

    return counted
