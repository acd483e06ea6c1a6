"""The pages of the widget language: what they show compiles, and the generated ones are up to date."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from chatkit.compiler import compile_widget
from chatkit.compiler._zod import compile_zod
from chatkit.widgets import WidgetTemplate
from chatkit.widgets.definitions import COMPONENTS

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
LANGUAGE = (DOCS / "widget-language.md").read_text("utf-8")
COMPONENT_PAGE = (DOCS / "components.md").read_text("utf-8")
DATA: dict[str, Any] = {
    "title": "T",
    "items": [{"id": "1", "name": "a"}],
    "orders": [{"id": "1", "open": True, "total": 1234.5, "lines": [1]}],
}


def _blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", page, re.DOTALL)


def test_the_generated_pages_are_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "language_pages.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("view", _blocks(LANGUAGE, "jsx"))
def test_a_view_of_the_language_page_compiles_and_draws(view: str) -> None:
    result = compile_widget(view, data=DATA)
    assert [found for found in result.diagnostics if found.severity == "error"] == []
    assert WidgetTemplate(result.widget()).render(DATA) == result.preview


@pytest.mark.parametrize("schema", _blocks(LANGUAGE, "ts"))
def test_a_schema_of_the_language_page_is_read(schema: str) -> None:
    assert compile_zod(schema)[0] is not None


@pytest.mark.parametrize("code", _blocks(LANGUAGE, "python"))
def test_python_of_the_language_page_runs(code: str) -> None:
    names: dict[str, Any] = {}
    exec(compile(code, "widget-language.md", "exec"), names)
    assert names["widget"].model_dump(exclude_none=True)["children"][0]["value"] == "Hello, Grace!"


@pytest.mark.parametrize("name", list(COMPONENTS))
def test_the_example_of_a_component_compiles_without_a_finding_and_is_accepted_by_the_strict_runtime(
    name: str,
) -> None:
    section = COMPONENT_PAGE.split(f"\n## {name}\n", 1)[1]
    view = _blocks(section, "jsx")[0]
    assert f"<{name}" in view
    result = compile_widget(view)
    assert [found for found in result.diagnostics if found.severity != "info"] == []
    assert WidgetTemplate(result.widget(), strict=True).build({})


def test_the_language_page_names_every_verb() -> None:
    from chatkit._cli.widget import app

    pages = (
        LANGUAGE
        + (DOCS / "coming-from-widgets-studio.md").read_text("utf-8")
        + (DOCS / "diagnostics.md").read_text("utf-8")
    )
    verbs = [command.callback.__name__ for command in app.registered_commands if command.callback]
    assert {"new", "build", "check", "watch", "render", "types", "fmt", "unpack", "explain"} == set(verbs)
    for verb in set(verbs) - {"fmt"}:
        assert f"chatkit widget {verb}" in pages
    assert "chatkit-widget-fmt" in pages
