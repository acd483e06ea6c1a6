"""Bounds on what one build of a template may cost: turns of loops and calls together, and how long text may grow.

Sizes are looked at before they are made, so that a template can neither hold up the process nor eat its memory.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sized
from functools import update_wrapper
from itertools import islice
from typing import Any, cast

from jinja2 import nodes, pass_context
from jinja2.exceptions import SecurityError
from jinja2.filters import do_round
from jinja2.runtime import Context, LoopContext
from jinja2.visitor import NodeTransformer

from chatkit.widgets._weight import weight

MAX_TEXT = 1_000_000
MAX_TURNS = 100_000
"""How many turns all loops of one build may make together, calls included."""
MOST_WRITTEN = 8 * MAX_TEXT
"""How many characters one build may write, those it captures and writes again included."""
MOST_WORK = 64 * MAX_TEXT
"""How many characters and entries all filters and comparisons of one build may look at."""
_WIDEST = 10_000
_MOST_BITS = 4096
_WIDE_FORMAT = re.compile(r"\d{6,}|%[^%a-zA-Z]*\*|\{[^}]*\{")
_NUMBER = re.compile(r"\d+")
_TURNS, _SHORT, _LIGHT = "_turns", "_short", "_light"
_PADDING = frozenset({"center", "ljust", "rjust", "zfill", "expandtabs"})


class WidgetContext(Context):
    """One build. It counts what the build has done."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.spent = [0, 0, 0]
        """Turns, characters written, and what filters and comparisons have looked at."""

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

    def light(self, value: Any) -> Any:
        """The value, counted as work. What a filter gives bit by bit is made here, so that no one piles it up uncounted.

        :raises SecurityError: when it is too much, or the build has looked at too much.
        """
        if not isinstance(value, Iterator) or isinstance(value, LoopContext):
            self._count_work(weight(value, MOST_WRITTEN), MOST_WRITTEN)
            return value
        made: list[Any] = []
        most = MOST_WRITTEN
        for entry in cast("Iterator[Any]", value):
            held = weight(entry, MOST_WRITTEN) + 1
            self._count_work(held, most)
            most -= held
            made.append(entry)
        return iter(made)

    def _count_work(self, amount: int, most: int) -> None:
        self.spent[2] += amount
        if amount > most:
            raise SecurityError(f"a value holds more than {MOST_WRITTEN:,} characters and entries")
        if self.spent[2] > MOST_WORK:
            raise SecurityError(f"it looks at more than {MOST_WORK:,} characters and entries")


@pass_context
def _light(context: WidgetContext, value: Any) -> Any:
    return context.light(value)


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
        iterated = list(context.light(islice(cast("Iterable[Any]", iterated), MAX_TURNS + 1)))
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
    if isinstance(context, WidgetContext):
        args = tuple([context.light(given) for given in args])
        kwargs = {name: context.light(given) for name, given in kwargs.items()}
    if isinstance(text, str):
        name = getattr(called, "__name__", "")
        if name == "join" and args and not isinstance(args[0], str):
            args = (list(args[0]), *args[1:])
        _check_method(text, name, (*args, *kwargs.values()))
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
        if name == "expandtabs":
            _check_product(
                "\t" * text.count("\t"), " " * max([8, *(n for n in arguments if isinstance(n, int))])
            )
    elif name == "replace":
        _check_replacing(text, *arguments[:2])
    elif name == "join" and arguments and isinstance(arguments[0], list | tuple):
        _check_joining(cast("list[Any]", arguments[0]), text)
    elif name == "translate":
        _check_product(text, *arguments)
    elif name in ("format", "format_map"):
        check_format(text, *arguments)


def check_format(text: str, *given: Any) -> None:
    """Look at a format and what it is to show.

    :raises SecurityError: when the text would be too long.
    """
    if _WIDE_FORMAT.search(text) or sum(map(int, _NUMBER.findall(text))) > MAX_TEXT:
        raise SecurityError(f"{text!r:.40} may write too much")
    _check_product(text, *given)


def _check_product(text: str, *given: Any) -> None:
    """Each character of the text may stand for all that is given."""
    if len(text) * sum(weight(one, MOST_WRITTEN) for one in given) > 16 * MAX_TEXT:
        raise SecurityError(f"{text!r:.40} may write too much")


def too_big(operator: str, left: Any, right: Any) -> bool:
    """Whether the result of an operation would be too big to be made."""
    if operator == "%":
        if isinstance(left, str):
            check_format(left, right)
        return False
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


