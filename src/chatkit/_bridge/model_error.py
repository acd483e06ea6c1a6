"""What can go wrong between a model endpoint and us."""

from __future__ import annotations

from chatkit.errors import ChatKitError

__all__ = ["ModelError"]


class ModelError(ChatKitError):
    """A model endpoint refused, failed or broke off.

    The person who chats gets a general message and Retry; the log gets this one.

    :ivar endpoint_status: the HTTP status it answered with, None when there was none
    """

    def __init__(self, message: str, *, endpoint_status: int | None = None, hint: str | None = None) -> None:
        super().__init__("model.failed", message, hint=hint, status=502)
        self.endpoint_status = endpoint_status
