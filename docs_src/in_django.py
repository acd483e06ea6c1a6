"""What stands in a Django project's asgi.py; settings and urls are here only so that the example is whole."""

from collections.abc import Awaitable, Callable
from typing import Any

import django
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path
from hello_app import HelloServer
from starlette.requests import Request

from chatkit.asgi import ChatKitApp
from chatkit.backends.memory import MemoryStore


def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse("from Django")


urlpatterns = [path("hello", hello)]
if not settings.configured:
    settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], SECRET_KEY="only for the example")
    django.setup()


def who(request: Request) -> str | None:
    return request.headers.get("x-user")


pages: Callable[..., Awaitable[None]] = get_asgi_application()
chat = ChatKitApp(HelloServer(MemoryStore(owner=lambda name: name)), auth=who)


async def app(scope: Any, receive: Any, send: Any) -> None:
    """The chat below its path, and the server's life; everything else is Django's."""
    mine = scope["type"] == "lifespan" or scope["path"].startswith(chat.path)
    await (chat if mine else pages)(scope, receive, send)
