from collections.abc import AsyncIterator

from chatkit.server import ChatKitServer
from chatkit.types import (
    ClientEffectEvent,
    NoticeEvent,
    ProgressUpdateEvent,
    ThreadMetadata,
    ThreadStreamEvent,
    UserMessageItem,
)


class BookingServer(ChatKitServer[None]):
    async def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: None
    ) -> AsyncIterator[ThreadStreamEvent]:
        yield ProgressUpdateEvent(icon="calendar", text="Booking the room")
        yield ClientEffectEvent(name="calendar.open", data={"day": "2026-01-01"})
        yield NoticeEvent(level="info", title="Booked", message="Room 12, **until noon**.")
