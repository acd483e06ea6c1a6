"""openai-chatkit behind FastAPI, as its guide shows it. No postponed annotations: FastAPI reads them."""

from fastapi import FastAPI, Request
from fastapi.responses import Response, StreamingResponse

from chatkit.server import ChatKitServer, StreamingResult


def theirs(server: ChatKitServer) -> FastAPI:
    """The app."""
    app = FastAPI()

    @app.post("/chatkit")
    async def endpoint(request: Request) -> Response:
        result = await server.process(await request.body(), None)
        if isinstance(result, StreamingResult):
            return StreamingResponse(result, media_type="text/event-stream")
        return Response(result.json, media_type="application/json")

    return app
