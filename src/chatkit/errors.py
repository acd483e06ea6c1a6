"""Every error the package raises on purpose, and the codes that travel in ``error`` events and HTTP bodies.

::

    Exception
    ├── BaseStreamError              raised inside respond() or action(): becomes one ``error`` event
    │   ├── StreamError              a code the client knows
    │   └── CustomStreamError        a message for the person reading the chat
    └── ChatKitError                 code, message, path into the data, hint (what to do), HTTP status
        ├── RequestInvalidError      the request does not have the shape the protocol asks for
        ├── NotFoundError            a thread, item or attachment that is not there, or not this owner's
        ├── ThreadStateError         the thread is locked, closed or already answering
        ├── AccessDeniedError        signed in, but not allowed
        ├── AuthRequiredError        not signed in
        ├── LimitExceededError       too big, too many, too deep
        ├── RateLimitedError         too often
        ├── RunInterruptedError      the process that was answering is gone
        └── WidgetError              also a ValueError
            ├── WidgetTemplateError  the ``.widget`` file itself is at fault
            └── WidgetDataError      the data does not fit the template, or the result is not a widget
"""

from __future__ import annotations

from abc import ABC
from enum import Enum
from typing import Any

__all__ = [
    "DEFAULT_ALLOW_RETRY",
    "DEFAULT_STATUS",
    "AccessDeniedError",
    "AuthRequiredError",
    "BaseStreamError",
    "ChatKitError",
    "CustomStreamError",
    "ErrorCode",
    "LimitExceededError",
    "NotFoundError",
    "RateLimitedError",
    "RequestInvalidError",
    "RunInterruptedError",
    "StreamError",
    "ThreadStateError",
    "WidgetDataError",
    "WidgetError",
    "WidgetTemplateError",
]


# Not StrEnum: str(ErrorCode.STREAM_ERROR) stays "ErrorCode.STREAM_ERROR", as drop-in apps know it.
class ErrorCode(str, Enum):  # noqa: UP042
    """The closed set of codes in an ``error`` event, beside ``custom``."""

    STREAM_ERROR = "stream.error"
    REQUEST_INVALID = "request.invalid"
    THREAD_NOT_FOUND = "thread.not_found"
    ITEM_NOT_FOUND = "item.not_found"
    ATTACHMENT_NOT_FOUND = "attachment.not_found"
    NOT_FOUND = "not_found"
    THREAD_LOCKED = "thread.locked"
    THREAD_CLOSED = "thread.closed"
    THREAD_BUSY = "thread.busy"
    ATTACHMENT_DENIED = "attachment.denied"
    ACCESS_DENIED = "access.denied"
    AUTH_REQUIRED = "auth.required"
    LIMIT_EXCEEDED = "limit.exceeded"
    RATE_LIMITED = "rate.limited"
    RUN_INTERRUPTED = "run.interrupted"
    WIDGET_TEMPLATE = "widget.template"
    WIDGET_DATA = "widget.data"


DEFAULT_STATUS: dict[ErrorCode, int] = {
    ErrorCode.STREAM_ERROR: 500,
    ErrorCode.REQUEST_INVALID: 400,
    ErrorCode.THREAD_NOT_FOUND: 404,
    ErrorCode.ITEM_NOT_FOUND: 404,
    ErrorCode.ATTACHMENT_NOT_FOUND: 404,
    ErrorCode.NOT_FOUND: 404,
    ErrorCode.THREAD_LOCKED: 409,
    ErrorCode.THREAD_CLOSED: 409,
    ErrorCode.THREAD_BUSY: 409,
    ErrorCode.ATTACHMENT_DENIED: 403,
    ErrorCode.ACCESS_DENIED: 403,
    ErrorCode.AUTH_REQUIRED: 401,
    ErrorCode.LIMIT_EXCEEDED: 413,
    ErrorCode.RATE_LIMITED: 429,
    ErrorCode.RUN_INTERRUPTED: 503,
    ErrorCode.WIDGET_TEMPLATE: 500,
    ErrorCode.WIDGET_DATA: 500,
}
"""HTTP status of each code, where an error does not bring its own."""

DEFAULT_ALLOW_RETRY: dict[ErrorCode, bool] = {
    code: code
    in {
        ErrorCode.STREAM_ERROR,
        ErrorCode.THREAD_BUSY,
        ErrorCode.RATE_LIMITED,
        ErrorCode.RUN_INTERRUPTED,
    }
    for code in ErrorCode
}
"""Whether the client offers "retry" for a code, where an error does not say."""


class BaseStreamError(ABC, Exception):
    """Base of the errors an app raises while it streams a turn."""

    allow_retry: bool
    """Whether the client offers to run the turn again."""


class StreamError(BaseStreamError):
    """End the turn with a code the client has words for.

    :param code: what went wrong.
    :param allow_retry: whether to offer a retry; the default depends on the code.
    """

    code: ErrorCode

    def __init__(self, code: ErrorCode, *, allow_retry: bool | None = None):
        super().__init__(code, allow_retry)
        self.code = code
        self.status_code = DEFAULT_STATUS.get(code, 500)
        self.allow_retry = DEFAULT_ALLOW_RETRY.get(code, False) if allow_retry is None else allow_retry

    def __reduce__(self) -> tuple[Any, ...]:
        return _revive_stream_error, (self.code, self.allow_retry)


