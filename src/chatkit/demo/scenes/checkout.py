"""A card used as a form: confirm, cancel, and what was chosen."""

from collections.abc import AsyncIterator
from typing import Any

from chatkit.actions import Action
from chatkit.demo._desk import Desk, fields
from chatkit.types import ThreadStreamEvent, WidgetItem

__all__ = ["cancel", "confirm", "play"]

HOURS = {"12": "noon", "14": "two o'clock", "never": "never"}


async def play(desk: Desk) -> AsyncIterator[ThreadStreamEvent]:
    async for event in desk.show("checkout", "Late checkout", decided="", hour=""):
        yield event


async def confirm(
    desk: Desk, action: Action[str, Any], sender: WidgetItem | None
) -> AsyncIterator[ThreadStreamEvent]:
    values = fields(action.payload, "checkout")
    hour = HOURS.get(str(values.get("hour")), "noon")
    if sender is not None:
        yield desk.redraw(sender, "checkout", decided="confirmed", hour=hour)
    reason = str(values.get("reason") or "").strip()
    because = f" I have put down “{reason}” as the reason, word for word." if reason else ""
    async for event in desk.say(f"Granted until **{hour}**.{because}"):
        yield event


async def cancel(
    desk: Desk, action: Action[str, Any], sender: WidgetItem | None
) -> AsyncIterator[ThreadStreamEvent]:
    if sender is not None:
        yield desk.redraw(sender, "checkout", decided="cancelled", hour="")
    async for event in desk.say("As you were, then. I'll ring the bell at ten, gently."):
        yield event
