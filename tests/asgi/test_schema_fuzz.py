"""The committed schema of requests, given to Schemathesis: what it makes of it is answered as documented, over real HTTP."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, settings
from parrot_app import parrot, who
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from chatkit.asgi import ChatKitApp

SCHEMA = Path(__file__).parents[2] / "spec" / "schema" / "request.schema.json"
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
ERROR: dict[str, Any] = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "request_id"],
            "properties": {
                "code": {"type": "string", "minLength": 1},
                "message": {"type": "string", "minLength": 1},
                "request_id": {"type": "string", "minLength": 1},
            },
        }
    },
}


def _moved(node: Any) -> Any:
    """The schema with its definitions where OpenAPI has them."""
    if isinstance(node, dict):
        return {name: _moved(value) for name, value in node.items()}
    if isinstance(node, list):
        return [_moved(value) for value in node]
    return node.replace("#/$defs/", "#/components/schemas/") if isinstance(node, str) else node


def _document() -> dict[str, Any]:
    """An OpenAPI document with one operation for each type of request, all at the one address."""
    schema = _moved(json.loads(SCHEMA.read_text()))
    refused = {"description": "refused", "content": {"application/json": {"schema": ERROR}}}
    answers = {
        "200": {
            "description": "an answer",
            "content": {"application/json": {"schema": {"type": "object"}}, "text/event-stream": {}},
        },
        **{status: refused for status in ("400", "403", "404", "409", "413", "415", "422")},
    }
    body = {"required": True, "content": {"application/json": {"schema": {"oneOf": schema["oneOf"]}}}}
    post = {"requestBody": body, "responses": answers}
    return {
        "openapi": "3.1.0",
        "info": {"title": "ChatKit", "version": "1"},
        "paths": {"/chatkit": {"post": post}},
        "components": {"schemas": schema["$defs"]},
    }


api = schemathesis.openapi.from_dict(_document())


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The app behind a real server, in a thread of its own."""
    config = uvicorn.Config(ChatKitApp(parrot(), auth=who), host="127.0.0.1", port=0, log_level="error")
    server = uvicorn.Server(config)
    listening = config.bind_socket()
    thread = threading.Thread(target=lambda: asyncio.run(server.serve([listening])), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join(30)


@pytest.mark.slow
@api.parametrize()
@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_request_that_the_schema_allows_or_nearly_allows_is_answered_as_documented(
    case: Any, address: str
) -> None:
    case.headers = {**(case.headers or {}), "x-user": "ann"}
    answer = case.call(base_url=address)
    if answer.status_code == httpx.codes.NOT_IMPLEMENTED:
        assert json.loads(answer.content)["error"]["hint"]
        return
    case.validate_response(answer, checks=CHECKS)
