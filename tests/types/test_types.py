"""The vocabulary: ids, times, actions, errors, and what goes over the wire."""

from __future__ import annotations

import json
import pickle
import time
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Literal

import pytest
from pydantic import TypeAdapter, ValidationError

from chatkit.actions import Action
from chatkit.errors import (
    ChatKitError,
    CustomStreamError,
    ErrorCode,
    NotFoundError,
    StreamError,
    WidgetDataError,
)
from chatkit.store import default_generate_id
from chatkit.types import (
    ChatKitReq,
    ClientEffectEvent,
    ErrorEvent,
    FileAttachment,
    Page,
    ThreadMetadata,
    ThreadsStopReq,
    is_streaming_req,
    wire_json,
)

REQUEST: TypeAdapter[Any] = TypeAdapter(ChatKitReq)
ROOT = Path(__file__).resolve().parents[2]
WIRE = ROOT.parent / "shared" / "reference" / "wire"


@pytest.mark.behaviour("D80")
def test_d80_ids_carry_at_least_122_random_bits() -> None:
    ids = {default_generate_id("thread") for _ in range(1000)}
    assert len(ids) == 1000
    prefix, _, digits = ids.pop().partition("_")
    assert prefix == "thr"
    assert len(digits) * 4 >= 122
    assert int(digits, 16) >= 0


@pytest.mark.behaviour("D42")
def test_d42_times_are_aware_utc_whatever_the_zone_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()

    def created(moment: Any) -> datetime:
        return ThreadMetadata(id="t", created_at=moment).created_at

    noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    assert created(datetime(2026, 1, 1, 7)) == noon, "datetime.now() of an app is its local time"
    stored = ThreadMetadata.model_validate_json('{"id": "t", "created_at": "2026-01-01T12:00:00"}')
    assert stored.created_at == noon, "a naive time in a store is UTC"
    assert created("2026-01-01T14:00:00+02:00") == noon
    assert created(noon.astimezone(timezone(timedelta(hours=-5)))).tzinfo is UTC
    assert (
        json.loads(wire_json(ThreadMetadata(id="t", created_at=noon)))["created_at"] == "2026-01-01T12:00:00Z"
    )
    monkeypatch.delenv("TZ")
    time.tzset()


@pytest.mark.behaviour("D35")
def test_d35_an_action_needs_a_type() -> None:
    request = {"type": "threads.custom_action", "params": {"thread_id": "t", "action": {"payload": 1}}}
    with pytest.raises(ValidationError, match="type"):
        REQUEST.validate_python(request)
    request["params"]["action"]["type"] = "go"  # pyright: ignore[reportIndexIssue, reportArgumentType]
    assert REQUEST.validate_python(request).params.action.type == "go"


def test_create_makes_the_config_of_a_typed_action() -> None:
    class Ship(Action[Literal["order.ship"], dict[str, int]]):
        pass

    config = Ship.create({"order": 1}, loading_behavior="self", streaming=False)
    assert config.model_dump() == {
        "type": "order.ship",
        "payload": {"order": 1},
        "handler": "server",
        "loadingBehavior": "self",
        "streaming": False,
    }
    with pytest.raises(TypeError, match="fixed action type"):
        Action[str, Any].create(None)


@pytest.mark.behaviour("D11")
def test_d11_null_inside_app_values_goes_over_the_wire_and_absent_fields_do_not() -> None:
    event = ClientEffectEvent(name="x", data={"a": None, "b": [1, None, {"c": None}]})
    assert json.loads(wire_json(event))["data"] == {"a": None, "b": [1, None, {"c": None}]}
    assert json.loads(wire_json(ErrorEvent(message=None))) == {
        "type": "error",
        "code": "custom",
        "allow_retry": False,
    }


def test_attachment_metadata_never_leaves_the_server() -> None:
    attachment = FileAttachment(id="a", name="n", mime_type="m", metadata={"secret": 1})
    assert b"secret" not in wire_json(Page[FileAttachment](data=[attachment]))
    assert attachment.model_dump()["metadata"] == {"secret": 1}


