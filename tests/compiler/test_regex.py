"""Regular expressions without going back: what they find is what JavaScript finds, in any text."""

from __future__ import annotations

import json
import random
import subprocess
from typing import Any

import pytest
from jinja2 import Environment, StrictUndefined
from tests.compiler.node_oracle import NODE

from chatkit.compiler import compile_widget
from chatkit.compiler._builtin_texts import STRING_METHODS
from chatkit.compiler._regex import compile_regex, spans
from chatkit.compiler._regex_parse import RegexError

PATTERNS = [
    "_", r"\b\w", r"\s+", r"^\s+|\s+$", r"\d+", "a*", "a|ab", "ab|a", "(?:a|ab)(?:c|bcd)(?:d*)", "a+?b?", "[^a-z]",
    "[A-Z]", r"\B", r"\b", "x*$", "^", "$", ".+", "a{2,3}", "(?:a{1,2}|b)+?c", r"\w+@\w+\.\w+", r"[\s,;]+", r"\d+x",
    "a(?:.*z)?", "(?:ab)*a", "a.*?b", "^a", "(?:^|,)b", r"\\", r"[\w.-]+", "a??b", "(?:a|b)*abb", r"\bab\b", r"a\b|b",
    "", "é", r"\S", "[^]", r"[\d-]", "[a-c-z]", "a{,2}", "a{2", r"\u0061\x62", r"a$|b", "(?:aa|a)(?:ab)?",
]  # fmt: skip
FLAGS = ["g", "gi", "gm", "gs", ""]


def _texts() -> list[str]:
    chance = random.Random(7)
    made = [
        "".join(chance.choice("abcxz12 ,\n_AÉé") for _ in range(chance.randint(0, 14))) for _ in range(20)
    ]
    return [
        "",
        "a",
        "order_shipped today",
        "aaab",
        "12x3 45x",
        "a@b.c, x@y.zz",
        "azaz aaz\nab\nb",
        "ABC abc-ABC",
        *made,
    ]


@pytest.mark.skipif(NODE is None, reason="Node is not here to compare with")
def test_every_method_finds_what_node_finds() -> None:
    assert NODE
    cases = [(pattern, flags, text) for pattern in PATTERNS for flags in FLAGS for text in _texts()]
    script = (
        'const c=JSON.parse(require("fs").readFileSync(0,"utf8"));process.stdout.write(JSON.stringify(c.map(([p,f,t])=>'
        '{const r=new RegExp(p,f);return [t.replace(r,"<$&>"),t.split(r),f.includes("g")?t.match(r):[...t.match(r)??[]],t.search(r)]})))'
    )
    done = subprocess.run(
        [NODE, "-e", script], input=json.dumps(cases), capture_output=True, text=True, check=True
    )
    for (pattern, flags, text), wanted in zip(cases, json.loads(done.stdout), strict=True):
        value = {"source": pattern, "flags": flags, "/": True}
        found = [
            STRING_METHODS["replace"](text, [value, "<$&>"]),
            STRING_METHODS["split"](text, [value]),
            STRING_METHODS["match"](text, [value]) or ([] if "g" not in flags else None),
            STRING_METHODS["search"](text, [value]),
        ]
        assert found == wanted, (pattern, flags, text)


@pytest.mark.parametrize(
    "patterns",
    [
        pytest.param(PATTERNS[:6], id="some"),
        pytest.param(PATTERNS[6:], id="the others", marks=pytest.mark.slow),
    ],
)
def test_the_template_finds_what_the_evaluator_finds(patterns: list[str]) -> None:
    schema = {
        "type": "object",
        "properties": {"texts": {"type": "array", "items": {"type": "string"}}},
        "required": ["texts"],
    }
    data: dict[str, Any] = {"texts": [text for text in _texts() if text]}
    for pattern in filter(None, patterns):
        source = pattern.replace("/", "\\/")
        view = f'<Card v={{texts.map((t) => [t.replace(/{source}/g, "<$&>"), t.split(/{source}/i), t.match(/{source}/m)])}} />'
        result = compile_widget(view, schema, "jsonSchema", data, check=False)
        assert result.template is not None, [found.message for found in result.diagnostics]
        drawn = json.loads(Environment(undefined=StrictUndefined).from_string(result.template).render(**data))
        assert drawn == result.preview, pattern


@pytest.mark.parametrize(
    "pattern", ["(a+)+$", "(a|a)*b", "(a|aa)+$", "(.*a){12}", "^(([a-z])+.)+[A-Z]([a-z])+$", r"(\w+\s?)*$"]
)
def test_expressions_that_hang_others_end(pattern: str) -> None:
    try:
        table = compile_regex(pattern, "")
    except RegexError:
        return
    assert list(spans(table, "a" * 3_000 + "!")) is not None


@pytest.mark.parametrize(
    "pattern",
    ["(", ")", "[a", "a**", "+", "(?=a)", "(?<!a)b", r"(a)\1", r"\k<x>", r"\p{L}", "a{41}", "[b-a]", "\\", "(a*)*", "x" * 301,
     r"\u{110000}", "(?:" * 150 + ")" * 150],
)  # fmt: skip
def test_what_cannot_be_followed_is_refused_with_words(pattern: str) -> None:
    with pytest.raises(RegexError, match=r"\w+ \w+"):
        compile_regex(pattern, "u" if "{" in pattern else "")
