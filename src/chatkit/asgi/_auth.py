"""From a request to the app's context."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from typing import Any, Literal, TypeVar, cast

from starlette.requests import Request

from chatkit.errors import AuthRequiredError

__all__ = ["Auth", "context_of"]

TContext = TypeVar("TContext")

Auth = Callable[[Request], TContext | Awaitable[TContext | None] | None]
"""From a request to the app's context; None is nobody."""


async def context_of(auth: Auth[TContext] | Literal["open"], request: Request) -> TContext:
    """Ask who is there.

    :raises AuthRequiredError: nobody.
    """
    if auth == "open":
        return cast(Any, {"request": request})
    found = auth(request)
    context = await found if inspect.isawaitable(found) else found
    if context is None:
        raise AuthRequiredError("Nobody is signed in.", hint="Sign in and try again.")
    return cast(TContext, context)