def test_requests_of_ours_are_known_as_streaming_or_not() -> None:
    stop = REQUEST.validate_python({"type": "threads.stop", "params": {"thread_id": "t"}})
    resume = REQUEST.validate_python({"type": "threads.resume", "params": {"thread_id": "t", "after": "r:1"}})
    assert isinstance(stop, ThreadsStopReq)
    assert [is_streaming_req(stop), is_streaming_req(resume)] == [False, True]


def test_errors_say_what_where_and_what_to_do_and_survive_pickling() -> None:
    error = NotFoundError(
        "there is no thread x", code="thread.not_found", path="params.thread_id", hint="List them."
    )
    assert str(error) == "params.thread_id: there is no thread x List them."
    assert (error.status, error.code, error.allow_retry) == (404, "thread.not_found", False)
    assert error.as_json() == {
        "code": "thread.not_found",
        "message": "there is no thread x",
        "path": "params.thread_id",
        "hint": "List them.",
    }
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.as_json()) == (NotFoundError, error.as_json())
    assert isinstance(WidgetDataError("x"), ValueError)
    assert ChatKitError("my.code", "m").status == 500


def test_stream_errors_keep_their_defaults() -> None:
    assert StreamError(ErrorCode.STREAM_ERROR).allow_retry is True
    assert StreamError(ErrorCode.STREAM_ERROR, allow_retry=False).allow_retry is False
    assert CustomStreamError("m").allow_retry is False
    assert pickle.loads(pickle.dumps(CustomStreamError("m", allow_retry=True))).allow_retry is True


# What our schemas say beyond the original's: fields, definitions and values that are ours, by their place.
OURS = {
    "item_id", "error", "client_request_id", "query", "sort", "archived", "author", "updated_at", "run", "branch", "branches", "request_id", "border",
    "ThreadEditMessageParams", "ThreadResumeParams", "ThreadStopParams", "ThreadsEditMessageReq", "ThreadsResumeReq",
    "ThreadsStopReq", "Author", "RunInfo", "ThreadBranch", "MessageVersions", "WidgetFieldErrors", "Table", "TableRow", "TableCell",
    "threads.edit_message", "threads.resume", "threads.stop", "Table.Row", "Table.Cell", "ListView",
    "additionalProperties", "required",
}  # fmt: skip


def lacking(theirs: Any, ours: Any, path: str) -> list[str]:
    """Where our schema lacks or changes something of theirs, or adds what is not listed."""
    if isinstance(theirs, dict) and isinstance(ours, dict):
        theirs = {name: value for name, value in theirs.items() if name != "deprecated"}
        missing = [f"{path}/{name} is missing" for name in theirs if name not in ours]
        added = [f"{path}/{name} is new" for name in ours if name not in theirs and name not in OURS]
        return [
            *missing,
            *added,
            *(f for n in theirs if n in ours for f in lacking(theirs[n], ours[n], f"{path}/{n}")),
        ]
    if isinstance(theirs, list) and isinstance(ours, list):
        if path.endswith(("enum", "required")):
            return [f"{path}: {entry} is missing" for entry in theirs if entry not in ours]
        return [
            f"{path}[{place}] has no match"
            for place, entry in enumerate(theirs)
            if not any(not lacking(entry, other, "") for other in ours)
        ]
    return [] if theirs == ours else [f"{path}: {theirs!r} became {ours!r}"]


@pytest.mark.skipif(not WIRE.exists(), reason="the original's schemas are not here")
@pytest.mark.parametrize("name", ["request", "event", "thread", "thread_item", "attachment", "widget_root"])
def test_our_schemas_hold_the_originals(name: str) -> None:
    theirs = json.loads((WIRE / f"{name}.schema.json").read_text("utf-8"))
    ours = json.loads((ROOT / "spec" / "schema" / f"{name}.schema.json").read_text("utf-8"))
    assert lacking(theirs, ours, "") == []
