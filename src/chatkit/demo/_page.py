"""The page of the demo, and a cookie that tells its visitors apart."""

import secrets
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from chatkit.demo._desk import Visitor
from chatkit.demo._settings import model_name
from chatkit.demo.scenes import SCENES

__all__ = ["routes", "visitor"]

PAGE = Path(__file__).parent / "page"
COOKIE = "meridian_guest"


async def index(request: Request) -> Response:
    response = FileResponse(PAGE / "index.html", headers={"Cache-Control": "no-cache"})
    if COOKIE not in request.cookies:
        response.set_cookie(
            COOKIE, secrets.token_urlsafe(18), max_age=31_536_000, httponly=True, samesite="lax"
        )
    return response


def visitor(request: Request) -> Visitor:
    """The visitor who sends ``request``; whoever has no cookie shares the threads of "guest"."""
    return Visitor(request.cookies.get(COOKIE, "guest"))


async def about(request: Request) -> Response:
    """What the page offers: prompts, models, and who is answering."""
    model = model_name()
    prompts = [{"label": s.label, "prompt": s.prompt, "icon": s.icon} for s in SCENES]
    speeds = [
        {"id": "night", "label": "Night shift", "description": "Takes its time", "default": True},
        {"id": "coffee", "label": "After coffee", "description": "Four times as fast"},
    ]
    who = (
        f"{model} is answering; it can be wrong."
        if model
        else "A scripted porter is answering; no model, no key."
    )
    return JSONResponse({"prompts": prompts, "models": [] if model else speeds, "disclaimer": who})


routes = [Route("/", index), Route("/about.json", about), Mount("/page", StaticFiles(directory=PAGE))]
