"""The compiled path and plain Jinja agree on everything; a lazy root is a root like any other."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Undefined, nodes
from pydantic_core import to_json

import chatkit
from chatkit._engine.wire import event_json
from chatkit.compiler import read_widget
from chatkit.types import ThreadItemDoneEvent, WidgetItem, diff_widget, wire_data
from chatkit.widgets import DynamicWidgetRoot, WidgetTemplate, _macros
from chatkit.widgets._base import build_of
from chatkit.widgets._jinja import ENVIRONMENT
from chatkit.widgets._macros import FIXED, NUMBER_TEXT
from chatkit.widgets._macros import TEXT as TEXT_MACRO

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


@settings(deadline=None)
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


def written(template: WidgetTemplate, data: dict[str, Any]) -> tuple[bytes, bytes]:
    """The JSON straight from the frame, and that of the data made from it."""
    program = template._program
    assert program is not None
    try:
        frame = program.evaluate(data)
    except Exception:
        return b"", b""
    return program.json(frame).encode(), to_json(program.plain(frame), inf_nan_mode="null")


@settings(deadline=None)
@given(datas)
def test_json_straight_from_the_frame_is_that_of_the_data(data: dict[str, Any]) -> None:
    straight, through_data = written(FAST, data)
    assert straight == through_data


TOTAL = (
    "{%- set sum = namespace(v=0) -%}{%- for x in xs -%}{%- if x.n is number -%}{%- set sum.v = sum.v + x.n -%}"
    "{%- endif -%}{%- endfor -%}"
)
SHAPES = {
    "a comma inside the loop, then more": '{"type":"Col","children":[{%- for x in xs -%}{"type":"Text","value":{{ x.v | tojson }}},'
    '{%- endfor -%}{"type":"Divider"}]}',
    "a comma before each of the loop's, after something": '{"type":"Col","children":[{"type":"Divider"}{%- for x in xs -%}'
    ',{"type":"Text","value":{{ x.v | tojson }}}{%- endfor -%},{"type":"Divider"}]}',
    "two loops and a condition with commas inside": '{"type":"Col","children":[{%- for x in xs -%}{"type":"Text","value":{{ x.v | tojson }}},'
    '{%- if x.n is defined -%}{"type":"Badge","label":{{ x.n | tojson }}},{%- endif -%}{%- endfor -%}'
    '{%- for x in xs -%}{"type":"Divider"},{%- endfor -%}{% if a %}{"type":"Spacer"}{% else %}{"type":"Divider"}{% endif %}]}',
    "a separated loop before something": '{"type":"Col","children":[{%- for x in xs -%}{"type":"Divider"}'
    "{%- if not loop.last -%},{%- endif -%}{%- endfor -%}]}",
    "members under conditions": '{"type":"Badge","label":{{ a | tojson }}{% if a %},"color":{{ a | tojson }},"size":"lg"'
    '{% if xs %},"pill":true{% endif %}{% else %},"color":"info"{% endif %},"variant":null}',
    "an object of optional members": '{"type":"Button","onClickAction":{"type":"go","payload":{ {%- set _c -%},"id":{{ a | tojson }}'
    '{% if xs %},"n":{{ xs | length | tojson }},"o":null{% endif %}{%- endset -%}{{- _c[1:] -}} }}}',
    "children under a condition": '{"type":"Row","gap":1{% if a %},"children":[{"type":"Divider"}],"id":"r"{% endif %},"key":"k"}',
    "the template's macros": '{"type":"Text","value":{{ (_s(a) ~ "%") | tojson }}},{"type":"Text","value":{{ _f(n) | tojson }}},'
    '{"type":"Text","value":{{ _x(n, 2) | tojson }}},{"type":"Text","value":{{ _own(a, n) | tojson }}}',
    "a namespace set in branches": '{"type":"Text"{%- set ns = namespace() -%}{%- if a -%}{%- set b = a -%}{%- set ns.v = b -%}'
    '{%- else -%}{%- set ns.v = "none" -%}{%- endif -%},"value":{{ _s(ns.v) | tojson }}}',
    "a sum over a loop": '{"type":"Text"' + TOTAL + ',"value":{{ _s(sum.v) | tojson }}}',
    "text methods and parts": '{"type":"Text","value":{{ (_s(a).strip()[0:3] ~ n % 7) | tojson }}}',
    "one value in many places": '{"type":"ListViewItem","key":{{ name | tojson }},"id":{{ name | tojson }},"a":{{ name | tojson }},"b":{{ name | tojson }},'
    '"onClickAction":{"type":"go","payload":{"d":{{ name | tojson }},"a":{{ a | tojson }}}},"c":{{ a | tojson }},"e":{{ a | tojson }},'
    '"list":[{{ a | tojson }},null,{{ name | tojson }}]}',
    "nothing but what may be missing": '{"type":"Chart","data":[{"x":{{ a | tojson }},"y":{{ n | tojson }}},{}],"series":{"z":{{ a | tojson }}},'
    '"more":[{%- set _c -%}{%- for x in xs -%}{%- if x.n is defined -%},{{ x.n | tojson }}{%- endif -%}{%- endfor -%}{%- endset -%}'
    "{{- (_c[1:] if _c and _c[0] == ',' else _c) -}}]}",
    "loops in a loop": '{"type":"Col","children":[{%- for x in xs -%}{"type":"Row","children":[{%- for y in xs -%}'
    '{"type":"Text","key":{{ (_s(loop.index)) | tojson }},"value":{{ x.v | tojson }},"b":{{ y.v | tojson }}},{%- endfor -%}{"type":"Divider"}]},'
    '{"type":"Spacer"},{%- endfor -%}{"type":"Divider"}]}',
    "lists and objects in expressions": '{"type":"Text","value":{{ ("y" if a in ["x", 1] else {"q": n}.q) | tojson }}}',
}
MACROS = (
    NUMBER_TEXT
    + TEXT_MACRO
    + FIXED
    + "{%- macro _own(x, n) -%}{{ x }}{% if n > 1 %}!{% endif %}{%- endmacro -%}"
)


def shaped(inner: str, *, compiled: bool) -> WidgetTemplate:
    return make(compiled=compiled, text=MACROS + '{"type":"Card","children":[' + inner + "]}")


PAIRS = {name: (shaped(text, compiled=True), shaped(text, compiled=False)) for name, text in SHAPES.items()}
loose = st.fixed_dictionaries(
    {
        "a": values,
        "n": st.integers() | st.floats() | st.sampled_from([0.5, 1.005, 2.5e-7, 1e21, -0.0]),
        "xs": st.lists(
            st.fixed_dictionaries({"v": values}, optional={"n": st.integers() | words}), max_size=3
        ),
    },
    optional={"d": words, "name": words | st.none() | st.integers(), "_s": words},
)


@pytest.mark.parametrize("name", SHAPES)
@settings(deadline=None)
@given(data=loose)
def test_both_paths_agree_on_other_shapes(name: str, data: dict[str, Any]) -> None:
    fast, slow = (outcome(template, data) for template in PAIRS[name])
    if isinstance(slow, tuple):
        assert fast == slow
        return
    assert fast.model_dump_json() == slow.model_dump_json()
    assert json.dumps(fast.model_dump(mode="json"), sort_keys=False) == json.dumps(
        slow.model_dump(mode="json")
    )
    assert repr(fast) == repr(slow)


@pytest.mark.parametrize("name", SHAPES)
@settings(deadline=None)
@given(data=loose)
def test_other_shapes_are_written_straight_from_the_frame(name: str, data: dict[str, Any]) -> None:
    straight, through_data = written(PAIRS[name][0], data)
    assert straight == through_data


@pytest.mark.parametrize("name", SHAPES)
def test_other_shapes_run_compiled_on_everyday_data(name: str) -> None:
    program = PAIRS[name][0]._program
    assert program is not None
    program.evaluate({"a": "x", "name": "y", "n": 2, "xs": [{"v": "one", "n": 1}, {"v": "two", "n": 2}]})


GIVEN = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | words
    | st.lists(values)
    | st.dictionaries(words, values)
)


@settings(deadline=None)
@given(GIVEN, st.integers(-2, 60))
def test_the_quick_macros_answer_as_the_real_ones(value: Any, places: int) -> None:
    quick, real = QUICK, REAL
    for name in ("_s", "_f"):
        assert answer(quick[name], value) == answer(real[name], value)
    assert answer(quick["_s"], Undefined()) == answer(real["_s"], Undefined())
    assert answer(quick["_x"], value, places) == answer(real["_x"], value, places)


def answer(macro: Any, *given: Any) -> Any:
    try:
        return macro(*given)
    except Exception as fault:
        return type(fault), str(fault)


_found = ENVIRONMENT.parse(NUMBER_TEXT + TEXT_MACRO + FIXED)
QUICK = _macros.macros_of(list(_found.find_all(nodes.Macro))).functions
REAL = _macros.made(list(_found.find_all(nodes.Macro))).functions


def test_a_changed_macro_is_called_as_it_is() -> None:
    changed = TEXT_MACRO.replace("null", "nothing")
    template = make(
        compiled=True,
        text=NUMBER_TEXT
        + changed
        + '{"type":"Card","title":{{ _s(a) | tojson }},"more":{{ _s(b) | tojson }}}',
    )
    assert template.build({"a": None, "b": "w"}).model_dump(exclude_none=True) == {
        "type": "Card",
        "title": "nothing",
        "more": "w",
    }


def nested(depth: int) -> Any:
    value: Any = "leaf"
    for _ in range(depth):
        value = {"in": value}
    return value


@pytest.mark.parametrize(
    "data",
    [{"a": nested(depth)} for depth in (124, 125, 126, 127)]
    + [{"a": [{}] * count} for count in (4997, 4998, 4999)]
    + [{"a": "x" * size} for size in (999_900, 999_981, 1_000_000)]
    + [
        {"a": "é" * 170_000},
        {"a": "é" * 160_000},
        {"a": "\x00" * 170_000},
        {"a": 10**4000},
        {"a": ["x" * 999_000] * 2},
    ],
    ids=lambda data: repr(data)[:20] + str(len(repr(data))),
)
def test_limits_are_the_same_on_both_paths(data: dict[str, Any]) -> None:
    text = '{"type":"Card","onClickAction":{"type":"go","payload":{{ a | tojson }}}}'
    fast, slow = (outcome(make(compiled=compiled, text=text), data) for compiled in (True, False))
    assert (fast if isinstance(fast, tuple) else fast.model_dump()) == (
        slow if isinstance(slow, tuple) else slow.model_dump()
    )


@pytest.mark.parametrize("count", [4_998, 4_999, 9_000])
def test_limits_hold_for_many_rows_with_long_text(count: int) -> None:
    name = "a comma inside the loop, then more"
    for text in ("x", "x" * 150, "x" * 170):
        data = {"a": 1, "n": 1, "xs": [{"v": text}] * (count - 2)}
        fast, slow = (outcome(template, data) for template in PAIRS[name])
        assert isinstance(fast, tuple) == isinstance(slow, tuple)
        assert fast == slow


WIDGETS = sorted(Path(chatkit.__file__).parent.glob("demo/widgets/*.widget")) + sorted(
    Path(chatkit.__file__).parent.glob("studio/gallery/*.widget")
)


@pytest.mark.parametrize("path", WIDGETS, ids=lambda path: path.stem)
def test_our_own_widgets_run_compiled_and_agree_with_jinja(path: Path) -> None:
    fast, slow = WidgetTemplate.from_file(str(path)), WidgetTemplate.from_file(str(path))
    file = read_widget(path.read_text("utf-8"))[0]
    assert file is not None
    assert file.document is not None
    data = file.document.default_state
    assert fast._program is not None
    fast._program.evaluate(data)
    slow._program = None
    assert fast.build(data).model_dump_json() == slow.build(data).model_dump_json()
    assert fast.build(data) == slow.build(data)


@settings(deadline=None)
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
    assert root.model_dump(include={"id"}) == {"id": "r", "type": "Card"}


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
    item = WidgetItem(id="i", thread_id="t", created_at=datetime.now(UTC), widget=root)
    assert item.widget is root
    assert build_of(root) is not None
    assert json.loads(item.model_dump_json())["widget"]["type"] == "Card"


TWICE = (
    '{"type":"Card","children":[{"type":"Markdown","id":"body","value":{{ body | tojson }},"streaming":true},'
    '{"type":"Button","onClickAction":{"type":"copy","payload":{"text":{{ body | tojson }}}}}]}'
)


def test_text_that_grows_in_two_places_is_no_mere_delta() -> None:
    template = make(compiled=True, text=TWICE)
    updates = diff_widget(template.build({"body": "a"}), template.build({"body": "ab"}))
    assert [update.type for update in updates] == ["widget.root.updated"]


def test_what_is_in_two_places_of_a_widget_can_be_changed_in_one() -> None:
    text = '{"type":"Card","one":{{ a | tojson }},"two":{{ a | tojson }}}'
    root: Any = make(compiled=True, text=text).build({"a": [1]})
    root.one.append(2)
    assert root.model_dump()["two"] == [1]


def test_a_finished_widget_is_written_without_making_models_or_data(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each text is encoded once, however often it occurs; nothing else is made on the way to the bytes."""
    template = make(
        compiled=True,
        text='{"type":"ListView","children":[{%- for x in xs -%}{"type":"ListViewItem","key":{{ x.k | tojson }},'
        '"onClickAction":{"type":"go","payload":{"k":{{ x.k | tojson }}}},'
        '"children":[{"type":"Text","value":{{ x.k | tojson }}}]},{%- endfor -%}{"type":"ListViewItem","children":[]}]}',
    )
    program = template._program
    assert program is not None
    quoted: list[str] = []
    # The generated functions share one namespace.
    space: dict[str, Any] = program.json.__globals__  # pyright: ignore[reportFunctionMemberAccess]
    real = space["_quote"]
    monkeypatch.setitem(space, "_quote", lambda text: quoted.append(text) or real(text))
    monkeypatch.setattr(program, "plain", None)
    monkeypatch.setattr(program, "raw", None)
    template._until_check = 1
    widget = template.build({"xs": [{"k": f"row {n}"} for n in range(200)]})
    item = WidgetItem(id="i", thread_id="t", created_at=datetime.now(UTC), widget=widget)
    sent = json.loads(event_json(ThreadItemDoneEvent(item=item)))
    assert len(sent["item"]["widget"]["children"]) == 201
    assert quoted == [f"row {n}" for n in range(200)]
    assert build_of(widget) is not None
