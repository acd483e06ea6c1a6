"""Whatever an app imports from a module of openai-chatkit is there: also what that module has from elsewhere."""

from __future__ import annotations

import importlib
import json
import subprocess
from pathlib import Path

import pytest
from imported_names import USED
from list_names import MODULES, origin

HERE = Path(__file__).parent
PEER = HERE.parents[1] / ".cache" / "peer" / "bin" / "python"
WHOSE = {"chatkit", "agents", "openai"}  # names of pydantic and the standard library nobody looks for here
TYPE_VARIABLES = {"T1", "T2", "TContext", "TWidget"}


@pytest.mark.slow
@pytest.mark.parametrize("name", MODULES)
def test_all_that_can_be_imported_from_a_module_of_the_original_can_be_from_ours(name: str) -> None:
    if not PEER.exists():
        pytest.skip("openai-chatkit is not installed in .cache/peer: run `make .cache/peer/.ready`")
    command = [str(PEER), str(HERE / "list_names.py")]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    theirs = json.loads(ran.stdout)[name]
    module = importlib.import_module(f"chatkit.{name}")
    expected = {each for each, whose in theirs.items() if whose in WHOSE} - TYPE_VARIABLES
    assert not {each for each in expected if not hasattr(module, each)}


# What public apps import from a module although another one has it.
SEEN = {
    "server": "ThreadItemDoneEvent ThreadMetadata UserMessageItem AssistantMessageItem AssistantMessageContent Page "
    "ErrorEvent StreamError CustomStreamError HiddenContextItem WidgetItem ThreadItemReplacedEvent default_generate_id",
    "agents": "stream_widget ThreadMetadata UserMessageItem WidgetItem RunResultStreaming Store Markdown",
    "store": "Attachment Page ThreadItem ThreadMetadata",
    "types": "Action ErrorCode",
    "widgets": "ActionConfig IconName",
}


@pytest.mark.parametrize("name", SEEN)
def test_what_apps_import_from_a_neighbour_is_the_same_thing(name: str) -> None:
    module = importlib.import_module(f"chatkit.{name}")
    homes = [importlib.import_module(f"chatkit.{home}") for home in MODULES]
    for each in SEEN[name].split():
        thing = getattr(module, each)
        ours = [getattr(home, each) for home in homes if hasattr(home, each)]
        assert len(ours) > 1 or origin(thing) != "chatkit"
        assert all(found is thing for found in ours), each


def test_the_imports_of_public_apps_run() -> None:
    assert all(USED)
