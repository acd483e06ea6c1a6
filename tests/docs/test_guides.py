"""Every example of the guides is a file, is shown as it stands, and does what its page says."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from chatkit.backends.memory import MemoryStore
from chatkit.models import ChatCompletions
from chatkit.testing import Call, ChatKitClient, Say, ScriptedModel, assert_widget
from chatkit.types import AssistantMessageItem, StructuredInputItem, WidgetItem

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "docs_src"


@pytest.fixture(autouse=True)
def _examples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(SOURCES))


def example(name: str) -> Any:
    return importlib.import_module(name)


def test_pages_show_the_examples_as_they_are() -> None:
    ran = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "guides.py"), "--check"],
        check=False,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stdout


def test_every_example_is_shown_on_a_page() -> None:
    pages = "\n".join(page.read_text() for page in ROOT.joinpath("docs").glob("*.md"))
    shown = set(re.findall(r"<!-- docs_src/(\S+) -->", pages))
    assert {path.name for path in SOURCES.iterdir() if path.is_file()} == shown


async def test_respond_streams_a_message_and_names_the_thread() -> None:
    client = ChatKitClient(example("respond").PorterServer(MemoryStore()), None)
    turn = await client.send("Hello")
    assert turn.text == "Good evening."
    assert turn.events[3].type == "progress_update"
    assert client.thread.title == "Evening"
    refused = await client.send("Open the safe")
    assert refused.error is not None
    assert refused.error.message == "The safe stays shut."
    assert not refused.error.allow_retry


async def test_the_draft_streams_and_its_button_sends_it() -> None:
    client = ChatKitClient(example("widgets_and_actions").DraftServer(MemoryStore()), None)
    turn = await client.send("Write")
    deltas = [event for event in turn.events if "value_delta" in event.model_dump_json()]
    assert deltas
    button = assert_widget(turn.widgets[0], "Button", label="Send")
    action = button["onClickAction"]
    done = await client.act(action["type"], action["payload"], item=client.last(WidgetItem))
    assert_widget(done.widgets[0], "Button", label="Sent", disabled=True)


async def test_the_agent_shows_widgets_steps_and_client_tools() -> None:
    from openai import AsyncOpenAI

    from agents import OpenAIResponsesModel, set_tracing_disabled

    set_tracing_disabled(True)
    script = (
        Call("weather", {"city": "Rome"}),
        "Sunny.",
        Call("set_theme", {"theme": "dark"}),
        "It is dark.",
    )
    async with ScriptedModel(*script) as scripted:
        model = OpenAIResponsesModel("m", AsyncOpenAI(base_url=scripted.base_url, api_key="none"))
        client = ChatKitClient(example("agents_app").AgentServer(MemoryStore(), model), None)
        turn = await client.send("Weather?")
        assert [item.type for item in turn.items] == ["workflow", "widget", "assistant_message"]
        (call,) = (await client.send("Dark")).tool_calls
        assert call.arguments == {"theme": "dark"}
        assert (await client.answer_tool({"ok": True})).text == "It is dark."


async def test_a_refund_is_given_after_it_was_approved() -> None:
    from openai import AsyncOpenAI

    from agents import OpenAIResponsesModel, set_tracing_disabled

    set_tracing_disabled(True)
    async with ScriptedModel([Call("refund", {"order": "A7", "amount": 12})], "Done.") as scripted:
        model = OpenAIResponsesModel("m", AsyncOpenAI(base_url=scripted.base_url, api_key="none"))
        client = ChatKitClient(example("approvals").TillServer(MemoryStore(), model), None)
        await client.send("My money, please")
        item = client.last(StructuredInputItem)
        turn = await client.answer_questions(item.id, {item.inputs[0].id: ["Approve"]})
        assert turn.text == "Done."
        assert "12 given back for A7" in str(scripted.requests[1].input)


async def test_a_model_over_plain_http_does_the_same() -> None:
    script = (
        Call("weather", {"city": "Rome"}),
        "Sunny.",
        Call("set_theme", {"theme": "dark"}),
        "It is dark.",
    )
    async with ScriptedModel(*script) as scripted:
        model = ChatCompletions("qwen3", base_url=scripted.base_url)
        client = ChatKitClient(example("models_app").ModelServer(MemoryStore(), model), None)
        turn = await client.send("Weather?")
        assert [item.type for item in turn.items] == ["widget", "assistant_message"]
        (call,) = (await client.send("Dark")).tool_calls
        assert call.name == "set_theme"
        assert (await client.answer_tool({"ok": True})).text == "It is dark."


async def test_an_agui_agent_answers() -> None:
    async with ScriptedModel([Say("From afar.")]) as scripted:
        client = ChatKitClient(
            example("agui_app").AGUIServer(MemoryStore(), f"{scripted.base_url}/agui"), None
        )
        assert (await client.send("Hi")).text == "From afar."


async def test_rich_input_reaches_the_model_and_questions_get_answers() -> None:
    module = example("rich_input")
    client = ChatKitClient(module.QuestionServer(MemoryStore()), None)
    await client.send("A room, please")
    question = client.last(StructuredInputItem)
    await client.answer_questions(question.id, {"size": ["Double"], "note": []})
    answered = client.last(StructuredInputItem)
    assert [part.answer.values for part in answered.inputs if part.answer] == [["Double"], []]
    told = str(await module.OrderConverter().to_agent_input(client.items))
    assert "Double" in told


async def test_citations_are_stored_with_the_answer() -> None:
    client = ChatKitClient(example("annotations").SourcedServer(MemoryStore()), None)
    await client.send("When?")
    annotations = client.last(AssistantMessageItem).content[0].annotations
    assert [annotation.source.type for annotation in annotations] == ["url", "file", "entity"]


async def test_a_backend_of_the_hosted_service_gets_its_secret_and_the_page_its_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from httpx import ASGITransport, AsyncClient
    from openai import AsyncOpenAI

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CHATKIT_SECRET", "sixteen characters or more")
    monkeypatch.setenv("CHATKIT_API_KEY", "sk-for-the-backend-only")
    module = example("hosted_app")
    message = {"content": [{"type": "input_text", "text": "Hi"}], "attachments": [], "inference_options": {}}
    async with (
        module.chat.lifespan(),
        AsyncClient(transport=ASGITransport(module.app), base_url="http://chat") as http,
    ):
        sdk = AsyncOpenAI(base_url="http://chat/v1", api_key="sk-for-the-backend-only", http_client=http)
        session = await sdk.beta.chatkit.sessions.create(
            user="ann", workflow={"id": "wf_1"}, expires_after={"anchor": "created_at", "seconds": 60}
        )
        assert (session.status, session.user) == ("active", "ann")
        assert session.expires_at - time.time() <= 60
        answer = await http.post(
            "/chatkit",
            json={"type": "threads.create", "params": {"input": message}},
            headers={"Authorization": f"Bearer {session.client_secret}", "Origin": "https://your.page"},
        )
        assert "Good to see you here, ann. You came for wf_1." in answer.text
        assert answer.headers["access-control-allow-origin"] == "https://your.page"
        refused = await http.post("/v1/chatkit/sessions", json={"user": "ann"})
        assert refused.status_code == 401


async def test_a_recording_becomes_text_at_a_speech_model() -> None:
    from httpx import ASGITransport, AsyncClient
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import JSONResponse
    from starlette.routing import Route

    async def transcriptions(request: Request) -> JSONResponse:
        async with request.form() as form:
            file: Any = form["file"]
            return JSONResponse({"text": f"{(await file.read()).decode()} as {file.content_type}"})

    class Clerk(example("dictation").ListeningServer):
        async def respond(self, thread: Any, input_user_message: Any, context: Any) -> Any:
            for event in ():
                yield event

    speech = Starlette(routes=[Route("/v1/audio/transcriptions", transcriptions, methods=["POST"])])
    async with AsyncClient(transport=ASGITransport(speech), base_url="http://speech") as http:
        client = ChatKitClient(Clerk(MemoryStore(), http), None)
        recording = {"audio_base64": "aGVsbG8=", "mime_type": "audio/webm;codecs=opus"}
        assert await client.request("input.transcribe", recording) == {"text": "hello as audio/webm"}


@pytest.mark.slow
def test_the_first_app_gets_its_model_and_its_test(tmp_path: Path) -> None:
    def run(*command: str, cwd: Path) -> str:
        done = subprocess.run(
            [sys.executable, "-m", *command], cwd=cwd, check=False, capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run("chatkit", "new", "Picnic", cwd=tmp_path)
    app = tmp_path / "picnic"
    (app / "model.py").write_text((SOURCES / "start_model.py").read_text())
    (app / "tests" / "test_model.py").write_text((SOURCES / "start_test.py").read_text())
    assert "3 passed" in run("pytest", "-q", "-p", "no:cacheprovider", cwd=app)


async def test_images_are_saved_and_threads_hold_their_address(tmp_path: Path) -> None:
    converter = example("images").SavedImages(tmp_path, "https://example.com/images")
    assert await converter.base64_image_to_url("ig_1", "aGk=") == "https://example.com/images/ig_1.png"
    assert tmp_path.joinpath("ig_1.png").read_bytes() == b"hi"
    assert converter.partial_image_index_to_progress(1) == 0.5


async def test_client_updates_are_events_of_the_turn() -> None:
    client = ChatKitClient(example("client_updates").BookingServer(MemoryStore()), None)
    kinds = [event.type for event in (await client.send("Book")).events]
    assert kinds[-3:] == ["progress_update", "client_effect", "notice"]


async def test_the_thread_is_remembered_titled_locked_and_voted_on() -> None:
    server = example("history_and_feedback").RememberingServer(MemoryStore())
    client = ChatKitClient(server, "Ann")
    for number in range(1, 4):
        assert (await client.send("Hm?")).text == f"That was question {number}."
    assert client.thread.title == "Ann asks"
    assert client.thread.status.type == "locked"
    message = client.last(AssistantMessageItem)
    await client.request(
        "items.feedback", {"thread_id": client.thread.id, "item_ids": [message.id], "kind": "positive"}
    )
    assert server.votes == [("Ann", message.id, "positive")]
