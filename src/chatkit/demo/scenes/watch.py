"""A client tool: the page is asked for something only it knows, and the answer goes on from there."""

from collections.abc import AsyncIterator

from chatkit.demo._desk import Desk, fields
from chatkit.types import ClientToolCallItem, ThreadItemDoneEvent, ThreadStreamEvent

__all__ = ["answered", "play"]


async def play(desk: Desk) -> AsyncIterator[ThreadStreamEvent]:
    async for event in desk.say("My clock is wound by hand, so let me ask yours."):
        yield event
    call = desk.stamp("tool_call")
    yield ThreadItemDoneEvent(
        item=ClientToolCallItem(
            **call, call_id=call["id"], name="local_time", arguments={"precision": "minute"}
        )
    )


async def answered(desk: Desk, item: ClientToolCallItem) -> AsyncIterator[ThreadStreamEvent]:
    output = fields(item.output)
    if "time" not in output:
        text = "Your page would not say. Let us call it *late*, and leave it at that."
    else:
        text = f"It is **{output['time']}** by your clock, in {output.get('zone', 'a zone of your own')}. By mine it is night."
    async for event in desk.say(text):
        yield event
