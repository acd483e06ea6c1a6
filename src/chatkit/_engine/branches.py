"""The versions of edited messages: which threads show another version of the same message.

Every thread of a family keeps the whole of what it has to show in its metadata, so that reading a thread costs
nothing more. A *point* is a message that was edited, named by the thread and the id it was first said under.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

from pydantic import BaseModel, Field, ValidationError

from chatkit._engine.host import Host
from chatkit.logger import logger
from chatkit.store import NotFoundError
from chatkit.types import MessageVersions, ThreadBranch, ThreadMetadata

__all__ = ["BRANCH", "branch_of", "join_family", "leave_family", "save_in_family", "versions_of"]

BRANCH: Final = "chatkit.branch"
"""Key in a thread's metadata that holds its place in the family."""

_Origin = tuple[str, str]


class _Point(BaseModel):
    """An edited message: where it was first said, which item shows it here, and the thread that stands for each version."""

    of_thread_id: str
    of_item_id: str
    item_id: str
    index: int
    siblings: list[str]

    @property
    def origin(self) -> _Origin:
        return self.of_thread_id, self.of_item_id


class _Place(BaseModel):
    """What a thread keeps: all threads of the family, the messages that came along as copies, its points."""

    family: list[str] = Field(default_factory=list)
    copies: dict[str, _Origin] = Field(default_factory=dict)
    points: list[_Point] = Field(default_factory=list[_Point])

    def origin(self, thread_id: str, item_id: str) -> _Origin:
        """Where a message of the thread was first said."""
        return self.copies.get(item_id, (thread_id, item_id))

    def local(self, thread_id: str, origin: _Origin) -> str | None:
        """The thread's own id of a message, None when it does not have it."""
        if origin[0] == thread_id:
            return origin[1]
        return next((item_id for item_id, first in self.copies.items() if first == origin), None)

    def put(self, point: _Point) -> None:
        """Have the point as it is now; the newest stands last."""
        self.points = [*(known for known in self.points if known.origin != point.origin), point]


def _place(thread: ThreadMetadata) -> _Place:
    try:
        return _Place.model_validate(thread.metadata.get(BRANCH) or {})
    except ValidationError:
        logger.warning("Thread %s does not say in a known way which versions it has", thread.id)
        return _Place()


def versions_of(thread: ThreadMetadata) -> list[MessageVersions] | None:
    """The thread's messages that have other versions; None when there are none."""
    if BRANCH not in thread.metadata:
        return None
    found: list[MessageVersions] = []
    for point in _place(thread).points:
        siblings = [thread.id if n == point.index else sibling for n, sibling in enumerate(point.siblings)]
        found.append(MessageVersions(item_id=point.item_id, index=point.index, siblings=siblings))
    return found or None


def branch_of(thread: ThreadMetadata) -> ThreadBranch | None:
    """The point that was edited last; None when there is none."""
    points = _place(thread).points if BRANCH in thread.metadata else []
    if not points:
        return None
    newest = points[-1]
    return ThreadBranch(
        of_thread_id=newest.of_thread_id, of_item_id=newest.of_item_id, siblings=newest.siblings
    )


async def join_family(
    host: Host[Any],
    parent: ThreadMetadata,
    edited_id: str,
    thread: ThreadMetadata,
    message_id: str,
    copies: Mapping[str, str],
    context: Any,
) -> None:
    """Make a new thread known to its family as another version of a message of `parent`.

    :param copies: the ids of the items before that message, in the parent and in the new thread.
    """
    theirs = _place(parent)
    known = next((point for point in theirs.points if point.item_id == edited_id), None)
    origin = known.origin if known is not None else theirs.origin(parent.id, edited_id)
    siblings = [*(known.siblings if known is not None else [parent.id]), thread.id]
    family = [*(theirs.family or [parent.id]), thread.id]
    mine = _Place(
        family=family,
        copies={new: theirs.origin(parent.id, old) for old, new in copies.items()},
        points=[
            point.model_copy(update={"item_id": copies[point.item_id]})
            for point in theirs.points
            if point.item_id in copies
        ],
    )
    mine.put(_point(origin, message_id, len(siblings) - 1, siblings))
    thread.metadata[BRANCH] = mine.model_dump(mode="json")
    await host.store.save_thread(thread, context)
    for member in await _members(host, family[:-1], context):
        place = _place(member)
        place.family = family
        own = next((point for point in place.points if point.origin == origin), None)
        if own is not None:
            place.put(_point(origin, own.item_id, own.index, siblings))
        elif (local := place.local(member.id, origin)) is not None:
            place.put(_point(origin, local, 0, siblings))
        member.metadata[BRANCH] = place.model_dump(mode="json")
        await host.store.save_thread(member, context)


async def leave_family(host: Host[Any], gone: ThreadMetadata, context: Any) -> None:
    """Take a thread that was deleted out of what the others show."""
    if BRANCH not in gone.metadata:
        return
    members = await _members(host, [i for i in _place(gone).family if i != gone.id], context)
    places = [(member, _place(member)) for member in members]
    for member, place in places:
        family = [thread_id for thread_id in place.family if thread_id != gone.id]
        points = [_without(point, gone.id, places) for point in place.points]
        left = _Place(family=family, copies=place.copies, points=[point for point in points if point])
        if len(family) > 1:
            member.metadata[BRANCH] = left.model_dump(mode="json")
        else:
            del member.metadata[BRANCH]
        await host.store.save_thread(member, context)


async def save_in_family(host: Host[Any], thread: ThreadMetadata, context: Any) -> None:
    """Save a thread that a turn has held for long: its place in the family stays what others have made of it since."""
    with suppress(NotFoundError, LookupError):
        stored = await host.store.load_thread(thread.id, context)
        if BRANCH in stored.metadata:
            thread.metadata[BRANCH] = stored.metadata[BRANCH]
        else:
            thread.metadata.pop(BRANCH, None)
    await host.store.save_thread(thread, context)


def _point(origin: _Origin, item_id: str, index: int, siblings: list[str]) -> _Point:
    return _Point(
        of_thread_id=origin[0], of_item_id=origin[1], item_id=item_id, index=index, siblings=siblings
    )


def _without(point: _Point, gone: str, members: list[tuple[ThreadMetadata, _Place]]) -> _Point | None:
    """The point when a thread is gone: another thread with the same version stands for it, or the version goes too."""
    if gone not in point.siblings:
        return point
    version = point.siblings.index(gone)
    heir = next(
        (
            member.id
            for member, place in members
            for other in place.points
            if other.origin == point.origin and other.index == version
        ),
        None,
    )
    siblings = list(point.siblings)
    if heir is not None:
        siblings[version] = heir
        return point.model_copy(update={"siblings": siblings})
    del siblings[version]
    index = point.index - (point.index > version)
    return point.model_copy(update={"siblings": siblings, "index": index}) if len(siblings) > 1 else None


async def _members(host: Host[Any], thread_ids: list[str], context: Any) -> list[ThreadMetadata]:
    """The threads of a family that are still there."""
    found: list[ThreadMetadata] = []
    for thread_id in thread_ids:
        try:
            found.append(await host.store.load_thread(thread_id, context))
        except (NotFoundError, LookupError):
            continue
    return found
