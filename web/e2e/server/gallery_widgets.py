"""Prints the widgets that come with the Studio, filled with their own data, as a server would send them."""

from __future__ import annotations

import tempfile
from pathlib import Path

from chatkit.studio._gallery_page import export_gallery_page

with tempfile.TemporaryDirectory() as folder:
    export_gallery_page(folder)
    print((Path(folder) / "gallery.json").read_text("utf-8"))
