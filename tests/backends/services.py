"""Real engines on free ports of 127.0.0.1, for the tests that need one."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

__all__ = ["Redis", "free_port", "postgres", "redis"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Redis:
    """A redis-server that can be killed and started again with its data."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        program = shutil.which("redis-server")
        if program is None:
            pytest.skip("redis-server is not installed")
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self._folder)]
        options += ["--appendonly", "yes", "--appendfsync", "always", "--save", ""]
        self._process = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL)
        _wait_for(self.port, _has_loaded)

    def kill(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait(10)
            self._process = None


@contextmanager
def redis() -> Iterator[Redis]:
    with tempfile.TemporaryDirectory() as folder:
        server = Redis(Path(folder))
        server.start()
        try:
            yield server
        finally:
            server.kill()


@contextmanager
def postgres() -> Iterator[tuple[str, Path]]:
    """The address of a fresh cluster, and its folder for :func:`restart`."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not programs:
        pytest.skip("PostgreSQL is not installed")
    here = programs[-1].parent
    folder = Path(tempfile.mkdtemp(prefix="chatkit-postgres-"))
    port = free_port()
    if os.geteuid() == 0:
        who = pwd.getpwnam("postgres")
        os.chown(folder, who.pw_uid, who.pw_gid)
    data = folder / "data"
    _as_postgres(
        str(here / "initdb"), "-D", str(data), "-A", "trust", "-U", "chatkit", "--no-sync", "-E", "UTF8"
    )
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
    control = [str(here / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log")]
    _as_postgres(*control, "-o", options, "start")
    try:
        yield f"postgresql://chatkit@127.0.0.1:{port}/postgres", data
    finally:
        _as_postgres(*control, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def restart_postgres(data: Path) -> None:
    here = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))[-1].parent
    log = data.parent / "log"
    _as_postgres(str(here / "pg_ctl"), "-D", str(data), "-w", "-m", "immediate", "-l", str(log), "restart")


def _as_postgres(*command: str) -> None:
    prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    subprocess.run([*prefix, *command], check=True, stdout=subprocess.DEVNULL, cwd="/")


def _wait_for(port: int, ready: Callable[[socket.socket], bool] = lambda _line: True) -> None:
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        try:
            with socket.create_connection(("127.0.0.1", port), 1) as line:
                if ready(line):
                    return
        except OSError:
            continue
    raise TimeoutError(f"Nothing is ready on port {port} after 15 s.")


def _has_loaded(line: socket.socket) -> bool:
    """Whether this Redis answers; while it reads its data it says so instead."""
    line.sendall(b"PING\r\n")
    return line.recv(64).startswith(b"+PONG")
