"""What both packages are asked to do, as data. `differs` names the rows of the table of differences that apply."""

from __future__ import annotations

import random
from typing import Any

from agent_scenarios import AGENTS
from input_scenarios import INPUT
from widget_scenarios import WIDGETS

Scenario = dict[str, Any]
TS = "2026-01-01T00:00:00Z"
BASE: dict[str, Any] = {"thread_id": "thr", "created_at": TS}
THREAD: dict[str, Any] = {"id": "thr", "created_at": TS, "title": "T", "metadata": {"secret": 1}}


def text_item(id: str, text: str) -> dict[str, Any]:
    return {"type": "assistant_message", "id": id, **BASE, "content": [{"text": text}]}


def user_item(id: str, text: str = "hello") -> dict[str, Any]:
    content = [{"type": "input_text", "text": text}]
    return {"type": "user_message", "id": id, **BASE, "content": content, "inference_options": {}}


def given(text: str = "Hi", **more: Any) -> dict[str, Any]:
    return {
        "content": [{"type": "input_text", "text": text}],
        "attachments": [],
        "inference_options": {},
        **more,
    }


def update(item_id: str, type: str, **fields: Any) -> dict[str, Any]:
    return {"yield": {"type": "thread.item.updated", "item_id": item_id, "update": {"type": type, **fields}}}


def added(item: dict[str, Any]) -> dict[str, Any]:
    return {"yield": {"type": "thread.item.added", "item": item}}


def done(item: dict[str, Any]) -> dict[str, Any]:
    return {"yield": {"type": "thread.item.done", "item": item}}


def spoken(id: str, *words: str) -> list[dict[str, Any]]:
    """A message that streams and is done."""
    prefix = "assistant_message.content_part"
    empty = {"type": "output_text", "text": "", "annotations": []}
    ops = [
        added({**text_item(id, ""), "content": []}),
        update(id, f"{prefix}.added", content_index=0, content=empty),
    ]
    ops += [update(id, f"{prefix}.text_delta", content_index=0, delta=word) for word in words]
    whole = {**empty, "text": "".join(words)}
    return [
        *ops,
        update(id, f"{prefix}.done", content_index=0, content=whole),
        done(text_item(id, "".join(words))),
    ]


WIDGET = {"type": "Card", "children": [{"type": "Text", "value": "hi"}]}
WIDGET_ITEM = {"type": "widget", "id": "w", **BASE, "widget": WIDGET}
CALL_ITEM = {
    "type": "client_tool_call",
    "id": "tc",
    **BASE,
    "call_id": "c",
    "name": "n",
    "arguments": {"a": 1},
}
QUESTIONS = {
    "type": "structured_input",
    "id": "q",
    **BASE,
    "inputs": [
        {
            "type": "multiple_choice",
            "id": "one",
            "question": "One?",
            "options": [{"value": "a"}, {"value": "b"}],
        },
        {
            "type": "multiple_choice",
            "id": "many",
            "question": "Many?",
            "options": [{"value": "a"}],
            "multiple": True,
        },
        {"type": "freeform", "id": "free", "question": "Free?"},
    ],
}
WORKFLOW = {"type": "workflow", "id": "wf", **BASE, "workflow": {"type": "custom", "tasks": []}}
STORE: dict[str, Any] = {"threads": [THREAD], "items": [user_item("u1"), text_item("a1", "yo")]}
ATTACHMENT = {
    "type": "file",
    "id": "atc_1",
    "name": "a.txt",
    "mime_type": "text/plain",
    "metadata": {"key": "k"},
}


def server(name: str, *steps: dict[str, Any], store: dict[str, Any] | None = None, **more: Any) -> Scenario:
    return {
        "name": name,
        "kind": "server",
        "store": STORE if store is None else store,
        "steps": list(steps),
        **more,
    }


def ask(type: str, handler: list[dict[str, Any]] | None = None, **params: Any) -> dict[str, Any]:
    return {
        "request": {"type": type, "params": params},
        "handler": handler or [],
    }


def message(*handler: dict[str, Any]) -> dict[str, Any]:
    return ask("threads.add_user_message", list(handler), thread_id="thr", input=given())


def with_items(*items: dict[str, Any]) -> dict[str, Any]:
    return {"threads": [THREAD], "items": list(items)}


