"""The fast way and the general way to write an event agree on everything."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chatkit._engine.merging import MergedFrames
from chatkit._engine.wire import Encoder, event_json, item_json, json_of, page_json, thread_json
from chatkit._time import utc_now
from chatkit.actions import ActionConfig
from chatkit.types import (
    AssistantMessageContentPartTextDelta,
    ClientToolCallItem,
    ErrorEvent,
    NoticeEvent,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemRemovedEvent,
    ThreadItemReplacedEvent,
    ThreadItemUpdatedEvent,
    ThreadMetadata,
    WidgetItem,
    WidgetRootUpdated,
    WidgetStreamingTextValueDelta,
)
from chatkit.widgets import Button, Card, DynamicWidgetRoot, ListView, ListViewItem, Row, Text, WidgetTemplate
from tests.server.scripted import EVENT

ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=500)
SHORT = st.sampled_from(["msg_1", "msg_2", 'odd "id"\n\u2028', ""])
TEXTS = st.builds(AssistantMessageContentPartTextDelta, content_index=st.integers(-1, 3), delta=ANY)
VALUES = st.builds(WidgetStreamingTextValueDelta, component_id=SHORT, delta=ANY, done=st.booleans())
EVENTS: st.SearchStrategy[Any] = st.builds(
    ThreadItemUpdatedEvent, item_id=SHORT, update=st.one_of(TEXTS, VALUES)
) | st.builds(NoticeEvent, level=st.just("info"), message=ANY)


@settings(max_examples=3 * settings.default.max_examples, deadline=None)
@given(st.lists(EVENTS | st.builds(ThreadItemRemovedEvent, item_id=SHORT), max_size=8))
@example([ThreadItemUpdatedEvent(item_id="a", update=AssistantMessageContentPartTextDelta(content_index=0, delta=c))
          for c in ("\x00\x1f\x7f", '"\\/', "\b\f\n\r\t", "\u2028\u2029\ufeff😀", "x" * 399, "x" * 400)])  # fmt: skip
def test_the_fast_way_writes_the_same_bytes(events: list[Any]) -> None:
    encoder = Encoder("data: ", "\n\n")
    for event in events:
        assert encoder.encode(event) == b"data: " + event_json(event) + b"\n\n"


@pytest.mark.parametrize("text", ["half \ud83d", "\udc00 pair"])
def test_half_a_surrogate_pair_costs_one_character_and_not_the_answer(text: str) -> None:
    event = ThreadItemUpdatedEvent(
        item_id="m", update=AssistantMessageContentPartTextDelta(content_index=0, delta=text)
    )
    sent = json.loads(Encoder().encode(event))
    assert sent["update"]["delta"] == text.replace("\ud83d", "?").replace("\udc00", "?")
    notice = NoticeEvent.model_construct(type="notice", level="info", message=text)
    assert json.loads(event_json(notice))["message"].count("?") == 1


@pytest.mark.behaviour("S10")
@settings(max_examples=3 * settings.default.max_examples, deadline=None)
@given(st.lists(EVENTS, max_size=20), st.lists(st.integers(0, 20), max_size=3))
def test_merged_frames_say_the_same_as_the_events(events: list[Any], takes: list[int]) -> None:
    merged, frames = MergedFrames(), []
    for n, event in enumerate(events):
        merged.add(event)
        if n in takes:
            frames += merged.take()
    frames += merged.take()
    assert merged.take() == []
    assert len(frames) <= len(events)
    assert _said(EVENT.validate_json(f) for f in frames) == _said(events)


def _said(events: Any) -> list[Any]:
    """The events, with text to the same place put together."""
    said: list[Any] = []
    for event in events:
        update = getattr(event, "update", None)
        if update is None:
            said.append(event.message)
            continue
        place = getattr(update, "content_index", None), getattr(update, "component_id", None)
        key = (event.item_id, *place)
        if said and isinstance(said[-1], list) and said[-1][0] == key and not said[-1][2]:
            said[-1][1] += update.delta
            said[-1][2] = getattr(update, "done", False)
        else:
            said.append([key, update.delta, getattr(update, "done", False)])
    return said


def test_a_thread_leaves_without_what_an_app_added_to_it() -> None:
    class Mine(ThreadMetadata):
        secret: str = "s"

    thread = Mine(id="thr_1", created_at=utc_now(), metadata={"secret": "m"}, title='Ti"tle')
    sent = json.loads(thread_json(thread, page_json([b"1", b"2"], has_more=True, after='a"b'), 'run"1'))
    assert sent["items"] == {"data": [1, 2], "has_more": True, "after": 'a"b'}
    assert (sent["run"], sent["title"], sent["metadata"]) == ({"id": 'run"1'}, 'Ti"tle', {})
    assert "secret" not in sent


def test_an_error_event_may_carry_an_apps_own_code() -> None:
    sent = json.loads(event_json(ErrorEvent(code="shop.sold_out", message="Gone", request_id="req_1")))
    assert (sent["code"], sent["request_id"]) == ("shop.sold_out", "req_1")


_ACTION = ActionConfig(type="go", payload={"a": None, "b": [1, None]})
ROOTS = [
    Card(
        children=[
            Text(id="t", value="x", streaming=True),
            Row(children=[Button(label="Go", onClickAction=_ACTION)]),
        ]
    ),
    ListView(children=[ListViewItem(children=[Text(value="é\u2028")], onClickAction=_ACTION)], limit="auto"),
    DynamicWidgetRoot.model_validate(
        {
            "type": "Card",
            "made": "up",
            "children": {"type": "Text", "value": "x", "size": None, "n": [1, None]},
        }
    ),
    WidgetTemplate(
        {
            "version": "1.0",
            "name": "t",
            "template": '{"type":"Card","children":[{"type":"Text","value":{{ v | tojson }}}],"x":null}',
            "jsonSchema": {"type": "object", "properties": {"v": {"type": "string"}}, "required": ["v"]},
        }
    ).build({"v": 'a "b"\n'}),
]


@pytest.mark.parametrize("root", ROOTS, ids=lambda root: type(root).__name__)
@pytest.mark.parametrize("copy_text", [None, 'copy "it"'])
def test_a_widget_leaves_the_same_way_through_both_ways(root: Any, copy_text: str | None) -> None:
    item = WidgetItem(id='w"1', thread_id="thr_1", created_at=utc_now(), widget=root, copy_text=copy_text)
    assert json.loads(item_json(item)) == json.loads(json_of(item))
    for event in (
        ThreadItemAddedEvent(item=item),
        ThreadItemDoneEvent(item=item),
        ThreadItemReplacedEvent(item=item),
    ):
        assert json.loads(event_json(event)) == json.loads(json_of(event))
    update = ThreadItemUpdatedEvent(item_id='w"1', update=WidgetRootUpdated(widget=root))
    assert json.loads(event_json(update)) == json.loads(json_of(update))


_ODD = st.recursive(
    st.none()
    | st.booleans()
    | st.floats()
    | st.integers()
    | st.sampled_from([10**30, "half \ud83d", "\udc00", "\u2028\x00\x7f", "😀"])
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None)
@given(_ODD)
@example({"a": float("nan"), "b": "\ud83d"})
@example({"half a key \ud83d": float("inf")})
def test_whatever_an_app_puts_into_a_payload_leaves_as_the_same_json_through_every_way(value: Any) -> None:
    _leaves_the_same(value)


@pytest.mark.parametrize("other", [None, "half \ud83d", float("nan")], ids=ascii)
@pytest.mark.parametrize("size", ["long", "deep"])
def test_a_number_of_5000_digits_and_lists_of_300_levels_leave_too(size: str, other: Any) -> None:
    value: Any = 10**5000
    if size == "deep":
        value = other
        for _ in range(300):
            value = [value]
    call = ClientToolCallItem(
        id="i", thread_id="t", created_at=utc_now(), call_id="c", name="n", arguments={"v": value, "o": other}
    )
    sent = _read(event_json(ThreadItemDoneEvent(item=call)))["item"]["arguments"]
    assert sent["o"] == ("half ?" if isinstance(other, str) else None)
    if size == "long":
        assert sent["v"] == "1" + "0" * 5000


def _leaves_the_same(value: Any) -> None:
    payload = {"v": value}
    button = {"type": "Button", "label": "x", "onClickAction": {"type": "go", "payload": payload}}
    template = WidgetTemplate(
        {
            "version": "1.0",
            "name": "t",
            "template": '{"type":"Card","children":[{"type":"Button","label":"x","onClickAction":'
            '{"type":"go","payload":{"v":{{ v | tojson }}}}}]}',
        }
    )
    roots: list[Any] = [
        Card(children=[Button(label="x", onClickAction=ActionConfig(type="go", payload=payload))]),
        DynamicWidgetRoot.model_validate({"type": "Card", "children": [button]}),
        template.build(payload),
    ]
    call = ClientToolCallItem(
        id="i", thread_id="t", created_at=utc_now(), call_id="c", name="n", arguments=payload
    )
    expected = _read(event_json(ThreadItemDoneEvent(item=call)))["item"]["arguments"]
    for root in roots:
        item = WidgetItem(id="w", thread_id="t", created_at=utc_now(), widget=root)
        update = ThreadItemUpdatedEvent(item_id="w", update=WidgetRootUpdated(widget=root))
        for widget in (
            _read(event_json(ThreadItemDoneEvent(item=item)))["item"]["widget"],
            _read(event_json(update))["update"]["widget"],
            _read(json_of(item))["widget"],
        ):
            assert widget["children"][0]["onClickAction"]["payload"] == expected


def test_a_title_with_half_a_character_costs_one_character_and_not_the_list_of_threads() -> None:
    thread = ThreadMetadata(id="t", created_at=utc_now(), title="half \ud83d", metadata={"secret": 1})
    assert _read(thread_json(thread))["title"] == "half ?"
    assert _read(thread_json(thread))["metadata"] == {}


def _read(data: bytes) -> Any:
    """JSON by the letter, as browsers read it: no NaN, no Infinity."""

    def refuse(name: str) -> Any:
        raise ValueError(f"JSON has no {name}")

    return json.loads(data, parse_constant=refuse, parse_int=str)
