"""The thread as input for the model: one method for each type of item."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, cast

from chatkit.logger import logger
from chatkit.types import (
    AssistantMessageItem,
    Attachment,
    ClientToolCallItem,
    CustomTask,
    EndOfTurnItem,
    FileSource,
    GeneratedImageItem,
    HiddenContextItem,
    SDKHiddenContextItem,
    StructuredInput,
    StructuredInputItem,
    Task,
    TaskItem,
    ThreadItem,
    URLSource,
    UserMessageItem,
    UserMessageTagContent,
    WidgetItem,
    WorkflowItem,
)

from .approvals import is_paused_run
from .tool_history import from_hidden

if TYPE_CHECKING:
    from openai.types.responses import ResponseInputContentParam

    from agents import TResponseInputItem

    Input = TResponseInputItem | list[TResponseInputItem] | None

__all__ = ["ThreadItemConverter", "simple_to_agent_input"]

_Convert = Callable[[Any], Awaitable[Any]]
_MESSAGE_ID: Final = re.compile(r"msg_[A-Za-z0-9_-]{1,60}")


class ThreadItemConverter:
    """Turns the items of a thread into input for the model. Override the method of an item type to change it.

    :cvar include_citations: whether an answer's sources are told to the model after the answer
    :cvar inline_images: how many of the newest images that are stored inline (``data:`` URLs) are sent again;
        earlier ones are only mentioned
    """

    include_citations: bool = True
    inline_images: int = 1

    async def attachment_to_message_content(self, attachment: Attachment) -> ResponseInputContentParam:
        """What the model gets of an attachment. By default its name and type; ``chatkit.documents.DocumentConverter`` sends what it holds."""
        logger.warning(
            "The model sees only the name of attachment %r. Use chatkit.documents.DocumentConverter to send what is in it.",
            attachment.name,
        )
        return _text(
            f"<Attachment>\n{attachment.name} ({attachment.mime_type}), content not included\n</Attachment>"
        )

    async def tag_to_message_content(self, tag: UserMessageTagContent) -> ResponseInputContentParam:
        """What the model is told about a mentioned entity. By default its label, id, group and data as JSON."""
        facts: dict[str, Any] = {"label": tag.text, "id": tag.id, "group": tag.group, "data": tag.data}
        known = {name: fact for name, fact in facts.items() if fact}
        return _text(f"<Mention>\n{json.dumps(known, ensure_ascii=False, default=str)}\n</Mention>")

    async def generated_image_to_input(self, item: GeneratedImageItem) -> Input:
        """An image the model made: the image itself."""
        if item.image is None:
            return None
        picture = {"type": "input_image", "detail": "auto", "image_url": item.image.url}
        return _told(
            "The assistant made this image for the user.", cast("ResponseInputContentParam", picture)
        )

    async def hidden_context_to_input(self, item: HiddenContextItem) -> Input:
        """Context the app hid in the thread.

        :raises NotImplementedError: its content is not a string, and the method is not overridden.
        """
        if not isinstance(item.content, str):
            raise NotImplementedError(
                f"Hidden context {item.id!r} holds {type(item.content).__name__}, not a string. "
                "Override ThreadItemConverter.hidden_context_to_input() to say what the model gets."
            )
        return _told(
            f"Context that the user does not see:\n<HiddenContext>\n{item.content}\n</HiddenContext>"
        )

    async def sdk_hidden_context_to_input(self, item: SDKHiddenContextItem) -> Input:
        """Context the server hid in the thread: a note, or a tool call with its result."""
        if is_paused_run(item.content):
            return None
        call = from_hidden(item.content)
        if call is not None:
            return _function_call(call["call_id"], call["name"], call["arguments"], call["output"])
        return _told(
            f"Context that the user does not see:\n<HiddenContext>\n{item.content}\n</HiddenContext>"
        )

    async def task_to_input(self, item: TaskItem) -> Input:
        """A step shown to the user: its title and content, when it is of the custom kind."""
        return _task(item.task)

    async def structured_input_to_input(self, item: StructuredInputItem) -> Input:
        """Questions put to the user, with the answers."""
        lines = "\n".join(f"- {question.question}: {_answer(question)}" for question in item.inputs)
        return _told(
            f"The user was asked these questions (status: {item.status}):\n<StructuredInput>\n{lines}\n</StructuredInput>"
        )

    async def workflow_to_input(self, item: WorkflowItem) -> Input:
        """Steps shown to the user: those of the custom kind."""
        return cast("Input", [step for step in map(_task, item.workflow.tasks) if step is not None])

    async def widget_to_input(self, item: WidgetItem) -> Input:
        """A widget shown to the user: its JSON."""
        shown = item.widget.model_dump_json(exclude_none=True)
        return _told(f"This widget (id: {item.id}) was shown to the user: {shown}")

    async def user_message_to_input(self, item: UserMessageItem, is_last_message: bool = True) -> Input:
        """What the user wrote, with attachments; then what is known about mentioned entities and quoted text."""
        text = "".join(f"@{part.text}" if part.type == "input_tag" else part.text for part in item.content)
        content = [_text(text)]
        content += [await self.attachment_to_message_content(attachment) for attachment in item.attachments]
        messages = [_message(*content)]
        if item.quoted_text and is_last_message:
            messages.append(_told(f"The user refers to this passage:\n{item.quoted_text}"))
        mentions = {part.id: part for part in item.content if part.type == "input_tag"}
        if mentions:
            resolved = [await self.tag_to_message_content(tag) for tag in mentions.values()]
            messages.append(_message(_text(_MENTIONS), *resolved))
        return messages

    async def assistant_message_to_input(self, item: AssistantMessageItem) -> Input:
        """What the assistant said, and after it the sources it named."""
        parts: list[dict[str, Any]] = [
            {"type": "output_text", "text": part.text, "annotations": []} for part in item.content
        ]
        message = {"type": "message", "role": "assistant", "id": _message_id(item), "status": "completed"}
        said = cast("TResponseInputItem", {**message, "content": parts})
        sources = _sources(item) if self.include_citations else []
        if not sources:
            return said
        return [
            said,
            _told("Sources of the answer above:\n<Sources>\n" + "\n".join(sources) + "\n</Sources>"),
        ]

    async def client_tool_call_to_input(self, item: ClientToolCallItem) -> Input:
        """A call the page carried out, and its result; nothing while it is pending."""
        if item.status == "pending":
            return None
        return _function_call(item.call_id, item.name, json.dumps(item.arguments), json.dumps(item.output))

    async def end_of_turn_to_input(self, item: EndOfTurnItem) -> Input:
        """Nothing."""
        return None

    async def to_agent_input(
        self, thread_items: Sequence[ThreadItem] | ThreadItem
    ) -> list[TResponseInputItem]:
        """Input for the model, in the order given.

        Quoted text is told with the newest user message, whatever follows it.
        """
        items: list[Any] = list(thread_items) if isinstance(thread_items, Sequence) else [thread_items]
        asked = [index for index, item in enumerate(items) if item.type == "user_message"]
        last = asked[-1] if asked else None
        earlier = self._earlier_images(items)
        found: list[TResponseInputItem] = []
        for index, item in enumerate(items):
            if item.type == "user_message":
                given = await self.user_message_to_input(item, is_last_message=index == last)
            elif index in earlier:
                given = _told("The assistant made an image for the user here; it is not repeated.")
            else:
                given = await _METHODS[item.type](self, item)
            found += _listed(given)
        return found

    def _is_inline(self, url: str) -> bool:
        """Whether sending an image means sending its bytes."""
        return url.startswith("data:")

    def _earlier_images(self, items: Sequence[Any]) -> set[int]:
        inline = [
            index
            for index, item in enumerate(items)
            if item.type == "generated_image" and item.image is not None and self._is_inline(item.image.url)
        ]
        return set(inline[: max(0, len(inline) - self.inline_images)])


_MENTIONS: Final = "About what the user mentioned with @. Name it without the @, which belongs to the user's way of writing only."

_METHODS: Final[Mapping[str, Callable[[ThreadItemConverter, Any], Awaitable[Any]]]] = {
    "assistant_message": lambda converter, item: converter.assistant_message_to_input(item),
    "client_tool_call": lambda converter, item: converter.client_tool_call_to_input(item),
    "end_of_turn": lambda converter, item: converter.end_of_turn_to_input(item),
    "generated_image": lambda converter, item: converter.generated_image_to_input(item),
    "hidden_context_item": lambda converter, item: converter.hidden_context_to_input(item),
    "sdk_hidden_context": lambda converter, item: converter.sdk_hidden_context_to_input(item),
    "structured_input": lambda converter, item: converter.structured_input_to_input(item),
    "task": lambda converter, item: converter.task_to_input(item),
    "widget": lambda converter, item: converter.widget_to_input(item),
    "workflow": lambda converter, item: converter.workflow_to_input(item),
}


_DEFAULT: Final = ThreadItemConverter()


def simple_to_agent_input(
    thread_items: Sequence[ThreadItem] | ThreadItem,
) -> Coroutine[Any, Any, list[TResponseInputItem]]:
    """Input for the model with the default :class:`ThreadItemConverter`; await the result."""
    return _DEFAULT.to_agent_input(thread_items)


def _listed(given: Any) -> list[TResponseInputItem]:
    if given is None:
        return []
    return cast("list[TResponseInputItem]", given) if isinstance(given, list) else [given]


def _text(text: str) -> ResponseInputContentParam:
    return {"type": "input_text", "text": text}


def _message(*content: ResponseInputContentParam) -> TResponseInputItem:
    return {"type": "message", "role": "user", "content": list(content)}


def _told(text: str, *more: ResponseInputContentParam) -> TResponseInputItem:
    return _message(_text(text), *more)


def _function_call(call_id: str, name: str, arguments: str, output: str) -> list[TResponseInputItem]:
    return [
        {"type": "function_call", "call_id": call_id, "name": name, "arguments": arguments},
        {"type": "function_call_output", "call_id": call_id, "output": output},
    ]


def _message_id(item: AssistantMessageItem) -> str:
    """Model endpoints take ids of messages only with this prefix, of these letters, and not longer than 64."""
    told = item.id if item.id.startswith("msg_") else f"msg_{item.id}"
    return told if _MESSAGE_ID.fullmatch(told) else f"msg_{sha256(item.id.encode()).hexdigest()[:32]}"


def _sources(item: AssistantMessageItem) -> list[str]:
    """The sources of an answer, each once, in the order in which they are cited."""
    lines: dict[str, None] = {}
    for part in item.content:
        for annotation in part.annotations:
            source = annotation.source
            if isinstance(source, URLSource):
                lines[f"- {source.title}: {source.url}"] = None
            elif isinstance(source, FileSource):
                lines[f"- {source.filename}"] = None
            else:
                lines[f"- {source.title} (id: {source.id})"] = None
    return list(lines)


def _task(task: Task) -> TResponseInputItem | None:
    if not isinstance(task, CustomTask):
        return None
    described = ": ".join(part for part in (task.title, task.content) if part)
    return (
        _told(f"This step was shown to the user as done:\n<Task>\n{described}\n</Task>")
        if described
        else None
    )


def _answer(question: StructuredInput) -> str:
    answer = question.answer
    if answer is None:
        return "unanswered"
    return "skipped" if answer.skipped else ", ".join(answer.values)
