"""Zod sources to JSON Schema: what Zod 4.1 itself writes for the same source."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from chatkit.compiler._jsvalue import json_text
from chatkit.compiler._zod import compile_zod

ORACLE: dict[str, Any] = json.loads((Path(__file__).parent / "fixtures" / "zod.json").read_text("utf-8"))
# What we do not read: values computed while the schema is made, and types that have no use in a widget's data.
UNREAD = {
    "z.string().check(z.minLength ? z.minLength(2) : () => {})",
    'z.templateLiteral(["a", z.string()])',
    "z.json()",
}


@pytest.mark.parametrize("source", [source for source in ORACLE if source not in UNREAD])
def test_a_type_is_written_as_zod_writes_it(source: str) -> None:
    schema, findings = compile_zod(f'import {{ z }} from "zod"\nexport default {source}')
    want = ORACLE[source]
    if "!" in want:
        assert schema is None
        assert findings.failed
        return
    assert schema is not None, findings.sorted()
    assert schema.pop("$schema") == "https://json-schema.org/draft/2020-12/schema"
    assert json_text(schema) == json_text(want)


def test_constants_types_and_comments_of_a_module_are_read() -> None:
    source = """
      import * as z from "zod";
      // a comment
      const Base = z.object({ id: z.string() }) /* more */
      export const Item = Base.extend({ ["na" + ""]: z.string() }).omit({ na: true }) as any;
      type Item = z.infer<typeof Item>;
      const State = z.strictObject({ items: z.array(Base), first: Base.shape.id })
      export default State;
    """
    schema, _ = compile_zod(source.replace('["na" + ""]', "na"))
    assert schema is not None
    assert list(schema["properties"]) == ["items", "first"]
    assert schema["properties"]["items"]["items"]["required"] == ["id"]


def test_a_type_may_contain_itself() -> None:
    schema, _ = compile_zod(
        "const Node = z.object({ kids: z.array(z.lazy(() => Node)) })\nexport default Node"
    )
    assert schema is not None
    assert schema["properties"]["kids"] == {"type": "array", "items": {"$ref": "#"}}


@pytest.mark.parametrize(
    ("source", "code", "place", "hint"),
    [
        ("export default z.object({ a: z.strnig() })", "CK507", "strnig", "string"),
        ("export default z.object({ a: Itm })\nconst Item = z.string()", "CK506", "Itm", "Item"),
        (
            "export default z.object({ a: z.string().optional().min(2) })",
            "CK507",
            "min",
            "before .optional()",
        ),
        ("export default z.object({ a: z.date() })", "CK503", "z.object", "z.iso"),
        ("export default z.record(z.unknown())", "CK502", "z.record", "z.unknown())"),
        ("const a = z.string()", "CK501", "const", "export default"),
        ('import x from "lodash"\nexport default z.string()', "CK505", "import", "zod"),
        ("export default z.object({ a: z.enum('x') })", "CK502", "z.enum", "z.enum("),
        ("export default z.object({ a: 3 })", "CK502", "z.object", "z.string"),
        ("export default z.object({ a: z.string( })", "CK504", "", ""),
    ],
)
def test_a_fault_of_a_schema_is_told_at_its_place(source: str, code: str, place: str, hint: str) -> None:
    schema, findings = compile_zod(source)
    assert schema is None
    found = next(found for found in findings.sorted() if found.code == code)
    assert source[found.start :].startswith(place)
    assert hint in (found.hint or "")


def test_all_faults_of_a_schema_are_told_at_once() -> None:
    _, findings = compile_zod("export default z.object({ a: z.strng(), b: z.numbr(), c: z.string() })")
    assert [found.code for found in findings.sorted()] == ["CK507", "CK507"]


def test_enums_of_typescript_are_read() -> None:
    source = """import { z } from "zod"
export enum Kind { Book = "book", Film = "film" }
enum Size { S, M, L = 7 }
export default z.object({ kind: z.enum(Kind), old: z.nativeEnum(Kind), size: z.enum(Size) })
"""
    schema, findings = compile_zod(source)
    assert findings.sorted() == []
    assert schema is not None
    properties = schema["properties"]
    assert properties["kind"] == properties["old"] == {"type": "string", "enum": ["book", "film"]}
    assert properties["size"] == {"type": "number", "enum": [0, 1, 7]}
