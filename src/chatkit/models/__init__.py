"""Models over plain HTTP: any chat-completions endpoint, and Anthropic's. No SDK of a vendor is needed.

Needs the extra ``models``.
"""

# ruff: noqa: E402  (the check comes before the imports that need it)
from chatkit._extras import require

require("models", "httpx", purpose="chatkit.models")

from chatkit._bridge.context import AgentContext, ClientToolCall
from chatkit._bridge.converter import ResponseStreamConverter
from chatkit._bridge.model_error import ModelError
from chatkit._bridge.output import ModelCall, Output
from chatkit._bridge.thread_input import ThreadItemConverter, simple_to_agent_input

from ._anthropic import Anthropic
from ._chat_completions import ChatCompletions
from ._stream import Model, stream_model_response
from ._tools import Tool, client_tool, tool

__all__ = [
    "AgentContext",
    "Anthropic",
    "ChatCompletions",
    "ClientToolCall",
    "Model",
    "ModelCall",
    "ModelError",
    "Output",
    "ResponseStreamConverter",
    "ThreadItemConverter",
    "Tool",
    "client_tool",
    "simple_to_agent_input",
    "stream_model_response",
    "tool",
]
