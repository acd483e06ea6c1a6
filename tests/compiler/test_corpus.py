"""Every real export: read, written, compiled and drawn as the original did."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.compiler.corpus import FILES, PAIRS, needs_corpus, pairs
from tests.compiler.counting import counted

from chatkit.compiler import Dialect, compile_document, compile_widget, decompile, format_jsx, read_widget
from chatkit.compiler._check import first_difference
from chatkit.compiler._compat import emit_compat
from chatkit.compiler._evaluate import evaluate_view
from chatkit.compiler._jsvalue import json_text
from chatkit.compiler._parse import parse_view
from chatkit.compiler._zod import compile_zod
from chatkit.widgets import WidgetTemplate


def _dialect(flags: dict[str, Any]) -> Dialect:
    return Dialect(
        empty_children=bool(flags.get("ec")),
        keep_triple_equals=bool(flags.get("eq3", 0)),
        index_set=bool(flags.get("idx", 1)),
        array_as_children=bool(flags.get("arr", 0)),
        undefined_as=flags.get("undef", "none"),
    )


@pytest.mark.parametrize("pair", pairs("templateExact"))
def test_compat_mode_writes_the_template_of_the_original_with_its_dialect(pair: dict[str, Any]) -> None:
    root, findings = parse_view(pair["view"])
    assert root is not None
    assert emit_compat(root, findings, _dialect(pair["compileFlags"])) == pair["template"]


@pytest.mark.parametrize("pair", pairs("matchesCurrentRules"))
def test_compat_mode_writes_the_template_of_today_s_rules(pair: dict[str, Any]) -> None:
    assert compile_widget(pair["view"], mode="compat", check=False).template == pair["template"]


@pytest.mark.parametrize("pair", pairs("schemaExact"))
def test_a_schema_source_becomes_the_original_s_json_schema_key_by_key(pair: dict[str, Any]) -> None:
    if pair["schemaMode"] == "jsonSchema":
        pytest.skip("this export has a JSON Schema")
    schema, _ = compile_zod(pair["schema"])
    assert json_text(schema) == json_text(pair["jsonSchema"])


@pytest.mark.parametrize("pair", pairs("previewExact"))
def test_a_view_evaluates_to_the_original_s_preview_byte_for_byte(pair: dict[str, Any]) -> None:
    root, _ = parse_view(pair["view"])
    assert root is not None
    assert json_text(evaluate_view(root, pair["defaultState"]).value) == json_text(pair["outputJsonPreview"])


@pytest.mark.behaviour("D05")
@pytest.mark.parametrize("pair", pairs("previewExact"))
def test_the_safe_template_draws_the_preview_in_the_runtime(pair: dict[str, Any]) -> None:
    result = compile_widget(pair["view"], pair["schema"], pair["schemaMode"], pair["defaultState"])
    assert result.ok
    template = WidgetTemplate(result.widget())
    assert first_difference(template.render(pair["defaultState"]), pair["outputJsonPreview"]) is None
    assert template.build(pair["defaultState"]).type == pair["outputJsonPreview"]["type"]


@pytest.mark.parametrize("pair", pairs("previewExact"))
def test_no_check_calls_a_real_export_wrong(pair: dict[str, Any]) -> None:
    result = compile_widget(pair["view"], pair["schema"], pair["schemaMode"], pair["defaultState"])
    assert [found for found in result.diagnostics if found.severity == "error"] == []
    assert not {"CK705", "CK706"} & {found.code for found in result.diagnostics}


@pytest.mark.parametrize("pair", pairs("matchesCurrentRules"))
def test_a_regular_template_decompiles_to_a_view_that_draws_the_same(pair: dict[str, Any]) -> None:
    view = decompile(pair["template"])
    assert view is not None
    again = compile_widget(view, data=pair["defaultState"], mode="compat", check=False)
    assert again.template is not None
    drawn = [
        WidgetTemplate({"version": "1.0", "name": "", "template": template}).render(pair["defaultState"])
        for template in (pair["template"], again.template)
    ]
    assert drawn[0] == drawn[1]


@pytest.mark.parametrize("pair", pairs("previewExact"))
def test_formatting_keeps_the_meaning_and_is_settled_after_once(pair: dict[str, Any]) -> None:
    formatted = format_jsx(pair["view"])
    assert format_jsx(formatted) == formatted
    root, findings = parse_view(formatted)
    assert root is not None
    assert findings.sorted() == []
    assert evaluate_view(root, pair["defaultState"]).value == pair["outputJsonPreview"]


@needs_corpus
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_reads_and_its_document_encodes_to_the_bytes_it_had(path: Path) -> None:
    text = path.read_bytes().decode()
    file, findings = read_widget(text)
    assert file is not None
    assert not any(found.severity == "error" for found in findings)
    if file.document is not None:
        assert file.document.encode() == file.encoded
    canonical = file.to_text()
    again, _ = read_widget(canonical)
    assert again is not None
    assert again.to_text() == canonical
    if text.lstrip().startswith('{\n  "version"') and file.document is not None:
        assert canonical == text.rstrip("\n")


@needs_corpus
@pytest.mark.slow
def test_exports_compile_and_are_checked_with_bounded_work() -> None:
    documents = [
        file.document for path in FILES if (file := read_widget(path.read_text("utf-8"))[0]) and file.document
    ]
    _, calls = counted(lambda: [compile_document(document) for document in documents])
    assert calls < 120_000 * len(documents)


@needs_corpus
def test_the_corpus_has_views_to_test_with() -> None:
    assert len(PAIRS) > 20


@pytest.mark.slow
def test_a_keystroke_in_a_view_of_two_hundred_elements_costs_under_a_thousand_calls_an_element() -> None:
    row = '<Row key="{0}"><Text value={{items[{0}].name}} size="sm" />{{ok && <Badge label={{`${{n}} of {0}`}} />}}</Row>'
    view = "<Card>" + "".join(row.format(at) for at in range(66)) + "</Card>"
    item = {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}
    schema = {
        "type": "object",
        "properties": {
            "items": {"type": "array", "items": item},
            "ok": {"type": "boolean"},
            "n": {"type": "number"},
        },
        "required": ["items", "ok", "n"],
    }
    data = {"items": [{"name": "a"}] * 66, "ok": True, "n": 2}
    compile_widget(view, schema, data=data, check=False)
    result, calls = counted(lambda: compile_widget(view, schema, data=data, check=False))
    assert len(result.nodes) == 199
    assert calls < 199 * 1000
