"""Edits by node, completion, formatting and snippets over the Studio's calls."""

from __future__ import annotations

import json
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from chatkit.studio._gallery_page import GALLERY
from chatkit.studio._places import Places

pytestmark = pytest.mark.slow  # a process is started that draws the widgets

VIEW = """<Card>
  {/* 🎉 */}
  <Title value={title} size="sm" />
  <Row>
    <Text value="a" />
    {items.map((item) => (
      <Badge key={item.id} label={item.name} />
    ))}
  </Row>
</Card>
"""
SCHEMA = {
    "type": "object",
    "properties": {
        "title": {"type": "string"},
        "items": {
            "type": "array",
            "items": {"type": "object", "properties": {"id": {"type": "string"}, "name": {"type": "string"}}},
        },
    },
}


def ask(studio: TestClient, verb: str, **body: Any) -> Any:
    return studio.post(f"/api/{verb}", json=body)


def nodes(studio: TestClient, view: str = VIEW) -> dict[str, dict[str, Any]]:
    built = ask(studio, "build", view=view, data={"title": "", "items": []}, check=False).json()
    return {node["tag"]: node for node in built["nodes"]}


class TestEdits:
    def test_nodes_say_what_stands_between_their_tags(self, studio: TestClient) -> None:
        known = nodes(studio)
        assert known["Card"]["children"] == [known["Title"]["id"], known["Row"]["id"]]
        assert known["Row"]["children"] == [known["Text"]["id"], None]
        assert [known[tag]["movable"] for tag in ("Card", "Title", "Text", "Badge")] == [
            False,
            True,
            True,
            False,
        ]

    def test_a_prop_is_set_and_taken_away(self, studio: TestClient) -> None:
        title = nodes(studio)["Title"]["id"]
        larger = ask(studio, "edit", view=VIEW, action="set", node=title, name="size", value="lg").json()
        assert 'size="lg"' in larger["view"]
        assert larger["selected"] == title
        bound = ask(studio, "edit", view=VIEW, action="set", node=title, name="color", source="tone").json()
        assert "color={tone}" in bound["view"]
        plain = ask(studio, "edit", view=VIEW, action="set", node=title, name="size", value=None).json()
        assert "<Title value={title} />" in plain["view"]

    def test_edits_are_places_of_the_page_and_give_the_new_view(self, studio: TestClient) -> None:
        text = nodes(studio)["Text"]["id"]
        answer = ask(studio, "edit", view=VIEW, action="delete", node=text).json()
        units = VIEW.encode("utf-16-le")
        for edit in reversed(answer["edits"]):
            units = units[: edit["from"] * 2] + edit["insert"].encode("utf-16-le") + units[edit["to"] * 2 :]
        assert units.decode("utf-16-le") == answer["view"]
        assert "<Text" not in answer["view"]
        assert answer["selected"] is None

    @pytest.mark.parametrize(
        ("change", "tag"),
        [
            ({"action": "insert", "index": 1, "jsx": '<Icon name="star" />'}, "Icon"),
            ({"action": "insert", "index": 9, "jsx": "<Col>\n  <Spacer />\n</Col>"}, "Col"),
            ({"action": "wrap", "tag": "Box"}, "Box"),
            ({"action": "duplicate"}, "Title"),
            ({"action": "move", "index": 0}, "Title"),
        ],
        ids=lambda value: value["action"] if isinstance(value, dict) else str(value),
    )
    def test_what_was_put_in_is_selected(self, studio: TestClient, change: dict[str, Any], tag: str) -> None:
        known = nodes(studio)
        about = {"node": known["Title"]["id"], "parent": known["Row"]["id"]}
        answer = ask(studio, "edit", view=VIEW, **about, **change).json()
        chosen = next(node for node in answer["nodes"] if node["id"] == answer["selected"])
        assert chosen["tag"] == tag
        if change["action"] == "move":
            assert chosen["parent"] == next(node["id"] for node in answer["nodes"] if node["tag"] == "Row")

    @pytest.mark.parametrize(
        "change",
        [
            {"action": "explode"},
            {"action": "delete", "node": 99},
            {"action": "delete", "node": 0},
            {"action": "delete", "node": "0"},
            {"action": "set", "node": 0, "name": "a b", "value": 1},
            {"action": "wrap", "node": 1, "tag": "<Box"},
            {"action": "move", "node": 2, "parent": 3, "index": 0},
        ],
        ids=str,
    )
    def test_an_edit_that_cannot_be_made_is_refused_with_words(
        self, studio: TestClient, change: dict[str, Any]
    ) -> None:
        answer = ask(studio, "edit", view=VIEW, **change)
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "studio.edit")
        assert answer.json()["error"]["message"].endswith(".")


