"""`chatkit widget`, as people and CI run it."""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from chatkit._cli import widget as verb
from chatkit._cli._widget_page import STATIC, find_browser
from chatkit._cli._widget_script import _address
from chatkit.errors import ChatKitError


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.chdir(tmp_path)
    cli = typer.Typer()
    verb.register(cli)

    def call(*args: str) -> Result:
        return CliRunner().invoke(cli, ["widget", *args])

    return call


def test_a_new_widget_is_whole_and_checks_clean(run: Any, tmp_path: Path) -> None:
    assert run("new", "draft-email").exit_code == 0
    assert json.loads((tmp_path / "draft-email.widget").read_text())["name"] == "Draft email"
    checked = run("check", ".")
    assert (checked.exit_code, checked.output.strip()) == (0, "1 widget: 0 errors, 0 warnings, 0 notes")
    again = run("new", "draft-email")
    assert isinstance(again.exception, ChatKitError)


def test_sources_in_files_of_their_own_are_built_and_kept_apart(run: Any, tmp_path: Path) -> None:
    run("new", "list", "--split")
    assert run("build", ".").exit_code == 0
    first = (tmp_path / "list.widget").read_text()
    assert run("build", ".", "--check").exit_code == 0
    (tmp_path / "list.tsx").write_text("<Card><Text value={title} /></Card>")
    assert run("build", ".", "--check").exit_code == 1
    assert (tmp_path / "list.widget").read_text() == first
    assert run("build", ".").exit_code == 0
    assert (
        json.loads((tmp_path / "list.widget").read_text())["encodedWidget"]
        != json.loads(first)["encodedWidget"]
    )


def test_a_fault_fails_with_its_place_in_every_format(run: Any, tmp_path: Path) -> None:
    (tmp_path / "bad.tsx").write_text("<Card>\n  <Txt />\n</Card>\n")
    text = run("check", "bad.tsx")
    assert text.exit_code == 1
    assert "bad.tsx (view):2:4: error CK401: There is no component <Txt>." in text.output
    told = json.loads(run("check", "bad.tsx", "--format", "json").output)
    assert told[0]["diagnostics"][0]["code"] == "CK401"
    assert json.loads(run("check", "bad.tsx", "--format", "sarif").output)["version"] == "2.1.0"
    assert run("check", "bad.tsx", "--format", "github").output.startswith("::error file=bad.tsx")
    assert run("build", "bad.tsx").exit_code == 1
    assert not (tmp_path / "bad.widget").exists()


def test_warnings_fail_when_asked(run: Any, tmp_path: Path) -> None:
    (tmp_path / "warn.tsx").write_text("<Card><Image src='a' /></Card>")
    assert run("check", "warn.tsx").exit_code == 0
    assert run("check", "warn.tsx", "--strict").exit_code == 1


def test_a_widget_is_drawn_with_its_data_a_file_or_made_up_data(run: Any, tmp_path: Path) -> None:
    run("new", "a")
    assert json.loads(run("render", "a.widget").output)["children"][0]["value"] == "Hello"
    (tmp_path / "d.json").write_text('{"title": "T"}')
    drawn = json.loads(run("render", "a.widget", "--data", "d.json").output)
    assert [child["type"] for child in drawn["children"]] == ["Title", "Button"]
    assert "日本語" in run("render", "a.widget", "--state", "emoji").output
    assert isinstance(run("render", "a.widget", "--state", "nope").exception, ChatKitError)


@pytest.mark.skipif(not (STATIC / "widget.js").exists(), reason="the browser client is not built")
def test_a_page_carries_the_renderer_and_cannot_be_broken_out_of(run: Any, tmp_path: Path) -> None:
    run("new", "a")
    (tmp_path / "d.json").write_text('{"title": "</script><script>alert(1)</script>"}')
    assert run("render", "a.widget", "--data", "d.json", "--to", "html", "-o", "a.html").exit_code == 0
    page = (tmp_path / "a.html").read_text("utf-8")
    assert "<script>alert" not in page
    assert 'customElements.get("chatkit-widget")' in page


def test_types_fmt_unpack_and_explain(run: Any, tmp_path: Path) -> None:
    run("new", "a")
    assert run("types", "a.widget").exit_code == 0
    assert "class AData(BaseModel)" in (tmp_path / "a_widget.py").read_text()
    assert run("fmt", ".", "--check").exit_code == 0
    assert run("unpack", "a.widget").exit_code == 0
    assert (tmp_path / "a.tsx").read_text().startswith('<Card size="sm">')
    (tmp_path / "a.tsx").write_text("<Card><Spacer/></Card>")
    assert run("fmt", "a.tsx", "--check").exit_code == 1
    assert run("fmt", "a.tsx").exit_code == 0
    assert (tmp_path / "a.tsx").read_text() == "<Card>\n  <Spacer />\n</Card>\n"
    assert "Not a value of this property" in run("explain", "CK405").output
    assert isinstance(run("explain", "CK000").exception, ChatKitError)


