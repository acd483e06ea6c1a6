"""What the compiler says, where it points, and what it offers to do. The wording is part of the contract."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from chatkit.compiler import (
    CODES,
    Report,
    apply_edits,
    as_github,
    as_json,
    as_sarif,
    as_text,
    compile_widget,
    explain,
    read_widget,
)

SCHEMA = """import { z } from "zod"
const Item = z.object({ id: z.string(), name: z.string(), note: z.string().optional() })
export default z.object({ items: z.array(Item), title: z.string() })
"""
DATA = {"items": [{"id": "1", "name": "a"}], "title": "t"}
# view, and the findings as "code line:column-end severity message | hint"
GOLDEN: list[tuple[str, list[str]]] = [
    (
        '<Card>\n  <Txt value="a" />\n</Card>',
        ["CK401 2:4-7 error There is no component <Txt>. | Did you mean <Text>?"],
    ),
    (
        '<Card><Text value="a" size="medium" /></Card>',
        [
            'CK405 1:28-36 error "medium" is not a value for `size` of <Text>. | It takes "xs" | "sm" | "md" | "lg" | "xl".'
        ],
    ),
    (
        '<Card><Text valu={title} value="x" /></Card>',
        ["CK403 1:13-17 warning <Text> has no property `valu`. | Did you mean `value`?"],
    ),
    ("<Card><Badge /></Card>", ["CK404 1:8-13 error <Badge> needs `label`. | The text."]),
    (
        '<Card><Icon name="chek" /></Card>',
        ["CK407 1:18-24 warning There is no icon `chek`. | Did you mean `check`?"],
    ),
    (
        '<Card><Text value="x" color="secondry" /></Card>',
        ["CK408 1:29-39 warning There is no colour `secondry`. | Did you mean `secondary`?"],
    ),
    (
        "<Row />",
        ["CK402 1:2-5 error A widget cannot start with <Row>. | Start with <Card>, <ListView>, <Basic>."],
    ),
    (
        "<ListView><Text value='x' /></ListView>",
        ["CK406 1:12-16 error <ListView> takes only <ListViewItem> as children."],
    ),
    ("<Card><Spacer>x</Spacer></Card>", ["CK406 1:15-16 error <Spacer> takes no children."]),
    (
        "<Card><Card /></Card>",
        [
            "CK409 1:8-12 warning <Card> is meant as the root of a widget. | The original's documentation forbids it here; it is"
            " drawn all the same. <Box> or <Col> may do."
        ],
    ),
    (
        "<Card><Text value={titel} /></Card>",
        ["CK330 1:20-25 warning `titel` is not in the schema. | Did you mean `title`?"],
    ),
    (
        "<Card>{items.map((item) => <Text key={item.id} value={item.nam} />)}</Card>",
        ["CK331 1:55-63 warning The schema has no `nam` here. | Did you mean `name`?"],
    ),
    (
        "<Card>{items.map((item) => <Text value={item.name} />)}</Card>",
        [
            "CK332 1:29-33 info <Text> is drawn for each item, but has no `key`. | With key={item.id} a field keeps what was"
            " typed when the list changes."
        ],
    ),
    (
        "<Card>{items.map((item) => <Text key={item.id} value={item.note.length} />)}</Card>",
        [
            "CK701 1:55-71 warning `item.note` is undefined here, so `length` cannot be read from it. | Write item.note?.length,"
            " or test it first."
        ],
    ),
    ("<Card><Text value={title.} /></Card>", ["CK304 1:25-26 error Cannot read `.` here."]),
    (
        "<Card><Row></Card>",
        ["CK305 1:14-18 error </Card> closes <Row>. | <Row> is opened in line 1; close it first."],
    ),
    (
        "",
        [
            "CK301 1:1-1 error The view has no element. | Write one root element: <Card>, <ListView> or <Basic>."
        ],
    ),
    ("<Card size={} />", ["CK307 1:12-14 error An attribute needs a value between its braces."]),
    (
        "<Card><Text value={title && title ?? ''} /></Card>",
        ["CK304 1:20-40 error `&&` and `??` cannot be mixed without parentheses."],
    ),
    (
        "<Card><Image src='a.png' /></Card>",
        [
            'CK901 1:8-13 warning This image has no `alt`. | Say what it shows, or alt="" when it only decorates.'
        ],
    ),
    (
        "<Card><Button submit label='x' /></Card>",
        [
            "CK803 1:15-21 warning This button submits, but there is no form around it. | Put it into a <Form>, or use onClickAction."
        ],
    ),
    (
        '<Card><Form><Input name="a" placeholder="A" /><Input name="a" placeholder="B" /></Form></Card>',
        [
            "CK801 1:54-62 warning Two fields of this form are named `a`; only one value arrives. | Give each field a name of its own."
        ],
    ),
    (
        '<Card><Form><Input name="a" placeholder="A" /><Button label="x" onClickAction={{ type: "t", payload: { a: 1 } }} /></Form></Card>',
        [
            "CK802 1:104-108 warning The payload key `a` and a field of the form have the same name; the field's value wins."
            " | Rename one of them."
        ],
    ),
    (
        '<Card><Label value="x" fieldName="nope" /></Card>',
        ["CK804 1:24-40 warning No field is named `nope`. | Add the field, or use <Caption>."],
    ),
    (
        '<Card><Input name="a" /></Card>',
        [
            'CK902 1:8-13 warning This <Input> has no label. | Put <Label value="…" fieldName="a" /> before it, or give it a'
            " placeholder."
        ],
    ),
    (
        "<Card><Button iconStart='check' /></Card>",
        [
            "CK903 1:8-14 info This button has no `label` to read out. | A button with only an icon is read out by the icon's name."
        ],
    ),
]


def _written(found: Any) -> str:
    hint = f" | {found.hint}" if found.hint else ""
    return (
        f"{found.code} {found.line}:{found.column}-{found.end_column} {found.severity} {found.message}{hint}"
    )


@pytest.mark.parametrize(
    ("view", "expected"), GOLDEN, ids=[expected[0][:5] + f"-{at}" for at, (_, expected) in enumerate(GOLDEN)]
)
def test_a_fault_is_told_at_its_place_in_these_words(view: str, expected: list[str]) -> None:
    result = compile_widget(view, SCHEMA, data=DATA)
    assert [_written(found) for found in result.diagnostics] == expected


def test_one_run_reports_every_fault() -> None:
    view = (
        '<Card>\n  <Txt value="a" />\n  <Text value={title.} />\n  <Badge />\n  <Icon name="chek" />\n</Card>'
    )
    codes = [found.code for found in compile_widget(view, SCHEMA, data=DATA).diagnostics]
    assert codes == ["CK401", "CK304", "CK404", "CK407"]


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        (
            "<Card>\n  <Row>\n    <Txt />\n  </Col>\n  <Col></Rwo>\n  <Badge />\n</Card>",
            [
                "CK401 3:6 There is no component <Txt>.",
                "CK305 4:5 </Col> closes <Row>.",
                "CK305 5:10 </Rwo> closes <Col>.",
                "CK404 6:4 <Badge> needs `label`.",
            ],
        ),
        (
            "<Card>{items.map((item) => <Row key={item.id}></Col>)}<Col></Row></Card>",
            ["CK305 1:49 </Col> closes <Row>.", "CK305 1:62 </Row> closes <Col>."],
        ),
        # One tag too few: all tags after it are off by one, and only the first is told.
        (
            "<Card>\n  <Row>\n    <Col>\n  </Row>\n  <Row></Row>\n  <Txt />\n</Card>",
            ["CK305 4:5 </Row> closes <Col>.", "CK401 6:4 There is no component <Txt>."],
        ),
        # One tag too many, the other way about.
        (
            "<Card><Col></Row><Txt /></Col></Card>",
            ["CK305 1:14 </Row> closes <Col>.", "CK401 1:19 There is no component <Txt>."],
        ),
        # Two of a kind, each on its own.
        (
            "<Card>\n  <Row><Col></Row>\n  <Row><Box></Row>\n</Card>",
            ["CK305 2:15 </Row> closes <Col>.", "CK305 3:15 </Row> closes <Box>."],
        ),
    ],
)
def test_a_wrong_closing_tag_hides_no_other_fault_and_is_told_once(view: str, expected: list[str]) -> None:
    found = compile_widget(view, SCHEMA, data=DATA).diagnostics
    assert [f"{one.code} {one.line}:{one.column} {one.message}" for one in found] == expected


@pytest.mark.parametrize(
    ("view", "cured"),
    [
        ('<Card><Txt value="a" /></Card>', '<Card><Text value="a" /></Card>'),
        ("<Card><Rwo><Spacer /></Rwo></Card>", "<Card><Row><Spacer /></Row></Card>"),
        (
            '<Card><Text value="x" color="secondry" /></Card>',
            '<Card><Text value="x" color="secondary" /></Card>',
        ),
        ('<Card><Divider flush="true" /></Card>', "<Card><Divider flush={true} /></Card>"),
        ("<Card><Badge /></Card>", '<Card><Badge label="" /></Card>'),
        ("<Card><Text value={titel} /></Card>", "<Card><Text value={title} /></Card>"),
        ('<Card><Image src="a" /></Card>', '<Card><Image alt="" src="a" /></Card>'),
        ("<Card><Row></Card></Card>", "<Card><Row></Row></Card>"),
        (
            "<Card><Text value={ok && title ?? 'a'} /></Card>",
            "<Card><Text value={(ok && title) ?? 'a'} /></Card>",
        ),
    ],
)
def test_the_first_fix_cures_the_fault(view: str, cured: str) -> None:
    result = compile_widget(view, SCHEMA, data=DATA)
    fix = next(fix for found in result.diagnostics for fix in found.fixes)
    assert apply_edits(view, fix.edits) == cured
    before = {(found.code, found.start) for found in result.diagnostics if found.fixes}
    after = {(found.code, found.start) for found in compile_widget(cured, SCHEMA, data=DATA).diagnostics}
    assert not before & after


def test_places_are_counted_in_characters_and_told_to_editors_in_utf16() -> None:
    view = '<Card><Text value="👩" colour="x" /></Card>'
    found = compile_widget(view).diagnostics[0]
    assert (found.code, found.column) == ("CK403", 23)
    assert view[found.start : found.end] == "colour"
    told = found.to_dict(view)
    assert view.encode("utf-16-le")[2 * told["from"] : 2 * told["to"]].decode("utf-16-le") == "colour"


def test_made_up_data_finds_what_the_sample_does_not_show() -> None:
    schema = {
        "type": "object",
        "properties": {
            "user": {"type": "object", "properties": {"name": {"type": "string"}}},
            "tone": {"type": "string"},
        },
        "required": ["tone"],
    }
    view = '<Card><Text value={user.name.trim()} /><Badge label="x" color={tone} /></Card>'
    result = compile_widget(view, schema, data={"user": {"name": "Ada"}, "tone": "info"})
    assert {(found.code, found.state) for found in result.diagnostics} >= {
        ("CK701", "made up: without optionals"),
        ("CK411", "made up: everything"),
    }


def test_sample_data_is_held_against_the_schema() -> None:
    found = compile_widget(
        "<Card />", SCHEMA, data={"items": [{"id": 1, "name": "a"}], "title": "t"}
    ).diagnostics
    assert [(one.code, one.part, one.path) for one in found] == [("CK601", "data", "items.0.id")]


def test_every_state_is_drawn() -> None:
    view = "<Card><Text value={user.name} /></Card>"
    states = [{"name": "Signed out", "data": {}}]
    result = compile_widget(view, data={"user": {"name": "Ada"}}, states=states)
    assert list(result.previews) == ["Default"]
    assert [(found.code, found.state) for found in result.diagnostics] == [("CK701", "Signed out")]


def test_the_formats_for_machines_say_the_same() -> None:
    view = "<Card>\n  <Txt />\n</Card>"
    report = Report("a.widget", compile_widget(view).diagnostics, {"view": view})
    assert as_text(report).split("\n") == [
        "a.widget (view):2:4: error CK401: There is no component <Txt>.",
        "  2 |   <Txt />",
        "    |    ^^^",
        "  hint: Did you mean <Text>?",
    ]
    told = json.loads(as_json([report]))[0]["diagnostics"][0]
    assert (told["code"], told["line"], told["from"], told["fixes"][0]["edits"][0]["insert"]) == (
        "CK401",
        2,
        10,
        "Text",
    )
    run = json.loads(as_sarif([report], "1.0"))["runs"][0]
    assert run["results"][0]["ruleId"] == run["tool"]["driver"]["rules"][0]["id"] == "CK401"
    assert as_github([report]) == (
        "::error file=a.widget,title=CK401::view 2:4: There is no component <Txt>. Did you mean <Text>?"
    )


def test_every_code_in_the_source_is_explained_and_every_explanation_is_used() -> None:
    import chatkit.compiler

    folder = Path(chatkit.compiler.__file__).parent
    used = {
        code
        for path in folder.glob("*.py")
        if path.name != "_codes.py"
        for code in re.findall(r'"(CK\d{3})"', path.read_text("utf-8"))
    }
    assert used == set(CODES)
    assert explain("ck405") is CODES["CK405"]
    assert explain("CK999") is None


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("nonsense", ["CK101"]),
        ("[]", ["CK101"]),
        ('{"version": "2.0", "name": "x", "template": "{}", "encodedWidget": ""}', ["CK103", "CK201"]),
        ('{"name": "x", "template": 3}', ["CK102", "CK102", "CK202"]),
        ('{"version": "1.0", "name": "x", "template": "{}", "encodedWidget": "%%%"}', ["CK201"]),
        ('{"version": "1.0", "name": NaN}', ["CK101"]),
    ],
)
def test_a_file_s_faults_are_told_and_what_can_be_used_is_used(text: str, codes: list[str]) -> None:
    file, findings = read_widget(text)
    assert sorted(found.code for found in findings) == codes
    assert (file is None) == (codes == ["CK101"])


@pytest.mark.parametrize(
    ("pasted", "mended"),
    [
        ("<Card><Text>Hello {title}, {n} left</Text></Card>", "<Card><Text value={`Hello ${title}, ${n} left`} /></Card>"),
        ('<Card><Text size="sm">Hi</Text></Card>', '<Card><Text value="Hi" size="sm" /></Card>'),
        ("<Card><Text>{title}</Text></Card>", "<Card><Text value={title} /></Card>"),
        ("<Card><Button>Go</Button></Card>", '<Card><Button label="Go" /></Card>'),
        ("<Card><div><Spacer /></div></Card>", "<Card><Box><Spacer /></Box></Card>"),
        ("<Card><hr /></Card>", "<Card><Divider /></Card>"),
        (
            'import React from "react";\n\nexport default function W({ title }) {\n  return (\n    <Card>\n      <Text value={title} />\n    </Card>\n  );\n}\n',
            "<Card>\n  <Text value={title} />\n</Card>\n",
        ),
        ("const W = () => <Card />;\n", "<Card />\n"),
    ],
)  # fmt: skip
def test_what_is_pasted_from_react_or_html_is_mended_with_one_click(pasted: str, mended: str) -> None:
    found = compile_widget(pasted, check=True).diagnostics
    fix = next(fix for one in found if one.severity == "error" for fix in one.fixes)
    assert apply_edits(pasted, fix.edits) == mended
    assert compile_widget(mended, data={"title": "a", "n": 1}).ok
