"""The server side of a chat: subclass `ChatKitServer`, write `respond`, and hand its `process` the request bodies."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Callable
from typing import Any, ClassVar, Generic, TypeVar

from chatkit._also_server import *  # noqa: F403
from chatkit._engine.answers import ANSWERS, DEFAULT_PAGE_SIZE
from chatkit._engine.claims import Claims
from chatkit._engine.faults import NotSupportedError
from chatkit._engine.host import Overlap
from chatkit._engine.host import current_request as current_request_var
from chatkit._engine.keeping import keep_stopped
from chatkit._engine.messages import load_thread
from chatkit._engine.openings import OPENINGS
from chatkit._engine.protocol import parse_request
from chatkit._engine.sending import Headers, Receive, Scope, Send, send_json, send_stream
from chatkit._engine.streaming import refuse_if_busy, stream
from chatkit._engine.user_agent import agents_sdk_user_agent_override
from chatkit._engine.widget_stream import stream_widget
from chatkit._engine.wire import event_json
from chatkit.actions import Action
from chatkit.logger import logger
from chatkit.store import AttachmentStore, Store, StoreItemType
from chatkit.types import (
    MAX_PAGE_SIZE,
    AudioInput,
    ChatKitReq,
    FeedbackKind,
    NonStreamingReq,
    StreamingReq,
    StreamOptions,
    SyncCustomActionResponse,
    ThreadItem,
    ThreadMetadata,
    ThreadsResumeReq,
    ThreadsStopReq,
    ThreadStreamEvent,
    TranscriptionResult,
    UserMessageItem,
    WidgetComponent,
    WidgetItem,
    WidgetRoot,
    diff_widget,
    is_streaming_req,
)

__all__ = [
    "DEFAULT_ERROR_MESSAGE",
    "DEFAULT_PAGE_SIZE",
    "AsyncGenerator",
    "AsyncIterable",
    "Callable",
    "ChatKitReq",
    "ChatKitServer",
    "FeedbackKind",
    "NonStreamingReq",
    "NonStreamingResult",
    "Overlap",
    "StoreItemType",
    "StreamingReq",
    "StreamingResult",
    "ThreadItem",
    "ThreadStreamEvent",
    "WidgetComponent",
    "WidgetRoot",
    "agents_sdk_user_agent_override",
    "diff_widget",
    "stream_widget",
]

DEFAULT_ERROR_MESSAGE = "Something went wrong while answering."
"""What an error event says for itself where the client has no words for its code."""

TContext = TypeVar("TContext")


class StreamingResult(AsyncIterable[bytes]):
    """An answer that streams: iterate over it for server-sent events, each one complete frame.

    Or let `asgi` send it, which costs a server about half as much.
    """

    def __init__(self, stream: AsyncGenerator[bytes, None]) -> None:
        self.json_events = stream

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self.json_events

    async def asgi(self, scope: Scope, receive: Receive, send: Send, headers: Headers = ()) -> None:
        """Send the answer as an ASGI app would, when the request's body has been read.

        Frames that are ready together leave in one message, and none waits for a later one. The handler is cancelled, and
        `handle_stream_cancelled` called, as soon as the client goes away.

        :param headers: more headers of the answer, such as those of CORS.
        """
        await send_stream(self.json_events, receive, send, headers)


class NonStreamingResult:
    """An answer in one piece: `json` is its body."""

    def __init__(self, result: bytes) -> None:
        self.json = result

    async def asgi(self, scope: Scope, receive: Receive, send: Send, headers: Headers = ()) -> None:
        """Send the answer as an ASGI app would, with status 200.

        :param headers: more headers of the answer, such as those of CORS.
        """
        await send_json(send, 200, self.json, headers)


class ChatKitServer(ABC, Generic[TContext]):
    """A chat's server, without any web framework.

    `context` is any object the app makes for each request to say who is asking; it is passed on unchanged to every
    handler and every call of a store.

    :param store: where threads and items are kept.
    :param attachment_store: where files are kept; without one, attachments are refused.
    """

    overlap: Overlap = "queue"
    """What a message does that arrives while its thread is still answering."""
    overlap_wait: float = 60.0
    """Seconds it waits for the answer before, with `queue` and `replace`; then it is refused as `thread.busy`."""
    max_page_size: int = MAX_PAGE_SIZE
    """The most rows of a page, whatever the client asks for."""

    current_request: ClassVar[Callable[[], ChatKitReq | None]] = staticmethod(current_request_var.get)
    """The request that is being answered; its `metadata` is what the page sent along. None outside handlers."""

    def __init__(
        self, store: Store[TContext], attachment_store: AttachmentStore[TContext] | None = None
    ) -> None:
        self.store = store
        self.attachment_store = attachment_store

    @abstractmethod
    def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: TContext
    ) -> AsyncIterator[ThreadStreamEvent]:
        """Answer a message. Write it as an async generator that yields events.

        What is changed in `thread` (title, status, metadata) is saved and sent after each event.

        :param input_user_message: what the person said; None after a client tool's output or a structured input.
        """
        ...

    def action(
        self, thread: ThreadMetadata, action: Action[str, Any], sender: WidgetItem | None, context: TContext
    ) -> AsyncIterator[ThreadStreamEvent]:
        """Perform a widget's action. Write it as an async generator that yields events.

        :param sender: the item the action came from, if it was raised inside one.
        :raises NotImplementedError: unless overridden.
        """
        raise NotSupportedError(
            "This server performs no actions.", f"Override {type(self).__name__}.action() for widget actions."
        )

    async def sync_action(
        self, thread: ThreadMetadata, action: Action[str, Any], sender: WidgetItem | None, context: TContext
    ) -> SyncCustomActionResponse:
        """Perform an action whose config says `streaming=False`, with one answer. An `updated_item` is saved.

        :raises NotImplementedError: unless overridden.
        """
        raise NotSupportedError(
            "This server performs no actions without streaming.",
            f"Override {type(self).__name__}.sync_action() for actions with streaming=False.",
        )

    async def add_feedback(
        self, thread_id: str, item_ids: list[str], feedback: FeedbackKind, context: TContext
    ) -> None:
        """Take a thumb up or down for items of a thread. By default it is only logged."""
        logger.info("Feedback %s on %d items of thread %s was not kept", feedback, len(item_ids), thread_id)

    async def transcribe(self, audio_input: AudioInput, context: TContext) -> TranscriptionResult:
        """Turn a recording into text.

        :raises NotImplementedError: unless overridden.
        """
        raise NotSupportedError(
            "This server takes no dictation.", f"Override {type(self).__name__}.transcribe() for dictation."
        )

    def get_stream_options(self, thread: ThreadMetadata, context: TContext) -> StreamOptions:
        """What the client may do while a stream runs. By default it may stop it."""
        return StreamOptions(allow_cancel=True)

    async def handle_stream_cancelled(
        self, thread: ThreadMetadata, pending_items: list[ThreadItem], context: TContext
    ) -> None:
        """Keep what should be kept when an answer was stopped.

        By default messages with text, widgets, tasks and workflows with tasks are stored as far as they were written, and
        a hidden note tells the model that the user stopped here. It runs to its end although the request itself has been
        cancelled.

        :param pending_items: items that had begun and were not done, as they were shown.
        """
        await keep_stopped(self.store, thread, pending_items, context)

    async def process(
        self, request: str | bytes | bytearray, context: TContext
    ) -> StreamingResult | NonStreamingResult:
        """Answer one request body.

        Everything that can be checked is checked here, before an answer begins; what fails later inside a stream is an
        `error` event of it. Closing or cancelling the stream means that the reader has gone: the handler is cancelled and
        `handle_stream_cancelled` keeps what was said.

        :raises RequestInvalidError: when the body is no request, or asks for what cannot be.
        :raises NotFoundError: when a thread, item or attachment is not there.
        :raises ThreadStateError: when the thread is locked, closed, or busy under the policy `reject`.
        """
        parsed = parse_request(request)
        outside = current_request_var.set(parsed)
        try:
            if is_streaming_req(parsed):
                return StreamingResult(await self._open_stream(parsed, context))
            return NonStreamingResult(await self._answer(parsed, context))
        finally:
            current_request_var.reset(outside)

    def _serialize(self, event: ThreadStreamEvent) -> bytes:
        """One event as its JSON."""
        return event_json(event)

    @property
    def _claims(self) -> Claims:
        mine = vars(self)
        if "_ck_claims" not in mine:  # an app may leave out super().__init__()
            mine["_ck_claims"] = Claims()
        return mine["_ck_claims"]

    async def _answer(self, request: NonStreamingReq, context: TContext) -> bytes:
        if isinstance(request, ThreadsStopReq):
            thread = await load_thread(self, request.params.thread_id, context)
            turn = self._claims.holder(thread.id)
            if turn is not None:
                turn.stop()
            return b"{}"
        return await ANSWERS[request.type](self, request.params, context)

    async def _open_stream(self, request: StreamingReq, context: TContext) -> AsyncGenerator[bytes, None]:
        if isinstance(request, ThreadsResumeReq):
            await load_thread(self, request.params.thread_id, context)
            return _nothing()
        open_ = OPENINGS[request.type]
        opening = await open_(self, request.params, context)
        refuse_if_busy(self, self._claims, opening)
        return stream(
            self, self._claims, request, lambda: open_(self, request.params, context), opening, context
        )


async def _nothing() -> AsyncGenerator[bytes, None]:
    return
    yield b""