STREAMING: list[Scenario] = [
    server("create a thread", ask("threads.create", spoken("m", "Hel", "lo"), input=given()), store={}),
    server(
        "create, then load it",
        ask("threads.create", spoken("m", "x"), input=given()),
        ask("threads.get_by_id", thread_id="thr_1"),
        store={},
    ),
    server("add a user message", message(*spoken("m", "Hel", "lo"))),
    server(
        "quoted text and inference options",
        ask(
            "threads.add_user_message",
            spoken("m", "x"),
            thread_id="thr",
            input=given(quoted_text="q", inference_options={"model": "m", "tool_choice": {"id": "t"}}),
        ),
    ),
    server(
        "tags in a message",
        ask(
            "threads.add_user_message",
            spoken("m", "x"),
            thread_id="thr",
            input=given()
            | {"content": [{"type": "input_tag", "id": "1", "text": "Ann", "data": {"a": "1"}}]},
        ),
    ),
    server(
        "attach a file",
        ask(
            "threads.add_user_message", spoken("m", "x"), thread_id="thr", input=given(attachments=["atc_1"])
        ),
        store={**STORE, "attachments": [ATTACHMENT]},
    ),
    server("nothing to say", message()),
    server(
        "hidden context is saved and not sent",
        message(done({"type": "hidden_context_item", "id": "h", **BASE, "content": "c"})),
    ),
    server(
        "a task, an end of turn",
        message(
            done({"type": "task", "id": "t", **BASE, "task": {"type": "custom", "title": "T"}}),
            done({"type": "end_of_turn", "id": "e", **BASE}),
        ),
    ),
    server(
        "progress, effect, notice",
        message(
            {"yield": {"type": "progress_update", "text": "p", "icon": "bolt"}},
            {"yield": {"type": "client_effect", "name": "e", "data": {"a": 1}}},
            {"yield": {"type": "notice", "level": "info", "message": "m"}},
        ),
    ),
    server(
        "null in the payload of an action",
        message(
            {
                "widget": [
                    {
                        "type": "Card",
                        "children": [
                            {"type": "Button", "onClickAction": {"type": "go", "payload": [1, None, 3]}}
                        ],
                    }
                ]
            }
        ),
        differs=["D11"],
    ),
    server(
        "progress and notice",
        message(
            {"yield": {"type": "progress_update", "text": "p"}},
            {"yield": {"type": "notice", "level": "danger", "message": "m", "title": "t"}},
        ),
    ),
    server(
        "an own error event",
        message({"yield": {"type": "error", "code": "custom", "message": "m", "allow_retry": True}}),
    ),
    server("change the title", message({"set": {"title": "New"}}, *spoken("m", "x"))),
    server("change the title at the end", message(*spoken("m", "x"), {"set": {"title": "New"}})),
    server("change metadata", message({"set": {"metadata": {"secret": 2}}}, *spoken("m", "x"))),
    server(
        "replace an item",
        message({"yield": {"type": "thread.item.replaced", "item": text_item("a1", "new")}}),
    ),
    server("remove an item", message({"yield": {"type": "thread.item.removed", "item_id": "a1"}})),
    server(
        "an image",
        message(
            added({"type": "generated_image", "id": "g", **BASE}),
            update("g", "generated_image.updated", image={"id": "i", "url": "u"}, progress=0.5),
            done({"type": "generated_image", "id": "g", **BASE, "image": {"id": "i", "url": "u"}}),
        ),
    ),
    server(
        "a workflow",
        message(
            added(WORKFLOW),
            update("wf", "workflow.task.added", task_index=0, task={"type": "custom", "title": "a"}),
            update("wf", "workflow.task.updated", task_index=0, task={"type": "custom", "title": "b"}),
            done(
                {
                    **WORKFLOW,
                    "workflow": {
                        "type": "custom",
                        "tasks": [{"type": "custom", "title": "b"}],
                        "summary": {"duration": 1},
                    },
                }
            ),
        ),
    ),
    server(
        "annotations",
        message(
            added({**text_item("m", ""), "content": []}),
            update(
                "m",
                "assistant_message.content_part.annotation_added",
                content_index=0,
                annotation_index=0,
                annotation={"source": {"type": "url", "url": "u", "title": "t"}, "index": 1},
            ),
            done(text_item("m", "x")),
        ),
    ),
    server("a client tool call", message(done(CALL_ITEM))),
    server("a structured input", message(done(QUESTIONS))),
    server("a widget", message({"widget": [WIDGET], "copy_text": "c"})),
    server(
        "a widget that streams",
        message(
            {
                "widget": [
                    {"type": "Card", "children": [{"type": "Text", "id": "t", "value": v, "streaming": True}]}
                    for v in ("a", "ab", "abc")
                ]
            }
        ),
    ),
    server(
        "a client tool answers",
        ask("threads.add_client_tool_output", spoken("m", "x"), thread_id="thr", result={"ok": 1}),
        store=with_items(user_item("u1"), CALL_ITEM),
    ),
    server(
        "structured input is answered",
        ask(
            "threads.add_structured_input",
            spoken("m", "x"),
            thread_id="thr",
            item_id="q",
            input={
                "answers": {
                    "one": {"values": ["a", "b"]},
                    "many": {"values": ["a", "b"]},
                    "other": {"values": ["x"]},
                }
            },
        ),
        store=with_items(user_item("u1"), QUESTIONS),
    ),
    server(
        "structured input is skipped",
        ask("threads.add_structured_input", [], thread_id="thr", item_id="q", input={"status": "skipped"}),
        store=with_items(user_item("u1"), QUESTIONS),
    ),
    server(
        "structured input is skipped in part",
        ask(
            "threads.add_structured_input",
            [],
            thread_id="thr",
            item_id="q",
            input={"answers": {"one": {"values": [], "skipped": True}, "free": {"values": ["words"]}}},
        ),
        store=with_items(user_item("u1"), QUESTIONS),
    ),
    server(
        "an action",
        ask(
            "threads.custom_action",
            spoken("m", "x"),
            thread_id="thr",
            item_id="w",
            action={"type": "go", "payload": {"a": 1}},
        ),
        store=with_items(user_item("u1"), WIDGET_ITEM),
    ),
    server(
        "an action of nobody",
        ask("threads.custom_action", spoken("m", "x"), thread_id="thr", action={"type": "go"}),
    ),
    server(
        "an action of something else than a widget",
        ask("threads.custom_action", spoken("m", "x"), thread_id="thr", item_id="a1", action={"type": "go"}),
    ),
    server(
        "retry",
        ask("threads.retry_after_item", spoken("m", "x"), thread_id="thr", item_id="u1"),
        differs=["D37"],
    ),
    server(
        "retry the newest",
        ask("threads.retry_after_item", spoken("m", "x"), thread_id="thr", item_id="u1"),
        store=with_items(user_item("u1")),
    ),
]

