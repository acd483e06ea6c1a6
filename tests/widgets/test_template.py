"""WidgetTemplate: what it builds, what it refuses, and what its errors say."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import jinja2
import pytest
from pydantic import BaseModel

from chatkit.errors import WidgetDataError, WidgetTemplateError
from chatkit.widgets import DynamicWidgetRoot, WidgetTemplate


def template(text: str, schema: dict[str, Any] | None = None, **options: Any) -> WidgetTemplate:
    return WidgetTemplate(
        {"version": "1.0", "name": "card", "template": text, "jsonSchema": schema or {}}, **options
    )


def card(*children: str) -> str:
    return '{"type":"Card","children":[' + ",".join(children) + "]}"


def test_builds_the_widget_the_template_writes() -> None:
    widget = template(card('{"type":"Text","value":{{ (name) | tojson }}}')).build({"name": 'A "B" </x>'})
    assert isinstance(widget, DynamicWidgetRoot)
    assert widget.model_dump(exclude_none=True) == {
        "type": "Card",
        "children": [{"type": "Text", "value": 'A "B" </x>'}],
    }


def test_takes_a_model_as_data() -> None:
    class Data(BaseModel):
        name: str

    widget = template(card('{"type":"Text","value":{{ name | tojson }}}')).build(Data(name="x"))
    assert widget.model_dump(exclude_none=True)["children"][0]["value"] == "x"


def test_reads_a_file_beside_the_caller(tmp_path: Path) -> None:
    file = tmp_path / "x.widget"
    file.write_text(json.dumps({"version": "1.0", "name": "x", "template": card()}), encoding="utf-8")
    caller = tmp_path / "app.py"
    code = "from chatkit.widgets import WidgetTemplate\nt = WidgetTemplate.from_file('x.widget')\n"
    scope: dict[str, Any] = {}
    exec(compile(code, str(caller), "exec"), scope)
    assert scope["t"].name == "x"


def test_takes_a_compiled_jinja_template_as_it_is() -> None:
    widget = WidgetTemplate(
        {"version": "1.0", "name": "x", "template": jinja2.Template('{"type":"Card","n":{{ n }}}')}
    ).build({"n": 1})
    assert widget.model_dump(exclude_none=True) == {"type": "Card", "n": 1}


def test_refuses_another_version() -> None:
    with pytest.raises(ValueError, match=r"version '2\.0' is not supported"):
        WidgetTemplate({"version": "2.0", "name": "x", "template": "{}"})


@pytest.mark.behaviour("D01")
@pytest.mark.parametrize(
    "expression",
    [
        "''.__class__.__mro__[1].__subclasses__()",
        "cycler.__init__.__globals__.os.popen('id').read()",
        "self._TemplateReference__context",
        "'x' * 100000000",
        "2 ** 100000",
        "range(10000000) | list",
        "'x' | center(100000000)",
        "'x' | indent(100000000)",
        "1.5 | round(100000000, 'ceil')",
        "'x'.ljust(100000000)",
        "'x'.zfill(100000000)",
        "'%100000000d' | format(1)",
        "'%*d' % (100000000, 1)",
        "'{:100000000}'.format(1)",
        "'{:{}}'.format(1, 100000000)",
        "('x' * 100000) | replace('x', 'y' * 100000)",
        "('x' * 100000).replace('x', 'y' * 100000)",
        "(['y' * 100000] * 100) | join",
        "('y' * 100000).join(['x'] * 100)",
        "lipsum(1000000)",
    ],
)
def test_d01_a_template_cannot_reach_code_or_eat_memory(expression: str) -> None:
    with pytest.raises((WidgetTemplateError, WidgetDataError)):
        template('{"type":"Card","v":{{ (' + expression + ") | tojson }}}").build()


DOUBLING = "{% set ns = namespace(s='ab', l=[0], n=9) %}{% for i in range(60) %}"
HOSTILE = {
    "loops in loops": "{% for a in range(9000) %}{% for b in range(9000) %}{% endfor %}{% endfor %}",
    "loops in loops over generators": "{% for a in range(9000) %}{% for b in range(9000) | map('string') %}{% endfor %}{% endfor %}",
    "a loop that calls itself": "{% for a in range(900) recursive %}{{ loop(range(900)) if loop.depth < 4 }}{% endfor %}",
    "macros that call each other": "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(60) }}",
    "a block that shows itself": "{% block b %}{{ self.b() }}{{ self.b() }}{% endblock %}",
    "text that doubles by ~": DOUBLING + "{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
    "text that doubles by +": DOUBLING + "{% set ns.s = ns.s + ns.s %}{% endfor %}",
    "text that doubles in a capture": DOUBLING + "{% set ns.s %}{{ ns.s }}{{ ns.s }}{% endset %}{% endfor %}",
    "a list that doubles": DOUBLING + "{% set ns.l = ns.l + ns.l %}{% endfor %}",
    "a number that squares": DOUBLING + "{% set ns.n = ns.n * ns.n %}{% endfor %}",
    "much captured": "{% set c %}{% for a in range(9000) %}{{ 'x' * 90000 }}{% endfor %}{% endset %}",
    "much of its own text captured": "{% filter trim %}{% for a in range(9000) %}"
    + "x" * 9000
    + "{% endfor %}{% endfilter %}",
}


@pytest.mark.behaviour("D01")
@pytest.mark.parametrize("name", HOSTILE)
def test_d01_a_template_cannot_hold_up_the_process(name: str) -> None:
    with pytest.raises((WidgetTemplateError, WidgetDataError)):
        template(HOSTILE[name] + '{"type":"Card"}').build()


NESTED = "{% set a = ['x' * 10] * 1000 %}{% set a = [a] * 1000 %}{% set a = [a] * 1000 %}"


@pytest.mark.parametrize(
    "expression",
    [
        "'{:>1000000000}'.format(1)",
        "('{0}' * 100000).format('x' * 100000)",
        "('{0:99999}' * 90000).format(1)",
        "('%(a)s' * 100000) % {'a': 'x' * 100000}",
        "('%(a)s' * 100000) | format(a='x' * 100000)",
        "('\n' * 100000) | indent('x' * 100000)",
        "('x' * 1000000) | wordwrap(1, wrapstring='y' * 1000000)",
        "('x' * 100000) | list | map('upper') | join('y' * 100000)",
        "('y' * 100000).join(('x' * 100000) | list | map('upper'))",
        "('x' * 1000000) | list | map('center', 10000) | list | length",
        "(['x' * 1000000] * 1000000) | sort | length",
        "('x' * 300000).translate({120: 'y' * 1000000})",
        "('\t' * 100000).expandtabs(tabsize=9999)",
        "('http://a.bc ' * 80000) | urlize(rel='x' * 100000)",
        "a | tojson",
        "a | string",
        "a | pprint",
        "a ~ ''",
        "'%s' % a",
        "a == (a | list)",
        "a is eq(a | list)",
    ],
)
def test_a_template_cannot_make_much_of_little(expression: str) -> None:
    with pytest.raises(WidgetTemplateError, match="may not do that"):
        template(NESTED + card(f'{{"type":"Text","value":{{{{ ({expression}) | tojson }}}}}}')).build({})


def test_what_a_compiled_template_s_macros_look_at_is_counted_anew_for_each_build() -> None:
    built = template(
        "{% macro m(x) %}{{ x | upper }}{% endmacro %}" + card('{"type":"Text","value":{{ m(x) | tojson }}}')
    )
    for _ in range(300):
        assert built.build({"x": "y" * 300_000}) is not None


def test_turns_that_are_too_many_are_said_in_the_error() -> None:
    with pytest.raises(WidgetTemplateError, match=r"go round more than 100,000 times.*Compute it in Python"):
        template(HOSTILE["loops in loops"] + '{"type":"Card"}').build()


@pytest.mark.parametrize("compiled", [True, pytest.param(False, marks=pytest.mark.slow)])
def test_turns_are_counted_the_same_on_both_paths(compiled: bool) -> None:
    total = "{% set n = namespace(v=0) %}{% for x in xs %}{% for y in xs %}{% set n.v = n.v + 1 %}{% endfor %}{% endfor %}"
    made = template('{"type":"Card"' + total + ',"n":{{ n.v | tojson }}}')
    assert made._program is not None
    if not compiled:
        made._program = None
    assert made.build({"xs": [0] * 300}).model_dump(exclude_none=True)["n"] == 90_000
    with pytest.raises(WidgetTemplateError, match="go round"):
        made.build({"xs": [0] * 320})
    assert made.build({"xs": [0] * 300}).model_dump(exclude_none=True)["n"] == 90_000, (
        "each build counts from none"
    )


def test_a_template_with_macros_may_be_built_any_number_of_times() -> None:
    made = template(
        '{% macro m(xs) %}{% for x in xs %}{{ x }}{% endfor %}{% endmacro %}{"type":"Card","n":{{ m(xs) | tojson }}}'
    )
    assert made._program is not None
    for _ in range(3):
        frame = made._program.evaluate({"xs": ["a"] * 60_000})
        assert len(made._program.plain(frame)["n"]) == 60_000


@pytest.mark.behaviour("D02")
@pytest.mark.parametrize(
    "attack",
    [
        'x"},{"type":"Button","label":"Pay","onClickAction":{"type":"pay"}},{"type":"Text","value":"',
        "back\\slash",
        'line\nbreak and "quote"',
        "\\",
    ],
)
def test_d02_a_value_without_tojson_stays_inside_its_string(attack: str) -> None:
    widget = template(card('{"type":"Text","value":"Hello {{ name }}!"}')).build({"name": attack})
    assert widget.model_dump(exclude_none=True)["children"] == [{"type": "Text", "value": f"Hello {attack}!"}]


@pytest.mark.behaviour("D02")
def test_d02_holds_in_branches_and_loops() -> None:
    text = (
        '{"type":"Card","children":[{% for x in xs %}{"type":"Text","value":"{% if x %}{{ x }}{% else %}-{% endif %}"}'
        "{% if not loop.last %},{% endif %}{% endfor %}]}"
    )
    values = ['a"b', "", "c\\"]
    children = template(text).build({"xs": values}).model_dump(exclude_none=True)["children"]
    assert [child["value"] for child in children] == ['a"b', "-", "c\\"]


@pytest.mark.behaviour("D02")
def test_d02_text_in_a_value_position_must_be_a_whole_value() -> None:
    bare = template('{"type":"Card","n":{{ n }}}')
    assert bare.build({"n": 5}).model_dump(exclude_none=True) == {"type": "Card", "n": 5}
    assert bare.build({"n": True}).model_dump(exclude_none=True) == {"type": "Card", "n": True}
    with pytest.raises(WidgetTemplateError, match="does not write JSON"):
        bare.build({"n": '1,"children":[{"type":"Button"}]'})


@pytest.mark.behaviour("D03")
def test_d03_data_against_the_schema_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    schema = {"type": "object", "properties": {"n": {"type": "string"}}, "additionalProperties": False}
    lenient = template('{"type":"Card","n":{{ n | tojson }}}', schema)
    with caplog.at_level(logging.WARNING, "chatkit"):
        lenient.build({"n": 1})
        lenient.build({"n": 2})
    assert len(caplog.records) == 1
    assert "data.n" in caplog.text


@pytest.mark.behaviour("D03")
def test_d03_strict_refuses_wrong_data_in_every_build() -> None:
    schema = {"type": "object", "properties": {"n": {"type": "string"}}, "additionalProperties": False}
    strict = template('{"type":"Card","n":{{ n | tojson }}}', schema, strict=True)
    for _ in range(20):
        strict.build({"n": "good"})
    with pytest.raises(WidgetDataError, match=r"data\.n"):
        strict.build({"n": 1})
    with pytest.raises(WidgetDataError, match="extra"):
        strict.build({"n": "good", "extra": 1})


@pytest.mark.behaviour("D04")
@pytest.mark.parametrize(
    ("child", "part"),
    [
        ('{"type":"Txet","value":"x"}', "no component 'Txet'"),
        ('{"type":"Text","value":{"a":1}}', "Text.value"),
        ('{"type":"Text","value":"x","size":"huge"}', "Text.size"),
        ('{"type":"Text"}', "needs 'value'"),
        ('{"type":"Button","onClickAction":{"payload":1}}', "Button.onClickAction"),
        ('{"type":"ListViewItem","children":[]}', "ListViewItem belongs directly into ListView"),
        ('{"type":"ListView","children":[{"type":"Text","value":"x"}]}', "ListView takes only ListViewItem"),
        (
            '{"type":"Table","children":[{"type":"Table.Cell","children":[]}]}',
            "Table.Cell belongs directly into Table.Row",
        ),
    ],
)
def test_d04_strict_refuses_a_result_that_is_not_as_defined(child: str, part: str) -> None:
    with pytest.raises(WidgetDataError, match=r"children\[0\]") as caught:
        template(card(child), strict=True).build()
    assert part in str(caught.value)
    template(card(child)).build()


def test_limits_are_said_in_the_error() -> None:
    deep = '{"type":"Box","children":[' * 70 + "]}" * 70
    with pytest.raises(WidgetDataError, match="deeper than 64"):
        template(card(deep)).build()
    rows = card('{% for x in xs %}{"type":"Spacer"}{% if not loop.last %},{% endif %}{% endfor %}')
    with pytest.raises(WidgetDataError, match="5,000 nodes"):
        template(rows).build({"xs": list(range(6000))})
    with pytest.raises(WidgetDataError, match="1,000,000 characters"):
        template('{"type":"Card","v":{{ v | tojson }}}').build({"v": "x" * 1_100_000})


def test_a_missing_variable_is_named_with_its_place_and_cure() -> None:
    text = '{"type":"Card",\n"v":{{ (order.total) | tojson }}}'
    with pytest.raises(WidgetDataError) as caught:
        template(text, where="order.widget").build({"order": {}})
    message = str(caught.value)
    assert "order.widget" in message
    assert "line 2 column" in message
    assert "'total'" in message
    assert caught.value.hint is not None
    assert "is defined" in caught.value.hint


def test_broken_json_is_shown_where_it_breaks() -> None:
    with pytest.raises(WidgetTemplateError, match="near"):
        template('{"type":"Card","children":[{"type":"Text"} {"type":"Text"}]}').build()


def test_a_syntax_error_names_the_line() -> None:
    with pytest.raises(WidgetTemplateError, match="template line 2"):
        template('{"type":"Card",\n"v":{{ (a === b) | tojson }}}')


@pytest.mark.behaviour("D05")
def test_d05_the_index_of_a_map_is_there() -> None:
    text = (
        '{"type":"Card","children":[{%- set _c -%}{%-for q in xs -%}{%-set index = loop.index0 -%},'
        '{"type":"Text","value":{{ (index) | tojson }},"key":{{ (q) | tojson }}}{%-endfor-%}{%- endset -%}'
        "{{- (_c[1:] if _c and _c[0] == ',' else _c) -}}]}"
    )
    children = template(text).build({"xs": ["a", "b"]}).model_dump(exclude_none=True)["children"]
    assert children == [{"key": "a", "type": "Text", "value": 0}, {"key": "b", "type": "Text", "value": 1}]


SHARED = Path(__file__).resolve().parents[3] / "shared" / "corpus"


@pytest.mark.skipif(not SHARED.exists(), reason="the corpus of real .widget files is not here")
def test_every_real_widget_file_loads_and_builds_from_its_own_data() -> None:
    pairs = [json.loads(line) for line in (SHARED / "pairs.jsonl").read_text("utf-8").splitlines()]
    built = 0
    for pair in pairs:
        if not pair["strictRender"] or pair["strictRender"] not in (True, "ok", "equal"):
            continue
        widget = template(pair["template"]).build(pair["defaultState"])
        plain = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False).from_string(
            pair["template"]
        )
        expected = DynamicWidgetRoot.model_validate_json(plain.render(**pair["defaultState"]))
        assert widget == expected, pair["file"]
        built += 1
    assert built > 10
