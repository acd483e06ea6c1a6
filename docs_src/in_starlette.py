from hello_app import HelloServer
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route

from chatkit.asgi import ChatKitApp
from chatkit.backends.memory import MemoryStore


def who(request: Request) -> str | None:
    return request.headers.get("x-user")


def hello(request: Request) -> PlainTextResponse:
    return PlainTextResponse("from Starlette")


chat = ChatKitApp(HelloServer(MemoryStore(owner=lambda name: name)), auth=who)
app = Starlette(routes=[Route("/hello", hello), Mount("/", chat)], lifespan=chat.lifespan)
