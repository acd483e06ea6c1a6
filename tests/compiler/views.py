"""Made-up views and data for property tests: typed expressions over one schema."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "title": {"type": "string"},
        "n": {"type": "number"},
        "price": {"type": "number"},
        "ok": {"type": "boolean"},
        "note": {"type": "string"},
        "maybe": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        "when": {"type": "string"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "nums": {"type": "array", "items": {"type": "number"}},
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "id": {"type": "string"},
                    "name": {"type": "string"},
                    "qty": {"type": "number"},
                    "done": {"type": "boolean"},
                    "note": {"type": "string"},
                    "values": {"type": "array", "items": {"type": "string"}},
                },
                "required": ["id", "name", "qty", "done"],
                "additionalProperties": False,
            },
        },
        "user": {
            "type": "object",
            "properties": {
                "name": {"type": "string"},
                "email": {"type": "string"},
                "items": {"type": "array", "items": {"type": "string"}},
            },
            "required": ["name"],
            "additionalProperties": False,
        },
        "scores": {"type": "object", "additionalProperties": {"type": "number"}},
    },
    "required": ["title", "n", "price", "ok", "maybe", "when", "tags", "nums", "items", "scores"],
    "additionalProperties": False,
}

_TEXT = st.text(alphabet="abcXYZ 01,-'\"<&{}%#\\é\n", max_size=8)
_NUMBER = st.one_of(
    st.integers(-50, 50),
    st.sampled_from(
        [
            0.5,
            1.25,
            2.5,
            -0.5,
            0.1,
            3.14159,
            1234567.891,
            1.005,
            99.995,
            1e-5,
            2.5e-7,
            1e21,
            1e16,
            0.30000000000000004,
        ]
    ),
)
_ITEM = st.fixed_dictionaries(
    {"id": _TEXT, "name": _TEXT, "qty": _NUMBER, "done": st.booleans()},
    optional={"note": _TEXT, "values": st.lists(_TEXT, max_size=2)},
)
_WHEN = st.sampled_from(
    [
        "2026-11-22",
        "2024-02-29T23:59:59Z",
        "2026-01-01T00:00:00+02:00",
        "1999-12-31T12:30:15.250Z",
        "nonsense",
        "2026-07-04T09:05",
    ]
)
DATA = st.fixed_dictionaries(
    {
        "title": _TEXT,
        "n": _NUMBER,
        "price": _NUMBER,
        "ok": st.booleans(),
        "maybe": st.one_of(st.none(), _TEXT),
        "when": _WHEN,
        "tags": st.lists(_TEXT, max_size=3),
        "nums": st.lists(_NUMBER, max_size=3),
        "items": st.lists(_ITEM, max_size=3),
        "scores": st.dictionaries(st.sampled_from(["a", "items", "b-c", "z"]), _NUMBER, max_size=3),
    },
    optional={
        "note": _TEXT,
        "user": st.fixed_dictionaries(
            {"name": _TEXT}, optional={"email": _TEXT, "items": st.lists(_TEXT, max_size=2)}
        ),
    },
)

_LITERAL = st.sampled_from(['"a"', "'b c'", '""', '"{{ x }}"', '"{% if %}"', '"é"', '"}}"', '"\\n"', '"{#"'])
_INT = st.sampled_from(["0", "1", "2", "3", "10"])


def _join(template: str, *parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*parts).map(lambda found: template.format(*found))


@st.composite
def texts(draw: st.DrawFn, depth: int, item: bool) -> str:
    """Source of an expression whose value is a text."""
    leaf = ["title", "(maybe ?? 'm')", "(note ?? 'none')", "(user?.name ?? 'nobody')", "when"] + (
        ["x.name", "x.id", "(x.note ?? '')"] if item else []
    )
    if depth <= 0:
        return draw(st.one_of(st.sampled_from(leaf), _LITERAL))
    t, n, b, ls = (
        texts(depth - 1, item),
        numbers(depth - 1, item),
        truths(depth - 1, item),
        lists(depth - 1, item),
    )
    return draw(
        st.one_of(
            st.sampled_from(leaf),
            _LITERAL,
            _join("`{}`", st.sampled_from(["plain", "{{", "{%", "a{#b"])),
            _join("`${{{0}}} of ${{{1}}}`", t, n),
            _join("`${{{0}}}`", st.one_of(n, b, t)),
            _join("`${{note}}${{{0}}}`", n),
            _join("({0} + {1})", t, st.one_of(t, n, b)),
            _join("(({0}) ? ({1}) : ({2}))", b, t, t),
            _join("({0}).toUpperCase()", t),
            _join("({0}).trim()", t),
            _join("({0}).slice({1}, {2})", t, _INT, _INT),
            _join("({0}).slice(-{1})", t, st.sampled_from(["1", "2"])),
            _join(
                "({0}).replace({1}, {2})",
                t,
                st.sampled_from(['"a"', '" "', '"X"']),
                st.sampled_from(['"b"', '""']),
            ),
            _join("({0}).replaceAll({1}, '-')", t, st.sampled_from(['"a"', '" "'])),
            _join("({0}).padStart({1}, '0')", t, _INT),
            _join("({0}).padEnd({1})", t, _INT),
            _join("({0}).charAt({1})", t, _INT),
            _join("({0}).repeat(2)", t),
            _join("({0}).split({1}).join('|')", t, st.sampled_from(['","', '" "', '""'])),
            _join("({0}).join({1})", ls, st.sampled_from(['", "', "''"])),
            _join("(({0}) || ({1}))", t, t),
            _join("(({0}) && ({1}))", t, t),
            _join("({0}).toFixed({1})", n, st.sampled_from(["0", "1", "2"])),
            _join("String({0})", st.one_of(n, b, t)),
            _join("({0}).concat({1})", t, t),
            _join("nums.map((v, i) => v + i).join({0})", st.sampled_from(["','", "' '"])),
            _join(
                "items.map(({{ name, qty = 1 }}) => `${{name}}:${{qty}}`).join({0})",
                st.sampled_from(["'; '"]),
            ),
            _join("(items.find(i => i.qty > {0})?.name ?? {1})", n, t),
            _join("nums.toString() + {0}", t),
            _join("(maybe || {0})", t),
            _join("Object.keys(scores).length + {0}", t),
            _join("(typeof ({0}))", st.one_of(t, n, b)),
        )
    )


@st.composite
def numbers(draw: st.DrawFn, depth: int, item: bool) -> str:
    """Source of an expression whose value is a number."""
    leaf = ["n", "price", "tags.length", "items.length", "title.length"] + (["x.qty", "i"] if item else [])
    if depth <= 0:
        return draw(st.one_of(st.sampled_from(leaf), _INT))
    n, t, b = numbers(depth - 1, item), texts(depth - 1, item), truths(depth - 1, item)
    return draw(
        st.one_of(
            st.sampled_from(leaf),
            _INT,
            _join("({0} {1} {2})", n, st.sampled_from(["+", "-", "*"]), n),
            _join("({0} / {1})", n, st.sampled_from(["2", "4", "n", "nums.length"])),
            _join("({0} % {1})", n, st.sampled_from(["2", "3", "n"])),
            _join("(({0}) ? ({1}) : ({2}))", b, n, n),
            _join("Math.round({0})", n),
            _join("Math.floor({0})", n),
            _join("Math.ceil({0})", n),
            _join("Math.abs({0})", n),
            _join("Math.max({0}, {1})", n, n),
            _join("Math.min({0}, {1})", n, _INT),
            _join("({0}).length", t),
            _join("({0}).indexOf({1})", t, st.sampled_from(['"a"', '" "'])),
            _join("Number({0})", st.one_of(t, b)),
            _join("(-{0})", n),
            _join("nums.reduce((sum, v) => sum + v, {0})", n),
            _join("items.filter(e => e.done && e.qty > {0}).length", n),
            _join("(nums[{0}] ?? {1})", _INT, n),
            _join("(scores['items'] ?? {0})", n),
            _join("(scores.a ?? {0})", n),
            _join("items.findIndex(e => e.name === {0})", t),
            _join("parseInt({0})", t),
        )
    )


@st.composite
def truths(draw: st.DrawFn, depth: int, item: bool) -> str:
    """Source of an expression whose value is true or false."""
    leaf = ["ok", "true", "false"] + (["x.done"] if item else [])
    if depth <= 0:
        return draw(st.sampled_from(leaf))
    b, n, t, ls = (
        truths(depth - 1, item),
        numbers(depth - 1, item),
        texts(depth - 1, item),
        lists(depth - 1, item),
    )
    return draw(
        st.one_of(
            st.sampled_from(leaf),
            _join(
                "!{0}",
                st.one_of(
                    b,
                    _join("({0})", t),
                    st.sampled_from(["note", "user", "tags", "n", "maybe", "user?.email"]),
                ),
            ),
            _join("({0} {1} {2})", n, st.sampled_from(["<", "<=", ">", ">=", "===", "!=="]), n),
            _join("({0} {1} {2})", t, st.sampled_from(["===", "!=="]), t),
            _join("(({0}) && ({1}))", b, b),
            _join("(({0}) || ({1}))", b, b),
            _join("({0}).includes({1})", t, st.sampled_from(['"a"', '""'])),
            _join("({0}).startsWith({1})", t, st.sampled_from(['"a"', '"X"'])),
            _join("({0}).includes({1})", ls, t),
            _join("nums.some(v => v > {0})", n),
            _join("items.every(e => e.qty >= {0} || e.done)", n),
            st.sampled_from(
                [
                    "maybe === null",
                    "note === undefined",
                    "user != null",
                    "maybe !== null",
                    "user?.email === undefined",
                    "Boolean(note)",
                    "!!tags",
                ]
            ),
            _join("Number.isInteger({0})", n),
        )
    )


@st.composite
def lists(draw: st.DrawFn, depth: int, item: bool) -> str:
    """Source of an expression whose value is a list of texts."""
    leaf = ["tags", "(user?.items ?? [])", "['p', 'q']"] + (["(x.values ?? [])"] if item else [])
    if depth <= 0:
        return draw(st.sampled_from(leaf))
    ls, t = lists(depth - 1, item), texts(depth - 1, item)
    return draw(
        st.one_of(
            st.sampled_from(leaf),
            _join("{0}.slice({1})", ls, _INT),
            _join("{0}.filter(s => s !== {1})", ls, t),
            _join("{0}.map(s => s + {1})", ls, t),
            _join("[...{0}, {1}]", ls, t),
            _join("{0}.concat({1})", ls, ls),
            _join("{0}.toReversed()", ls),
            _join("items.map(e => e.name)", t),
            _join("items.flatMap(e => e.values ?? [{0}])", t),
            _join("Object.entries(scores).map(([k, v]) => `${{k}}=${{v}}` + {0})", t),
        )
    )


def _value(depth: int, item: bool) -> st.SearchStrategy[str]:
    t, n, b, ls = texts(depth, item), numbers(depth, item), truths(depth, item), lists(depth, item)
    return st.one_of(
        t,
        n,
        b,
        ls,
        st.sampled_from(
            [
                "note",
                "user?.email",
                "maybe",
                "undefined",
                "null",
                "user?.items",
                "items.find(e => e.done)?.note",
            ]
        ),
        _join("{0} ? {1} : undefined", b, t),
        _join("{{ a: {0}, b: note, 'c-d': {1} }}", n, t),
        _join("{{ ...(ok ? {{ k: {0} }} : {{}}), z: {1} }}", n, b),
        _join("[{0}, {1}, note]", n, t),
        _join("[...tags, ...nums.map(v => v * 2), {0}]", t),
        _join("items.map(e => ({{ label: e.name, value: {0}, note: e.note }}))", n),
        _join("items.filter(e => e.done).map((e, at) => ({{ at, q: {0} }}))", n),
        _join("user && user.email && {0}", t),
        _join("note ?? {0}", n),
        _join("note || undefined", n),
    )


@st.composite
def children(draw: st.DrawFn, depth: int, item: bool) -> str:
    """Source of something between tags."""
    if depth <= 0:
        return f"<Text value={{{draw(texts(1, item))}}} />"
    inner = children(depth - 1, item)
    looped = children(depth - 1, True)
    return draw(
        st.one_of(
            _join("<Text value={{{0}}} />", texts(2, item)),
            _join("<Box a={{{0}}} b={{{1}}}>{2}</Box>", _value(2, item), _value(1, item), inner),
            _join("<Row {{...{{ p: {0} }}}} q={{{1}}} />", _value(1, item), _value(1, item)),
            _join("{{{0} && {1}}}", truths(1, item), inner.filter(_is_element)),
            _join("{{note && {0}}}", inner.filter(_is_element)),
            _join("{{user?.items && user.items.length > 0 && {0}}}", inner.filter(_is_element)),
            _join("{{{0} ? {1} : null}}", truths(1, item), inner.filter(_is_element)),
            _join("{{{0}}}", texts(1, item)),
            _join("{{{0}}}", numbers(1, item)),
            _join("<>{0}plain text</>", inner),
            _join("{{items.map((x, i) => <Col key={{i}}>{0}</Col>)}}", looped),
            _join("{{items.filter(x => x.done).map((x, i) => <Col key={{x.id}}>{0}</Col>)}}", looped),
            _join(
                "{{items.map((x, i) => {{ const k = {0}; if (x.done) return <A v={{k}} />; return <B v={{k}}>{1}</B>; }})}}",
                _value(1, True),
                looped,
            ),
            _join("{{tags.map(s => <Tag key={{s}} v={{s + {0}}} />)}}", texts(1, item)),
            _join("{{user?.items?.map(s => <Tag v={{s}} w={{{0}}} />)}}", _value(1, item)),
            _join("{{[<A v={{{0}}} />, ...tags.map(s => <B v={{s}} />)]}}", _value(1, item)),
            _join(
                "{{Object.entries(scores).map(([k, v]) => <S k={{k}} v={{v}} t={{{0}}} />)}}", _value(0, item)
            ),
            st.just("some text & <b /> more"),
        )
    )


def _is_element(source: str) -> bool:
    return source.startswith("<") and not source.startswith("<>")


VIEWS = st.lists(children(2, False), min_size=1, max_size=3).map(lambda kids: f"<Card>{''.join(kids)}</Card>")
