"""A streaming request answered straight to its reader: the reader pulls the turn, and going away ends it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any

from chatkit._engine.claims import Claims, busy
from chatkit._engine.faults import error_event
from chatkit._engine.host import Host, current_request
from chatkit._engine.turn import Opening, Turn
from chatkit._engine.wire import Encoder
from chatkit.types import StreamingReq

__all__ = ["refuse_if_busy", "stream"]

_Open = Callable[[], Awaitable[Opening[Any]]]


async def stream(
    host: Host[Any], claims: Claims, request: StreamingReq, open_: _Open, opening: Opening[Any], context: Any
) -> AsyncGenerator[bytes, None]:
    """The frames of a turn, as server-sent events.

    :param open_: makes the opening anew, for when the thread was busy and may have changed meanwhile.
    """
    before = current_request.get()
    current_request.set(request)
    encode = Encoder("data: ", "\n\n").encode
    turn = Turn(host, opening, context)
    thread_id = opening.thread.id
    claimed = opening.exclusive and host.overlap != "allow"
    events = turn.events()
    try:
        if claimed and not claims.take(thread_id, turn):
            await claims.wait(thread_id, turn, host.overlap, host.overlap_wait)
            turn.reopen(await open_())
        async for event in events:
            yield encode(event)
    except Exception as error:
        yield encode(error_event(error, f"A turn of thread {thread_id}"))
    finally:
        await events.aclose()
        if claimed:
            claims.release(thread_id, turn)
        current_request.set(before)


def refuse_if_busy(host: Host[Any], claims: Claims, opening: Opening[Any]) -> None:
    """With the overlap policy `reject`, say no before anything is answered.

    :raises ThreadStateError: `thread.busy`.
    """
    if opening.exclusive and host.overlap == "reject" and claims.holder(opening.thread.id) is not None:
        raise busy(opening.thread.id)
