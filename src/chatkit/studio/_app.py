"""The Studio's web app: its page, its files, and an endpoint for each thing the page asks for."""

import asyncio
import contextlib
import json
import re
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any, cast, get_args

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from chatkit.studio import _editing, _opening, _preview, _snippets
from chatkit.studio._describe import Describer
from chatkit.studio._folder import Folder, StudioError
from chatkit.studio._guard import Guard
from chatkit.studio._watch import changes
from chatkit.studio._worker import Worker

__all__ = ["create_studio_app", "is_built"]

GALLERY = Path(__file__).parent / "gallery"
STATIC = Path(__file__).parents[1] / "_static" / "studio"
MAX_BODY = 8_000_000
HALF = re.compile(rb"\\u[dD][89abAB]|\\u[dD][c-fC-F]")
Call = Callable[["Studio", dict[str, Any]], Awaitable[Any]]


class Studio:
    """One folder, the process that draws its widgets, and the answers to what the page asks."""

    def __init__(self, folder: Folder, seconds: float, model: Any = None) -> None:
        self.folder = folder
        self.worker = Worker(seconds)
        self.describer = None if model is None else Describer(model, self.build)
        self._gallery: list[dict[str, Any]] | None = None
        self._drawing = asyncio.Lock()

    async def files(self, _: dict[str, Any]) -> Any:
        """The paths of the folder's widgets."""
        return {"root": self.folder.root.name, "files": await asyncio.to_thread(self.folder.list)}

    async def open(self, ask: dict[str, Any]) -> Any:
        """A file: its text, its revision and what is in it."""
        entry = await asyncio.to_thread(self.folder.read, _text(ask, "path"))
        opened = await self.worker.run(_opening.open_text, entry.text)
        return {"path": entry.path, "revision": entry.revision, "text": entry.text, **opened}

    async def read(self, ask: dict[str, Any]) -> Any:
        """What is in a text that was dropped onto the page."""
        return await self.worker.run(_opening.open_text, _text(ask, "text"))

    async def build(self, ask: dict[str, Any]) -> Any:
        """Compile and draw; see :func:`chatkit.studio._preview.build`."""
        return await self.worker.run(_preview.build, ask)

    async def stream(self, ask: dict[str, Any]) -> Any:
        """The updates that go over the wire while the data grows."""
        frames = cast("list[dict[str, Any]]", ask.get("frames") or [])
        return {"steps": await self.worker.run(_preview.stream, ask.get("definition") or {}, frames)}

    async def save(self, ask: dict[str, Any]) -> Any:
        """Write a file; a conflict answers 409 with the content that is there."""
        path = _text(ask, "path")
        try:
            entry = await asyncio.to_thread(self.folder.write, path, _text(ask, "text"), ask.get("revision"))
        except StudioError as error:
            if error.code != "studio.conflict" or path not in self.folder.list():
                raise
            there = self.folder.read(path)
            body = {"error": error.as_json(), "text": there.text, "revision": there.revision}
            return JSONResponse(body, 409)
        return {"path": entry.path, "revision": entry.revision}

    async def rename(self, ask: dict[str, Any]) -> Any:
        """Give a file another path."""
        entry = await asyncio.to_thread(
            self.folder.rename, _text(ask, "path"), _text(ask, "to"), ask.get("revision")
        )
        return {"path": entry.path, "revision": entry.revision}

    async def remove(self, ask: dict[str, Any]) -> Any:
        """Move a file into the Studio's bin."""
        return {"bin": await asyncio.to_thread(self.folder.remove, _text(ask, "path"), ask.get("revision"))}

    async def edit(self, ask: dict[str, Any]) -> Any:
        """Change a view by its nodes; see :func:`chatkit.studio._editing.edit`."""
        answer = await self.worker.run(_editing.edit, {**ask, "view": _text(ask, "view")})
        if "refused" in answer:
            raise StudioError("studio.edit", answer["refused"], status=422)
        return answer

    async def complete(self, ask: dict[str, Any]) -> Any:
        """What can be written at a place of a view, with the paths of the schema."""
        return {
            "completions": await self.worker.run(_editing.completions, {**ask, "view": _text(ask, "view")})
        }

    async def hover(self, ask: dict[str, Any]) -> Any:
        """What is known of the word at a place of a view."""
        return {"hover": await self.worker.run(_editing.explanation, {**ask, "view": _text(ask, "view")})}

    async def format(self, ask: dict[str, Any]) -> Any:
        """View, schema and data in the house style; null for what has errors."""
        return await self.worker.run(_editing.formatted, ask)

    async def snippet(self, ask: dict[str, Any]) -> Any:
        """Python types, code that shows the widget, or a test."""
        return await self.worker.run(_snippets.snippet, ask)

    async def settings(self, _: dict[str, Any]) -> Any:
        """What this Studio can do beside drawing: the model that describes widgets, or null."""
        return {"describe": {"model": self.describer.name} if self.describer else None}

    async def describe(self, ask: dict[str, Any]) -> Any:
        """A widget from words or a picture, as server-sent events."""
        if self.describer is None:
            raise StudioError(
                "studio.no_model",
                "No model is configured.",
                hint="Set OPENAI_API_KEY or OPENAI_BASE_URL, and start the Studio again.",
                status=404,
            )
        self.describer.check(ask)
        return StreamingResponse(
            _events(self.describer.describe(ask)),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-cache"},
        )

    async def generate(self, ask: dict[str, Any]) -> Any:
        """States made up from a schema, to strain a widget."""
        return {"states": await self.worker.run(_preview.generate, ask.get("schema"))}

    async def gallery(self, _: dict[str, Any]) -> Any:
        """The widgets to start from, each drawn with its default state."""
        async with self._drawing:
            if self._gallery is None:
                # One after the other: each has the time limit of a widget, and a file that is opened goes between them.
                places = sorted(GALLERY.glob("*.widget"))
                self._gallery = [await self.worker.run(_preview.gallery_entry, str(one)) for one in places]
        return {"widgets": self._gallery}

    async def reference(self, _: dict[str, Any]) -> Any:
        """Every component with its props, and the icons."""
        return await asyncio.to_thread(_reference)


