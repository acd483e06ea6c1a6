"""One side of the comparison: runs a case when told to, on whichever `chatkit` this interpreter has.

Reads case names, a line each, and prints CPU microseconds per unit. `--cached` gives openai-chatkit the two type
adapters it builds for every request, once: that one slow line of theirs is not our merit.
"""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import os
import random
import sys
import time
import warnings

os.environ["OPENAI_AGENTS_DISABLE_TRACING"] = "1"
warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)

from cases_store import JsonStore, Store  # noqa: E402

from chatkit.server import ChatKitServer, stream_widget  # noqa: E402
from chatkit.types import (  # noqa: E402
    AssistantMessageContent,
    AssistantMessageContentPartTextDelta,
    AssistantMessageItem,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemUpdatedEvent,
    WidgetItem,
)
from chatkit.widgets import WidgetTemplate  # noqa: E402

WORDS = [" the", " quick", " fox", " jumps", ",", ".", "\n", ' "so"', " café", " data", " to", " be"]
NOW = "2026-01-01T00:00:00Z"
CASES: dict[str, tuple] = {}
LOOP = asyncio.new_event_loop()
asyncio.set_event_loop(LOOP)


def case(name, units):
    def add(make):
        CASES[name] = (make, units)
        return make

    return add


def tokens(count):
    rng = random.Random(1)
    return [rng.choice(WORDS) for _ in range(count)]


class Server(ChatKitServer):
    source = None

    async def respond(self, thread, input_user_message, context):
        async for event in self.source(thread):
            yield event


def request(type, **params):
    return json.dumps({"type": type, "params": params}).encode()


HELLO = {"content": [{"type": "input_text", "text": "hello"}], "attachments": [], "inference_options": {}}
SAY = request("threads.add_user_message", thread_id="thr", input=HELLO)


def process(server, body):
    async def run():
        result = await server.process(body, None)
        if hasattr(result, "json"):
            return result.json
        return [frame async for frame in result]

    return lambda: LOOP.run_until_complete(run())


def streaming(source):
    store = Store()
    server = Server(store)
    server.source = source
    run = process(server, SAY)

    def go():
        store.reset()
        return run()

    return go


def base(id):
    return {"id": id, "thread_id": "thr", "created_at": NOW}


def delta(word):
    update = AssistantMessageContentPartTextDelta(content_index=0, delta=word)
    return ThreadItemUpdatedEvent(item_id="m", update=update)


def message_frame(text):
    return AssistantMessageItem(**base("m"), content=[AssistantMessageContent(text=text)])


@case("text deltas, ready-made events", 2000)
def _():
    events = [delta(word) for word in tokens(2000)]
    added = ThreadItemAddedEvent(item=message_frame(""))

    async def source(thread):
        yield added.model_copy(deep=True)
        for event in events:
            yield event

    return streaming(source)


@case("text deltas, built by the app", 2000)
def _():
    words = tokens(2000)

    async def source(thread):
        yield ThreadItemAddedEvent(item=message_frame(""))
        for word in words:
            yield delta(word)

    return streaming(source)


SMALL = """{"type":"Card","size":"md","children":[{"type":"Col","gap":2,"children":[
{"type":"Row","children":[{"type":"Text","value":"FROM","width":80},{"type":"Text","value":{{ sender | tojson }}}]},
{"type":"Row","children":[{"type":"Text","value":"TO"},{"type":"Text","value":{{ to | tojson }}}]}]},
{"type":"Divider"},{"type":"Text","id":"body","value":{{ body | tojson }},"streaming":{{ streaming | tojson }}}]}"""
STATIC_ROW = '{"type":"Row","gap":2,"children":[{"type":"Text","value":"row"},{"type":"Badge","label":"b"}]}'
STATIC = (
    '{"type":"Card","children":['
    + ",".join([STATIC_ROW] * 66)
    + ',{"type":"Text","id":"body","value":{{ body | tojson }},"streaming":{{ streaming | tojson }}}]}'
)
ROW = '{"type":"Row","children":[{"type":"Text","value":{{ row.name | tojson }}},{"type":"Badge","label":{{ row.tag | tojson }}}]}'
LOOPED = (
    '{"type":"Card","children":[{%- for row in rows -%}'
    + ROW
    + ',{%- endfor -%}{"type":"Text","id":"body","value":{{ body | tojson }},"streaming":{{ streaming | tojson }}}]}'
)
LISTED = (
    '{"type":"ListView","children":[{%- for row in rows -%}{"type":"ListViewItem","key":{{ row.name | tojson }},'
    '"onClickAction":{"type":"open","payload":{"id":{{ row.name | tojson }}}},"children":['
    + ROW
    + "]}{% if not loop.last %},{% endif %}{%- endfor -%}]}"
)
ROWS = [{"name": f"row {n}", "tag": f"t{n % 7}"} for n in range(66)]
ROWS_200 = [{"name": f"row {n}", "tag": f"t{n % 7}"} for n in range(200)]


def template(text):
    return WidgetTemplate({"version": "1.0", "name": "bench", "template": text, "jsonSchema": {}})