class TestCompletion:
    def test_paths_of_the_schema_are_offered_inside_a_loop(self, studio: TestClient) -> None:
        view = VIEW.replace("item.name", "item.")
        at = len(view[: view.index("item.}") + 5].encode("utf-16-le")) // 2
        found = ask(studio, "complete", view=view, offset=at, schema=SCHEMA).json()["completions"]
        assert {one["label"] for one in found if one["kind"] == "variable"} == {"id", "name"}
        assert all(one["from"] == one["to"] == at for one in found)

    def test_props_values_and_icons_are_offered(self, studio: TestClient) -> None:
        view = '<Card><Icon name="st'
        labels = [
            one["label"] for one in ask(studio, "complete", view=view, offset=len(view)).json()["completions"]
        ]
        assert "star" in labels
        view = "<Card "
        labels = [
            one["label"] for one in ask(studio, "complete", view=view, offset=len(view)).json()["completions"]
        ]
        assert "asForm" in labels

    def test_words_are_explained(self, studio: TestClient) -> None:
        at = len(VIEW[: VIEW.index("item.name") + 6].encode("utf-16-le")) // 2
        found = ask(studio, "hover", view=VIEW, offset=at, schema=SCHEMA).json()["hover"]
        assert found["text"].startswith("`item.name`: string")
        assert ask(studio, "hover", view=VIEW, offset=0, schema=SCHEMA).json() == {"hover": None}

    @pytest.mark.parametrize("offset", [-5, 0, 3, 10**9, None, "x"])
    def test_a_made_up_place_does_no_harm(self, studio: TestClient, offset: Any) -> None:
        assert ask(studio, "complete", view=VIEW, offset=offset).status_code == 200
        assert ask(studio, "hover", view=VIEW, offset=offset).status_code == 200


class TestFormat:
    def test_schema_and_data_are_formatted_too(self, studio: TestClient) -> None:
        schema = 'import {z} from "zod"; export default z.strictObject({a:z.string(),b:z.array(z.object({ccccccccccccccccccc:z.number(),ddddddddddddddd:z.number()}))})'
        answer = ask(studio, "format", view="<Card/>", schema=schema, schemaMode="zod", data='{"a":1}').json()
        assert answer["view"] == "<Card />\n"
        assert "  b: z.array(z.object({\n    ccc" in answer["schema"]
        assert answer["data"] == '{\n  "a": 1\n}'
        as_json = ask(studio, "format", schema='{"type":"object"}', schemaMode="jsonSchema").json()
        assert as_json == {"view": None, "schema": '{\n  "type": "object"\n}', "data": None}

    def test_what_has_errors_is_left_alone(self, studio: TestClient) -> None:
        answer = ask(
            studio, "format", view="<Card", schema="export default z.(", schemaMode="zod", data="{"
        ).json()
        assert answer == {"view": None, "schema": None, "data": None}


class TestSnippets:
    @pytest.fixture
    def gallery(self, studio: TestClient) -> list[dict[str, Any]]:
        return studio.post("/api/gallery", json={}).json()["widgets"]

    @pytest.mark.parametrize("kind", ["types", "python"])
    def test_python_of_every_gallery_widget_runs_beside_its_file(
        self, studio: TestClient, gallery: list[dict[str, Any]], tmp_path: Path, kind: str
    ) -> None:
        for entry in gallery:
            file = f"{entry['id']}.widget"
            (tmp_path / file).write_text(entry["text"], "utf-8")
            document = entry["document"]
            states = [{"name": "Default", "data": document["defaultState"]}]
            code = ask(
                studio, "snippet", kind=kind, file=file, jsonSchema=entry["jsonSchema"], states=states
            ).json()["text"]
            (tmp_path / "snippet.py").write_text(code, "utf-8")
            made = runpy.run_path(str(tmp_path / "snippet.py"))
            if kind == "python":
                assert made["build"](made["EXAMPLE"]).model_dump()["type"] == entry["widget"]["type"]

    def test_the_test_passes_and_fails_when_the_widget_breaks(
        self, studio: TestClient, tmp_path: Path
    ) -> None:
        text = (GALLERY / "flight.widget").read_text("utf-8")
        document = ask(studio, "read", text=text).json()["document"]
        states = [{"name": "Default", "data": document["defaultState"]}, *document["states"]]
        code = ask(studio, "snippet", kind="pytest", file="flight.widget", states=states).json()["text"]
        (tmp_path / "test_flight.py").write_text(code, "utf-8")
        (tmp_path / "flight.widget").write_text(text, "utf-8")
        run = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
        assert subprocess.run(run, capture_output=True, check=False).returncode == 0
        broken = {**json.loads(text), "template": '{"type":"Nonsense"}'}
        (tmp_path / "flight.widget").write_text(json.dumps(broken), "utf-8")
        assert subprocess.run(run, capture_output=True, check=False).returncode == 1

    @pytest.mark.parametrize(
        "file", ["../../etc/passwd", 'a"b\n.widget', "class.widget", "1.widget", "", "日本.widget"]
    )
    def test_any_file_name_gives_code_that_can_be_read(self, studio: TestClient, file: str) -> None:
        for kind in ("types", "python", "pytest"):
            body = {
                "kind": kind,
                "file": file,
                "jsonSchema": SCHEMA,
                "states": [{"name": 'a"\n', "data": {"a": "'\""}}],
            }
            compile(ask(studio, "snippet", **body).json()["text"], "snippet.py", "exec")


def test_places_go_there_and_back() -> None:
    text = "a😀b👩‍🚀c"
    places = Places(text)
    for at in range(len(text) + 1):
        assert places.units(at) == len(text[:at].encode("utf-16-le")) // 2
        assert places.characters(places.units(at)) == at
    assert places.units(99) == places.units(len(text))
    assert places.characters(-3) == 0