def test_a_template_written_by_hand_is_checked_and_taken_apart(run: Any, tmp_path: Path) -> None:
    template = '{"type":"Card","children":[{"type":"Text","value":{{ (user.name) | tojson }}}]}'
    schema = {
        "type": "object",
        "properties": {"user": {"type": "object", "properties": {"name": {"type": "string"}}}},
    }
    (tmp_path / "h.widget").write_text(
        json.dumps({"version": "1.0", "name": "H", "template": template, "jsonSchema": schema})
    )
    checked = run("check", "h.widget")
    assert "CK705" in checked.output
    assert "without optionals" in checked.output
    assert run("unpack", "h.widget").exit_code == 0
    assert (tmp_path / "h.tsx").read_text() == "<Card>\n  <Text value={user.name} />\n</Card>\n"


def test_nothing_to_do_is_said(run: Any) -> None:
    assert "no widgets" in str(run("check", ".").exception)
    assert "no file" in str(run("check", "missing.widget").exception)


def test_a_page_carries_only_the_parts_its_widget_needs(run: Any, tmp_path: Path) -> None:
    if not (STATIC / "widget.js").is_file():
        pytest.skip("the web client is not built")
    views = {
        "plain": '<Card><Text value="a" /></Card>',
        "chart": '<Card><Chart data={[{ a: 1, b: "x" }]} series={[{ type: "bar", dataKey: "a" }]} xAxis="b" /></Card>',
        "maths": '<Card><Markdown value="$a^2$" /></Card>',
        "lucide": '<Card><Button label="Go" iconStart="lucide:rocket" /></Card>',
        "unprefixed": '<Card><Icon name="anchor" /></Card>',
        "builtin": '<Card><Icon name="calendar" /></Card>',
    }
    sizes: dict[str, int] = {}
    pages: dict[str, str] = {}
    for name, view in views.items():
        (tmp_path / f"{name}.tsx").write_text(view, "utf-8")
        run("render", f"{name}.tsx", "--format", "html", "-o", f"{name}.html")
        pages[name] = (tmp_path / f"{name}.html").read_text("utf-8")
        sizes[name] = len(pages[name])
    renderer = (STATIC / "widget.js").stat().st_size
    assert sizes["plain"] < renderer + 60_000
    assert sizes["plain"] < sizes["chart"] < sizes["maths"]
    assert min(sizes["lucide"], sizes["unprefixed"]) > sizes["builtin"] + 300_000
    assert "w-katex-" in pages["maths"]
    assert "w-katex-" not in pages["chart"]


def test_the_fonts_of_formulas_are_inside_the_page() -> None:
    parts = sorted(STATIC.glob("assets/w-katex-*.js"))
    if not parts:
        pytest.skip("the web client is not built")
    code = [base64.b64decode(_address(part).split(",", 1)[1]).decode("utf-8") for part in parts]
    assert any(text.count("data:font/woff2;base64,d09GMg") >= 15 for text in code)
    assert not any(re.search(r"new URL\(.KaTeX", text) for text in code)


def test_a_tree_is_drawn_with_either_name_of_the_option(run: Any, tmp_path: Path) -> None:
    run("new", "note")
    one, other = (run("render", "note.widget", option, "json").output for option in ("--to", "--format"))
    assert json.loads(one) == json.loads(other)


def test_the_environment_names_the_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", sys.executable)
    assert find_browser() == sys.executable
    monkeypatch.setenv("CHROMIUM", "/nowhere/at/all")
    assert find_browser() is None


def test_progress_shows_on_a_terminal_only(run: Any, tmp_path: Path) -> None:
    for at in range(6):
        run("new", f"w{at}")
    assert "Widgets" not in run("check", ".").output
    pty = pytest.importorskip("pty", reason="there are no such terminals on Windows")
    leader, follower = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "chatkit", "widget", "check", str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=follower,
        check=False,
    )
    os.close(follower)
    shown = os.read(leader, 100_000).decode()
    os.close(leader)
    assert "6/6" in shown
    assert done.stdout.decode().strip().endswith("6 widgets: 0 errors, 0 warnings, 0 notes")
