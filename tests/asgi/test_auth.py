"""Who is asking: tokens, cookies, headers of a proxy, and client secrets."""

import json
import socket
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from parrot_app import Parrot, client_of, create, request
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Mount

from chatkit.asgi import ChatKitApp
from chatkit.asgi.auth import (
    AuthUnavailableError,
    BearerJWT,
    FirstOf,
    Identity,
    ProxyHeader,
    SessionCookie,
    sign_session,
)
from chatkit.asgi.sessions import ClientSecrets
from chatkit.backends.memory import MemoryStore
from chatkit.errors import AuthRequiredError

SECRET = "a secret of more than thirty-two bytes"


def _request(client: str = "127.0.0.1", **headers: str) -> Request:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "POST", "path": "/", "headers": raw, "client": (client, 1)})


def _token(key: Any = SECRET, algorithm: str = "HS256", **claims: Any) -> str:
    return jwt.encode(
        {"sub": "ann", "exp": time.time() + 60, **claims}, key, algorithm, headers={"kid": "k1"}
    )


def _bearer(token: str) -> Request:
    return _request(authorization=f"Bearer {token}")


async def test_a_token_that_holds_names_its_bearer() -> None:
    auth = BearerJWT(key=SECRET, algorithms=["HS256"], audience="chat", issuer="https://login")
    identity = await auth(_bearer(_token(aud="chat", iss="https://login", plan="pro")))
    assert identity is not None
    assert (identity.user, identity.claims["plan"]) == ("ann", "pro")
    assert await auth(_request()) is None
    assert await auth(_request(authorization="Basic abc")) is None


@pytest.mark.parametrize(
    "token",
    [
        _token(exp=time.time() - 120),
        _token(key="another secret of more than 32 bytes!"),
        _token(aud="other"),
        _token(iss="https://evil"),
        _token(sub=""),
        jwt.encode({"sub": "ann", "aud": "chat", "iss": "https://login"}, SECRET, "HS256"),
        jwt.encode({"sub": "ann", "exp": time.time() + 60}, None, "none"),
        "nonsense",
    ],
)
async def test_a_token_that_does_not_hold_is_refused(token: str) -> None:
    auth = BearerJWT(key=SECRET, algorithms=["HS256"], audience="chat", issuer="https://login")
    with pytest.raises(AuthRequiredError):
        await auth(_bearer(token))


