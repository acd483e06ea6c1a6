"""`chatkit serve` as it is deployed: TLS, behind a proxy, with several workers, with reload, and its end."""

import datetime
import ipaddress
import json
import os
import re
import signal
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

pytestmark = pytest.mark.slow

APP = """
import asyncio, os
from datetime import UTC, datetime
from chatkit.server import ChatKitServer
from chatkit.types import AssistantMessageContent, AssistantMessageItem, ThreadItemDoneEvent


class Server(ChatKitServer):
    async def respond(self, thread, input_user_message, context):
        said = input_user_message.content[0].text
        while said == "wait" and not os.path.exists("go"):
            await asyncio.sleep(0.02)
        text = f"VERSION pid={os.getpid()} from={context['address']} over={context['scheme']}"
        content = [AssistantMessageContent(text=text)]
        yield ThreadItemDoneEvent(item=AssistantMessageItem(
            id=self.store.generate_item_id("message", thread, context), thread_id=thread.id,
            created_at=datetime.now(UTC), content=content))


def who(request):
    return {"user": "ann", "address": request.client.host, "scheme": request.url.scheme}
"""


def _write(folder: Path, version: str = "one") -> None:
    (folder / "app.py").write_text(APP.replace("VERSION", version))


SERVE = [sys.executable, "-m", "chatkit", "serve", "app:Server", "--auth", "app:who", "--port", "0"]


@contextmanager
def serving(folder: Path, *flags: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The endpoint of a server, and its process."""
    command = [*SERVE, *flags]
    env = {**os.environ, "PYTHONUNBUFFERED": "1", "NO_COLOR": "1"}
    process = subprocess.Popen(
        command, cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    found = re.search(r"https?://[\w.:]+", line)
    assert found, line + process.communicate(timeout=20)[0]
    drain = threading.Thread(target=process.stdout.read, daemon=True)
    drain.start()
    try:
        yield f"{found[0]}/chatkit", process
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(40)
        drain.join(5)
        process.stdout.close()


def _create(text: str = "Hi") -> dict[str, Any]:
    content = [{"type": "input_text", "text": text}]
    said = {"content": content, "attachments": [], "inference_options": {}}
    return {"type": "threads.create", "params": {"input": said}}


def _said(answer: httpx.Response) -> str:
    assert answer.status_code == 200, answer.text
    events = [json.loads(line[6:]) for line in answer.text.splitlines() if line.startswith("data: ")]
    items = [event["item"] for event in events if event["type"] == "thread.item.done"]
    return items[-1]["content"][0]["text"]


def _client(**options: Any) -> httpx.Client:
    verify = options.pop("verify", True)
    return httpx.Client(transport=httpx.HTTPTransport(retries=60, verify=verify), timeout=30, **options)


def _until(true: Callable[[], bool]) -> None:
    for _ in range(600):
        if true():
            return
        threading.Event().wait(0.05)
    raise AssertionError("it never came true")


def _certificate(folder: Path) -> tuple[str, str]:
    """A certificate for 127.0.0.1 that vouches for itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return str(folder / "cert.pem"), str(folder / "key.pem")


def test_it_speaks_tls_with_the_certificate_it_is_given(tmp_path: Path) -> None:
    _write(tmp_path)
    certificate, key = _certificate(tmp_path)
    flags = ("--tls-certificate", certificate, "--tls-key", key)
    with (
        serving(tmp_path, *flags) as (url, _),
        _client(verify=ssl.create_default_context(cafile=certificate)) as http,
    ):
        assert url.startswith("https://")
        assert "over=https" in _said(http.post(url, json=_create()))


@pytest.mark.parametrize("flag", [["--tls-certificate", "nowhere.pem"], ["--tls-certificate", "app.py"]])
def test_a_certificate_that_cannot_be_used_is_said_before_it_starts(tmp_path: Path, flag: list[str]) -> None:
    _write(tmp_path)
    command = [*SERVE, *flag]
    shown = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert shown.returncode == 1
    assert flag[1] in shown.stderr
    assert "Traceback" not in shown.stderr


@pytest.mark.parametrize(
    ("trusted", "seen"),
    [("127.0.0.1", "from=203.0.113.9 over=https"), ("10.0.0.1", "from=127.0.0.1 over=http")],
)
def test_the_headers_of_a_proxy_are_believed_when_it_is_trusted(
    tmp_path: Path, trusted: str, seen: str
) -> None:
    _write(tmp_path)
    told = {"x-forwarded-for": "203.0.113.9", "x-forwarded-proto": "https"}
    with (
        serving(tmp_path, "--proxy-headers", "--trusted-proxies", trusted) as (url, _),
        _client(headers=told) as http,
    ):
        assert _said(http.post(url, json=_create())).endswith(seen)


@pytest.mark.parametrize(("proxies", "status"), [("127.0.0.0/8", 200), ("10.0.0.0/8", 401)])
def test_a_person_named_by_a_trusted_proxy_is_known_though_addresses_are_forwarded(
    tmp_path: Path, proxies: str, status: int
) -> None:
    app = APP.replace("VERSION", "one").partition("def who")[0].replace("context['address']", "context.user")
    (tmp_path / "app.py").write_text(
        app.replace(" over={context['scheme']}", "")
        + f"from chatkit.asgi.auth import ProxyHeader\nwho = ProxyHeader('X-User', proxies=['{proxies}'])\n"
    )
    told = {"x-forwarded-for": "10.0.0.9", "x-user": "ann"}
    with serving(tmp_path, "--proxy-headers") as (url, _), _client(headers=told) as http:
        answer = http.post(url, json=_create())
        assert answer.status_code == status
        assert status == 401 or _said(answer).endswith("from=ann")


def test_several_workers_share_threads_and_answers(tmp_path: Path) -> None:
    _write(tmp_path)
    with serving(tmp_path, "--workers", "2") as (url, process):
        threads: set[str] = set()
        workers: set[str] = set()
        while len(workers) < 2:  # each connection is taken by whichever worker is free
            with _client() as http:
                answer = http.post(url, json=_create())
                workers.add(_said(answer).split()[1])
                threads.add(json.loads(answer.text.split("data: ")[1].split("\n")[0])["thread"]["id"])
            assert len(threads) < 500, "only one worker answers"
        with _client() as http:
            listed = http.post(url, json={"type": "threads.list", "params": {"limit": 100}}).json()["data"]
        assert {thread["id"] for thread in listed} <= threads
        assert f"pid={process.pid}" not in workers


def test_a_changed_file_is_taken_up_by_reload(tmp_path: Path) -> None:
    _write(tmp_path, "one")
    with serving(tmp_path, "--reload") as (url, _), _client() as http:
        assert _said(http.post(url, json=_create())).startswith("one")
        _write(tmp_path, "the second")

        def taken() -> bool:
            try:
                answer = http.post(url, json=_create())
            except httpx.TransportError:
                return False
            return answer.status_code == 200 and _said(answer).startswith("the second")

        _until(taken)


def test_told_to_stop_it_lets_the_answer_end_and_ends_itself(tmp_path: Path) -> None:
    _write(tmp_path)
    with serving(tmp_path) as (url, process), _client() as http:
        with http.stream("POST", url, json=_create("wait")) as answer:
            lines = answer.iter_lines()
            assert "thread.created" in next(line for line in lines if line.startswith("data: "))
            process.send_signal(signal.SIGTERM)
            (tmp_path / "go").touch()
            rest = "\n".join(lines)
        assert "one pid=" in rest
        assert process.wait(30) in (0, -signal.SIGTERM)
