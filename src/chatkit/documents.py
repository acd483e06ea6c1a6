"""Attachments as a model can read them: text out of files, and images as data.

::

    given = await DocumentConverter(files).to_agent_input(items)

Text files need nothing; PDF and office files need the extra ``documents``.
"""

from __future__ import annotations

import asyncio
import base64
import io
import json
import zipfile
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any, Literal, Protocol

from pydantic import AnyUrl

from chatkit._bridge.context import AgentContext
from chatkit._bridge.converter import ResponseStreamConverter
from chatkit._bridge.thread_input import ThreadItemConverter
from chatkit._extras import require
from chatkit.errors import ChatKitError, LimitExceededError
from chatkit.logger import logger
from chatkit.types import (
    Attachment,
    FileAttachment,
    GeneratedImageItem,
    ImageAttachment,
    ThreadItem,
    UserMessageItem,
)

__all__ = [
    "Document",
    "DocumentConverter",
    "HoldsBytes",
    "KeepsImages",
    "StoredImages",
    "UnreadableError",
    "content_param",
    "read_bytes",
    "read_document",
]

_IMAGES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
_OFFICE = "application/vnd.openxmlformats-officedocument."
_TEXT = (
    "text/",
    "application/json",
    "application/xml",
    "application/x-yaml",
    "application/yaml",
    "application/toml",
)
_PDF = "application/pdf"
_MOST_UNPACKED = 200 * 1024 * 1024
_MOST_XML = 64 * 1024 * 1024
_MOST_MARKS = 2_000_000
"""Angle brackets and equals signs in the XML of an office file: each element and attribute costs hundreds of bytes."""


class HoldsBytes(Protocol):
    """Where the bytes of attachments are, such as the stores of ``chatkit.backends.files``."""

    def read(self, attachment_id: str) -> AsyncIterator[bytes]: ...


