"""Help while writing: edits from outside the text, formatting, completion, hover, decompiling."""

from __future__ import annotations

from typing import Any

import pytest

from chatkit.compiler import (
    EditError,
    Expression,
    TextEdit,
    apply_edits,
    compile_widget,
    complete,
    decompile,
    delete_node,
    duplicate_node,
    format_jsx,
    hover,
    insert_node,
    move_node,
    set_prop,
    wrap_node,
)

VIEW = """<Card>
  <Row>
    <Text value="a" />
    <Text
      value="b"
      size="sm"
    />
  </Row>
  <Spacer />
  {ok && <Box />}
  {items.map((item) => (
    <Badge key={item.id} label={item.name} />
  ))}
</Card>
"""
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "ok": {"type": "boolean"},
        "user": {"type": "object", "properties": {"name": {"type": "string"}, "age": {"type": "number"}}},
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"id": {"type": "string"}, "name": {"type": "string"}},
                "required": ["id"],
            },
        },
    },
    "required": ["ok", "items"],
}


def _id(tag: str, which: int = 0) -> int:
    return [node.id for node in compile_widget(VIEW, check=False).nodes if node.tag == tag][which]


def _edited(edits: tuple[TextEdit, ...]) -> str:
    text = apply_edits(VIEW, edits)
    assert not any(
        found.code.startswith("CK30") for found in compile_widget(text, check=False).diagnostics
    ), text
    return text


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("plain", 'size="plain"'),
        ('with "quotes"', 'size={"with \\"quotes\\""}'),
        ("<&>", 'size={"<&>"}'),
        (3, "size={3}"),
        (True, '<Text value="a" size />'),
        (False, "size={false}"),
        ({"x": 1, "a-b": [1, None]}, 'size={{ x: 1, "a-b": [1, null] }}'),
        (Expression("item.size ?? 2"), "size={item.size ?? 2}"),
    ],
)
def test_a_property_is_set_to_any_value(value: Any, written: str) -> None:
    assert written in _edited(set_prop(VIEW, _id("Text"), "size", value))


def test_a_property_is_replaced_added_and_removed_in_the_form_of_its_neighbours() -> None:
    second = _id("Text", 1)
    assert '      size="lg"\n    />' in _edited(set_prop(VIEW, second, "size", "lg"))
    assert '      size="sm"\n      color="info"\n    />' in _edited(set_prop(VIEW, second, "color", "info"))
    assert '    <Text\n      value="b"\n    />' in _edited(set_prop(VIEW, second, "size", None))
    assert set_prop(VIEW, second, "absent", None) == ()


def test_elements_are_put_in_at_their_place_and_indentation() -> None:
    assert '  <Row>\n    <Icon name="x" />\n    <Text value="a" />' in _edited(
        insert_node(VIEW, _id("Row"), 0, '<Icon name="x" />')
    )
    assert '    />\n    <Icon name="x" />\n  </Row>' in _edited(
        insert_node(VIEW, _id("Row"), 9, '<Icon name="x" />')
    )
    assert "  <Spacer>\n    <Row>\n      <A />\n    </Row>\n  </Spacer>" in _edited(
        insert_node(VIEW, _id("Spacer"), 0, "<Row>\n  <A />\n</Row>")
    )


def test_elements_are_taken_out_whole() -> None:
    assert "  </Row>\n  {ok" in _edited(delete_node(VIEW, _id("Spacer")))
    assert "ok" not in _edited(delete_node(VIEW, _id("Box")))
    assert "items" not in _edited(delete_node(VIEW, _id("Badge")))
    with pytest.raises(EditError):
        delete_node(VIEW, _id("Card"))
    with pytest.raises(EditError):
        delete_node(VIEW, 99)


def test_elements_are_moved_doubled_and_wrapped() -> None:
    assert '<Card>\n  <Text value="a" />\n  <Row>\n    <Text\n' in _edited(
        move_node(VIEW, _id("Text"), _id("Card"), 0)
    )
    assert '    <Text value="a" />\n    <Text value="a" />\n' in _edited(duplicate_node(VIEW, _id("Text")))
    assert '    <Box>\n      <Text value="a" />\n    </Box>\n' in _edited(wrap_node(VIEW, _id("Text"), "Box"))
    with pytest.raises(EditError):
        move_node(VIEW, _id("Row"), _id("Text"), 0)


def test_nodes_and_preview_lead_to_the_source() -> None:
    result = compile_widget(VIEW, SCHEMA, data={"ok": True, "items": [{"id": "1"}, {"id": "2"}]})
    badge = result.preview_nodes["children.3"]
    node = next(node for node in result.nodes if node.id == badge)
    assert VIEW[node.start : node.end].startswith("<Badge")
    assert result.preview_nodes["children.4"] == badge
    start, end = node.props["label"]
    assert VIEW[start:end] == "label={item.name}"


