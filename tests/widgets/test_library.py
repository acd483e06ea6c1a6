"""A folder of widgets, by name."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path

import pytest

from chatkit.errors import WidgetTemplateError
from chatkit.widgets import WidgetLibrary


def _write(path: Path, size: str = "sm") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    template = (
        '{"type":"Card","size":"' + size + '","children":[{"type":"Text","value":{{ (title) | tojson }}}]}'
    )
    path.write_text(json.dumps({"version": "1.0", "name": path.stem, "template": template}), "utf-8")


def test_widgets_are_found_by_name_also_in_folders(tmp_path: Path) -> None:
    _write(tmp_path / "hello.widget")
    _write(tmp_path / "mail" / "draft.widget")
    library = WidgetLibrary(tmp_path)
    assert list(library) == ["hello", "mail/draft"]
    assert "mail/draft" in library
    assert library.build("mail/draft", {"title": "a"}).model_dump(exclude_none=True)["size"] == "sm"


def test_a_missing_name_says_what_there_is(tmp_path: Path) -> None:
    _write(tmp_path / "hello.widget")
    with pytest.raises(KeyError, match="There are: hello"):
        WidgetLibrary(tmp_path)["helo"]


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "a/../../secret", "", ".", "a\\b", "c:x"])
def test_a_name_cannot_lead_out_of_the_folder(tmp_path: Path, name: str) -> None:
    _write(tmp_path / "secret.widget")
    (tmp_path / "in").mkdir()
    assert name not in WidgetLibrary(tmp_path / "in")


def test_a_changed_file_is_read_again_only_in_development(tmp_path: Path) -> None:
    path = tmp_path / "hello.widget"
    _write(path)
    kept, fresh = WidgetLibrary(tmp_path), WidgetLibrary(tmp_path, reload=True)
    before = [library["hello"] for library in (kept, fresh)]
    assert fresh["hello"] is before[1]
    _write(path, "lg")
    os.utime(path, (path.stat().st_atime, path.stat().st_mtime + 5))
    assert kept["hello"] is before[0]
    assert fresh.build("hello", {"title": "a"}).model_dump(exclude_none=True)["size"] == "lg"


def test_a_relative_folder_starts_at_the_caller_and_a_missing_one_is_named() -> None:
    with pytest.raises(FileNotFoundError, match="no-such-folder"):
        WidgetLibrary("no-such-folder")


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "bad.widget").write_text("{", "utf-8")
    with pytest.raises(WidgetTemplateError, match=r"bad\.widget"):
        WidgetLibrary(tmp_path)["bad"]


def test_widgets_come_out_of_an_installed_package_also_a_zipped_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with zipfile.ZipFile(tmp_path / "shop.zip", "w") as packed:
        packed.writestr("zipped_shop/__init__.py", "")
        _write(tmp_path / "hello.widget")
        packed.write(tmp_path / "hello.widget", "zipped_shop/widgets/hello.widget")
    monkeypatch.syspath_prepend(str(tmp_path / "shop.zip"))
    library = WidgetLibrary.from_package("zipped_shop")
    assert list(library) == ["hello"]
    assert library.build("hello", {"title": "Hello"}).type == "Card"
    with pytest.raises(FileNotFoundError, match="no folder"):
        WidgetLibrary.from_package("zipped_shop", "cards")
