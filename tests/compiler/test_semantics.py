"""One meaning in JavaScript, in our evaluator, and in the template."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from jinja2 import Environment, StrictUndefined
from tests.compiler.node_oracle import NODE, run_in_node
from tests.compiler.views import DATA, SCHEMA, VIEWS

from chatkit.compiler import compile_widget
from chatkit.compiler._emit import emit_safe
from chatkit.compiler._evaluate import EvaluationError, evaluate_view
from chatkit.compiler._jsvalue import json_text
from chatkit.compiler._parse import parse_view
from chatkit.compiler._shapes import ANY, shape_of_schema
from chatkit.widgets import WidgetTemplate

_PLAIN = Environment(undefined=StrictUndefined)
needs_node = pytest.mark.skipif(NODE is None, reason="Node is not here to compare with")
_SHAPE = shape_of_schema(SCHEMA)

# One expression a row; each must give in Node, in the evaluator and in both templates the same value.
EXPRESSIONS = [
    '"a".length + "é".length',
    "title.toUpperCase() + title.toLowerCase()",
    '"  x ".trim() + "|" + "  x ".trimStart() + "|" + "  x ".trimEnd()',
    "title.slice(1, 3) + title.slice(-2) + title.slice(2) + title.slice(3, 1)",
    "title.substring(3, 1) + title.substring(2)",
    "title.charAt(0) + title.charAt(99) + title.at(-1)",
    "[title[0], title[99], nums[0], nums[9], items[0].name]",
    'title.indexOf("l") + title.lastIndexOf("l")',
    'title.includes("ell") && title.startsWith("H") && !title.endsWith("x")',
    'title.split("l")',
    'title.split("")',
    '"a-b-c".replace("-", "+") + "a-b-c".replaceAll("-", "+")',
    '"a.b.c".replace(/\\./g, "/")',
    '"7".padStart(3, "0") + "7".padEnd(3, ".") + "ab".repeat(2)',
    '"x".concat(1, true, null)',
    "[1, 2, 3].map((v) => v * 2).filter((v) => v > 2).join('-')",
    "nums.slice(1).concat([9], 8)",
    "nums.find((v) => v > 2) ?? 'none'",
    "nums.findIndex((v) => v > 100)",
    "nums.some((v) => v > 2) + ' ' + nums.every((v) => v > 2)",
    "nums.reduce((sum, v, i) => sum + v * i, 0)",
    "items.reduce((text, e) => text + e.name, '')",
    "items.flatMap((e) => [e.name, e.qty])",
    "[[1, [2]], [3]].flat()",
    "nums.toReversed()",
    "nums.includes(2.5) + '' + nums.includes(77) + nums.indexOf(2.5) + tags.indexOf('b')",
    "nums.at(-1)",
    "[...tags].sort()",
    "[...nums].sort((a, b) => a - b)",
    "[...nums].sort((a, b) => b - a)",
    "[...items].sort((a, b) => a.qty - b.qty).map((e) => e.id)",
    "[...items].sort((a, b) => b.name.localeCompare(a.name)).map((e) => e.id)",
    "[null, undefined, 1, 'a', [2, [3]]].join(';')",
    "`${nums}` + nums",
    "(1.005).toFixed(2) + ' ' + (2.5).toFixed(0) + ' ' + (-1.5).toFixed(0) + ' ' + (1.45).toFixed(1) + ' ' + (0).toFixed(2)",
    "(8.345).toFixed(2) + (0.000001).toFixed(7) + (1e-10).toFixed(2) + (-0.0001).toFixed(2)",
    "price.toFixed(2)",
    "[0.1 + 0.2, 1e21, 1e-7, 123456789012345680000, -0, 5 / 2, 10 / 5].join(' ')",
    "[7 % 3, -7 % 3, 7 % -3, 5.5 % 2].join(' ')",
    "[Math.round(2.5), Math.round(-2.5), Math.round(0.49999999999999994), Math.floor(-1.5), Math.ceil(1.2), Math.trunc(-1.7)]",
    "[Math.abs(-3), Math.sign(-2), Math.sqrt(16), Math.pow(2, 10), Math.max(1, 5, 3), Math.min(2, 1), Math.max(...nums)]",
    "[1 / 0, -1 / 0, 0 / 0, Number('x'), Math.max()]",
    "`${1 / 0} ${0 / 0} ${-1 / 0}`",
    "[Number('12'), Number(' 3.5 '), Number(''), Number(null), Number(true), Number('1e3')]",
    "[parseInt('12px'), parseFloat('3.7kg'), parseInt('x'), parseInt('-4.9')]",
    "[isNaN('x'), Number.isInteger(4), Number.isInteger(4.5), Number.isFinite(1 / 0), Array.isArray(tags), Array.isArray(title)]",
    "[String(1), String(true), String(null), String(undefined), String([1, 2]), Boolean(''), Boolean([])]",
    "Object.keys(scores).join() + Object.values(scores).join() + Object.entries(scores).map(([k, v]) => k + v).join()",
    "[scores.items, scores['items'], scores.missing ?? 'm', user?.items?.length ?? 0]",
    "Array.from({ length: 3 }, (_, i) => i * i)",
    "encodeURIComponent('a b/ü&=!')",
    "[typeof 1, typeof 'a', typeof true, typeof undefined, typeof null, typeof [], typeof note]",
    "[[] ? 'yes' : 'no', {} ? 'yes' : 'no', '' ? 'yes' : 'no', 0 ? 'yes' : 'no', tags ? 'yes' : 'no', tags.length ? 'yes' : 'no']",
    "[null ?? 'a', undefined ?? 'a', 0 ?? 'a', '' ?? 'a', 0 || 'a', '' || 'a', 1 && 'a', 0 && 'a']",
    "[1 + 1, '1' + 1, 1 + '1', true + 1, null + 1, [] + 'x', 'x' + [1, 2]]",
    "['2' * '3', '7' - 2, +'4', -'4', '3' < '12', '3' < 12]",
    "[1 === 1, '1' === 1, true === 1, null === undefined, null == undefined, '1' == 1, NaN === NaN]",
    "note === undefined ? 'absent' : note",
    "{ ...{ a: 1, b: 2 }, b: 3, c: note, ['d' + 1]: 4 }",
    "[1, ...nums, ...tags.map((t) => t + '!')]",
    "nums.map((v, i = 0) => v + i)",
    "items.map(({ id, qty: q, note: n = 'none' }) => `${id}:${q}:${n}`).join()",
    "Object.entries(scores).map(([k]) => k)",
    "items.map((e) => { const t = e.qty * 2; if (t > 3) return 'big'; return t; })",
    "items.map((e) => { const { name, ...rest } = e; return rest; })",
    "new Date(when).getUTCFullYear() + '-' + (new Date(when).getUTCMonth() + 1) + '-' + new Date(when).getUTCDay()",
    "new Date('2024-02-29T23:59:58.123Z').toISOString()",
    "new Date('2026-01-01T00:30:00+02:00').toISOString()",
    "new Date(0).toISOString() + new Date(-1).toISOString()",
    "new Date('2026-03-01').getTime() - new Date('2026-02-28').getTime()",
    "new Date(when).toLocaleDateString('en-US', { timeZone: 'UTC' })",
    "new Date(when).toLocaleDateString('en-US', { weekday: 'short', month: 'short', day: 'numeric', timeZone: 'UTC' })",
    "new Date(when).toLocaleDateString('en-US', { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric', timeZone: 'UTC' })",
    "new Date(when).toLocaleDateString('en-US', { month: 'long', year: 'numeric', timeZone: 'UTC' })",
    "new Date(when).toLocaleDateString('en-US', { month: '2-digit', day: '2-digit', year: '2-digit', timeZone: 'UTC' })",
    "new Date('2026-07-04T09:05:07Z').toLocaleTimeString('en-US', { hour: 'numeric', minute: '2-digit', timeZone: 'UTC' })",
    "new Date('2026-07-04T00:05:07Z').toLocaleTimeString('en-US', { timeZone: 'UTC' })",
    "new Date('2026-07-04T19:05:07Z').toLocaleTimeString('en-US', { hour: '2-digit', minute: '2-digit', hour12: false, timeZone: 'UTC' })",
    "new Date('nonsense').toLocaleDateString('en-US')",
    "(1234567.891).toLocaleString() + ' ' + (0.5).toLocaleString() + ' ' + (-1234.5).toLocaleString('en-US')",
    "price.toLocaleString('en-US', { style: 'currency', currency: 'USD' }) + (-5).toLocaleString('en-US', { style: 'currency', currency: 'EUR' })",
    "(1.005).toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 }) + (12).toLocaleString('en-US', { minimumFractionDigits: 1 })",
    "(0.256).toLocaleString('en-US', { style: 'percent' }) + (1234).toLocaleString('en-US', { useGrouping: false })",
    "new Intl.NumberFormat('en-US', { style: 'currency', currency: 'GBP' }).format(price)",
    "'{{ x }}' + `{% if %}` + '{# c #}' + '}}'",
    "user?.name + (user?.email ?? '') + (user && user.name)",
    "maybe?.length ?? 'nothing'",
    # regular expressions
    "'order_shipped_today'.replace(/_/g, ' ').replace(/\\b\\w/g, (c) => c.toUpperCase())",
    "'  a  b '.split(/\\s+/).join('|') + 'a, b;c'.split(/[,;]\\s*/).join('|') + 'abc'.split(/x*/).join('-')",
    "[/^hel/i.test(title), /o$/.test(title), /\\d/.test(title), /^h/.test(title)]",
    "['a1b22'.match(/\\d+/g), 'a1b22'.match(/\\d+/)?.[0], 'abc'.match(/\\d/), 'abc'.search(/c/), 'abc'.search(/x/)]",
    "'2026-11-22'.replace(/(\\d{4})-(\\d{2})-(\\d{2})/, '$3.$2.$1') + 'camelCaseText'.replace(/([A-Z])/g, ' $1')",
    "'5551234567'.replace(/(\\d{3})(\\d{3})(\\d{4})/, (all, a, b, c) => `(${a}) ${b}-${c}`)",
    "'a-b_c'.replace(/[-_](\\w)/g, (_, c) => c.toUpperCase()) + 'aaa'.replace(/a*?/g, '-') + 'x'.replace(/x/, '$$1$&')",
    "[1234567, 12, 123, 1234.5678].map((v) => v.toString().replace(/\\B(?=(\\d{3})+(?!\\d))/g, ',')).join(' ')",
    "'1234567'.replace(/(\\d)(?=(\\d{3})+$)/g, '$1,') + '1234567.50'.replace(/\\d(?=(?:\\d{3})+\\.)/g, '$&,').length",
    "'Ada Lovelace'.match(/(\\w)\\w* (\\w)/).slice(1).join('') + [...'k=v;l=w'.matchAll(/(\\w)=(\\w)/g)].map((m) => m[2] + m[1])",
    "'line\\none'.replace(/^/gm, '> ') + /a.c/s.test('a\\nc') + 'ÄÖ'.replace(/ä/i, 'x') + 'a|ab'.match(/a|ab/g).length",
    # orders
    "[...items].sort((a, b) => a.name.localeCompare(b.name) || a.qty - b.qty).map((e) => e.id)",
    "[...items].sort((a, b) => (a.done === b.done ? 0 : a.done ? 1 : -1)).map((e) => e.id)",
    "[...items].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)).map((e) => e.id)",
    "[...items].sort((a, b) => new Date(when) - new Date(when) || b.qty - a.qty).map((e) => e.id)",
    "['Zoë', 'adam', 'Ägid', 'zoe', 'a10', 'a-b', 'a b', '_x', 'ß', 'Ost', 'ø'].sort((a, b) => a.localeCompare(b))",
    "['b', 'B', 'á', 'a', 'A'].toSorted((x, y) => y.localeCompare(x)).join('') + 'a'.localeCompare('A', undefined, { sensitivity: 'base' })",
    "[3, 1, 2].sort((a, b) => (a % 2) - (b % 2)).join()",
    # JSON, sets, sizes
    "JSON.stringify({ a: [1, 'x\"\\n\\\\', null, true, 1.5], b: note, c: { d: [] , e: {} }, f: 'é<&>' })",
    "JSON.stringify(items, null, 2) + JSON.stringify([]) + JSON.stringify('s') + JSON.stringify([1], null, '--')",
    "Object.fromEntries(items.map((e) => [e.id, e.name]))['2']",
    "[...new Set(tags.concat(tags))].join() + new Set(nums).size + new Set(tags).has('a')",
    "[...Array(3)].map((_, i) => i).join() + [...Array(3).keys()].join() + new Array(2).fill('x').join() + Array(2).fill().length",
    "tags.findLast((t) => t > 'B') + [...tags.entries()].map(([i, t]) => i + t).join()",
    "nums.reduce((a, b) => a + b) + nums.reduce((a, b) => Math.max(a, b))",
    "[price | 0, ~~-3.7, 5.9 >> 0]",
    "(() => { switch (tags.length) { case 1: case 2: return 'few'; case 3: { return 'three'; } default: return 'many'; } })()",
    "(() => { if (ok) { return 'yes'; } return 'no'; })()",
    "items.map(function (e) { return e.name; }).join()",
    "'abcdef'.substr(1, 3) + 'abcdef'.substr(-2) + 'abc'.substr(5)",
    "[new Date(when).getUTCFullYear(), new Date('nonsense').getUTCMonth()]",
    "Math.PI > 3 && Math.round(Math.PI * 100) / 100",
]
_STATE: dict[str, Any] = {
    "title": "Hello",
    "n": 3,
    "price": 1234.5,
    "ok": True,
    "maybe": None,
    "when": "2026-11-22",
    "tags": ["b", "a", "C"],
    "nums": [3, 1, 2.5],
    "items": [
        {"id": "1", "name": "beta", "qty": 2, "done": True},
        {"id": "2", "name": "alpha", "qty": 1, "done": False, "note": "n"},
    ],
    "user": {"name": "Ada"},
    "scores": {"b": 1, "items": 2, "a": 3},
}


def _view(expression: str) -> str:
    return f"<Card v={{{expression}}} />"


def _safe(view: str, data: dict[str, Any], *, typed: bool) -> Any:
    root, findings = parse_view(view)
    assert root is not None
    template = emit_safe(root, findings, _SHAPE if typed else ANY)
    assert template is not None, [found.message for found in findings.sorted()]
    return _filled(template, json.dumps(data))


@lru_cache
def _filled(template: str, values: str) -> Any:
    """What both ways of filling a template give; more than half of the templates are the same with and without a schema."""
    data = json.loads(values)
    plain = json.loads(_PLAIN.from_string(template).render(**data))
    ours = WidgetTemplate({"version": "1.0", "name": "", "template": template}).render(data)
    assert plain == ours
    return plain


@pytest.fixture(scope="module")
def in_node() -> dict[str, Any]:
    if NODE is None:
        pytest.skip("Node is not here to compare with")
    found = run_in_node([(_view(expression), _STATE) for expression in EXPRESSIONS])
    return dict(zip(EXPRESSIONS, found, strict=True))


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_an_expression_evaluates_as_in_node(expression: str, in_node: dict[str, Any]) -> None:
    root, findings = parse_view(_view(expression))
    assert root is not None
    assert findings.sorted() == []
    assert json.loads(json_text(evaluate_view(root, _STATE).value)) == in_node[expression].get("value")


@pytest.mark.parametrize(
    "typed",
    [pytest.param(True, id="with schema"), pytest.param(False, id="without schema", marks=pytest.mark.slow)],
)
@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_an_expression_renders_as_it_evaluates(expression: str, typed: bool) -> None:
    root, _ = parse_view(_view(expression))
    assert root is not None
    if not typed and (expression == "[...tags].sort()" or "new Set(" in expression):
        pytest.skip("only the schema can say that these are texts and no objects")
    want = evaluate_view(root, _STATE, text_keys=True).value
    assert _safe(_view(expression), _STATE, typed=typed) == want


def _made_up(number: int, start: int) -> list[tuple[str, dict[str, Any]]]:
    cases: list[tuple[str, dict[str, Any]]] = []

    @seed(start)
    @settings(
        max_examples=number,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(VIEWS, DATA)
    def collect(view: str, data: dict[str, Any]) -> None:
        cases.append((view, data))

    collect()
    return cases


@needs_node
@pytest.mark.slow
@pytest.mark.parametrize("start", [11, 12])
def test_made_up_views_mean_the_same_in_node_in_the_evaluator_and_in_the_template(start: int) -> None:
    cases = _made_up(100, start)
    compared = 0
    for (view, data), node in zip(cases, run_in_node(cases), strict=True):
        root, findings = parse_view(view)
        assert root is not None
        assert findings.sorted() == []
        try:
            drawn = evaluate_view(root, data, text_keys=True).value
        except EvaluationError:
            drawn = None
        if drawn is None:
            assert "error" in node, (view, data)
            continue
        assert node.get("value") == json.loads(json_text(drawn)), (view, data)
        for typed in (True, False):
            assert _safe(view, data, typed=typed) == drawn, (view, data, typed)
        compared += 1
    assert compared > 66


@given(VIEWS, DATA)
@settings(
    max_examples=settings.default.max_examples // 5, deadline=None, suppress_health_check=list(HealthCheck)
)
def test_the_template_of_a_made_up_view_draws_what_the_view_evaluates_to(
    view: str, data: dict[str, Any]
) -> None:
    root, _ = parse_view(view)
    assert root is not None
    try:
        drawn = evaluate_view(root, data, text_keys=True).value
    except EvaluationError:
        return
    assert _safe(view, data, typed=True) == drawn


@pytest.mark.parametrize(
    ("view", "data", "drawn"),
    [
        ("<Card>{group.items.map((i) => <Text value={i} />)}</Card>", {"group": {"items": ["a"]}}, ["a"]),
        (
            "<Card>{rows.map((row, index) => <Text value={`${index}`} />)}</Card>",
            {"rows": [1, 2]},
            ["0", "1"],
        ),
        ('<Card><Text value="{{ 7 * 7 }}" /></Card>', {}, ["{{ 7 * 7 }}"]),
        ("<Card>{list && <Text value='there' />}</Card>", {"list": []}, ["there"]),
        ("<Card>{to && <Text value={to.join(', ')} />}</Card>", {"to": ["a", "b"]}, ["a, b"]),
        ("<Card>{absent?.deep?.path && <Text value='x' />}</Card>", {}, []),
        ("<Card>{/* nothing */}<>{'a'}b</></Card>", {}, ["a", "b"]),
        (
            "<Card>{groups.map((g) => [<Text value={g} />, ...[1].map((n) => <Text value={g + n} />)])}</Card>",
            {"groups": ["x"]},
            ["x", "x1"],
        ),
        ("<Card>{0}</Card>", {}, ["0"]),
        ("<Card>{count && <Text value='no' />}</Card>", {"count": 0}, []),
        (
            "<Card>{[1, 2].map((n) => { const badge = n > 1 ? <Text value='big' /> : null; return <>{badge}</>; })}</Card>",
            {},
            ["big"],
        ),
        (
            "<Card>{[1].map((n) => { const show = (v) => <Text value={`<${v}>`} />; return show(n); })}</Card>",
            {},
            ["<1>"],
        ),
        (
            "<Card>{loop_.map((not_) => <Text value={not_.items} />)}</Card>",
            {"loop_": [{"items": "i"}]},
            ["i"],
        ),
        (
            "<Card>{xs.filter((x) => x.on).map((x, i) => <Text value={i + x.v} />)}</Card>",
            {"xs": [{"on": False}, {"on": True, "v": "v"}]},
            ["0v"],
        ),
    ],
)
def test_what_people_write_is_drawn_as_they_mean_it(
    view: str, data: dict[str, Any], drawn: list[str]
) -> None:
    for schema in (None, {"type": "object"}):
        result = compile_widget(view, schema, data=data)
        assert result.template is not None, result.diagnostics
        tree = WidgetTemplate(result.widget()).render(data)
        assert [child["value"] for child in tree.get("children", [])] == drawn
        assert tree == result.preview


def test_a_key_is_always_text() -> None:
    result = compile_widget("<Card>{xs.map((x, i) => <Text key={i} value={x} />)}</Card>", data={"xs": ["a"]})
    assert WidgetTemplate(result.widget(), strict=True).build({"xs": ["a"]})
    assert result.preview["children"][0]["key"] == "0"


def test_an_absent_optional_value_leaves_no_property() -> None:
    schema = {"type": "object", "properties": {"note": {"type": "string"}}}
    result = compile_widget("<Card><Badge label={'x'} color={note} onX={{ a: note, b: 1 }} /></Card>", schema)
    assert WidgetTemplate(result.widget()).render({})["children"] == [
        {"type": "Badge", "label": "x", "onX": {"b": 1}}
    ]


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        ("Math.random()", "CK322"),
        ("new Date().getTime()", "CK318"),
        ("xs.frobnicate()", "CK318"),
        ("/(?<=a)b/.test(x)", "CK319"),
        ("/(a)\\1/.test(x)", "CK319"),
        ("/(a*)*/.test(x)", "CK319"),
        ("/\\p{L}/u.test(x)", "CK319"),
        ("x.replace(/(a+)(b+)/, '$2$1')", "CK319"),
        ("x.split(/(a+)/)", "CK319"),
        ("x.match('a')", "CK319"),
        ("xs.sort((a, b) => a.x > b.x)", "CK321"),
        ("[...new Set(xs)]", "CK318"),
        ("a.localeCompare(b, 'en', { numeric: true })", "CK317"),
        ("JSON.stringify(x, ['a'])", "CK317"),
        ("(() => { switch (x) { case 1: xs; default: return 2 } })()", "CK310"),
        ("loop", "CK313"),
        ("a & b", "CK312"),
        ("n.toFixed(d)", "CK317"),
        ("n.toLocaleString('tlh')", "CK317"),
        ("xs.map((x) => <Text value={x} />).length", "CK314"),
    ],
)
def test_what_has_no_form_in_a_template_is_an_error_at_its_place(expression: str, code: str) -> None:
    view = f"<Card><Text value={{{expression}}} /></Card>"
    result = compile_widget(view, check=False)
    assert result.template is None
    found = next(found for found in result.diagnostics if found.code == code)
    assert found.severity == "error"
    assert view.index(expression) <= found.start < found.end <= view.index(expression) + len(expression)
