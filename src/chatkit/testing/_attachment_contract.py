"""What every `chatkit.store.AttachmentStore` must do, as tests that any backend can run."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from pydantic import AnyUrl

from chatkit.store import AttachmentStore
from chatkit.types import (
    Attachment,
    AttachmentCreateParams,
    AttachmentUploadDescriptor,
    FileAttachment,
    ImageAttachment,
)

__all__ = ["AttachmentStoreContract"]

_TEXT = b"guest,room\nann,7\n"
_PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63f8cfc000000301010018dd8db00000000049454e44ae426082"
)
_RANDOM_BITS = 122


class AttachmentStoreContract:
    """Subclass it, name the class `Test…`, and give `make_store`, `upload` and `read`; pytest then runs the contract.

    A store that takes files only directly, without `create_attachment`, sets `two_phase = False`.
    """

    two_phase = True

    async def make_store(self) -> AttachmentStore[Any]:
        """An empty store, ready for use. Override."""
        raise NotImplementedError

    async def close_store(self, store: AttachmentStore[Any]) -> None:
        """Let go of what `make_store` opened. Override where there is something."""

    async def upload(self, store: AttachmentStore[Any], attachment: Attachment, content: bytes) -> None:
        """Store the bytes of an attachment, as the client's upload does. Override."""
        raise NotImplementedError

    async def read(self, store: AttachmentStore[Any], attachment: Attachment) -> bytes | None:
        """The bytes of an attachment, None when there are none. Override."""
        raise NotImplementedError

    @pytest.fixture
    async def files(self) -> AsyncIterator[AttachmentStore[Any]]:
        store = await self.make_store()
        yield store
        await self.close_store(store)

    async def _new(
        self,
        files: AttachmentStore[Any],
        name: str = "guests.csv",
        mime_type: str = "text/csv",
        size: int = 17,
    ) -> Attachment:
        if not self.two_phase:
            return FileAttachment(
                id=files.generate_attachment_id(mime_type, None), name=name, mime_type=mime_type
            )
        return await files.create_attachment(
            AttachmentCreateParams(name=name, mime_type=mime_type, size=size), None
        )

    def _needs_two_phases(self) -> None:
        if not self.two_phase:
            pytest.skip("this store takes files only directly")

    async def test_ids_are_never_the_same_and_cannot_be_guessed(self, files: AttachmentStore[Any]) -> None:
        ids = [files.generate_attachment_id("text/csv", None) for _ in range(1000)]
        assert len(set(ids)) == len(ids)
        assert min(len(set(attachment_id)) for attachment_id in ids) > 1
        tail = min(len(attachment_id.rpartition("_")[2]) for attachment_id in ids)
        assert tail * 4 >= _RANDOM_BITS or tail * 6 >= _RANDOM_BITS, "32 hexadecimal digits, or 21 of base64"

    async def test_a_new_attachment_is_what_was_announced_and_says_where_to_upload(
        self, files: AttachmentStore[Any]
    ) -> None:
        self._needs_two_phases()
        attachment = await self._new(files, "Gäste & Zimmer.csv")
        assert (attachment.name, attachment.mime_type) == ("Gäste & Zimmer.csv", "text/csv")
        assert isinstance(attachment.upload_descriptor, AttachmentUploadDescriptor)
        assert attachment.thread_id is None
        other = await self._new(files, "Gäste & Zimmer.csv")
        assert other.id != attachment.id
        assert other.upload_descriptor != attachment.upload_descriptor

    async def test_a_picture_is_an_image_with_a_preview(self, files: AttachmentStore[Any]) -> None:
        self._needs_two_phases()
        attachment = await self._new(files, "a.png", "image/png", len(_PNG))
        assert isinstance(attachment, ImageAttachment)
        assert isinstance(attachment.preview_url, AnyUrl)

    async def test_bytes_come_back_as_they_were_uploaded(self, files: AttachmentStore[Any]) -> None:
        first = await self._new(files)
        second = await self._new(files, "a.png", "image/png", len(_PNG))
        assert await self.read(files, first) is None
        await self.upload(files, first, _TEXT)
        await self.upload(files, second, _PNG)
        assert await self.read(files, first) == _TEXT
        assert await self.read(files, second) == _PNG

    async def test_many_uploads_at_once_do_not_mix(self, files: AttachmentStore[Any]) -> None:
        contents = [f"room,{n:013}".encode() for n in range(8)]
        made = [await self._new(files, f"{n}.csv", size=len(content)) for n, content in enumerate(contents)]
        pairs = list(zip(made, contents, strict=True))
        await asyncio.gather(*(self.upload(files, attachment, content) for attachment, content in pairs))
        assert [await self.read(files, attachment) for attachment in made] == contents

    async def test_what_is_deleted_is_gone_and_nothing_else_is(self, files: AttachmentStore[Any]) -> None:
        first, second = await self._new(files), await self._new(files)
        await self.upload(files, first, _TEXT)
        await self.upload(files, second, _TEXT)
        await files.delete_attachment(first.id, None)
        assert await self.read(files, first) is None
        assert await self.read(files, second) == _TEXT

    async def test_deleting_what_is_not_there_is_no_error(self, files: AttachmentStore[Any]) -> None:
        attachment = await self._new(files)
        await files.delete_attachment(attachment.id, None)
        await files.delete_attachment(attachment.id, None)
        await files.delete_attachment("atc_that_never_was", None)

    async def test_what_a_client_sees_is_the_same_attachment_and_the_record_stays_as_it_is(
        self, files: AttachmentStore[Any]
    ) -> None:
        for name, kind, content in (("a.csv", "text/csv", _TEXT), ("a.png", "image/png", _PNG)):
            attachment = await self._new(files, name, kind, len(content))
            await self.upload(files, attachment, content)
            record = attachment.model_copy(update={"upload_descriptor": None})
            before = record.model_dump()
            shown = await files.present_attachment(record, None)
            again = await files.present_attachment(record, None)
            assert (shown.id, shown.type, shown.name) == (record.id, record.type, record.name)
            assert (again.id, again.type) == (shown.id, shown.type)
            assert record.model_dump() == before

    async def test_names_from_the_network_lead_nowhere_else(self, files: AttachmentStore[Any]) -> None:
        for name in ("../../secret.csv", "/etc/passwd", "a\x00b.csv", "C:\\x.csv"):
            attachment = await self._new(files, name)
            await self.upload(files, attachment, _TEXT)
            assert await self.read(files, attachment) == _TEXT
