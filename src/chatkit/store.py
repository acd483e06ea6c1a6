"""The ports to storage: :class:`Store` for threads and items, :class:`AttachmentStore` for uploaded bytes.

Backends implement them; ``context`` is whatever the app makes for a request and says who is asking.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, NamedTuple, TypeVar

from chatkit._ids import PREFIXES, new_id
from chatkit.errors import ChatKitError, NotFoundError, RequestInvalidError
from chatkit.types import (
    Attachment,
    AttachmentCreateParams,
    GeneratedImage,
    Page,
    ThreadItem,
    ThreadMetadata,
    UserMessageItem,
)

__all__ = [
    "AttachmentStore",
    "ItemRow",
    "ItemRows",
    "NotFoundError",
    "Store",
    "StoreItemType",
    "StoreUnavailableError",
    "ThreadQuery",
    "default_generate_id",
]

StoreItemType = Literal[
    "thread", "message", "tool_call", "task", "workflow", "attachment", "sdk_hidden_context"
]
"""The kinds of thing that get an id from the store."""

TContext = TypeVar("TContext")


class StoreUnavailableError(ChatKitError):
    """The store cannot be reached now, or cannot keep anything. What was asked may be tried again.

    :param reason: what is wrong, a whole sentence. It is for the operator, as ``cure`` is: ``str(error)`` has both, and
        no client is told.
    :param cure: what to do about it.
    """

    def __init__(self, reason: str, *, cure: str = "Check its address and that it runs.") -> None:
        super().__init__(
            "store.unavailable",
            "Threads cannot be reached now.",
            hint="Try again in a moment. The server's log has the cause.",
            status=503,
        )
        self.reason = reason
        self.cure = cure

    def __str__(self) -> str:
        return f"{self.reason} {self.cure}"


class ItemRow(NamedTuple):
    """An item as it is stored: its JSON is what goes over the wire, and for attachments also their metadata."""

    id: str
    type: str
    json: str


class ItemRows(NamedTuple):
    """A page of stored items, not parsed."""

    rows: list[ItemRow]
    has_more: bool
    after: str | None


@dataclass(frozen=True, slots=True)
class ThreadQuery:
    """Which threads to find, and in what order."""

    text: str | None = None
    """Words that must all occur in the title or in one item; each may be the beginning of a longer word."""
    sort: Literal["created_at", "updated_at"] = "created_at"
    archived: bool | None = False
    """Only threads that are archived, or are not; None for both."""
    metadata: dict[str, Any] = field(default_factory=dict[str, Any])
    """Values that keys of the thread's metadata must have."""


def default_generate_id(item_type: StoreItemType) -> str:
    """Return a new id: a prefix for the kind, and 128 random bits in hexadecimal."""
    return new_id(PREFIXES[item_type])


class AttachmentStore(ABC, Generic[TContext]):
    """Where the bytes of attachments live."""

    @abstractmethod
    async def delete_attachment(self, attachment_id: str, context: TContext) -> None:
        """Delete the bytes of an attachment; deleting what is not there is not an error."""

    async def create_attachment(self, input: AttachmentCreateParams, context: TContext) -> Attachment:
        """Register an upload and return the attachment, with an ``upload_descriptor`` for two-phase upload.

        :raises NotImplementedError: unless the store implements it; direct uploads do not need it.
        """
        raise NotImplementedError(
            f"{type(self).__name__} does not implement create_attachment(), which two-phase upload needs"
        )

    def generate_attachment_id(self, mime_type: str, context: TContext) -> str:
        """Return a new attachment id."""
        return default_generate_id("attachment")

    async def present_attachment(self, attachment: Attachment, context: TContext) -> Attachment:
        """Return the attachment as a client may see it now, for example with fresh signed addresses.

        Called for every attachment that goes to a client; what is stored has no signed address. Optional.
        """
        return attachment

    async def present_image(self, image: GeneratedImage, context: TContext) -> GeneratedImage:
        """Return a generated image as a client may see it now, when this store keeps it. Optional.

        Called for every generated image that goes to a client.
        """
        return image

    def seal(self, frame: bytes, place: str) -> bytes:
        """Return an event as it may be kept in a stream log: without what makes its signed addresses open. Optional.

        :param place: where it is kept; what was sealed for one place cannot be unsealed in another.
        """
        return frame

    def unseal(self, frame: bytes, place: str) -> bytes:
        """Return a kept event for a reader: what :meth:`seal` took away is signed anew. Optional."""
        return frame

    async def check_message(
        self,
        attachments: Sequence[Attachment],
        earlier: Callable[[], Awaitable[Sequence[Attachment]]],
        context: TContext,
    ) -> None:
        """Refuse a message that carries too many files, or too many for its thread. Optional; by default none is.

        :param attachments: those of the message.
        :param earlier: gives those that the thread has already; called only when somebody wants to know.
        :raises LimitExceededError: there are too many.
        """


