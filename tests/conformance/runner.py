"""Runs scenarios on whichever `chatkit` this interpreter has, and prints what came out. Reads and writes JSON.

Only public names that both packages have are used; nothing here knows which one it runs on.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
import warnings
from types import SimpleNamespace

os.environ["OPENAI_AGENTS_DISABLE_TRACING"] = "1"
warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)

from pydantic import BaseModel, TypeAdapter  # noqa: E402

from chatkit.errors import CustomStreamError, ErrorCode, StreamError  # noqa: E402
from chatkit.server import ChatKitServer, StreamingResult, diff_widget, stream_widget  # noqa: E402
from chatkit.store import AttachmentStore, NotFoundError, Store  # noqa: E402
from chatkit.types import (  # noqa: E402
    Attachment,
    CustomSummary,
    FileAttachment,
    Page,
    SyncCustomActionResponse,
    Task,
    ThreadItem,
    ThreadMetadata,
    ThreadStreamEvent,
    TranscriptionResult,
    WidgetItem,
    Workflow,
)
from chatkit.widgets import DynamicWidgetRoot, WidgetRoot, WidgetTemplate  # noqa: E402

EVENT = TypeAdapter(ThreadStreamEvent)
ITEM = TypeAdapter(ThreadItem)
ROOT = TypeAdapter(WidgetRoot)
TASK = TypeAdapter(Task)
TS = "2026-01-01T00:00:00Z"


def plain(value):
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True, exclude_none=True)
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value


class MemStore(Store):
    def __init__(self, given):
        self.thread = {t["id"]: ThreadMetadata.model_validate(t) for t in given.get("threads", [])}
        self.items = {}
        for item in given.get("items", []):
            self.items.setdefault(item["thread_id"], []).append(ITEM.validate_python(item))
        self.attachments = {
            a["id"]: TypeAdapter(Attachment).validate_python(a) for a in given.get("attachments", [])
        }
        self.made = 0

    def next(self, prefix):
        self.made += 1
        return f"{prefix}_{self.made}"

    def generate_thread_id(self, context):
        return self.next("thr")

    def generate_item_id(self, item_type, thread, context):
        return self.next(item_type)

    async def load_thread(self, thread_id, context):
        if thread_id not in self.thread:
            raise NotFoundError(thread_id)
        return self.thread[thread_id].model_copy(deep=True)

    async def save_thread(self, thread, context):
        fields = {
            name: getattr(thread, name)
            for name in ("id", "title", "created_at", "status", "metadata", "allowed_image_domains")
        }
        self.thread[thread.id] = ThreadMetadata(**fields)

    def rows(self, thread_id):
        return self.items.setdefault(thread_id, [])

    async def load_thread_items(self, thread_id, after, limit, order, context):
        rows = list(self.rows(thread_id))
        if order == "desc":
            rows.reverse()
        return page(rows, after, limit)

    async def load_threads(self, limit, after, order, context):
        rows = list(self.thread.values())
        if order == "desc":
            rows.reverse()
        return page(rows, after, limit)

    async def save_attachment(self, attachment, context):
        self.attachments[attachment.id] = attachment

    async def load_attachment(self, attachment_id, context):
        if attachment_id not in self.attachments:
            raise NotFoundError(attachment_id)
        return self.attachments[attachment_id].model_copy(deep=True)

    async def delete_attachment(self, attachment_id, context):
        self.attachments.pop(attachment_id, None)

    async def add_thread_item(self, thread_id, item, context):
        self.rows(thread_id).append(item.model_copy(deep=True))

    async def save_item(self, thread_id, item, context):
        rows = self.rows(thread_id)
        for at, known in enumerate(rows):
            if known.id == item.id:
                rows[at] = item.model_copy(deep=True)
                return
        rows.append(item.model_copy(deep=True))

    async def load_item(self, thread_id, item_id, context):
        for item in self.rows(thread_id):
            if item.id == item_id:
                return item.model_copy(deep=True)
        raise NotFoundError(item_id)

    async def delete_thread(self, thread_id, context):
        self.thread.pop(thread_id, None)
        self.items.pop(thread_id, None)

    async def delete_thread_item(self, thread_id, item_id, context):
        self.items[thread_id] = [item for item in self.rows(thread_id) if item.id != item_id]


def page(rows, after, limit):
    start = next((at + 1 for at, row in enumerate(rows) if row.id == after), 0) if after else 0
    data = rows[start : start + limit]
    more = start + limit < len(rows)
    return Page(
        data=[row.model_copy(deep=True) for row in data],
        has_more=more,
        after=data[-1].id if more and data else None,
    )


class Uploads(AttachmentStore):
    def generate_attachment_id(self, mime_type, context):
        return "atc_new"

    async def create_attachment(self, input, context):
        return FileAttachment(
            id=self.generate_attachment_id(input.mime_type, context),
            name=input.name,
            mime_type=input.mime_type,
        )

    async def delete_attachment(self, attachment_id, context):
        return None


class Server(ChatKitServer):
    script = ()
    hanging = None

    async def respond(self, thread, input_user_message, context):
        self.asked.append(["respond", input_user_message.id if input_user_message else None])
        async for event in self.play(thread):
            yield event

    async def action(self, thread, action, sender, context):
        self.asked.append(["action", action.type, action.payload, sender.id if sender else None])
        async for event in self.play(thread):
            yield event

    async def sync_action(self, thread, action, sender, context):
        self.asked.append(["sync_action", action.type, action.payload, sender.id if sender else None])
        return SyncCustomActionResponse(updated_item=sender)

    async def add_feedback(self, thread_id, item_ids, feedback, context):
        self.asked.append(["feedback", thread_id, item_ids, feedback])

    async def transcribe(self, audio_input, context):
        self.asked.append(["transcribe", audio_input.media_type, len(audio_input.data)])
        return TranscriptionResult(text="heard")

    async def play(self, thread):
        for op in self.script:
            if "yield" in op:
                yield EVENT.validate_python(op["yield"])
            elif "set" in op:
                for name, value in op["set"].items():
                    setattr(thread, name, value)
            elif "hang" in op:
                self.hanging.set()
                await asyncio.Event().wait()
            elif "raise" in op:
                raise FAILURES[op["raise"]]()
            elif "widget" in op:
                states = [DynamicWidgetRoot.model_validate(state) for state in op["widget"]]
                shown = states[0] if len(states) == 1 else each(states)
                async for event in stream_widget(
                    thread, shown, op.get("copy_text"), lambda kind: self.store.next(kind)
                ):
                    yield event


FAILURES = {
    "custom": lambda: CustomStreamError("Own words", allow_retry=True),
    "custom_final": lambda: CustomStreamError("Own words", allow_retry=False),
    "stream": lambda: StreamError(ErrorCode.STREAM_ERROR),
    "value": lambda: ValueError("inner"),
}


async def each(states):
    for state in states:
        yield state


async def run_server(scenario):
    store = MemStore(scenario.get("store", {}))
    server = Server(store, Uploads() if scenario.get("uploads", True) else None)
    answers = []
    for step in scenario["steps"]:
        server.asked, server.script, server.hanging = [], step.get("handler", ()), asyncio.Event()
        answers.append({"answer": await answer(server, step), "asked": server.asked})
    kept = {
        "threads": [plain(thread) for thread in store.thread.values()],
        "items": {thread: [plain(item) for item in items] for thread, items in store.items.items() if items},
        "attachments": [plain(each) for each in store.attachments.values()],
    }
    return {"steps": answers, "store": kept}


async def answer(server, step):
    frames = []
    try:
        result = await server.process(json.dumps(step["request"]), None)
        if not isinstance(result, StreamingResult):
            return {"json": json.loads(result.json)}
        await consume(result, frames, server.hanging if any("hang" in op for op in server.script) else None)
    except Exception as error:
        kinds = [kind.__name__ for kind in (NotFoundError, ValueError) if isinstance(error, kind)]
        return {"frames": frames, "raised": kinds[:1] or ["other"]}
    return {"frames": frames}


async def consume(result, frames, hanging):
    """Read all frames; when the handler hangs, leave as a web server does: by cancelling who reads."""

    async def read():
        async for chunk in result:
            for line in chunk.decode().split("\n"):
                if line.startswith("data: "):
                    frames.append(json.loads(line[6:]))

    if hanging is None:
        return await read()
    task = asyncio.ensure_future(read())
    await hanging.wait()
    task.cancel()
    return await asyncio.gather(task, return_exceptions=True)


def dumps(widget, ways):
    """What Pydantic writes of a widget, alone and in an item, for each way to ask."""
    found = []
    for way in ways:
        way = {name: set(given) if isinstance(given, list) else given for name, given in way.items()}
        item = WidgetItem(id="w", thread_id="t", created_at=TS, widget=widget)
        found.append([widget.model_dump(**way), json.loads(widget.model_dump_json(**way))])
        if not {"include", "exclude"} & way.keys():
            found[-1].append(json.loads(item.model_dump_json(**way)))
    return found


async def run_widget(scenario):
    try:
        if "template" in scenario:
            template = WidgetTemplate(scenario["template"])
            widget = template.build(scenario.get("data"))
            return dumps(widget, scenario["dump"]) if "dump" in scenario else plain(widget)
        if "dump" in scenario:
            return dumps(ROOT.validate_python(scenario["states"][0]), scenario["dump"])
        states = [DynamicWidgetRoot.model_validate(state) for state in scenario["states"]]
        if scenario.get("stream"):
            thread = ThreadMetadata(id="thr", created_at=TS)
            events = stream_widget(thread, each(states), None, lambda kind: "w")
            return [plain(event) async for event in events]
        return [plain(update) for update in diff_widget(*states)]
    except Exception as error:
        if "dump" in scenario:
            raise
        return {"raised": "ValueError" if isinstance(error, ValueError) else "other"}


async def run_input(scenario):
    from chatkit.agents import ThreadItemConverter

    class Converter(ThreadItemConverter):
        async def tag_to_message_content(self, tag):
            return {"type": "input_text", "text": f"TAG {tag.id}"}

        async def attachment_to_message_content(self, attachment):
            return {"type": "input_text", "text": f"ATTACHMENT {attachment.id}"}

    items = [ITEM.validate_python(item) for item in scenario["items"]]
    converter = ThreadItemConverter() if scenario.get("default") else Converter()
    try:
        found = await converter.to_agent_input(items)
    except NotImplementedError:
        return {"raised": "NotImplementedError"}
    return [outline(item, scenario["words"]) for item in found]


def outline(item, words):
    """The shape of an input item, and which of the scenario's own words are in it: the wording is each package's own."""
    if item["type"] != "message":
        return item
    parts = [
        {
            "type": part["type"],
            "words": [word for word in words if word in part.get("text", "")],
            **({"image_url": part["image_url"]} if "image_url" in part else {}),
        }
        for part in item["content"]
    ]
    return {"role": item["role"], "content": parts}


async def run_agents(scenario):
    from chatkit.agents import AgentContext, ResponseStreamConverter, stream_agent_response

    store = MemStore(scenario.get("store", {}))
    thread = ThreadMetadata(id="thr", created_at=TS)
    context = AgentContext(thread=thread, store=store, request_context=None)
    converter = ResponseStreamConverter(partial_images=scenario.get("partial_images"))
    events, raised = [], None
    try:
        async for event in stream_agent_response(
            context, Result(scenario["events"], context), converter=converter
        ):
            events.append(plain(event))
    except Exception as error:
        raised = type(error).__name__
    return {"events": events, "raised": raised, "store": [plain(item) for item in store.items.get("thr", [])]}


class Result:
    """A run of the Agents SDK: the model's events, and what tools do between them."""

    def __init__(self, script, context):
        self.script = script
        self.context = context

    def cancel(self):
        return None

    async def stream_events(self):
        from agents import RawResponsesStreamEvent

        for event in self.script:
            if "do" in event:
                await DEEDS[event["do"]](self.context, event.get("args", {}))
                await asyncio.sleep(0.001)
            elif "tool_called" in event:
                yield run_item(SimpleNamespace(raw_item=called(event["tool_called"])))
            elif "raise" in event:
                raise failure(event["raise"])
            else:
                yield RawResponsesStreamEvent(type="raw_response_event", data=model_event(event))
            await asyncio.sleep(0)


