from fastapi import FastAPI
from hello_app import HelloServer
from starlette.requests import Request

from chatkit.asgi import ChatKitApp
from chatkit.backends.memory import MemoryStore


def who(request: Request) -> str | None:
    return request.headers.get("x-user")


chat = ChatKitApp(HelloServer(MemoryStore(owner=lambda name: name)), auth=who)
app = FastAPI(lifespan=chat.lifespan)


@app.get("/hello")
def hello() -> dict[str, str]:
    return {"hello": "from FastAPI"}


app.mount("/", chat)  # last: it takes whatever no other route has taken