class Store(ABC, Generic[TContext]):
    """Where threads, items and the records of attachments live.

    Every method raises :class:`NotFoundError` when the thread, item or attachment is not there or belongs to someone
    else. Pages are keyset pages: ``after`` is the id of the last row of the page before.
    """

    def generate_thread_id(self, context: TContext) -> str:
        """Return a new thread id."""
        return default_generate_id("thread")

    def generate_item_id(self, item_type: StoreItemType, thread: ThreadMetadata, context: TContext) -> str:
        """Return a new id for an item of the thread."""
        return default_generate_id(item_type)

    @abstractmethod
    async def load_thread(self, thread_id: str, context: TContext) -> ThreadMetadata:
        """Return the thread's metadata."""

    @abstractmethod
    async def save_thread(self, thread: ThreadMetadata, context: TContext) -> None:
        """Create the thread, or replace its metadata."""

    @abstractmethod
    async def load_thread_items(
        self, thread_id: str, after: str | None, limit: int, order: str, context: TContext
    ) -> Page[ThreadItem]:
        """Return a page of at most ``limit`` items in order of creation (``asc``) or the reverse (``desc``)."""

    @abstractmethod
    async def save_attachment(self, attachment: Attachment, context: TContext) -> None:
        """Create or replace the record of an attachment."""

    @abstractmethod
    async def load_attachment(self, attachment_id: str, context: TContext) -> Attachment:
        """Return the record of an attachment."""

    @abstractmethod
    async def delete_attachment(self, attachment_id: str, context: TContext) -> None:
        """Delete the record of an attachment."""

    @abstractmethod
    async def load_threads(
        self, limit: int, after: str | None, order: str, context: TContext
    ) -> Page[ThreadMetadata]:
        """Return a page of the caller's threads in order of creation (``asc``) or the reverse (``desc``)."""

    @abstractmethod
    async def add_thread_item(self, thread_id: str, item: ThreadItem, context: TContext) -> None:
        """Append an item to the thread."""

    async def add_thread_items(self, thread_id: str, items: Sequence[ThreadItem], context: TContext) -> None:
        """Append several items at once, in their order. Optional; by default one after the other."""
        for item in items:
            await self.add_thread_item(thread_id, item, context)

    @abstractmethod
    async def save_item(self, thread_id: str, item: ThreadItem, context: TContext) -> None:
        """Replace an item in place, or append it when it is new."""

    @abstractmethod
    async def load_item(self, thread_id: str, item_id: str, context: TContext) -> ThreadItem:
        """Return one item of the thread."""

    @abstractmethod
    async def delete_thread(self, thread_id: str, context: TContext) -> None:
        """Delete the thread and all it holds."""

    @abstractmethod
    async def delete_thread_item(self, thread_id: str, item_id: str, context: TContext) -> None:
        """Delete one item of the thread."""

    async def delete_thread_items(self, thread_id: str, item_ids: Sequence[str], context: TContext) -> None:
        """Delete several items at once. Optional; by default one after the other."""
        for item_id in item_ids:
            await self.delete_thread_item(thread_id, item_id, context)

    async def load_thread_attachments(self, thread_id: str, context: TContext) -> list[Attachment]:
        """Return the attachments of a thread's messages. Optional; by default they are read from its items."""
        found: dict[str, Attachment] = {}
        after: str | None = None
        while True:
            page = await self.load_thread_items(thread_id, after, 100, "asc", context)
            for item in page.data:
                if isinstance(item, UserMessageItem):
                    found.update({attachment.id: attachment for attachment in item.attachments})
            if not page.has_more or not page.data:
                return list(found.values())
            after = page.after or page.data[-1].id

    async def load_item_rows(
        self,
        thread_id: str,
        after: str | None,
        limit: int,
        order: str,
        context: TContext,
        *,
        hidden: bool = False,
    ) -> ItemRows | None:
        """Return a page of items as they are stored, so that they leave without being parsed and written again.

        Items that no client sees are left out unless ``hidden``. Optional: None means the store does not offer it.
        """
        return None

    async def find_threads(
        self, query: ThreadQuery, limit: int, after: str | None, order: str, context: TContext
    ) -> Page[ThreadMetadata]:
        """Return a page of the caller's threads that fit the query. Optional.

        :raises RequestInvalidError: the store cannot search.
        """
        raise RequestInvalidError(
            f"{type(self).__name__} cannot search threads.",
            hint="Implement Store.find_threads, or use chatkit.backends.",
        )
