"""One function for each request with a single answer: it gives the JSON of it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Awaitable, Callable
from typing import Any, Final

from chatkit._engine.branches import leave_family
from chatkit._engine.changes import ThreadWatch
from chatkit._engine.faults import NoAttachmentStoreError, UnfitRequestError, named
from chatkit._engine.host import Host
from chatkit._engine.messages import load_item, load_thread
from chatkit._engine.pages import items_page, threads_page
from chatkit._engine.presenting import present_item, present_new_attachment
from chatkit._engine.wire import json_of, thread_json
from chatkit.errors import ErrorCode, NotFoundError
from chatkit.store import AttachmentStore, ThreadQuery
from chatkit.types import (
    AttachmentCreateParams,
    AttachmentDeleteParams,
    AudioInput,
    InputTranscribeParams,
    ItemFeedbackParams,
    ItemsListParams,
    SyncCustomActionResponse,
    ThreadCustomActionParams,
    ThreadDeleteParams,
    ThreadGetByIdParams,
    ThreadListParams,
    ThreadMetadata,
    ThreadUpdateParams,
    WidgetItem,
)

__all__ = ["ANSWERS", "DEFAULT_PAGE_SIZE", "thread_answer"]

DEFAULT_PAGE_SIZE: Final = 20
"""Rows of a page when the client does not say how many."""

_Host = Host[Any]
_RunOf = Callable[[ThreadMetadata], Awaitable[str | None]]
_NOTHING: Final = b"{}"


def _limit(host: _Host, asked: int | None) -> int:
    if asked is None:
        return DEFAULT_PAGE_SIZE
    if asked < 1:
        raise UnfitRequestError("A page has at least one row.", path="params.limit", hint="Send 1 or more.")
    return min(asked, host.max_page_size)


async def thread_answer(host: _Host, thread_id: str, context: Any, run_of: _RunOf | None = None) -> bytes:
    """A thread with its first page of items, oldest first.

    :param run_of: gives the id of the run to follow, if any. It is asked before the items are read, so that nothing
        falls between the two.
    """
    thread = await load_thread(host, thread_id, context)
    run_id = None if run_of is None else await run_of(thread)
    items = await items_page(host, thread.id, None, DEFAULT_PAGE_SIZE, "asc", context)
    return thread_json(thread, items, run_id)


async def _get_thread(host: _Host, params: ThreadGetByIdParams, context: Any) -> bytes:
    return await thread_answer(host, params.thread_id, context)


async def _list_threads(host: _Host, params: ThreadListParams, context: Any) -> bytes:
    query = None
    if params.query is not None or params.sort is not None or params.archived is not None:
        query = ThreadQuery(params.query, params.sort or "created_at", params.archived or False)
    return await threads_page(host, params.after, _limit(host, params.limit), params.order, context, query)


async def _list_items(host: _Host, params: ItemsListParams, context: Any) -> bytes:
    limit = _limit(host, params.limit)
    return await items_page(host, params.thread_id, params.after, limit, params.order, context)


async def _update_thread(host: _Host, params: ThreadUpdateParams, context: Any) -> bytes:
    thread = await load_thread(host, params.thread_id, context)
    thread.title = params.title
    await host.store.save_thread(thread, context)
    return thread_json(thread)


async def _delete_thread(host: _Host, params: ThreadDeleteParams, context: Any) -> bytes:
    try:
        thread = await host.store.load_thread(params.thread_id, context)
    except (NotFoundError, LookupError):
        thread = None
    await host.store.delete_thread(params.thread_id, context)
    if thread is not None:
        await leave_family(host, thread, context)
    return _NOTHING


async def _give_feedback(host: _Host, params: ItemFeedbackParams, context: Any) -> bytes:
    thread = await load_thread(host, params.thread_id, context)
    await host.add_feedback(thread.id, params.item_ids, params.kind, context)
    return _NOTHING


def _attachment_store(host: _Host) -> AttachmentStore[Any]:
    if host.attachment_store is None:
        raise NoAttachmentStoreError
    return host.attachment_store


async def _create_attachment(host: _Host, params: AttachmentCreateParams, context: Any) -> bytes:
    store = _attachment_store(host)
    if params.size < 0:
        raise UnfitRequestError(
            "A file cannot have a negative size.", path="params.size", hint="Send its bytes."
        )
    attachment = await store.create_attachment(params, context)
    await host.store.save_attachment(attachment.model_copy(update={"upload_descriptor": None}), context)
    return json_of(await present_new_attachment(host, attachment, context))


async def _delete_attachment(host: _Host, params: AttachmentDeleteParams, context: Any) -> bytes:
    store = _attachment_store(host)
    try:
        await host.store.load_attachment(params.attachment_id, context)
    except NotFoundError as error:
        raise named(error, ErrorCode.ATTACHMENT_NOT_FOUND, "params.attachment_id") from error
    await store.delete_attachment(params.attachment_id, context)
    await host.store.delete_attachment(params.attachment_id, context)
    return _NOTHING


async def _transcribe(host: _Host, params: InputTranscribeParams, context: Any) -> bytes:
    try:
        data = base64.b64decode(params.audio_base64, validate=True)
    except (binascii.Error, ValueError) as error:
        raise UnfitRequestError(
            "The recording is not base64.", path="params.audio_base64", hint="Encode the bytes as base64."
        ) from error
    return json_of(await host.transcribe(AudioInput(data=data, mime_type=params.mime_type), context))


async def _sync_action(host: _Host, params: ThreadCustomActionParams, context: Any) -> bytes:
    thread = await load_thread(host, params.thread_id, context)
    sender = None
    if params.item_id is not None:
        sender = await load_item(host, thread.id, params.item_id, context)
        if not isinstance(sender, WidgetItem):
            raise UnfitRequestError(
                f"Item {sender.id} is no widget, so no action can come from it.", path="params.item_id"
            )
    watch = ThreadWatch(thread)
    watch.remember()
    response = await host.sync_action(thread, params.action, sender, context)
    if response.updated_item is not None:
        await host.store.save_item(thread.id, response.updated_item, context)
    if watch.changed():
        await host.store.save_thread(thread, context)
    if response.updated_item is None:
        return json_of(response)
    shown = await present_item(host, response.updated_item, context)
    return json_of(SyncCustomActionResponse(updated_item=shown))


ANSWERS: Final[dict[str, Callable[[_Host, Any, Any], Awaitable[bytes]]]] = {
    "threads.get_by_id": _get_thread,
    "threads.list": _list_threads,
    "items.list": _list_items,
    "threads.update": _update_thread,
    "threads.delete": _delete_thread,
    "items.feedback": _give_feedback,
    "attachments.create": _create_attachment,
    "attachments.delete": _delete_attachment,
    "input.transcribe": _transcribe,
    "threads.sync_custom_action": _sync_action,
}
"""What each request with a single answer does."""
