"""The wheel in an environment of its own is the whole product: each verb works, a new app is made, runs, and passes its tests."""

import json
import os
import re
import socket
import subprocess
import sys
import sysconfig
import threading
import venv
import zipfile
from pathlib import Path

import httpx
import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not (ROOT / "src" / "chatkit" / "_static" / "chatkit.js").exists():
        pytest.skip("the web client is not built: the wheel would be built without it")
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    if built.returncode != 0 and "No module named hatchling" in built.stderr:
        pytest.skip("hatchling is not installed")
    assert built.returncode == 0, built.stderr
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def python(wheel: Path) -> Path:
    """A Python that has the wheel and, from this environment, what the wheel stands on."""
    folder = wheel.parent
    venv.create(folder / "venv", with_pip=False, symlinks=True)
    program = folder / "venv" / "bin" / "python"
    asked = [program, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    site = Path(subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip())
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(site)
    # Folders named in a .pth file are searched, and their own .pth files, such as the checkout's, are not read.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return program


def _environment() -> dict[str, str]:
    foreign = ("PYTHON", "OPENAI", "CHATKIT")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    return {**kept, "NO_COLOR": "1", "PYTHONUNBUFFERED": "1"}


def _run(python: Path, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [python, *arguments], cwd=cwd, env=_environment(), capture_output=True, text=True, timeout=120
    )


@pytest.fixture(scope="module")
def app(python: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("new")
    made = _run(python, "-m", "chatkit", "new", "Fresh start", cwd=folder)
    assert made.returncode == 0, made.stderr
    return folder / "fresh-start"


def test_the_package_is_the_wheels_and_not_the_checkouts(python: Path, tmp_path: Path) -> None:
    asked = _run(python, "-c", "import chatkit.server as s; print(s.__file__)", cwd=tmp_path)
    assert "site-packages/chatkit" in asked.stdout, asked.stderr
    assert str(ROOT) not in asked.stdout


def test_a_new_app_passes_its_own_tests_there(python: Path, app: Path) -> None:
    tested = _run(python, "-m", "pytest", "-q", "-p", "no:cacheprovider", cwd=app)
    assert tested.returncode == 0, tested.stdout + tested.stderr
    assert re.search(r"\d+ passed", tested.stdout)


def test_a_new_app_runs_at_once_with_page_script_and_answers(python: Path, app: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {**os.environ, "PORT": str(port), "PYTHONUNBUFFERED": "1"}
    env.pop("PYTHONPATH", None)
    process = subprocess.Popen(
        [python, "app.py"], cwd=app, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert process.stdout is not None
    try:
        assert str(port) in process.stdout.readline()
        drain = threading.Thread(target=process.stdout.read, daemon=True)
        drain.start()
        transport = httpx.HTTPTransport(retries=60)
        with httpx.Client(transport=transport, base_url=f"http://127.0.0.1:{port}", timeout=30) as http:
            page = http.get("/")
            assert "openai-chatkit" in page.text
            script = http.get("/chatkit/chatkit.js")
            assert script.headers["content-type"].startswith("text/javascript")
            assert len(script.content) > 10_000
            said = {
                "content": [{"type": "input_text", "text": "Bread"}],
                "attachments": [],
                "inference_options": {},
            }
            answer = http.post("/chatkit", json={"type": "threads.create", "params": {"input": said}})
            events = [json.loads(line[6:]) for line in answer.text.splitlines() if line.startswith("data: ")]
            assert any(event.get("item", {}).get("type") == "widget" for event in events)
    finally:
        process.terminate()
        process.wait(40)
        process.stdout.close()


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


def test_the_machine_is_found_well_and_a_widget_is_made_and_drawn(python: Path, tmp_path: Path) -> None:
    doctor = _run(python, "-m", "chatkit", "doctor", cwd=tmp_path)
    assert f"chatkit is this package, at {python.parents[1]}" in doctor.stdout
    assert "✓ the web client is built" in doctor.stdout
    assert _run(python, "-m", "chatkit", "widget", "new", "offer", cwd=tmp_path).returncode == 0
    drawn = _run(python, "-m", "chatkit", "widget", "render", "offer.widget", "--to", "html", cwd=tmp_path)
    assert "<chatkit-widget" in drawn.stdout


@pytest.mark.parametrize(
    ("verb", "told"),
    [(["demo"], "chatkit.js"), (["studio"], "<script"), (["serve", "app:Server", "--open"], "chatkit.js")],
)
def test_everything_that_serves_serves(
    python: Path, app: Path, tmp_path: Path, verb: list[str], told: str
) -> None:
    place = app if verb[0] == "serve" else tmp_path
    process = subprocess.Popen(
        [python, "-m", "chatkit", *verb, "--port", "0"],
        cwd=place,
        env=_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        address = re.search(r"http://[\w.:]+", line)
        assert address is not None, line + process.stdout.read()
        drain = threading.Thread(target=process.stdout.read, daemon=True)
        drain.start()
        transport = httpx.HTTPTransport(retries=60)
        with httpx.Client(transport=transport, base_url=address[0], timeout=30) as http:
            assert told in http.get("/").text
            if verb[0] != "studio":
                assert "openai-chatkit" in http.get("/chatkit/chatkit.js").text
    finally:
        process.terminate()
        process.wait(40)
        process.stdout.close()
