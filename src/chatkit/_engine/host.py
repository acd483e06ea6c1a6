"""What the engine asks of an app. `ChatKitServer` is the one that everybody extends."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextvars import ContextVar
from typing import Any, Literal, Protocol, TypeVar

from chatkit.actions import Action
from chatkit.store import AttachmentStore, Store
from chatkit.types import (
    AudioInput,
    ChatKitReq,
    FeedbackKind,
    StreamOptions,
    SyncCustomActionResponse,
    ThreadItem,
    ThreadMetadata,
    ThreadStreamEvent,
    TranscriptionResult,
    UserMessageItem,
    WidgetItem,
)

__all__ = ["Host", "Overlap", "current_request"]

TContext = TypeVar("TContext")

Overlap = Literal["queue", "reject", "replace", "allow"]
"""What a message does that arrives while its thread is still answering.

`queue` waits for the answer to end, `reject` refuses with `thread.busy`, `replace` stops the answer and keeps what
was written of it, `allow` answers both at once.
"""

current_request: ContextVar[ChatKitReq | None] = ContextVar("chatkit_current_request", default=None)
"""The request that is being answered here."""


class Host(Protocol[TContext]):
    """An app: where it keeps things, and what it does."""

    store: Store[TContext]
    attachment_store: AttachmentStore[TContext] | None
    overlap: Overlap
    overlap_wait: float
    max_page_size: int

    def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: TContext
    ) -> AsyncIterator[ThreadStreamEvent]:
        """Answer."""
        ...

    def action(
        self, thread: ThreadMetadata, action: Action[str, Any], sender: WidgetItem | None, context: TContext
    ) -> AsyncIterator[ThreadStreamEvent]:
        """Perform an action, streaming."""
        ...

    async def sync_action(
        self, thread: ThreadMetadata, action: Action[str, Any], sender: WidgetItem | None, context: TContext
    ) -> SyncCustomActionResponse:
        """Perform an action, with one answer."""
        ...

    async def add_feedback(
        self, thread_id: str, item_ids: list[str], feedback: FeedbackKind, context: TContext
    ) -> None:
        """Take feedback."""
        ...

    async def transcribe(self, audio_input: AudioInput, context: TContext) -> TranscriptionResult:
        """Turn speech into text."""
        ...

    def get_stream_options(self, thread: ThreadMetadata, context: TContext) -> StreamOptions:
        """What the client may do while a stream runs."""
        ...

    async def handle_stream_cancelled(
        self, thread: ThreadMetadata, pending_items: list[ThreadItem], context: TContext
    ) -> None:
        """Keep what should be kept of an answer that was stopped."""
        ...
