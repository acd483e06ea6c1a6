"""Runs views in Node: JSX becomes plain calls, many views in one process."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from typing import Any

from chatkit.compiler import _ast as ast
from chatkit.compiler._diagnostics import Findings
from chatkit.compiler._emit import names_in
from chatkit.compiler._evaluate import mapped_list
from chatkit.compiler._parse import ViewReader
from chatkit.compiler._source import SourceText

NODE = shutil.which("node")
_RUNNER = """
const flat = (v, out) => { if (Array.isArray(v)) v.forEach(x => flat(x, out));
  else if (typeof v === "string" || typeof v === "number") { if (v !== "") out.push({type: "Text", value: String(v)}); }
  else if (v !== null && v !== undefined && typeof v !== "boolean") out.push(v); return out; };
const h = (type, props, kids) => { if (props.key !== undefined && props.key !== null) props.key = String(props.key); return kids ? {type, ...props, children: flat(kids, [])} : {type, ...props}; };
const out = [];
for (const {js, names, data} of JSON.parse(require("fs").readFileSync(0, "utf8"))) {
  try {
    const free = names.filter(n => !(n in globalThis) && n !== "undefined");
    const run = new Function("h", ...free, "return " + js);
    out.push({value: JSON.parse(JSON.stringify(run(h, ...free.map(n => data[n]))))});
  } catch (e) { out.push({error: String(e)}); }
}
process.stdout.write(JSON.stringify(out));
"""


def run_in_node(cases: Sequence[tuple[str, dict[str, Any]]]) -> list[dict[str, Any]]:
    """For each view and data `{"value": …}` or `{"error": …}`."""
    assert NODE
    batch: list[dict[str, Any]] = []
    for view, data in cases:
        source = SourceText(view)
        findings = Findings(source)
        # Read without rewriting, so that Node gets what is written.
        root = ViewReader(source, findings).view()
        assert root is not None, findings.sorted()
        batch.append({"js": _element(root, view), "names": sorted(names_in(root)), "data": data})
    # The time zone of dates is UTC in widgets; Node's must be the same to compare.
    done = subprocess.run(
        [NODE, "-e", _RUNNER],
        input=json.dumps(batch),
        capture_output=True,
        text=True,
        check=True,
        env={"TZ": "UTC"},
    )
    return json.loads(done.stdout)


def _element(node: ast.Element, source: str) -> str:
    kids = f"[{', '.join(_child(child, source) for child in node.children)}]" if node.children else "null"
    if node.tag is None:
        return kids
    props: list[str] = []
    for attr in node.attrs:
        if isinstance(attr, ast.Spread):
            props.append(f"...({_js(attr.value, source)})")
        elif attr.value is None:
            props.append(f"{json.dumps(attr.name)}: true")
        elif isinstance(attr.value, ast.Str):
            props.append(f"{json.dumps(attr.name)}: {json.dumps(attr.value.value)}")
        else:
            props.append(f"{json.dumps(attr.name)}: {_js(attr.value, source)}")
    return f"h({json.dumps(node.tag)}, {{{', '.join(props)}}}, {kids})"


def _child(node: ast.Child | ast.Expr, source: str) -> str:
    if isinstance(node, ast.Hole):
        node = node.value
    if isinstance(node, ast.JsxText):
        return json.dumps(node.value)
    if isinstance(node, ast.Element):
        return _element(node, source)
    if isinstance(node, ast.Logical) and node.op == "&&":
        return f"(({_js(node.left, source)}) ? {_child(node.right, source)} : null)"
    if isinstance(node, ast.Cond):
        return f"(({_js(node.test, source)}) ? {_child(node.then, source)} : {_child(node.other, source)})"
    mapped = mapped_list(node)
    if mapped and not isinstance(mapped[1].body, ast.Let) and not isinstance(mapped[1].body, ast.Cond):
        head = source[mapped[1].span.start : mapped[1].body.span.start].rstrip(" (\n")
        dot = "?." if mapped[0].optional else "."
        return f"({_js(mapped[0].object, source)}){dot}map({head} ({_child(mapped[1].body, source)}))"
    return _js(node, source)


def _js(node: ast.Expr, source: str) -> str:
    inner = sorted(_elements(node), key=lambda element: element.span.start)
    out, at = "", node.span.start
    for element in inner:
        out += source[at : element.span.start] + _element(element, source)
        at = element.span.end
    return "(" + out + source[at : node.span.end] + ")"


def _elements(node: Any) -> list[ast.Element]:
    if isinstance(node, ast.Element):
        return [node]
    found: list[ast.Element] = []
    if isinstance(node, ast.Node):
        slots = [slot for kind in type(node).__mro__ for slot in getattr(kind, "__slots__", ())]
        for slot in slots:
            found += _elements(getattr(node, slot))
    elif isinstance(node, (list, tuple)):
        for item in node:
            found += _elements(item)
    return found
