"""What a request knows about itself, for code that is not handed the request.

A web adapter sets these for each request; a run started by the request inherits them.
"""

from contextvars import ContextVar

request_id: ContextVar[str | None] = ContextVar("chatkit_request_id", default=None)
"""The id that logs, error answers and error events share."""

base_url: ContextVar[str | None] = ContextVar("chatkit_base_url", default=None)
"""Where the app is mounted as the browser sees it, without a slash at the end: ``https://host/chatkit``."""
