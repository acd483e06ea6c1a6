"""The pages about stores, files, people and deploying: their code runs, and they name all that there is."""

import ast
import inspect
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from chatkit.backends.memory import MemoryStore
from chatkit.server import ChatKitServer
from chatkit.settings import Settings

DOCS = Path(__file__).parents[2] / "docs"


class Server(ChatKitServer[Any]):
    async def respond(self, thread: Any, input_user_message: Any, context: Any) -> Any:
        for event in ():
            yield event


@pytest.mark.parametrize("page", ["stores", "attachments", "auth"])
async def test_the_code_of_the_page_runs(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"```python\n(.*?)```", (DOCS / f"{page}.md").read_text(), re.DOTALL)
    assert blocks
    names: dict[str, Any] = {"server": Server(MemoryStore()), "__name__": page}
    for number, block in enumerate(blocks, 1):
        code = compile(block, f"{page}.md, block {number}", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        result = eval(code, names)
        if inspect.iscoroutine(result):
            await result


def test_every_setting_is_on_the_page_with_its_meaning() -> None:
    text = (DOCS / "cli.md").read_text()
    for name, field in Settings.model_fields.items():
        assert re.search(rf"\| `{name}` \| .* \| {re.escape(field.description or '')} \|", text), name


@pytest.mark.slow
def test_every_verb_and_every_option_is_on_the_page() -> None:
    text = (DOCS / "cli.md").read_text()
    fenced = re.findall(r"```sh\n.*?```", text, re.DOTALL)
    told = " ".join([*re.findall(r"`[^`\n]+`", re.sub(r"```.*?```", "", text, flags=re.DOTALL)), *fenced])
    verbs = ["demo", "new", "serve", "doctor", "settings", "migrate", "export", "import", "erase", "backup"]
    shown = _help()
    for verb in verbs:
        assert re.search(rf"^│ {verb} ", shown, re.MULTILINE), verb
        assert f"chatkit {verb}" in told
        for option in re.findall(r"│ (--[\w-]+)", _help(verb)):
            assert option == "--help" or option in told, f"{verb} {option}"


def _help(*verb: str) -> str:
    environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "200"}
    command = [sys.executable, "-m", "chatkit", *verb, "--help"]
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=60, check=True
    ).stdout
