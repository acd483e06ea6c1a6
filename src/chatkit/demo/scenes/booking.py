"""A form: required and pattern fields, a select, a date, checkboxes and editable text; its values come back."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

from chatkit.actions import Action
from chatkit.demo._desk import Desk, fields
from chatkit.types import ThreadStreamEvent, WidgetItem

__all__ = ["play", "send"]

ROOMS = {"lamp": "Lamp Room", "tide": "Low Tide", "quiet": "The Quiet One", "cabin": "The Cabin"}


async def play(desk: Desk) -> AsyncIterator[ThreadStreamEvent]:
    async for event in desk.say("With pleasure. A few lines for the ledger, and the room is yours."):
        yield event
    today = datetime.now(UTC).date()
    rooms = [{"value": key, "label": name} for key, name in ROOMS.items()]
    async for event in desk.show(
        "booking",
        "Booking form",
        rooms=rooms,
        first=today.isoformat(),
        last=(today + timedelta(days=180)).isoformat(),
    ):
        yield event


async def send(
    desk: Desk, action: Action[str, Any], sender: WidgetItem | None
) -> AsyncIterator[ThreadStreamEvent]:
    guest = fields(action.payload, "guest")
    stay = fields(action.payload, "stay")
    name, room = str(guest.get("name") or "a guest"), ROOMS.get(str(stay.get("room")), "a room to be found")
    wishes = [words for key, words in WISHES.items() if stay.get(key)]
    if sender is not None:
        yield desk.redraw(
            sender,
            "ticket",
            name=name,
            room=room,
            date=str(stay.get("date") or "any day"),
            email=str(guest.get("email") or "—"),
            wishes=", ".join(wishes) or "nothing further",
            note=str(stay.get("note") or ""),
        )
    yield desk.remember(f"The guest booked: {action.payload!r}")
    date = stay.get("date") or "a day of your choosing"
    ending = f" You asked for {' and '.join(wishes)}; both the kitchen and I took note." if wishes else ""
    async for event in desk.say(f"Written in ink, {name}: **{room}**, from **{date}**.{ending}"):
        yield event


WISHES = {"breakfast": "breakfast at the window", "wake": "a knock when the ships come in"}
