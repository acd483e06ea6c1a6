"""A widget from words or a picture, by a model; faults of its answer go back to it as our diagnostics."""

import json
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any, cast

from chatkit.studio import _prompt
from chatkit.studio._folder import StudioError

__all__ = ["RETRIES", "Describer", "configured_model"]

RETRIES = 3
MAX_WORDS = 8_000
MAX_ANSWER = 200_000
MAX_PICTURE = 6_000_000
PICTURES = tuple(f"data:image/{kind};base64," for kind in ("png", "jpeg", "webp", "gif"))
Build = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]


def configured_model() -> Any:
    """The model that the environment names, None when it names none or httpx is not installed.

    A model is used when ``OPENAI_API_KEY`` or ``OPENAI_BASE_URL`` is set; ``CHATKIT_STUDIO_MODEL`` names it.
    """
    key, base = os.environ.get("OPENAI_API_KEY"), os.environ.get("OPENAI_BASE_URL")
    if not key and not base:
        return None
    try:
        from chatkit.models import ChatCompletions
    except ImportError:
        return None
    name = os.environ.get("CHATKIT_STUDIO_MODEL", "gpt-5.1-mini")
    if base:
        return ChatCompletions(name, base, key)
    return ChatCompletions(name, api_key=key)


@dataclass(frozen=True)
class Describer:
    """Asks ``model`` for widgets; ``build`` compiles one, off the event loop."""

    model: Any
    build: Build

    @property
    def name(self) -> str:
        """The model's name."""
        return str(getattr(self.model, "model", None) or type(self.model).__name__)

    def check(self, ask: dict[str, Any]) -> None:
        """Refuse what cannot be sent to a model.

        Raises:
            StudioError: No words and no picture, too many words, or a picture that is none (400).
        """
        words, picture = ask.get("words"), ask.get("picture")
        if not (isinstance(words, str) and words.strip()) and not picture:
            raise StudioError(
                "studio.invalid", "Describe the widget in words, or give a picture.", status=400
            )
        if isinstance(words, str) and len(words) > MAX_WORDS:
            raise StudioError("studio.invalid", f"More than {MAX_WORDS:,} characters of words.", status=400)
        if picture and not (isinstance(picture, str) and picture.startswith(PICTURES)):
            raise StudioError(
                "studio.invalid",
                "The picture must be a data: address of a PNG, JPEG, WebP or GIF.",
                status=400,
            )
        if isinstance(picture, str) and len(picture) > MAX_PICTURE:
            raise StudioError("studio.too_large", "The picture is larger than 4.5 MB.", status=413)

    async def describe(self, ask: dict[str, Any]) -> AsyncIterator[dict[str, Any]]:
        """The model's attempts as they come, and last the widget: the first without errors, or the last one made."""
        from chatkit.models import ModelError

        items: list[dict[str, Any]] = [_question(ask)]
        result: dict[str, Any] = {}
        for number in range(1, RETRIES + 2):
            yield {"type": "attempt", "number": number, "of": RETRIES + 1}
            text = ""
            try:
                async for delta in self._answer(items):
                    text += delta
                    yield {"type": "text", "delta": delta}
                    if len(text) > MAX_ANSWER:
                        break
            except ModelError as error:
                yield {"type": "error", "error": error.as_json()}
                return
            answer = _prompt.read_answer(text)
            result = await self._judged(answer, ask)
            if result["ok"]:
                break
            yield {"type": "diagnostics", "diagnostics": result["diagnostics"]}
            items += [
                {"role": "assistant", "content": text or "…"},
                {"role": "user", "content": _prompt.repair(_worth_telling(result["diagnostics"]), answer)},
            ]
        yield _last(result)

    async def _answer(self, items: list[dict[str, Any]]) -> AsyncIterator[str]:
        async for event in self.model.stream(_prompt.instructions(), items, ()):
            data = getattr(event, "data", None)
            if getattr(data, "type", "") == "response.output_text.delta":
                yield str(cast("Any", data).delta)

    async def _judged(self, answer: _prompt.Answer, ask: dict[str, Any]) -> dict[str, Any]:
        data, problem = _data(answer.data)
        source = cast("dict[str, Any]", ask.get("source") or {})
        schema = answer.schema if answer.schema is not None else source.get("schema")
        widget: dict[str, Any] = {
            "name": answer.name or source.get("name") or "Untitled widget",
            "view": answer.view or "",
            "schema": schema or "",
            "schemaMode": "zod" if answer.schema is not None else source.get("schemaMode") or "zod",
            "data": data if answer.data is not None else source.get("data") or {},
        }
        built: dict[str, Any]
        try:
            built = await self.build({**widget, "states": []})
        except StudioError as error:
            built = {"ok": False, "diagnostics": [_fault(error.code, str(error))]}
        found: list[dict[str, Any]] = [*problem, *built["diagnostics"]]
        complete = answer.view is not None and not problem
        return {
            **widget,
            "ok": bool(built["ok"]) and complete and not _misfits(found),
            "diagnostics": found,
        }


def _last(result: dict[str, Any]) -> dict[str, Any]:
    if not result.get("view"):
        message = "The model gave no widget."
        hint = "Say more plainly what the widget shows, or use a larger model."
        return {
            "type": "error",
            "error": {"code": "studio.no_widget", "message": message, "hint": hint},
        }
    return {"type": "widget", **result}


def _question(ask: dict[str, Any]) -> dict[str, Any]:
    words = str(ask.get("words") or "").strip() or "Make the widget that this picture shows."
    source = ask.get("source")
    if isinstance(source, dict):
        known = cast("dict[str, Any]", source)
        words += (
            "\n\nChange this widget accordingly and answer with all of it:\n"
            f"```jsx\n{known.get('view') or ''}\n```\n```ts\n{known.get('schema') or ''}\n```\n"
            f"```json\n{json.dumps(known.get('data') or {}, ensure_ascii=False)}\n```"
        )
    content: list[dict[str, Any]] = [{"type": "input_text", "text": words}]
    if ask.get("picture"):
        content.append({"type": "input_image", "image_url": ask["picture"]})
    return {"type": "message", "role": "user", "content": content}


def _data(text: str | None) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    if text is None:
        return {}, []
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        return {}, [_fault("CK602", f"The data is not JSON: {error}", "data")]
    if not isinstance(data, dict):
        return {}, [_fault("CK602", "The data is not a JSON object.", "data")]
    return cast("dict[str, Any]", data), []


def _fault(code: str, message: str, part: str = "view") -> dict[str, Any]:
    return {
        "code": code,
        "severity": "error",
        "message": message,
        "part": part,
        "line": 1,
        "column": 1,
        "from": 0,
        "to": 0,
    }


def _misfits(found: list[dict[str, Any]]) -> bool:
    """Whether the sample data does not fit the schema: a warning to an author, a fault of a model."""
    return any(one["code"] == "CK601" for one in found)


def _worth_telling(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one for one in found if one["severity"] == "error" or one["code"] in {"CK601", "CK705", "CK706"}]
