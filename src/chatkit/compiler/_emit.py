"""Safe mode: a view as a template that means the same as the view does in JavaScript.

Between tags the form is the original's (`_c` and its leading commas), so that templates stay readable and can be
turned back into JSX.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import _ast as ast
from ._diagnostics import Findings
from ._emit_base import Deferred, Piece, Scope, Untranslatable
from ._emit_expressions import ExpressionEmitter, holds_elements
from ._emit_static import names_in, static_text
from ._evaluate import mapped_list
from ._jsvalue import number_text
from ._prelude import prelude
from ._shapes import ANY, BOOLEAN, COUNT, LIST, NULLISH, NUMBER, OBJECT, STRING, UNDEFINED, Shape

_CAPTURE = "{%- set _c -%}"
_CHILDREN_END = "{%- endset -%}{{- (_c[1:] if _c and _c[0] == ',' else _c) -}}]"


def emit_safe(root: ast.Element, findings: Findings, data: Shape | None = None) -> str | None:
    """The template of a view, or None when a place of it cannot be translated; the findings say which."""
    emitter = TemplateEmitter(findings, data or ANY, names_in(root))
    try:
        emitter.element(root)
    except Untranslatable:
        return None
    except RecursionError:
        findings.add("CK306", "The view is nested too deeply.", root.span)
        return None
    return None if findings.failed else prelude(emitter.macros) + "".join(emitter.out)


class TemplateEmitter(ExpressionEmitter):
    """Writes elements, children and JSON values."""

    def element(self, node: ast.Element) -> None:
        """An element as a JSON object."""
        if node.tag is None:
            raise self.fail(
                node, "CK323", "A fragment can only stand between tags.", "Use <Col> or <Row> here."
            )
        self.out.append(f'{{"type":{static_text(node.tag)}')
        for attr in node.attrs:
            self._guarded(lambda attr=attr: self._attribute(attr))
        if node.children:
            self._children(node)
        self.out.append("}")

    def _guarded(self, write: Callable[[], None]) -> None:
        """Go on after a place that cannot be translated, so that one run reports all."""
        try:
            write()
        except Untranslatable:
            return

    def _attribute(self, attr: ast.Attr | ast.Spread) -> None:
        if isinstance(attr, ast.Spread):
            self._spread_entries(attr.value)
        elif attr.value is None:
            self.out.append(f",{static_text(attr.name)}:true")
        else:
            self.entry(f",{static_text(attr.name)}:", attr.value, key=attr.name == "key")

    def entry(self, lead: str, node: ast.Expr, *, key: bool = False) -> None:
        """A key and its value; nothing at all when the value is undefined."""
        if isinstance(node, ast.Undefined):
            return
        if isinstance(node, ast.Cond) and _may_be_undefined(node):
            code, yes, no = self.test(node.test)
            self.out.append(f"{{% if {code} %}}")
            with self.knowing(yes):
                self.entry(lead, node.then, key=key)
            self.out.append("{% else %}")
            with self.knowing(no):
                self.entry(lead, node.other, key=key)
            self.out.append("{% endif %}")
            return
        if type(node) in _WRITERS or _mapped(node) or (isinstance(node, ast.Name) and self._deferred(node)):
            self.out.append(lead)
            self.value(node)
            return
        piece = self.expression(node)
        if not piece.shape.may(UNDEFINED):
            self.out.append(lead + self._printed(piece, key))
            return
        held = self.bound(piece)
        known = Piece(held.code, held.shape.without(UNDEFINED), held.tight)
        self.out.append(f"{{% if {held.wrapped} is defined %}}{lead}{self._printed(known, key)}{{% endif %}}")

    def _printed(self, piece: Piece, key: bool) -> str:
        if key and not piece.shape.only(STRING | NULLISH):
            return f"{{{{ ({self.as_text(piece)}) | tojson }}}}"
        return f"{{{{ ({self.defined(piece)}) | tojson }}}}"

    def value(self, node: ast.Expr) -> None:
        """A JSON value; undefined becomes null."""
        writer = _WRITERS.get(type(node))
        if writer is not None:
            writer(self, node)
            return
        if _mapped(node):
            self._captured("[", "]", lambda: self._item(ast.Spread(node.span, node)))
            return
        if isinstance(node, ast.Name) and (held := self._deferred(node)):
            with self.within(held.scope):
                self.value(held.node)
            return
        piece = self.expression(node)
        self.out.append(f"{{{{ ({self.defined(piece)}) | tojson }}}}")

    def _deferred(self, node: ast.Name) -> Deferred | None:
        held = self.scope.names.get(node.id)
        return held if isinstance(held, Deferred) else None

    def conditional_value(self, node: ast.Cond) -> None:
        """A ternary whose branches are JSON values."""
        code, yes, no = self.test(node.test)
        self.out.append(f"{{% if {code} %}}")
        with self.knowing(yes):
            self.value(node.then)
        self.out.append("{% else %}")
        with self.knowing(no):
            self.value(node.other)
        self.out.append("{% endif %}")

    def array_value(self, node: ast.Array) -> None:
        """A list as JSON."""
        if any(isinstance(item, ast.Spread) for item in node.items):
            self._captured("[", "]", lambda: [self._item(item) for item in node.items])
            return
        self.out.append("[")
        for at, item in enumerate(node.items):
            self.out.append("," if at else "")
            self._guarded(lambda item=item: self.value(item))  # type: ignore[arg-type]
        self.out.append("]")

    def _captured(self, opening: str, closing: str, write: Callable[[], object]) -> None:
        """A list or object whose first entry is not known: each entry writes a comma, the first is cut off."""
        space = " " if opening == "{" else ""
        self.out.append(f"{opening}{space}{_CAPTURE}")
        write()
        self.out.append(f"{{%- endset -%}}{{{{- _c[1:] -}}}}{space}{closing}")

    def _item(self, item: ast.Expr | ast.Spread) -> None:
        """An item of a captured list."""
        if not isinstance(item, ast.Spread):
            self.out.append(",")
            self.value(item)
            return
        mapped = mapped_list(item.value)
        if mapped and mapped[0].name == "map":
            self._loop(*mapped, self._item_value)
            return
        source = self.as_list(self.expression(item.value))
        name = self.fresh()
        self.out.append(
            f"{{%-for {name} in {source} -%}},{{{{ ({name} | default(none)) | tojson }}}}{{%-endfor-%}}"
        )

    def _item_value(self, node: ast.Expr) -> None:
        if isinstance(node, ast.Let):
            self._let(node, self._item_value)
            return
        self.out.append(",")
        self.value(node)

    def object_value(self, node: ast.Object) -> None:
        """An object as JSON."""
        if not node.props:
            self.out.append("{}")
        elif _surely_there(node.props[0]):
            # The brace is written with the first key: statements before it must not follow a bare brace.
            for at, prop in enumerate(node.props):
                self._guarded(lambda prop=prop, at=at: self._prop(prop, "," if at else "{"))
            self.out.append("}")
        else:
            self._captured(
                "{",
                "}",
                lambda: [self._guarded(lambda prop=prop: self._prop(prop, ",")) for prop in node.props],
            )

    def _prop(self, prop: ast.Prop | ast.Spread, comma: str) -> None:
        if isinstance(prop, ast.Spread):
            self._spread_entries(prop.value)
        elif isinstance(prop.key, str):
            self.entry(f"{comma}{static_text(prop.key)}:", prop.value)
        else:
            key = self.bound(Piece(self.as_text(self.expression(prop.key)), Shape(STRING)))
            self.entry(f"{comma}{{{{ ({key.code}) | tojson }}}}:", prop.value)

    def _spread_entries(self, node: ast.Expr) -> None:
        if isinstance(node, ast.Logical) and node.op == "&&":
            code, yes, _ = self.test(node.left)
            self.out.append(f"{{% if {code} %}}")
            with self.knowing(yes):
                self._spread_entries(node.right)
            self.out.append("{% endif %}")
            return
        if isinstance(node, ast.Object):
            for prop in node.props:
                self._prop(prop, ",")
            return
        held = self.bound(self.expression(node))
        key, item = self.fresh(), self.fresh()
        source = (
            held.wrapped
            if held.shape.only(OBJECT)
            else f"({held.wrapped} if {held.wrapped} is mapping else {{}})"
        )
        self.out.append(
            f"{{%-for {key}, {item} in {source} | items -%}},{{{{ {key} | tojson }}}}:{{{{ {item} | tojson }}}}{{%-endfor-%}}"
        )

    # ---- children ----------------------------------------------------------------------------

    def _children(self, node: ast.Element) -> None:
        children = node.children
        if all(
            isinstance(child, ast.JsxText) or (isinstance(child, ast.Element) and child.tag)
            for child in children
        ):
            self.out.append(',"children":[')
            for at, child in enumerate(children):
                with self.buffer() as written:
                    self._guarded(lambda child=child: self.child(child))
                text = "".join(written)
                self.out.append(text if at else text.removeprefix(","))
            self.out.append("]")
            return
        self.out.append(f',"children":[{_CAPTURE}')
        for child in children:
            self._guarded(lambda child=child: self.child(child))
        self.out.append(_CHILDREN_END)

    def child(self, node: ast.Child | ast.Expr) -> None:
        """Something between tags; what it writes starts with a comma."""
        if isinstance(node, ast.JsxText):
            self.out.append(f',{{"type":"Text","value":{static_text(node.value)}}}')
            return
        if isinstance(node, ast.Hole):
            node = node.value
        drawer = _DRAWERS.get(type(node))
        if drawer is not None:
            drawer(self, node)
        else:
            self._drawn_value(node)

    def draw_element(self, node: ast.Element) -> None:
        """An element, or the children of a fragment."""
        if node.tag is None:
            for child in node.children:
                self._guarded(lambda child=child: self.child(child))
            return
        self.out.append(",")
        self.element(node)

    def draw_conditional(self, node: ast.Cond) -> None:
        """`t ? a : b`."""
        code, yes, no = self.test(node.test)
        self.out.append(f"{{%-if {code} -%}}")
        with self.knowing(yes):
            self._guarded(lambda: self.child(node.then))
        self.out.append("{%-else-%}")
        with self.knowing(no):
            self._guarded(lambda: self.child(node.other))
        self.out.append("{%-endif-%}")

    def draw_logical(self, node: ast.Logical) -> None:
        """`t && a`; `a || b` and `a ?? b` with elements on the right."""
        if node.op == "&&":
            code, yes, _ = self.test(node.left)
            self.out.append(f"{{%-if {code} -%}}")
            with self.knowing(yes):
                self._guarded(lambda: self.child(node.right))
            self.out.append("{%-else-%}{%-endif-%}")
        elif holds_elements(node.right):
            left = self.bound(self.expression(node.left))
            test = self.truth(left) if node.op == "||" else self.there(left)
            self.out.append(f"{{%-if {test} -%}}")
            self._draw_piece(left)
            self.out.append("{%-else-%}")
            self.child(node.right)
            self.out.append("{%-endif-%}")
        else:
            self._drawn_value(node)

    def draw_let(self, node: ast.Let) -> None:
        """A constant, then what follows it."""
        self._let(node, self.child)

    def _let(self, node: ast.Let, write: Callable[[ast.Expr], None]) -> None:
        scope = Scope(dict(self.scope.names), self.scope.present)
        with self.within(scope):
            self.constant(node.pattern, node.value)
            write(node.body)

    def draw_array(self, node: ast.Array) -> None:
        """A list of children."""
        for item in node.items:
            inner = item.value if isinstance(item, ast.Spread) else item
            self._guarded(lambda inner=inner: self.child(inner))

    def draw_call(self, node: ast.Call) -> None:
        """`list.map(…)`, and what leaves the drawn list as it is: `.filter(Boolean)`, `.flat()`."""
        mapped = mapped_list(node)
        callee = node.callee
        if mapped and _is_identity(mapped[1]) and holds_elements(mapped[0].object):
            self.child(mapped[0].object)
        elif mapped:
            self._loop(*mapped, self.child)
        elif (
            isinstance(callee, ast.Member)
            and callee.name in {"filter", "flat"}
            and holds_elements(callee.object)
        ):
            if callee.name == "filter" and not (
                node.args and isinstance(node.args[0], ast.Name) and node.args[0].id == "Boolean"
            ):
                raise self.fail(
                    node, "CK314", "Elements cannot be filtered.", "Filter the data, then map it."
                )
            self.child(callee.object)
        elif isinstance(callee, ast.Name) and self._draw_function(callee, node):
            return
        else:
            self._drawn_value(node)

    def _draw_function(self, callee: ast.Name, node: ast.Call) -> bool:
        held = self._deferred(callee)
        if held is None or not isinstance(held.node, ast.Arrow):
            return False
        args = [self.bound(self.expression(arg)) for arg in node.args if not isinstance(arg, ast.Spread)]
        scope = Scope(dict(held.scope.names), self.scope.present)
        with self.within(scope):
            body = self.inline(held.node, args, scope)
            self.depth += 1
            self.child(body)
            self.depth -= 1
        return True

    def draw_name(self, node: ast.Name) -> None:
        """A variable; a constant that holds elements is drawn here."""
        held = self._deferred(node)
        if held is None:
            self._drawn_value(node)
            return
        with self.within(Scope(held.scope.names, self.scope.present)):
            self.child(held.node)

    def _drawn_value(self, node: ast.Expr) -> None:
        self._draw_piece(self.expression(node))

    def _draw_piece(self, piece: Piece) -> None:
        shape = piece.shape
        if shape.only(BOOLEAN | NULLISH):
            return
        if shape.kinds == STRING:
            held = self.bound(piece).wrapped
            self.out.append(
                f'{{%-if {held} -%}},{{"type":"Text","value":{{{{ ({held}) | tojson }}}}}}{{%-endif-%}}'
            )
        elif shape.only(NUMBER):
            self.out.append(f',{{"type":"Text","value":{{{{ ({self.as_text(piece)}) | tojson }}}}}}')
        else:
            self.out.append(f"{{{{ {self.macro('_k', piece.code)} }}}}")

    def _loop(self, target: ast.Member, arrow: ast.Arrow, write: Callable[[ast.Expr], None]) -> None:
        source, conditions = target.object, list[ast.Arrow]()
        while len(arrow.params) == 1 and (kept := _filtered(source)):
            source, condition = kept
            conditions.insert(0, condition)
        if holds_elements(source):
            raise self.fail(target, "CK314", "Elements cannot be mapped.", "Map the data.")
        piece = self.expression(source)
        if not piece.shape.may(LIST):
            raise self.fail(target, "CK324", "This is not a list, so it has no `map`.", "Check the schema.")
        listed = self.as_list(piece)
        first = conditions[0] if conditions else arrow
        name = self._loop_name(first)
        self.out.append(f"{{%-for {name} in {listed} -%}}")
        item = Piece(name, piece.shape.items or ANY)
        scope = Scope(dict(self.scope.names), self.scope.present)
        closing = "{%-endfor-%}"
        for condition in conditions:
            inner = Scope(dict(scope.names), scope.present)
            body = self.inline(condition, [item], inner)
            with self.within(inner):
                code, yes, _ = self.test(body)
            scope = Scope(scope.names, scope.present | yes)
            self.out.append(f"{{%-if {code} -%}}")
            closing = "{%-endif-%}" + closing
        args = [item, *self._index(arrow), Piece(listed, Shape(LIST, item.shape))]
        body = self.inline(arrow, args, scope)
        with self.within(scope):
            self._guarded(lambda: write(body))
        self.out.append(closing)

    def _loop_name(self, arrow: ast.Arrow) -> str:
        pattern = arrow.params[0].pattern if arrow.params else None
        return self.local(pattern.id) if isinstance(pattern, ast.NamePattern) else self.fresh()

    def _index(self, arrow: ast.Arrow) -> list[Piece]:
        if len(arrow.params) < 2:
            return [Piece("loop.index0", COUNT)]
        pattern = arrow.params[1].pattern
        name = self.local(pattern.id) if isinstance(pattern, ast.NamePattern) else self.fresh()
        self.out.append(f"{{%-set {name} = loop.index0 -%}}")
        return [Piece(name, COUNT)]


def _filtered(node: ast.Expr) -> tuple[ast.Expr, ast.Arrow] | None:
    """The list and the test of `list.filter(item => …)`, when the test looks at the item only."""
    if not isinstance(node, ast.Call) or not isinstance(node.callee, ast.Member) or len(node.args) != 1:
        return None
    arrow = node.args[0]
    if (
        node.callee.name != "filter"
        or node.callee.optional
        or not isinstance(arrow, ast.Arrow)
        or len(arrow.params) != 1
    ):
        return None
    return (node.callee.object, arrow) if not isinstance(arrow.body, ast.Let) else None


def _mapped(node: ast.Expr) -> bool:
    mapped = mapped_list(node)
    return bool(mapped and mapped[0].name == "map" and not mapped[0].optional)


def _is_identity(arrow: ast.Arrow) -> bool:
    param = arrow.params[0].pattern if len(arrow.params) == 1 else None
    return (
        isinstance(param, ast.NamePattern) and isinstance(arrow.body, ast.Name) and arrow.body.id == param.id
    )


def _may_be_undefined(node: ast.Cond) -> bool:
    return any(
        isinstance(branch, ast.Undefined)
        or (isinstance(branch, ast.Cond) and _may_be_undefined(branch))
        or isinstance(branch, (ast.Name, ast.Member, ast.Index, ast.Logical, ast.Call, ast.Let))
        for branch in (node.then, node.other)
    )


_CERTAIN = (
    ast.Str,
    ast.Num,
    ast.Bool,
    ast.Null,
    ast.Template,
    ast.Object,
    ast.Array,
    ast.Binary,
    ast.Unary,
    ast.Element,
)


def _surely_there(prop: ast.Prop | ast.Spread) -> bool:
    if isinstance(prop, ast.Spread) or not isinstance(prop.key, str):
        return False
    value = prop.value
    return isinstance(value, _CERTAIN) or (isinstance(value, ast.Cond) and not _may_be_undefined(value))


_WRITERS: dict[type, Callable[[TemplateEmitter, Any], None]] = {
    ast.Str: lambda self, node: self.out.append(static_text(node.value)),
    ast.Num: lambda self, node: self.out.append(number_text(node.value)),
    ast.Bool: lambda self, node: self.out.append("true" if node.value else "false"),
    ast.Null: lambda self, _: self.out.append("null"),
    ast.Undefined: lambda self, _: self.out.append("null"),
    ast.Object: TemplateEmitter.object_value,
    ast.Array: TemplateEmitter.array_value,
    ast.Cond: TemplateEmitter.conditional_value,
    ast.Element: TemplateEmitter.element,
    ast.Let: lambda self, node: self._let(node, self.value),  # pyright: ignore[reportPrivateUsage]
}
_DRAWERS: dict[type, Callable[[TemplateEmitter, Any], None]] = {
    ast.Element: TemplateEmitter.draw_element,
    ast.Cond: TemplateEmitter.draw_conditional,
    ast.Logical: TemplateEmitter.draw_logical,
    ast.Let: TemplateEmitter.draw_let,
    ast.Array: TemplateEmitter.draw_array,
    ast.Call: TemplateEmitter.draw_call,
    ast.Name: TemplateEmitter.draw_name,
    ast.Null: lambda _, __: None,
    ast.Undefined: lambda _, __: None,
    ast.Bool: lambda _, __: None,
    ast.Str: lambda self, node: self.child(ast.JsxText(node.span, node.value)) if node.value else None,
}
