from flask import Flask
from hello_app import HelloServer
from starlette.requests import Request

from chatkit.asgi import ChatKitApp
from chatkit.asgi.wsgi import Beside, WSGIBridge
from chatkit.backends.memory import MemoryStore


def who(request: Request) -> str | None:
    return request.headers.get("x-user")


app = Flask(__name__)


@app.get("/hello")
def hello() -> str:
    return "from Flask"


chat = ChatKitApp(HelloServer(MemoryStore(owner=lambda name: name)), auth=who)
bridge = WSGIBridge(chat)  # runs the chat on an event loop of its own, in a thread
app.wsgi_app = Beside(app.wsgi_app, bridge)  # type: ignore[method-assign]
