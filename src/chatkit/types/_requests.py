"""Requests: what a client may ask, and the parameters of each."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field
from typing_extensions import TypeIs

from chatkit.actions import Action
from chatkit.types._late import LateModel
from chatkit.types._messages import UserMessageInput
from chatkit.types._structured_input import StructuredInputSubmission

FeedbackKind = Literal["positive", "negative"]
"""A thumb up or down."""

ClientRequestId = Annotated[str, Field(min_length=1, max_length=128)]
"""A client's own id for a request; the server performs each one once per thread."""


class BaseReq(LateModel):
    """What every request may carry: ``metadata`` is for the app, the server does not use it."""

    metadata: dict[str, Any] = Field(default_factory=dict)


class ThreadGetByIdParams(LateModel):
    """Which thread to load."""

    thread_id: str


class ThreadsGetByIdReq(BaseReq):
    """Load one thread with its first page of items."""

    type: Literal["threads.get_by_id"] = "threads.get_by_id"
    params: ThreadGetByIdParams


class ThreadCreateParams(LateModel):
    """The first message of the new thread."""

    input: UserMessageInput
    client_request_id: ClientRequestId | None = None


class ThreadsCreateReq(BaseReq):
    """Start a thread with a user message; answered by a stream."""

    type: Literal["threads.create"] = "threads.create"
    params: ThreadCreateParams


class ThreadListParams(LateModel):
    """Which page of threads to list. ``query``, ``sort`` and ``archived`` are ours; stores that cannot search ignore them."""

    limit: int | None = None
    order: Literal["asc", "desc"] = "desc"
    after: str | None = None
    query: str | None = Field(default=None, max_length=500)
    sort: Literal["created_at", "updated_at"] | None = None
    archived: bool | None = None


class ThreadsListReq(BaseReq):
    """List threads, newest first unless asked otherwise."""

    type: Literal["threads.list"] = "threads.list"
    params: ThreadListParams


class ThreadAddUserMessageParams(LateModel):
    """The message, and the thread it belongs to."""

    input: UserMessageInput
    thread_id: str
    client_request_id: ClientRequestId | None = None


class ThreadsAddUserMessageReq(BaseReq):
    """Add a user message to a thread; answered by a stream."""

    type: Literal["threads.add_user_message"] = "threads.add_user_message"
    params: ThreadAddUserMessageParams


class ThreadAddClientToolOutputParams(LateModel):
    """The result of a pending client tool call of a thread.

    Ours: ``item_id`` says which call it answers (the newest, when absent), ``error`` that the tool failed.
    """

    thread_id: str
    result: Any
    item_id: str | None = None
    error: str | None = None
    client_request_id: ClientRequestId | None = None


class ThreadsAddClientToolOutputReq(BaseReq):
    """Hand back what a client tool returned; answered by a stream."""

    type: Literal["threads.add_client_tool_output"] = "threads.add_client_tool_output"
    params: ThreadAddClientToolOutputParams


class ThreadAddStructuredInputParams(LateModel):
    """The answers, and the item they belong to."""

    thread_id: str
    item_id: str
    input: StructuredInputSubmission
    client_request_id: ClientRequestId | None = None


class ThreadsAddStructuredInputReq(BaseReq):
    """Answer a structured input; answered by a stream."""

    type: Literal["threads.add_structured_input"] = "threads.add_structured_input"
    params: ThreadAddStructuredInputParams


class ThreadCustomActionParams(LateModel):
    """The action, and the widget item it came from, if any."""

    thread_id: str
    item_id: str | None = None
    action: Action[str, Any]
    client_request_id: ClientRequestId | None = None


class ThreadsCustomActionReq(BaseReq):
    """Perform a widget's action; answered by a stream."""

    type: Literal["threads.custom_action"] = "threads.custom_action"
    params: ThreadCustomActionParams


class ThreadsSyncCustomActionReq(BaseReq):
    """Perform a widget's action; answered once."""

    type: Literal["threads.sync_custom_action"] = "threads.sync_custom_action"
    params: ThreadCustomActionParams


class ThreadRetryAfterItemParams(LateModel):
    """The user message to answer again."""

    thread_id: str
    item_id: str
    client_request_id: ClientRequestId | None = None


class ThreadsRetryAfterItemReq(BaseReq):
    """Answer a user message again; answered by a stream."""

    type: Literal["threads.retry_after_item"] = "threads.retry_after_item"
    params: ThreadRetryAfterItemParams


class ItemFeedbackParams(LateModel):
    """The items that were judged."""

    thread_id: str
    item_ids: list[str]
    kind: FeedbackKind


class ItemsFeedbackReq(BaseReq):
    """Record a thumbs up or down."""

    type: Literal["items.feedback"] = "items.feedback"
    params: ItemFeedbackParams


