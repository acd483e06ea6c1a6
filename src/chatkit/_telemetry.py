"""What an operator can see of a process: numbers for ``/metrics``, and both spans and numbers for OpenTelemetry.

One :class:`Telemetry` belongs to one app. While a request or a run is under way it is the current one, so that a store or
a model adapter can tell it something without being handed it. Where there is none, telling costs a look and nothing else.
"""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from contextvars import Context, ContextVar, copy_context
from dataclasses import dataclass, field
from typing import Any, Final, Literal, NamedTuple

from chatkit.version import __version__

__all__ = [
    "INSTRUMENTS",
    "Instrument",
    "Span",
    "Telemetry",
    "apart",
    "current",
    "in_trace",
    "open_span",
    "span",
    "tell",
    "time_it",
]


class Instrument(NamedTuple):
    """A number that is kept: a ``counter`` only grows, a ``gauge`` goes up and down, a ``histogram`` has buckets."""

    kind: Literal["counter", "gauge", "histogram"]
    unit: str
    meaning: str
    labels: tuple[str, ...] = ()


_SECONDS: Final = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0)

INSTRUMENTS: Final[Mapping[str, Instrument]] = {
    "chatkit.requests": Instrument(
        "counter", "", "Requests that were answered.", ("method", "status", "type")
    ),
    "chatkit.requests.open": Instrument("gauge", "", "Requests under way, open streams among them."),
    "chatkit.first_byte": Instrument("histogram", "s", "From a request to the first byte of its answer."),
    "chatkit.sent": Instrument("counter", "By", "Bytes of answers."),
    "chatkit.errors": Instrument("counter", "", "Requests refused and runs failed, by code.", ("code",)),
    "chatkit.runs": Instrument("counter", "", "Runs that ended, by how.", ("outcome", "type")),
    "chatkit.runs.running": Instrument("gauge", "", "Runs under way in this process."),
    "chatkit.run.duration": Instrument("histogram", "s", "From the beginning of a run to its end."),
    "chatkit.run.first_event": Instrument(
        "histogram", "s", "From the beginning to the handler's first event."
    ),
    "chatkit.events": Instrument("counter", "", "Events that handlers gave, text deltas among them."),
    "chatkit.frames": Instrument("counter", "", "Frames written to the stream log; merged deltas are one."),
    "chatkit.logged": Instrument("counter", "By", "Bytes of those frames."),
    "chatkit.frame.delay": Instrument(
        "histogram", "s", "From an event to the log that holds it; merging included."
    ),
    "chatkit.queue.waiting": Instrument("gauge", "", "Messages that wait until their thread is free."),
    "chatkit.queue.delay": Instrument("histogram", "s", "How long such a message waited."),
    "chatkit.uploads": Instrument(
        "counter", "", "Files that were sent, by what became of them.", ("outcome",)
    ),
    "chatkit.uploaded": Instrument("counter", "By", "Bytes of the files that were kept."),
    "chatkit.statements": Instrument("counter", "", "Statements sent to the database.", ("verb",)),
    "chatkit.statement.duration": Instrument("histogram", "s", "How long a statement took."),
    "chatkit.model.calls": Instrument("counter", "", "Answers asked of a model.", ("outcome",)),
    "chatkit.model.duration": Instrument("histogram", "s", "How long a model's answer took."),
    "chatkit.model.tokens": Instrument("counter", "", "Tokens, as far as models tell.", ("kind",)),
    "chatkit.tool.calls": Instrument("counter", "", "Calls of server tools.", ("tool",)),
    "chatkit.tool.duration": Instrument("histogram", "s", "How long a server tool took."),
}
"""Every number, by its name in OpenTelemetry. Prometheus writes it with underscores, the unit and ``_total``."""

_MOST_SERIES: Final = 1000
_UNITS: Final = {"s": "_seconds", "By": "_bytes", "": ""}
_NOTHING: Final[Mapping[str, Any]] = {}
_Labels = tuple[str, ...]


