"""200 MB over a real socket, by both ways in and out again: the server's memory stays small."""

import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from parrot_app import request

pytestmark = pytest.mark.slow

SIZE = 200 * 1024 * 1024
MOST = 64 * 1024 * 1024
APP = """
from chatkit.asgi import ChatKitApp
from chatkit.backends.files import FileAttachmentStore, UploadLimits
from chatkit.backends.sql import SQLStore
from chatkit.server import ChatKitServer

class Server(ChatKitServer):
    async def respond(self, thread, input_user_message, context):
        return
        yield

files = FileAttachmentStore("files", limits=UploadLimits(max_bytes={"*": 210 * 1024 * 1024}))
app = ChatKitApp(Server(SQLStore("chat.db"), files), auth="open")
"""
PIECE = bytes(range(256)) * 1024


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    (tmp_path / "large_app.py").write_text(APP)
    # Starlette keeps a form's file in a temporary file: it is to be seen on disk and not in memory.
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "TMPDIR": str(tmp_path)}
    command = [sys.executable, "-m", "chatkit", "serve", "large_app:app", "--port", "0"]
    process = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    found = re.search(r"http://\S+", process.stdout.readline())
    assert found
    yield f"{found[0].rstrip('/')}/chatkit", process
    process.terminate()
    process.wait(20)
    process.stdout.close()


def _pieces() -> Iterator[bytes]:
    for _ in range(SIZE // len(PIECE)):
        yield PIECE


def _form() -> Iterator[bytes]:
    yield (
        b'--b\r\ncontent-disposition: form-data; name="file"; filename="big.bin"\r\n'
        b"content-type: application/octet-stream\r\n\r\n"
    )
    yield from _pieces()
    yield b"\r\n--b--\r\n"


def _memory(process: subprocess.Popen[str], which: str) -> int:
    lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(which)) * 1024


def test_a_file_of_200_mb_costs_little_memory_whichever_way_it_goes(
    server: tuple[str, subprocess.Popen[str]],
) -> None:
    url, process = server
    with httpx.Client(transport=httpx.HTTPTransport(retries=30), timeout=120) as http:
        asked = request("attachments.create", name="s.bin", size=10, mime_type="application/octet-stream")
        small = http.post(url, content=asked).json()["upload_descriptor"]
        assert http.put(small["url"], content=b"0123456789").status_code == 200
        if not Path(f"/proc/{process.pid}/status").exists():
            pytest.skip("memory is read from /proc")
        before = _memory(process, "VmRSS")

        asked = request("attachments.create", name="b.bin", size=SIZE, mime_type="application/octet-stream")
        attachment = http.post(url, content=asked).json()
        sent = http.put(attachment["upload_descriptor"]["url"], content=_pieces())
        assert sent.status_code == 200, sent.text

        headers = {"content-type": "multipart/form-data; boundary=b"}
        direct = http.post(f"{url}/attachments", content=_form(), headers=headers)
        assert direct.status_code == 200, direct.text

        assert _memory(process, "VmHWM") - before < MOST
    stored = list((Path(f"/proc/{process.pid}/cwd").resolve() / "files").glob("files/*/content"))
    sizes = sorted(path.stat().st_size for path in stored)
    assert sizes == [10, SIZE, SIZE]
    expected = hashlib.sha256()
    for piece in _pieces():
        expected.update(piece)
    for path in stored:
        if path.stat().st_size == SIZE:
            with path.open("rb") as file:
                assert hashlib.file_digest(file, "sha256").digest() == expected.digest()