FAILING: list[Scenario] = [
    server("a custom error", message(*spoken("m", "x"), {"raise": "custom"})),
    server("a final custom error", message({"raise": "custom_final"})),
    server("a stream error", message({"raise": "stream"})),
    server("an unforeseen error", message({"raise": "value"})),
    server(
        "an error in the middle of a message",
        message(*spoken("m", "a", "b")[:4], {"raise": "custom"}),
        differs=["D38"],
    ),
    server(
        "stopped in the middle of a message",
        message(*spoken("m", "a", "b")[:4], {"hang": True}),
        differs=["wording"],
    ),
    server("stopped before any text", message(*spoken("m", "a")[:2], {"hang": True}), differs=["wording"]),
    server("an unknown thread", ask("threads.add_user_message", [], thread_id="nope", input=given())),
    server(
        "an unknown attachment",
        ask("threads.add_user_message", [], thread_id="thr", input=given(attachments=["nope"])),
    ),
    server(
        "create with an unknown attachment",
        ask("threads.create", [], input=given(attachments=["nope"])),
        store={},
        differs=["D32"],
    ),
    server("retry an answer", ask("threads.retry_after_item", [], thread_id="thr", item_id="a1")),
    server(
        "retry an unknown item",
        ask("threads.retry_after_item", [], thread_id="thr", item_id="nope"),
        differs=["D32"],
    ),
    server("no client tool waits", ask("threads.add_client_tool_output", [], thread_id="thr", result=1)),
    server(
        "no question waits", ask("threads.add_structured_input", [], thread_id="thr", item_id="a1", input={})
    ),
    server("an unknown type", {"request": {"type": "nope", "params": {}}}),
    server(
        "an action without a type",
        ask("threads.custom_action", [], thread_id="thr", action={"payload": 1}),
        differs=["D35"],
    ),
    server(
        "a message to a closed thread",
        message(*spoken("m", "x")),
        store={"threads": [{**THREAD, "status": {"type": "closed"}}]},
        differs=["D33"],
    ),
    server(
        "a message to a locked thread",
        message(*spoken("m", "x")),
        store={"threads": [{**THREAD, "status": {"type": "locked"}}]},
        differs=["D33"],
    ),
    server(
        "an attachment of another thread",
        ask("threads.add_user_message", [], thread_id="thr", input=given(attachments=["atc_1"])),
        store={**STORE, "attachments": [{**ATTACHMENT, "thread_id": "other"}]},
        differs=["D34"],
    ),
    server("a negative limit", ask("items.list", thread_id="thr", limit=-1), differs=["D36"]),
]

