"""What a file holds reaches the model, on every wire, through `DocumentConverter`."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import AsyncIterator
from typing import Any

import docx
import pytest
from openai import AsyncOpenAI
from PIL import Image

from agents import Agent, OpenAIChatCompletionsModel, OpenAIResponsesModel, Runner, set_tracing_disabled
from chatkit.agents import AgentContext, stream_agent_response
from chatkit.agui import AGUIAgent, stream_agui_events, to_agui_messages
from chatkit.backends.files import FileAttachmentStore
from chatkit.backends.memory import MemoryStore
from chatkit.documents import DocumentConverter, StoredImages
from chatkit.models import Anthropic, ChatCompletions, stream_model_response
from chatkit.server import ChatKitServer
from chatkit.testing import ChatKitClient, Draw, ScriptedModel
from chatkit.types import (
    FileAttachment,
    GeneratedImage,
    GeneratedImageItem,
    ThreadMetadata,
    ThreadStreamEvent,
    UserMessageItem,
)

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF"


def _png(color: str = "red") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (2, 2), color).save(out, "PNG")
    return out.getvalue()


def _word() -> bytes:
    document = docx.Document()
    document.add_paragraph("The key is under the mat.")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


class WireServer(ChatKitServer[None]):
    """Answers over one of the wires, with what attachments hold."""

    def __init__(self, wire: str, model: ScriptedModel, files: Any, **settings: Any) -> None:
        super().__init__(MemoryStore(), files)
        self.wire, self.model = wire, model
        self.converter = DocumentConverter(files, **settings)

    async def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: None
    ) -> AsyncIterator[ThreadStreamEvent]:
        page = await self.store.load_thread_items(thread.id, None, 1000, "asc", context)
        run: AgentContext[None] = AgentContext(thread=thread, store=self.store, request_context=context)
        given = await self.converter.to_agent_input(page.data)
        async for event in self._events(run, given):
            yield event

    def _events(self, run: AgentContext[None], given: list[Any]) -> AsyncIterator[ThreadStreamEvent]:
        base_url = self.model.base_url
        if self.wire == "agui":
            agent = AGUIAgent(f"{base_url}/agui")
            return stream_agui_events(run, agent.run(run.thread.id, to_agui_messages(given)))
        if self.wire in ("chat", "anthropic"):
            make = ChatCompletions if self.wire == "chat" else Anthropic
            return stream_model_response(run, make("m", base_url=base_url), given)
        client = AsyncOpenAI(base_url=base_url, api_key="none", max_retries=0)
        kind = OpenAIResponsesModel if self.wire == "agents" else OpenAIChatCompletionsModel
        agent = Agent[AgentContext[None]](name="a", model=kind("m", client))
        return stream_agent_response(run, Runner.run_streamed(agent, given, context=run))


@pytest.fixture
def files(tmp_path: Any) -> FileAttachmentStore[None]:
    set_tracing_disabled(True)
    return FileAttachmentStore(
        tmp_path, secret="a secret of sixteen bytes", public_url="http://127.0.0.1/chatkit"
    )


async def _keep(
    server: ChatKitServer[None], files: FileAttachmentStore[None], name: str, kind: str, content: bytes
) -> str:
    async def chunks() -> AsyncIterator[bytes]:
        yield content

    attachment = await files.upload(name, kind, chunks(), None)
    await server.store.save_attachment(attachment, None)
    return attachment.id


WIRES = ["agents", "agents_chat", "chat", "anthropic", "agui"]
IMAGES = {
    "agents": '"type": "input_image"',
    "agents_chat": '"type": "image_url"',
    "chat": '"type": "image_url"',
    "anthropic": '"type": "image"',
    "agui": '"type": "image"',
}
FILES = {
    "agents": '"type": "input_file"',
    "agents_chat": '"type": "file"',
    "chat": '"type": "file"',
    "anthropic": '"type": "document"',
    "agui": '"type": "document"',
}


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.behaviour("D72")
async def test_images_pdf_office_and_text_reach_the_model_on_every_wire(
    wire: str, files: FileAttachmentStore[None]
) -> None:
    async with ScriptedModel("I see.") as model:
        server = WireServer(wire, model, files, pdf="file")
        ids = [
            await _keep(server, files, "red.png", "image/png", _png()),
            await _keep(server, files, "house.pdf", "application/pdf", PDF),
            await _keep(server, files, "note.docx", WORD, _word()),
            await _keep(server, files, "guests.csv", "text/csv", b"ann,7"),
        ]
        turn = await ChatKitClient(server, None).send("Look", attachments=ids)
        assert turn.error is None
        told = json.dumps(model.requests[0].body)
        assert IMAGES[wire] in told
        assert base64.b64encode(_png()).decode() in told
        assert FILES[wire] in told
        assert base64.b64encode(PDF).decode() in told
        assert "house.pdf" in told
        assert "The key is under the mat." in told
        assert "ann,7" in told


async def test_only_the_newest_attachments_are_sent_and_earlier_ones_are_named(
    files: FileAttachmentStore[None],
) -> None:
    async with ScriptedModel("One.", "Two.") as model:
        server = WireServer("chat", model, files, newest=1)
        client = ChatKitClient(server, None)
        first = await _keep(server, files, "first.txt", "text/plain", b"the first words")
        second = await _keep(server, files, "second.txt", "text/plain", b"the second words")
        await client.send("Read", attachments=[first])
        await client.send("And this", attachments=[second])
        told = json.dumps(model.requests[1].body)
        assert "the second words" in told
        assert "the first words" not in told
        assert "first.txt" in told


@pytest.mark.parametrize(
    ("kind", "content", "why"),
    [
        (WORD, b"PK\x03\x04 not a document", "cannot be read"),
        ("application/x-thing", b"\x00\x01", "no reader"),
        ("text/plain", b"x" * 2000, "larger than"),
        ("text/plain", b"  \n ", "holds no text"),
    ],
)
async def test_a_file_that_cannot_be_read_is_named_and_the_conversation_goes_on(
    kind: str, content: bytes, why: str
) -> None:
    class Held:
        async def read(self, attachment_id: str) -> AsyncIterator[bytes]:
            yield content

    converter = DocumentConverter(Held(), most_bytes=1000)
    part: Any = await converter.attachment_to_message_content(
        FileAttachment(id="atc_1", name='odd "name"\n.bin', mime_type=kind)
    )
    assert part["type"] == "input_text"
    assert why in part["text"]
    assert '"odd \\"name\\"\\n.bin"' in part["text"]


async def test_a_file_that_was_never_uploaded_is_named(files: FileAttachmentStore[None]) -> None:
    converter = DocumentConverter(files)
    part: Any = await converter.attachment_to_message_content(
        FileAttachment(id="atc_gone", name="gone.txt", mime_type="text/plain")
    )
    assert "gone.txt" in part["text"]


async def test_a_missing_package_is_logged_with_its_install_line(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Held:
        async def read(self, attachment_id: str) -> AsyncIterator[bytes]:
            yield b"PK"

    import chatkit.documents as documents

    def missing(*_: Any, **__: Any) -> None:
        raise ImportError("pip install 'chatkit-selfhost[documents]'")

    monkeypatch.setattr(documents, "require", missing)
    part: Any = await DocumentConverter(Held()).attachment_to_message_content(
        FileAttachment(id="atc_1", name="note.docx", mime_type=WORD)
    )
    assert "note.docx" in part["text"]
    assert "chatkit-selfhost[documents]" in caplog.text


class ImageServer(ChatKitServer[None]):
    """Keeps the images that the model's endpoint makes."""

    def __init__(self, model: ScriptedModel, files: FileAttachmentStore[None]) -> None:
        super().__init__(MemoryStore(), files)
        client = AsyncOpenAI(base_url=model.base_url, api_key="none", max_retries=0)
        self.agent = Agent[AgentContext[None]](name="a", model=OpenAIResponsesModel("m", client))
        self.files = files

    async def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: None
    ) -> AsyncIterator[ThreadStreamEvent]:
        page = await self.store.load_thread_items(thread.id, None, 1000, "asc", context)
        run: AgentContext[None] = AgentContext(thread=thread, store=self.store, request_context=context)
        given = await DocumentConverter(self.files).to_agent_input(page.data)
        result = Runner.run_streamed(self.agent, given, context=run)
        async for event in stream_agent_response(run, result, converter=StoredImages(self.files, run)):
            yield event


