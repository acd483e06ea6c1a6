"""The demo: a small hotel's night porter, who shows everything that the product can do.

:func:`create_demo_app` makes the ASGI app that ``chatkit demo`` and ``make demo`` serve.
"""

from pathlib import Path
from typing import Any

__all__ = ["create_demo_app"]


def create_demo_app(folder: str | Path = ".chatkit", *, seconds_per_word: float = 0.03) -> Any:
    """Make the demo's ASGI app, with its database and files in ``folder``.

    ``seconds_per_word`` sets how fast the scripted assistant talks. With ``OPENAI_API_KEY`` or ``OPENAI_BASE_URL`` in
    the environment a model answers instead, through the Agents SDK; ``CHATKIT_DEMO_MODEL`` names it.

    Raises:
        ImportError: An extra is missing; the message has the line that installs it.
    """
    from starlette.applications import Starlette
    from starlette.routing import Mount

    from chatkit.asgi import ChatKitApp
    from chatkit.backends.files import FileAttachmentStore
    from chatkit.backends.sql import SQLStore, SQLStreamLog
    from chatkit.demo._page import routes, visitor

    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    store: SQLStore[Any] = SQLStore(f"sqlite:///{place / 'demo.sqlite3'}", owner=lambda context: context.name)
    server = _server(store, FileAttachmentStore(place / "files"), seconds_per_word)
    chat = ChatKitApp(server, auth=visitor, log=SQLStreamLog(store))
    return Starlette(routes=[*routes, Mount("/", chat)], lifespan=chat.lifespan)


def _server(store: Any, files: Any, seconds_per_word: float) -> Any:
    from chatkit.demo._settings import model_name

    if model := model_name():
        from chatkit.demo._model import ModelPorter

        return ModelPorter(store, files, model=model)
    from chatkit.demo._porter import Porter

    return Porter(store, files, seconds_per_word=seconds_per_word)