MANY = [user_item(f"i{n}", str(n)) for n in range(25)]
HIDDEN = {"type": "hidden_context_item", "id": "h", **BASE, "content": "c"}
SINGLE: list[Scenario] = [
    server("get a thread", ask("threads.get_by_id", thread_id="thr")),
    server(
        "get a thread with hidden items",
        ask("threads.get_by_id", thread_id="thr"),
        store=with_items(user_item("u1"), HIDDEN, text_item("a1", "x")),
    ),
    server("get an unknown thread", ask("threads.get_by_id", thread_id="nope")),
    server(
        "list threads",
        ask("threads.list", limit=1),
        ask("threads.list", limit=1, after="thr2", order="desc"),
        store={"threads": [THREAD, {**THREAD, "id": "thr2"}]},
    ),
    server(
        "list threads from the oldest",
        ask("threads.list", order="asc"),
        store={"threads": [THREAD, {**THREAD, "id": "thr2"}]},
    ),
    server(
        "list items page by page",
        ask("items.list", thread_id="thr"),
        ask("items.list", thread_id="thr", after="i5", limit=3),
        ask("items.list", thread_id="thr", order="asc", limit=2),
        store=with_items(*MANY),
    ),
    server(
        "list items with hidden ones",
        ask("items.list", thread_id="thr"),
        store=with_items(user_item("u1"), HIDDEN),
    ),
    server("rename", ask("threads.update", thread_id="thr", title="New")),
    server("delete", ask("threads.delete", thread_id="thr")),
    server("feedback", ask("items.feedback", thread_id="thr", item_ids=["a1"], kind="positive")),
    server("register an upload", ask("attachments.create", name="n", size=3, mime_type="text/plain")),
    server(
        "register an upload without a store",
        ask("attachments.create", name="n", size=3, mime_type="text/plain"),
        uploads=False,
    ),
    server(
        "delete an attachment",
        ask("attachments.delete", attachment_id="atc_1"),
        store={**STORE, "attachments": [ATTACHMENT]},
    ),
    server("transcribe", ask("input.transcribe", audio_base64="AAAA", mime_type="audio/webm;codecs=opus")),
    server(
        "an action with a single answer",
        ask(
            "threads.sync_custom_action", thread_id="thr", item_id="w", action={"type": "go", "payload": [1]}
        ),
        store=with_items(WIDGET_ITEM),
    ),
    server(
        "an action with a single answer, of no widget",
        ask("threads.sync_custom_action", thread_id="thr", item_id="a1", action={"type": "go"}),
    ),
    server(
        "user attachments do not show their metadata",
        ask("items.list", thread_id="thr"),
        store=with_items({**user_item("u1"), "attachments": [ATTACHMENT]}),
    ),
]


def rambling(seed: int) -> Scenario:
    """A random sequence of events that an app could yield."""
    rng = random.Random(seed)
    ops: list[dict[str, Any]] = []
    stored: list[str] = ["u1", "a1"]
    for number in range(rng.randint(4, 9)):
        choice = rng.randrange(8)
        if choice < 3:
            ops += spoken(
                f"m{number}",
                *(rng.choice(["a ", "é", '"q"', "\n", "long word "]) for _ in range(rng.randint(1, 6))),
            )
            stored.append(f"m{number}")
        elif choice == 3:
            ops.append(done({**WIDGET_ITEM, "id": f"w{number}"}))
            stored.append(f"w{number}")
        elif choice == 4:
            ops.append(
                {
                    "yield": {
                        "type": "thread.item.removed",
                        "item_id": stored.pop(rng.randrange(1, len(stored))),
                    }
                }
                if len(stored) > 1
                else {"set": {"title": "x"}}
            )
        elif choice == 5:
            ops.append(
                {
                    "yield": {
                        "type": "thread.item.replaced",
                        "item": text_item(rng.choice(stored), f"r{number}"),
                    }
                }
            )
        elif choice == 6:
            ops.append({"set": {"title": f"title {number}"}})
        else:
            ops.append(
                done(
                    {"type": "task", "id": f"t{number}", **BASE, "task": {"type": "thought", "content": "c"}}
                )
            )
            stored.append(f"t{number}")
    return server(f"random sequence {seed}", message(*ops))


SCENARIOS: list[Scenario] = [
    *STREAMING,
    *FAILING,
    *SINGLE,
    *WIDGETS,
    *INPUT,
    *AGENTS,
    *map(rambling, range(60)),
]