@dataclass(slots=True)
class _Histogram:
    buckets: list[int] = field(default_factory=lambda: [0] * (len(_SECONDS) + 1))
    total: float = 0.0
    count: int = 0


class Span:
    """A step under way. Without OpenTelemetry it only knows how long it takes."""

    __slots__ = ("_other", "began")

    def __init__(self, other: Any = None) -> None:
        self._other = other
        self.began = time.perf_counter()

    @property
    def seconds(self) -> float:
        """Since the step began."""
        return time.perf_counter() - self.began

    def note(self, attributes: Mapping[str, Any]) -> None:
        """Say more about the step; what is None is left out."""
        if self._other is not None:
            self._other.set_attributes(_told(attributes))

    def fail(self, error: BaseException | str) -> None:
        """Say that the step failed."""
        if self._other is None:
            return
        from opentelemetry.trace import Status, StatusCode

        if isinstance(error, BaseException):
            self._other.record_exception(error)
        self._other.set_status(Status(StatusCode.ERROR, str(error)))

    def end(self) -> None:
        """The step is over. Saying it again does nothing."""
        if self._other is not None and self._other.is_recording():
            self._other.end()


class Telemetry:
    """The numbers of one app, and its way to OpenTelemetry.

    :param export: whether to use OpenTelemetry where it is installed. What is told there goes where the app has
        configured its SDK to, and nowhere when it has not.
    """

    def __init__(self, *, export: bool = True) -> None:
        self._values: dict[str, dict[_Labels, float]] = {name: {} for name in INSTRUMENTS}
        self._histograms: dict[str, _Histogram] = {
            name: _Histogram() for name, made in INSTRUMENTS.items() if made.kind == "histogram"
        }
        self._tracer, self._exported = _open_telemetry() if export else (None, {})

    def add(self, name: str, amount: float = 1, **labels: str) -> None:
        """Add to a counter or a gauge."""
        known = INSTRUMENTS[name].labels
        key = tuple([labels.get(label, "") for label in known]) if known else ()
        series = self._values[name]
        if key not in series and len(series) >= _MOST_SERIES:
            return
        series[key] = series.get(key, 0) + amount
        exported = self._exported.get(name)
        if exported is not None:
            exported.add(amount, labels)

    def observe(self, name: str, seconds: float) -> None:
        """Put a time into a histogram."""
        histogram = self._histograms[name]
        histogram.buckets[bisect_left(_SECONDS, seconds)] += 1
        histogram.total += seconds
        histogram.count += 1
        exported = self._exported.get(name)
        if exported is not None:
            exported.record(seconds)

    def value(self, name: str, **labels: str) -> float:
        """What a counter or a gauge stands at, over all series that have these labels."""
        names = INSTRUMENTS[name].labels
        return sum(
            amount
            for key, amount in self._values[name].items()
            if all(key[names.index(label)] == wanted for label, wanted in labels.items())
        )

    @property
    def traces(self) -> bool:
        """Whether spans go anywhere: not before the app has set a provider up."""
        return self._tracer is not None and _has_provider()

    def open_span(
        self, name: str, attributes: Mapping[str, Any] = _NOTHING, *, kind: str = "INTERNAL"
    ) -> Span:
        """Begin a step that is ended by hand, for where a ``with`` cannot stand, such as around a ``yield``."""
        if self._tracer is None or not _has_provider():
            return Span()
        return Span(self._tracer.start_span(name, kind=_kind(kind), attributes=_told(attributes)))

    @contextmanager
    def span(
        self,
        name: str,
        attributes: Mapping[str, Any] = _NOTHING,
        *,
        kind: str = "INTERNAL",
        carrier: Mapping[str, str] | None = None,
    ) -> Generator[Span]:
        """A step; what is told within belongs to it.

        :param carrier: headers of the request that began it, for a trace that comes from elsewhere.
        """
        if self._tracer is None or not _has_provider():
            yield Span()
            return
        from opentelemetry import propagate, trace

        around = propagate.extract(carrier) if carrier else None
        begun = self._tracer.start_span(name, context=around, kind=_kind(kind), attributes=_told(attributes))
        with trace.use_span(begun, end_on_exit=True):
            yield Span(begun)

    def prometheus(self) -> Iterator[str]:
        """Every number that has been told, in the text format of Prometheus."""
        for name, made in INSTRUMENTS.items():
            shown = name.replace(".", "_") + _UNITS[made.unit] + ("_total" if made.kind == "counter" else "")
            yield f"# HELP {shown} {made.meaning}"
            yield f"# TYPE {shown} {made.kind}"
            if made.kind == "histogram":
                yield from _buckets(shown, self._histograms[name])
                continue
            series = self._values[name] or ({} if made.labels else {(): 0})
            for key, amount in sorted(series.items()):
                told = ",".join(f'{label}="{_quoted(v)}"' for label, v in zip(made.labels, key, strict=True))
                yield f"{shown}{{{told}}} {amount:g}" if told else f"{shown} {amount:g}"


