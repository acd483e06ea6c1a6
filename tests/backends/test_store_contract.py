"""Every store of ours keeps the contract that is public in chatkit.testing."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chatkit.backends.memory import MemoryStore
from chatkit.backends.sql import SQLStore
from chatkit.store import Store
from chatkit.testing import StoreContract


def _owner(context: Any) -> str:
    return context["owner"]


class TestMemoryStore(StoreContract):
    async def make_store(self) -> Store[Any]:
        return MemoryStore(owner=_owner)


@pytest.mark.slow
class TestSQLiteInMemory(StoreContract):
    async def make_store(self) -> Store[Any]:
        return SQLStore("sqlite://", owner=_owner)

    async def close_store(self, store: Store[Any]) -> None:
        assert isinstance(store, SQLStore)
        await store.close()


class TestSQLiteFile(StoreContract):
    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path, fresh_database: Callable[[Path], Path]) -> None:
        self.path = fresh_database(tmp_path / "chat.db")

    async def make_store(self) -> Store[Any]:
        return SQLStore(self.path, owner=_owner)

    async def close_store(self, store: Store[Any]) -> None:
        assert isinstance(store, SQLStore)
        await store.close()
