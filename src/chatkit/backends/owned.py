"""Owners for any store: what belongs to one does not exist for another."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, Final, Generic, TypeVar

from chatkit.backends._scope import Owner, no_attachment, no_thread, owner_of
from chatkit.store import ItemRows, NotFoundError, Store, StoreItemType, ThreadQuery
from chatkit.types import Attachment, Page, ThreadItem, ThreadMetadata

__all__ = ["OwnedStore"]

TContext = TypeVar("TContext")

_KEY: Final = "chatkit.owner"
_REMEMBERED: Final = 10_000
_MOST_ROWS: Final = 100
_ABSENT: Final = (NotFoundError, LookupError)
_FINDS_NOTHING: Final = Store[Any].find_threads


class OwnedStore(Store[TContext], Generic[TContext]):
    """A store that keeps owners apart, around one that does not, such as a store written for ``openai-chatkit``.

    The owner is written into the metadata of threads and attachments, which no client gets. What has none, because it is
    older, belongs to nobody.

    :param store: where things are kept; ids must be unique in it, whoever owns them
    :param owner: from the app's request context to the id of a person or tenant
    """

    def __init__(self, store: Store[TContext], owner: Owner) -> None:
        self._store = store
        self._owner_of = owner
        self._known: OrderedDict[str, str] = OrderedDict()

    def owner(self, context: TContext) -> str:
        """Whose rows a context may touch; :raises AuthRequiredError: nobody's."""
        return owner_of(self._owner_of, context)

    def generate_thread_id(self, context: TContext) -> str:
        return self._store.generate_thread_id(context)

    def generate_item_id(self, item_type: StoreItemType, thread: ThreadMetadata, context: TContext) -> str:
        return self._store.generate_item_id(item_type, thread, context)

    # Threads

    async def load_thread(self, thread_id: str, context: TContext) -> ThreadMetadata:
        thread = await self._store.load_thread(thread_id, context)
        self._check(thread, context)
        return thread

    async def save_thread(self, thread: ThreadMetadata, context: TContext) -> None:
        if thread.id not in self._known:
            try:
                before = await self._store.load_thread(thread.id, context)
            except _ABSENT:
                before = None
            if before is not None:
                self._check(before, context)
        elif self._is_anothers(thread.id, context):
            raise no_thread(thread.id)
        owner = self.owner(context)
        thread.metadata[_KEY] = owner
        await self._store.save_thread(thread, context)
        self._remember(thread.id, owner)

    async def load_threads(
        self, limit: int, after: str | None, order: str, context: TContext
    ) -> Page[ThreadMetadata]:
        if type(self._store).find_threads is not _FINDS_NOTHING:
            return await self.find_threads(ThreadQuery(), limit, after, order, context)
        if after is not None:
            await self._own(after, context)
        owner = self.owner(context)
        found: list[ThreadMetadata] = []
        while True:
            page = await self._store.load_threads(_MOST_ROWS, after, order, context)
            found += [thread for thread in page.data if thread.metadata.get(_KEY) == owner]
            if len(found) > limit:
                return Page(data=found[:limit], has_more=True, after=found[limit - 1].id)
            if not page.has_more or not page.data:
                return Page(data=found, has_more=False)
            after = page.after or page.data[-1].id

    async def find_threads(
        self, query: ThreadQuery, limit: int, after: str | None, order: str, context: TContext
    ) -> Page[ThreadMetadata]:
        if after is not None:
            await self._own(after, context)
        metadata = {**query.metadata, _KEY: self.owner(context)}
        mine = ThreadQuery(query.text, query.sort, query.archived, metadata)
        return await self._store.find_threads(mine, limit, after, order, context)

    async def delete_thread(self, thread_id: str, context: TContext) -> None:
        try:
            await self._own(thread_id, context)
        except NotFoundError:
            return
        await self._store.delete_thread(thread_id, context)
        self._known.pop(thread_id, None)

    # Items

    async def load_thread_items(
        self, thread_id: str, after: str | None, limit: int, order: str, context: TContext
    ) -> Page[ThreadItem]:
        await self._own(thread_id, context)
        return await self._store.load_thread_items(thread_id, after, limit, order, context)

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
        await self._own(thread_id, context)
        return await self._store.load_item_rows(thread_id, after, limit, order, context, hidden=hidden)

    async def add_thread_item(self, thread_id: str, item: ThreadItem, context: TContext) -> None:
        await self._own(thread_id, context)
        await self._store.add_thread_item(thread_id, item, context)

    async def add_thread_items(self, thread_id: str, items: Sequence[ThreadItem], context: TContext) -> None:
        await self._own(thread_id, context)
        await self._store.add_thread_items(thread_id, items, context)

    async def save_item(self, thread_id: str, item: ThreadItem, context: TContext) -> None:
        await self._own(thread_id, context)
        await self._store.save_item(thread_id, item, context)

    async def load_item(self, thread_id: str, item_id: str, context: TContext) -> ThreadItem:
        await self._own(thread_id, context)
        return await self._store.load_item(thread_id, item_id, context)

    async def delete_thread_item(self, thread_id: str, item_id: str, context: TContext) -> None:
        await self._own(thread_id, context)
        await self._store.delete_thread_item(thread_id, item_id, context)

    async def delete_thread_items(self, thread_id: str, item_ids: Sequence[str], context: TContext) -> None:
        await self._own(thread_id, context)
        await self._store.delete_thread_items(thread_id, item_ids, context)

    async def load_thread_attachments(self, thread_id: str, context: TContext) -> list[Attachment]:
        await self._own(thread_id, context)
        return await self._store.load_thread_attachments(thread_id, context)

    # Attachments

    async def save_attachment(self, attachment: Attachment, context: TContext) -> None:
        try:
            known = await self._store.load_attachment(attachment.id, context)
        except _ABSENT:
            known = None
        owner = self.owner(context)
        if known is not None and (known.metadata or {}).get(_KEY) != owner:
            raise no_attachment(attachment.id)
        kept = attachment.model_copy(update={"metadata": {**(attachment.metadata or {}), _KEY: owner}})
        await self._store.save_attachment(kept, context)

    async def load_attachment(self, attachment_id: str, context: TContext) -> Attachment:
        attachment = await self._store.load_attachment(attachment_id, context)
        if (attachment.metadata or {}).get(_KEY) != self.owner(context):
            raise no_attachment(attachment_id)
        return attachment

    async def delete_attachment(self, attachment_id: str, context: TContext) -> None:
        try:
            await self.load_attachment(attachment_id, context)
        except _ABSENT:
            return
        await self._store.delete_attachment(attachment_id, context)

    # Whose

    async def _own(self, thread_id: str, context: TContext) -> None:
        """:raises NotFoundError: the thread is not there, or another owner's."""
        if thread_id not in self._known:
            await self.load_thread(thread_id, context)
        elif self._is_anothers(thread_id, context):
            raise no_thread(thread_id)

    def _check(self, thread: ThreadMetadata, context: TContext) -> None:
        owner = thread.metadata.get(_KEY)
        if isinstance(owner, str):
            self._remember(thread.id, owner)
        if owner != self.owner(context):
            raise no_thread(thread.id)

    def _is_anothers(self, thread_id: str, context: TContext) -> bool:
        return self._known.get(thread_id, self.owner(context)) != self.owner(context)

    def _remember(self, thread_id: str, owner: str) -> None:
        """A thread never changes its owner, so it need not be loaded for each of its items."""
        self._known[thread_id] = owner
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
