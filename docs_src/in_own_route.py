from hello_app import HelloServer
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from chatkit.backends.memory import MemoryStore
from chatkit.errors import ChatKitError

server = HelloServer(MemoryStore(owner=lambda name: name))


async def chat(request: Request) -> ASGIApp:
    try:
        result = await server.process(await request.body(), context=request.headers["x-user"])
    except ChatKitError as error:
        return JSONResponse({"error": error.as_json()}, error.status)
    return result.asgi  # an endpoint may return any ASGI app


def hello(request: Request) -> PlainTextResponse:
    return PlainTextResponse("beside an own route")


app = Starlette(routes=[Route("/hello", hello), Route("/chatkit", chat, methods=["POST"])])
