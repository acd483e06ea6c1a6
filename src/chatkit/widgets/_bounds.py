"""Bounds on what one build of a template may cost: turns of loops and calls together, and how long text may grow.

Sizes are looked at before they are made, so that a template can neither hold up the process nor eat its memory.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sized
from functools import wraps
from itertools import islice
from typing import Any, cast

from jinja2 import nodes, pass_context
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context, LoopContext
from jinja2.visitor import NodeTransformer

MAX_TEXT = 1_000_000
MAX_TURNS = 100_000
"""How many turns all loops of one build may make together, calls included."""
MOST_WRITTEN = 8 * MAX_TEXT
"""How many characters one build may write, those it captures and writes again included."""
_WIDEST = 10_000
_MOST_BITS = 4096
_WIDE_FORMAT = re.compile(r"\d{6,}|%[^%a-zA-Z]*\*|\{[^}]*\{")
_TURNS, _SHORT = "_turns", "_short"
_PADDING = frozenset({"center", "ljust", "rjust", "zfill", "expandtabs"})


class WidgetContext(Context):
    """One build. It counts what the build has done."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.spent = [0, 0]
        """Turns, and characters written."""

    def derived(self, locals: dict[str, Any] | None = None) -> Context:
        """Return a context of the same build, which counts on."""
        context = super().derived(locals)
        if isinstance(context, WidgetContext):
            context.spent = self.spent
        return context

    def spend(self, turns: int) -> None:
        """Count turns.

        :raises SecurityError: when the build has made too many.
        """
        self.spent[0] += turns
        if self.spent[0] > MAX_TURNS:
            raise SecurityError(f"its loops and calls go round more than {MAX_TURNS:,} times")

    def write(self, characters: int) -> None:
        """Count characters.

        :raises SecurityError: when the build has written too many.
        """
        self.spent[1] += characters
        if self.spent[1] > MOST_WRITTEN:
            raise SecurityError(f"it writes and captures more than {MOST_WRITTEN:,} characters")


@pass_context
def count_written(context: WidgetContext, value: Any) -> Any:
    """Count what an expression is about to write."""
    if isinstance(value, str):
        context.write(len(value))
    return value


@pass_context
def _count_turns(context: WidgetContext, iterated: Any, text: int = 0) -> Any:
    """What a loop is about to go through, counted before its first turn, as is the text of all its turns."""
    if not isinstance(iterated, Sized):
        iterated = list(islice(cast("Iterable[Any]", iterated), MAX_TURNS + 1))
    context.spend(len(iterated))
    if text > 0:
        context.write(len(iterated) * text)
    return cast("Iterable[Any]", iterated)


def _check_length(text: Any) -> Any:
    if len(text) > MAX_TEXT:
        raise SecurityError(f"text of more than {MAX_TEXT:,} characters")
    return text


def checked_call(call: Callable[..., Any], context: Any, called: Any, *args: Any, **kwargs: Any) -> Any:
    """Call what a template calls, counted, with a look at what it is about to make.

    :raises SecurityError: when it would be too much.
    """
    text = getattr(called, "__self__", None)
    if type(text) is str:
        _check_method(text, getattr(called, "__name__", ""), args)
    if not isinstance(context, WidgetContext):
        return call(context, called, *args, **kwargs)
    context.spend(1)
    if isinstance(called, LoopContext) and args:
        args = (_count_turns(context, args[0]), *args[1:])
    made = call(context, called, *args, **kwargs)
    if isinstance(made, str):
        context.write(len(made))
        _check_length(made)
    return made


def _check_method(text: str, name: str, arguments: tuple[Any, ...]) -> None:
    if name in _PADDING:
        _check_widths(arguments)
    elif name == "replace":
        _check_replacing(text, *arguments[:2])
    elif name == "join" and arguments and isinstance(arguments[0], list | tuple):
        _check_joining(cast("list[Any]", arguments[0]), text)
    elif name in ("format", "format_map") and _WIDE_FORMAT.search(text):
        raise SecurityError(f"{text!r:.40} may write too much")


