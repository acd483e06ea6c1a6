"""What an operator sees: spans and numbers through OpenTelemetry's own SDK, and the same numbers at /metrics."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from agent_app import AgentServer, responses
from opentelemetry import metrics, trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode
from parrot_app import Parrot, client_of, create, frames, message, request, who
from services import free_port, redis

from agents import Agent, function_tool
from chatkit._telemetry import INSTRUMENTS, Telemetry, current
from chatkit.agents import AgentContext
from chatkit.asgi import ChatKitApp
from chatkit.asgi.limits import RateLimit
from chatkit.backends.files import FileAttachmentStore, UploadLimits
from chatkit.backends.redis import RedisCounter, RedisStreamLog
from chatkit.backends.sql import SQLStore
from chatkit.models import ChatCompletions, stream_model_response, tool
from chatkit.server import ChatKitServer
from chatkit.streams import StreamLogUnavailableError
from chatkit.testing import Call, ScriptedModel

Spans = InMemorySpanExporter
Reader = InMemoryMetricReader
DOCS = Path(__file__).parents[2] / "docs" / "observability.md"


@pytest.fixture(scope="module")
def _sdk() -> Iterator[tuple[Spans, Reader]]:
    """The SDK as an app configures it: once in a process, for all."""
    spans, reader = InMemorySpanExporter(), InMemoryMetricReader()
    tracing = TracerProvider()
    tracing.add_span_processor(SimpleSpanProcessor(spans))
    trace.set_tracer_provider(tracing)
    metering = MeterProvider(metric_readers=[reader])
    metrics.set_meter_provider(metering)
    yield spans, reader
    tracing.shutdown()
    metering.shutdown()


@pytest.fixture
def spans(_sdk: tuple[Spans, Reader]) -> Spans:
    _sdk[0].clear()
    return _sdk[0]


@pytest.fixture
def reader(_sdk: tuple[Spans, Reader]) -> Reader:
    return _sdk[1]


def _owner(context: Any) -> str:
    return context["owner"]


@pytest.fixture
async def app(_sdk: Any, tmp_path: Path) -> AsyncIterator[ChatKitApp[Any]]:
    files = FileAttachmentStore[Any](tmp_path / "files", limits=UploadLimits(max_bytes={"*": 1000}))
    app = ChatKitApp(Parrot(SQLStore(tmp_path / "chat.db", owner=_owner), files), auth=who, metrics=True)
    async with app.lifespan():
        yield app


@pytest.fixture
async def http(app: ChatKitApp[Any]) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app, **{"x-user": "ann"}) as client:
        yield client


def _named(spans: Spans, name: str) -> list[ReadableSpan]:
    return [span for span in spans.get_finished_spans() if span.name == name]


def _about(span: ReadableSpan) -> dict[str, Any]:
    return dict(span.attributes or {})


def _numbers(reader: Reader) -> dict[str, list[Any]]:
    data = reader.get_metrics_data()
    assert data is not None
    return {
        metric.name: list(metric.data.data_points)
        for resource in data.resource_metrics
        for scope in resource.scope_metrics
        for metric in scope.metrics
    }


async def _prometheus(http: httpx.AsyncClient) -> dict[str, float]:
    lines = (await http.get("/chatkit/metrics")).text.splitlines()
    return {
        name: float(value)
        for name, value in (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    }


async def test_a_message_is_a_request_with_a_run_and_its_statements_below_it(
    http: httpx.AsyncClient, spans: Spans
) -> None:
    thread_id = await create(http, "one two three")
    asked, run = _named(spans, "POST /chatkit")[0], _named(spans, "chatkit.run")[0]
    assert asked.parent is None
    assert asked.kind.name == "SERVER"
    about = _about(asked)
    assert (about["http.request.method"], about["http.response.status_code"]) == ("POST", 200)
    assert (about["chatkit.request.type"], about["chatkit.request.id"][:4]) == ("threads.create", "req_")
    assert run.parent is not None
    assert asked.context is not None
    assert run.parent.span_id == asked.context.span_id
    told = _about(run)
    assert (told["chatkit.thread.id"], told["chatkit.run.id"]) == (thread_id, about["chatkit.run.id"])
    assert (told["chatkit.run.outcome"], told["chatkit.run.events"]) == ("done", 6)
    below = [span for span in spans.get_finished_spans() if span.name.startswith("chatkit.store ")]
    assert {"chatkit.store INSERT", "chatkit.store UPDATE"} <= {step.name for step in below}
    assert all(span.parent is not None for span in below)
    assert _about(below[0])["db.system.name"] == "sqlite"


async def test_nothing_that_was_said_is_in_a_span(http: httpx.AsyncClient, spans: Spans) -> None:
    await create(http, "my secret")
    told = " ".join(span.to_json() for span in spans.get_finished_spans())
    assert "chatkit.run" in told
    assert "secret" not in told


async def test_a_trace_that_began_elsewhere_goes_on_here(http: httpx.AsyncClient, spans: Spans) -> None:
    outside = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    await http.post("/chatkit", content=request("threads.list"), headers={"traceparent": outside})
    span = _named(spans, "POST /chatkit")[0]
    assert span.context is not None
    assert span.parent is not None
    assert f"{span.context.trace_id:032x}" == "0af7651916cd43dd8448eb211c80319c"
    assert f"{span.parent.span_id:016x}" == "b7ad6b7169203331"


async def test_a_failed_run_is_marked_and_counted_by_its_code(
    app: ChatKitApp[Any], http: httpx.AsyncClient, spans: Spans, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: Any) -> Any:
        raise RuntimeError("no model")
        yield

    monkeypatch.setattr(app.server, "respond", fail)
    await create(http)
    run = _named(spans, "chatkit.run")[0]
    assert (run.status.status_code, _about(run)["chatkit.run.outcome"]) == (StatusCode.ERROR, "failed")
    told = await _prometheus(http)
    assert told['chatkit_errors_total{code="stream.error"}'] == 1
    assert told['chatkit_runs_total{outcome="failed",type="threads.create"}'] == 1


async def test_ids_are_no_part_of_the_name_of_a_span(http: httpx.AsyncClient, spans: Spans) -> None:
    for path in ("attachments/atc_1", "healthz", "assets/x-1234.js"):
        await http.get(f"/chatkit/{path}")
    named = {span.name for span in spans.get_finished_spans()}
    assert named == {"GET /chatkit/attachments", "GET /chatkit/healthz", "GET /chatkit/{file}"}


async def test_runs_frames_uploads_and_refusals_are_counted(http: httpx.AsyncClient) -> None:
    await create(http, "one two three")
    await http.post("/chatkit/attachments", files={"file": ("a.csv", b"a,b\n1,2\n", "text/csv")})
    await http.post("/chatkit/attachments", files={"file": ("p.png", b"<html>", "image/png")})
    await http.post("/chatkit", content=request("threads.get_by_id", thread_id="thr_0"))
    told = await _prometheus(http)
    assert told['chatkit_requests_total{method="POST",status="200",type="threads.create"}'] == 1
    assert told['chatkit_requests_total{method="POST",status="404",type="threads.get_by_id"}'] == 1
    assert told['chatkit_runs_total{outcome="done",type="threads.create"}'] == 1
    assert told["chatkit_runs_running"] == 0
    assert told["chatkit_events_total"] == 6
    assert 4 <= told["chatkit_frames_total"] <= 9
    assert told["chatkit_logged_bytes_total"] > 500
    assert told["chatkit_frame_delay_seconds_count"] >= 1
    assert told["chatkit_run_first_event_seconds_count"] == 1
    assert told['chatkit_uploads_total{outcome="kept"}'] == 1
    assert told['chatkit_uploads_total{outcome="refused"}'] == 1
    assert told["chatkit_uploaded_bytes_total"] == 8
    assert told['chatkit_errors_total{code="thread.not_found"}'] == 1
    assert told['chatkit_errors_total{code="attachment.refused"}'] == 1
    assert told['chatkit_statements_total{verb="INSERT"}'] >= 4
    assert told["chatkit_requests_open"] == 1, "only the one that asks"


async def test_a_strangers_words_make_no_new_series(http: httpx.AsyncClient) -> None:
    for n in range(20):
        await http.post("/chatkit", content=request(f"threads.x{'y' * n}"))
        await http.request(f"BREW{n}", "/chatkit")
    told = await _prometheus(http)
    assert len([name for name in told if name.startswith("chatkit_requests_total")]) == 2


@pytest.mark.slow
async def test_a_message_that_waits_for_its_thread_is_seen_waiting(
    app: ChatKitApp[Any], http: httpx.AsyncClient
) -> None:
    assert isinstance(app.server, Parrot)
    app.server.gate = asyncio.Event()
    first = asyncio.ensure_future(
        http.post("/chatkit", content=request("threads.create", input=message("a b")))
    )
    async with asyncio.timeout(10):
        while not (listed := (await http.post("/chatkit", content=request("threads.list"))).json()["data"]):
            await asyncio.sleep(0)
        again = request("threads.add_user_message", thread_id=listed[0]["id"], input=message("c d"))
        second = asyncio.ensure_future(http.post("/chatkit", content=again))
        while (await _prometheus(http))["chatkit_queue_waiting"] != 1:
            await asyncio.sleep(0)
        assert (await _prometheus(http))["chatkit_runs_running"] == 1
        app.server.gate.set()
        await asyncio.gather(first, second)
    told = await _prometheus(http)
    assert (told["chatkit_queue_waiting"], told["chatkit_queue_delay_seconds_count"]) == (0, 1)


async def test_opentelemetry_is_told_the_same_numbers(http: httpx.AsyncClient, reader: Reader) -> None:
    before = {
        name: sum(p.value for p in points) for name, points in _numbers(reader).items() if _sums(points)
    }
    here = await _prometheus(http)
    await create(http, "one two three")
    after = _numbers(reader)
    there = await _prometheus(http)
    for name in ("chatkit.runs", "chatkit.events", "chatkit.frames", "chatkit.logged"):
        shown = name.replace(".", "_") + ("_bytes" if INSTRUMENTS[name].unit == "By" else "")
        told = sum(v for k, v in there.items() if k.startswith(f"{shown}_total")) - sum(
            v for k, v in here.items() if k.startswith(f"{shown}_total")
        )
        assert sum(point.value for point in after[name]) - before.get(name, 0) == told > 0, name
    assert sum(point.count for point in after["chatkit.run.duration"]) >= 1


def _sums(points: list[Any]) -> bool:
    return all(hasattr(point, "value") for point in points)


async def test_a_models_answers_and_tools_are_steps_of_the_run(spans: Spans, tmp_path: Path) -> None:
    @tool
    async def weather(city: str) -> str:
        "Tell the weather of a city."
        return f"Rain in {city}"

    async with ScriptedModel([Call("weather", {"city": "Bonn"})], "It rains.") as model:
        endpoint = ChatCompletions("scripted", base_url=model.base_url)

        class Server(ChatKitServer[Any]):
            async def respond(self, thread: Any, input_user_message: Any, context: Any) -> Any:
                here = AgentContext(thread=thread, store=self.store, request_context=context)
                items = [{"role": "user", "content": "How is the weather?"}]
                async for event in stream_model_response(here, endpoint, items, tools=[weather]):
                    yield event

        store: SQLStore[Any] = SQLStore(tmp_path / "chat.db", owner=_owner)
        app = ChatKitApp(Server(store), auth=who, metrics=True)
        async with app.lifespan(), client_of(app, **{"x-user": "ann"}) as http:
            answer = await http.post("/chatkit", content=request("threads.create", input=message("Hi")))
            assert frames(answer.content)[-1][1]["item"]["content"][0]["text"] == "It rains."
            told = await _prometheus(http)
    calls, tools, runs = (_named(spans, name) for name in ("chatkit.model", "chatkit.tool", "chatkit.run"))
    assert (len(calls), len(tools), len(runs)) == (2, 1, 1)
    assert runs[0].context is not None
    for step in (*calls, *tools):
        assert step.parent is not None
        assert step.parent.span_id == runs[0].context.span_id
    assert _about(calls[0])["gen_ai.request.model"] == "scripted"
    assert _about(tools[0])["gen_ai.tool.name"] == "weather"
    assert told['chatkit_model_calls_total{outcome="done"}'] == 2
    assert told['chatkit_tool_calls_total{tool="weather"}'] == 1


async def test_what_an_agent_of_the_sdk_does_are_steps_too(spans: Spans) -> None:
    @function_tool
    async def weather(city: str) -> str:
        "Tell the weather of a city."
        return f"Rain in {city}"

    async with ScriptedModel([Call("weather", {"city": "Bonn"})], "It rains.") as model:
        agent = Agent[Any](name="a", model=responses(model), tools=[weather])
        app = ChatKitApp(AgentServer(agent), auth="open", metrics=True)
        async with app.lifespan(), client_of(app) as http:
            answer = await http.post("/chatkit", content=request("threads.create", input=message("Hi")))
            assert frames(answer.content)[-1][1]["item"]["content"][0]["text"] == "It rains."
            told = await _prometheus(http)
    calls, tools = _named(spans, "chatkit.model"), _named(spans, "chatkit.tool")
    assert [_about(call)["gen_ai.request.model"] for call in calls] == ["scripted", "scripted"]
    assert [_about(step)["gen_ai.tool.name"] for step in tools] == ["weather"]
    assert all(step.end_time is not None for step in (*calls, *tools))
    assert told['chatkit_model_calls_total{outcome="done"}'] == 2
    assert told['chatkit_model_tokens_total{kind="output"}'] > 0
    assert told['chatkit_tool_calls_total{tool="weather"}'] == 1


@pytest.mark.slow
@pytest.mark.service
async def test_commands_to_redis_are_steps_of_the_request_or_run_that_sent_them(
    spans: Spans, tmp_path: Path
) -> None:
    with redis() as server:
        counter = RedisCounter(server.url)
        app = ChatKitApp(
            Parrot(SQLStore(tmp_path / "chat.db", owner=_owner)),
            auth=who,
            log=RedisStreamLog(server.url),
            rate=RateLimit(100, counter=counter),
        )
        async with app.lifespan(), client_of(app, **{"x-user": "ann"}) as http:
            await create(http, "my secret")
        await counter.aclose()
    asked, run = _named(spans, "POST /chatkit")[0], _named(spans, "chatkit.run")[0]
    steps = [span for span in spans.get_finished_spans() if span.name.startswith("chatkit.l")]
    parents = {step.name: step.parent.span_id for step in steps if step.parent is not None}
    assert asked.context is not None
    assert run.context is not None
    assert parents["chatkit.log open"] == parents["chatkit.limit spend"] == asked.context.span_id
    assert parents["chatkit.log append"] == parents["chatkit.log close"] == run.context.span_id
    assert len(parents) == len({step.name for step in steps}), "each belongs to a trace"
    about = _about(_named(spans, "chatkit.log append")[0])
    assert about == {"db.system.name": "redis", "db.operation.name": "EVALSHA"}
    assert "secret" not in " ".join(span.to_json() for span in steps)


@pytest.mark.slow
@pytest.mark.service
async def test_a_command_that_redis_does_not_answer_is_a_failed_step(spans: Spans) -> None:
    here, log = Telemetry(), RedisStreamLog(f"redis://127.0.0.1:{free_port()}/0")
    outside = current.set(here)
    try:
        with here.span("outside"), pytest.raises(StreamLogUnavailableError):
            await log.ping()
    finally:
        current.reset(outside)
        await log.aclose()
    (step,) = _named(spans, "chatkit.log ping")
    assert step.status.status_code is StatusCode.ERROR
    assert step.status.description == "ConnectionError"


def test_every_number_is_in_the_docs_and_no_other() -> None:
    numbers = DOCS.read_text().split("## Numbers")[1]
    rows = re.findall(r"^\| `(chatkit\.[\w.]+)` \|", numbers, re.MULTILINE)
    assert rows == list(INSTRUMENTS)
