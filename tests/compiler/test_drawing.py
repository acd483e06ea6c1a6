"""`chatkit widget render` in a real browser: the picture, and the page that needs nothing else."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from chatkit._cli import widget as verb
from chatkit._cli._widget_page import STATIC, find_browser

BROWSER = shutil.which(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(BROWSER is None, reason="there is no Chromium"),
    pytest.mark.skipif(not (STATIC / "widget.js").exists(), reason="the browser client is not built"),
]
VIEW = """<Card>
  <Title value={title} />
  <Icon name="anchor" />
  <Chart data={rows} xAxis={{ dataKey: "day" }} series={[{ type: "bar", dataKey: "count" }]} />
  <Markdown value={"It is **bold**."} />
</Card>
"""
DATA = {"title": "Grüße 👋 </script>", "rows": [{"day": "Mon", "count": 3}, {"day": "Tue", "count": 5}]}
# What is drawn lives in shadow roots, which a dump of the document leaves out.
SHOW = """<script>
const show = () => {
  const root = document.querySelector("chatkit-widget")?.shadowRoot;
  if (!root) return;
  const out = document.querySelector("output") ?? document.body.appendChild(document.createElement("output"));
  out.textContent = JSON.stringify({
    text: root.textContent, chart: root.querySelectorAll(".w-chart svg path").length,
    icon: root.querySelectorAll("svg.ck-icon > *").length, bold: root.querySelectorAll("strong").length,
  });
};
setInterval(show, 20);
</script>"""


@pytest.fixture
def widget(tmp_path: Path) -> Path:
    (tmp_path / "sales.tsx").write_text(VIEW, "utf-8")
    (tmp_path / "sales.data.json").write_text(json.dumps(DATA), "utf-8")
    return tmp_path / "sales.tsx"


def _render(*args: str) -> None:
    cli = typer.Typer()
    verb.register(cli)
    done = CliRunner().invoke(cli, ["widget", "render", *args])
    assert done.exit_code == 0, done.output + str(done.exception)


@pytest.mark.skipif(find_browser() is None, reason="the command finds no browser on the path")
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_picture_has_the_asked_width_and_shows_something(widget: Path, theme: str) -> None:
    pillow = pytest.importorskip("PIL.Image", reason="Pillow is not installed")
    target = widget.with_suffix(".png")
    _render(str(widget), "--to", "png", "--width", "500", "--theme", theme, "-o", str(target))
    picture = pillow.open(io.BytesIO(target.read_bytes())).convert("RGB")
    # Two dots a pixel, and as high as what is drawn.
    assert picture.width == 1000
    assert 2 * 200 < picture.height < 2 * 900
    corner = picture.getpixel((2, 2))
    assert (min(corner) > 240) == (theme == "light")
    colors = picture.getcolors(picture.width * picture.height)
    assert len(colors) > 20
    assert max(count for count, _ in colors) < 0.98 * picture.width * picture.height


def test_the_page_draws_text_chart_icon_and_markdown_from_a_lone_file(widget: Path, tmp_path: Path) -> None:
    page = tmp_path / "alone" / "page.html"
    page.parent.mkdir()
    _render(str(widget), "--to", "html", "-o", str(page))
    page.write_text(page.read_text("utf-8") + SHOW, "utf-8")
    done = subprocess.run(
        [
            str(BROWSER),
            *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
            *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
            f"--user-data-dir={tmp_path}/profile",
            "--host-resolver-rules=MAP * ~NOTFOUND",
            "--virtual-time-budget=5000",
            "--dump-dom",
            page.as_uri(),
        ],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert "<output>" in done.stdout, done.stderr[-2000:]
    told = done.stdout.split("<output>")[1].split("</output>")[0]
    seen = json.loads(told.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
    assert DATA["title"] in seen["text"]
    assert "It is bold." in seen["text"]
    assert (seen["chart"] > 0, seen["icon"] > 0, seen["bold"]) == (True, True, 1)