class AttachmentDeleteParams(LateModel):
    """Which attachment to delete."""

    attachment_id: str


class AttachmentsDeleteReq(BaseReq):
    """Delete an uploaded attachment."""

    type: Literal["attachments.delete"] = "attachments.delete"
    params: AttachmentDeleteParams


class AttachmentCreateParams(LateModel):
    """Name, size in bytes and media type of the file to upload."""

    name: str
    size: int
    mime_type: str


class AttachmentsCreateReq(BaseReq):
    """Register an attachment before its upload."""

    type: Literal["attachments.create"] = "attachments.create"
    params: AttachmentCreateParams


class InputTranscribeParams(LateModel):
    """The recording, base64-encoded, and its media type with parameters."""

    audio_base64: str
    mime_type: str


class InputTranscribeReq(BaseReq):
    """Turn recorded speech into text."""

    type: Literal["input.transcribe"] = "input.transcribe"
    params: InputTranscribeParams


class ItemsListParams(LateModel):
    """Which page of which thread's items to list."""

    thread_id: str
    limit: int | None = None
    order: Literal["asc", "desc"] = "desc"
    after: str | None = None


class ItemsListReq(BaseReq):
    """List items of a thread."""

    type: Literal["items.list"] = "items.list"
    params: ItemsListParams


class ThreadUpdateParams(LateModel):
    """The thread and its new title."""

    thread_id: str
    title: str


class ThreadsUpdateReq(BaseReq):
    """Rename a thread."""

    type: Literal["threads.update"] = "threads.update"
    params: ThreadUpdateParams


class ThreadDeleteParams(LateModel):
    """Which thread to delete."""

    thread_id: str


class ThreadsDeleteReq(BaseReq):
    """Delete a thread and all it holds."""

    type: Literal["threads.delete"] = "threads.delete"
    params: ThreadDeleteParams


class ThreadResumeParams(LateModel):
    """The thread to follow, and the id of the last frame the client has seen (``<run id>:<n>``)."""

    thread_id: str
    after: str | None = None


class ThreadsResumeReq(BaseReq):
    """Go on reading the running answer of a thread; answered by a stream, empty when nothing runs."""

    type: Literal["threads.resume"] = "threads.resume"
    params: ThreadResumeParams


class ThreadStopParams(LateModel):
    """The thread whose answer to stop; ``run_id`` guards against stopping a later one."""

    thread_id: str
    run_id: str | None = None


class ThreadsStopReq(BaseReq):
    """Stop the running answer of a thread; stopping twice is the same as once."""

    type: Literal["threads.stop"] = "threads.stop"
    params: ThreadStopParams


class ThreadEditMessageParams(LateModel):
    """The user message to change, and what it should say."""

    thread_id: str
    item_id: str
    input: UserMessageInput
    client_request_id: ClientRequestId | None = None


class ThreadsEditMessageReq(BaseReq):
    """Say something else at an earlier point: a new thread branches off there; answered by a stream."""

    type: Literal["threads.edit_message"] = "threads.edit_message"
    params: ThreadEditMessageParams


StreamingReq = (
    ThreadsCreateReq
    | ThreadsAddUserMessageReq
    | ThreadsAddClientToolOutputReq
    | ThreadsAddStructuredInputReq
    | ThreadsRetryAfterItemReq
    | ThreadsCustomActionReq
    | ThreadsResumeReq
    | ThreadsEditMessageReq
)
"""Requests answered by a stream of events."""

NonStreamingReq = (
    ThreadsGetByIdReq
    | ThreadsListReq
    | ItemsListReq
    | ItemsFeedbackReq
    | AttachmentsCreateReq
    | AttachmentsDeleteReq
    | ThreadsUpdateReq
    | ThreadsDeleteReq
    | InputTranscribeReq
    | ThreadsSyncCustomActionReq
    | ThreadsStopReq
)
"""Requests answered once."""

ChatKitReq = Annotated[StreamingReq | NonStreamingReq, Field(discriminator="type")]
"""Any request."""

_STREAMING: frozenset[type[BaseReq]] = frozenset(
    {
        ThreadsCreateReq,
        ThreadsAddUserMessageReq,
        ThreadsAddClientToolOutputReq,
        ThreadsAddStructuredInputReq,
        ThreadsRetryAfterItemReq,
        ThreadsCustomActionReq,
        ThreadsResumeReq,
        ThreadsEditMessageReq,
    }
)


def is_streaming_req(request: ChatKitReq) -> TypeIs[StreamingReq]:
    """Tell whether a request is answered by a stream."""
    return type(request) in _STREAMING or isinstance(request, tuple(_STREAMING))
