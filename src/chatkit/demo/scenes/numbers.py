"""A chart and a table."""

from collections.abc import AsyncIterator

from chatkit.demo._desk import Desk
from chatkit.types import ThreadStreamEvent

__all__ = ["play"]

SEASON = [
    {"month": "May", "guests": 41, "foghorn": 12},
    {"month": "Jun", "guests": 68, "foghorn": 7},
    {"month": "Jul", "guests": 96, "foghorn": 4},
    {"month": "Aug", "guests": 103, "foghorn": 6},
    {"month": "Sep", "guests": 74, "foghorn": 15},
    {"month": "Oct", "guests": 52, "foghorn": 23},
]
ROOMS = [
    {"room": "Lamp Room", "nights": 148, "rate": "€140", "score": "4.9"},
    {"room": "Low Tide", "nights": 97, "rate": "€95", "score": "4.2"},
    {"room": "The Quiet One", "nights": 121, "rate": "€110", "score": "5.0"},
    {"room": "Number Eleven", "nights": 0, "rate": "—", "score": "—"},
]


async def play(desk: Desk) -> AsyncIterator[ThreadStreamEvent]:
    async for event in desk.say("Guests come with the sun; the foghorn comes with the guests' complaints."):
        yield event
    async for event in desk.show("season", "Guests and foghorn by month", months=SEASON):
        yield event
    async for event in desk.show("ledger", "Rooms of the season", rooms=ROOMS):
        yield event
