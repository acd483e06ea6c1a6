"""Whose rows a request may touch."""

from collections.abc import Callable
from typing import Any

from chatkit.errors import AuthRequiredError, NotFoundError, RequestInvalidError

__all__ = ["Owner", "checked_limit", "no_attachment", "no_item", "no_thread", "owner_of", "stale_cursor"]

Owner = Callable[[Any], str | None]
"""From the app's request context to the id of the person or tenant that owns the rows."""


def owner_of(owner: Owner | None, context: Any) -> str:
    """The owner a context speaks for; without an owner function all rows belong to one.

    :raises AuthRequiredError: the function found nobody. An empty owner would share rows among strangers.
    """
    if owner is None:
        return ""
    found = owner(context)
    if not found:
        raise AuthRequiredError(
            "The request has no owner.",
            hint="The store's owner function must return a non-empty string for every signed-in context.",
        )
    return found


def checked_limit(limit: int) -> int:
    """A page size that makes sense; :raises RequestInvalidError: it is not positive."""
    if limit < 1:
        raise RequestInvalidError(
            f"A page of {limit} rows makes no sense.", path="params.limit", hint="Ask for 1 or more."
        )
    return limit


def no_thread(thread_id: str) -> NotFoundError:
    return NotFoundError(f"There is no thread {thread_id}.", code="thread.not_found")


def no_item(item_id: str, thread_id: str) -> NotFoundError:
    return NotFoundError(f"There is no item {item_id} in thread {thread_id}.", code="item.not_found")


def no_attachment(attachment_id: str) -> NotFoundError:
    return NotFoundError(f"There is no attachment {attachment_id}.", code="attachment.not_found")


def stale_cursor(unknown: NotFoundError) -> NotFoundError:
    """The same error, said of the row that a page should go on after."""
    unknown.path = "params.after"
    unknown.hint = "The row the cursor stands on is gone; read the list from the start."
    return unknown
