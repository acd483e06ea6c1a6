"""The Studio over a folder of its own, spoken to as its page does."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from chatkit.studio import create_studio_app
from chatkit.studio._gallery_page import GALLERY

HOST = "http://127.0.0.1:8100"


@pytest.fixture(scope="session")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("widgets").resolve()


@pytest.fixture(scope="session")
def studio(root: Path) -> Iterator[TestClient]:
    with TestClient(create_studio_app(root, seconds=20.0), base_url=HOST) as client:
        yield client


@pytest.fixture
def folder(root: Path) -> Path:
    """The Studio's folder with one widget, ``flight.widget``, and nothing else."""
    for entry in root.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
    shutil.copyfile(GALLERY / "flight.widget", root / "flight.widget")
    return root
