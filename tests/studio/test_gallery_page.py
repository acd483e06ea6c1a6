"""The gallery as a page of its own."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from chatkit._cli._widget_page import find_browser
from chatkit.studio import export_gallery_page
from chatkit.studio._gallery_page import GALLERY, STATIC

NAMES = sorted(path.stem for path in GALLERY.glob("*.widget"))
SHOW = """<script>
const show = () => {
  const drawn = {};
  for (const article of document.querySelectorAll("article")) {
    const root = article.querySelector("chatkit-widget").shadowRoot;
    drawn[article.id] = {
      text: root?.textContent.length ?? 0, charts: root?.querySelectorAll(".w-chart svg path").length ?? 0,
      blank: root?.querySelectorAll("svg.ck-icon:not(:has(*))").length ?? 0,
    };
  }
  const out = document.querySelector("output") ?? document.body.appendChild(document.createElement("output"));
  out.textContent = JSON.stringify(drawn);
};
setInterval(show, 50);
</script>"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not (STATIC / "widget.js").is_file():
        pytest.skip("the web client is not built")
    place = tmp_path_factory.mktemp("gallery") / "out"
    assert export_gallery_page(place) == len(NAMES)
    return place


@pytest.mark.slow
def test_it_holds_every_widget_with_its_file_and_asks_nobody(folder: Path) -> None:
    page = (folder / "index.html").read_text("utf-8")
    assert re.findall(r'<article id="([^"]+)"', page) == NAMES
    for name in NAMES:
        assert (folder / f"{name}.widget").read_bytes() == (GALLERY / f"{name}.widget").read_bytes()
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        [*(f"{name}.widget" for name in NAMES), "index.html"]
    )
    assert re.findall(r'<(?:script|link|img)[^>]+(?:src|href)="', page) == []


@pytest.mark.slow
def test_opened_from_the_disk_it_draws_every_widget(folder: Path, tmp_path: Path) -> None:
    browser = find_browser()
    if browser is None:
        pytest.skip("no browser was found")
    page = folder / "shown.html"
    page.write_text((folder / "index.html").read_text("utf-8") + SHOW, "utf-8")
    done = subprocess.run(
        [
            browser,
            *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
            *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
            f"--user-data-dir={tmp_path}/profile",
            "--host-resolver-rules=MAP * ~NOTFOUND",
            "--virtual-time-budget=8000",
            "--dump-dom",
            page.as_uri(),
        ],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=180,
        check=False,
    )
    page.unlink()
    assert "<output>" in done.stdout, done.stderr[-2000:]
    drawn = json.loads(done.stdout.split("<output>")[1].split("</output>")[0])
    assert sorted(drawn) == NAMES
    assert {name: seen for name, seen in drawn.items() if seen["text"] < 10 or seen["blank"]} == {}
    assert sum(seen["charts"] > 0 for seen in drawn.values()) >= 2
