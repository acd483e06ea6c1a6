"""The demo's assistant: a scripted night porter, so that the product can be met without a key."""

from collections.abc import AsyncIterator, Callable
from typing import Any

from chatkit.actions import Action
from chatkit.demo._desk import Desk, Visitor
from chatkit.demo.scenes import booking, checkout, find_scene, lamp, letter, questions, rooms, watch
from chatkit.server import ChatKitServer
from chatkit.types import (
    ClientToolCallItem,
    FeedbackKind,
    StructuredInputItem,
    ThreadMetadata,
    ThreadStreamEvent,
    UserMessageItem,
    UserMessageTagContent,
    UserMessageTextContent,
    WidgetItem,
)

__all__ = ["Porter"]

ActionScene = Callable[[Desk, Action[str, Any], WidgetItem | None], AsyncIterator[ThreadStreamEvent]]
ACTIONS: dict[str, ActionScene] = {
    "room.choose": rooms.choose,
    "booking.send": booking.send,
    "email.send": letter.send,
    "email.discard": letter.discard,
    "checkout.confirm": checkout.confirm,
    "checkout.cancel": checkout.cancel,
    "lamp.turned": lamp.reported,
}
COFFEE = 0.25  # how long a word takes after coffee, as a part of the usual


class Porter(ChatKitServer[Visitor]):
    """Answers every request of the protocol from a script.

    ``seconds_per_word`` sets how fast it talks; 0 is at once.
    """

    def __init__(self, *args: Any, seconds_per_word: float = 0.03, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seconds_per_word = seconds_per_word

    async def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: Visitor
    ) -> AsyncIterator[ThreadStreamEvent]:
        desk = self._desk(thread, context, input_user_message)
        if input_user_message is None:
            async for event in self._carry_on(desk):
                yield event
            return
        said = _said(input_user_message)
        if thread.title is None:
            thread.title = self.title_of(input_user_message)
        scene = find_scene(said)
        async for event in scene.play(desk) if scene else desk.say(_small_talk(input_user_message)):
            yield event

    async def action(
        self, thread: ThreadMetadata, action: Action[str, Any], sender: WidgetItem | None, context: Visitor
    ) -> AsyncIterator[ThreadStreamEvent]:
        play = ACTIONS.get(action.type)
        if play is None:
            return
        async for event in play(self._desk(thread, context), action, sender):
            yield event

    async def add_feedback(
        self, thread_id: str, item_ids: list[str], feedback: FeedbackKind, context: Visitor
    ) -> None:
        thread = await self.store.load_thread(thread_id, context)
        thread.metadata = {
            **thread.metadata,
            "feedback": {**thread.metadata.get("feedback", {}), item_ids[0]: feedback},
        }
        await self.store.save_thread(thread, context)

    @staticmethod
    def title_of(message: UserMessageItem) -> str:
        """A thread's title, from the message that opens it: its first words, 48 characters at most."""
        line = " ".join(_said(message).split()) or "An envelope"
        return line if len(line) <= 48 else line[:47].rsplit(" ", 1)[0] + "…"

    async def _carry_on(self, desk: Desk) -> AsyncIterator[ThreadStreamEvent]:
        """Go on after the page has answered: a client tool's result, or structured input."""
        newest = await self.store.load_thread_items(desk.thread.id, None, 5, "desc", desk.context)
        for item in newest.data:
            if isinstance(item, ClientToolCallItem):
                answer = watch.answered(desk, item)
            elif isinstance(item, StructuredInputItem):
                answer = questions.answered(desk, item)
            else:
                continue
            async for event in answer:
                yield event
            return

    def _desk(self, thread: ThreadMetadata, context: Visitor, message: UserMessageItem | None = None) -> Desk:
        quick = message is not None and message.inference_options.model == "coffee"
        pace = self.seconds_per_word * (COFFEE if quick else 1)
        return Desk(thread, self.store, context, pace, message)


def _said(message: UserMessageItem) -> str:
    return "".join(p.text if isinstance(p, UserMessageTextContent) else f"@{p.text}" for p in message.content)


def _small_talk(message: UserMessageItem) -> str:
    if message.attachments:
        names = ", ".join(f"**{attachment.name}**" for attachment in message.attachments)
        return f"I've put {names} in the safe, behind the umbrellas. Say the word and I forget where."
    tags = [part for part in message.content if isinstance(part, UserMessageTagContent)]
    if tags:
        return f"Ah, **{tags[0].text}**. We have met. I say nothing further; it is that kind of house."
    if message.quoted_text:
        return f"I did say “{message.quoted_text.strip()}”, and I would say it again, only slower."
    return (
        "I am a *scripted* porter, so my conversation has edges, and you have just found one. Ask me about the **house**, "
        "the **rooms**, a **booking**, a **letter**, late **checkout**, the **lights**, the **season**, preparing your "
        "room, the **time**, **breakfast** or the **lift**. Set `OPENAI_API_KEY` and I shall have opinions on everything."
    )
