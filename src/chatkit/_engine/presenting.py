"""What a client may see, and in what state."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from chatkit._engine.host import Host
from chatkit._engine.wire import client_attachment
from chatkit.store import AttachmentStore
from chatkit.types import (
    AssistantMessageItem,
    Attachment,
    ClientToolCallItem,
    GeneratedImageItem,
    HiddenContextItem,
    SDKHiddenContextItem,
    ThreadItem,
    UserMessageItem,
    WidgetItem,
    WorkflowItem,
)

__all__ = ["is_hidden", "present_item", "present_items", "present_new_attachment", "signs_images"]

TContext = TypeVar("TContext")
_Item = TypeVar("_Item", bound=Any)

_AS_IT_IS = AttachmentStore[Any].present_attachment
_IMAGE_AS_IT_IS = AttachmentStore[Any].present_image
_HIDDEN = (HiddenContextItem, SDKHiddenContextItem)
_AS_KEPT = frozenset({AssistantMessageItem, WidgetItem, WorkflowItem, ClientToolCallItem})
_SEEN = _AS_KEPT | {UserMessageItem}


def is_hidden(item: ThreadItem) -> bool:
    """Whether no client ever sees the item."""
    # The common classes are told by identity: isinstance() of a model costs as much as writing a small one.
    return type(item) not in _SEEN and isinstance(item, _HIDDEN)


async def present_items(
    host: Host[TContext], items: Iterable[ThreadItem], context: TContext
) -> list[ThreadItem]:
    """The items as a client may see them now."""
    return [item if type(item) in _AS_KEPT else await present_item(host, item, context) for item in items]


async def present_item(host: Host[TContext], item: ThreadItem, context: TContext) -> ThreadItem:
    """The item as a client may see it now; the same object when there is nothing to hide or to sign."""
    if type(item) in _AS_KEPT:
        return item
    if isinstance(item, GeneratedImageItem):
        return await _present_image(host, item, context)
    if not isinstance(item, UserMessageItem) or not item.attachments:
        return item
    shown = [client_attachment(await _present(host, a, context)) for a in item.attachments]
    return item.model_copy(update={"attachments": shown})


async def present_new_attachment(
    host: Host[TContext], attachment: Attachment, context: TContext
) -> Attachment:
    """A new attachment for the client that will upload it: with the descriptor, without the metadata."""
    presented = await _present(host, attachment, context)
    return presented.model_copy(update={"metadata": None, "upload_descriptor": attachment.upload_descriptor})


def signs_images(host: Host[Any]) -> bool:
    """Whether generated images may need a fresh address."""
    return (
        host.attachment_store is not None and type(host.attachment_store).present_image is not _IMAGE_AS_IT_IS
    )


async def _present_image(host: Host[TContext], item: GeneratedImageItem, context: TContext) -> ThreadItem:
    store = host.attachment_store
    if store is None or item.image is None or not signs_images(host):
        return item
    image = await store.present_image(item.image, context)
    return item if image is item.image else item.model_copy(update={"image": image})


async def _present(host: Host[TContext], attachment: Attachment, context: TContext) -> Attachment:
    store = host.attachment_store
    if store is None or type(store).present_attachment is _AS_IT_IS:
        return attachment
    return await store.present_attachment(attachment, context)