@pytest.mark.behaviour("D85")
async def test_d85_generated_images_are_kept_beside_the_thread_and_only_the_newest_goes_back(
    files: FileAttachmentStore[None],
) -> None:
    red = base64.b64encode(_png()).decode()
    blue = base64.b64encode(_png("blue")).decode()
    async with ScriptedModel(
        [Draw(red, previews=[red]), "Red."], [Draw(blue), "Blue."], "Two pictures."
    ) as model:
        server = ImageServer(model, files)
        client = ChatKitClient(server, None)
        turn = await client.send("Draw")
        assert turn.error is None
        previews = [e.update.image.url for e in turn.events if "generated_image.updated" in str(e)]
        assert previews == [f"data:image/png;base64,{red}"]
        shown = turn.items[0]
        assert isinstance(shown, GeneratedImageItem)
        assert shown.image is not None
        assert "?ticket=" in shown.image.url
        (stored,) = [
            item
            for item in (await server.store.load_thread_items(client.thread.id, None, 9, "asc", None)).data
            if isinstance(item, GeneratedImageItem)
        ]
        assert stored.image is not None
        assert stored.image.url == shown.image.url.partition("?")[0]
        attachment = await server.store.load_attachment(stored.image.url.rpartition("/")[2], None)
        assert (attachment.thread_id, attachment.mime_type) == (client.thread.id, "image/png")
        assert b"".join([piece async for piece in files.read(attachment.id)]) == _png()
        again = (await client.load()).items.data[1]
        assert isinstance(again, GeneratedImageItem)
        assert again.image is not None
        assert "?ticket=" in again.image.url

        await client.send("And in blue")
        await client.send("What are they?")
        told = json.dumps(model.requests[2].input)
        assert blue in told
        assert red not in told
        assert "ticket" not in told


async def test_an_address_that_is_not_this_store_s_stays_as_it_is(files: FileAttachmentStore[None]) -> None:
    for url in (
        "https://elsewhere.example/other/attachments/atc_1",
        "http://127.0.0.1/chatkit/attachments/atc_1?ticket=x",
        "http://127.0.0.1/chatkit/attachments/../secret",
        "data:image/png;base64,AAAA",
        "not an address",
    ):
        image = GeneratedImage(id="ig_1", url=url)
        assert await files.present_image(image, None) is image
