"""The first start on a machine that lacks something: one clear line with the cure, and no traceback."""

from __future__ import annotations

import os
import shutil
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = ("bash", "make", "cut", "env", "test", "touch", "grep", "awk", "find", "sh", "echo", "dirname", "cat")
"""What the Makefile and its script call, beside Python and Node."""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A fresh checkout, as far as the first steps look at it."""
    place = tmp_path / "checkout"
    (place / "web").mkdir(parents=True)
    (place / "scripts").mkdir()
    for name in (
        "Makefile",
        "pyproject.toml",
        "constraints.txt",
        "requirements-dev.txt",
        "scripts/preflight.sh",
    ):
        shutil.copy(ROOT / name, place / name)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(ROOT / "web" / name, place / "web" / name)
    return place


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A folder that is the whole PATH: the usual tools, and no Python and no Node."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        if found is not None:
            (folder / tool).symlink_to(found)
    return folder


def _program(path: Path, name: str, script: str) -> None:
    program = path / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)


def _run(path: Path, *command: str, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    keep = {"HOME": str(cwd), "LANG": "C.UTF-8"}
    return subprocess.run(
        command,
        cwd=cwd,
        env={**keep, **environment, "PATH": str(path)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def _says(ran: subprocess.CompletedProcess[str], what: str, cure: str) -> None:
    said = ran.stdout + ran.stderr
    assert ran.returncode != 0
    assert what in said
    assert cure in said
    assert "Traceback" not in said
    assert "syntax error" not in said


def _closed_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


OLD_PYTHON = 'case "$1" in -V) echo "Python 3.9.2";; *) exit 1;; esac'
NO_VENV = 'case "$2" in *ensurepip*) echo "No module named ensurepip" >&2; exit 1;; *) exit 0;; esac'
OLD_NODE = 'case "$1" in -v) echo v16.20.2;; *) echo 16;; esac'


def test_make_demo_says_that_python_is_missing(checkout: Path, path: Path) -> None:
    _says(_run(path, "make", "demo", cwd=checkout), "Python was not found.", "Install Python 3.11 or newer")


def test_make_demo_says_that_python_is_too_old(checkout: Path, path: Path) -> None:
    _program(path, "python3", OLD_PYTHON)
    ran = _run(path, "make", "demo", cwd=checkout)
    _says(ran, "Python 3.9.2 is too old.", "Install Python 3.11 or newer")


def test_make_demo_says_that_python_does_not_run(checkout: Path, path: Path) -> None:
    _program(path, "python3", "exit 127")
    _says(_run(path, "make", "demo", cwd=checkout), "Python was found but does not run.", "python3 -V")


def test_make_demo_says_that_python_has_no_venv(checkout: Path, path: Path) -> None:
    _program(path, "python3", NO_VENV)
    _says(_run(path, "make", "demo", cwd=checkout), "Python has no venv module.", "python3-venv")


def test_make_demo_says_that_node_is_missing_or_too_old(checkout: Path, path: Path) -> None:
    (checkout / ".venv").mkdir()
    (checkout / ".venv" / ".ready").touch()
    ran = _run(path, "make", "demo", cwd=checkout)
    _says(ran, "Node.js with npm was not found.", "Install Node.js 20 or newer")
    _program(path, "npm", "exit 0")
    _program(path, "node", OLD_NODE)
    ran = _run(path, "make", "demo", cwd=checkout)
    _says(ran, "Node.js v16.20.2 is too old.", "Install Node.js 20 or newer")


@pytest.mark.slow
def test_make_demo_says_that_there_is_no_network_for_python_packages(checkout: Path, path: Path) -> None:
    real = Path(sys.base_prefix) / "bin" / "python3"
    _program(path, "python3", f'exec "{real}" "$@"')
    closed = f"http://127.0.0.1:{_closed_port()}/simple"
    ran = _run(
        path,
        "make",
        "demo",
        cwd=checkout,
        PIP_INDEX_URL=closed,
        PIP_EXTRA_INDEX_URL="",
        PIP_CONFIG_FILE=os.devnull,
        PIP_RETRIES="0",
        PIP_NO_CACHE_DIR="1",
    )
    _says(ran, "The packages could not be installed.", "check the network")
    assert not (checkout / ".venv" / ".ready").exists()


@pytest.mark.slow
def test_make_demo_says_that_there_is_no_network_for_web_packages(checkout: Path, path: Path) -> None:
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        pytest.skip("Node.js is not installed")
    (checkout / ".venv").mkdir()
    (checkout / ".venv" / ".ready").touch()
    (path / "npm").symlink_to(npm)
    (path / "node").symlink_to(node)
    ran = _run(
        path,
        "make",
        "demo",
        cwd=checkout,
        npm_config_registry=f"http://127.0.0.1:{_closed_port()}/",
        npm_config_fetch_retries="0",
        npm_config_cache=str(checkout / "cache"),
        npm_config_userconfig=os.devnull,
    )
    _says(ran, "The packages could not be installed.", "check the network")
    assert not (checkout / "web" / "node_modules" / ".ready").exists()
