"""A widget whose text is written token by token, then becomes a form."""

from collections.abc import AsyncIterator
from typing import Any

from chatkit.actions import Action
from chatkit.demo._desk import TOKEN, Desk, fields, widget
from chatkit.server import stream_widget
from chatkit.types import ThreadStreamEvent, WidgetItem
from chatkit.widgets import WidgetRoot

__all__ = ["discard", "play", "send"]

SUBJECT = "The foghorn, again"
BODY = """\
Dear Ms Brandt,

I write about the foghorn. It is, I grant you, a fine instrument, and it has never once been out of tune. \
It is also, as of last night, directly below my pillow.

I do not ask that it be silenced; ships, I understand, are fond of it. I ask only whether it might be \
persuaded to begin with something softer, and work its way up.

With undiminished affection for the house,
a guest in Low Tide
"""


async def play(desk: Desk) -> AsyncIterator[ThreadStreamEvent]:
    async for event in desk.say("Let me find my better pen."):
        yield event
    async for event in stream_widget(desk.thread, _written(desk), BODY, desk.new_id):
        yield event
    async for event in desk.say(
        "Change a word where you like, then send it. Or don't; I write one of these a week."
    ):
        yield event


async def _written(desk: Desk) -> AsyncIterator[WidgetRoot]:
    body = ""
    yield _letter("", writing=True)
    for word in TOKEN.findall(BODY):
        body += word
        await desk.pause()
        yield _letter(body, writing=True)
    yield _letter(body, writing=False)


def _letter(body: str, *, writing: bool) -> WidgetRoot:
    return widget("letter", to="brandt@meridian.example", subject=SUBJECT, body=body, writing=writing)


async def send(
    desk: Desk, action: Action[str, Any], sender: WidgetItem | None
) -> AsyncIterator[ThreadStreamEvent]:
    email = fields(action.payload, "email")
    to, subject = str(email.get("to") or "nobody"), str(email.get("subject") or SUBJECT)
    words = len(str(email.get("body") or "").split())
    if sender is not None:
        yield desk.redraw(sender, "sent", to=to, subject=subject, words=words)
    async for event in desk.say(
        f"Sent to **{to}**, all {words} words of it. (Nothing left this machine. It never does.)"
    ):
        yield event


async def discard(
    desk: Desk, action: Action[str, Any], sender: WidgetItem | None
) -> AsyncIterator[ThreadStreamEvent]:
    if sender is not None:
        yield desk.redraw(sender, "sent", to="", subject=SUBJECT, words=0)
    async for event in desk.say("Into the stove, then. It keeps the desk warm."):
        yield event
