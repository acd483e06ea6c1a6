"""Runs of the Agents SDK: events of the Responses API, and what tools do meanwhile."""

from __future__ import annotations

from typing import Any

Scenario = dict[str, Any]
BASE: dict[str, Any] = {"thread_id": "thr", "created_at": "2026-01-01T00:00:00Z"}


def run(name: str, /, *events: Any, items: list[Any] | None = None, **more: Any) -> Scenario:
    flat: list[Any] = []
    for event in events:
        flat += event if isinstance(event, list) else [event]
    return {
        "name": f"agents: {name}",
        "kind": "agents",
        "events": flat,
        "store": {"items": items or []},
        **more,
    }


def item_added(**item: Any) -> dict[str, Any]:
    return {"type": "response.output_item.added", "item": item}


def item_done(**item: Any) -> dict[str, Any]:
    return {"type": "response.output_item.done", "item": item}


def said(text: str, id: str = "msg_1", annotations: list[Any] | None = None) -> list[dict[str, Any]]:
    head = {"id": id, "type": "message", "role": "assistant"}
    place = {"item_id": id, "content_index": 0}
    part = {"type": "output_text", "text": text, "annotations": annotations or []}
    deltas = [
        {"type": "response.output_text.delta", **place, "delta": word, "logprobs": []}
        for word in text.split()
    ]
    return [
        item_added(**head, status="in_progress", content=[]),
        {"type": "response.content_part.added", **place, "part": {**part, "text": "", "annotations": []}},
        *deltas,
        {"type": "response.output_text.done", **place, "text": text, "logprobs": []},
        {"type": "response.content_part.done", **place, "part": part},
        item_done(**head, status="completed", content=[part]),
    ]


def thought(*texts: str, id: str = "rs_1", whole: bool = True) -> list[dict[str, Any]]:
    events = [item_added(id=id, type="reasoning", summary=[])]
    for index, text in enumerate(texts):
        place = {"item_id": id, "summary_index": index}
        events.append({"type": "response.reasoning_summary_text.delta", **place, "delta": text})
        events.append({"type": "response.reasoning_summary_text.done", **place, "text": text})
    summary = [{"type": "summary_text", "text": text} for text in texts]
    return [*events, item_done(id=id, type="reasoning", summary=summary)]


def called(id: str | None, call_id: str, name: str) -> list[dict[str, Any]]:
    fields = {"call_id": call_id, "name": name, "arguments": "{}"}
    item = {"id": id, "type": "function_call", **fields}
    return [item_added(**item), item_done(**item), {"tool_called": {"id": id, **fields}}]


def do(name: str, /, **args: Any) -> dict[str, Any]:
    return {"do": name, "args": args}


def cites(*citations: dict[str, Any]) -> list[dict[str, Any]]:
    """Loose events, because the typed ones end a stream of the original."""
    place = {"item_id": "msg_1", "output_index": 0, "content_index": 0, "sequence_number": 0, "loose": True}
    return [
        {
            "type": "response.output_text.annotation.added",
            **place,
            "annotation_index": n,
            "annotation": citation,
        }
        for n, citation in enumerate(citations)
    ]


def image(result: str | None = "LAST") -> list[dict[str, Any]]:
    call = {"id": "ig_1", "type": "image_generation_call"}
    previews = [
        {
            "type": "response.image_generation_call.partial_image",
            "item_id": "ig_1",
            "partial_image_index": n,
            "partial_image_b64": f"P{n}",
        }
        for n in range(2)
    ]
    return [
        item_added(**call, status="generating", result=None),
        *previews,
        item_done(**call, status="completed", result=result),
    ]


def workflow(*titles: str, **more: Any) -> dict[str, Any]:
    return {"type": "custom", "tasks": [{"type": "custom", "title": title} for title in titles], **more}


