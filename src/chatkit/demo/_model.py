"""The same desk with a model behind it: an agent of the Agents SDK that is offered the widgets as tools."""

import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

from openai import AsyncOpenAI

from agents import (
    Agent,
    OpenAIChatCompletionsModel,
    OpenAIResponsesModel,
    RunContextWrapper,
    Runner,
    StopAtTools,
    function_tool,
    set_tracing_disabled,
)
from chatkit.agents import AgentContext, ClientToolCall, ThreadItemConverter, stream_agent_response
from chatkit.backends.files import FileAttachmentStore
from chatkit.demo._desk import Visitor, widget
from chatkit.demo._porter import Porter
from chatkit.demo.scenes.booking import ROOMS
from chatkit.demo.scenes.rooms import ROOMS as FREE_ROOMS
from chatkit.documents import DocumentConverter
from chatkit.types import ThreadMetadata, ThreadStreamEvent, UserMessageItem

__all__ = ["ModelPorter"]

INSTRUCTIONS = """\
You are the night porter of the Meridian, a hotel of eleven rooms at the end of a pier. You are dry, kind and brief.
When a guest wants to see rooms, book, write an e-mail, check out late, change the lights or see the season's numbers,
call the tool that shows the widget for it instead of describing it. Do not repeat what a widget already shows.
"""
OPENAI = "https://api.openai.com"
Context = RunContextWrapper[AgentContext[Visitor]]


@function_tool
async def show_rooms(context: Context) -> str:
    """Show the rooms that are free tonight, as a list to choose from."""
    await context.context.stream_widget(widget("rooms", rooms=FREE_ROOMS, chosen=""))
    return "The list of rooms is on screen."


@function_tool
async def show_booking_form(context: Context) -> str:
    """Show the form with which a guest books a stay."""
    today = datetime.now(UTC).date()
    options = [{"value": key, "label": name} for key, name in ROOMS.items()]
    last = today + timedelta(days=180)
    await context.context.stream_widget(
        widget("booking", rooms=options, first=today.isoformat(), last=last.isoformat())
    )
    return "The booking form is on screen."


@function_tool
async def draft_email(context: Context, to: str, subject: str, body: str) -> str:
    """Show an e-mail draft that the guest can change and send."""
    await context.context.stream_widget(
        widget("letter", to=to, subject=subject, body=body, writing=False), body
    )
    return "The draft is on screen."


@function_tool
async def show_late_checkout(context: Context) -> str:
    """Show the card with which a guest asks for a late checkout."""
    await context.context.stream_widget(widget("checkout", decided="", hour=""))
    return "The card is on screen."


@function_tool
async def show_light_switch(context: Context) -> str:
    """Show the switch for the lights of the guest's page."""
    await context.context.stream_widget(widget("lamp", scheme=""))
    return "The switch is on screen."


@function_tool
async def ask_local_time(context: Context) -> str:
    """Ask the guest's page what time it is there. The turn ends; the answer starts the next one."""
    context.context.client_tool_call = ClientToolCall(name="local_time", arguments={"precision": "minute"})
    return "The page was asked."


class ModelPorter(Porter):
    """Answers with ``model``; what is clicked in widgets is still handled by the script."""

    def __init__(self, *args: Any, model: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        files = self.attachment_store
        self._converter = (
            DocumentConverter(files) if isinstance(files, FileAttachmentStore) else ThreadItemConverter()
        )
        set_tracing_disabled(True)  # the demo talks to the model's endpoint and to nothing else
        self.agent = Agent[AgentContext[Visitor]](
            name="Night porter",
            instructions=INSTRUCTIONS,
            model=_model(model),
            tool_use_behavior=StopAtTools(stop_at_tool_names=["ask_local_time"]),
            tools=[
                show_rooms,
                show_booking_form,
                draft_email,
                show_late_checkout,
                show_light_switch,
                ask_local_time,
            ],
        )

    async def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: Visitor
    ) -> AsyncIterator[ThreadStreamEvent]:
        page = await self.store.load_thread_items(thread.id, None, 40, "desc", context)
        agent_context = AgentContext(thread=thread, store=self.store, request_context=context)
        said = await self._converter.to_agent_input(page.data[::-1])
        result = Runner.run_streamed(self.agent, said, context=agent_context)
        async for event in stream_agent_response(agent_context, result):
            yield event
        if thread.title is None and input_user_message is not None:
            thread.title = self.title_of(input_user_message)


def _model(name: str) -> OpenAIResponsesModel | OpenAIChatCompletionsModel:
    """The Responses API for OpenAI itself, chat completions for every other endpoint."""
    base = os.environ.get("OPENAI_BASE_URL")
    client = AsyncOpenAI(api_key=os.environ.get("OPENAI_API_KEY", "none"), base_url=base)
    if base is None or base.startswith(OPENAI):
        return OpenAIResponsesModel(name, client)
    return OpenAIChatCompletionsModel(name, client)