class UnreadableError(ChatKitError):
    """The file is of a kind that cannot be read as text, or it is damaged."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__("document.unreadable", f"{name} cannot be read: {reason}.", status=422)


@dataclass(frozen=True, slots=True)
class Document:
    """A file for a model: its ``text``, or for an image its ``data_url``. ``cut`` tells that there was more text."""

    name: str
    mime_type: str
    text: str | None = None
    data_url: str | None = None
    cut: bool = False


class DocumentConverter(ThreadItemConverter):
    """A :class:`ThreadItemConverter` that sends the model what attachments hold, for every adapter.

    Images go as images, texts and office files as text. A file that cannot be read is named, with the reason, so that
    one bad upload does not end a conversation.

    :param files: where the bytes are, such as the stores of ``chatkit.backends.files``
    :param pdf: ``text`` sends the text of a PDF, which every model takes; ``file`` the file itself, for models that
        read PDFs with their pictures (OpenAI's and Anthropic's do)
    :param newest: how many of the newest attachments are sent; earlier ones are only named
    :param most_characters: more text of one file is cut
    :param most_bytes: larger files are only named
    """

    def __init__(
        self,
        files: HoldsBytes,
        *,
        pdf: Literal["text", "file"] = "text",
        newest: int = 20,
        most_characters: int = 200_000,
        most_bytes: int = 20 * 1024 * 1024,
    ) -> None:
        self._files = files
        self._id_at: Callable[[str], str | None] = getattr(files, "id_at", _nowhere)
        self._pdf_as = pdf
        self._newest = newest
        self._most_characters = most_characters
        self._most_bytes = most_bytes

    async def to_agent_input(self, thread_items: Sequence[ThreadItem] | ThreadItem) -> list[Any]:
        """Input for the model, in the order given, with what the newest attachments hold."""
        items: list[Any] = list(thread_items) if isinstance(thread_items, Sequence) else [thread_items]
        room = self._newest
        for at in range(len(items) - 1, -1, -1):
            item = items[at]
            if isinstance(item, UserMessageItem) and item.attachments:
                items[at], room = _named_beyond(item, room), max(0, room - len(item.attachments))
        return await super().to_agent_input(items)

    def _is_inline(self, url: str) -> bool:
        return super()._is_inline(url) or self._id_at(url) is not None

    async def generated_image_to_input(self, item: GeneratedImageItem) -> Any:
        """An image the assistant made: the image itself, also when the attachment store keeps it."""
        attachment_id = None if item.image is None else self._id_at(item.image.url)
        if item.image is None or attachment_id is None:
            return await super().generated_image_to_input(item)
        try:
            content = await read_bytes(self._files, attachment_id, self._most_bytes)
        except ChatKitError as error:
            logger.warning("The model does not get a generated image: %s", error)
            return await super().generated_image_to_input(item.model_copy(update={"image": None}))
        data = f"data:{_image_kind(content)};base64,{base64.b64encode(content).decode()}"
        image = item.image.model_copy(update={"url": data})
        return await super().generated_image_to_input(item.model_copy(update={"image": image}))

    async def attachment_to_message_content(self, attachment: Attachment) -> Any:
        """What the model gets of an attachment: a content part of the Responses API."""
        if isinstance(attachment, _OnlyNamed):
            return _told(attachment, "sent earlier, not repeated")
        try:
            if self._pdf_as == "file" and _kind(attachment) == _PDF:
                content = await read_bytes(self._files, attachment.id, self._most_bytes)
                data = f"data:{_PDF};base64,{base64.b64encode(content).decode()}"
                return {"type": "input_file", "filename": attachment.name, "file_data": data}
            document = await read_document(
                self._files, attachment, most_characters=self._most_characters, most_bytes=self._most_bytes
            )
        except ImportError as error:
            logger.error("Attachment %s cannot be read: %s", attachment.name, error)
            return _told(attachment, "its kind cannot be read here")
        except ChatKitError as error:
            logger.warning("The model gets only the name of attachment %s: %s", attachment.name, error)
            return _told(attachment, str(error.message))
        if document.text is not None and not document.text.strip():
            return _told(attachment, "it holds no text; it may be a scan")
        return content_param(document)


class KeepsImages(Protocol):
    """Where generated images can be kept, such as the stores of ``chatkit.backends.files``."""

    def generate_attachment_id(self, mime_type: str, context: Any) -> str: ...
    async def write(
        self, attachment_id: str, name: str, mime_type: str, chunks: AsyncIterator[bytes]
    ) -> object: ...
    def address(self, attachment_id: str) -> str: ...


class StoredImages(ResponseStreamConverter):
    """A :class:`ResponseStreamConverter` that keeps generated images in an attachment store, so that threads stay small.

    The thread holds an address that opens nothing; whoever may load the thread gets a signed one. With a
    :class:`DocumentConverter` the model gets the newest image again.

    :param files: the server's attachment store
    :param context: the run's context: the image becomes an attachment of its thread
    :param partial_images: how many previews are asked of the image tool
    """

    def __init__(
        self, files: KeepsImages, context: AgentContext[Any], *, partial_images: int | None = None
    ) -> None:
        super().__init__(partial_images=partial_images)
        self._files = files
        self._context = context

    async def base64_image_to_url(
        self, image_id: str, base64_image: str, partial_image_index: int | None = None
    ) -> str:
        """An address for a generated image; a preview, which is never stored, comes as data.

        :raises ValueError: the image is not base64
        """
        if partial_image_index is not None:
            return await super().base64_image_to_url(image_id, base64_image, partial_image_index)
        content = base64.b64decode(base64_image, validate=True)
        kind = _image_kind(content)
        asking = self._context.request_context
        attachment_id = self._files.generate_attachment_id(kind, asking)
        name = f"image.{kind.partition('/')[2]}"
        await self._files.write(attachment_id, name, kind, _once(content))
        url = self._files.address(attachment_id)
        record = ImageAttachment(
            id=attachment_id,
            name=name,
            mime_type=kind,
            preview_url=AnyUrl(url),
            thread_id=self._context.thread.id,
        )
        await self._context.store.save_attachment(record, asking)
        return url


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content


def _image_kind(content: bytes) -> str:
    for kind, mark in (("image/jpeg", b"\xff\xd8"), ("image/webp", b"RIFF"), ("image/gif", b"GIF8")):
        if content.startswith(mark):
            return kind
    return "image/png"


class _OnlyNamed(FileAttachment):
    """An attachment whose content is not sent again."""


def _nowhere(url: str) -> None:
    return None


def _named_beyond(item: UserMessageItem, room: int) -> UserMessageItem:
    """The message with no more than `room` of its attachments to be read."""
    if len(item.attachments) <= room:
        return item
    named = [_OnlyNamed(id=a.id, name=a.name, mime_type=a.mime_type) for a in item.attachments[room:]]
    return item.model_copy(update={"attachments": [*item.attachments[:room], *named]})


def _told(attachment: Attachment, why: str) -> dict[str, Any]:
    text = f"<file name={json.dumps(attachment.name, ensure_ascii=False)}>\n({attachment.mime_type}: {why})\n</file>"
    return {"type": "input_text", "text": text}


def _kind(attachment: Attachment) -> str:
    return attachment.mime_type.split(";")[0].strip().lower()


async def read_document(
    files: HoldsBytes,
    attachment: Attachment,
    *,
    most_characters: int = 200_000,
    most_bytes: int = 50 * 1024 * 1024,
) -> Document:
    """Read an attachment for a model. Parsing runs in a thread, so that other answers go on.

    :raises NotFoundError: nothing was uploaded for it.
    :raises LimitExceededError: it has more than ``most_bytes``.
    :raises UnreadableError: its kind is not known, or it is damaged.
    :raises ImportError: a package is missing; the message carries the install line.
    """
    kind = _kind(attachment)
    content = await read_bytes(files, attachment.id, most_bytes)
    if kind in _IMAGES:
        data = base64.b64encode(content).decode()
        return Document(attachment.name, kind, data_url=f"data:{kind};base64,{data}")
    reader = _reader(kind)
    if reader is None:
        raise UnreadableError(attachment.name, f"there is no reader for {kind}")
    text, cut = await asyncio.to_thread(_collect, reader, attachment.name, content, most_characters)
    return Document(attachment.name, kind, text=text, cut=cut)


async def read_bytes(files: HoldsBytes, attachment_id: str, most: int) -> bytes:
    """All bytes of an attachment; :raises LimitExceededError: there are more than ``most``."""
    parts: list[bytes] = []
    size = 0
    async for part in files.read(attachment_id):
        size += len(part)
        if size > most:
            raise LimitExceededError(
                f"The file is larger than {most:,} bytes, the most that is read for a model."
            )
        parts.append(part)
    return b"".join(parts)


def content_param(document: Document) -> dict[str, Any]:
    """A document as a content part of the Responses API: ``input_image`` or ``input_text``."""
    if document.data_url is not None:
        return {"type": "input_image", "image_url": document.data_url, "detail": "auto"}
    # What a file says is told apart from what the person says: a file may try to give orders.
    end = "\n[… cut]" if document.cut else ""
    return {
        "type": "input_text",
        "text": f"<file name={json.dumps(document.name, ensure_ascii=False)}>\n{document.text}{end}\n</file>",
    }


_Reader = Callable[[bytes], Iterator[str]]


def _reader(kind: str) -> _Reader | None:
    if kind in _READERS:
        return _READERS[kind]
    return _plain if kind.startswith(_TEXT) or kind.endswith(("+json", "+xml")) else None


def _collect(reader: _Reader, name: str, content: bytes, most: int) -> tuple[str, bool]:
    parts: list[str] = []
    size = 0
    try:
        for part in reader(content):
            parts.append(part)
            size += len(part) + 1
            if size > most:
                return "\n".join(parts)[:most], True
    except (ImportError, ChatKitError):
        raise
    # Each library has its own ways to say that a file is damaged, zlib.error and RuntimeError among them; all of them
    # mean the same here, and none may end the conversation.
    except Exception as error:
        raise UnreadableError(name, str(error) or type(error).__name__) from error
    return "\n".join(parts), False


def _plain(content: bytes) -> Iterator[str]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "cp1252", "replace")
    yield from text.splitlines()


def _pdf(content: bytes) -> Iterator[str]:
    require("documents", "pypdf", purpose="Reading PDF")
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        for page in PdfReader(io.BytesIO(content)).pages:
            yield page.extract_text()
    except PyPdfError as error:
        raise ValueError(str(error)) from error


def _word(content: bytes) -> Iterator[str]:
    require("documents", "docx", purpose="Reading Word files")
    import docx

    _check_archive(content)
    document = docx.Document(io.BytesIO(content))
    for paragraph in document.paragraphs:
        yield paragraph.text
    for table in document.tables:
        # Not row.cells: it repeats a cell for each column it says it spans, and that may be millions.
        for row in table.rows:
            cells: list[Any] = row._tr.tc_lst  # pyright: ignore[reportPrivateUsage]
            yield " | ".join("\n".join(line.text for line in cell.p_lst) for cell in cells)


def _sheets(content: bytes) -> Iterator[str]:
    require("documents", "openpyxl", purpose="Reading Excel files")
    import openpyxl

    _check_archive(content)
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    try:
        for sheet in book.worksheets:
            yield f"# {sheet.title}"
            for row in sheet.iter_rows(values_only=True):
                if any(cell is not None for cell in row):
                    yield " | ".join("" if cell is None else str(cell) for cell in row)
    finally:
        book.close()


def _slides(content: bytes) -> Iterator[str]:
    require("documents", "pptx", purpose="Reading PowerPoint files")
    import pptx

    _check_archive(content)
    for number, slide in enumerate(pptx.Presentation(io.BytesIO(content)).slides, 1):
        yield f"# Slide {number}"
        for shape in slide.shapes:
            if shape.has_text_frame:
                frame: Any = shape
                yield frame.text_frame.text


def _check_archive(content: bytes) -> None:
    """Office files are zip archives: a small one can unpack to more than the machine holds."""
    size = marks = 0
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > _MOST_UNPACKED:
            raise LimitExceededError("The file unpacks to more than is read.")
        for entry in archive.infolist():
            if entry.filename.lower().endswith((".xml", ".rels")):
                with archive.open(entry) as part:
                    size, marks = _counted(part, size, marks)


def _counted(part: IO[bytes], size: int, marks: int) -> tuple[int, int]:
    """The sizes with those of a part added. Packed to kilobytes, its elements can fill the memory."""
    while piece := part.read(1024 * 1024):
        size += len(piece)
        marks += piece.count(b"<") + piece.count(b"=")
        if size > _MOST_XML or marks > _MOST_MARKS:
            raise LimitExceededError("The file holds more than is read.")
    return size, marks


_READERS: dict[str, _Reader] = {
    _PDF: _pdf,
    f"{_OFFICE}wordprocessingml.document": _word,
    f"{_OFFICE}spreadsheetml.sheet": _sheets,
    f"{_OFFICE}presentationml.presentation": _slides,
}
