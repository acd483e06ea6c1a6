"""Jinja macros with JavaScript's meaning. A template carries those it uses, so it runs on plain Jinja as well.

A macro can only give back text; numbers come back through `| float`, truth through comparison.
"""

from __future__ import annotations

from chatkit.widgets._macros import FIXED, NUMBER_TEXT, TEXT

MACROS: dict[str, str] = {
    # String(x)
    "_s": TEXT,
    # the text of a number
    "_f": NUMBER_TEXT,
    # Number(x), to be read with | float
    "_n": (
        "{%- macro _n(x) -%}"
        "{%- if x is undefined or x is mapping -%}nan{%- elif x is none or x is false -%}0{%- elif x is true -%}1"
        "{%- elif x is number -%}{{ x }}"
        "{%- else -%}{%- set t = _s(x).strip() -%}"
        "{%- if not t -%}0{%- elif t in ['Infinity', '+Infinity'] -%}inf{%- elif t == '-Infinity' -%}-inf"
        "{%- elif t.strip('0123456789+-.eE') or '_' in t -%}nan"
        "{%- else -%}{{ t | float('nan') }}{%- endif -%}"
        "{%- endif -%}"
        "{%- endmacro -%}"
    ),
    # x.toFixed(n): halves of the exact value go away from zero
    "_x": FIXED,
    # x.toLocaleString("en-US", …)
    "_l": (
        "{%- macro _l(x, low, high, prefix, suffix, scale, grouping) -%}"
        "{{ '-' if x < 0 else '' }}{{ prefix }}"
        "{%- if x != x -%}NaN{%- elif x - x != 0 -%}∞{%- else -%}"
        "{%- set r = ('{:' ~ (',' if grouping else '') ~ '.' ~ high ~ 'f}')"
        ".format((x | abs) * 10 ** scale * 1.0000000000000002) -%}"
        "{%- set q = r.split('.') -%}{{ q[0] }}"
        "{%- if high > 0 -%}{%- set f = q[1][:low] ~ q[1][low:].rstrip('0') -%}{{ '.' ~ f if f else '' }}{%- endif -%}"
        "{%- endif -%}{{ suffix }}"
        "{%- endmacro -%}"
    ),
    # what an expression between tags draws
    "_k": (
        "{%- macro _k(x) -%}"
        "{%- if x is undefined or x is none or x is boolean or x == '' -%}"
        '{%- elif x is string or x is number -%},{"type":"Text","value":{{ _s(x) | tojson }}}'
        "{%- elif x is mapping -%},{{ x | tojson }}"
        "{%- else -%}{%- for i in x -%}{{ _k(i) }}{%- endfor -%}{%- endif -%}"
        "{%- endmacro -%}"
    ),
    # milliseconds since 1970 of a date's text or number, to be read with | float
    "_t": (
        "{%- macro _t(x) -%}"
        "{%- if x is number and x is not boolean -%}{{ x }}"
        "{%- elif x is not string or not x[0:4].isdecimal() or x[4:5] != '-' or not x[5:7].isdecimal() -%}nan"
        "{%- else -%}{%- set t = x.strip() -%}"
        "{%- set y = t[0:4] | int - (1 if t[5:7] | int <= 2 else 0) -%}{%- set m = t[5:7] | int -%}"
        "{%- set d = t[8:10] | int if t | length > 7 else 1 -%}"
        "{%- set c = (153 * (m - 3 if m > 2 else m + 9) + 2) // 5 + d - 1 -%}"
        "{%- set days = 365 * y + y // 4 - y // 100 + y // 400 + c - 719468 -%}"
        "{%- set rest = t[19:] -%}{%- set frac = rest[1:].rstrip('Z').split('+')[0].split('-')[0] if rest[:1] == '.' else '' -%}"
        "{%- set zone = t[-6:] if t | length > 16 and t[-6:-5] in ['+', '-'] and t[-3:-2] == ':' else '' -%}"
        "{%- set shift = (zone[1:3] | int * 60 + zone[4:6] | int) * (-1 if zone[:1] == '-' else 1) if zone else 0 -%}"
        "{%- if m < 1 or m > 12 or d < 1 or d > 31 -%}nan{%- else -%}"
        "{{ ((days * 24 + t[11:13] | int) * 60 + t[14:16] | int - shift) * 60000 + (t[17:19] | int) * 1000"
        " + (frac ~ '000')[:3] | int }}"
        "{%- endif -%}{%- endif -%}"
        "{%- endmacro -%}"
    ),
    # "year,month,day,weekday,hour,minute,second,millisecond" of milliseconds since 1970
    "_y": (
        "{%- macro _y(ms) -%}"
        "{%- set i = ms | int -%}{%- set days = i // 86400000 -%}{%- set r = i % 86400000 -%}"
        "{%- set z = days + 719468 -%}{%- set era = z // 146097 -%}{%- set doe = z % 146097 -%}"
        "{%- set yoe = (doe - doe // 1460 + doe // 36524 - doe // 146096) // 365 -%}"
        "{%- set doy = doe - (365 * yoe + yoe // 4 - yoe // 100) -%}{%- set mp = (5 * doy + 2) // 153 -%}"
        "{%- set m = mp + 3 if mp < 10 else mp - 9 -%}"
        "{{ yoe + era * 400 + (1 if m <= 2 else 0) }},{{ m }},{{ doy - (153 * mp + 2) // 5 + 1 }},{{ (days + 4) % 7 }},"
        "{{ r // 3600000 }},{{ r // 60000 % 60 }},{{ r // 1000 % 60 }},{{ r % 1000 }}"
        "{%- endmacro -%}"
    ),
    # parseInt(x) and parseFloat(x), to be read with | float
    "_p": (
        "{%- macro _p(x, whole) -%}"
        "{%- set r = namespace(t='', go=true) -%}"
        "{%- for c in _s(x).strip() -%}"
        "{%- if r.go and (c in '0123456789' or c in '+-' and loop.first or c == '.' and not whole and '.' not in r.t) -%}"
        "{%- set r.t = r.t + c -%}{%- else -%}{%- set r.go = false -%}{%- endif -%}{%- endfor -%}"
        "{{ r.t | float('nan') }}"
        "{%- endmacro -%}"
    ),
    # encodeURIComponent(x)
    "_u": (
        "{%- macro _u(x) -%}"
        "{{ x | urlencode | replace('/', '%2F') | replace('%21', '!') | replace('%27', \"'\") | replace('%28', '(')"
        " | replace('%29', ')') | replace('%2A', '*') }}"
        "{%- endmacro -%}"
    ),
}
_NEEDS: dict[str, tuple[str, ...]] = {"_s": ("_f",), "_n": ("_s",), "_p": ("_s",), "_k": ("_s",)}


def prelude(used: set[str]) -> str:
    """The macros a template needs, each after those it calls."""
    wanted: set[str] = set()
    pending = list(used)
    while pending:
        name = pending.pop()
        if name not in wanted:
            wanted.add(name)
            pending.extend(_NEEDS.get(name, ()))
    return "".join(
        MACROS[name] for name in ("_f", *(other for other in MACROS if other != "_f")) if name in wanted
    )
