"""The gallery as a page of its own, which needs no server: for a docs site, or to look at."""

import html
import json
from pathlib import Path
from typing import Any

from chatkit._cli._widget_script import standalone_script
from chatkit.errors import ChatKitError
from chatkit.studio import _preview

__all__ = ["export_gallery_page"]

GALLERY = Path(__file__).parent / "gallery"
STATIC = Path(__file__).parents[1] / "_static"

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>ChatKit widget gallery</title>
<style>
{style}</style>
</head>
<body>
<header><h1>Widget gallery</h1>
<p>Each of these is a file to start from: open it in the Studio, or download it.</p></header>
<main>
{cards}
</main>
{renderer}
<script>
{script}</script>
</body>
</html>
"""
_CARD = """<article id="{id}">
<h2>{name}</h2>
<chatkit-widget></chatkit-widget>
<details><summary>Source</summary><pre>{view}</pre></details>
<p><a href="{id}.widget" download>{id}.widget</a></p>
</article>"""
_STYLE = """:root { color-scheme: light dark; --rule: #e3e3e3; --quiet: #5d5d5d; }
body { margin: 0 auto; max-width: 1180px; padding: 40px 24px 80px; font: 15px/1.5 ui-sans-serif, system-ui, "Noto Sans", sans-serif; }
h1 { margin: 0; font-size: 28px; }
header p { margin: 4px 0 32px; color: var(--quiet); }
main { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 340px), 1fr)); gap: 40px 28px; }
article { min-width: 0; }
h2 { margin: 0 0 12px; font-size: 15px; }
pre { padding: 12px; overflow: auto; border: 1px solid var(--rule); border-radius: 10px; font-size: 12px; }
summary, article p { margin: 10px 0 0; color: var(--quiet); font-size: 13px; }
@media (prefers-color-scheme: dark) { :root { --rule: #3d3d3d; --quiet: #b4b4b4; } body { background: #181818; color: #ededed; } }
"""
_SCRIPT = """const dark = matchMedia("(prefers-color-scheme: dark)");
for (const {{ id, widget }} of {widgets}) {{
  const element = document.querySelector(`#${{CSS.escape(id)}} chatkit-widget`);
  element.widget = widget;
  const follow = () => element.setAttribute("theme", dark.matches ? "dark" : "light");
  dark.addEventListener("change", follow);
  follow();
}}
"""


def export_gallery_page(folder: str | Path) -> int:
    """Write the gallery into ``folder`` and say how many widgets there are.

    ``index.html`` holds everything it draws with, so it works from any host and from the disk; beside it are the
    widgets to download.

    Raises:
        ChatKitError: The web client has not been built.
    """
    if not (STATIC / "widget.js").is_file():
        raise ChatKitError(
            "client.missing", "The web client is not built.", hint="In a checkout run `npm run build` in web."
        )
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    entries = _preview.gallery(str(GALLERY))
    widgets = [{"id": entry["id"], "widget": entry["widget"]} for entry in entries]
    page = _PAGE.format(
        style=_STYLE,
        cards="\n".join(_card(entry) for entry in entries),
        renderer=standalone_script(STATIC, widgets),
        script=_SCRIPT.format(widgets=json.dumps(widgets).replace("<", "\\u003c")),
    )
    (place / "index.html").write_text(page, "utf-8")
    for entry in entries:
        (place / f"{entry['id']}.widget").write_text(entry["text"], "utf-8")
    return len(entries)


def _card(entry: dict[str, Any]) -> str:
    return _CARD.format(
        id=html.escape(entry["id"]),
        name=html.escape(entry["name"] or entry["id"]),
        view=html.escape(_view(entry)),
    )


def _view(entry: dict[str, Any]) -> str:
    document: dict[str, Any] = entry["document"] or {}
    return str(document.get("view") or "")