URL = {"type": "url_citation", "url": "https://x", "title": "T", "start_index": 1, "end_index": 4}
FILE = {"type": "file_citation", "file_id": "f", "filename": "a.pdf", "index": 2}
CONTAINER = {
    "type": "container_file_citation",
    "container_id": "c",
    "file_id": "f",
    "filename": "b.pdf",
    "start_index": 0,
    "end_index": 3,
}
NAMELESS = {**FILE, "filename": ""}
CARD = {"type": "Card", "children": [{"type": "Text", "value": "hi"}]}
STORED = {"type": "workflow", "id": "wf_0", **BASE, "workflow": {**workflow("a"), "summary": {"title": "S"}}}
REFUSED = {"id": "msg_1", "type": "message", "role": "assistant"}
AGENTS: list[Scenario] = [
    run("text", said("one two three")),
    run("two messages", said("one"), said("two", id="msg_2")),
    run("thoughts and text", thought("a", "b"), said("x")),
    run(
        "a thought that grows",
        [item_added(id="rs_1", type="reasoning", summary=[])],
        [
            {
                "type": "response.reasoning_summary_text.delta",
                "item_id": "rs_1",
                "summary_index": 0,
                "delta": f"word {n} ",
            }
            for n in range(60)
        ],
        {
            "type": "response.reasoning_summary_text.done",
            "item_id": "rs_1",
            "summary_index": 0,
            "text": "whole",
        },
        said("x"),
        differs=["D66"],
    ),
    run("thoughts of two items", thought("a"), thought("b", id="rs_2"), said("x")),
    run("reasoning without a summary", thought(), said("x")),
    run("reasoning that nothing follows", thought("a")),
    run("citations in the end", said("cite", annotations=[URL, FILE, CONTAINER, NAMELESS])),
    run("citations while it streams", said("cite")[:3], cites(NAMELESS, FILE, URL, CONTAINER)),
    run(
        "citations and the end of the part", said("cite")[:3], cites(URL), said("cite")[3:4], differs=["D54"]
    ),
    run(
        "a refusal",
        [
            item_added(**REFUSED, status="in_progress", content=[]),
            item_done(**REFUSED, status="completed", content=[{"type": "refusal", "refusal": "No."}]),
        ],
    ),
    run(
        "a refusal that streams",
        [
            item_added(**REFUSED, status="in_progress", content=[]),
            {"type": "response.refusal.delta", "item_id": "msg_1", "content_index": 0, "delta": "No."},
        ],
        differs=["D67"],
    ),
    run("an image", image()),
    run("an image with known previews", image(), partial_images=2),
    run("an image that fails", image(result=None), differs=["image"]),
    run(
        "a web search",
        [
            item_added(
                id="ws_1",
                type="web_search_call",
                status="in_progress",
                action={"type": "search", "query": "q"},
            )
        ],
        said("x"),
        differs=["D67"],
    ),
    run(
        "a workflow of a tool",
        do("start_workflow", **workflow("a")),
        do("add_task", type="custom", title="b"),
        do("update_task", task={"type": "custom", "title": "c"}, index=1),
        do("end_workflow"),
        said("x"),
    ),
    run(
        "a workflow with a summary",
        do("start_workflow", **workflow("a")),
        do("end_workflow", summary={"title": "S"}, expanded=True),
    ),
    run(
        "a workflow with its own summary",
        do("start_workflow", **workflow("a", summary={"title": "Q"}, expanded=True)),
        said("x"),
    ),
    run("a task without a workflow", do("add_task", type="custom", title="b"), said("x")),
    run(
        "a workflow that starts empty",
        do("start_workflow", **workflow()),
        do("add_task", type="custom", title="b"),
        said("x"),
        differs=["D58"],
    ),
    run("a workflow that is open at the end", do("start_workflow", **workflow("a"))),
    run(
        "equal tasks",
        do("start_workflow", **workflow("a")),
        do("add_task", type="custom", title="a"),
        differs=["D56"],
    ),
    run("a widget in a workflow", do("start_workflow", **workflow("a")), do("widget", **CARD), said("x")),
    run(
        "a task item in a workflow",
        do("start_workflow", **workflow("a")),
        do(
            "stream",
            type="thread.item.done",
            item={"type": "task", "id": "t", **BASE, "task": {"type": "custom", "title": "z"}},
        ),
        said("x"),
    ),
    run(
        "hidden context in a workflow",
        do("start_workflow", **workflow("a")),
        do(
            "stream",
            type="thread.item.done",
            item={"type": "hidden_context_item", "id": "h", **BASE, "content": "c"},
        ),
        said("x"),
    ),
    run(
        "progress in a workflow",
        do("start_workflow", **workflow("a")),
        do("stream", type="progress_update", text="p"),
        said("x"),
    ),
    run("a client tool", called("fc_1", "call_1", "ct"), do("client_tool", name="ct", arguments={"a": 1})),
    run(
        "a client tool in a workflow",
        do("start_workflow", **workflow("a")),
        called("fc_1", "call_1", "ct"),
        do("client_tool", name="ct", arguments={}),
    ),
    run("a client tool that no call explains", do("client_tool", name="ct", arguments={})),
    run(
        "a client tool before a server tool",
        called("fc_1", "call_1", "ct"),
        called("fc_2", "call_2", "other"),
        do("client_tool", name="ct", arguments={}),
        differs=["D53"],
    ),
    run(
        "two client tools",
        called("fc_1", "call_1", "a"),
        called("fc_2", "call_2", "b"),
        do("client_tool", name="a", arguments={}),
        do("client_tool", name="b", arguments={}),
        differs=["D53"],
    ),
    run(
        "a workflow goes on",
        do("add_task", type="custom", title="b"),
        said("x"),
        items=[STORED],
        differs=["D55"],
    ),
    run(
        "a workflow is not the newest",
        do("add_task", type="custom", title="b"),
        said("x"),
        items=[STORED, {"type": "task", "id": "t", **BASE, "task": {"type": "custom"}}],
    ),
    run("a guardrail trips", said("x"), {"raise": "guardrail"}),
    run("a run fails", said("x"), {"raise": "error"}),
    run(
        "a run fails in a workflow",
        do("start_workflow", **workflow("a")),
        {"raise": "error"},
        differs=["D58"],
    ),
    run("a placeholder for an id", said("x", id="__fake_id__"), said("y", id="__fake_id__"), differs=["D51"]),
]
