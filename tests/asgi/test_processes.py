"""What happens to an answer when processes and lines break, with real processes, sockets, databases and signals."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from parrot_app import frames, message, request

sys.path.insert(0, str(Path(__file__).parent.parent / "backends"))
from services import postgres, redis

pytestmark = pytest.mark.slow

WORDS = "one two three four five"


class Worker:
    """A server process."""

    def __init__(self, folder: Path, database: str, redis_url: str | None = None) -> None:
        environment = {
            **os.environ,
            "SLOW_FOLDER": str(folder),
            "SLOW_DATABASE": database,
            "PYTHONPATH": str(Path(__file__).parent),
            "PYTHONUNBUFFERED": "1",
        }
        if redis_url:
            environment["SLOW_REDIS"] = redis_url
        command = [sys.executable, "-m", "chatkit", "serve", "slow_app:app", "--port", "0"]
        self.process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        found = re.search(r"http://\S+", self.process.stdout.readline())
        assert found
        self.url = f"{found[0].rstrip('/')}/chatkit"
        self.http = httpx.Client(transport=httpx.HTTPTransport(retries=30), timeout=30)

    def ready(self) -> None:
        assert self.http.get(f"{self.url}/readyz").status_code == 200

    def post(self, name: str, /, **params: Any) -> httpx.Response:
        return self.http.post(self.url, content=request(name, **params))

    def thread(self, thread_id: str) -> dict[str, Any]:
        return self.post("threads.get_by_id", thread_id=thread_id).json()

    def end(self, how: signal.Signals = signal.SIGKILL) -> int:
        if self.process.poll() is None:
            self.process.send_signal(how)
        code = self.process.wait(30)
        if self.process.stdout is not None:
            self.process.stdout.close()
        self.http.close()
        return code


class Reader:
    """Reads a stream in a thread, until it ends or breaks."""

    def __init__(self, worker: Worker, name: str, /, **params: Any) -> None:
        self._worker, self._body = worker, request(name, **params)
        self._seen = b""
        self._changed = threading.Condition()
        self.ended = False
        self._leave = False
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        try:
            with (
                httpx.Client(timeout=30) as http,
                http.stream("POST", self._worker.url, content=self._body) as answer,
            ):
                for chunk in answer.iter_raw():
                    with self._changed:
                        self._seen += chunk
                        self._changed.notify_all()
                    if self._leave:
                        return
        except httpx.HTTPError:
            pass
        finally:
            with self._changed:
                self.ended = True
                self._changed.notify_all()

    @property
    def frames(self) -> list[tuple[str, dict[str, Any]]]:
        whole = self._seen[: self._seen.rfind(b"\n\n") + 2]
        return frames(whole)

    @property
    def said(self) -> str:
        updates = [event["update"] for _, event in self.frames if event["type"] == "thread.item.updated"]
        return "".join(update.get("delta", "") for update in updates)

    def until(self, true: Any) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: true(self), 30), (self.said, self._seen[-2000:])

    def finish(self) -> list[tuple[str, dict[str, Any]]]:
        self._thread.join(30)
        assert not self._thread.is_alive()
        return self.frames


@contextmanager
def _workers(count: int, folder: Path, database: str, redis_url: str | None = None) -> Iterator[list[Worker]]:
    with ExitStack() as stack:
        workers: list[Worker] = []
        for _ in range(count):
            worker = Worker(folder, database, redis_url)
            stack.callback(worker.end)
            workers.append(worker)
        for worker in workers:
            worker.ready()
        yield workers


def _allow(folder: Path, *numbers: int) -> None:
    for n in numbers:
        (folder / str(n)).touch()


def _begin(worker: Worker, folder: Path) -> tuple[Reader, str]:
    """An answer of which two words are said."""
    _allow(folder, 0, 1)
    reader = Reader(worker, "threads.create", input=message(WORDS))
    reader.until(lambda r: "two" in r.said)
    return reader, reader.frames[0][1]["thread"]["id"]


def _numbers(found: list[tuple[str, dict[str, Any]]]) -> list[int]:
    return [int(frame_id.rpartition(":")[2]) for frame_id, _ in found]


def _texts(thread: dict[str, Any]) -> list[str]:
    return [
        item["content"][0]["text"] for item in thread["items"]["data"] if item["type"] == "assistant_message"
    ]


@pytest.fixture(params=["sqlite", pytest.param("postgres+redis", marks=pytest.mark.service)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Path, str, str | None]]:
    if request.param == "sqlite":
        yield tmp_path, f"sqlite:///{tmp_path}/chat.db", None
        return
    with postgres() as (url, _), redis() as server:
        yield tmp_path, url, server.url


def test_a_second_reader_of_another_worker_sees_the_same_answer_to_its_end(
    place: tuple[Path, str, str | None],
) -> None:
    folder = place[0]
    with _workers(2, *place) as (first, second):
        reader, thread_id = _begin(first, folder)
        other = Reader(second, "threads.resume", thread_id=thread_id)
        other.until(lambda r: "two" in r.said)
        _allow(folder, 2, 3, 4)
        ours, theirs = reader.finish(), other.finish()
        assert ours[-1][1]["item"]["content"][0]["text"] == WORDS
        assert [f for f in theirs if f[0].startswith("run_")][-1] == ours[-1]
        assert _numbers(ours) == list(range(1, len(ours) + 1))
        assert _numbers(theirs) == list(range(1, len(theirs) + 1))


def test_stop_pressed_at_another_worker_keeps_what_was_written(place: tuple[Path, str, str | None]) -> None:
    folder = place[0]
    with _workers(2, *place) as (first, second):
        reader, thread_id = _begin(first, folder)
        began = time.monotonic()
        for _ in range(2):  # twice is as good as once
            assert second.post("threads.stop", thread_id=thread_id).json() == {}
        reader.finish()
        assert time.monotonic() - began < 3
        thread = second.thread(thread_id)
        assert _texts(thread) == ["one two "]
        assert "run" not in thread


def test_after_kill_9_the_thread_shows_what_was_said_and_takes_messages(
    place: tuple[Path, str, str | None],
) -> None:
    folder, database, redis_url = place
    with _workers(1, folder, database, redis_url) as (dead,):
        reader, thread_id = _begin(dead, folder)
        dead.end(signal.SIGKILL)
        seen = reader.finish()
    with _workers(1, folder, database, redis_url) as (alive,):
        began = time.monotonic()
        resumed = Reader(alive, "threads.resume", thread_id=thread_id, after=seen[-1][0]).finish()
        assert time.monotonic() - began < 15
        assert _numbers(resumed) == list(range(_numbers(seen)[-1] + 1, _numbers(seen)[-1] + 1 + len(resumed)))
        errors = [event for _, event in resumed if event["type"] == "error"]
        assert [(error["code"], error["allow_retry"]) for error in errors] == [("run.interrupted", True)]
        thread = alive.thread(thread_id)
        assert _texts(thread) == ["one two "]
        # A page that is opened only now still learns that the answer was cut short, and offers to try again.
        later = Reader(
            alive, "threads.resume", thread_id=thread_id, after=f"{thread['run']['id']}:0"
        ).finish()
        assert [event["code"] for _, event in later if event["type"] == "error"] == ["run.interrupted"]
        _allow(folder, 2, 3, 4)
        answer = alive.post("threads.add_user_message", thread_id=thread_id, input=message("again"))
        assert frames(answer.content)[-1][1]["item"]["content"][0]["text"] == "again"
        assert "run" not in alive.thread(thread_id)


def test_a_worker_that_is_told_to_stop_lets_its_answer_end(place: tuple[Path, str, str | None]) -> None:
    folder = place[0]
    with _workers(2, *place) as (old, new):
        reader, thread_id = _begin(old, folder)
        old.process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + 10
        while True:  # the old one says that it goes, or has stopped listening
            try:
                if httpx.get(f"{old.url}/readyz", timeout=5).status_code == 503:
                    break
            except httpx.HTTPError:
                break
            assert time.monotonic() < deadline
        assert json.loads(new.http.get(f"{new.url}/readyz").content) == {"status": "ready"}
        _allow(folder, 2, 3, 4)
        ended = reader.finish()
        assert ended[-1][1]["item"]["content"][0]["text"] == WORDS
        assert old.process.wait(15) in (0, -signal.SIGTERM)
        assert _texts(new.thread(thread_id)) == [WORDS]
