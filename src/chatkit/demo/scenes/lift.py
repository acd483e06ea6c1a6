"""An error with Retry: the first try breaks in the middle of a sentence, the second works."""

from collections.abc import AsyncIterator

from chatkit.demo._desk import Desk
from chatkit.errors import CustomStreamError
from chatkit.types import ThreadStreamEvent

__all__ = ["play"]


async def play(desk: Desk) -> AsyncIterator[ThreadStreamEvent]:
    asked = desk.message.id if desk.message else ""
    if desk.thread.metadata.get("lift") != asked:
        desk.thread.metadata = {**desk.thread.metadata, "lift": asked}
        async for event in desk.say("It is coming. I can hear it. It is between the second floor and"):
            yield event
        raise CustomStreamError("The lift is stuck between floors. Please press again.", allow_retry=True)
    async for event in desk.say("*Ding.* It only wanted to be asked twice. Going up?"):
        yield event
