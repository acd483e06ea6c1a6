"""What people bring from React and HTML, and what it is called here."""

from __future__ import annotations

from . import _ast as ast
from ._diagnostics import Findings, Fix, TextEdit
from ._edit import attribute_value

_HTML = {
    "div": "Box", "section": "Box", "article": "Box", "main": "Box", "header": "Row", "footer": "Row", "nav": "Row",
    "span": "Text", "p": "Text", "b": "Text", "strong": "Text", "em": "Text", "small": "Caption",
    "h1": "Title", "h2": "Title", "h3": "Title", "h4": "Title", "h5": "Title", "h6": "Title",
    "img": "Image", "button": "Button", "a": "Button", "ul": "Col", "ol": "Col", "li": "Row", "hr": "Divider",
    "input": "Input", "textarea": "Textarea", "select": "Select", "form": "Form", "label": "Label",
    "table": "Table", "tr": "Table.Row", "td": "Table.Cell", "th": "Table.Cell", "svg": "Icon", "i": "Icon",
}  # fmt: skip


def component_for_html(tag: str) -> str | None:
    """The component that does what an HTML element does."""
    return _HTML.get(tag.lower()) if tag.islower() or tag.lower() in {"h1", "h2", "h3"} else None


def report_text_inside(element: ast.Element, prop: str, findings: Findings) -> None:
    """Tell that the text between tags belongs into a property, and how to move it there."""
    value = _as_value(element, findings)
    fixes: list[Fix] = []
    if value is not None:
        end = element.open_span.end - 1
        edits = (
            TextEdit(element.tag_span.end, element.tag_span.end, f" {prop}{value}"),
            TextEdit(end, element.span.end, " />"),
        )
        fixes = [Fix(f"Move the text into `{prop}`", edits)]
    findings.add(
        "CK406",
        f"<{element.tag}> takes no children; its text is the property `{prop}`.",
        element.inner or element.open_span,
        hint=f"Write <{element.tag} {prop}{value} />." if value is not None and len(value) < 60 else None,
        fixes=fixes,
    )


def _as_value(element: ast.Element, findings: Findings) -> str | None:
    """The children as an attribute's value; None when elements are among them."""
    children = element.children
    if any(not isinstance(child, (ast.JsxText, ast.Hole)) for child in children):
        return None
    if len(children) == 1:
        child = children[0]
        if isinstance(child, ast.JsxText):
            return attribute_value(child.value.strip())
        return findings.source.slice(child.span).join(("=", ""))
    parts: list[str] = []
    for child in children:
        if isinstance(child, ast.JsxText):
            parts.append(child.value.replace("\\", "\\\\").replace("`", "\\`").replace("${", "\\${"))
        elif isinstance(child, ast.Hole):
            parts.append(f"${{{findings.source.slice(child.value.span)}}}")
    return f"={{`{''.join(parts).strip()}`}}"
