"""A database file with its tables made once: making them takes longer than most tests."""

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from chatkit.backends.sql import SQLStore


@pytest.fixture(scope="session")
def _made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("made") / "made.db"

    async def make() -> None:
        store: SQLStore[None] = SQLStore(path)
        await store.start()
        await store.close()

    asyncio.run(make())
    return path


@pytest.fixture
def fresh_database(_made: Path) -> Callable[[Path], Path]:
    """Puts a copy at a path."""

    def copy(path: Path) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        return Path(shutil.copy(_made, path))

    return copy
