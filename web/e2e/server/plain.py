"""The scripted server on an unmodified `openai-chatkit` behind FastAPI: plain frames, no ids, no resume."""

from __future__ import annotations

from typing import Any

from chatkit.server import StreamingResult
from fastapi import FastAPI, Request
from fastapi.responses import Response, StreamingResponse
from memory import DictStore
from scenarios import Gates, ScriptedServer
from site_ import Site, serve


def main() -> None:
    gates = Gates()
    store = DictStore()
    server = ScriptedServer(store, gates)
    app = FastAPI()

    @app.post("/chatkit")
    async def chatkit(request: Request) -> Response:
        result = await server.process(await request.body(), {})
        if isinstance(result, StreamingResult):
            return StreamingResponse(result, media_type="text/event-stream")
        return Response(content=result.json, media_type="application/json")

    async def control(what: str, query: dict[str, str]) -> Any:
        if what == "reset":
            gates.clear()
            server.cancelled.clear()
            server.feedback.clear()
        elif what == "gate":
            gates[query["name"]].set()
        elif what == "cancelled":
            return server.cancelled
        elif what == "feedback":
            return server.feedback
        return {}

    serve(Site(app, control))


if __name__ == "__main__":
    main()
