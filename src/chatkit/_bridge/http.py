"""One streamed request to a model endpoint."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from typing import Any, Final, cast

import httpx

from .model_error import ModelError

__all__ = ["stream_json"]

_TIMEOUT: Final = httpx.Timeout(60.0, read=300.0)
_HINTS: Final = {
    401: "Check the API key.",
    404: "Check the base URL and the model's name.",
    429: "The endpoint limits requests; try again later.",
}


async def stream_json(
    client: httpx.AsyncClient | None, url: str, headers: Mapping[str, str], body: Mapping[str, Any]
) -> AsyncIterator[dict[str, Any]]:
    """Post ``body`` and give the JSON of each server-sent event. Leaving it early closes the connection.

    :raises ModelError: no connection, an HTTP error, or a stream that breaks off
    """
    own = httpx.AsyncClient(timeout=_TIMEOUT) if client is None else None
    try:
        async with (own or client or httpx.AsyncClient()).stream(
            "POST", url, json=body, headers=headers
        ) as response:
            if response.is_error:
                raise await _refused(response)
            if "event-stream" not in (kind := response.headers.get("content-type", "")) and (
                whole := await _whole(response, kind)
            ):
                yield _parsed(whole, url)
                return
            async for line in response.aiter_lines():
                data = line.removeprefix("data:").strip() if line.startswith("data:") else ""
                if data and data != "[DONE]":
                    yield _parsed(data, url)
    except httpx.HTTPError as error:
        what = type(error).__name__
        raise ModelError(
            f"The endpoint {url} broke off: {what} {error}".strip(), hint="Is it running?"
        ) from error
    finally:
        if own is not None:
            await own.aclose()


async def _whole(response: httpx.Response, kind: str) -> str:
    """The body of an endpoint that does not stream; empty when it may be a stream of another name.

    :raises ModelError: it is a page
    """
    if kind.startswith("application/json"):
        return (await response.aread()).decode(errors="replace")
    if kind.startswith("text/html"):
        raise ModelError(
            f"{response.url} answered with a web page instead of a stream.", hint="Check the base URL."
        )
    return ""


async def _refused(response: httpx.Response) -> ModelError:
    text = (await response.aread()).decode(errors="replace")[:1000]
    status = response.status_code
    return ModelError(
        f"{response.url} answered {status}: {text}", endpoint_status=status, hint=_HINTS.get(status)
    )


def _parsed(data: str, url: str) -> dict[str, Any]:
    try:
        event: Any = json.loads(data)
    except ValueError as error:
        raise ModelError(f"{url} sent an event that is not JSON: {data[:200]}") from error
    if not isinstance(event, dict):
        raise ModelError(f"{url} sent an event that is not an object: {data[:200]}")
    fields = cast("dict[str, Any]", event)
    if fields.get("error"):
        raise ModelError(f"{url} failed while it answered: {json.dumps(fields['error'])[:1000]}")
    return fields
