"""Faults of a request, and what of a fault travels to the client.

Each class is also the plain exception that an app written for openai-chatkit may catch.
"""

from __future__ import annotations

from chatkit._request import request_id
from chatkit._telemetry import tell
from chatkit.errors import (
    BaseStreamError,
    ChatKitError,
    CustomStreamError,
    ErrorCode,
    NotFoundError,
    RequestInvalidError,
    RunInterruptedError,
    StreamError,
)
from chatkit.logger import logger
from chatkit.types import ErrorEvent

__all__ = [
    "DrainingError",
    "NoAttachmentStoreError",
    "NotSupportedError",
    "UnfitRequestError",
    "error_event",
    "interrupted_event",
    "named",
]

_OWN_FAULT = 500


class UnfitRequestError(RequestInvalidError, ValueError):
    """The request cannot be read, or names something it cannot apply to."""


class NotSupportedError(ChatKitError, NotImplementedError):
    """The app does not offer what was asked for."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__("request.unsupported", message, hint=hint, status=501)


class NoAttachmentStoreError(ChatKitError, RuntimeError):
    """Attachments were asked for, and the server has nowhere to put them."""

    def __init__(self) -> None:
        super().__init__(
            "request.unsupported",
            "This server takes no attachments: it has no attachment store.",
            hint="Pass attachment_store= to ChatKitServer.",
            status=501,
        )


class DrainingError(ChatKitError):
    """The process is going; another one answers."""

    def __init__(self) -> None:
        super().__init__(
            "server.draining", "This server is shutting down.", hint="Send the request again.", status=503
        )


def named(error: NotFoundError, code: ErrorCode, path: str) -> NotFoundError:
    """The same error, saying which part of the request is to blame, where the store did not say."""
    if getattr(error, "code", None) == ErrorCode.NOT_FOUND.value:
        error.code = code.value
    if getattr(error, "path", None) is None:
        error.path = path
    return error


def error_event(error: BaseException, doing: str) -> ErrorEvent:
    """The `error` event for what was raised; what the client is not told is logged.

    :param doing: what failed, for the log.
    """
    event = _error_event(error, doing)
    tell("chatkit.errors", code=str(getattr(event.code, "value", event.code)))
    return event


def _error_event(error: BaseException, doing: str) -> ErrorEvent:
    about = request_id.get()
    if isinstance(error, CustomStreamError):
        return ErrorEvent(
            code="custom", message=error.message, allow_retry=error.allow_retry, request_id=about
        )
    if isinstance(error, StreamError):
        return ErrorEvent(code=error.code, allow_retry=error.allow_retry, request_id=about)
    if isinstance(error, ChatKitError) and error.status < _OWN_FAULT:
        return ErrorEvent(
            code=error.code, message=error.message, allow_retry=error.allow_retry, request_id=about
        )
    logger.error("%s failed", doing, exc_info=error)
    code = error.code if isinstance(error, ChatKitError) else ErrorCode.STREAM_ERROR
    retry = error.allow_retry if isinstance(error, BaseStreamError) else True
    return ErrorEvent(code=code, allow_retry=retry, request_id=about)


def interrupted_event() -> ErrorEvent:
    """Tells readers that the process that was answering is gone."""
    return error_event(RunInterruptedError("The answer was interrupted.", status=409), "The run")