current: ContextVar[Telemetry | None] = ContextVar("chatkit_telemetry", default=None)
"""The telemetry of the request or run that is under way here."""


def tell(name: str, amount: float = 1, **labels: str) -> None:
    """Add to a number of the current telemetry, if there is one."""
    here = current.get()
    if here is not None:
        here.add(name, amount, **labels)


def open_span(name: str, attributes: Mapping[str, Any] = _NOTHING, *, kind: str = "INTERNAL") -> Span:
    """Begin a step of the current telemetry that is ended by hand."""
    here = current.get()
    return Span() if here is None else here.open_span(name, attributes, kind=kind)


@contextmanager
def span(name: str, attributes: Mapping[str, Any] = _NOTHING, *, kind: str = "INTERNAL") -> Generator[Span]:
    """A step of the current telemetry."""
    here = current.get()
    if here is None:
        yield Span()
        return
    with here.span(name, attributes, kind=kind) as begun:
        yield begun


def time_it(name: str, seconds: float) -> None:
    """Put a time into a histogram of the current telemetry, if there is one."""
    here = current.get()
    if here is not None:
        here.observe(name, seconds)


def apart() -> Context:
    """A context for work that serves many runs at once: its steps belong to none of them."""
    context = copy_context()
    here = current.get()
    if here is not None and here.traces:
        context.run(_leave_span)
    return context


def in_trace() -> bool:
    """Whether a step that is told now would belong to a trace that is being recorded."""
    here = current.get()
    if here is None or not here.traces:
        return False
    from opentelemetry import trace

    return trace.get_current_span().is_recording()


def _has_provider() -> bool:
    from opentelemetry import trace

    return not isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider)


def _leave_span() -> None:
    from opentelemetry import context

    context.attach(context.Context())


def _told(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if value is not None}


def _kind(name: str) -> Any:
    from opentelemetry.trace import SpanKind

    return SpanKind[name]


def _open_telemetry() -> tuple[Any, dict[str, Any]]:
    """The tracer, and the instruments by name; nothing of both where the package is not installed."""
    try:
        from opentelemetry import metrics, trace
    except ImportError:
        return None, {}
    meter = metrics.get_meter("chatkit", __version__)
    make = {
        "counter": meter.create_counter,
        "gauge": meter.create_up_down_counter,
        "histogram": meter.create_histogram,
    }
    exported = {
        name: make[made.kind](name, unit=made.unit, description=made.meaning)
        for name, made in INSTRUMENTS.items()
    }
    return trace.get_tracer("chatkit", __version__), exported


def _buckets(shown: str, histogram: _Histogram) -> Iterator[str]:
    running = 0
    for bound, count in zip(_SECONDS, histogram.buckets, strict=False):
        running += count
        yield f'{shown}_bucket{{le="{bound:g}"}} {running}'
    yield f'{shown}_bucket{{le="+Inf"}} {histogram.count}'
    yield f"{shown}_sum {histogram.total:.6f}"
    yield f"{shown}_count {histogram.count}"


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
