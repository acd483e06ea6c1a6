import pytest
from agent_app import MakeModel, chat, responses

from agents import set_tracing_disabled


@pytest.fixture(autouse=True)
def _untraced() -> None:
    set_tracing_disabled(True)


@pytest.fixture(params=[responses, chat], ids=["responses", "chat_completions"])
def make_model(request: pytest.FixtureRequest) -> MakeModel:
    """Both wires that the SDK speaks."""
    return request.param
