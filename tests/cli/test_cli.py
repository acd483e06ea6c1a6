"""The command line, run as people run it: a process of its own, its words, its exit code."""

import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from chatkit.settings import Settings
from chatkit.version import __version__, compatible_with

VERBS = ["demo", "new", "serve", "doctor", "settings", "migrate", "export", "import", "erase", "backup"]


def run(*arguments: str, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "NO_COLOR": "1", "COLUMNS": "120", **environment}
    command = [sys.executable, "-m", "chatkit", *arguments]
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=60)


@contextmanager
def running(*arguments: str, cwd: Path, **environment: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A verb that serves, and the address it printed."""
    env = {**os.environ, "NO_COLOR": "1", "PYTHONUNBUFFERED": "1", **environment}
    command = [sys.executable, "-m", "chatkit", *arguments]
    process = subprocess.Popen(
        command, cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    found = re.search(r"https?://[\w.:]+", line)
    assert found, line + process.communicate(timeout=20)[0]
    drain = threading.Thread(target=process.stdout.read, daemon=True)
    drain.start()
    try:
        yield found[0], process
    finally:
        process.terminate()
        process.wait(20)
        drain.join(5)
        process.stdout.close()


def get(url: str) -> tuple[int, bytes]:
    """Ask until the server listens."""
    for _ in range(400):
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()
        except OSError:
            threading.Event().wait(0.05)
    raise AssertionError(f"{url} does not answer")


def post(url: str, body: dict[str, object], **headers: str) -> tuple[int, bytes]:
    sent = urllib.request.Request(
        url, json.dumps(body).encode(), {"content-type": "application/json", **headers}
    )
    try:
        with urllib.request.urlopen(sent, timeout=10) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


pytestmark = pytest.mark.slow

MESSAGE = {
    "content": [{"type": "input_text", "text": "Bread\nCheese"}],
    "attachments": [],
    "inference_options": {},
}
CREATE = {"type": "threads.create", "params": {"input": MESSAGE}}


def test_help_lists_every_verb_and_each_verb_explains_itself() -> None:
    shown = run("--help")
    assert shown.returncode == 0
    for verb in VERBS:
        assert verb in shown.stdout
    for verb in ("serve", "export"):
        helped = run(verb, "--help")
        assert helped.returncode == 0
        assert "--database" in helped.stdout


def test_the_version_is_told() -> None:
    assert run("--version").stdout == f"chatkit-selfhost {__version__}, for apps of {compatible_with}\n"


def test_a_wrong_verb_is_one_clear_message() -> None:
    shown = run("dance")
    assert shown.returncode == 2
    assert "dance" in shown.stderr
    assert "Traceback" not in shown.stderr


# Settings


def test_settings_come_from_a_file_the_environment_and_defaults(tmp_path: Path) -> None:
    (tmp_path / "chatkit.toml").write_text(
        '[chatkit]\nport = 9001\nhost = "::1"\nallow_origins = ["https://a", "https://b"]\n'
    )
    shown = run(
        "settings", "--json", cwd=tmp_path, CHATKIT_PORT="9002", CHATKIT_DATABASE="postgresql://u:secret@h/d"
    )
    told = json.loads(shown.stdout)
    assert told["port"] == {"value": 9002, "source": "CHATKIT_PORT"}
    assert told["host"] == {"value": "::1", "source": "chatkit.toml"}
    assert told["allow_origins"]["value"] == ["https://a", "https://b"]
    assert told["workers"] == {"value": 1, "source": "default"}
    listed = run("settings", cwd=tmp_path, CHATKIT_DATABASE="postgresql://u:secret@h/d").stdout
    assert set(Settings.model_fields) <= {line.split(" = ")[0] for line in listed.splitlines()}
    assert "secret" not in listed


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[chatkit]\nprot = 1\n", "prot"),
        ("[chatkit]\nport = 99999\n", "port"),
        ("[chatkit\n", "chatkit.toml"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, text: str, named: str) -> None:
    (tmp_path / "chatkit.toml").write_text(text)
    shown = run("settings", cwd=tmp_path)
    assert shown.returncode == 1
    assert named in shown.stderr
    assert "Traceback" not in shown.stderr


# Doctor


def test_doctor_finds_this_machine_well(tmp_path: Path) -> None:
    shown = run("doctor", cwd=tmp_path)
    assert "✓ Python" in shown.stdout
    assert "✓ extra server" in shown.stdout
    assert "There is no database chatkit.db" in shown.stdout


def test_doctor_tells_when_the_original_package_is_installed_too(tmp_path: Path) -> None:
    fake = tmp_path / "openai_chatkit-1.6.5.dist-info"
    fake.mkdir()
    (fake / "METADATA").write_text("Metadata-Version: 2.1\nName: openai-chatkit\nVersion: 1.6.5\n")
    shown = run("doctor", cwd=tmp_path, PYTHONPATH=str(tmp_path))
    assert shown.returncode == 1
    assert "openai-chatkit 1.6.5 is installed too" in shown.stdout
    assert "pip uninstall openai-chatkit" in shown.stdout


def test_doctor_tells_when_the_database_does_not_answer(tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"postgresql://u@127.0.0.1:{closed.getsockname()[1]}/d"
    shown = run("doctor", "--database", address, cwd=tmp_path)
    assert shown.returncode == 1
    assert f"✗ The database {address.removeprefix('postgresql://u@')} does not answer" in shown.stdout
    assert "→ Check its address and that it runs." in shown.stdout
    assert "Traceback" not in shown.stderr


def test_doctor_looks_at_all_that_serve_would_stand_on(tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        redis = f"redis://127.0.0.1:{closed.getsockname()[1]}/0"
    (tmp_path / "chatkit.toml").write_text(
        f'[chatkit]\nstream_log = "{redis}"\ntls_certificate = "nowhere.pem"\nuploads = "files"\n'
    )
    shown = run("doctor", cwd=tmp_path)
    assert shown.returncode == 1
    assert "✗ the stream log: Redis: Error" in shown.stdout
    assert "✗ TLS cannot be spoken with nowhere.pem" in shown.stdout
    assert f"✓ uploads go to {tmp_path}/files" in shown.stdout
    assert "Traceback" not in shown.stderr


# New, serve, demo


@pytest.fixture(scope="module")
def scaffold(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("new")
    shown = run("new", "To do", cwd=folder)
    assert shown.returncode == 0, shown.stderr
    return folder / "to-do"


def test_a_new_app_passes_its_own_tests(scaffold: Path) -> None:
    tested = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=scaffold,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert tested.returncode == 0, tested.stdout
    assert "2 passed" in tested.stdout


@pytest.mark.parametrize("flags", [[], ["--workers", "2"], ["--reload"]])
def test_a_new_app_is_served_as_its_readme_says(scaffold: Path, tmp_path: Path, flags: list[str]) -> None:
    assert " ".join(["chatkit serve app:create_app", *flags[:1]]) in (scaffold / "README.md").read_text()
    shutil.copytree(scaffold, tmp_path / "app")
    with running("serve", "app:create_app", "--port", "0", *flags, cwd=tmp_path / "app") as (address, _):
        assert b"openai-chatkit" in get(address)[1]
        with urllib.request.urlopen(address, timeout=5) as page:
            cookie = page.headers["set-cookie"].split(";")[0]
        status, body = post(f"{address}/chatkit", CREATE, cookie=cookie)
        assert status == 200
        assert b"Cheese" in body
        listed = json.loads(
            post(f"{address}/chatkit", {"type": "threads.list", "params": {}}, cookie=cookie)[1]
        )
        assert [thread["title"] for thread in listed["data"]] == ["Bread"]
    assert (tmp_path / "app" / "chatkit.db").exists()


def test_new_never_writes_into_a_folder_that_is_used(scaffold: Path) -> None:
    again = run("new", "To do", cwd=scaffold.parent)
    assert again.returncode == 1
    assert "not empty" in again.stderr
    assert run("new", "../evil").returncode == 1


def test_serve_answers_and_keeps_threads_in_the_database(scaffold: Path, tmp_path: Path) -> None:
    (tmp_path / "who.py").write_text("def who(request):\n    return request.headers.get('x-user')\n")
    (tmp_path / "app.py").write_text((scaffold / "app.py").read_text())
    (tmp_path / "widgets").mkdir()
    (tmp_path / "widgets" / "todo.widget").write_text((scaffold / "widgets" / "todo.widget").read_text())
    with running("serve", "app:Server", "--auth", "who:who", "--port", "0", "--metrics", cwd=tmp_path) as (
        address,
        process,
    ):
        assert get(f"{address}/chatkit/readyz") == (200, b'{"status": "ready"}')
        status, body = post(f"{address}/chatkit", CREATE, **{"x-user": "ann"})
        assert status == 200
        assert b"Bread" in body
        assert post(f"{address}/chatkit", CREATE)[0] == 401
        mine = post(f"{address}/chatkit", {"type": "threads.list", "params": {}}, **{"x-user": "ann"})[1]
        theirs = post(f"{address}/chatkit", {"type": "threads.list", "params": {}}, **{"x-user": "bob"})[1]
        assert (len(json.loads(mine)["data"]), json.loads(theirs)["data"]) == (1, [])
        assert b"chatkit_requests_total" in get(f"{address}/chatkit/metrics")[1]
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) in (0, -signal.SIGTERM)
    with sqlite3.connect(tmp_path / "chatkit.db") as database:
        assert database.execute("SELECT count(*) FROM chatkit_threads").fetchone() == (1,)
        assert database.execute("SELECT state FROM chatkit_runs").fetchone() == ("done",)
    database.close()


def test_a_server_class_gets_what_its_constructor_takes(tmp_path: Path) -> None:
    (tmp_path / "plain.py").write_text(
        "from app import Server\n"
        "class Plain(Server):\n"
        "    def __init__(self, store): super().__init__(store)\n"
    )
    assert run("new", "x", "--folder", ".", cwd=tmp_path).returncode == 1
    assert run("new", "x", "--folder", "app", cwd=tmp_path).returncode == 0
    (tmp_path / "plain.py").rename(tmp_path / "app" / "plain.py")
    with running("serve", "plain:Plain", "--open", "--port", "0", cwd=tmp_path / "app") as (address, _):
        assert get(f"{address}/chatkit/readyz")[0] == 200
        assert b"Bread" in post(f"{address}/chatkit", CREATE)[1]
    assert not (tmp_path / "app" / "uploads").exists()


def test_serve_shows_the_chat_at_the_root_where_only_this_machine_sees_it(tmp_path: Path) -> None:
    readme = Path(__file__).parents[2].joinpath("README.md").read_text()
    found = re.search(r"```python\n(.*?)```", readme, re.DOTALL)
    assert found is not None
    (tmp_path / "hello.py").write_text(found[1])
    with running("serve", "hello:app", "--port", "0", cwd=tmp_path) as (address, _):
        status, page = get(f"{address}/")
        assert status == 200
        script = re.search(r'<script src="([^"]+)"', page.decode())
        assert script is not None
        assert get(address + script[1])[0] == 200
        assert b'url: "/chatkit"' in page
        status, body = post(f"{address}/chatkit", CREATE)
        assert status == 200
        assert b'"Wave back"' in body
    with running("serve", "hello:app", "--port", "0", "--proxy-headers", cwd=tmp_path) as (address, _):
        assert get(f"{address}/")[0] == 404


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["app"], "MODULE:NAME"),
        (["nowhere:app"], "no module nowhere"),
        (["app:nothing"], "app has no nothing"),
        (["app:Servr"], "Did you mean Server?"),
        (["app:ticked"], "cannot be called as an ASGI app"),
        (["app:Server", "--auth", "app:HERE"], "app:HERE is no function"),
        (["app:Server", "--open", "--database", "sqlite://chat.db"], "write sqlite:///chat.db"),
        (["app:Server", "--open", "--database", "postgresql://u@h/d?sslmod=x"], "an option 'sslmod'"),
        (["app:Server", "--open", "--database", "postgresql://u:p#w@h:x/d"], "postgresql://… cannot be read"),
        (["app:Server", "--open", "--stream-log", "redis://h:x"], "Port could not be cast"),
        (["app:Server"], "--auth"),
        (["app:HERE", "--open"], "neither a ChatKitServer nor an ASGI app"),
        (["needy:Needy", "--open"], "wants more than a store: model"),
        (["app:Server", "--open", "--workers", "2", "--stream-log", "memory"], "cannot share"),
        (["app:Server", "--open", "--port", "70000"], "port"),
    ],
)
def test_serve_says_what_is_wrong_before_it_starts(scaffold: Path, arguments: list[str], told: str) -> None:
    (scaffold / "needy.py").write_text(
        "from chatkit.server import ChatKitServer\n"
        "class Needy(ChatKitServer):\n"
        "    def __init__(self, store, model): super().__init__(store)\n"
    )
    shown = run("serve", *arguments, cwd=scaffold)
    assert shown.returncode == 1, shown.stdout
    assert told in shown.stderr
    assert "Traceback" not in shown.stderr


def test_a_port_that_is_taken_is_said_plainly(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        shown = run("demo", "--port", str(taken.getsockname()[1]), cwd=tmp_path)
    assert shown.returncode == 1
    assert "is taken" in shown.stderr or "not built" in shown.stderr
    assert "Traceback" not in shown.stderr


# Databases


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("database") / "chat.db"
    lines = [
        {
            "kind": "thread",
            "owner": "ann",
            "thread": {"id": "thr_1", "title": "Cheese", "created_at": "2026-01-02T03:04:05Z"},
        },
        {
            "kind": "item",
            "owner": "ann",
            "thread_id": "thr_1",
            "item": {
                "id": "msg_1",
                "thread_id": "thr_1",
                "created_at": "2026-01-02T03:04:06Z",
                "type": "user_message",
                "content": [{"type": "input_text", "text": "Which one?"}],
                "attachments": [],
                "inference_options": {},
            },
        },
        {"kind": "thread", "owner": "bob", "thread": {"id": "thr_2", "created_at": "2026-01-02T03:04:05Z"}},
    ]
    (path.parent / "in.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    shown = run("import", str(path.parent / "in.jsonl"), "--database", str(path))
    assert shown.returncode == 0, shown.stderr
    assert "2 threads, 1 items" in shown.stderr
    return path


def test_threads_are_exported_as_lines_and_as_markdown(database: Path, tmp_path: Path) -> None:
    shown = run("export", "--database", str(database))
    records = [json.loads(line) for line in shown.stdout.splitlines()]
    assert [record["kind"] for record in records] == ["thread", "item", "thread"]
    written = tmp_path / "out.md"
    assert (
        run(
            "export",
            "--database",
            str(database),
            "--owner",
            "ann",
            "--format",
            "markdown",
            "-o",
            str(written),
        ).returncode
        == 0
    )
    assert written.read_text().startswith("# Cheese\n")
    assert "**You**\n\nWhich one?" in written.read_text()


def test_a_bad_line_of_an_import_is_named_and_nothing_is_kept(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text(
        '{"kind":"thread","thread":{"id":"thr_1","created_at":"2026-01-02T03:04:05Z"}}\nnonsense\n'
    )
    shown = run("import", str(tmp_path / "in.jsonl"), "--database", str(tmp_path / "new.db"))
    assert shown.returncode == 1
    assert "in.jsonl:2" in shown.stderr
    assert not (tmp_path / "new.db").exists()


def test_what_comes_through_a_pipe_is_read_through_before_anything_is_written(tmp_path: Path) -> None:
    def line(number: int) -> str:
        thread = {"id": f"thr_{number}", "created_at": "2026-01-02T03:04:05Z"}
        return json.dumps({"kind": "thread", "owner": "ann", "thread": thread})

    def piped(text: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "chatkit", "import", "-", "--database", "new.db"]
        return subprocess.run(
            command, cwd=tmp_path, input=text, capture_output=True, text=True, timeout=60, check=False
        )

    lines = [line(number) for number in range(2300)]
    shown = piped("\n".join([*lines, "nonsense"]))
    assert (shown.returncode, "-:2301: This is not JSON" in shown.stderr) == (1, True), shown.stderr
    assert not (tmp_path / "new.db").exists()
    assert "2300 threads" in piped("\n".join(lines)).stderr


def test_migrate_tells_where_the_tables_are(database: Path, tmp_path: Path) -> None:
    assert "newest version" in run("migrate", "--database", str(database)).stdout
    behind = run("migrate", "--check", "--database", str(tmp_path / "empty.db"))
    assert behind.returncode == 1
    assert "chatkit migrate" in behind.stderr


def test_backup_copies_and_erase_forgets_for_good(database: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    assert run("backup", str(copy), "--database", str(database)).returncode == 0
    assert "exists" in run("backup", str(copy), "--database", str(database)).stderr
    refused = run("erase", "--database", str(copy))
    assert refused.returncode == 1
    assert "--owner" in refused.stderr
    assert run("erase", "--owner", "ann", "--yes", "--database", str(copy)).returncode == 0
    left = [json.loads(line)["owner"] for line in run("export", "--database", str(copy)).stdout.splitlines()]
    assert left == ["bob"]


def test_a_database_that_is_not_there_is_not_made_by_reading_it(tmp_path: Path) -> None:
    for verb in (["export"], ["erase", "--owner", "x", "--yes"], ["backup", "copy.db"]):
        shown = run(*verb, "--database", str(tmp_path / "typo.db"), cwd=tmp_path)
        assert shown.returncode == 1
        assert "There is no database" in shown.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_missing_extra_says_the_install_line(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "import importlib.util as u\n"
        "find = u.find_spec\n"
        "u.find_spec = lambda name, *rest: None if name.split('.')[0] in ('typer', 'sqlalchemy') else find(name, *rest)\n"
        "from chatkit._extras import require\n"
        "try:\n    require('server', 'sqlalchemy', purpose='x')\nexcept ImportError as error:\n    print(error)\n"
        "import chatkit._extras\nchatkit._extras.find_spec = u.find_spec\n"
        "from chatkit.cli import main\nmain()\n"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, timeout=60
    )
    assert shown.returncode == 1
    assert "pip install 'chatkit-selfhost[server]'" in shown.stderr
    assert "Traceback" not in shown.stderr
