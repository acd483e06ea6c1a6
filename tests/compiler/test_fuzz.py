"""No input, however broken, raises anything but diagnostics, or takes long."""

from __future__ import annotations

import json
import random
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.compiler.counting import counted

from chatkit.compiler import compile_widget, complete, decompile, format_jsx, hover, read_widget
from chatkit.compiler._zod import compile_zod

SEED_VIEW = """<Card size="md" padding={{ x: 4 }}>
  {items.map(({ id, name }, i) => {
    const label = `${name} (${i + 1})`;
    return <Row key={id}><Text value={label.toUpperCase()} />{i > 0 && <Badge label={"a" + i} />}</Row>;
  })}
  {/* c */}<>text &amp; more</>
  <Button label="x" onClickAction={{ type: "a", payload: { ...rest, id: items[0]?.id ?? null } }} disabled={!ok} />
</Card>"""
SEED_SCHEMA = """import { z } from "zod"
const Item = z.object({ id: z.string().min(1), name: z.string().optional().describe("d") })
export default z.strictObject({ items: z.array(Item).max(3), ok: z.boolean().default(true), k: z.enum(["a", "b"]) })"""
_SCRAPS = [
    "<",
    ">",
    "{",
    "}",
    "(",
    ")",
    "/",
    "/>",
    "=>",
    "`",
    '"',
    "'",
    "${",
    "&&",
    "??",
    "?.",
    "...",
    "<Card>",
    "</Card>",
    "{{",
    "%}",
    "\\u{110000}",
    "\ud800",
    "\x00",
    "\n",
    "await ",
    "return",
    "const ",
    "🙂",
    "//",
    "/*",
    "!",
    "1e999",
    "0x",
    ".map(",
    "[",
    "]",
]


def _mutated(text: str, random_: random.Random) -> str:
    for _ in range(random_.randint(1, 8)):
        at = random_.randrange(len(text) + 1)
        kind = random_.randrange(3)
        if kind == 0:
            text = text[:at] + random_.choice(_SCRAPS) + text[at:]
        elif kind == 1:
            text = text[:at] + text[at + random_.randint(1, 12) :]
        else:
            other = random_.randrange(len(text) + 1)
            text = text[:at] + text[other : other + random_.randint(1, 30)] + text[at:]
    return text


@pytest.mark.parametrize("start", range(8))
def test_a_broken_view_gives_diagnostics_only(start: int) -> None:
    random_ = random.Random(start)
    for _ in range(25):
        view = _mutated(SEED_VIEW, random_)
        result = compile_widget(view, {"type": "object"}, data={"items": [{"id": "1"}]})
        if result.template is None:
            assert any(found.severity == "error" for found in result.diagnostics), view
        for found in result.diagnostics:
            assert 0 <= found.start <= found.end <= max(len(view), 1), (view, found)
            assert found.line >= 1
            assert found.column >= 1
        format_jsx(view)


@pytest.mark.parametrize("start", range(4))
def test_a_broken_schema_gives_diagnostics_only(start: int) -> None:
    random_ = random.Random(start)
    for _ in range(40):
        source = _mutated(SEED_SCHEMA, random_)
        schema, findings = compile_zod(source)
        assert schema is not None or findings.failed, source
        if schema is not None:
            compile_widget("<Card />", schema)


