"""A template's own macros as functions, for expressions that call them.

The macro itself is called, as Jinja made it. For the macros nearly every template of ours carries, the everyday
arguments are answered here first, when the template's macro is the one below, word for word.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from math import isfinite
from typing import Any, cast

from jinja2 import Template, meta, nodes

from chatkit.widgets._bounds import WidgetContext, bound
from chatkit.widgets._jinja import ENVIRONMENT
from chatkit.widgets._shapes import Unsupported

Macro = Callable[..., Any]

NUMBER_TEXT = (
    "{%- macro _f(x) -%}"
    "{%- if x != x -%}NaN{%- elif x - x != 0 -%}{{ 'Infinity' if x > 0 else '-Infinity' }}"
    "{%- elif x is integer -%}{{ x }}"
    "{%- elif x | abs < 1e16 and x == x | round(0, 'floor') -%}{{ x | int }}"
    "{%- else -%}{%- set t = (x | abs) | string -%}{%- set p = t.split('e') -%}"
    "{{ '-' if x < 0 else '' }}"
    "{%- if p | length == 1 -%}{{ t }}"
    "{%- else -%}{%- set d = p[0].replace('.', '') -%}{%- set e = p[1] | int -%}"
    "{%- if e >= 21 -%}{{ p[0] }}e+{{ e }}"
    "{%- elif e > 0 -%}{{ d ~ '0' * (e + 1 - d | length) }}"
    "{%- elif e >= -6 -%}0.{{ '0' * (-e - 1) ~ d }}"
    "{%- else -%}{{ p[0] }}e-{{ -e }}{%- endif -%}"
    "{%- endif -%}{%- endif -%}"
    "{%- endmacro -%}"
)
TEXT = (
    "{%- macro _s(x) -%}"
    "{%- if x is undefined -%}undefined{%- elif x is none -%}null"
    "{%- elif x is boolean -%}{{ 'true' if x else 'false' }}"
    "{%- elif x is string -%}{{ x }}"
    "{%- elif x is number -%}{{ _f(x) }}"
    "{%- elif x is mapping -%}[object Object]"
    "{%- else -%}{%- for i in x -%}{{ ',' if not loop.first else '' }}"
    "{{ '' if i is none or i is undefined else _s(i) }}{%- endfor -%}{%- endif -%}"
    "{%- endmacro -%}"
)
FIXED = (
    "{%- macro _x(x, n) -%}"
    "{%- set a = x | abs -%}{%- set w = '%.60f' | format(a) -%}{%- set q = w.split('.') -%}"
    "{%- set half = q[1][n:] == '5' ~ '0' * (59 - n) -%}"
    "{%- set r = ('%.' ~ n ~ 'f') | format(a + 4 * 10.0 ** (0 - n - 1) if half else a) -%}"
    "{{ '-' if x < 0 else '' }}{{ r }}"
    "{%- endmacro -%}"
)


@dataclass(frozen=True, slots=True)
class Macros:
    """A template's macros."""

    functions: dict[str, Macro]
    free: frozenset[str]
    """The names they would read from the template if it had them."""
    spent: list[int]
    """What they have spent, as ``WidgetContext.spent``; to be set to none before each build."""


def macros_of(found: list[nodes.Macro]) -> Macros:
    """Return functions for macros.

    :raises Unsupported: if a name is used twice.
    """
    if not found:
        return Macros({}, frozenset(), [])
    if len({macro.name for macro in found}) < len(found):
        raise Unsupported("macro defined twice")
    ours = _known()
    same = {macro.name for macro in found if ours.get(macro.name) == macro}
    if "_f" not in same:
        same.discard("_s")
    own = made(found)
    quick = {name: _QUICK[name](macro) if name in same else macro for name, macro in own.functions.items()}
    return Macros(quick, own.free, own.spent)


def made(found: list[nodes.Macro]) -> Macros:
    """Return the macros as Jinja makes them."""
    tree = nodes.Template(list(found), lineno=1)
    tree.set_environment(ENVIRONMENT)
    free = meta.find_undeclared_variables(tree) | {macro.name for macro in found}
    bound(tree)
    template = Template.from_code(ENVIRONMENT, ENVIRONMENT.compile(tree), ENVIRONMENT.make_globals(None))
    context = template.new_context()
    for _ in template.root_render_func(context):
        pass
    functions = {macro.name: cast("Macro", context.vars[macro.name]) for macro in found}
    return Macros(functions, frozenset(free), cast("WidgetContext", context).spent)


@cache
def _known() -> dict[str, nodes.Macro]:
    tree = ENVIRONMENT.parse(NUMBER_TEXT + TEXT + FIXED)
    return {macro.name: macro for macro in tree.find_all(nodes.Macro)}


def _number_text(macro: Macro) -> Macro:
    def number_text(x: Any) -> str:
        if type(x) is int:
            return str(x)
        if type(x) is float and isfinite(x):
            if x == x // 1 and abs(x) < 1e16:
                return str(int(x))
            text = str(x)
            if "e" not in text:
                return text
        return macro(x)

    return number_text


def _text(macro: Macro) -> Macro:
    number_text = _number_text(macro)

    def text(x: Any) -> str:
        if type(x) is str:
            return x
        if type(x) is int or type(x) is float:
            return number_text(x)
        return macro(x)

    return text


def _fixed(macro: Macro) -> Macro:
    def fixed(x: Any, n: Any) -> str:
        if (type(x) is not float and type(x) is not int) or type(n) is not int or not 0 <= n < 50:
            return macro(x, n)
        if not isfinite(x):
            return macro(x, n)
        exact = abs(x)
        half = f"{exact:.60f}".split(".")[1][n:] == "5" + "0" * (59 - n)
        text = f"{exact + 4 * 10.0 ** (0 - n - 1) if half else exact:.{n}f}"
        return "-" + text if x < 0 else text

    return fixed


_QUICK: dict[str, Callable[[Macro], Macro]] = {"_f": _number_text, "_s": _text, "_x": _fixed}
