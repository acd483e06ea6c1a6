"""Threads as model input. The wording around what the thread holds is each package's own and is not compared."""

from __future__ import annotations

from typing import Any

Scenario = dict[str, Any]
BASE: dict[str, Any] = {"thread_id": "thr", "created_at": "2026-01-01T00:00:00Z"}
FILE = {"type": "file", "id": "ATC1", "name": "a.txt", "mime_type": "text/plain"}


def user(*content: Any, **fields: Any) -> dict[str, Any]:
    parts = [{"type": "input_text", "text": part} if isinstance(part, str) else part for part in content]
    return {"type": "user_message", "id": "u", **BASE, "content": parts, "inference_options": {}, **fields}


def tag(id: str, text: str) -> dict[str, Any]:
    return {"type": "input_tag", "id": id, "text": text, "data": {}}


def said(text: str, **fields: Any) -> dict[str, Any]:
    return {"type": "assistant_message", "id": "msg_a", **BASE, "content": [{"text": text, **fields}]}


def call(**fields: Any) -> dict[str, Any]:
    return {
        "type": "client_tool_call",
        "id": "tc",
        **BASE,
        "call_id": "c",
        "name": "n",
        "arguments": {"a": [1]},
        **fields,
    }


def task(type: str = "custom", **fields: Any) -> dict[str, Any]:
    return {"type": "task", "id": "t", **BASE, "task": {"type": type, **fields}}


def case(name: str, *items: Any, words: list[str] | None = None, **more: Any) -> Scenario:
    return {"name": f"input: {name}", "kind": "input", "items": list(items), "words": words or [], **more}


QUESTIONS = {
    "type": "structured_input",
    "id": "q",
    **BASE,
    "status": "answered",
    "inputs": [
        {"type": "freeform", "id": "1", "question": "WHY", "answer": {"values": ["BECAUSE", "SO"]}},
        {"type": "freeform", "id": "2", "question": "HOW", "answer": {"skipped": True}},
        {"type": "freeform", "id": "3", "question": "WHEN"},
    ],
}
CITED = {"annotations": [{"source": {"type": "url", "url": "https://URL", "title": "TITLE"}, "index": 1}]}
INPUT: list[Scenario] = [
    case("text", user("HELLO"), words=["HELLO"]),
    case("two texts", user("HEL", "LO"), words=["HELLO"]),
    case("nothing said", user()),
    case(
        "mentions",
        user("See ", tag("ID1", "ANN"), " and ", tag("ID2", "BOB"), tag("ID1", "ANN")),
        words=["@ANN and @BOB@ANN", "TAG ID1", "TAG ID2"],
    ),
    case(
        "two mentions with one label",
        user(tag("ID1", "ANN"), tag("ID2", "ANN")),
        words=["TAG ID1", "TAG ID2"],
        differs=["D70"],
    ),
    case("a mention with the default converter", user(tag("ID1", "ANN")), default=True, differs=["D72"]),
    case("an attachment", user("HELLO", attachments=[FILE]), words=["HELLO", "ATTACHMENT ATC1"]),
    case(
        "an attachment with the default converter",
        user("x", attachments=[FILE]),
        default=True,
        differs=["D72"],
    ),
    case("quoted text", user("HELLO", quoted_text="QUOTE"), words=["HELLO", "QUOTE"]),
    case(
        "quoted text earlier",
        user("HELLO", quoted_text="QUOTE"),
        said("YES"),
        user("MORE"),
        words=["HELLO", "QUOTE", "YES", "MORE"],
    ),
    case(
        "quoted text before a client tool",
        user("HELLO", quoted_text="QUOTE"),
        call(status="completed", output=1),
        words=["QUOTE"],
        differs=["D71"],
    ),
    case(
        "everything in one message",
        user("HELLO ", tag("ID1", "ANN"), quoted_text="QUOTE", attachments=[FILE]),
        words=["HELLO @ANN", "TAG ID1", "QUOTE", "ATTACHMENT ATC1"],
    ),
    case("an answer", user("HELLO"), said("YES"), words=["HELLO", "YES"]),
    case(
        "an answer with citations",
        said("YES", **CITED),
        words=["YES", "TITLE", "https://URL"],
        differs=["D72"],
    ),
    case("a client tool", call(status="completed", output={"x": "é"})),
    case("a client tool without a result", call(status="completed")),
    case("a client tool that gave text", call(status="completed", output="text")),
    case("a client tool that waits", call()),
    case(
        "a widget",
        {
            "type": "widget",
            "id": "WID",
            **BASE,
            "widget": {"type": "Card", "children": [{"type": "Text", "value": "VAL"}]},
        },
        words=["WID", "VAL", '"Card"'],
    ),
    case(
        "tasks",
        task(title="TIT", content="CON"),
        task(title="TIT"),
        task(content="CON"),
        task(),
        task("thought", content="CON"),
        words=["TIT", "CON", "TIT: CON"],
    ),
    case(
        "a workflow",
        {
            "type": "workflow",
            "id": "w",
            **BASE,
            "workflow": {
                "type": "custom",
                "tasks": [{"type": "custom", "title": "TIT"}, {"type": "thought", "content": "CON"}],
            },
        },
        words=["TIT", "CON"],
    ),
    case(
        "a reasoning workflow",
        {
            "type": "workflow",
            "id": "w",
            **BASE,
            "workflow": {"type": "reasoning", "tasks": [{"type": "thought", "content": "CON"}]},
        },
        words=["CON"],
    ),
    case(
        "hidden context",
        {"type": "hidden_context_item", "id": "h", **BASE, "content": "HID"},
        {"type": "sdk_hidden_context", "id": "s", **BASE, "content": "SDK"},
        words=["HID", "SDK"],
    ),
    case(
        "hidden context that is no text",
        {"type": "hidden_context_item", "id": "h", **BASE, "content": {"a": 1}},
    ),
    case("questions", QUESTIONS, words=["WHY: BECAUSE, SO", "HOW: skipped", "WHEN: unanswered", "answered"]),
    case(
        "an image",
        {"type": "generated_image", "id": "g", **BASE, "image": {"id": "i", "url": "data:x"}},
        {"type": "generated_image", "id": "g2", **BASE},
    ),
    case(
        "two images",
        *(
            {"type": "generated_image", "id": f"g{n}", **BASE, "image": {"id": "i", "url": f"data:{n}"}}
            for n in range(2)
        ),
        differs=["D85"],
    ),
    case("the end of a turn", {"type": "end_of_turn", "id": "e", **BASE}),
]
