"""The scripted server on this project's own app: resumable runs, uploads, everything."""

from __future__ import annotations

import tempfile
from typing import Any

from chatkit.asgi import ChatKitApp
from chatkit.asgi.limits import MemoryCounter, RateLimit
from chatkit.backends.files import FileAttachmentStore
from chatkit.backends.memory import MemoryStore
from chatkit.types import LockedStatus
from scenarios import Gates, ScriptedServer
from site_ import Site, serve

UNLIMITED = 1_000_000_000


def main() -> None:
    gates = Gates()
    store: Any = MemoryStore()
    server = ScriptedServer(store, gates, FileAttachmentStore(tempfile.mkdtemp(prefix="chatkit-e2e-")))
    rate = RateLimit(UNLIMITED, per=30)
    app = ChatKitApp(server, auth="open", rate=rate)

    async def control(what: str, query: dict[str, str]) -> Any:
        if what == "reset":
            gates.clear()
            server.cancelled.clear()
            server.feedback.clear()
            rate.times = UNLIMITED
        elif what == "rate":
            rate.times, rate.counter = int(query["times"]), MemoryCounter()
        elif what == "gate":
            gates[query["name"]].set()
        elif what == "cancelled":
            return server.cancelled
        elif what == "feedback":
            return server.feedback
        elif what == "lock":
            thread = await store.load_thread(query["thread"], {})
            thread.status = LockedStatus(reason="Paid in full")
            await store.save_thread(thread, {})
        return {}

    serve(Site(app, control))


if __name__ == "__main__":
    main()