@given(st.text(max_size=60))
@settings(max_examples=80, deadline=None)
def test_any_text_may_be_given(text: str) -> None:
    compile_widget(text, text)
    read_widget(text)
    decompile(text)
    format_jsx(text)
    complete(text, len(text) // 2)
    hover(text, len(text) // 2)


_JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "properties", "items", "anyOf", "enum", "required", "$ref", "a"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(_JSON, _JSON)
@settings(max_examples=60, deadline=None)
def test_any_json_may_be_schema_and_data(schema: Any, data: Any) -> None:
    given_schema = schema if isinstance(schema, dict) else json.dumps(schema)
    compile_widget(
        "<Card><Text value={a.b} />{items.map((i) => <Text value={i} />)}</Card>",
        given_schema,
        data=data if isinstance(data, dict) else {},
    )


@given(
    st.dictionaries(
        st.sampled_from(
            ["version", "name", "template", "jsonSchema", "outputJsonPreview", "encodedWidget", "x"]
        ),
        _JSON,
        max_size=6,
    )
)
@settings(max_examples=60, deadline=None)
def test_any_json_may_be_a_file(raw: dict[str, Any]) -> None:
    file, _ = read_widget(json.dumps(raw))
    assert file is not None
    file.to_text()


@pytest.mark.slow
@pytest.mark.parametrize(
    "view",
    [
        "<Card>" + "<Row>" * 3000,
        "<Card>" + "<Row>" * 300 + "</Row>" * 300 + "</Card>",
        "<Card v={" + "(" * 3000 + "1" + ")" * 3000 + "} />",
        "<Card v={" + "[" * 3000 + "]" * 3000 + "} />",
        "<Card v={" + "1+" * 4000 + "1} />",
        "<Card v={" + "a?.b" + ".c" * 3000 + "} />",
        "<Card v={" + "a ? b : " * 2000 + "c} />",
        "<Card v={" + "!" * 5000 + "a} />",
        "<Card " + "a=" * 4000,
        "<" * 5000,
        "{" * 5000,
        "`${" * 2000,
        '<Card v="' + "x" * 9000,
        "<Card>" + "&" * 5000 + "</Card>",
        "<Card>{" + "xs.map(x => " * 200 + "1" + ")" * 200 + "}</Card>",
        "<Card v={'" + "{{" * 3000 + "'} />",
        "<Card v={/" + "(a|b)*" * 40 + "/.test(s)} />",
        "<Card v={/" + "[ab]{1,40}" * 8 + "c/.test(s)} />",
        "<Card v={s" + '.replace(/(a+)+$/g, "$1$1")' * 300 + "} />",
        "<Card>{" + "xs.sort((a, b) => " * 60 + "1" + ")" * 60 + "}</Card>",
        "<Card v={[" + "new Date(s).toLocaleString('de-DE', { timeZone: 'Asia/Tokyo' })," * 120 + "]} />",
        "<Card v={[" + "'" + "z" * 60 + "'.localeCompare(s)," * 1 + "x.localeCompare(s)," * 400 + "]} />",
        "<Card>{(() => { switch (s) { " + "case 'a': return 1; " * 300 + "} })()}</Card>",
    ],
    ids=lambda view: view[:24],
)
def test_ten_kilobytes_of_anything_take_less_than_a_second(view: str) -> None:
    data: dict[str, Any] = {"xs": [1] * 50, "a": {}}
    start = time.process_time()
    result = compile_widget(view, data=data)  # loads what it needs of locales and zones, once
    # Half a million calls are a tenth of a second. A single call that went on for long would show in the time.
    _, calls = counted(lambda: compile_widget(view, data=data))
    assert calls < max(len(view), 10_000) * 50
    assert time.process_time() - start < 20
    assert result.ok or result.diagnostics


@pytest.mark.slow
@pytest.mark.parametrize(
    ("view", "data"),
    [
        ("<Card v={'x'.repeat(1e9)} />", {}),
        ("<Card v={Array.from({ length: 1e9 })} />", {}),
        ("<Card v={2 ** 1e9} />", {}),
        ("<Card v={/(a*)*$/.test('a'.repeat(40) + 'b')} />", {}),
        ("<Card>{xs.map((a) => xs.map((b) => xs.map((c) => <Row />)))}</Card>", {"xs": [1] * 200}),
        ("<Card>{[1].map((n) => { const f = (x) => f(x); return <Text value={f(n)} />; })}</Card>", {}),
    ],
)
def test_a_view_that_would_run_for_long_is_stopped(view: str, data: dict[str, Any]) -> None:
    start = time.perf_counter()
    result = compile_widget(view, data=data)
    assert time.perf_counter() - start < 20, "bounded, also on a busy machine"
    assert {"CK701", "CK702", "CK703", "CK306", "CK312", "CK318", "CK319", "CK705", "CK706", "CK314"} & {
        found.code for found in result.diagnostics
    }, result.diagnostics
