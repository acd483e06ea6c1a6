"""The OpenAI Agents SDK: its runs as events of a conversation, and the thread as input for its models.

Needs the extra ``agents``.
"""

# ruff: noqa: E402  (the check comes before the imports that need it)
from chatkit._extras import require

require("agents", "agents", "openai", purpose="chatkit.agents")

from collections.abc import AsyncGenerator, Sequence

from openai.types.responses import ResponseInputContentParam
from openai.types.responses.response_input_message_content_list_param import (
    ResponseInputMessageContentListParam,
)
from openai.types.responses.response_output_message import Content
from openai.types.responses.response_output_text import Annotation as ResponsesAnnotation

from agents import Runner, StreamEvent, TResponseInputItem
from chatkit._bridge.context import AgentContext, ClientToolCall
from chatkit._bridge.converter import ResponseStreamConverter
from chatkit._bridge.reasoning import StreamingThoughtTracker
from chatkit._bridge.thread_input import ThreadItemConverter, simple_to_agent_input
from chatkit.store import StoreItemType
from chatkit.types import Attachment, Task, ThreadItem, ThreadStreamEvent, WorkflowSummary
from chatkit.widgets import WidgetRoot

from ._also_here import *  # noqa: F403
from ._approvals import resume_run
from ._stream import stream_agent_response
from ._text_widget import accumulate_text

__all__ = [
    "AgentContext",
    "AsyncGenerator",
    "Attachment",
    "ClientToolCall",
    "Content",
    "ResponseInputContentParam",
    "ResponseInputMessageContentListParam",
    "ResponseStreamConverter",
    "ResponsesAnnotation",
    "Runner",
    "Sequence",
    "StoreItemType",
    "StreamEvent",
    "StreamingThoughtTracker",
    "TResponseInputItem",
    "Task",
    "ThreadItem",
    "ThreadItemConverter",
    "ThreadStreamEvent",
    "WidgetRoot",
    "WorkflowSummary",
    "accumulate_text",
    "resume_run",
    "simple_to_agent_input",
    "stream_agent_response",
]
