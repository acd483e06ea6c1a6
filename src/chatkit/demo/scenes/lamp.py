"""A button that the page handles itself, and that then reports back to the server."""

from collections.abc import AsyncIterator
from typing import Any

from chatkit.actions import Action
from chatkit.demo._desk import Desk, fields
from chatkit.types import ThreadStreamEvent, WidgetItem

__all__ = ["play", "reported"]

REMARKS = {
    "dark": "There. Now one can see the stars, or at any rate the screen.",
    "light": "And up again. Good morning, in a manner of speaking.",
}


async def play(desk: Desk) -> AsyncIterator[ThreadStreamEvent]:
    async for event in desk.say(
        "The switch is on your side of the desk, so your page must turn it. I'll hear of it."
    ):
        yield event
    async for event in desk.show("lamp", "Light switch", scheme=""):
        yield event


async def reported(
    desk: Desk, action: Action[str, Any], sender: WidgetItem | None
) -> AsyncIterator[ThreadStreamEvent]:
    scheme = str(fields(action.payload).get("scheme"))
    if scheme not in REMARKS:
        return
    if sender is not None:
        yield desk.redraw(sender, "lamp", scheme=scheme)
    async for event in desk.say(REMARKS[scheme]):
        yield event
