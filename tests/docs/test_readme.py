"""The README's app is run as it stands there."""

import re
import runpy
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

README = Path(__file__).parents[2] / "README.md"


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    assert found is not None
    return found.group(1)


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.chdir(tmp_path)
    scope: dict[str, Any] = {"__name__": "hello"}
    exec(compile(block("python"), str(README), "exec"), scope)
    return scope["app"]


@pytest.mark.behaviour("D86")
def test_the_app_of_the_readme_shows_its_card_and_keeps_it(app: Any, tmp_path: Path) -> None:
    message = {"content": [{"type": "input_text", "text": "Hi"}], "attachments": [], "inference_options": {}}
    with TestClient(app) as browser:
        answer = browser.post("/chatkit", json={"type": "threads.create", "params": {"input": message}})
        assert answer.status_code == 200
        assert '"Wave back"' in answer.text
        threads = browser.post("/chatkit", json={"type": "threads.list", "params": {}}).json()["data"]
        assert len(threads) == 1
    assert (tmp_path / "chat.db").exists()


def test_the_plain_example_serves_its_page_and_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    app = runpy.run_path(str(README.parent / "examples" / "plain" / "app.py"))["app"]
    message = {"content": [{"type": "input_text", "text": "Hi"}], "attachments": [], "inference_options": {}}
    with TestClient(app) as browser:
        assert '<openai-chatkit id="chat">' in browser.get("/").text
        answer = browser.post("/chatkit", json={"type": "threads.create", "params": {"input": message}})
        assert '"Wave back"' in answer.text


@pytest.mark.behaviour("D86")
def test_the_app_of_the_readme_has_ten_lines_of_code() -> None:
    code = [line for line in block("python").splitlines() if line.strip()]
    imports = [line for line in code if line.startswith(("from ", "import "))]
    assert len(code) - len(imports) <= 10


def test_every_place_that_the_documentation_links_to_exists() -> None:
    root = README.parent
    pages = [root / f"{name}.md" for name in ("README", "ARCHITECTURE", "CONTRIBUTING", "CHANGELOG")]
    pages += [root / "examples" / "README.md", *sorted((root / "docs").rglob("*.md"))]
    links = [
        (page, page if not target else page.parent / target, anchor)
        for page in pages
        for target, anchor in re.findall(r"\]\(([^)#:\s]*)(?:#([^)\s]*))?\)", page.read_text("utf-8"))
    ]
    broken = [
        f"{page.relative_to(root)}: {target.name}#{anchor}"
        for page, target, anchor in links
        if not target.exists() or (anchor and anchor not in anchors(target))
    ]
    assert broken == []


def anchors(page: Path) -> set[str]:
    """The names of a page's headings, as code hosts make them."""
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
