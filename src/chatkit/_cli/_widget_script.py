"""The built widget renderer with the parts that one widget needs, as text that a page can carry inside itself."""

from __future__ import annotations

import base64
import json
import re
from functools import cache
from pathlib import Path
from typing import Any, cast, get_args

# Never asked for: the page carries an address book that leads from here to what is inside it.
_BASE = "https://widget.invalid/"
_PART = re.compile(r"""([`"'])\./(w-[\w.-]+\.js)\1""")
_FONT = re.compile(r"new URL\(([`\"'])(?:\./)?(KaTeX_[\w.-]+\.woff2)\1,\s*import\.meta\.url\)(\.href)?")
_NAME = re.compile(r"w-([\w-]+?)-[\w-]{8}\.js$")
_MATHS = re.compile(r"\$|\\\\\(|\\\\\[")
# Parts by what must stand in the widget for them; those not named here belong to code blocks.
_NEEDS: dict[str, re.Pattern[str]] = {
    "sheet": re.compile(""),
    "rolldown-runtime": re.compile(""),
    "more": re.compile(r'"Icon"|"icon'),
    "plot": re.compile('"Chart"'),
    "option-list": re.compile('"Select"'),
    "calendar": re.compile('"DatePicker"'),
    "floating-library": re.compile('"Select"|"DatePicker"'),
    "katex": _MATHS,
    "katex-tables": _MATHS,
}
_CODE = re.compile(r"```|~~~|\\n {4}")


def standalone_script(static: Path, widget: Any) -> str:
    """Script elements that define `<chatkit-widget>` and hold every part that drawing `widget` may load."""
    text, lucide = json.dumps(widget), _names_lucide(widget)
    chosen = [
        path for path in sorted(static.glob("assets/w-*.js")) if _needed(path.name, text, lucide=lucide)
    ]
    parts = {f"{_BASE}assets/{path.name}": _address(path) for path in chosen}
    book = json.dumps({"imports": parts}).replace("<", "\\u003c")
    code = (static / "widget.js").read_text("utf-8").replace("</script", "<\\/script")
    # The renderer reads its own address once, from the document; links of the widget must not be led there too.
    return (
        f'<script type="importmap">{book}</script>\n<base href="{_BASE}">\n'
        f'<script>{code}</script>\n<script>document.querySelector("base").remove();</script>'
    )


def _names_lucide(widget: Any) -> bool:
    """Whether an icon is not of the built-in set: the renderer looks for its name in Lucide then."""
    if isinstance(widget, list):
        return any(_names_lucide(one) for one in cast("list[Any]", widget))
    if not isinstance(widget, dict):
        return False
    known = cast("dict[str, Any]", widget)
    named = [known.get("name")] if known.get("type") == "Icon" else []
    named += [value for key, value in known.items() if key in {"icon", "iconStart", "iconEnd"}]
    if any(isinstance(name, str) and name not in _builtin_icons() for name in named):
        return True
    return any(_names_lucide(value) for value in known.values())


@cache
def _builtin_icons() -> frozenset[str]:
    from chatkit import icons

    return frozenset(name for name in get_args(get_args(icons.IconName)[0]) if isinstance(name, str))


def _needed(name: str, widget: str, *, lucide: bool) -> bool:
    found = _NAME.match(name)
    part = found[1] if found else ""
    if part.isdecimal() or part == "_virtual_lucide":
        return lucide
    if part in _NEEDS:
        wanted = _NEEDS[part].search(widget) is not None
        return wanted and ('"Markdown"' in widget or not part.startswith("katex"))
    # The parser of Markdown and a language of code may have the same name.
    return '"Markdown"' in widget and (part in {"markdown", "core"} or _CODE.search(widget) is not None)


def _address(path: Path) -> str:
    """A part as a data: address. Those have no folder, so names beside it are written out in full, and fonts go in."""
    text = _PART.sub(rf'"{_BASE}assets/\2"', path.read_text("utf-8"))
    text = _FONT.sub(lambda found: _font(path.with_name(found[2]), wrapped=not found[3]), text)
    text = text.replace("import.meta.url", json.dumps(f"{_BASE}assets/{path.name}"))
    return "data:text/javascript;base64," + base64.b64encode(text.encode("utf-8")).decode("ascii")


def _font(path: Path, *, wrapped: bool) -> str:
    packed = base64.b64encode(path.read_bytes()).decode("ascii") if path.is_file() else ""
    address = json.dumps(f"data:font/woff2;base64,{packed}")
    return f"new URL({address})" if wrapped else address