def widget_stream(text, **data):
    made = template(text)
    words = tokens(300)

    async def states():
        body = ""
        for word in words:
            body += word
            yield made.build({**data, "body": body, "streaming": True})
        yield made.build({**data, "body": body, "streaming": False})

    async def source(thread):
        async for event in stream_widget(thread, states(), generate_id=lambda kind: "w"):
            yield event

    return streaming(source)


@case("widget per token, 9 nodes", 300)
def _():
    return widget_stream(SMALL, sender="ann@example.com", to="bob@example.com")


@case("widget per token, 200 nodes static", 300)
def _():
    return widget_stream(STATIC)


@case("widget per token, 200 nodes in a loop", 300)
def _():
    return widget_stream(LOOPED, rows=ROWS)


def building(text, data, finish, count):
    made = template(text)

    def go():
        for _ in range(count):
            finish(made.build(data))

    return go


DATA = {"sender": "a", "to": "b", "body": "some words", "streaming": False}


@case("template build, small", 200)
def _():
    return building(SMALL, DATA, lambda widget: None, 200)


@case("template build, list of 200 rows", 10)
def _():
    return building(LISTED, {"rows": ROWS_200}, lambda widget: None, 10)


def written(server):
    def finish(widget):
        event = ThreadItemDoneEvent(item=WidgetItem(**base("w"), widget=widget))
        server._serialize(event)

    return finish


@case("build + item + event as bytes, small", 200)
def _():
    return building(SMALL, DATA, written(Server(Store())), 200)


@case("build + item + event as bytes, list of 200 rows", 5)
def _():
    return building(LISTED, {"rows": ROWS_200}, written(Server(Store())), 5)


def paged(count):
    store = JsonStore()
    made = template(SMALL)
    for n in range(count):
        item = message_frame("some words " * 10).model_copy(update={"id": f"i{n}"})
        if n % 10 == 0:
            item = WidgetItem(**base(f"i{n}"), widget=made.build(DATA))
        store.put(item)
    return process(Server(store), request("items.list", thread_id="thr", limit=count))


@case("a page of 20 stored items, JSON store", 1)
def _():
    return paged(20)


@case("a page of 1,000 stored items, JSON store", 1)
def _():
    return paged(1000)


@case("items.list of 20 items in memory", 1)
def _():
    store = Store()
    for n in range(20):
        store.put(message_frame("some words").model_copy(update={"id": f"i{n}"}))
    return process(Server(store), request("items.list", thread_id="thr"))


@case("threads.update", 1)
def _():
    return process(Server(Store()), request("threads.update", thread_id="thr", title="t"))


@case("first event of a stream", 1)
def _():
    async def source(thread):
        return
        yield

    return streaming(source)


@case("Agents SDK text, conversion to bytes", 1000)
def _():
    from openai.types.responses import (
        ResponseOutputItemAddedEvent,
        ResponseOutputItemDoneEvent,
        ResponseOutputMessage,
        ResponseTextDeltaEvent,
    )

    from agents import RawResponsesStreamEvent
    from chatkit.agents import AgentContext, stream_agent_response

    fields = {"id": "msg_1", "role": "assistant", "type": "message"}
    words = tokens(1000)
    content = [{"type": "output_text", "text": "".join(words), "annotations": []}]
    place = {"output_index": 0, "sequence_number": 0}
    events = [
        ResponseOutputItemAddedEvent(
            type="response.output_item.added",
            **place,
            item=ResponseOutputMessage(**fields, status="in_progress", content=[]),
        )
    ]
    events += [
        ResponseTextDeltaEvent(
            type="response.output_text.delta",
            **place,
            delta=word,
            content_index=0,
            item_id="msg_1",
            logprobs=[],
        )
        for word in words
    ]
    events.append(
        ResponseOutputItemDoneEvent(
            type="response.output_item.done",
            **place,
            item=ResponseOutputMessage(**fields, status="completed", content=content),
        )
    )
    ready = [RawResponsesStreamEvent(type="raw_response_event", data=event) for event in events]

    class Result:
        async def stream_events(self):
            for event in ready:
                yield event

    store = Store()

    async def source(thread):
        context = AgentContext(thread=thread, store=store, request_context=None)
        async for event in stream_agent_response(context, Result()):
            yield event

    server = Server(store)
    server.source = source
    run = process(server, SAY)

    def go():
        store.reset()
        return run()

    return go


def cache_adapters():
    """Have openai-chatkit keep the adapters it makes for each request."""
    import chatkit.server

    made = {}

    class Adapters:
        def __class_getitem__(cls, item):
            return cls

        def __new__(cls, kind, *args, **kwargs):
            if id(kind) not in made:
                made[id(kind)] = original(kind)
            return made[id(kind)]

    original = chatkit.server.TypeAdapter
    chatkit.server.TypeAdapter = Adapters


def main():
    if "--cached" in sys.argv:
        cache_adapters()
    ready = {}
    for line in sys.stdin:
        name = line.strip()
        make, units = CASES[name]
        if name not in ready:
            ready[name] = make()
            ready[name]()
        run, repeat = ready[name], max(1, min(50, 2000 // (units * 10)))
        gc.collect()
        before = time.process_time()
        for _ in range(repeat):
            run()
        spent = (time.process_time() - before) / (units * repeat) * 1e6
        print(json.dumps({"us": spent}), flush=True)


main()
