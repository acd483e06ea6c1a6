"""The server asks nobody anything: all it looks up or connects to, through every scene of the demo, is this machine."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from chatkit.demo.scenes import SCENES

SCRIPT = Path(__file__).parent / "watched_demo.py"
SECRETS = ("OPENAI_API_KEY", "OPENAI_BASE_URL")
UNIX = re.compile(r"family=(1|AddressFamily\.AF_UNIX)\b")
LOOPBACK = re.compile(r"'(127\.0\.0\.1|::1|localhost)'|b'(127\.0\.0\.1|localhost)'")


@pytest.fixture
def calls(tmp_path: Path) -> Path:
    return tmp_path / "calls.jsonl"


@pytest.fixture
def demo(tmp_path: Path, calls: Path) -> Iterator[httpx.Client]:
    environment = {name: value for name, value in os.environ.items() if name not in SECRETS}
    running = subprocess.Popen(
        [sys.executable, str(SCRIPT), str(tmp_path / "demo"), str(calls)],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    assert running.stdout is not None
    try:
        port = int(running.stdout.readline())
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            yield client
    finally:
        running.terminate()
        running.wait(30)
        running.stdout.close()


def _events(client: httpx.Client, kind: str, **params: Any) -> list[Any]:
    answer = client.post("/chatkit", json={"type": kind, "params": params})
    assert answer.status_code == 200, answer.text
    return [json.loads(line[6:]) for line in answer.text.splitlines() if line.startswith("data: ")]


def _written(calls: Path) -> list[Any]:
    return [json.loads(line) for line in calls.read_text().splitlines()]


def _leaves_the_machine(call: Any) -> bool:
    kind, arguments = call
    if kind == "socket.getaddrinfo":
        return not LOOPBACK.search(arguments[0]) and arguments[0] != "None"
    if kind.startswith("socket.gethost"):
        return not LOOPBACK.search(arguments[0])
    return not UNIX.search(arguments[0]) and not LOOPBACK.search(arguments[1])


@pytest.mark.slow
def test_the_demo_asks_no_other_machine(demo: httpx.Client, calls: Path) -> None:
    page = demo.get("/")
    assert page.status_code == 200
    for address in re.findall(r'(?:src|href)="(/[^"]+)"', page.text):
        demo.get(address)
    assert demo.get("/about.json").status_code == 200
    for scene in SCENES:
        content = [{"type": "input_text", "text": scene.prompt}]
        said = {"content": content, "attachments": [], "inference_options": {}}
        events = _events(demo, "threads.create", input=said)
        kinds = [event["type"] for event in events]
        assert kinds[0] == "thread.created"
        thread_id = events[0]["thread"]["id"]
        assert kinds.count("thread.item.done") >= 1
        loaded = demo.post("/chatkit", json={"type": "threads.get_by_id", "params": {"thread_id": thread_id}})
        assert loaded.json()["items"]["data"]
    assert [call for call in _written(calls) if _leaves_the_machine(call)] == []


@pytest.mark.slow
def test_a_call_that_leaves_the_machine_is_written_down(tmp_path: Path, calls: Path) -> None:
    code = f"""
import asyncio, socket, sys
sys.path.insert(0, {str(SCRIPT.parent)!r})
from pathlib import Path
from watched_demo import watch
watch(Path({str(calls)!r}))
plain = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
plain.connect(("127.0.0.1", 9))
socket.getaddrinfo("127.0.0.1", 80)
sys.audit("socket.connect", plain, ("192.0.2.1", 443))
sys.audit("socket.getaddrinfo", "telemetry.example", 443, 0, 0, 0)
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
    found = [call[0] for call in _written(calls) if _leaves_the_machine(call)]
    assert found == ["socket.connect", "socket.getaddrinfo"]
