"""What a run of the Agents SDK does, told as steps: its model's answers, and its tools."""

from __future__ import annotations

from typing import Any, Final

from chatkit._telemetry import Span, open_span, tell, time_it

from .reading import read, read_text

__all__ = ["Steps"]

_ENDS: Final = {
    "response.completed": "done",
    "response.incomplete": "incomplete",
    "response.failed": "failed",
}


class Steps:
    """Tells of answers and tool calls as their events pass."""

    def __init__(self) -> None:
        self._answer: Span | None = None
        self._tools: dict[str, tuple[str, Span]] = {}

    def model_event(self, data: Any) -> None:
        """An event of the Responses API that is no text delta."""
        if data.type == "response.created":
            model = read_text(read(data, "response"), "model") or None
            about = {"gen_ai.operation.name": "chat", "gen_ai.request.model": model}
            self._answer = open_span("chatkit.model", about, kind="CLIENT")
        elif data.type in _ENDS and self._answer is not None:
            self._end_answer(_ENDS[data.type], read(read(data, "response"), "usage"))

    def run_item(self, name: str, item: Any) -> None:
        """A tool was called, or gave its result."""
        call_id = read_text(item, "call_id")
        if name == "tool_called" and call_id:
            tool = read_text(item, "name") or read_text(item, "type")
            about = {
                "gen_ai.operation.name": "execute_tool",
                "gen_ai.tool.name": tool,
                "gen_ai.tool.call.id": call_id,
            }
            self._tools[call_id] = tool, open_span("chatkit.tool", about)
        elif name == "tool_output" and call_id in self._tools:
            tool, step = self._tools.pop(call_id)
            step.end()
            tell("chatkit.tool.calls", tool=tool)
            time_it("chatkit.tool.duration", step.seconds)

    def close(self, error: BaseException | None = None) -> None:
        """The run is over; what was still open ends with it."""
        for _, step in self._tools.values():
            step.end()
        self._tools.clear()
        if self._answer is not None:
            if error is not None:
                self._answer.fail(error)
            self._end_answer("failed" if error is not None else "left", None)

    def _end_answer(self, outcome: str, usage: Any) -> None:
        step, self._answer = self._answer, None
        if step is None:
            return
        for kind in ("input", "output"):
            tokens = read(usage, f"{kind}_tokens")
            if isinstance(tokens, int):
                tell("chatkit.model.tokens", tokens, kind=kind)
                step.note({f"gen_ai.usage.{kind}_tokens": tokens})
        step.end()
        tell("chatkit.model.calls", outcome=outcome)
        time_it("chatkit.model.duration", step.seconds)
