"""The compiled path and plain Jinja agree on everything; a lazy root is a root like any other."""

from __future__ import annotations

import copy
import json
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit.types import WidgetItem, diff_widget, wire_data
from chatkit.widgets import DynamicWidgetRoot, WidgetTemplate
from chatkit.widgets._base import build_of

OPEN = "{%- set _c -%}{%-for x in xs -%}{%-set i = loop.index0 -%},"
CLOSE = "{%-endfor-%}{%- endset -%}{{- (_c[1:] if _c and _c[0] == ',' else _c) -}}"
TEXT = (
    '{"type":"Card","id":{{ (cid) | tojson }},"size":{% if big %}"lg"{% else %}"sm"{% endif %},"padding":{{ (pad) | tojson }},'
    '"children":[{"type":"Markdown","id":"body","value":{{ (body) | tojson }},"streaming":{{ (more) | tojson }}},'
    '{"type":"Text","value":"Hi {{ name }}, \\"you\\""},'
    '{"type":"Col","children":['
    + OPEN
    + '{"type":"Text","key":{{ (x.k) | tojson }},"value":{{ (("#" ~ i ~ " " ~ x.v)) | tojson }},'
    '"weight":{{ ("bold" if i == 0 else none) | tojson }}}'
    "{%-if x.more is defined and x.more -%},"
    '{"type":"Badge","label":{{ (x.more) | tojson }}}{%-else-%}{%-endif-%}' + CLOSE + "]},"
    '{"type":"Button","label":{{ (label or "Go") | tojson }},"onClickAction":{"type":"go","payload":{"a":null,"d":{{ (data) | tojson }}}}}]}'
)
words = st.text(max_size=8)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(allow_nan=False, allow_infinity=False) | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=6,
)
rows = st.fixed_dictionaries(
    {"k": words | st.none() | st.integers(0, 3), "v": words | st.integers()},
    optional={"more": words | st.none()},
)
datas = st.fixed_dictionaries(
    {
        "cid": st.sampled_from(["r", None]),
        "big": values,
        "pad": values,
        "body": words,
        "more": st.booleans(),
        "name": words | st.integers(),
        "xs": st.lists(rows, max_size=4),
        "label": words,
        "data": values,
    }
)


def make(*, compiled: bool, text: str = TEXT) -> WidgetTemplate:
    template = WidgetTemplate({"version": "1.0", "name": "t", "template": text})
    assert template._program is not None
    if not compiled:
        template._program = None
    return template


FAST, SLOW = make(compiled=True), make(compiled=False)


def outcome(template: WidgetTemplate, data: dict[str, Any]) -> Any:
    try:
        return template.build(data)
    except ValueError as fault:
        return type(fault), str(fault)


@given(datas)
def test_both_paths_build_write_and_fail_alike(data: dict[str, Any]) -> None:
    fast, slow = outcome(FAST, data), outcome(SLOW, data)
    if isinstance(slow, tuple):
        assert fast == slow
        return
    assert fast.model_dump_json() == slow.model_dump_json()
    assert json.loads(fast.model_dump_json()) == fast.model_dump()
    assert wire_data(outcome(FAST, data)) == wire_data(slow)
    assert fast == slow
    assert repr(fast) == repr(slow)


@given(datas, datas, words)
def test_both_paths_find_the_same_changes(one: dict[str, Any], other: dict[str, Any], tail: str) -> None:
    for before, after in ((one, other), (one, {**one, "body": one["body"] + tail})):
        if isinstance(outcome(SLOW, before), tuple) or isinstance(outcome(SLOW, after), tuple):
            continue
        fast = diff_widget(FAST.build(before), FAST.build(after))
        slow = diff_widget(SLOW.build(before), SLOW.build(after))
        assert [update.model_dump_json() for update in fast] == [update.model_dump_json() for update in slow]


@pytest.fixture
def root() -> DynamicWidgetRoot:
    data = {
        "cid": "r",
        "big": 1,
        "pad": {"x": None},
        "body": "b",
        "more": True,
        "name": "n",
        "label": "",
        "data": [1, None],
    }
    lazy = FAST.build({**data, "xs": [{"k": "1", "v": "w"}]})
    assert build_of(lazy) is not None
    return lazy


def test_a_lazy_root_reads_like_a_root(root: DynamicWidgetRoot) -> None:
    assert root.type == "Card"
    assert isinstance(root.children, list)
    assert root.children[0].id == "body"
    assert root.size == "lg"  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    assert root.model_fields_set >= {"type", "children", "id"}
    with pytest.raises(AttributeError):
        _ = root.nothing  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownVariableType]


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda root: pickle.loads(pickle.dumps(root))])
def test_a_lazy_root_can_be_copied_and_pickled(root: DynamicWidgetRoot, copied: Any) -> None:
    twin = copied(root)
    assert type(twin) is DynamicWidgetRoot
    assert twin == root
    assert twin.model_dump_json() == root.model_dump_json()


def test_a_lazy_root_can_be_changed(root: DynamicWidgetRoot) -> None:
    root.id = "other"
    root.extra = 1  # pyright: ignore[reportAttributeAccessIssue]
    assert root.model_dump()["id"] == "other"
    assert root.model_copy(update={"id": "third"}).id == "third"
    assert (
        FAST.build(
            {
                "xs": [],
                "cid": None,
                "big": 0,
                "pad": 1,
                "body": "",
                "more": 0,
                "name": "",
                "label": "",
                "data": 0,
            }
        ).id
        is None
    )


def test_partial_dumps_work_on_a_lazy_root(root: DynamicWidgetRoot) -> None:
    assert root.model_dump(include={"id"}) == {"id": "r"}


def test_building_and_comparing_makes_no_models(root: DynamicWidgetRoot) -> None:
    data = {
        "cid": "r",
        "big": 1,
        "pad": 1,
        "body": "b",
        "more": True,
        "name": "n",
        "label": "",
        "data": 1,
        "xs": [],
    }
    before, after = FAST.build(data), FAST.build({**data, "body": "bc"})
    updates = diff_widget(before, after)
    assert [update.model_dump() for update in updates] == [
        {"type": "widget.streaming_text.value_delta", "component_id": "body", "delta": "c", "done": False}
    ]
    after.model_dump_json()
    assert build_of(before) is not None
    assert build_of(after) is not None


def test_a_widget_item_keeps_the_lazy_root_as_it_is(root: DynamicWidgetRoot) -> None:
    from datetime import UTC, datetime

    item = WidgetItem(id="i", thread_id="t", created_at=datetime.now(UTC), widget=root)
    assert item.widget is root
    assert build_of(root) is not None
    assert json.loads(item.model_dump_json())["widget"]["type"] == "Card"
