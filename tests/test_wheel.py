"""The wheel, installed outside the checkout, is the whole product."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import threading
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (ROOT / "src/chatkit/_static/chatkit.js").exists(),
        reason="the web client is not built: make build",
    ),
]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def chatkit(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command, in an environment where only this wheel has a ``chatkit``; what it needs is this environment's."""
    place = tmp_path_factory.mktemp("venv")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(place)], check=True, timeout=60)
    python = place / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(python)]
    subprocess.run(
        [*pip, "install", "-q", "--no-deps", "--no-index", str(wheel)],
        check=True,
        capture_output=True,
        timeout=120,
    )
    (site,) = place.glob("lib/python*/site-packages")
    # A path in a .pth file does not read the .pth files in it, so the checkout stays out.
    (site / "needs.pth").write_text(sysconfig.get_path("purelib"))
    return place / "bin" / "chatkit"


def environment() -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "OPENAI", "CHATKIT"))
    }
    return {**kept, "NO_COLOR": "1", "PYTHONUNBUFFERED": "1"}


def run(command: Path, *arguments: str, cwd: Path) -> str:
    done = subprocess.run(
        [command, *arguments], cwd=cwd, env=environment(), capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@contextmanager
def serving(command: Path, *arguments: str, cwd: Path) -> Iterator[str]:
    process = subprocess.Popen(
        [command, *arguments],
        cwd=cwd,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    said: list[str] = []
    address = None
    for line in process.stdout:
        said.append(line)
        address = address or re.search(r"http://[\w.:]+", line)
        if address and (arguments[0] != "serve" or "startup complete" in line):
            break
    assert address is not None, "".join(said)
    drain = threading.Thread(target=process.stdout.read)
    drain.start()
    try:
        yield address[0]
    finally:
        process.terminate()
        process.wait(20)
        drain.join()
        process.stdout.close()


def get(url: str) -> str:
    for _ in range(400):
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                return answer.read().decode()
        except ConnectionError:
            threading.Event().wait(0.05)
        except urllib.error.URLError as error:
            if not isinstance(error.reason, ConnectionError):
                raise
            threading.Event().wait(0.05)
    raise AssertionError(f"{url} does not answer")


def test_the_wheel_carries_everything_and_nothing_of_the_workshop(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        names = set(packed.namelist())
        notice = packed.read(next(name for name in names if name.endswith("licenses/NOTICE"))).decode()
    static = {name.removeprefix("chatkit/_static/") for name in names if name.startswith("chatkit/_static/")}
    assert {"chatkit.js", "widget.js", "mermaid.html", "studio/studio.html"} <= static
    assert {"licenses/element.txt", "licenses/widget.txt", "studio/licenses.txt"} <= static
    assert "chatkit/_static/licenses/" in notice
    assert {"chatkit/py.typed", "chatkit/demo/page/index.html", "chatkit/_cli/scaffold/app.py.in"} <= names
    assert sum(name.startswith("chatkit/studio/gallery/") for name in names) >= 24
    assert sum(name.startswith("chatkit/backends/_sql/migrations/versions/v") for name in names) >= 2
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert {name.split("/")[0] for name in names} == {"chatkit", "chatkit_selfhost-0.1.0.dist-info"}
    assert [name for name in names if "__pycache__" in name or Path(name).name.startswith(".")] == []


def test_a_new_app_and_widgets_are_made_and_drawn_in_an_empty_folder(chatkit: Path, tmp_path: Path) -> None:
    doctor = run(chatkit, "doctor", cwd=tmp_path)
    assert f"chatkit is this package, at {chatkit.parents[1]}" in doctor
    assert "✓ the web client is built" in doctor
    run(chatkit, "new", "Picnic", cwd=tmp_path)
    tests = [str(chatkit.with_name("python")), "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    tested = subprocess.run(
        tests, cwd=tmp_path / "picnic", env=environment(), capture_output=True, text=True, timeout=60
    )
    assert "2 passed" in tested.stdout, tested.stdout + tested.stderr
    run(chatkit, "widget", "new", "offer", cwd=tmp_path)
    assert "<chatkit-widget" in run(chatkit, "widget", "render", "offer.widget", "--to", "html", cwd=tmp_path)


@pytest.mark.parametrize(
    ("verb", "path", "told"),
    [
        (["demo"], "/", "chatkit.js"),
        (["studio"], "/", "<script"),
        (["serve", "app:Server", "--open"], "/", "chatkit.js"),
    ],
)
def test_everything_that_serves_serves(
    chatkit: Path, tmp_path: Path, verb: list[str], path: str, told: str
) -> None:
    run(chatkit, "new", "Picnic", "--folder", ".", cwd=tmp_path)
    with serving(chatkit, *verb, "--port", "0", cwd=tmp_path) as address:
        assert told in get(address + path)
        if verb[0] != "studio":
            assert "openai-chatkit" in get(f"{address}/chatkit/chatkit.js")
