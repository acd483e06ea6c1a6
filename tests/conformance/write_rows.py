"""Rows as a store written for openai-chatkit keeps them: each thread, item and attachment as JSON of its own models.

Run with a Python that has openai-chatkit, from anywhere: python write_rows.py FILE. What it wrote is in
tests/backends/original_rows.jsonl, so that the import is tested against what the other package really writes.
"""

import json
import sys
from datetime import datetime
from typing import Any

from chatkit.actions import ActionConfig
from chatkit.types import (
    ActiveStatus,
    Annotation,
    AssistantMessageContent,
    AssistantMessageItem,
    ClientToolCallItem,
    ClosedStatus,
    CustomSummary,
    CustomTask,
    EndOfTurnItem,
    FileAttachment,
    HiddenContextItem,
    ImageAttachment,
    InferenceOptions,
    TaskItem,
    ThoughtTask,
    ThreadMetadata,
    URLSource,
    UserMessageItem,
    UserMessageTagContent,
    UserMessageTextContent,
    WidgetItem,
    Workflow,
    WorkflowItem,
)
from chatkit.widgets import Button, Card, Text

NOON = datetime(2025, 10, 6, 12, 0, 0)  # without an offset, as its guide makes them
THREAD = "thr_first"


def _items() -> list[Any]:
    common: dict[str, Any] = {"thread_id": THREAD}
    picture = ImageAttachment(
        id="atc_2", name="p.png", mime_type="image/png", preview_url="https://files.example/p.png"
    )
    tag = UserMessageTagContent(id="t1", text="Ann", data={"kind": "person", "none": None}, interactive=True)
    card = Card(
        children=[
            Text(value="Total: 3"),
            Button(label="Pay", onClickAction=ActionConfig(type="pay", payload={"sum": 3, "note": None})),
        ]
    )
    cited = Annotation(source=URLSource(url="https://a.example/", title="A"), index=4)
    return [
        UserMessageItem(
            id="msg_1",
            created_at=NOON.replace(minute=1),
            content=[UserMessageTextContent(text="Hello "), tag],
            attachments=[FileAttachment(id="atc_1", name="a.csv", mime_type="text/csv"), picture],
            quoted_text="quoted",
            inference_options=InferenceOptions(model="m"),
            **common,
        ),
        AssistantMessageItem(
            id="msg_2",
            created_at=NOON.replace(minute=2),
            content=[AssistantMessageContent(text="Käse 🧀", annotations=[cited])],
            **common,
        ),
        WidgetItem(id="wid_1", created_at=NOON.replace(minute=3), widget=card, copy_text="3", **common),
        WorkflowItem(
            id="wf_1",
            created_at=NOON.replace(minute=4),
            workflow=Workflow(
                type="reasoning",
                tasks=[ThoughtTask(content="Let me see"), CustomTask(title="Looked", icon="search")],
                summary=CustomSummary(title="Thought", icon="lightbulb"),
            ),
            **common,
        ),
        TaskItem(id="task_1", created_at=NOON.replace(minute=5), task=CustomTask(title="Did it"), **common),
        ClientToolCallItem(
            id="tc_1",
            created_at=NOON.replace(minute=6),
            status="completed",
            call_id="call_1",
            name="locate",
            arguments={"precise": True},
            output={"lat": 50.7},
            **common,
        ),
        HiddenContextItem(id="hid_1", created_at=NOON.replace(minute=7), content="She likes blue.", **common),
        EndOfTurnItem(id="end_1", created_at=NOON.replace(minute=8), **common),
    ]


def main(path: str) -> None:
    threads = [
        ThreadMetadata(
            id=THREAD,
            title="Cheese",
            created_at=NOON,
            status=ActiveStatus(),
            metadata={"previous_response_id": "resp_1", "user": {"plan": None}},
        ),
        ThreadMetadata(
            id="thr_second", created_at=NOON.replace(hour=13), status=ClosedStatus(reason="moved")
        ),
    ]
    files = [FileAttachment(id="atc_1", name="a.csv", mime_type="text/csv")]
    with open(path, "w", encoding="utf-8") as out:
        for kind, rows in (("thread", threads), ("item", _items()), ("attachment", files)):
            for row in rows:
                out.write(json.dumps({"kind": kind, "data": json.loads(row.model_dump_json())}) + "\n")


main(sys.argv[1])