class CustomStreamError(BaseStreamError):
    """End the turn with a message for the person who is chatting.

    :param message: shown as it is.
    :param allow_retry: whether to offer a retry.
    """

    message: str

    def __init__(self, message: str, *, allow_retry: bool = False):
        super().__init__(message, allow_retry)
        self.message = message
        self.allow_retry = allow_retry

    def __reduce__(self) -> tuple[Any, ...]:
        return _revive_custom_error, (self.message, self.allow_retry)


def _revive_stream_error(code: ErrorCode, allow_retry: bool) -> StreamError:
    return StreamError(code, allow_retry=allow_retry)


def _revive_custom_error(message: str, allow_retry: bool) -> CustomStreamError:
    return CustomStreamError(message, allow_retry=allow_retry)


class ChatKitError(Exception):
    """What went wrong, where, and what to do about it.

    :param code: one of :class:`ErrorCode`, or an app's own dotted lowercase code.
    :param message: one sentence for the developer or the person, without a trailing cure.
    :param path: where in the data, for example ``params.input.content[0].text`` or ``card.widget:12``.
    :param hint: the cure, one sentence.
    :param status: HTTP status; the default depends on the code.
    """

    code: str
    message: str
    path: str | None
    hint: str | None
    status: int

    def __init__(
        self,
        code: str | ErrorCode,
        message: str,
        *,
        path: str | None = None,
        hint: str | None = None,
        status: int | None = None,
    ):
        self.code = code.value if isinstance(code, ErrorCode) else code
        self.message = message
        self.path = path
        self.hint = hint
        self.status = _default_status(self.code) if status is None else status
        super().__init__(message)

    @property
    def allow_retry(self) -> bool:
        """Whether an ``error`` event made from this offers a retry."""
        return self.code in _RETRYABLE

    def __str__(self) -> str:
        where = f"{self.path}: " if self.path else ""
        cure = f" {self.hint}" if self.hint else ""
        return f"{where}{self.message}{cure}"

    def as_json(self) -> dict[str, str]:
        """The fields of the ``error`` object in an HTTP answer: code, message and, when known, path and hint."""
        fields = {"code": self.code, "message": self.message, "path": self.path, "hint": self.hint}
        return {name: text for name, text in fields.items() if text is not None}

    def __reduce__(self) -> tuple[Any, ...]:
        return _revive, (type(self), self.__dict__.copy())


def _revive(cls: type[ChatKitError], state: dict[str, Any]) -> ChatKitError:
    error = cls.__new__(cls, state["message"])
    error.__dict__.update(state)
    return error


_RETRYABLE = frozenset(code.value for code, retry in DEFAULT_ALLOW_RETRY.items() if retry)
_STATUS_BY_CODE = {code.value: status for code, status in DEFAULT_STATUS.items()}


def _default_status(code: str) -> int:
    return _STATUS_BY_CODE.get(code, 500)


class _Situation(ChatKitError):
    """A ChatKitError whose code follows from its class; ``code=`` narrows it."""

    default_code: ErrorCode = ErrorCode.STREAM_ERROR

    def __init__(
        self,
        message: str = "",
        *,
        code: str | ErrorCode | None = None,
        path: str | None = None,
        hint: str | None = None,
        status: int | None = None,
    ):
        super().__init__(code or self.default_code, message, path=path, hint=hint, status=status)


class RequestInvalidError(_Situation):
    """The request does not have the shape the protocol asks for."""

    default_code = ErrorCode.REQUEST_INVALID


class NotFoundError(_Situation):
    """A thread, item or attachment that does not exist, or that belongs to another owner."""

    default_code = ErrorCode.NOT_FOUND


class ThreadStateError(_Situation):
    """The thread is locked, closed, or already answering; pass ``code`` to say which."""

    default_code = ErrorCode.THREAD_BUSY


class AccessDeniedError(_Situation):
    """The caller is known but may not do this."""

    default_code = ErrorCode.ACCESS_DENIED


class AuthRequiredError(_Situation):
    """The caller is not known."""

    default_code = ErrorCode.AUTH_REQUIRED


class LimitExceededError(_Situation):
    """Something is too big, too many or too deep; the message says the limit."""

    default_code = ErrorCode.LIMIT_EXCEEDED


class RateLimitedError(_Situation):
    """The caller asks too often."""

    default_code = ErrorCode.RATE_LIMITED


class RunInterruptedError(_Situation):
    """The process that was answering ended before the answer did."""

    default_code = ErrorCode.RUN_INTERRUPTED


class WidgetError(_Situation, ValueError):
    """Base of what can be wrong with a widget."""

    default_code = ErrorCode.WIDGET_DATA


class WidgetTemplateError(WidgetError):
    """The ``.widget`` file is at fault: its version, its Jinja, or the JSON its template writes."""

    default_code = ErrorCode.WIDGET_TEMPLATE


class WidgetDataError(WidgetError):
    """The data does not fit the template's schema, or the result is not a valid widget."""

    default_code = ErrorCode.WIDGET_DATA