def test_secrets_and_public_keys_are_never_mixed() -> None:
    for algorithms in (["HS256", "RS256"], ["none"], []):
        with pytest.raises(ValueError, match="family"):
            BearerJWT(key=SECRET, algorithms=algorithms)
    with pytest.raises(ValueError, match="exactly one"):
        BearerJWT(key=SECRET, jwks_url="https://x")


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def asked(key: rsa.RSAPrivateKey) -> Iterator[tuple[str, list[int]]]:
    """Where a signer publishes its keys, and one entry for each time that it was asked."""
    published = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key()))
    body = json.dumps({"keys": [{**published, "kid": "k1", "use": "sig", "alg": "RS256"}]}).encode()
    times: list[int] = []

    class Keys(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            times.append(1)
            self.send_response(200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Keys)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/keys", times
    server.shutdown()
    server.server_close()
    thread.join()


async def test_keys_come_from_a_file_or_from_where_the_signer_publishes_them(
    key: rsa.RSAPrivateKey, asked: tuple[str, list[int]], tmp_path: Path
) -> None:
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    (tmp_path / "key.pem").write_bytes(public)
    token = _token(key, "RS256")
    for auth in (BearerJWT(key_file=tmp_path / "key.pem"), BearerJWT(jwks_url=asked[0])):
        assert await auth(_bearer(token)) == Identity(
            "ann", jwt.decode(token, options={"verify_signature": False})
        )
        with pytest.raises(AuthRequiredError):
            await auth(
                _bearer(jwt.encode({"sub": "ann", "exp": time.time() + 60}, public.decode()[:40], "HS256"))
            )


async def test_strangers_who_name_keys_that_do_not_exist_make_nobody_fetch_them_each_time(
    key: rsa.RSAPrivateKey, asked: tuple[str, list[int]]
) -> None:
    url, times = asked
    auth = BearerJWT(jwks_url=url)
    for number in range(20):
        forged = jwt.encode({"sub": "ann"}, SECRET, "HS256", headers={"kid": f"x{number}"})
        with pytest.raises(AuthRequiredError, match="not among those"):
            await auth(_bearer(forged))
    assert len(times) == 2  # once at first, and once to see whether there is a new one
    assert await auth(_bearer(_token(key, "RS256"))) is not None
    assert len(times) == 2


async def test_keys_that_cannot_be_had_are_no_fault_of_the_person(
    key: rsa.RSAPrivateKey, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    file = tmp_path / "key.pem"
    file.write_bytes(
        key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    )
    by_file = BearerJWT(key_file=file)
    file.unlink()
    for auth, cause in (
        (BearerJWT(jwks_url=f"http://127.0.0.1:{port}/keys"), "refused"),
        (by_file, str(file)),
    ):
        with pytest.raises(AuthUnavailableError) as caught:
            await auth(_bearer(_token(key, "RS256")))
        assert caught.value.status == 503
        assert cause not in str(caught.value.as_json())
        assert cause in caplog.text


def test_a_key_that_cannot_be_used_is_told_before_anybody_signs_in(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"nowhere\.pem cannot be read"):
        BearerJWT(key_file=tmp_path / "nowhere.pem")
    (tmp_path / "key.pem").write_text("not a key")
    with pytest.raises(ValueError, match="none for RS256, ES256"):
        BearerJWT(key_file=tmp_path / "key.pem")


async def test_a_proxys_header_counts_also_where_the_server_believes_forwarded_addresses() -> None:
    auth = ProxyHeader("X-User", proxies=["10.0.0.0/8"])

    def request(peer: str) -> Request:
        raw = [(b"x-user", b"ann"), (b"x-forwarded-for", b"10.9.9.9")]
        return Request(
            {"type": "http", "headers": raw, "client": ("203.0.113.9", 0), "chatkit.peer": (peer, 5000)}
        )

    assert await auth(request("10.0.0.7")) == Identity("ann")
    assert await auth(request("203.0.113.1")) is None


async def test_a_cookie_with_signs_of_any_kind_is_refused() -> None:
    auth = SessionCookie(SECRET)
    for value in ("1.\u00ff.\u00fe", "\u00ff", "..", "1.61."):
        with pytest.raises(AuthRequiredError):
            await auth(
                Request({"type": "http", "headers": [(b"cookie", f"session={value}".encode("latin-1"))]})
            )


async def test_a_session_cookie_names_its_user_until_it_ends() -> None:
    value = sign_session("änn", SECRET)
    assert await SessionCookie(SECRET)(_request(cookie=f"session={value}")) == Identity("änn")
    assert await SessionCookie(SECRET)(_request()) is None
    body, _, signature = value.rpartition(".")
    for forged in (f"{body}00.{signature}", f"{body}.{signature[:-1]}x", "x", value.replace(".", "", 1)):
        with pytest.raises(AuthRequiredError):
            await SessionCookie(SECRET)(_request(cookie=f"session={forged}"))
    with pytest.raises(AuthRequiredError, match="ended"):
        await SessionCookie(SECRET, seconds=-10)(_request(cookie=f"session={value}"))


async def test_a_proxys_header_counts_only_from_the_proxy() -> None:
    auth = ProxyHeader(proxies=["10.0.0.0/8", "::1"])
    assert await auth(_request("10.1.2.3", x_forwarded_user="ann")) == Identity("ann")
    assert await auth(_request("::1", x_forwarded_user="ann")) == Identity("ann")
    assert await auth(_request("192.0.2.1", x_forwarded_user="ann")) is None
    assert await auth(_request("unix", x_forwarded_user="ann")) is None
    assert await auth(_request("10.1.2.3")) is None
    with pytest.raises(ValueError, match="proxies"):
        ProxyHeader(proxies=[])


async def test_the_first_way_that_knows_the_caller_counts_and_contexts_are_made() -> None:
    auth = FirstOf(ProxyHeader(proxies=["10.0.0.0/8"]), SessionCookie(SECRET))
    made = auth.as_context(lambda identity: {"owner": identity.user})
    assert await made(_request(cookie=f"session={sign_session('bob', SECRET)}")) == {"owner": "bob"}
    assert await made(_request()) is None


# The landing place for hosted users


async def test_a_page_written_for_the_hosted_service_works_with_our_addresses() -> None:
    now = 1000.0
    secrets = ClientSecrets(SECRET, api_keys=["sk-of-the-backend"], clock=lambda: now)
    server = Parrot(MemoryStore(owner=lambda context: context["owner"]))
    chat = ChatKitApp(server, auth=secrets.as_context(lambda identity: {"owner": identity.user}))
    site = Starlette(routes=[*secrets.routes(), Mount("/", chat)])
    async with chat.lifespan():
        async with client_of(
            site, authorization="Bearer sk-of-the-backend", **{"openai-beta": "chatkit_beta=v1"}
        ) as backend:
            asked = {"workflow": {"id": "wf_1"}, "user": "ann"}
            session = (await backend.post("/v1/chatkit/sessions", json=asked)).json()
        assert session["object"] == "chatkit.session"
        assert session["expires_at"] == 1600
        async with client_of(site, authorization=f"Bearer {session['client_secret']}") as page:
            thread_id = await create(page)
            found = await page.post("/chatkit", content=request("threads.list"))
            assert [thread["id"] for thread in found.json()["data"]] == [thread_id]
            now = 1601.0
            late = await page.post("/chatkit", content=request("threads.list"))
            assert (late.status_code, late.json()["error"]["code"]) == (401, "auth.required")
        async with client_of(site, authorization=f"Bearer {session['client_secret'][:-1]}x") as forger:
            assert (await forger.post("/chatkit", content=request("threads.list"))).status_code == 401


@pytest.mark.parametrize(
    ("key", "body", "status"),
    [
        ("wrong", b'{"user":"ann"}', 401),
        ("", b'{"user":"ann"}', 401),
        ("sk-of-the-backend", b"{}", 400),
        ("sk-of-the-backend", b"nonsense", 400),
        ("sk-of-the-backend", b'{"user":' + b" " * 70_000 + b'"ann"}', 400),
    ],
)
async def test_a_session_is_given_only_to_the_backend_and_for_somebody(
    key: str, body: bytes, status: int
) -> None:
    secrets = ClientSecrets(SECRET, api_keys=["sk-of-the-backend"])
    async with client_of(Starlette(routes=[*secrets.routes()]), authorization=f"Bearer {key}") as backend:
        answer = await backend.post("/v1/chatkit/sessions", content=body)
    assert answer.status_code == status
    assert answer.json()["error"]["message"]


def test_weak_secrets_and_keys_are_refused() -> None:
    for secret, keys in (("short", ["sk-of-the-backend"]), (SECRET, []), (SECRET, ["short"])):
        with pytest.raises(ValueError, match=r"16"):
            ClientSecrets(secret, api_keys=keys)
