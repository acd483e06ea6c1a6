"""Errors of ours as raw ASGI messages."""

from __future__ import annotations

import json
from typing import Any

from chatkit._engine.sending import Headers, Send, send_json
from chatkit.errors import ChatKitError

__all__ = ["error_body", "send_error"]


async def send_error(send: Send, error: ChatKitError, request_id: str, headers: Headers = ()) -> None:
    """Send an error of ours as ``{"error": {code, message, path?, hint?, request_id}}`` with its status."""
    extra = list(headers)
    if error.status == 401:
        extra.append((b"www-authenticate", b"Bearer"))
    wait = getattr(error, "retry_after", None)
    if wait is not None:
        extra.append((b"retry-after", str(max(1, round(wait))).encode()))
    await send_json(send, error.status, error_body(error, request_id), extra)


def error_body(error: ChatKitError, request_id: str) -> bytes:
    fields: dict[str, Any] = {**error.as_json(), "request_id": request_id}
    wait = getattr(error, "retry_after", None)
    if wait is not None:
        fields["retry_after"] = max(1, round(wait))
    return json.dumps({"error": fields}, ensure_ascii=False).encode()