@pytest.mark.parametrize(
    ("source", "formatted"),
    [
        ('<Card   size="sm"><Text value={a}/></Card>', '<Card size="sm">\n  <Text value={a} />\n</Card>\n'),
        ("<Box></Box>", "<Box></Box>\n"),
        ("<Card>Hello <b/>!</Card>", "<Card>\n  Hello <b />!\n</Card>\n"),
        ("<Card>{/* keep */}\n{ a }</Card>", "<Card>\n  {/* keep */}\n  {a}\n</Card>\n"),
        ("<Card>{xs.map(x=><Row a={1}/>)}</Card>", "<Card>{xs.map((x) => <Row a={1} />)}</Card>\n"),
        ("<Card v={{a:1,'b-c':2,d}} w={[1,2]} />", '<Card v={{ a: 1, "b-c": 2, d }} w={[1, 2]} />\n'),
        (
            "<Card v={(a+b)*c-(d-e)} w={!(a&&b)||c} />",
            "<Card v={(a + b) * c - (d - e)} w={!(a && b) || c} />\n",
        ),
        (
            "<Card v={(a&&b)??c} w={a?.[0]?.b(1,...x)} />",
            "<Card v={(a && b) ?? c} w={a?.[0]?.b(1, ...x)} />\n",
        ),
        (
            "<Card>{ready ? <Text value='yes, it is ready to be sent now' size='sm' /> : <Text value='no' />}</Card>",
            "<Card>\n  {ready ? (\n    <Text value='yes, it is ready to be sent now' size='sm' />\n  ) : (\n    <Text value='no' />\n  )}\n</Card>\n",
        ),
        ("<Card><Text value={a.}/></Card>", "<Card><Text value={a.}/></Card>"),
    ],
)
def test_a_view_is_formatted_in_one_way(source: str, formatted: str) -> None:
    assert format_jsx(source) == formatted
    assert format_jsx(formatted) == formatted


def _labels(view: str, schema: Any = None) -> list[str]:
    offset = view.index("|")
    return [one.label for one in complete(view.replace("|", ""), offset, schema)]


def test_completion_offers_what_fits_the_place() -> None:
    assert _labels("<Card><Ba|</Card>") == ["Basic", "Badge"] or "Badge" in _labels("<Card><Ba|</Card>")
    assert _labels("<Card><Row></|") == ["Row", "Card"]
    assert _labels("<Card><Badge |")[0] == "label"
    assert "label" not in _labels('<Card><Badge label="x" |')
    assert _labels('<Card><Badge label="x" color="da|" />') == ["danger"]
    assert "check-circle" in _labels('<Card><Icon name="che|" />')
    assert "blue-500" in _labels('<Card><Text value="" color="blue-|" />')
    assert _labels("<Card><Text value={us|} /></Card>", SCHEMA) == ["user"]
    assert _labels("<Card><Text value={user.|} /></Card>", SCHEMA)[:2] == ["name", "age"]
    assert _labels("<Card>{items.map((item) => <Text value={item.|} />)}</Card>", SCHEMA)[:2] == [
        "id",
        "name",
    ]
    assert "toUpperCase" in _labels("<Card><Text value={user.name.to|} /></Card>", SCHEMA)
    assert _labels("<Card>plain text|</Card>", SCHEMA) == []


def test_a_completion_replaces_what_is_typed() -> None:
    view = '<Card><Badge label="x" color="da" /></Card>'
    one = complete(view, view.index('da"') + 2)[0]
    assert (
        view[: one.start] + one.insert + view[one.end :] == '<Card><Badge label="x" color="danger" /></Card>'
    )


def test_hover_explains_components_properties_and_data() -> None:
    view = '<Card><Badge label={user.name} color="info" /></Card>'
    for word, said in (
        ("Badge", "**Badge**"),
        ("color", "`color`"),
        ("name}", "`user.name`: string (optional)"),
    ):
        found = hover(view, view.index(word) + 1, SCHEMA)
        assert found is not None
        assert said in found.text
        assert view[found.start : found.end] == word.strip("}")
    assert hover(view, 0, SCHEMA) is None


@pytest.mark.parametrize(
    ("template", "view"),
    [
        (
            '{"type":"Card","children":[{"type":"Text","value":{{ (a.b) | tojson }}}]}',
            "<Card>\n  <Text value={a.b} />\n</Card>\n",
        ),
        (
            '{"type":"Card","v":{% if not (a) %}"x"{% else %}{{ (b or c) | tojson }}{% endif %}}',
            '<Card v={!a ? "x" : b || c} />\n',
        ),
        (
            '{"type":"Card","v":{{ (a if a is defined and a is not none else b) | tojson }}}',
            "<Card v={a ?? b} />\n",
        ),
        ('{"type":"Card","v":{{ (("x " ~ n)) | tojson }}}', "<Card v={`x ${n}`} />\n"),
    ],
)
def test_a_regular_template_becomes_jsx_again(template: str, view: str) -> None:
    assert decompile(template) == view


@pytest.mark.parametrize(
    "template",
    [
        "",
        "{{",
        "[]",
        "{% macro m() %}{% endmacro %}{}",
        '{"type":"Card","v":{{ range(3) | tojson }}}',
        '{"type":3}',
    ],
)
def test_an_irregular_template_is_not_guessed_at(template: str) -> None:
    assert decompile(template) is None
