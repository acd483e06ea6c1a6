"""Each statement as a number and, within a trace, as a step. Values are never told: they are what people said."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Engine, event

from chatkit._telemetry import Span, current, in_trace, open_span, tell, time_it

__all__ = ["watch_statements"]

_STEP: Final = "chatkit_step"
_VERBS: Final = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"})


def watch_statements(engine: Engine) -> None:
    """Tell the current telemetry of every statement that the engine sends."""
    event.listen(engine, "before_cursor_execute", _begin)
    event.listen(engine, "after_cursor_execute", _end)
    event.listen(engine, "handle_error", _fail)


def _begin(connection: Any, _cursor: Any, statement: str, _values: Any, _context: Any, _many: bool) -> None:
    if current.get() is None:
        return
    verb = statement.split(None, 1)[0].upper()
    tell("chatkit.statements", verb=verb if verb in _VERBS else "other")
    if in_trace():
        about = {
            "db.system.name": engine_name(connection),
            "db.operation.name": verb,
            "db.query.text": statement,
        }
        connection.info[_STEP] = open_span(f"chatkit.store {verb}", about, kind="CLIENT")
    else:
        connection.info[_STEP] = Span()


def _end(connection: Any, *_rest: Any) -> None:
    step: Span | None = connection.info.pop(_STEP, None)
    if step is not None:
        step.end()
        time_it("chatkit.statement.duration", step.seconds)


def _fail(context: Any) -> None:
    connection = context.connection
    step: Span | None = None if connection is None else connection.info.pop(_STEP, None)
    if step is not None:
        step.fail(type(context.original_exception).__name__)  # its words may carry values
        step.end()


def engine_name(connection: Any) -> str:
    """The database's name as OpenTelemetry writes it."""
    return "sqlite" if connection.dialect.name == "sqlite" else "postgresql"
