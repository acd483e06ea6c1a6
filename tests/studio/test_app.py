"""The Studio's calls: what its page asks for, and who may ask."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from chatkit.studio._gallery_page import GALLERY
from chatkit.widgets import WidgetTemplate

pytestmark = pytest.mark.slow  # a process is started that draws the widgets


def source_of(document: dict[str, Any]) -> dict[str, Any]:
    """What the page sends to build a document."""
    schema = document["jsonSchema"] if document.get("schemaMode") == "jsonSchema" else document.get("schema")
    return {
        "name": document.get("name"),
        "view": document["view"],
        "schema": json.dumps(schema) if isinstance(schema, dict) else schema,
        "schemaMode": document.get("schemaMode"),
        "data": document.get("defaultState"),
        "states": document.get("states"),
        "document": document,
    }


def ask(studio: TestClient, verb: str, body: dict[str, Any] | None = None, **headers: str) -> Any:
    return studio.post(f"/api/{verb}", json=body or {}, headers=headers)


class TestWhoMayAsk:
    def test_a_page_of_another_name_for_this_machine_is_refused(self, studio: TestClient) -> None:
        answer = ask(studio, "files", host="evil.example:8100")
        assert answer.status_code == 403
        assert "does not answer to the name" in answer.json()["error"]["message"]

    @pytest.mark.parametrize(
        "headers",
        [
            {"origin": "https://evil.example"},
            {"origin": "null"},
            {"origin": "http://127.0.0.1:9999"},
            {"sec-fetch-site": "cross-site"},
            {"sec-fetch-site": "same-site"},
        ],
        ids=str,
    )
    def test_pages_of_other_origins_are_refused(self, studio: TestClient, headers: dict[str, str]) -> None:
        assert ask(studio, "files", **headers).status_code == 403

    def test_a_form_of_another_page_is_refused(self, studio: TestClient) -> None:
        answer = studio.post("/api/files", content="{}", headers={"content-type": "text/plain"})
        assert answer.status_code == 403

    @pytest.mark.parametrize("host", ["127.0.0.1:8100", "localhost:8100", "[::1]:8100"])
    def test_the_machine_s_own_names_are_answered(self, studio: TestClient, host: str) -> None:
        assert ask(studio, "files", host=host, origin=f"http://{host}").status_code == 200

    def test_every_answer_forbids_what_the_page_does_not_need(self, studio: TestClient) -> None:
        for answer in (ask(studio, "files"), studio.get("/"), ask(studio, "files", host="x")):
            policy = answer.headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "connect-src 'self'" in policy
            assert "unsafe" not in policy


class TestBodies:
    def test_a_body_that_is_not_json_is_told_so(self, studio: TestClient) -> None:
        answer = studio.post("/api/open", content="{", headers={"content-type": "application/json"})
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "studio.invalid")

    def test_a_body_that_nests_without_end_is_refused(self, studio: TestClient) -> None:
        content = "[" * 200_000
        answer = studio.post("/api/open", content=content, headers={"content-type": "application/json"})
        assert answer.status_code == 400

    def test_a_body_past_the_limit_is_refused(self, studio: TestClient) -> None:
        answer = ask(studio, "read", {"text": "x" * 8_000_001})
        assert (answer.status_code, answer.json()["error"]["code"]) == (413, "studio.too_large")

    def test_a_missing_text_names_its_field(self, studio: TestClient) -> None:
        assert ask(studio, "open", {"path": 3}).json()["error"]["path"] == "path"

    def test_an_unknown_call_is_not_found(self, studio: TestClient) -> None:
        assert ask(studio, "shell").status_code == 404


class TestFiles:
    def test_a_file_is_opened_changed_and_saved(self, studio: TestClient, folder: Path) -> None:
        opened = ask(studio, "open", {"path": "flight.widget"}).json()
        document = opened["document"]
        document["view"] = document["view"].replace('size="md"', 'size="lg"', 1)
        built = ask(studio, "build", {**source_of(document), "name": "Another name"}).json()
        saved = ask(
            studio,
            "save",
            {"path": "flight.widget", "text": built["file"], "revision": opened["revision"]},
        ).json()

        again = ask(studio, "open", {"path": "flight.widget"}).json()
        assert again["revision"] == saved["revision"]
        assert again["document"]["view"] == document["view"]
        assert again["document"]["id"] == document["id"]
        assert again["name"] == again["document"]["name"] == "Another name"
        widget = WidgetTemplate.from_file(str(folder / "flight.widget")).build(document["defaultState"])
        assert widget.model_dump()["size"] == "lg"

    def test_a_conflict_answers_with_what_is_there(self, studio: TestClient, folder: Path) -> None:
        opened = ask(studio, "open", {"path": "flight.widget"}).json()
        (folder / "flight.widget").write_text("theirs")
        answer = ask(
            studio, "save", {"path": "flight.widget", "text": "mine", "revision": opened["revision"]}
        )

        assert answer.status_code == 409
        assert answer.json()["text"] == "theirs"
        assert (folder / "flight.widget").read_text() == "theirs"

    def test_a_path_outside_is_refused(self, studio: TestClient, folder: Path) -> None:
        assert ask(studio, "open", {"path": "../x.widget"}).status_code == 403
        assert ask(studio, "save", {"path": "/tmp/x.widget", "text": "", "revision": None}).status_code == 403

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "{",
            "[]",
            "null",
            '{"encodedWidget": "!!!!"}',
            "\ud83d".encode("utf-8", "ignore").decode(),
            "{" * 50_000,
        ],
        ids=lambda text: repr(text)[:16],
    )
    def test_a_file_that_is_no_widget_opens_with_findings(self, studio: TestClient, text: str) -> None:
        opened = ask(studio, "read", {"text": text}).json()
        assert opened["document"] is None
        assert opened["diagnostics"]

    def test_the_page_s_static_files_stay_in_their_folder(self, studio: TestClient) -> None:
        for path in ("/../_app.py", "/%2e%2e/_app.py", "/..%2f_app.py"):
            assert studio.get(path).status_code == 404


class TestBuild:
    def test_every_state_is_drawn_by_the_runtime(self, studio: TestClient) -> None:
        document = ask(studio, "read", {"text": (GALLERY / "flight.widget").read_text("utf-8")}).json()[
            "document"
        ]
        built = ask(studio, "build", source_of(document)).json()

        assert built["ok"]
        assert set(built["drawn"]) == {"Default", *(state["name"] for state in document["states"])}
        for drawn in built["drawn"].values():
            assert drawn["widget"]["type"] == "Card"
            assert drawn["differs"] == []
        assert built["nodes"][built["previewNodes"]["children.0"]]["tag"] == "Row"

    def test_a_faulty_view_gives_findings_and_no_file(self, studio: TestClient) -> None:
        built = ask(studio, "build", {"view": "<Card><Text</Card>", "data": {}}).json()
        assert built["file"] is None
        assert any(found["severity"] == "error" and found["part"] == "view" for found in built["diagnostics"])

    def test_places_are_in_the_units_of_the_page(self, studio: TestClient) -> None:
        view = '<Card>{/* 😀 */}<Badge label="x" colour="info" /></Card>'
        built = ask(studio, "build", {"view": view, "data": {}}).json()
        found = next(one for one in built["diagnostics"] if "colour" in one["message"])
        start, end = (
            len(view[: view.index(text)].encode("utf-16-le")) // 2 for text in ("colour", '="info"')
        )
        assert (found["from"], found["to"]) == (start, end)
        badge = next(node for node in built["nodes"] if node["tag"] == "Badge")
        assert badge["from"] == len(view[: view.index("<Badge")].encode("utf-16-le")) // 2

    def test_a_quick_build_draws_the_same(self, studio: TestClient) -> None:
        document = ask(studio, "read", {"text": (GALLERY / "sales.widget").read_text("utf-8")}).json()[
            "document"
        ]
        careful = ask(studio, "build", source_of(document)).json()
        quick = ask(studio, "build", {**source_of(document), "check": False}).json()
        assert quick["drawn"] == careful["drawn"]
        assert quick["file"] == careful["file"]

    @pytest.mark.parametrize("path", sorted(GALLERY.glob("*.widget")), ids=lambda path: path.stem)
    def test_what_shows_while_typing_is_what_the_runtime_draws(self, studio: TestClient, path: Path) -> None:
        document = ask(studio, "read", {"text": path.read_text("utf-8")}).json()["document"]
        for name in ("Default", *(state["name"] for state in document["states"])):
            source = source_of(document)
            quick = ask(studio, "build", {**source, "check": False, "only": name}).json()
            whole = ask(studio, "build", {**source, "check": False, "show": name}).json()
            assert quick["drawn"] == {
                name: whole["drawn"][name] | {"preview": quick["drawn"][name]["preview"]}
            }
            assert quick["previewNodes"] == whole["previewNodes"]
            assert quick["file"] is None

    def test_a_stream_is_whole_once_and_then_grows_by_deltas(self, studio: TestClient) -> None:
        view = '<Card><Markdown id="text" value={text} streaming /></Card>'
        built = ask(studio, "build", {"view": view, "data": {"text": "one two three"}}).json()
        frames = [{"text": "one"}, {"text": "one two"}, {"text": "one two three"}]
        steps = ask(studio, "stream", {"definition": json.loads(built["file"]), "frames": frames}).json()[
            "steps"
        ]

        assert [len(step["updates"]) for step in steps] == [0, 1, 1]
        assert [step["updates"][0]["delta"] for step in steps[1:]] == [" two", " three"]
        sent = [step["updates"][0] for step in steps[1:]]
        assert [step["bytes"] for step in steps[1:]] == [
            len(json.dumps(update, separators=(",", ":")).encode()) for update in sent
        ]

    def test_states_are_made_up_from_a_schema_and_fit_it(self, studio: TestClient) -> None:
        view = "<Card><Text value={title} /></Card>"
        schema = 'import { z } from "zod"\nexport default z.strictObject({ title: z.string(), note: z.string().optional() })'
        built = ask(studio, "build", {"view": view, "schema": schema, "data": {"title": "a"}}).json()
        states = ask(studio, "generate", {"schema": built["jsonSchema"]}).json()["states"]
        drawn = ask(
            studio, "build", {"view": view, "schema": schema, "data": {"title": "a"}, "states": states}
        ).json()["drawn"]

        assert any("note" not in state["data"] for state in states)
        assert all("widget" in drawn[state["name"]] for state in states)

    def test_a_view_is_formatted_and_a_faulty_one_left_alone(self, studio: TestClient) -> None:
        formatted = ask(studio, "format", {"view": "<Card   size='sm'><Text value={a}/></Card>"}).json()[
            "view"
        ]
        assert "\n  <Text value={a} />\n" in formatted
        assert ask(studio, "format", {"view": "<Card"}).json()["view"] is None


class TestGallery:
    def test_it_shows_every_component_in_at_least_24_widgets(self, studio: TestClient) -> None:
        widgets = ask(studio, "gallery").json()["widgets"]
        components = {one["name"] for one in ask(studio, "reference").json()["components"]}
        views = " ".join(entry["document"]["view"] for entry in widgets)

        assert len(widgets) >= 24
        assert {name for name in components if f"<{name}" not in views} <= {"Basic"}

    @pytest.mark.parametrize("path", sorted(GALLERY.glob("*.widget")), ids=lambda path: path.stem)
    def test_each_of_its_widgets_builds_without_errors(self, studio: TestClient, path: Path) -> None:
        document = ask(studio, "read", {"text": path.read_text("utf-8")}).json()["document"]
        built = ask(studio, "build", source_of(document)).json()
        assert [found for found in built["diagnostics"] if found["severity"] == "error"] == []
        assert all(drawn["differs"] == [] for drawn in built["drawn"].values())


class TestWhatIsNoText:
    @pytest.mark.parametrize(
        ("verb", "body"),
        [
            ("open", r'{"path": "\ud83d.widget"}'),
            ("save", r'{"path": "new.widget", "text": "half of \uD83D", "revision": null}'),
            ("save", r'{"path": "\udc00.widget", "text": "", "revision": null}'),
            ("rename", r'{"path": "flight.widget", "to": "\ud83d.widget", "revision": null}'),
            ("remove", r'{"path": "\ud83d.widget"}'),
            ("stream", r'{"definition": {"\ud83d": 1}, "frames": [{"x": "\ud83d"}]}'),
        ],
    )
    def test_half_a_character_is_refused_and_nothing_is_written(
        self, studio: TestClient, folder: Path, verb: str, body: str
    ) -> None:
        before = sorted(folder.rglob("*"))
        answer = studio.post(f"/api/{verb}", content=body, headers={"content-type": "application/json"})
        assert answer.status_code == 400
        assert "half a character" in answer.json()["error"]["message"]
        assert sorted(folder.rglob("*")) == before

    def test_whole_characters_written_as_two_halves_are_taken(self, studio: TestClient, folder: Path) -> None:
        body = r'{"path": "\ud83d\ude00.widget", "text": "\ud83d\ude00 \\ud83d", "revision": null}'
        answer = studio.post("/api/save", content=body, headers={"content-type": "application/json"})
        assert answer.status_code == 200
        assert (folder / "😀.widget").read_text(encoding="utf-8") == r"😀 \ud83d"
