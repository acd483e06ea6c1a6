"""Structured input: the assistant asks, the composer makes room, and the answers come back."""

from collections.abc import AsyncIterator

from chatkit.demo._desk import Desk
from chatkit.types import (
    StructuredInputFreeform,
    StructuredInputItem,
    StructuredInputMultipleChoice,
    StructuredInputMultipleChoiceOption,
    ThreadItemDoneEvent,
    ThreadStreamEvent,
)

__all__ = ["answered", "play"]


def _choice(key: str, question: str, *options: str, multiple: bool = False) -> StructuredInputMultipleChoice:
    values = [StructuredInputMultipleChoiceOption(value=option) for option in options]
    return StructuredInputMultipleChoice(id=key, question=question, options=values, multiple=multiple)


async def play(desk: Desk) -> AsyncIterator[ThreadStreamEvent]:
    async for event in desk.say("Gladly. Three questions, and the kitchen only mishears two of them."):
        yield event
    inputs = [
        _choice("eggs", "How do you take your eggs?", "Boiled, six minutes", "Fried", "I'd rather not"),
        _choice(
            "drinks", "What shall stand beside them?", "Coffee", "Tea", "Seawater (filtered)", multiple=True
        ),
        StructuredInputFreeform(
            id="wish", question="Anything the kitchen should know?", description="Allergies, grudges."
        ),
    ]
    yield ThreadItemDoneEvent(item=StructuredInputItem(**desk.stamp("message"), inputs=inputs))


async def answered(desk: Desk, item: StructuredInputItem) -> AsyncIterator[ThreadStreamEvent]:
    given = {i.id: ", ".join(i.answer.values) for i in item.inputs if i.answer and not i.answer.skipped}
    if not given:
        text = "No matter. You will get the usual, which is what everyone gets."
    else:
        lines = [f"- **{i.question}** {given[i.id]}" for i in item.inputs if i.id in given]
        text = "\n".join(["I'll send this down:", "", *lines, "", "Eight o'clock, at the window."])
    async for event in desk.say(text):
        yield event
