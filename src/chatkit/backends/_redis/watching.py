"""Each command to Redis as a step of the trace that it belongs to. Keys and values are never told."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from chatkit._telemetry import in_trace, open_span

__all__ = ["watched"]


@contextmanager
def watched(name: str, command: str) -> Generator[None]:
    """Tell of a command while it is under way, where a trace is being recorded.

    :param name: the step, such as ``chatkit.log append``.
    :param command: what Redis calls it.
    """
    if not in_trace():
        yield
        return
    about = {"db.system.name": "redis", "db.operation.name": command}
    step = open_span(name, about, kind="CLIENT")
    try:
        yield
    except Exception as error:
        step.fail(type(error).__name__)  # its words may carry values
        raise
    finally:
        step.end()