def too_big(operator: str, left: Any, right: Any) -> bool:
    """Whether the result of an operation would be too big to be made."""
    if operator == "%":
        return isinstance(left, str) and _WIDE_FORMAT.search(left) is not None
    if isinstance(left, int) and isinstance(right, int):
        if operator == "**":
            return left.bit_length() * abs(right) > _MOST_BITS
        return operator == "*" and left.bit_length() + right.bit_length() > _MOST_BITS
    sizes = [
        len(cast("Sized", side)) for side in (left, right) if isinstance(side, (str, bytes, list, tuple))
    ]
    if operator == "+":
        return sum(sizes) > MAX_TEXT
    counts = [side for side in (left, right) if isinstance(side, int)]
    return any(size * count > MAX_TEXT for size in sizes for count in counts)


def _check_widths(arguments: Iterable[Any]) -> None:
    if any(isinstance(given, int) and abs(given) > _WIDEST for given in arguments):
        raise SecurityError(f"a width goes up to {_WIDEST:,}")


def _check_replacing(text: Any, old: Any, new: Any) -> None:
    found = str(text)
    if found.count(str(old)) * len(str(new)) > MAX_TEXT:
        raise SecurityError(f"replacing would write more than {MAX_TEXT:,} characters")


def _check_joining(parts: Iterable[Any], between: Any) -> None:
    size = 0
    for part in parts:
        size += len(part if isinstance(part, str) else str(part)) + len(between)
        if size > MAX_TEXT:
            raise SecurityError(f"joining would write more than {MAX_TEXT:,} characters")


_Filter = Callable[..., Any]


def _checked(function: _Filter, check: Callable[..., None]) -> _Filter:
    """The filter, with a look at its value and arguments first."""
    own = 1 if hasattr(function, "jinja_pass_arg") else 0

    @wraps(function)
    def checked(*args: Any, **kwargs: Any) -> Any:
        check(*args[own:], *kwargs.values())
        return function(*args, **kwargs)

    return checked


def _widths(value: Any, *given: Any) -> None:
    _check_widths(given)


def _format(text: Any, *given: Any) -> None:
    if _WIDE_FORMAT.search(str(text)):
        raise SecurityError(f"{str(text)!r:.40} may write too much")


def _replacing(text: Any, old: Any = "", new: Any = "", *given: Any) -> None:
    _check_replacing(text, old, new)


def _joining(parts: Any, between: Any = "", *given: Any) -> None:
    if isinstance(parts, list | tuple | dict | str):
        _check_joining(cast("Iterable[Any]", parts), str(between))


def bounded_filters(filters: dict[str, _Filter]) -> dict[str, _Filter]:
    """Return those of Jinja's filters that could make much of little, with their bounds, and two of our own."""
    widths = ("center", "indent", "batch", "slice", "wordwrap", "round")
    return {
        **{name: _checked(filters[name], _widths) for name in widths},
        "format": _checked(filters["format"], _format),
        "replace": _checked(filters["replace"], _replacing),
        "join": _checked(filters["join"], _joining),
        _TURNS: _count_turns,
        _SHORT: _check_length,
    }


class _Bounds(NodeTransformer):
    """Has every loop count its turns, and every joining of text look at what it made."""

    def visit_For(self, node: nodes.For) -> nodes.Node:
        self.generic_visit(node)
        if not (isinstance(node.iter, nodes.Filter) and node.iter.name == _TURNS):
            text = nodes.Const(_text_of(node.body), lineno=node.lineno)
            node.iter = nodes.Filter(node.iter, _TURNS, [text], [], None, None, lineno=node.lineno)
        return node

    def visit_AssignBlock(self, node: nodes.AssignBlock) -> nodes.Node:
        self.generic_visit(node)
        if node.filter is None or node.filter.name != _SHORT:
            node.filter = nodes.Filter(node.filter, _SHORT, [], [], None, None, lineno=node.lineno)
        return node

    def visit_Filter(self, node: nodes.Filter) -> nodes.Node:
        if node.name != _SHORT or node.node is None:
            return self.generic_visit(node)
        self.generic_visit(node.node)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:
        self.generic_visit(node)
        return nodes.Filter(node, _SHORT, [], [], None, None, lineno=node.lineno)


def _text_of(body: list[nodes.Node]) -> int:
    """How many characters one turn writes of the template's own text, loops within it not counted."""
    size = 0
    for node in body:
        if isinstance(node, nodes.TemplateData):
            size += len(node.data)
        elif not isinstance(node, nodes.For):
            size += _text_of(list(node.iter_child_nodes()))
    return size


def bound(tree: nodes.Template) -> None:
    """Put the bounds into a template that Jinja is about to compile. Doing it again changes nothing."""
    _Bounds().visit(tree)
