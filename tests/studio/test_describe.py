"""A widget from words or a picture, by a model at a scripted endpoint."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from chatkit.models import ChatCompletions
from chatkit.studio import configured_model, create_studio_app
from chatkit.studio._describe import RETRIES
from chatkit.studio._prompt import instructions, read_answer
from chatkit.testing import Drop, Refuse, Say, ScriptedModel
from chatkit.widgets.definitions import COMPONENTS

pytestmark = pytest.mark.slow  # a process is started that draws the widgets

GOOD = """# Note

```jsx
<Card size="sm"><Text value={title} /></Card>
```
```ts
import { z } from "zod"
export default z.strictObject({ title: z.string() })
```
```json
{ "title": "Hello" }
```
"""
PICTURE = "data:image/png;base64,iVBORw0KGgo="


@pytest.fixture
async def model() -> AsyncIterator[ScriptedModel]:
    async with ScriptedModel() as scripted:
        yield scripted


@pytest.fixture
async def page(model: ScriptedModel, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    app = create_studio_app(
        tmp_path, seconds=20.0, model=ChatCompletions("scripted", base_url=model.base_url)
    )
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8100") as client,
    ):
        yield client


async def described(page: httpx.AsyncClient, **ask: Any) -> list[dict[str, Any]]:
    answer = await page.post("/api/describe", json=ask)
    assert answer.headers["content-type"].startswith("text/event-stream"), answer.text
    return [json.loads(line.removeprefix("data: ")) for line in answer.text.split("\n\n") if line]


async def test_words_become_view_schema_and_data(page: httpx.AsyncClient, model: ScriptedModel) -> None:
    model.add([Say(GOOD)])
    events = await described(page, words="A note")

    assert "".join(one["delta"] for one in events if one["type"] == "text") == GOOD
    last = events[-1]
    assert (last["type"], last["ok"], last["name"]) == ("widget", True, "Note")
    assert last["view"] == '<Card size="sm"><Text value={title} /></Card>'
    assert last["data"] == {"title": "Hello"}
    system, user = model.requests[0].body["messages"]
    assert all(f"- {name} (" in system["content"] for name in COMPONENTS)
    assert user == {"role": "user", "content": "A note"}


async def test_faults_go_back_to_the_model_with_place_and_cure(
    page: httpx.AsyncClient, model: ScriptedModel
) -> None:
    model.add([Say(GOOD.replace("<Text value", "<Txt value"))], [Say(GOOD)])
    events = await described(page, words="A note")

    assert [one["number"] for one in events if one["type"] == "attempt"] == [1, 2]
    assert events[-1]["ok"]
    told = model.requests[1].body["messages"]
    assert [one["role"] for one in told] == ["system", "user", "assistant", "user"]
    assert "Txt" in told[-1]["content"]
    assert "line 1, column" in told[-1]["content"]


async def test_data_that_does_not_fit_the_schema_is_a_fault(
    page: httpx.AsyncClient, model: ScriptedModel
) -> None:
    model.add([Say(GOOD.replace('"Hello"', "3"))], [Say(GOOD)])
    events = await described(page, words="A note")
    assert events[-1]["ok"]
    assert "CK601" in model.requests[1].body["messages"][-1]["content"]


async def test_after_the_last_attempt_what_there_is_comes_with_its_findings(
    page: httpx.AsyncClient, model: ScriptedModel
) -> None:
    bad = GOOD.replace("{title}", "{titel.}")
    model.add(*[[Say(bad)]] * (RETRIES + 2))
    events = await described(page, words="A note")

    assert model.remaining == 1
    assert [one["number"] for one in events if one["type"] == "attempt"] == list(range(1, RETRIES + 2))
    assert (events[-1]["type"], events[-1]["ok"]) == ("widget", False)
    assert any(found["severity"] == "error" for found in events[-1]["diagnostics"])


async def test_an_answer_without_any_widget_is_an_error(
    page: httpx.AsyncClient, model: ScriptedModel
) -> None:
    model.add(*[[Say("I would rather not.")]] * (RETRIES + 1))
    events = await described(page, words="A note")
    assert events[-1]["error"]["code"] == "studio.no_widget"


async def test_a_picture_goes_along(page: httpx.AsyncClient, model: ScriptedModel) -> None:
    model.add([Say(GOOD)])
    await described(page, picture=PICTURE)
    parts = model.requests[0].body["messages"][1]["content"]
    assert [part["type"] for part in parts] == ["text", "image_url"]
    assert parts[1]["image_url"]["url"] == PICTURE


async def test_a_widget_is_changed_by_words(page: httpx.AsyncClient, model: ScriptedModel) -> None:
    model.add([Say(GOOD)])
    source = {"view": "<Card/>", "schema": "", "data": {"a": 1}}
    await described(page, words="Add a title", source=source)
    asked = model.requests[0].body["messages"][1]["content"]
    assert "<Card/>" in asked
    assert '{"a": 1}' in asked


@pytest.mark.parametrize("reply", [Refuse(401), [Say("# No"), Drop()]], ids=["refused", "broken off"])
async def test_a_model_that_fails_is_told(page: httpx.AsyncClient, model: ScriptedModel, reply: Any) -> None:
    model.add(reply)
    events = await described(page, words="A note")
    assert events[-1]["type"] == "error"
    assert events[-1]["error"]["message"]


@pytest.mark.parametrize(
    "ask",
    [
        {},
        {"words": "  "},
        {"words": "x" * 9_000},
        {"picture": "https://elsewhere.example/x.png"},
        {"picture": "data:text/html;base64,AAAA"},
        {"picture": PICTURE + "A" * 6_000_001},
    ],
    ids=["nothing", "blank", "too long", "an address", "no picture", "too large"],
)
async def test_what_cannot_be_asked_is_refused_before_the_model_hears_of_it(
    page: httpx.AsyncClient, model: ScriptedModel, ask: dict[str, Any]
) -> None:
    answer = await page.post("/api/describe", json=ask)
    assert answer.status_code in (400, 413)
    assert model.requests == []


async def test_the_page_hears_whether_there_is_a_model(page: httpx.AsyncClient, tmp_path: Path) -> None:
    assert (await page.post("/api/settings", json={})).json() == {"describe": {"model": "scripted"}}
    without = create_studio_app(tmp_path)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(without), base_url="http://127.0.0.1:8100"
    ) as client:
        assert (await client.post("/api/settings", json={})).json() == {"describe": None}
        answer = await client.post("/api/describe", json={"words": "A note"})
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "studio.no_model")


def test_a_model_is_used_only_when_the_environment_names_one(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "CHATKIT_STUDIO_MODEL"):
        monkeypatch.delenv(name, raising=False)
    assert configured_model() is None
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:11434/v1")
    monkeypatch.setenv("CHATKIT_STUDIO_MODEL", "qwen3:8b")
    model = configured_model()
    assert (model.model, model.base_url, model.api_key) == ("qwen3:8b", "http://127.0.0.1:11434/v1", None)


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        GOOD.replace("```jsx", "```").replace("```ts", "```").replace("```json", "```"),
        GOOD.replace("```jsx", "```tsx").replace("```ts\n", "```typescript\n"),
        GOOD.removesuffix("```\n"),
    ],
    ids=["as asked", "no languages", "other languages", "cut off"],
)
def test_an_answer_is_read_whatever_its_fences_say(text: str) -> None:
    answer = read_answer(text)
    assert answer.name == "Note"
    assert (answer.view or "").startswith("<Card")
    assert "z.strictObject" in (answer.schema or "")
    assert json.loads(answer.data or "") == {"title": "Hello"}


def test_what_a_model_is_told_stays_short() -> None:
    assert len(instructions()) < 16_000
