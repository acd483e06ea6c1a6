"""The gallery as a page of its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from chatkit.studio import export_gallery_page
from chatkit.studio._gallery_page import GALLERY, STATIC


@pytest.mark.slow
def test_it_holds_every_widget_with_its_file(tmp_path: Path) -> None:
    if not (STATIC / "widget.js").is_file():
        pytest.skip("the web client is not built")
    count = export_gallery_page(tmp_path / "out")
    page = (tmp_path / "out" / "index.html").read_text("utf-8")
    drawn = json.loads((tmp_path / "out" / "gallery.json").read_text("utf-8"))

    assert count == len(drawn) == len(list(GALLERY.glob("*.widget")))
    for entry in drawn:
        assert f'id="{entry["id"]}"' in page
        assert (tmp_path / "out" / f"{entry['id']}.widget").read_bytes() == (
            GALLERY / f"{entry['id']}.widget"
        ).read_bytes()
    assert "http://" not in page
    assert "https://" not in page
