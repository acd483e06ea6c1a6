"""The built web client: hashed files for ever, entry files checked each time, open to pages of every origin."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import anyio.to_thread
from starlette.types import Scope, Send

from chatkit.asgi._answers import send_error
from chatkit.asgi._body import header
from chatkit.errors import NotFoundError

__all__ = ["CLIENT_FOLDER", "StaticClient", "is_built"]

CLIENT_FOLDER: Final = Path(__file__).parent.parent / "_static"

_TYPES: Final = {
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".woff2": "font/woff2",
}
_FOR_EVER: Final = b"public, max-age=31536000, immutable"
_ASK_EACH_TIME: Final = b"public, no-cache"
_COMPRESSED: Final = (".js", ".mjs", ".css", ".svg", ".json", ".html", ".map")


def is_built(folder: Path = CLIENT_FOLDER) -> bool:
    """Whether the web client is there."""
    return (folder / "chatkit.js").is_file()


@dataclass(frozen=True, slots=True)
class _File:
    body: bytes
    packed: bytes | None
    etag: bytes
    kind: bytes
    cache: bytes


class StaticClient:
    """Serves the files of one folder from memory, read again when they change."""

    def __init__(self, folder: Path = CLIENT_FOLDER) -> None:
        self._folder = folder.resolve()
        self._files: dict[str, tuple[int, _File]] = {}

    async def serve(self, name: str, scope: Scope, send: Send, request_id: str) -> None:
        file = await self._find(name)
        if file is None:
            await send_error(send, self._missing(name), request_id, [(b"access-control-allow-origin", b"*")])
            return
        packed = file.packed is not None and "gzip" in (header(scope, b"accept-encoding") or "")
        body = file.packed if packed and file.packed is not None else file.body
        headers = [
            (b"content-type", file.kind),
            (b"cache-control", file.cache),
            (b"etag", file.etag),
            (b"access-control-allow-origin", b"*"),
            (b"cross-origin-resource-policy", b"cross-origin"),
            (b"x-content-type-options", b"nosniff"),
            (b"vary", b"Accept-Encoding"),
        ]
        if file.etag.decode() in (header(scope, b"if-none-match") or ""):
            await send({"type": "http.response.start", "status": 304, "headers": headers})
            await send({"type": "http.response.body", "body": b""})
            return
        if packed:
            headers.append((b"content-encoding", b"gzip"))
        headers.append((b"content-length", str(len(body)).encode()))
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    async def _find(self, name: str) -> _File | None:
        path = (self._folder / name).resolve()
        if not path.is_relative_to(self._folder) or any(part.startswith(".") for part in Path(name).parts):
            return None
        return await anyio.to_thread.run_sync(self._read, name, path)

    def _read(self, name: str, path: Path) -> _File | None:
        try:
            changed = path.stat().st_mtime_ns
            known = self._files.get(name)
            if known is not None and known[0] == changed:
                return known[1]
            body = path.read_bytes()
        except OSError:
            return None
        kind = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        file = _File(
            body=body,
            packed=gzip.compress(body, 6, mtime=0)
            if path.suffix in _COMPRESSED and len(body) > 1000
            else None,
            etag=f'"{hashlib.sha256(body).hexdigest()[:24]}"'.encode(),
            kind=kind.encode(),
            cache=_FOR_EVER if "assets" in Path(name).parts[:-1] else _ASK_EACH_TIME,
        )
        self._files[name] = (changed, file)
        return file

    def _missing(self, name: str) -> NotFoundError:
        if is_built(self._folder):
            return NotFoundError(f"There is no file {name}.")
        return NotFoundError(
            "The web client is not built.",
            hint="In a checkout run `make build`; an installed package carries it.",
        )