async def call_client_tool(context, args):
    from chatkit.agents import ClientToolCall

    context.client_tool_call = ClientToolCall(**args)


async def end_workflow(context, args):
    summary = CustomSummary(**args["summary"]) if "summary" in args else None
    await context.end_workflow(summary, args.get("expanded", False))


DEEDS = {
    "start_workflow": lambda context, args: context.start_workflow(Workflow.model_validate(args)),
    "add_task": lambda context, args: context.add_workflow_task(TASK.validate_python(args)),
    "update_task": lambda context, args: context.update_workflow_task(
        TASK.validate_python(args["task"]), args["index"]
    ),
    "end_workflow": end_workflow,
    "stream": lambda context, args: context.stream(EVENT.validate_python(args)),
    "widget": lambda context, args: context.stream_widget(DynamicWidgetRoot.model_validate(args)),
    "client_tool": call_client_tool,
}


def called(fields):
    from openai.types.responses import ResponseFunctionToolCall

    return ResponseFunctionToolCall(type="function_call", **fields)


def run_item(item):
    from agents.items import ToolCallItem
    from agents.stream_events import RunItemStreamEvent

    from agents import Agent

    return RunItemStreamEvent(
        name="tool_called", item=ToolCallItem(agent=Agent(name="a"), raw_item=item.raw_item)
    )


def failure(name):
    if name == "guardrail":
        from agents import (
            GuardrailFunctionOutput,
            InputGuardrail,
            InputGuardrailResult,
            InputGuardrailTripwireTriggered,
        )

        output = GuardrailFunctionOutput(output_info=None, tripwire_triggered=True)
        return InputGuardrailTripwireTriggered(
            InputGuardrailResult(guardrail=InputGuardrail(guardrail_function=print), output=output)
        )
    return ValueError("failed")


def model_event(fields):
    from openai.types.responses import ResponseStreamEvent

    if fields.get("loose"):
        return SimpleNamespace(**fields)
    return TypeAdapter(ResponseStreamEvent).validate_python(
        {"sequence_number": 0, "output_index": 0, **fields}
    )


RUNNERS = {"server": run_server, "widget": run_widget, "input": run_input, "agents": run_agents}


async def main():
    results = {}
    for scenario in json.load(sys.stdin):
        results[scenario["name"]] = await RUNNERS[scenario["kind"]](scenario)
    json.dump(results, sys.stdout, default=lambda value: type(value).__name__)


asyncio.run(main())
