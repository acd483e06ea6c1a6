"""Attachments as a model can read them: text out of files, and images as data.

::

    class Porter(ThreadItemConverter):
        async def attachment_to_message_content(self, attachment):
            return content_param(await read_document(files, attachment))

Text files need nothing; PDF and office files need the extra ``documents``.
"""

from __future__ import annotations

import asyncio
import base64
import io
import zipfile
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol
from xml.sax import SAXException

from chatkit._extras import require
from chatkit.errors import ChatKitError, LimitExceededError
from chatkit.types import Attachment

__all__ = ["Document", "HoldsBytes", "UnreadableError", "content_param", "read_bytes", "read_document"]

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
_MOST_UNPACKED = 200 * 1024 * 1024


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
    kind = attachment.mime_type.split(";")[0].strip().lower()
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
    return {"type": "input_text", "text": f'<file name="{document.name}">\n{document.text}{end}\n</file>'}


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
    # Each library has its own ways to say that a file is damaged; all of them mean the same here.
    except (
        ValueError,
        KeyError,
        IndexError,
        AttributeError,
        TypeError,
        OSError,
        zipfile.BadZipFile,
        SAXException,
        SyntaxError,
    ) as error:
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
        for row in table.rows:
            yield " | ".join(cell.text for cell in row.cells)


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
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > _MOST_UNPACKED:
            raise LimitExceededError("The file unpacks to more than is read.")


_READERS: dict[str, _Reader] = {
    "application/pdf": _pdf,
    f"{_OFFICE}wordprocessingml.document": _word,
    f"{_OFFICE}spreadsheetml.sheet": _sheets,
    f"{_OFFICE}presentationml.presentation": _slides,
}
