"""What the requests of a thread share: loading what they name, and recording what a person said."""

from __future__ import annotations

from typing import Any

from chatkit._engine.faults import named
from chatkit._engine.host import Host
from chatkit._engine.presenting import present_item
from chatkit._time import utc_now
from chatkit.errors import (
    AccessDeniedError,
    ErrorCode,
    LimitExceededError,
    NotFoundError,
    ThreadStateError,
)
from chatkit.logger import logger
from chatkit.store import AttachmentStore
from chatkit.types import (
    ActiveStatus,
    Attachment,
    ThreadItem,
    ThreadItemDoneEvent,
    ThreadMetadata,
    UserMessageInput,
    UserMessageItem,
)

__all__ = ["load_item", "load_thread", "new_message", "record_message", "refuse_unless_active", "undo_create"]

_Host = Host[Any]


async def load_thread(host: _Host, thread_id: str, context: Any) -> ThreadMetadata:
    """The thread of a request.

    :raises NotFoundError: `thread.not_found`.
    """
    try:
        return await host.store.load_thread(thread_id, context)
    except NotFoundError as error:
        raise named(error, ErrorCode.THREAD_NOT_FOUND, "params.thread_id") from error


async def load_item(host: _Host, thread_id: str, item_id: str, context: Any) -> ThreadItem:
    """An item that a request names.

    :raises NotFoundError: `item.not_found`.
    """
    try:
        return await host.store.load_item(thread_id, item_id, context)
    except NotFoundError as error:
        raise named(error, ErrorCode.ITEM_NOT_FOUND, "params.item_id") from error


def refuse_unless_active(thread: ThreadMetadata) -> None:
    """:raises ThreadStateError: `thread.locked` or `thread.closed`."""
    if isinstance(thread.status, ActiveStatus):
        return
    kind = thread.status.type
    code = ErrorCode.THREAD_LOCKED if kind == "locked" else ErrorCode.THREAD_CLOSED
    reason = f": {thread.status.reason}" if thread.status.reason else ""
    hint = "Start a new conversation." if kind == "closed" else "Try again when it is open."
    raise ThreadStateError(
        f"This conversation is {kind}{reason}.", code=code, path="params.thread_id", hint=hint
    )


async def new_message(
    host: _Host, thread: ThreadMetadata, given: UserMessageInput, context: Any, *threads: str
) -> UserMessageItem:
    """The message a person sent, with its attachments, not stored yet.

    :param threads: ids of threads, beside this one, whose attachments may be used.
    :raises NotFoundError: `attachment.not_found`.
    :raises AccessDeniedError: `attachment.denied`.
    :raises LimitExceededError: there are more files than the attachment store allows.
    """
    attachments = [
        await _attachment(host, attachment_id, n, {thread.id, *threads}, context)
        for n, attachment_id in enumerate(given.attachments)
    ]
    if attachments and host.attachment_store is not None:
        await _check_files(host, host.attachment_store, thread, attachments, context)
    return UserMessageItem(
        id=host.store.generate_item_id("message", thread, context),
        thread_id=thread.id,
        created_at=utc_now(),
        content=given.content,
        attachments=attachments,
        quoted_text=given.quoted_text,
        inference_options=given.inference_options,
    )


async def _check_files(
    host: _Host, files: AttachmentStore[Any], thread: ThreadMetadata, given: list[Attachment], context: Any
) -> None:
    async def earlier() -> list[Attachment]:
        try:
            return await host.store.load_thread_attachments(thread.id, context)
        except NotFoundError:  # a thread that this message is about to begin
            return []

    try:
        await files.check_message(given, earlier, context)
    except LimitExceededError as error:
        error.path = error.path or "params.input.attachments"
        raise


async def _attachment(host: _Host, attachment_id: str, n: int, threads: set[str], context: Any) -> Attachment:
    path = f"params.input.attachments[{n}]"
    try:
        attachment = await host.store.load_attachment(attachment_id, context)
    except NotFoundError as error:
        raise named(error, ErrorCode.ATTACHMENT_NOT_FOUND, path) from error
    except LookupError as error:
        raise NotFoundError(
            f"Attachment {attachment_id} does not exist.", code=ErrorCode.ATTACHMENT_NOT_FOUND, path=path
        ) from error
    if attachment.thread_id is not None and attachment.thread_id not in threads:
        raise AccessDeniedError(
            f"Attachment {attachment_id} belongs to another conversation.",
            code=ErrorCode.ATTACHMENT_DENIED,
            path=path,
            hint="Upload the file again.",
        )
    return attachment


async def record_message(
    host: _Host, thread: ThreadMetadata, message: UserMessageItem, context: Any
) -> ThreadItemDoneEvent:
    """Store a message and make its attachments the thread's; gives the event of it."""
    for n, attachment in enumerate(message.attachments):
        kept = attachment.model_copy(update={"thread_id": thread.id, "upload_descriptor": None})
        message.attachments[n] = kept
        await host.store.save_attachment(kept, context)
    await host.store.add_thread_item(thread.id, message, context)
    return ThreadItemDoneEvent(item=await present_item(host, message, context))


async def undo_create(host: _Host, thread_id: str, context: Any) -> None:
    """Delete a thread whose first message could not be stored."""
    try:
        await host.store.delete_thread(thread_id, context)
    except Exception as error:
        logger.error("Thread %s was left without its first message", thread_id, exc_info=error)
