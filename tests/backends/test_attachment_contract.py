"""The attachment stores keep the contract that is public in chatkit.testing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from obstore.store import MemoryStore as MemoryObjects

from chatkit.backends.files import FileAttachmentStore, ObjectAttachmentStore
from chatkit.errors import NotFoundError
from chatkit.store import AttachmentStore
from chatkit.testing import AttachmentStoreContract
from chatkit.types import Attachment

OPTIONS: dict[str, Any] = {"public_url": "https://chat.example/chatkit", "secret": "sixteen bytes or more"}


class OverObjects(AttachmentStoreContract):
    """How bytes come into the stores of this package, and out of them."""

    async def upload(self, store: AttachmentStore[Any], attachment: Attachment, content: bytes) -> None:
        assert isinstance(store, ObjectAttachmentStore)

        async def chunks() -> AsyncIterator[bytes]:
            for start in range(0, len(content), 10):
                yield content[start : start + 10]

        await store.write(attachment.id, attachment.name, attachment.mime_type, chunks(), size=len(content))

    async def read(self, store: AttachmentStore[Any], attachment: Attachment) -> bytes | None:
        assert isinstance(store, ObjectAttachmentStore)
        try:
            return b"".join([piece async for piece in store.read(attachment.id)])
        except NotFoundError:
            return None


class TestFolder(OverObjects):
    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        self.path = tmp_path / "files"

    async def make_store(self) -> AttachmentStore[Any]:
        return FileAttachmentStore(self.path, **OPTIONS)


class TestMemoryObjects(OverObjects):
    async def make_store(self) -> AttachmentStore[Any]:
        return ObjectAttachmentStore(MemoryObjects(), **OPTIONS)
