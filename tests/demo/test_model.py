"""With a model configured, the demo talks to it over HTTP and offers it the widgets as tools."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chatkit.backends.files import FileAttachmentStore
from chatkit.backends.memory import MemoryStore
from chatkit.demo._desk import Visitor
from chatkit.demo._settings import model_name
from chatkit.testing import Call, ChatKitClient, ScriptedModel
from chatkit.types import WidgetItem

pytest.importorskip("agents", reason="the Agents SDK is not installed")

TOOLS = {
    "show_rooms",
    "show_booking_form",
    "draft_email",
    "show_late_checkout",
    "show_light_switch",
    "ask_local_time",
}


@pytest.fixture
async def model(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[ScriptedModel]:
    async with ScriptedModel() as scripted:
        monkeypatch.setenv("OPENAI_BASE_URL", scripted.base_url)
        monkeypatch.delenv("OPENAI_API_KEY", raising=False)
        yield scripted


@pytest.fixture
def client(model: ScriptedModel) -> ChatKitClient[Visitor]:
    from chatkit.demo._model import ModelPorter

    store: MemoryStore[Visitor] = MemoryStore(owner=lambda context: context.name)
    return ChatKitClient(ModelPorter(store, model=model_name() or ""), Visitor("a guest"))


async def test_the_model_is_offered_the_widgets_as_tools_and_shows_one(
    model: ScriptedModel, client: ChatKitClient[Visitor]
) -> None:
    model.add([Call("show_rooms", {})], "Choose the one with the lamp.")
    turn = await client.send("Which rooms do you have?")
    assert set(model.requests[0].tool_names) == TOOLS
    assert [widget.widget.type for widget in turn.widgets] == ["ListView"]
    assert "the lamp" in turn.text
    assert client.thread.title == "Which rooms do you have?"


async def test_the_model_reads_the_files_that_a_guest_sends(model: ScriptedModel, tmp_path: Path) -> None:
    from chatkit.demo._model import ModelPorter

    async def letter() -> AsyncIterator[bytes]:
        yield b"The foghorn again."

    files: FileAttachmentStore[Visitor] = FileAttachmentStore(tmp_path, public_url="http://127.0.0.1/chatkit")
    server = ModelPorter(MemoryStore(), files, model=model_name() or "")
    guest = Visitor("a guest")
    attachment = await files.upload("letter.txt", "text/plain", letter(), guest)
    await server.store.save_attachment(attachment, guest)
    model.add("I hear it too.")
    await ChatKitClient(server, guest).send("Read this", attachments=[attachment.id])
    assert "The foghorn again." in str(model.requests[0].input)


async def test_a_widget_that_the_model_showed_is_handled_by_the_script_when_clicked(
    model: ScriptedModel, client: ChatKitClient[Visitor]
) -> None:
    model.add([Call("show_rooms", {})], "There.")
    rooms = (await client.send("Rooms, please")).widgets[0]
    assert "Low Tide" in (await client.act("room.choose", {"id": "tide"}, item=rooms)).text
    assert "Yours" in client.last(WidgetItem).widget.model_dump_json()


async def test_the_page_is_asked_and_the_model_goes_on_with_the_answer(
    model: ScriptedModel, client: ChatKitClient[Visitor]
) -> None:
    model.add([Call("ask_local_time", {})], "It is four. Sleep.")
    turn = await client.send("What time is it?")
    assert [call.name for call in turn.tool_calls] == ["local_time"]
    after = await client.answer_tool({"time": "04:00", "zone": "UTC"})
    assert "04:00" in str(model.requests[-1].input)
    assert after.text == "It is four. Sleep."


async def test_five_turns_keep_five_answers_apart(
    model: ScriptedModel, client: ChatKitClient[Visitor]
) -> None:
    model.add(*(f"Answer {n}" for n in range(5)))
    for n in range(5):
        assert (await client.send(f"Question {n}")).text == f"Answer {n}"
    ids = [item.id for item in client.items]
    assert len(ids) == len(set(ids)) == 10


@pytest.mark.parametrize(
    ("variable", "named"), [("OPENAI_API_KEY", True), ("OPENAI_BASE_URL", True), ("OTHER", False)]
)
def test_the_script_answers_when_no_model_is_configured(
    variable: str, named: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, "something")
    assert (model_name() is not None) is named
