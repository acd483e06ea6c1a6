"""The built widget renderer with its lazily loaded parts, as text that a page can carry inside itself."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path

# Never asked for: the page carries an address book that leads from here to what is inside it.
_BASE = "https://widget.invalid/"
_PART = re.compile(r"""([`"'])\./(w-[\w.-]+\.js)\1""")


def standalone_script(static: Path) -> str:
    """Script elements that define `<chatkit-widget>` and hold every part it may load later."""
    parts = {f"{_BASE}assets/{path.name}": _address(path) for path in sorted(static.glob("assets/w-*.js"))}
    book = json.dumps({"imports": parts}).replace("<", "\\u003c")
    code = (static / "widget.js").read_text("utf-8").replace("</script", "<\\/script")
    # The renderer reads its own address once, from the document; links of the widget must not be led there too.
    return (
        f'<script type="importmap">{book}</script>\n<base href="{_BASE}">\n'
        f'<script>{code}</script>\n<script>document.querySelector("base").remove();</script>'
    )


def _address(path: Path) -> str:
    """A part as a data: address. Those have no folder, so names beside it are written out in full."""
    text = _PART.sub(rf'"{_BASE}assets/\2"', path.read_text("utf-8"))
    text = text.replace("import.meta.url", json.dumps(f"{_BASE}assets/{path.name}"))
    return "data:text/javascript;base64," + base64.b64encode(text.encode("utf-8")).decode("ascii")
