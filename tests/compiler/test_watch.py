"""`chatkit widget watch`, as the process that an author leaves running."""

from __future__ import annotations

import json
import os
import queue
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

LIMIT = 60


class Watcher:
    """The running command, and what it has said."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "chatkit", "widget", "watch", str(folder)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONIOENCODING": "utf-8"},
            # A shell starts its background jobs deaf to Ctrl-C, and that is inherited.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        self._lines: queue.Queue[str | None] = queue.Queue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line.rstrip("\n"))
        self._lines.put(None)

    def until(self, pattern: str) -> list[str]:
        """The lines up to the first one with a match."""
        heard: list[str] = []
        while True:
            line = self._lines.get(timeout=LIMIT)
            assert line is not None, f"it ended after {heard}"
            heard.append(line)
            if re.search(pattern, line):
                return heard

    def end(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        try:
            return self.process.wait(LIMIT)
        finally:
            self.process.kill()
            self._reader.join()
            assert self.process.stdout is not None
            self.process.stdout.close()

    def rest(self) -> list[str]:
        return [line for line in self._lines.queue if line is not None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "list.tsx").write_text("<Card><Text value={title} /></Card>")
    (tmp_path / "list.data.json").write_text('{"title": "T"}')
    (tmp_path / "other.tsx").write_text("<Card><Spacer /></Card>")
    return tmp_path


@pytest.fixture
def watcher(folder: Path) -> Iterator[Watcher]:
    started = Watcher(folder)
    yield started
    started.end()


@pytest.mark.slow
def test_a_saved_source_builds_its_widget_anew_until_ctrl_c(folder: Path, watcher: Watcher) -> None:
    watcher.until("watching")
    built = json.loads((folder / "list.widget").read_text("utf-8"))
    assert '"Text"' in built["template"]
    (folder / "list.tsx").write_text("<Card><Title value={title} /></Card>")
    heard = watcher.until(r"✓ .*list\.widget$")
    assert not any("other.widget" in line for line in heard)
    assert '"Title"' in json.loads((folder / "list.widget").read_text("utf-8"))["template"]

    (folder / "list.data.json").write_text('{"title": "Changed"}')
    watcher.until(r"✓ .*list\.widget$")
    preview = json.loads((folder / "list.widget").read_text("utf-8"))["outputJsonPreview"]
    assert "Changed" in json.dumps(preview)

    before = (folder / "list.widget").read_bytes()
    (folder / "list.tsx").write_text("<Card><Titel value={title} /></Card>")
    watcher.until("CK401")
    assert (folder / "list.widget").read_bytes() == before
    assert watcher.end() == 0
    assert not any("Interrupt" in line or "Aborted" in line for line in watcher.rest())
