"""Jinja macros with JavaScript's meaning. A template carries those it uses, so it runs on plain Jinja as well.

A macro can only give back text; numbers come back through `| float`, truth through comparison.
"""

from __future__ import annotations

from chatkit.widgets._macros import FIXED, NUMBER_TEXT, TEXT

from ._collate import LETTERS, ORDER
from ._jsvalue import quoted

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
    # x.toLocaleString(…): digits, groups, and what stands before and after
    "_l": (
        "{%- macro _l(x, low, high, scale, least, p, a, m, b, group, decimal, lakh) -%}"
        "{{ m if x < 0 else p }}"
        "{%- if x != x -%}NaN{%- elif x - x != 0 -%}∞{%- else -%}"
        "{%- set r = ('{:.' ~ high ~ 'f}').format((x | abs) * 10 ** scale * 1.0000000000000002) -%}"
        "{%- set q = r.split('.') -%}"
        "{%- if not least or q[0] | length < 3 + least -%}{{ q[0] }}"
        "{%- elif lakh -%}{%- set w = namespace(v=q[0][-3:], h=q[0][:-3]) -%}"
        "{%- for i in range(12) -%}{%- if w.h -%}{%- set w.v = w.h[-2:] ~ group ~ w.v -%}{%- set w.h = w.h[:-2] -%}{%- endif -%}{%- endfor -%}{{ w.v }}"
        "{%- else -%}{{ '{:,}'.format(q[0] | int).replace(',', group) }}{%- endif -%}"
        "{%- if high > 0 -%}{%- set f = q[1][:low] ~ q[1][low:].rstrip('0') -%}{{ decimal ~ f if f else '' }}{%- endif -%}"
        "{%- endif -%}{{ b if x < 0 else a }}"
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
    # milliseconds as a clock of a time zone shows them; t has from when which seconds are added
    "_z": (
        "{%- macro _z(ms, t) -%}"
        "{%- set r = namespace(o=0) -%}"
        "{%- for s, o in t -%}{%- if s * 1000 <= ms -%}{%- set r.o = o -%}{%- endif -%}{%- endfor -%}"
        "{{ (ms | int) + r.o * 1000 }}"
        "{%- endmacro -%}"
    ),
    # where an expression matches: start,end; for each, from a table as `_regex` makes it
    "_r": (
        "{%- macro _r(t, b, d, s, w, l) -%}"
        "{%- set r = namespace(v=[], b=s[0], m=0) -%}"
        "{%- for i in range(t | length + 1) -%}"
        "{%- set k = b | length + 1 if loop.last else b | select('le', t[i]) | list | length -%}"
        "{%- set n = namespace(v=[], t=[]) -%}"
        "{%- for a, q, e in r.v + ([[i, r.b, -1]] if i >= r.m else []) -%}"
        "{%- if n.v and n.v[0][2] > a -%}{%- elif q < 0 -%}{%- set n.v = n.v + [[a, q, e]] -%}"
        "{%- else -%}{%- set o = d[q][k] -%}{%- set f = i if o % 2 else e -%}{%- set g = o // 2 - 1 -%}"
        "{%- if f >= 0 or g >= 0 and g not in n.t -%}"
        "{%- set n.v = n.v + [[a, g, f]] -%}{%- if g >= 0 -%}{%- set n.t = n.t + [g] -%}{%- endif -%}"
        "{%- endif -%}{%- endif -%}{%- endfor -%}"
        "{%- set p = namespace(v=[]) -%}"
        "{%- for a, q, e in n.v -%}"
        "{%- if a < r.m -%}{%- elif q < 0 and not p.v -%}{{ a }},{{ e }};{%- set r.m = e + (1 if e == a else 0) -%}"
        "{%- else -%}{%- set p.v = p.v + [[a, q, e]] -%}{%- endif -%}{%- endfor -%}"
        "{%- set r.v = p.v -%}"
        "{%- if not loop.last -%}{%- set r.b = s[1] if w[k] else s[2] if l[k] else s[3] -%}{%- endif -%}"
        "{%- endfor -%}"
        "{%- endmacro -%}"
    ),
    # digits in groups of three, as /\\B(?=(\\d{3})+(?!\\d))/g and its like find them
    "_g": (
        "{%- macro _g(t, m, head, end) -%}"
        "{%- set r = namespace(v='', n=0, e=false, f='') -%}"
        "{%- for c in t | reverse -%}"
        "{%- set d = c in '0123456789' -%}"
        "{%- if r.n and r.n % 3 == 0 and r.e and (d or head == '\\\\B' and (c == '_' or 'a' <= c <= 'z' or 'A' <= c <= 'Z')) -%}"
        "{%- set r.v = m ~ r.v -%}{%- endif -%}"
        "{%- if d and not r.n -%}"
        "{%- set r.e = end == '(?!\\\\d)' or (not r.f and '$' in end) or (r.f == '.' and '.' in end) -%}{%- endif -%}"
        "{%- set r.n = r.n + 1 if d else 0 -%}{%- set r.v = c ~ r.v -%}{%- set r.f = c -%}"
        "{%- endfor -%}{{ r.v }}"
        "{%- endmacro -%}"
    ),
    # a text that compares as x does by localeCompare
    "_q": (
        "{%- macro _q(x, base) -%}"
        "{%- set r = namespace(p='', a='', c='') -%}"
        "{%- set d = {"
        + ", ".join(f"{quoted(char)}: {quoted(plain)}" for char, (plain, _) in LETTERS.items())
        + "} -%}"
        "{%- set e = {"
        + ", ".join(f"{quoted(char)}: {rank}" for char, (_, rank) in LETTERS.items())
        + "} -%}"
        "{%- set o = " + quoted(ORDER) + " -%}"
        "{%- for c in x | lower -%}"
        "{%- for k in d.get(c, c) -%}"
        "{%- set r.p = r.p ~ ('%c' | format(32 + o.find(k)) if k in o else k) -%}{%- endfor -%}"
        "{%- set r.a = r.a ~ '%c' | format(32 + e.get(c, 1)) -%}{%- endfor -%}"
        "{%- for c in x -%}{%- set r.c = r.c ~ ('2' if c != c | lower else '1') -%}{%- endfor -%}"
        "{{ r.p if base else r.p ~ '\\x01' ~ r.a ~ '\\x01' ~ r.c }}"
        "{%- endmacro -%}"
    ),
    # JSON.stringify(x, null, i); n is the line break of the level
    "_j": (
        "{%- macro _j(x, i, n) -%}"
        "{%- set m = n ~ i -%}"
        "{%- if x is undefined or x is none or (x is number and x is not boolean and x - x != 0) -%}null"
        "{%- elif x is boolean -%}{{ 'true' if x else 'false' }}"
        "{%- elif x is number -%}{{ _s(x) }}"
        "{%- elif x is string -%}\"{{ x | replace('\\\\', '\\\\\\\\') | replace('\"', '\\\\\"') | replace('\\n', '\\\\n')"
        " | replace('\\r', '\\\\r') | replace('\\t', '\\\\t') | replace('\\b', '\\\\b') | replace('\\f', '\\\\f') }}\""
        "{%- elif x is mapping -%}"
        "{%- for k, v in x | items -%}{{ ('{' if loop.first else ',') ~ m }}{{ _j(k, i, m) }}:{{ ' ' if i else '' }}{{ _j(v, i, m) }}"
        "{%- endfor -%}{{ n ~ '}' if x else '{}' }}"
        "{%- else -%}"
        "{%- for v in x -%}{{ ('[' if loop.first else ',') ~ m }}{{ _j(v, i, m) }}{%- endfor -%}{{ n ~ ']' if x else '[]' }}"
        "{%- endif -%}"
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
_NEEDS: dict[str, tuple[str, ...]] = {
    "_s": ("_f",),
    "_n": ("_s",),
    "_p": ("_s",),
    "_k": ("_s",),
    "_j": ("_s",),
}


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
