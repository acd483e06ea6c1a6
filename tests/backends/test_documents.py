"""What a model gets to read of an attachment."""

import io
import zipfile
from collections.abc import AsyncIterator
from typing import Any

import docx
import openpyxl
import pptx
import pytest

from chatkit.documents import Document, UnreadableError, content_param, read_document
from chatkit.errors import LimitExceededError
from chatkit.types import FileAttachment

OFFICE = "application/vnd.openxmlformats-officedocument."


class Files:
    def __init__(self, content: bytes) -> None:
        self._content = content

    async def read(self, attachment_id: str) -> AsyncIterator[bytes]:
        for start in range(0, len(self._content), 7000):
            yield self._content[start : start + 7000]


async def _read(kind: str, content: bytes, **options: Any) -> Document:
    return await read_document(
        Files(content), FileAttachment(id="atc_1", name="file", mime_type=kind), **options
    )


def _saved(thing: Any) -> bytes:
    out = io.BytesIO()
    thing.save(out)
    return out.getvalue()


def _pdf(text: str) -> bytes:
    """A PDF of one page, written by hand."""
    drawn = f"BT /F1 24 Tf 72 700 Td ({text}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % start


@pytest.mark.parametrize(
    ("kind", "content", "text"),
    [
        ("text/csv", b"a,b\n1,2", "a,b\n1,2"),
        ("text/plain; charset=utf-8", "\ufeffKäse".encode(), "Käse"),
        ("text/plain", "Käse".encode("utf-16"), "Käse"),
        ("text/plain", b"K\xe4se", "Käse"),
        ("application/ld+json", b"{}", "{}"),
        ("application/pdf", _pdf("Good evening"), "Good evening"),
    ],
)
async def test_text_is_read_in_whatever_it_is_written(kind: str, content: bytes, text: str) -> None:
    assert (await _read(kind, content)).text == text


async def test_office_files_are_read() -> None:
    letter = docx.Document()
    letter.add_paragraph("Dear guest")
    letter.add_table(1, 2).rows[0].cells[1].text = "Room 7"
    assert "Dear guest" in ((await _read(f"{OFFICE}wordprocessingml.document", _saved(letter))).text or "")
    assert "Room 7" in ((await _read(f"{OFFICE}wordprocessingml.document", _saved(letter))).text or "")
    book = openpyxl.Workbook()
    book.active.append(["Cheese", 3, None, 1.5])
    assert "Cheese | 3 |  | 1.5" in ((await _read(f"{OFFICE}spreadsheetml.sheet", _saved(book))).text or "")
    show = pptx.Presentation()
    show.slides.add_slide(show.slide_layouts[0]).shapes.title.text = "Season"
    assert "Season" in ((await _read(f"{OFFICE}presentationml.presentation", _saved(show))).text or "")


async def test_an_image_is_given_as_data() -> None:
    document = await _read("image/png", b"\x89PNG")
    assert document.data_url == "data:image/png;base64,iVBORw=="
    assert content_param(document)["type"] == "input_image"


async def test_long_text_is_cut_and_says_so() -> None:
    document = await _read("text/plain", b"x" * 500 + b"\ny", most_characters=100)
    assert (document.text, document.cut) == ("x" * 100, True)
    assert content_param(document)["text"].endswith("[… cut]\n</file>")


@pytest.mark.parametrize(
    "kind", ["application/pdf", f"{OFFICE}spreadsheetml.sheet", f"{OFFICE}wordprocessingml.document"]
)
@pytest.mark.parametrize("content", [b"", b"nonsense", b"PK\x03\x04broken", b"%PDF-1.4\ntruncated"])
async def test_a_damaged_file_is_said_to_be(kind: str, content: bytes) -> None:
    with pytest.raises(UnreadableError, match="file cannot be read"):
        await _read(kind, content)


async def test_an_unknown_kind_is_said_to_be() -> None:
    with pytest.raises(UnreadableError, match="no reader for video/mp4"):
        await _read("video/mp4", b"x")


@pytest.mark.slow
async def test_too_many_bytes_are_refused_also_when_they_are_packed() -> None:
    with pytest.raises(LimitExceededError):
        await _read("text/plain", b"x" * 101, most_bytes=100)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bomb:
        for n in range(5):
            bomb.writestr(f"xl/{n}", b"\x00" * 50_000_000)
    with pytest.raises(LimitExceededError):
        await _read(f"{OFFICE}spreadsheetml.sheet", out.getvalue())


def _changed(content: bytes, name: str, old: bytes, new: bytes) -> bytes:
    """An office file with something else in one of its parts."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as before,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for entry in before.infolist():
            part = before.read(entry)
            after.writestr(entry.filename, part.replace(old, new, 1) if entry.filename == name else part)
    return out.getvalue()


async def test_an_office_file_of_very_many_elements_is_refused_however_small_it_is_packed() -> None:
    many = b"<w:body>" + b"<w:p/>" * 2_100_000
    bomb = _changed(_saved(docx.Document()), "word/document.xml", b"<w:body>", many)
    assert len(bomb) < 100_000
    with pytest.raises(LimitExceededError):
        await _read(f"{OFFICE}wordprocessingml.document", bomb)


async def test_a_table_cell_that_says_it_spans_millions_of_columns_is_read_once() -> None:
    letter = docx.Document()
    letter.add_table(1, 1).rows[0].cells[0].text = "Room 7"
    wide = b'<w:tcPr><w:gridSpan w:val="100000000"/>'
    content = _changed(_saved(letter), "word/document.xml", b"<w:tcPr>", wide)
    assert content != _saved(letter)
    read = await _read(f"{OFFICE}wordprocessingml.document", content)
    assert read.text == "Room 7"


@pytest.mark.parametrize(
    "kind", ["wordprocessingml.document", "spreadsheetml.sheet", "presentationml.presentation"]
)
async def test_an_office_file_that_is_locked_by_a_password_is_said_to_be_unreadable(kind: str) -> None:
    made = {"w": docx.Document, "s": openpyxl.Workbook, "p": pptx.Presentation}[kind[0]]()
    content = bytearray(_saved(made))
    place = content.find(b"PK\x01\x02")
    while place >= 0:
        content[place + 8] |= 1
        place = content.find(b"PK\x01\x02", place + 4)
    with pytest.raises(UnreadableError, match="encrypted"):
        await _read(f"{OFFICE}{kind}", bytes(content))
