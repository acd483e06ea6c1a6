"""What `chatkit widget types` writes, as type checkers see it: right data passes, wrong data is refused."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from chatkit._cli import widget as verb

ROOT = Path(__file__).resolve().parents[2]
PYRIGHT = ROOT / "web" / "node_modules" / ".bin" / "pyright"
SCHEMA = """import { z } from "zod"
const Item = z.strictObject({ id: z.string(), kind: z.enum(["a", "b"]), "due-at": z.string().optional() })
export default z.strictObject({ title: z.string(), items: z.array(Item), note: z.string().optional() })
"""
VIEW = "<Card><Title value={title} />{items.map((item) => <Text key={item.id} value={item.kind} />)}</Card>"
USE = """from todo_widget import Item, TodoData, build

good = TodoData(title="T", items=[Item(id="1", kind="a"), Item(id="2", kind="b", due_at="now")])
build(good)
build(TodoData(title="T", items=[], note=None))
"""
WRONG = {
    "a value of another type": "TodoData(title=1, items=[])",
    "a missing value": 'TodoData(title="T")',
    "a name that is not there": 'TodoData(title="T", items=[], nope=1)',
    "a value outside an enumeration": 'Item(id="1", kind="c")',
    "something else than the model": 'build({"title": "T", "items": []})',
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with a widget, and the module that the command writes for it."""
    (tmp_path / "todo.tsx").write_text(VIEW)
    (tmp_path / "todo.schema.ts").write_text(SCHEMA)
    (tmp_path / "todo.data.json").write_text('{"title": "T", "items": []}')
    cli = typer.Typer()
    verb.register(cli)
    for command in ("build", "types"):
        done = CliRunner().invoke(cli, ["widget", command, str(tmp_path / "todo.tsx")])
        assert done.exit_code == 0, done.output
    wrong = [f"{line}  # {why}" for why, line in WRONG.items()]
    (tmp_path / "wrong.py").write_text(
        "from todo_widget import Item, TodoData, build\n\n" + "\n".join(wrong) + "\n"
    )
    (tmp_path / "right.py").write_text(USE)
    return tmp_path


def _wrong_lines() -> set[int]:
    return set(range(3, 3 + len(WRONG)))


def test_the_module_runs_as_it_is_typed(project: Path) -> None:
    done = subprocess.run(
        [sys.executable, "right.py"], cwd=project, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
@pytest.mark.skipif(not PYRIGHT.exists(), reason="pyright is not installed in web/node_modules")
@pytest.mark.skipif(shutil.which("node") is None, reason="pyright needs Node")
def test_pyright_strict_takes_right_data_and_refuses_wrong_data(project: Path) -> None:
    (project / "pyrightconfig.json").write_text('{"typeCheckingMode": "strict"}')
    done = subprocess.run(
        [str(PYRIGHT), "--pythonpath", sys.executable, "--outputjson"],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    told = json.loads(done.stdout)["generalDiagnostics"]
    found = {(Path(one["file"]).name, one["range"]["start"]["line"] + 1) for one in told}
    assert found == {("wrong.py", line) for line in _wrong_lines()}, told


@pytest.mark.slow
def test_mypy_strict_takes_right_data_and_refuses_wrong_data(project: Path) -> None:
    pytest.importorskip("mypy", reason="mypy is not installed")
    files = ["right.py", "wrong.py", "todo_widget.py"]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "--hide-error-context", *files],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    errors = [line for line in done.stdout.splitlines() if ": error: " in line]
    found = {(line.split(":")[0], int(line.split(":")[1])) for line in errors}
    assert found == {("wrong.py", line) for line in _wrong_lines()}, done.stdout + done.stderr
