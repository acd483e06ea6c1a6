"""A person who keeps talking while workers come and go, on a line that never stays with one of them."""

from __future__ import annotations

import asyncio
import time
from typing import Any
from uuid import uuid4

import httpx

from tests.server.scripted import request, user_input

from .world import GONE, PATIENCE, Chat

__all__ = ["Conversation"]

_HANG_UP_AFTER = 5
_AGAIN = 0.05


class Conversation(Chat):
    """Asks one thing after the other, and reads each answer in pieces, every piece from the next worker in turn.

    A message is sent under one `client_request_id` until a worker takes it. What follows is asked for with the
    `Last-Event-ID` header alone, as a browser's own `EventSource` does.
    """

    def __init__(self, *urls: str) -> None:
        super().__init__(*urls)
        self.turns: list[list[tuple[str, Any]]] = []
        self.readers: set[str] = set()
        self.at: str | None = None
        self.longest_turn = 0.0

    @property
    def whole_turns(self) -> int:
        """How many answers have been read to their end."""
        return len(self.turns) - (self.at is not None)

    async def talk(self, text: str, until: asyncio.Event) -> None:
        """Ask again and again, once more after `until` is set."""
        while not until.is_set():
            await self.say(text)
        await self.say(text)

    async def say(self, text: str) -> None:
        """Send a message and read its answer to the end, over as many workers as it takes."""
        turn: list[tuple[str, Any]] = []
        body = self._message(text)
        asked = time.monotonic()
        async with asyncio.timeout(PATIENCE):
            while True:
                url = self.urls[0]
                try:
                    ended = await self._piece(url, body, turn)
                except GONE:
                    ended = False
                    await asyncio.sleep(_AGAIN)
                if turn and self.at is None:
                    self.at, body = url, request("threads.resume", thread_id=self.thread_id)
                    self.turns.append(turn)
                if ended:
                    break
                self._next_worker()
        self.at = None
        self.longest_turn = max(self.longest_turn, time.monotonic() - asked)

    def _message(self, text: str) -> bytes:
        key = {"client_request_id": uuid4().hex, "input": user_input(text)}
        if not self.thread_id:
            return request("threads.create", **key)
        return request("threads.add_user_message", thread_id=self.thread_id, **key)

    async def _piece(self, url: str, body: bytes, turn: list[tuple[str, Any]]) -> bool:
        """Some frames, or all that are left; True when that was the end of the answer."""
        last = next((i for i, _ in reversed(turn) if i), None)
        headers = {"last-event-id": last} if last else {}
        known, rest = len(turn), ""
        async with self.http.stream("POST", url, content=body, headers=headers) as answer:
            if answer.status_code != 200:
                await answer.aread()
                raise httpx.ReadError(answer.text)
            async for text in answer.aiter_text():
                *blocks, rest = (rest + text).split("\n\n")
                for block in blocks:
                    taken = len(self.frames)
                    self._take(block)
                    turn.extend(self.frames[taken:])
                    self.readers.add(url)
                if len(turn) - known >= _HANG_UP_AFTER:
                    return False
        return True

    def assert_nothing_lost(self) -> None:
        """Each answer has all its frames, once and in order; and so have its words."""
        runs = set[str]()
        for turn in self.turns:
            ids = [i for i, _ in turn if i]
            run = ids[0].rpartition(":")[0]
            assert ids == [f"{run}:{n}" for n in range(1, len(ids) + 1)]
            assert run not in runs, "an answer was given twice"
            runs.add(run)
            words = "".join(e.update.delta for _, e in turn if e.type == "thread.item.updated").split()
            assert words == [str(n) for n in range(len(words))]

    def endings(self) -> list[str]:
        """How each answer ended: `done`, or the code of its error."""
        return [getattr(turn[-1][1], "code", None) or "done" for turn in self.turns]

    def words(self) -> list[int]:
        """How many words each answer has."""
        said = [[e.update.delta for _, e in turn if e.type == "thread.item.updated"] for turn in self.turns]
        return [len("".join(deltas).split()) for deltas in said]

    async def stored(self) -> list[Any]:
        found: list[Any] = []
        after: str | None = None
        while True:
            where = {"after": after} if after else {}
            page = await self.ask("items.list", thread_id=self.thread_id, order="asc", limit=100, **where)
            found += page["data"]
            after = page.get("after")
            if not page["has_more"]:
                return found