CALLS: dict[str, Call] = {
    "files": Studio.files,
    "open": Studio.open,
    "read": Studio.read,
    "build": Studio.build,
    "stream": Studio.stream,
    "save": Studio.save,
    "rename": Studio.rename,
    "remove": Studio.remove,
    "edit": Studio.edit,
    "complete": Studio.complete,
    "hover": Studio.hover,
    "format": Studio.format,
    "snippet": Studio.snippet,
    "settings": Studio.settings,
    "describe": Studio.describe,
    "generate": Studio.generate,
    "gallery": Studio.gallery,
    "reference": Studio.reference,
}


def create_studio_app(
    folder: str | Path = ".", *, seconds: float = 3.0, hosts: Iterable[str] = (), model: Any = None
) -> Starlette:
    """Make the Studio's ASGI app over ``folder``.

    It answers only to pages that it served itself, under a name of the local machine or one of ``hosts``. A widget
    that takes longer than ``seconds`` to compile or draw is stopped. With a ``model`` of :mod:`chatkit.models` people
    can describe a widget in words or by a picture; without one nothing leaves the machine.

    Raises:
        StudioError: ``folder`` is not a folder.
    """
    studio = Studio(Folder(folder), seconds, model)

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncGenerator[None]:
        await studio.worker.warm()
        try:
            yield
        finally:
            studio.worker.close()

    async def call(request: Request) -> Response:
        verb = CALLS.get(request.path_params["verb"])
        if verb is None:
            raise StudioError("studio.unknown", "The Studio has no such call.", status=404)
        answer = await verb(studio, await _body(request))
        return answer if isinstance(answer, Response) else JSONResponse(answer)

    async def watch(request: Request) -> Response:
        return StreamingResponse(
            changes(studio.folder), media_type="text/event-stream", headers={"Cache-Control": "no-cache"}
        )

    async def page(request: Request) -> Response:
        return _page()

    return Starlette(
        routes=[
            Route("/api/watch", watch),
            Route("/api/{verb}", call, methods=["POST"]),
            Route("/", page),
            Mount("/", StaticFiles(directory=STATIC, check_dir=False)),
        ],
        middleware=[Middleware(Guard, hosts=tuple(hosts))],
        exception_handlers={StudioError: _failed},
        lifespan=lifespan,
    )


def is_built() -> bool:
    """Whether the Studio's page is there; in a checkout `npm run build` makes it."""
    return (STATIC / "studio.html").is_file()


def _page() -> Response:
    place = STATIC / "studio.html"
    if place.is_file():
        return FileResponse(place, headers={"Cache-Control": "no-cache"})
    return PlainTextResponse(
        "The Studio's page has not been built. In a checkout, run `npm run build` in the folder `web`.\n", 503
    )


async def _failed(_: Request, error: Exception) -> Response:
    assert isinstance(error, StudioError)
    return JSONResponse({"error": error.as_json()}, error.status)


async def _events(answers: AsyncIterator[dict[str, Any]]) -> AsyncIterator[str]:
    async for answer in answers:
        yield f"data: {json.dumps(answer, ensure_ascii=False)}\n\n"


async def _body(request: Request) -> dict[str, Any]:
    data = b""
    async for chunk in request.stream():
        data += chunk
        if len(data) > MAX_BODY:
            raise StudioError("studio.too_large", f"More than {MAX_BODY:,} bytes.", status=413)
    try:
        body = json.loads(data or b"{}")
        if HALF.search(data):
            json.dumps(body, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise StudioError(
            "studio.invalid",
            "The body holds half a character (a lone surrogate).",
            hint="Send whole characters: the text may have been cut in the middle of an emoji.",
            status=400,
        ) from error
    except (ValueError, RecursionError) as error:
        raise StudioError("studio.invalid", f"The body is not JSON: {error}.", status=400) from error
    if not isinstance(body, dict):
        raise StudioError("studio.invalid", "The body must be a JSON object.", status=400)
    return cast("dict[str, Any]", body)


def _text(ask: dict[str, Any], key: str) -> str:
    value = ask.get(key)
    if not isinstance(value, str):
        raise StudioError("studio.invalid", f"{key!r} must be a text.", path=key, status=400)
    return value


def _reference() -> dict[str, Any]:
    from chatkit import icons
    from chatkit.widgets.definitions import COMPONENTS, ROOTS

    names = [name for name in get_args(get_args(icons.IconName)[0]) if isinstance(name, str)]
    components = [asdict(component) for component in COMPONENTS.values()]
    return {"components": components, "roots": list(ROOTS), "icons": names}
