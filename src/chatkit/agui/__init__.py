"""AG-UI in: agents of Pydantic AI, LangGraph, ADK, CrewAI and others, as a conversation.

Needs the extra ``agui``.
"""

# ruff: noqa: E402  (the check comes before the imports that need it)
from chatkit._extras import require

require("agui", "httpx", purpose="chatkit.agui")

from chatkit._bridge.context import AgentContext, ClientToolCall
from chatkit._bridge.converter import ResponseStreamConverter
from chatkit._bridge.model_error import ModelError
from chatkit._bridge.thread_input import ThreadItemConverter, simple_to_agent_input

from ._interrupts import resume_agui
from ._messages import to_agui_messages
from ._stream import AGUIAgent, agui_state, stream_agui_events

__all__ = [
    "AGUIAgent",
    "AgentContext",
    "ClientToolCall",
    "ModelError",
    "ResponseStreamConverter",
    "ThreadItemConverter",
    "agui_state",
    "resume_agui",
    "simple_to_agent_input",
    "stream_agui_events",
    "to_agui_messages",
]
