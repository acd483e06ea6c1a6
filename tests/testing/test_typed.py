"""A user's first test is short, needs no network, and is typed for both checkers."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLES = [ROOT / "docs_src" / "first_test.py", ROOT / "docs_src" / "hello_app.py"]
TYPED = [*EXAMPLES, ROOT / "tests" / "conformance" / "imported_names.py"]


def test_the_first_test_is_ten_lines() -> None:
    lines = [line for line in EXAMPLES[0].read_text().splitlines() if line.strip()]
    assert len(lines) <= 10


@pytest.mark.slow
def test_the_first_test_passes() -> None:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-o",
        "asyncio_mode=auto",
        str(EXAMPLES[0]),
    ]
    environment = {**os.environ, "PYTHONPATH": str(EXAMPLES[0].parent)}
    ran = subprocess.run(
        command, capture_output=True, text=True, cwd=ROOT, env=environment, check=False, timeout=60
    )
    assert ran.returncode == 0, ran.stdout


@pytest.mark.slow
def test_mypy_strict_accepts_it() -> None:
    command = [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent", *map(str, TYPED)]
    environment = {**os.environ, "MYPYPATH": str(EXAMPLES[0].parent)}
    ran = subprocess.run(
        command, capture_output=True, text=True, cwd=ROOT, env=environment, check=False, timeout=170
    )
    assert ran.returncode == 0, ran.stdout


@pytest.mark.slow
def test_pyright_accepts_it() -> None:
    pyright = ROOT / "web" / "node_modules" / ".bin" / "pyright"
    if not pyright.exists():
        pytest.skip("pyright is not installed: run `npm ci` in web/")
    ran = subprocess.run(
        [str(pyright), *map(str, TYPED)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
        timeout=170,
    )
    assert ran.returncode == 0, ran.stdout
