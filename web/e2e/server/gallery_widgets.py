"""Prints the widgets that come with the Studio, filled with their own data, as a server would send them."""

from __future__ import annotations

import json
from pathlib import Path

import chatkit.studio
from chatkit.studio import _preview

GALLERY = Path(chatkit.studio.__file__).parent / "gallery"

print(json.dumps([{"id": entry["id"], "widget": entry["widget"]} for entry in _preview.gallery(str(GALLERY))]))
