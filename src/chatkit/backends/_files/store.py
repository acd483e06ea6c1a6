"""The attachment store over obstore: a folder, S3, Google Cloud Storage, Azure, or memory."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import re
import secrets
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote, unquote, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore
from pydantic import AnyUrl

from chatkit import _request
from chatkit.backends._files.kinds import HEAD_BYTES, agrees, sniff
from chatkit.backends._files.limits import UploadLimits, UploadRefusedError
from chatkit.backends._files.names import file_name
from chatkit.backends._files.preview import PREVIEW_TYPES, make_preview
from chatkit.backends._files.tickets import Deed, Ticket, Tickets
from chatkit.errors import ChatKitError, LimitExceededError, NotFoundError
from chatkit.logger import logger
from chatkit.store import AttachmentStore
from chatkit.types import (
    Attachment,
    AttachmentCreateParams,
    AttachmentUploadDescriptor,
    FileAttachment,
    GeneratedImage,
    ImageAttachment,
)

__all__ = ["FileAttachmentStore", "FilesUnavailableError", "ObjectAttachmentStore", "StoredFile"]

TContext = TypeVar("TContext")

_CHUNK = 5 * 1024 * 1024
_TICKET = b"?ticket="
_SIGNED = re.compile(rb"\?ticket=([\w\-]+\.[\w\-]+)")
_SEALED = re.compile(rb"\?ticket=([\w\-]+\.~[\w\-]+)")
_PREVIEW_LIMIT = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class StoredFile:
    """What is known of a stored file: its name and type, its size in bytes, and the SHA-256 of its content."""

    id: str
    name: str
    mime_type: str
    size: int
    sha256: str


Scan = Callable[[StoredFile, AsyncIterator[bytes]], Awaitable[None]]
"""Looks at a file that has just arrived; raising :class:`UploadRefusedError` throws the file away."""


class ObjectAttachmentStore(AttachmentStore[TContext]):
    """Attachments in an object store; the addresses a browser gets are signed, end soon, and are never stored.

    The browser sends and fetches bytes through the app, so that limits and checks hold and the bucket stays private.

    :param objects: a store of obstore: ``LocalStore``, ``S3Store``, ``GCSStore``, ``AzureStore``, ``MemoryStore``.
    :param secret: signs the addresses; the same on all workers, 16 bytes or more.
    :param limits: which types are taken, and how large.
    :param scan: looks at every file before anybody can read it.
    :param public_url: where the app is mounted as the browser sees it; by default taken from the request.
    :param seconds: how long an address is good.
    """

    def __init__(
        self,
        objects: Any,
        *,
        secret: str | bytes,
        limits: UploadLimits | None = None,
        scan: Scan | None = None,
        public_url: str | None = None,
        seconds: float = 900.0,
    ) -> None:
        self._objects = objects
        self._tickets = Tickets(secret.encode() if isinstance(secret, str) else secret)
        self.limits = limits or UploadLimits()
        self._scan = scan
        self._public_url = public_url.rstrip("/") if public_url else None
        self._seconds = seconds

    # What the engine calls

    async def create_attachment(self, input: AttachmentCreateParams, context: TContext) -> Attachment:
        self.limits.check_type(input.mime_type)
        self.limits.check_size(input.mime_type, input.size)
        attachment_id = self.generate_attachment_id(input.mime_type, context)
        name = file_name(input.name)
        url = self._address(attachment_id, "write", name, input.mime_type, input.size)
        descriptor = AttachmentUploadDescriptor(
            url=AnyUrl(url), method="PUT", headers={"Content-Type": input.mime_type}
        )
        attachment = self._attachment(attachment_id, name, input.mime_type)
        return attachment.model_copy(update={"upload_descriptor": descriptor})

    async def present_attachment(self, attachment: Attachment, context: TContext) -> Attachment:
        if not isinstance(attachment, ImageAttachment):
            return attachment
        return attachment.model_copy(update={"preview_url": AnyUrl(self._address(attachment.id, "preview"))})

    def seal(self, frame: bytes, place: str) -> bytes:
        if _TICKET not in frame:
            return frame

        def sealed(found: re.Match[bytes]) -> bytes:
            text = self._tickets.seal(found[1].decode(), place)
            return found[0] if text is None else _TICKET + text.encode()

        return _SIGNED.sub(sealed, frame)

    def unseal(self, frame: bytes, place: str) -> bytes:
        if _TICKET not in frame:
            return frame

        def signed(found: re.Match[bytes]) -> bytes:
            text = self._tickets.unseal(found[1].decode(), place, self._seconds)
            return found[0] if text is None else _TICKET + text.encode()

        return _SEALED.sub(signed, frame)

    async def check_message(
        self,
        attachments: Sequence[Attachment],
        earlier: Callable[[], Awaitable[Sequence[Attachment]]],
        context: TContext,
    ) -> None:
        self.limits.check_message_count(attachment.mime_type for attachment in attachments)
        if self.limits.max_thread_files:
            every = {attachment.id: attachment for attachment in (*await earlier(), *attachments)}
            self.limits.check_thread_count(attachment.mime_type for attachment in every.values())

    async def present_image(self, image: GeneratedImage, context: TContext) -> GeneratedImage:
        attachment_id = self.id_at(image.url)
        return (
            image
            if attachment_id is None
            else image.model_copy(update={"url": self.download_url(attachment_id)})
        )

    async def delete_attachment(self, attachment_id: str, context: TContext) -> None:
        await self.delete_file(attachment_id)

    # What the web adapter calls

    async def upload(
        self, name: str, mime_type: str, chunks: AsyncIterable[bytes], context: TContext
    ) -> Attachment:
        """Take a whole file in one request, and give the attachment for the record.

        :raises UploadRefusedError: its type is not taken, or not what it says.
        :raises LimitExceededError: it is too large.
        """
        self.limits.check_type(mime_type)
        name = file_name(name)
        attachment_id = self.generate_attachment_id(mime_type, context)
        await self.write(attachment_id, name, mime_type, chunks)
        return self._attachment(attachment_id, name, mime_type)

    def ticket(self, attachment_id: str, text: str) -> Ticket:
        """What the bearer of a signed address may do; :raises AccessDeniedError: nothing."""
        return self._tickets.read(text, attachment_id)

    async def write(
        self,
        attachment_id: str,
        name: str,
        mime_type: str,
        chunks: AsyncIterable[bytes],
        *,
        size: int | None = None,
    ) -> StoredFile:
        """Store the bytes of a file. Until this has returned, nobody can read it.

        :raises UploadRefusedError: the bytes are not of the declared type, or the scan refused them.
        :raises LimitExceededError: there are more bytes than allowed or announced.
        """
        limit = self.limits.limit(mime_type) if size is None else min(size, self.limits.limit(mime_type))
        taken = _Taken(chunks, mime_type, limit)
        path = f"{attachment_id}/content"
        with _reached():
            await obstore.put_async(self._objects, path, taken.pieces(), chunk_size=_CHUNK, max_concurrency=2)
        file = StoredFile(attachment_id, name, mime_type, taken.size, taken.digest.hexdigest())
        try:
            if self._scan is not None:
                await self._scan(file, self._pieces(path))
            await self._keep_preview(file, taken.found)
        except ChatKitError:
            await self.delete_file(attachment_id)
            raise
        with _reached():
            about = json.dumps(asdict(file)).encode()
            await obstore.put_async(self._objects, f"{attachment_id}/about.json", about)
        return file

    async def about(self, attachment_id: str) -> StoredFile:
        """:raises NotFoundError: nothing was uploaded under this id."""
        try:
            with _reached():
                found = await obstore.get_async(self._objects, f"{attachment_id}/about.json")
                return StoredFile(**json.loads(bytes(await found.bytes_async())))
        except FileNotFoundError as error:
            raise _not_uploaded(attachment_id) from error

    def read(self, attachment_id: str) -> AsyncIterator[bytes]:
        """The bytes of a file, piece by piece; :raises NotFoundError: nothing was uploaded under this id."""
        return self._pieces(f"{attachment_id}/content")

    async def read_preview(self, attachment_id: str) -> bytes | None:
        """A small WebP of an image, if there is one."""
        try:
            with _reached():
                found = await obstore.get_async(self._objects, f"{attachment_id}/preview.webp")
                return bytes(await found.bytes_async())
        except FileNotFoundError:
            return None

    # Housekeeping

    async def delete_file(self, attachment_id: str) -> None:
        """Delete whatever is stored under an id."""
        for part in ("about.json", "preview.webp", "content"):
            try:
                with _reached():
                    await obstore.delete_async(self._objects, f"{attachment_id}/{part}")
            except FileNotFoundError:
                continue

    async def stored(self, *, older_than: timedelta = timedelta()) -> AsyncIterator[str]:
        """The ids of all files that were stored longer ago than that."""
        before = datetime.now(UTC) - older_than
        async for batch in obstore.list(self._objects):  # pyright: ignore[reportUnknownMemberType]
            for entry in batch:
                if entry["path"].endswith("/content") and entry["last_modified"] <= before:
                    yield entry["path"].rsplit("/", 2)[-2]

    def _attachment(self, attachment_id: str, name: str, mime_type: str) -> Attachment:
        if mime_type not in PREVIEW_TYPES:
            return FileAttachment(id=attachment_id, name=name, mime_type=mime_type)
        # The stored address has no signature: it says where the picture is, and opens nothing.
        url = AnyUrl(self.address(attachment_id))
        return ImageAttachment(id=attachment_id, name=name, mime_type=mime_type, preview_url=url)

    def address(self, attachment_id: str) -> str:
        """Where a file is, for what is stored: without a signature it opens nothing."""
        return f"{self._base()}/attachments/{quote(attachment_id)}"

    def _address(
        self, attachment_id: str, deed: Deed, name: str = "", mime_type: str = "", size: int = 0
    ) -> str:
        expires = self._tickets.expiry(self._seconds)
        text = self._tickets.write(Ticket(attachment_id, deed, expires, name, mime_type, size))
        return f"{self._base()}/attachments/{quote(attachment_id)}?ticket={text}"

    def id_at(self, url: str) -> str | None:
        """The id of the file of this store that an unsigned address names; None for every other address."""
        found, base = urlsplit(url), self._public_url or _request.base_url.get()
        place, _, attachment_id = found.path.rpartition("/attachments/")
        mine = (
            base is not None
            and urlsplit(base).path == place
            and found.scheme in ("http", "https")
            and not found.query
        )
        return unquote(attachment_id) if mine and attachment_id.startswith("atc_") else None

    def download_url(self, attachment_id: str) -> str:
        """A signed address from which the file can be fetched for a while."""
        return self._address(attachment_id, "read")

    def _base(self) -> str:
        base = self._public_url or _request.base_url.get()
        if base is None:
            raise RuntimeError(
                "The address of the app is not known outside a request; give ObjectAttachmentStore(public_url=...)."
            )
        return base

    async def _pieces(self, path: str) -> AsyncIterator[bytes]:
        try:
            with _reached():
                found = await obstore.get_async(self._objects, path)
        except FileNotFoundError as error:
            raise _not_uploaded(path.split("/")[0]) from error
        async for piece in found.stream(min_chunk_size=256 * 1024):
            yield bytes(piece)

    async def _keep_preview(self, file: StoredFile, found: str) -> None:
        if found not in PREVIEW_TYPES or file.size > _PREVIEW_LIMIT:
            return
        image = b"".join([piece async for piece in self.read(file.id)])
        small = await asyncio.to_thread(make_preview, image)
        if small is not None:
            await obstore.put_async(self._objects, f"{file.id}/preview.webp", small)


class FileAttachmentStore(ObjectAttachmentStore[TContext]):
    """Attachments in a folder. The secret that signs addresses is made there on first use, readable by its owner only.

    :param folder: where the files are kept.
    :param options: the other options of :class:`ObjectAttachmentStore`.
    """

    def __init__(self, folder: str | Path, **options: Any) -> None:
        place = Path(folder)
        place.mkdir(parents=True, exist_ok=True)
        options.setdefault("secret", None)
        secret = options.pop("secret") or _folder_secret(place)
        super().__init__(LocalStore(prefix=place / "files", mkdir=True), secret=secret, **options)


class _Taken:
    """The bytes on their way in: counted, hashed, and refused when they are not what was announced."""

    def __init__(self, chunks: AsyncIterable[bytes], mime_type: str, limit: int) -> None:
        self._chunks = chunks
        self._mime_type = mime_type
        self._limit = limit
        self.size = 0
        self.found = ""
        self.digest = hashlib.sha256()

    async def pieces(self) -> AsyncIterator[bytes]:
        head = bytearray()
        async for chunk in self._chunks:
            self.size += len(chunk)
            if self.size > self._limit:
                raise LimitExceededError(f"The file is larger than {self._limit:,} bytes.")
            self.digest.update(chunk)
            if not self.found:
                head += chunk
                if len(head) < HEAD_BYTES:
                    continue
                chunk = self._judge(bytes(head))
            yield chunk
        if not self.found:
            yield self._judge(bytes(head))

    def _judge(self, head: bytes) -> bytes:
        self.found = sniff(head[:HEAD_BYTES])
        if not agrees(self._mime_type, self.found):
            raise UploadRefusedError(
                f"The file says it is {self._mime_type}, and its bytes say {self.found}.",
                hint="Send the file under its own type.",
            )
        return head


class FilesUnavailableError(ChatKitError):
    """The object store cannot be reached, or refuses what the server asks of it."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            "attachment.unavailable",
            "The files cannot be reached now.",
            hint="Try again in a moment. The server's log has the cause.",
            status=503,
        )
        self.reason = reason


@contextmanager
def _reached() -> Generator[None]:
    """Turn what the object store says of itself into an error that tells no address and no key."""
    try:
        yield
    except FileNotFoundError:
        raise
    except BaseError as error:
        logger.error("The object store failed: %s", error)
        raise FilesUnavailableError(str(error)) from error


def _not_uploaded(attachment_id: str) -> NotFoundError:
    return NotFoundError(f"Nothing was uploaded for {attachment_id}.", code="attachment.not_found")


def _folder_secret(folder: Path) -> bytes:
    path = folder / "secret"
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
    except FileExistsError:
        pass
    return path.read_bytes()