def _bounded(name: str, function: _Filter) -> _Filter:
    """The filter or test, with what it is given counted and looked at first."""
    passed = getattr(getattr(function, "jinja_pass_arg", None), "name", None)
    check = _CHECKS.get(name)

    @pass_context
    def bounded(context: WidgetContext, *args: Any, **kwargs: Any) -> Any:
        given = [context.light(one) for one in args]
        named = {key: context.light(one) for key, one in kwargs.items()}
        if check is not None:
            if isinstance(given[0], Iterator):
                given[0] = list(cast("Iterator[Any]", given[0]))
            check(*given, *named.values())
        leading = {"context": context, "eval_context": context.eval_ctx, "environment": context.environment}
        return function(leading[passed], *given, **named) if passed else function(*given, **named)

    return bounded


def _widths(value: Any, *given: Any) -> None:
    _check_widths(given)


def _format(text: Any, *given: Any) -> None:
    check_format(str(text), *given)


def _indenting(text: Any, width: Any = 4, *given: Any) -> None:
    _check_widths([width])
    _check_product(str(text).count("\n") * "\n" + "\n", width if isinstance(width, str) else " " * int(width))


def _repeating(text: Any, *given: Any) -> None:
    _check_widths(given)
    _check_product(str(text), *[one for one in given if isinstance(one, str)])


def _adding(entries: Any, *given: Any) -> None:
    if any(isinstance(one, (str, list, tuple)) for one in given):
        _check_product(" " * len(entries), entries)


def _replacing(text: Any, old: Any = "", new: Any = "", *given: Any) -> None:
    _check_replacing(text, old, new)


def _joining(parts: Any, between: Any = "", *given: Any) -> None:
    if isinstance(parts, list | tuple | dict | str):
        _check_joining(cast("Iterable[Any]", parts), str(between))


_CHECKS: dict[str, Callable[..., None]] = {
    **dict.fromkeys(("center", "batch", "slice", "round"), _widths),
    **dict.fromkeys(("wordwrap", "urlize"), _repeating),
    "indent": _indenting,
    "format": _format,
    "replace": _replacing,
    "join": _joining,
    "sum": _adding,
}
_QUICK = frozenset({"length", "count", "first", "last", "default", "d", "attr", "safe"})
"""Filters that do not go through all of a value."""
_COMPARING = frozenset(
    [
        "eq",
        "equalto",
        "ne",
        "lt",
        "lessthan",
        "le",
        "gt",
        "greaterthan",
        "ge",
        "in",
        "==",
        "!=",
        "<",
        "<=",
        ">",
        ">=",
    ]
)


def bounded_filters(filters: dict[str, _Filter]) -> dict[str, _Filter]:
    """Return filters with their bounds, and three of our own."""
    bounded = {name: made if name in _QUICK else _bounded(name, made) for name, made in filters.items()}
    return {**bounded, _TURNS: _count_turns, _SHORT: _check_length, _LIGHT: _light}


def bounded_round(value: Any, *given: Any) -> Any:
    """Jinja's ``round``, with a look at its precision."""
    _check_widths(given)
    return do_round(value, *given)


def bounded_tests(tests: dict[str, _Filter]) -> dict[str, _Filter]:
    """Return those tests that compare, with their bounds."""
    return {name: _bounded(name, tests[name]) for name in tests.keys() & _COMPARING}


def bounded_format(made: Callable[..., str], text: str) -> Callable[..., str]:
    """``text.format``, with a look at what it is about to make."""

    def bounded(*args: Any, **kwargs: Any) -> str:
        check_format(text, *args, *kwargs.values())
        return made(*args, **kwargs)

    return update_wrapper(bounded, made)


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
        node.nodes = [_held(part) for part in node.nodes]
        return nodes.Filter(node, _SHORT, [], [], None, None, lineno=node.lineno)

    def visit_Compare(self, node: nodes.Compare) -> nodes.Node:
        self.generic_visit(node)
        node.expr = _held(node.expr)
        for operand in node.ops:
            operand.expr = _held(operand.expr)
        return node


def _held(node: nodes.Expr) -> nodes.Expr:
    """The expression, its value counted when it may hold others."""
    if isinstance(node, nodes.Const) or (isinstance(node, nodes.Filter) and node.name in (_LIGHT, _SHORT)):
        return node
    return nodes.Filter(node, _LIGHT, [], [], None, None, lineno=node.lineno)


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
