"""The one place that knows tree-sitter: from a text to its concrete tree."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from ._source import SourceText, Span

if TYPE_CHECKING:
    from tree_sitter import Node as SyntaxNode
    from tree_sitter import Parser


@cache
def _parser() -> Parser:
    try:
        import tree_sitter_typescript
        from tree_sitter import Language, Parser
    except ImportError as error:
        raise ImportError(
            "The widget compiler needs tree-sitter. Install it with `pip install 'chatkit-selfhost[compiler]'`."
        ) from error
    return Parser(Language(tree_sitter_typescript.language_tsx()))


def parse_tsx(source: SourceText) -> SyntaxNode:
    """The concrete tree of a TSX text; broken places are nodes of it."""
    return _parser().parse(source.encoded).root_node


def span_of(source: SourceText, node: SyntaxNode) -> Span:
    """Where a node stands, in characters."""
    return Span(source.offset(node.start_byte), source.offset(node.end_byte))


def faults(node: SyntaxNode) -> Iterator[SyntaxNode]:
    """The innermost broken or missing nodes below a node, in order."""
    pending = [node]
    while pending:
        current = pending.pop()
        if current.is_missing:
            yield current
            continue
        if not current.has_error:
            continue
        inner = [child for child in current.children if child.has_error or child.is_missing]
        if current.is_error and not inner:
            yield current
            continue
        pending.extend(reversed(inner))
