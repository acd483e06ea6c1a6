"""A list of options: one click checks a row, and the others step back."""

from collections.abc import AsyncIterator
from typing import Any

from chatkit.actions import Action
from chatkit.demo._desk import Desk, fields
from chatkit.types import ThreadStreamEvent, WidgetItem

__all__ = ["choose", "play"]

ROOMS: list[dict[str, Any]] = [
    {
        "id": "lamp",
        "name": "Lamp Room",
        "note": "84 stairs, every window",
        "price": "€140",
        "icon": "lightbulb",
        "color": "yellow",
    },
    {
        "id": "tide",
        "name": "Low Tide",
        "note": "Three steps from the water, at times fewer",
        "price": "€95",
        "icon": "compass",
        "color": "blue",
    },
    {
        "id": "quiet",
        "name": "The Quiet One",
        "note": "Faces inland, away from the foghorn",
        "price": "€110",
        "icon": "book-closed",
        "color": "green",
    },
    {
        "id": "attic",
        "name": "The Cabin",
        "note": "Built of a ship, still creaks like one",
        "price": "€120",
        "icon": "maps",
        "color": "purple",
    },
]
REMARKS = {
    "lamp": "The Lamp Room it is. Draw the curtain or do not: the light will find you every eleven seconds.",
    "tide": "Low Tide. Please leave your shoes on the upper shelf. Not the lower one.",
    "quiet": "The Quiet One. I shall lower my voice accordingly.",
    "attic": "The Cabin. If the floor tilts, that is the floor's own doing.",
}


async def play(desk: Desk) -> AsyncIterator[ThreadStreamEvent]:
    async for event in desk.say(
        "Four of the eleven are free tonight. Number Eleven is too, but we don't offer it."
    ):
        yield event
    async for event in desk.show("rooms", "Rooms that are free tonight", rooms=ROOMS, chosen=""):
        yield event


async def choose(
    desk: Desk, action: Action[str, Any], sender: WidgetItem | None
) -> AsyncIterator[ThreadStreamEvent]:
    room = str(fields(action.payload).get("id", ""))
    if sender is None or room not in REMARKS:
        return
    yield desk.redraw(sender, "rooms", rooms=ROOMS, chosen=room)
    yield desk.remember(f"The guest chose the room {room!r}.")
    async for event in desk.say(REMARKS[room]):
        yield event
