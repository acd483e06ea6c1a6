"""The imports of public apps, as they write them; both type checkers read this file, and a test runs it."""

from __future__ import annotations

from chatkit.agents import AgentContext, stream_widget
from chatkit.server import ChatKitServer, StreamError, ThreadItemDoneEvent, default_generate_id
from chatkit.store import Store
from chatkit.types import ErrorCode, ErrorEvent
from chatkit.widgets import ActionConfig, Card

USED: list[object] = [
    ActionConfig,
    AgentContext,
    Card,
    ChatKitServer,
    ErrorEvent(code=ErrorCode.STREAM_ERROR),
    Store,
    StreamError(ErrorCode.STREAM_ERROR),
    ThreadItemDoneEvent,
    default_generate_id("message"),
    stream_widget,
]
