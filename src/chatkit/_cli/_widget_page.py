"""A drawn widget as a page and as a picture, by the built client and a browser when one is there."""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
import tempfile
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from chatkit._cli._widget_script import standalone_script
from chatkit.errors import ChatKitError

STATIC = Path(__file__).resolve().parents[1] / "_static"
_BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
)
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
html {{ color-scheme: {theme}; }}
body {{ margin: 0; padding: 24px; background: {background}; }}
chatkit-widget {{ display: block; max-width: 640px; margin: 0 auto; }}
</style>
</head>
<body>
<chatkit-widget theme="{theme}"></chatkit-widget>
{script}
<script>document.querySelector("chatkit-widget").widget = {widget};</script>
{measure}
</body>
</html>
"""
_MEASURE = """<script>
const tell = () => { document.documentElement.dataset.height = String(Math.ceil(document.body.getBoundingClientRect().height)); };
tell(); new ResizeObserver(tell).observe(document.body);
</script>"""


def widget_page(widget: Any, title: str, theme: str, *, inline: bool = True) -> str:
    """A page that draws a widget. With `inline` the renderer is inside it, with the parts this widget uses, and nothing else is needed.

    Raises ChatKitError when the client has not been built.
    """
    script = STATIC / "widget.js"
    if not script.exists():
        raise ChatKitError(
            "client.missing",
            "The browser client is not built.",
            hint="Run `make build`, or install the wheel.",
        )
    packed = json.dumps(widget, ensure_ascii=True).replace("<", "\\u003c")
    return _PAGE.format(
        title=html.escape(title),
        theme=theme,
        background="#ffffff" if theme == "light" else "#212121",
        script=standalone_script(STATIC, widget) if inline else '<script src="/widget.js"></script>',
        widget=packed,
        measure="" if inline else _MEASURE,
    )


def find_browser() -> str | None:
    """A Chromium-like browser: the one that the environment's CHROMIUM names, else one of this machine."""
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    return next((found for name in _BROWSERS if (found := shutil.which(name))), None)


def widget_picture(widget: Any, title: str, theme: str, width: int, out: Path) -> None:
    """Draw a widget in a browser and save it as PNG. Raises ChatKitError without browser or client."""
    browser = find_browser()
    if browser is None:
        raise ChatKitError(
            "browser.missing",
            "No browser was found to draw the picture.",
            hint="Install Chromium or Chrome, name one in the environment as CHROMIUM, or render to HTML.",
        )
    page = widget_page(widget, title, theme, inline=False)
    with tempfile.TemporaryDirectory(prefix="chatkit-") as folder:
        handler = partial(_PageHandler, page.encode("utf-8"))
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            address = f"http://127.0.0.1:{server.server_address[1]}/"
            measured = _run(browser, folder, ["--dump-dom", f"--window-size={width},800", address])
            found = re.search(r'data-height="(\d+)"', measured)
            height = min(max(int(found[1]) if found else 800, 100), 8000)
            picture = Path(folder) / "widget.png"
            _run(browser, folder, [f"--screenshot={picture}", f"--window-size={width},{height}", address])
            if not picture.exists():
                raise ChatKitError(
                    "browser.failed", "The browser drew nothing.", hint=f"Try {browser} by hand."
                )
            out.write_bytes(picture.read_bytes())
        finally:
            server.shutdown()
            server.server_close()


def _run(browser: str, folder: str, arguments: list[str]) -> str:
    command = [
        browser,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--hide-scrollbars",
        "--force-device-scale-factor=2",
        f"--user-data-dir={folder}/profile",
        "--virtual-time-budget=4000",
        *arguments,
    ]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise ChatKitError("browser.failed", "The browser did not answer within a minute.") from error
    return done.stdout


class _PageHandler(SimpleHTTPRequestHandler):
    """Serves the page at `/` and the built client beside it."""

    def __init__(self, page: bytes, *args: Any, **kwargs: Any) -> None:
        self._page = page
        super().__init__(*args, directory=str(STATIC), **kwargs)

    def do_GET(self) -> None:
        if self.path != "/":
            super().do_GET()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(self._page)))
        self.end_headers()
        self.wfile.write(self._page)

    def log_message(self, format: str, *args: Any) -> None:
        del format, args
